"""Grade attacks in several settings, and print what each of them won, as JSON.

python -m tests.hostile.engine FOLDER SETTING,SETTING... [NAME...], where a setting is a level of
isolation, or one of the controls of `attack`. Without names, each setting gets its own: a control
those that must win there, a level all.
"""

import json
import os
import resource
import select
import shutil
import signal
import sys
import time
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from firsthand import render
from firsthand.grading import candidate
from firsthand.grading.cells import run_cell
from firsthand.grading.engine import Grader
from firsthand.grading.sandbox import INNER, LEVELS, NONE, levels
from firsthand.grading.sandbox.kernel import PR_SET_CHILD_SUBREAPER, prctl
from firsthand.report import Report
from firsthand.unit import load_unit
from tests.hostile.attack import NO_WALLS, SAME_PROCESS, WITHOUT, WRONG, Attack, exercises, honest
from tests.hostile.attacks import ATTACKS
from tests.hostile.places import CANARY, COMMAND_LINE, COURSE, ENVIRONMENT, Places, alive
from tests.hostile.precautions import without

CALL_SECONDS, CELL_SECONDS = 1.0, 2.0
BUSY = 1.5  # seconds of processor time of the trusted side that no submission should cost
LARGE = 1_000_000  # characters of a report
HANGING = 3.0  # seconds until a process that runs tests and answers together counts as hanging


class Arena:
    """One grader and what attacks are after. setting: a level, or the name of a control."""

    def __init__(self, base: Path, setting: str) -> None:
        root = base / "course"
        shutil.copytree(COURSE, root)
        unit = load_unit(root / "curriculum" / "903_prey")
        solution = unit.solution_notebook
        solution.parent.mkdir(parents=True)
        solution.write_text("canary-solution")
        self.places = Places(base, graders=unit.graders[0], solution=solution)
        self.isolation = setting if setting in LEVELS else levels.reach().level
        if setting.startswith(WITHOUT) and self.isolation != NONE:
            self.isolation = INNER  # the precautions are the same behind every wall
        if setting in (NO_WALLS, SAME_PROCESS):
            self.isolation = NONE
        self.grader = Grader(
            unit,
            key="key",
            reference=honest(),
            cell_seconds=CELL_SECONDS,
            call_seconds=CALL_SECONDS,
            isolation=self.isolation,
        )
        if setting != SAME_PROCESS:
            self.grader.grade(exercises(WRONG))  # the worker of the reference is then there
        prctl(PR_SET_CHILD_SUBREAPER, 1)  # what is left behind becomes a child of this process

    def attempt(self, attack: Attack) -> list[str]:
        """What an attack on the engine won; nothing, if all is well."""
        zygote = candidate.shared_zygote(self.isolation)
        known, pid = {p.pid for p in alive()}, zygote.pid
        used, found = time.process_time(), []
        try:
            report = self.grader.grade(attack.cells(self.places.table), submission=attack.name)
            found += told(report)
        except (Exception, KeyboardInterrupt) as error:
            found.append(f"the grader stopped: {type(error).__name__}: {error}"[:200])
        if time.process_time() - used > BUSY:
            found.append(f"it kept the grader busy: {time.process_time() - used:.1f} s")
        if zygote.pid != pid:
            found.append("the warm process was ended")
            known |= {p.pid for p in alive()}
        zygote._drop_spare()  # the worker that waits for the next submission is nothing left behind
        found += self.places.harm(known)
        if attack.lasting:
            found += self.victim()
        return found

    def victim(self) -> list[str]:
        """What an honest submission lost."""
        try:
            report = self.grader.grade(honest())
        except Exception as error:
            return [f"an honest submission was not graded: {type(error).__name__}: {error}"[:200]]
        lost = report.max_points - report.points
        return [f"an honest submission lost {lost:g} points"] if lost or report.has_fault else []

    def together(self, attack: Attack) -> list[str]:
        """What an attack wins where tests and answers share a process, a fork of this one."""
        known = {p.pid for p in alive()}
        outcome, status = forked(lambda: self._plain(attack))
        found = [*outcome]
        if status:
            found.append(f"the grader {status}")
        return found + self.places.harm(known)

    def _plain(self, attack: Attack) -> Iterator[str]:
        os.chdir(self.places.outside.parent)
        namespace: dict[str, Any] = {"__name__": "__main__"}
        for cell in attack.cells(self.places.table):
            try:
                run_cell(cell.name, cell.source, namespace)
            except Exception as error:
                yield f"note: {error}"
        submission = SimpleNamespace(**{k: v for k, v in namespace.items() if k.isidentifier()})
        for test in self.grader.suite.tests:
            outcome = self.grader.suite.run(test, submission, course_key="key")
            if outcome.exception is None:
                yield f"points for {test.key}"
            elif isinstance(outcome.exception, pytest.skip.Exception | unittest.SkipTest):
                yield f"{test.key} was skipped"
            elif CANARY in str(outcome.exception):
                yield f"told: {outcome.exception}"[:200]


