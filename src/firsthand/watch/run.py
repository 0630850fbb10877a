"""`firsthand watch` itself: watcher, grading process and terminal, joined by a queue."""

import os
import select
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from firsthand import copies, journal
from firsthand.notebook.memory import Memory
from firsthand.render import ascii_only, number
from firsthand.report import Report
from firsthand.unit import CourseError, Unit, load_units
from firsthand.watch import screen
from firsthand.watch.files import Save, Watcher
from firsthand.watch.loop import Action, Grade, Hint, Loop, Quit, Record, Reset
from firsthand.watch.warm import Warm

TICK = 0.5  # seconds between looks at the queue where no terminal can wake us


class Run:
    """One `firsthand watch` of `unit`, of the newest of `files`."""

    def __init__(self, unit: Unit, files: Sequence[Path]) -> None:
        self.unit = unit
        self._files = files
        found = journal.events(unit.root)
        self.loop = Loop(unit, shown(files[0]))
        self._memory = Memory(unit, unit.root)
        self._stage = _stage(unit, found)
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        self._saved_at = 0.0
        self._code: int | None = None
        self._warm = Warm(unit, self._post)
        self._watcher = Watcher(files, unit, self._post)

    def window(self) -> int:
        """Draw in the terminal and listen for keys until the end; returns the exit code."""
        from firsthand.watch.keys import Terminal

        try:
            with Terminal(self._post) as terminal:
                # A signal that another thread is given, or that comes just before `select`,
                # interrupts nothing: only this byte wakes the main thread for its handler.
                signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
                self._watcher.start()
                while self._code is None:
                    self._draw(terminal)
                    ready = select.select([terminal.descriptor, self._woken], [], [])[0]
                    if self._woken in ready:
                        os.read(self._woken, 4096)
                    if terminal.descriptor in ready:
                        self._keys(terminal.keys())
                    self._drain(terminal)
        finally:
            signal.set_wakeup_fd(-1)
            self._close()
        print(f"{self.unit.number} {self.unit.title}: {self._points()}")
        self._tell_fault()
        return self._code

    def lines(self) -> int:
        """Print one block for each save, until Ctrl-C; for logs, pipes and simple terminals."""
        self._watcher.start()
        said = None
        try:
            while True:
                with suppress(Empty):
                    self._take(self._queue.get(timeout=TICK))
                state = self.loop.state
                now = (state.problem, state.fault, state.clock, state.ran)
                settled = state.problem or state.fault or (state.report and not state.running)
                if settled and now != said:
                    said = now
                    _print(screen.block(state) + "\n")
        except KeyboardInterrupt:
            return 130
        finally:
            self._close()

    def _post(self, event: Any) -> None:
        """Take an event from any thread or signal handler."""
        self._queue.put(event)
        with suppress(OSError):  # a full pipe wakes as well
            os.write(self._waker, b".")

    def _drain(self, terminal: Any) -> None:
        with suppress(Empty):
            while self._code is None:
                event = self._queue.get_nowait()
                if event == "suspend":
                    terminal.suspend()
                else:
                    self._take(event)

    def _keys(self, keys: str | None) -> None:
        if keys is None:  # the terminal is gone
            self._code = 128 + signal.SIGHUP
        for key in keys or "":
            self._do(self.loop.key(key))

    def _take(self, event: Any) -> None:
        """One event: of the watcher, of the grading process, or of a signal."""
        if isinstance(event, Save):
            if event.cells is None:
                self._do(self.loop.unreadable(event.problem))
                return
            self._saved_at = event.at
            clock = time.strftime("%H:%M:%S")
            self._do(self.loop.saved(event.cells, clock=clock, file=shown(event.path)))
        elif isinstance(event, int):
            self._code = event
        elif isinstance(event, Mapping):
            self._do(self._answered(event))

    def _answered(self, message: Mapping[str, Any]) -> list[Action]:
        job = message.get("job", 0)
        if "report" in message:
            report = Report.from_json(message["report"])
            return self.loop.graded(job, report, time.monotonic() - self._saved_at)
        if "exercise" in message:
            return self.loop.begun(job, message["exercise"])
        if "problem" in message:
            raise CourseError(message["problem"])
        if "fault" in message or "ended" in message:
            return self.loop.broke(message.get("fault") or message["ended"])
        return self.loop.ready() if "ready" in message else []

    def _do(self, actions: Sequence[Action]) -> None:
        for action in actions:
            match action:
                case Grade(job, cells, exercises, right):
                    state = self.loop.state
                    self._warm.grade(job, cells, exercises, right, state.file)
                case Record(report):
                    self._memory.checked_all(report)
                case Hint(name):
                    self.loop.hinted(self._memory.hint(self.unit.exercise(name)).text)
                case Reset(name):
                    self._reset(name)
                case Quit():
                    self._code = 0

    def _reset(self, name: str) -> None:
        """Put the stub back, as `firsthand reset` does; the watcher then sees the change."""
        try:
            backup = copies.reset(self.unit, name)
        except CourseError as error:
            self.loop.say(str(error))
        else:
            self.loop.say(
                f"{name} is its stub again. Reload the notebook in JupyterLab. Yours is kept as "
                f"{shown(backup)}; firsthand undo {self.unit.number} brings it back."
            )

    def _draw(self, terminal: Any) -> None:
        columns, lines = terminal.size()
        made = screen.draw(
            self.loop.state,
            width=columns,
            height=lines,
            colour=not os.environ.get("NO_COLOR"),
            stage=self._stage_now(),
        )
        terminal.show([_encodable(line) for line in made])

    def _stage_now(self) -> tuple[int, int, int]:
        stage, others, units = self._stage
        return stage, others + self.loop.state.finished, units

    def _points(self) -> str:
        state = self.loop.state
        if not state.results:
            return "nothing was graded"
        return f"{number(state.points)} of {number(self.unit.points)} points"

    def _tell_fault(self) -> None:
        """The whole traceback, which the window had no room for."""
        if fault := self.loop.state.fault:
            print(fault, file=sys.stderr)

    def _close(self) -> None:
        self._watcher.stop()
        self._warm.close()
        ends, self._waker = (self._woken, self._waker), -1
        for descriptor in ends:
            os.close(descriptor)


def shown(path: Path) -> str:
    """The path as short as it can be typed from here."""
    relative = os.path.relpath(path)
    return relative if not relative.startswith(os.pardir) else str(path)


def _stage(unit: Unit, found: Sequence[journal.Event]) -> tuple[int, int, int]:
    """The unit's stage, how many other units of it are finished, and how many it has."""
    try:
        units = [u for u in load_units(unit.root) if u.id[0] == unit.id[0]]
    except CourseError:  # another unit is broken: not this one's concern
        units = [unit]
    table = journal.standings(units, found)
    others = sum(table[u.id].finished for u in units if u.id != unit.id)
    return int(unit.id[0]), others, len(units)


def _encodable(line: str) -> str:
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return ascii_only(line.replace(screen.FULL, "#").replace(screen.EMPTY, "-"))
    return line


def _print(text: str) -> None:
    print("\n".join(_encodable(line) for line in text.split("\n")), flush=True)
