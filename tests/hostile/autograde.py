"""Grade hostile folders by `nbgrader autograde`, ours and stock, and say what each of them won."""

import hashlib
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat

from firsthand.unit import Unit
from tests.cohort.course import Course
from tests.cohort.notebooks import Notebook, filled, with_code_cell
from tests.hostile.attack import RIGHT, WON, WRONG, Attack
from tests.hostile.notebooks import SCRIPT, FolderAttack
from tests.hostile.places import COURSE

UNIT = "903_prey"
_ONE_BY_ONE = f"""
import os, sys
from tests.cohort.commands import run
for name in sys.argv[1:]:
    for command in ("autograde", "generate_feedback"):
        try:
            run(os.getcwd(), [command, "{UNIT}", "--student", name])
        except Exception as error:
            print(name, type(error).__name__, str(error)[:200])
    print("\\ndone", name, flush=True)
"""
LEAKS = ("canary-graders", "canary-solution", "canary-neighbour", "canary-secret")
_WORTH = {"double": 3, "twice": 4, "place": 2}
_CONFIG = """
c.Grade.isolation = {level!r}
c.Grade.cell_seconds = 2.0
c.Grade.call_seconds = 1.0
"""
_HIDDEN = {
    "double": "SECRET = 'canary-graders'\nassert double(3.0) == 6.0\nassert double(10.25) == 20.5",
    "twice": "assert twice(lambda v: 3 * v + 7, 2) == 46",
    "place": "assert place([1.0, 2.0, 9.0]) == 2",
}
_STOCK_PLACE = "def place(scores):\n    return scores.index(max(scores))"
_STOCK = """
import os, sys
c = get_config()
os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
c.CourseDirectory.course_id = "firsthand"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.Exchange.root = {exchange!r}
"""


