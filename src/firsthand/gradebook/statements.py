"""SQL statements that are compiled once in a process, not once for every opened gradebook.

nbgrader opens its gradebook anew for each look, nine times for a submission, each time with an
engine of its own, and SQLAlchemy keeps compiled statements by engine. Here the connections to one
database share them, through an option that SQLAlchemy documents (`compiled_cache` of
`Connection.execution_options`); nbgrader's code is as it was.
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


event.listen(Engine, "engine_connect", share)
