"""One grading run of a course at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from firsthand.unit import CourseError


@contextmanager
def only_run(folder: Path, what: str) -> Iterator[None]:
    """Hold the course's lock. Raises CourseError, with the process, where another one holds it.

    The system frees the lock when its process ends, however that happens: none is ever stale.
    """
    path = folder / ".run.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = " ".join(file.read().split()) or "another process"
            raise CourseError(
                f"{holder} is at work in {folder}. Wait until it has ended, or end it; "
                "then run this again."
            ) from None
        file.seek(0)
        file.truncate()
        file.write(f"{what} (process {os.getpid()})\n")
        file.flush()
        yield