class Hall:
    """A course whose submissions are attacks. level: of our walls, or "" for stock nbgrader."""

    def __init__(self, base: Path, level: str) -> None:
        self.base, self.level = base, level
        self.course = Course(base, origin=COURSE, number="903", config=_CONFIG.format(level=level))
        self.root = self.course.root
        if not level:
            self._make_stock()
        self.course.nbgrader(["generate_assignment", UNIT, "--force"])
        path = self.root / "exercises" / UNIT / f"{UNIT}.ipynb"
        self.release: Notebook = json.loads(path.read_text())
        self.outside = base / "outside"
        self.outside.mkdir()
        (base / "secret.txt").write_text("canary-secret")
        right = RIGHT | ({} if level else {"place": _STOCK_PLACE}) | {"essay": "canary-neighbour"}
        for name in ("honest", "neighbour", "other"):
            self._hand_in(name, filled(self.release, right))
        (self._near("neighbour").parent / "canary-neighbour.txt").touch()
        self.listener = socket.create_server(("127.0.0.1", 0))

    @property
    def unit(self) -> Unit:
        return self.course.unit

    def _make_stock(self) -> None:
        """The same exercises with hidden asserts, and nbgrader's own configuration."""
        (self.root / "nbgrader_config.py").write_text(
            _STOCK.format(exchange=str(self.course.exchange))
        )
        cells = [nbformat.v4.new_markdown_cell("# Prey")]
        for name, worth in _WORTH.items():
            right = _STOCK_PLACE if name == "place" else RIGHT[name]
            body = right.split("\n", 1)
            marked = f"{body[0]}\n    ### BEGIN SOLUTION\n{body[1]}\n    ### END SOLUTION"
            cells.append(_cell(marked, grade_id=name, solution=True))
            test = f"### BEGIN HIDDEN TESTS\n{_HIDDEN[name]}\n### END HIDDEN TESTS"
            cells.append(_cell(test, grade_id=f"check_{name}", grade=True, points=worth))
        essay = _cell("text", "markdown", grade_id="essay", grade=True, solution=True, points=2)
        cells.append(essay)
        spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        shutil.rmtree(self.root / "solutions")
        path = self.root / "solutions" / UNIT / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=spec), path)

    def _folder(self, name: str) -> Path:
        folder = self.root / "submitted" / name / UNIT
        folder.mkdir(parents=True)
        return folder

    def _near(self, name: str) -> Path:
        return self.root / "submitted" / name / UNIT / f"{UNIT}.ipynb"

    def _hand_in(self, name: str, notebook: Notebook) -> None:
        (self._folder(name) / f"{UNIT}.ipynb").write_text(json.dumps(notebook))

    def add(self, attack: Attack | FolderAttack) -> None:
        """Hand an attack in."""
        if isinstance(attack, FolderAttack):
            notebook = filled(self.release, WRONG)
            attack.write(self._folder(attack.name), notebook, self.base)
        else:
            notebook = filled(self.release, attack.sources())
            own = with_code_cell(notebook, attack.own_cell(self.places()), at=1)
            self._hand_in(attack.name, own)

    def places(self) -> dict[str, Any]:
        """What attacks are told."""
        source = self.root / "solutions" / UNIT / f"{UNIT}.ipynb"
        written = {name: str(self.base / name) for name in ("mode", "victim", "moved", "key")}
        for path in written.values():
            Path(path).touch()
        Path(written["key"]).write_text("canary-secret")
        return written | {
            "graders": str(self.unit.graders[0]),
            "graders_copy": str(self.unit.graders[0]),
            "solution": str(source),
            "gradebook": str(self.root / "gradebook.db"),
            "neighbour": str(self._near("neighbour")),
            "other": str(self._near("other")),
            "outside": str(self.outside),
            "grader": 0,  # the parent of the process that tries
            "descriptor": 3,
            "port": self.listener.getsockname()[1],
        }

    def grade(self) -> tuple[int, str]:
        """Exit status and log of `nbgrader autograde`, and of the pages.

        Ours grades all in one batch. Stock nbgrader gets them one by one, for there one submission
        can end the batch of all.
        """
        before = self._state()
        if self.level:
            status, log = self._run("-m", "nbgrader", "autograde", UNIT)
            log += self._run("-m", "nbgrader", "generate_feedback", UNIT)[1]
        else:
            status, log = 0, ""
            names = sorted(path.name for path in (self.root / "submitted").iterdir())
            while names:
                log += self._run("-c", _ONE_BY_ONE, *names)[1]
                done = re.findall("^done (.+)$", log, re.MULTILINE)
                # Whoever ended the process itself is left out of the next.
                names = [name for name in names if name not in done][1:]
        self.changed = [name for name, state in self._state().items() if state != before[name]]
        return status, log

    def _run(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, *arguments],
            env={**self.course.environment, "HOSTILE_SECRET": "canary-secret"},
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=3000,
        )
        return done.returncode, done.stdout

    def _state(self) -> dict[str, str]:
        watched = [self.unit.graders[0], self.root / "solutions"]
        watched += [self._near("neighbour").parent, self._near("other").parent.parent]
        watched += [self.base / "outside", self.base / "victim", self.base / "mode"]
        return {str(path.relative_to(self.base)): _digest(path) for path in watched}

    def won(self, name: str) -> list[str]:
        """What a submission got that it must not."""
        scores = self.scores().get(name, {})
        missing = [cell for cell in _WORTH if scores.get(cell) is None]
        found = [f"no score for {', '.join(missing)}"] if missing else []
        if points := sum(score or 0 for score in scores.values()):
            found.append(f"{points:g} points")
        page = self.root / "feedback" / name / UNIT / f"{UNIT}.html"
        text = page.read_text(errors="replace") if page.is_file() else ""
        if not text:
            found.append("no page")
        if re.search(rf"<script[^>]*>[^<]*{re.escape(SCRIPT)}", text) or re.search(
            rf"(?i)(href|src)\s*=\s*[\"']?\s*javascript:{re.escape(SCRIPT)}"
            rf"|<img[^>]*onerror=[\"']?{re.escape(SCRIPT)}|\\href{{javascript:",
            text,
        ):
            found.append("a live script")
        copied = [p for p in (self.root / "autograded" / name).rglob("*") if p.is_file()]
        texts = [shown for path in copied for shown in _shown(path)]
        words = sorted({word for word in (*LEAKS, WON) if any(word in t for t in texts)})
        found += [f"told: {word}" for word in words]
        if name == "changes_the_gradebook" and self._hand_made():
            found.append("scores in the gradebook changed")
        return found

    def _hand_made(self) -> bool:
        """Whether any score is a person's: nobody here gives one."""
        with sqlite3.connect(self.root / "gradebook.db") as book:
            query = "select count(*) from grade where manual_score is not null"
            return bool(book.execute(query).fetchone()[0])

    def scores(self) -> dict[str, dict[str, float | None]]:
        """Automatic scores of the checks, by learner and exercise."""
        book = sqlite3.connect(self.root / "gradebook.db")
        query = """select sa.student_id, c.name, g.auto_score
            from grade g join submitted_notebook sn on g.notebook_id = sn.id
            join submitted_assignment sa on sn.assignment_id = sa.id
            join base_cell c on g.cell_id = c.id where c.name like 'check_%'"""
        table: dict[str, dict[str, float | None]] = {}
        for student, cell, score in book.execute(query):
            table.setdefault(student, {})[cell.removeprefix("check_")] = score
        book.close()
        return table


def _cell(source: str, kind: str = "code", **mark: Any) -> Any:
    flags = {"schema_version": 3, "grade": False, "solution": False, "task": False} | mark
    flags["locked"] = not flags["solution"]
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, metadata={"nbgrader": flags})


def _digest(path: Path) -> str:
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    content = [f"{p} {os.lstat(p).st_mode}".encode() + p.read_bytes() for p in files if p.exists()]
    return hashlib.sha256(b"\0".join(content)).hexdigest()


def _shown(path: Path) -> list[str]:
    """The outputs of a graded notebook, as text; of another file all of it."""
    text = path.read_bytes().decode(errors="replace")
    if path.suffix != ".ipynb":
        return [text]
    outputs = [output for cell in json.loads(text)["cells"] for output in cell.get("outputs", ())]
    return [str(o.get("evalue", "")) + str(o.get("text", "")) + str(o.get("data")) for o in outputs]
