"""Notice that the learner's file was saved, and read it, in a thread of its own.

The folder is watched, since editors and JupyterLab put a new file in the place of the old one; a
look at the file twice a second finds what no event told (a network disk, a renamed folder).
"""

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from firsthand.grading.intake import Rejected, read_notebook, submission_cells
from firsthand.unit import Cell, Unit

DEBOUNCE_MS = 50  # with the step, 18 ms from save to event; the defaults take 78
STEP_MS = 10
LOOK_MS = 500
PATIENCE = 0.7  # seconds that a half-written file may stay unreadable before it is said
RETRY = 0.03


@dataclass(frozen=True)
class Save:
    """What a look at the file found.

    cells: what to grade, or None with a `problem` in one line. at: `time.monotonic()` when the
    change was noticed.
    """

    path: Path
    cells: tuple[Cell, ...] | None
    problem: str = ""
    at: float = 0.0


def places(unit: Unit) -> tuple[Path, ...]:
    """Where the learner's work is sought: the notebook, and a .py export beside it."""
    return unit.work_notebook, unit.work_notebook.with_suffix(".py")


def newest(files: Sequence[Path]) -> Path | None:
    """The file that was saved last, or None where there is none."""
    found = [(stamp[0], path) for path in files if (stamp := _stamp(path))]
    return max(found)[1] if found else None


def read_cells(path: Path, unit: Unit) -> tuple[Cell, ...]:
    """The cells to grade of a notebook or a .py export. Raises Rejected where it is neither."""
    if path.suffix == ".py":
        from firsthand.watch.export import read_export

        return tuple(submission_cells(unit, read_export(path, unit)))
    return tuple(submission_cells(unit, read_notebook(path)))


class Watcher(threading.Thread):
    """Calls `tell` with a `Save` at the start and after each change of the newest of `files`."""

    def __init__(self, files: Sequence[Path], unit: Unit, tell: Callable[[Save], None]) -> None:
        super().__init__(name="firsthand-watch", daemon=True)
        self._files = files
        self._unit = unit
        self._tell = tell
        self._ending = threading.Event()
        self._seen: object = None

    def stop(self) -> None:
        """End the thread; it may take a moment."""
        self._ending.set()

    def run(self) -> None:
        """Look until `stop`. A folder that is gone is waited for."""
        folder = self._files[0].parent
        while not self._ending.is_set():
            self._look()
            if folder.is_dir():
                self._follow(folder)
            else:
                self._ending.wait(LOOK_MS / 1000)

    def _follow(self, folder: Path) -> None:
        """Look after each event, until the folder is another one or gone."""
        import watchfiles

        first = _identity(folder)
        try:
            for _ in watchfiles.watch(
                folder,
                watch_filter=None,
                stop_event=self._ending,
                recursive=False,
                yield_on_timeout=True,
                raise_interrupt=False,
                debounce=DEBOUNCE_MS,
                step=STEP_MS,
                rust_timeout=LOOK_MS,
            ):
                self._look()
                if _identity(folder) != first:
                    return
        except FileNotFoundError:  # gone since it was looked at
            self._ending.wait(RETRY)

    def _look(self) -> None:
        """Read the newest file if it changed. One that is half written is tried again shortly."""
        path, at = newest(self._files), time.monotonic()
        if (path, path and _stamp(path)) == self._seen:
            return
        while True:
            path = newest(self._files)
            self._seen = (path, path and _stamp(path))
            save = self._read(path, at)
            late = time.monotonic() - at > PATIENCE
            if save.cells is not None or late or self._ending.wait(RETRY):
                break
        self._tell(save)

    def _read(self, path: Path | None, at: float) -> Save:
        if path is None:
            return Save(self._files[0], None, self._missing(), at)
        try:
            return Save(path, read_cells(path, self._unit), at=at)
        except Rejected as error:
            return Save(path, None, f"not readable as a notebook yet: {error}", at)

    def _missing(self) -> str:
        """That the file is gone, and which one may be it under another name."""
        wanted = self._files[0]
        problem = f"{wanted.name} is gone. It is read again when it comes back."
        try:
            others = sorted(wanted.parent.glob("*.ipynb"))
        except OSError:
            others = []
        if others:
            name = os.path.relpath(others[0])
            problem += f" Was it renamed? `firsthand watch {self._unit.number} --file {name}`"
        return problem


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        entry = path.stat()
    except OSError:
        return None
    return entry.st_mtime_ns, entry.st_size, entry.st_ino


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        entry = folder.stat()
    except OSError:
        return None
    return entry.st_dev, entry.st_ino
