"""A gradebook that is cheap to open, for nbgrader opens it anew for each look.

It does so seven times for a submission, each time with an engine of its own. SQLAlchemy keeps
compiled statements by engine; here the connections to one database share them, through an option
that SQLAlchemy documents (`compiled_cache` of `Connection.execution_options`). And nbgrader lists
the tables and then asks for each of its twenty whether it is there; here the list answers that.
nbgrader's code is as it was.
"""

from collections.abc import Hashable, Iterator, MutableMapping
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

MOST = 2_000  # statements; a course has about a hundred


class Statements(MutableMapping[tuple[Hashable, ...], Any]):
    """Compiled statements of one database.

    SQLAlchemy's keys begin with the engine's dialect. Dialects of one kind that were connected to
    one database compile alike, so that their kind stands for them.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[Hashable, ...], Any] = {}

    @staticmethod
    def _key(key: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
        return type(key[0]), getattr(key[0], "server_version_info", None), *key[1:]

    def __getitem__(self, key: tuple[Hashable, ...]) -> Any:
        return self._kept[self._key(key)]

    def __setitem__(self, key: tuple[Hashable, ...], compiled: Any) -> None:
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[self._key(key)] = compiled

    def __delitem__(self, key: tuple[Hashable, ...]) -> None:
        del self._kept[self._key(key)]

    def __iter__(self) -> Iterator[tuple[Hashable, ...]]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


_by_database: dict[str, Statements] = {}


def share(connection: Connection) -> None:
    """Let a new connection use the statements of its database."""
    url = connection.engine.url.render_as_string(hide_password=True)
    connection.execution_options(compiled_cache=_by_database.setdefault(url, Statements()))


def remember_tables(connection: Connection) -> None:
    """Let a new engine answer "is there this table?" from the last list that it was asked for.

    The list is of this engine alone, and no older than it: a gradebook that another process made or
    deleted meanwhile is seen. A table that is not in the list is looked for as ever.
    """
    dialect: Any = connection.dialect
    if "has_table" in vars(dialect):
        return
    listed: set[str] = set()
    list_names, look = dialect.get_table_names, dialect.has_table

    def get_table_names(connection: Connection, schema: str | None = None, **more: Any) -> Any:
        names = list_names(connection, schema, **more)
        if schema is None:
            listed.update(names)
        return names

    def has_table(
        connection: Connection, table_name: str, schema: str | None = None, **more: Any
    ) -> Any:
        known = schema is None and table_name in listed
        return known or look(connection, table_name, schema, **more)

    dialect.get_table_names, dialect.has_table = get_table_names, has_table


event.listen(Engine, "engine_connect", share)
event.listen(Engine, "engine_connect", remember_tables)
