"""A gradebook that is cheap to open again, for nbgrader opens it anew for each look.

It does so seven times for a submission. Each time it makes an SQLAlchemy engine, for which every
statement is compiled anew, asks for its twenty tables one by one, and looks for the course. Here
the engine of a database is kept, and a database that had its tables and its course before is not
asked again. As in nbgrader, no connection outlives `close`, and each gradebook has a session of its
own. Importing this module is what does it.
"""

from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.api import Gradebook
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import scoped_session, sessionmaker


class _Opened(NamedTuple):
    engine: Engine
    file: tuple[int, int] | None  # of SQLite: another file of the same name is another database


_opened: dict[tuple[str, str], _Opened] = {}
_open_first = Gradebook.__init__


@wraps(_open_first)
def _open(
    self: Any, db_url: str, course_id: str = "default_course", authenticator: Any = None
) -> None:
    known = _opened.get((db_url, course_id))
    if known is None or known.file != _file(db_url):
        _open_first(self, db_url, course_id, authenticator)
        _remember(db_url, course_id, self.engine)
        return
    self.engine = known.engine
    self.db = scoped_session(sessionmaker(autoflush=True, bind=self.engine, future=True))
    self.course_id, self.authenticator = course_id, authenticator


def _remember(db_url: str, course_id: str, engine: Engine) -> None:
    if make_url(db_url).database not in (None, "", ":memory:"):  # a new engine is a new database
        _opened[db_url, course_id] = _Opened(engine, _file(db_url))


def _file(db_url: str) -> tuple[int, int] | None:
    """What tells the file of an SQLite database from others; None where there is none."""
    url = make_url(db_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    try:
        state = Path(url.database).stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


Gradebook.__init__ = _open