def told(report: Report) -> list[str]:
    """What a report gives away: points for wrong answers, canaries, more text than anybody reads.

    What comes from the attack's own cell is not its message: an own line of code may name canaries.
    """
    found = [f"{report.points:g} points"] if report.points else []
    texts = [t.message for e in report.exercises for t in e.tests] + list(report.cell_errors)
    texts += [e.output for e in report.exercises]
    found += sorted({f"told: {word}" for text in texts for word in text.split() if CANARY in word})
    if len(report.to_json()) > LARGE or len(render.html(report)) > LARGE:
        found.append("the report is too large")
    return found


def forked(generate: Any) -> tuple[list[str], str]:
    """What a generator yields in a fork of this process, and how that ended other than well."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(int(HANGING) + 30)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        for line in generate():
            os.write(writing, line.replace("\n", " ").encode(errors="replace") + b"\n")
        os.write(writing, b"end\n")
        os._exit(0)
    os.close(writing)
    deadline, said, ended = time.monotonic() + HANGING, b"", False
    while not ended and time.monotonic() < deadline:
        if select.select([reading], [], [], max(0.0, deadline - time.monotonic()))[0]:
            data = os.read(reading, 1 << 16)
            said += data
            ended = not data or said.endswith(b"end\n")
    os.close(reading)
    how = "" if said.endswith(b"end\n") else "ended" if ended else "hung"
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    lines = said.decode().splitlines()
    return [line for line in lines if line != "end" and not line.startswith("note: ")], how


@contextmanager
def arena(base: Path, setting: str) -> Iterator[Arena]:
    """An arena that is closed behind."""
    made = Arena(base, setting)
    with made.places, made.grader:
        yield made


def wins(base: Path, setting: str, names: list[str]) -> dict[str, list[str]]:
    """By attack, what it won in a setting."""
    found: dict[str, list[str]] = {}
    with arena(base, setting) as made:
        attempt = made.together if setting == SAME_PROCESS else made.attempt
        if setting != SAME_PROCESS:
            found["honest before"] = made.victim()
        for name in names:
            precaution = ATTACKS[name].control if setting == WITHOUT else ""
            with without(precaution.removeprefix(WITHOUT)):
                started = time.monotonic()
                found[name] = attempt(ATTACKS[name])
            print(f"{name}: {time.monotonic() - started:.2f} s", file=sys.stderr, flush=True)
        if setting in LEVELS:
            found["honest after"] = made.victim()
    return found


def chosen(setting: str) -> list[str]:
    """The attacks of a setting: of a control those that must win there, of a level all."""
    everywhere = setting in LEVELS
    return [n for n, a in ATTACKS.items() if everywhere or a.control.startswith(setting)]


def main() -> None:
    """Print the wins of attacks by setting."""
    if COMMAND_LINE not in sys.argv:
        # Again with secrets in environment and command line, which are those of the start.
        path = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        line = [sys.executable, "-m", "tests.hostile.engine", *sys.argv[1:], COMMAND_LINE]
        os.execve(sys.executable, line, os.environ | path | {ENVIRONMENT: "canary-environment"})
    base, settings, *names = sys.argv[1:-1]
    found = {}
    for setting in settings.split(","):
        folder = Path(base, setting.strip(" :").replace(" ", "-"))
        folder.mkdir(mode=0o755)
        found[setting] = wins(folder, setting, names or chosen(setting))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
