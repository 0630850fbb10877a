"""A throw-away course, its exchange and its learners, driven by nbgrader's own commands."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from firsthand.build.notebooks import build
from firsthand.unit import Unit, find_unit
from tests.cohort.notebooks import Notebook
from tests.cohort.submissions import Submission

REPOSITORY = Path(__file__).resolve().parents[2]
COURSE_ID = "firsthand"
LONGEST = 900  # seconds that a list of commands may take on a busy machine
DONE = "<these commands are done>"


class Course:
    """One unit of a course, copied below `base`, with an own exchange and home folder."""

    def __init__(self, base: Path, *, origin: Path, number: str, config: str = "") -> None:
        """Copy the unit and its graders from `origin`, and build its notebooks without outputs.

        config: lines added to the repository's nbgrader configuration.
        """
        self.root, self.home, self.exchange = base / "course", base / "home", base / "exchange"
        source = find_unit(number, origin)
        folder = self.root / "curriculum" / source.id
        shutil.copytree(source.folder, folder)
        shutil.copy(origin / "curriculum" / "stages.toml", folder.parent)
        (self.root / "graders").mkdir()
        for path in [*source.graders, source.wrong_answers]:
            shutil.copy(path, self.root / "graders")
        self.unit: Unit = find_unit(number, self.root)
        build(self.unit, execute=False)
        text = (REPOSITORY / "nbgrader_config.py").read_text()
        (self.root / "nbgrader_config.py").write_text(f"{text}\n{config}\n")
        self.exchange.mkdir(mode=0o777)
        self.exchange.chmod(0o777)
        settings = self.home / ".jupyter" / "nbgrader_config.py"
        settings.parent.mkdir(parents=True)
        settings.write_text(
            f"c.Exchange.root = {str(self.exchange)!r}\n"
            f"c.CourseDirectory.course_id = {COURSE_ID!r}\n"
        )

    @property
    def environment(self) -> Mapping[str, str]:
        """A clean environment: the home folder is the throw-away one."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "FIRSTHAND"))}
        own = {"HOME": str(self.home), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(REPOSITORY)}
        return kept | own

    def nbgrader(self, *commands: Sequence[str], folder: Path | None = None) -> str:
        """Run commands in the course's folder; their log. Fails when one fails."""
        return self.run([(folder or self.root, list(c)) for c in commands])

    @cached_property
    def _commands(self) -> subprocess.Popen[str]:
        """The one process that runs every command but `autograde`."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.cohort.commands", DONE],
            env=dict(self.environment),
            cwd=self.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, steps: Sequence[tuple[Path, list[str]]]) -> str:
        """Run pairs (folder, arguments of nbgrader), one after the other; their log."""
        process, lines = self._commands, []
        table = [[str(folder), arguments] for folder, arguments in steps]
        process.stdin.write(f"{json.dumps(table)}\n")
        process.stdin.flush()
        timer = threading.Timer(LONGEST, process.kill)
        timer.start()
        for line in process.stdout:
            if line.rstrip("\n") == DONE:
                break
            lines.append(line)
        else:
            process.wait()
            raise AssertionError("".join(lines)[-6000:] or f"nothing came within {LONGEST} s")
        timer.cancel()
        return "".join(lines)

    def close(self) -> None:
        """End the process of the commands."""
        if "_commands" in self.__dict__:
            self._commands.communicate(timeout=60)

    def publish(self) -> Notebook:
        """Generate and release the assignment; the release notebook."""
        unit = self.unit.id
        self.nbgrader(["generate_assignment", unit, "--force"], ["release_assignment", unit])
        notebook: Notebook = json.loads(self.unit.exercise_notebook.read_text())
        return notebook

    def as_student(self, student: str) -> list[str]:
        """Options that make a command this learner's: all share one account here."""
        cache = self.home / "cache" / student
        return [f"--CourseDirectory.student_id={student}", f"--Exchange.cache={cache}"]

    def hand_in(self, submissions: Sequence[Submission]) -> None:
        """Every learner fetches, writes and submits; then all is collected."""
        unit = self.unit.id
        fetch, submit = [], []
        for submission in submissions:
            folder = self.home / submission.student
            folder.mkdir()
            who = self.as_student(submission.student)
            fetch.append((folder, ["fetch_assignment", unit, *who]))
            submit.append((folder, ["submit", unit, *who]))
        self.run(fetch)
        for submission in submissions:
            folder = self.home / submission.student / unit
            assert (folder / f"{unit}.ipynb").is_file()
            (folder / f"{unit}.ipynb").write_text(submission.text)
        self.run([*submit, (self.root, ["collect", unit])])

    def autograde(self) -> str:
        """The stock command, in a process of its own. Its log."""
        program = Path(sys.executable).parent / "nbgrader"
        done = subprocess.run(
            [str(program), "autograde", self.unit.id],
            env=dict(self.environment),
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST,
        )
        assert done.returncode == 0, done.stdout[-6000:]
        return done.stdout

    def give_back(self, submissions: Sequence[Submission]) -> None:
        """Feedback pages made, released and fetched, and the scores exported."""
        unit = self.unit.id
        steps = [
            (self.root, ["generate_feedback", unit]),
            (self.root, ["release_feedback", unit]),
            (self.root, ["export"]),
        ]
        for submission in submissions[:2]:
            who = self.as_student(submission.student)
            steps.append((self.home / submission.student, ["fetch_feedback", unit, *who]))
        self.run(steps)

    def page(self, student: str) -> str:
        """The learner's feedback page."""
        path = self.root / "feedback" / student / self.unit.id / f"{self.unit.id}.html"
        return path.read_text(encoding="utf-8")
