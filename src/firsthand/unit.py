"""Stages, units, exercises and cells: the plain data that everything else shares.

A unit lives in `curriculum/<id>/`. Its metadata is read from `unit.toml` and checked here; a wrong
or unknown key is an error that names the file, the value seen and the nearest valid key. Nothing
here imports torch, nbformat or nbgrader.
"""

import difflib
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

CELL_KINDS = ("prose", "given", "slow", "exercise", "answer", "check", "rubric", "extra")
EXERCISE_KINDS = ("code", "answer", "rubric")
UNIT_KINDS = ("replication", "introduction")
UNIT_ID = re.compile(r"[0-9]{3}_[a-z0-9_]+")


class CourseError(Exception):
    """Something that an author or a user can mend: shown as one line, without a traceback."""


def missing_package(error: BaseException) -> str:
    """What to do where a package is not installed in this Python; "" for any other error."""
    name = error.name or "" if isinstance(error, ModuleNotFoundError) else ""
    package = name.partition(".")[0]
    if not package or package == "firsthand":
        return ""
    return (
        f"the package {package} is not installed for {sys.executable}. Run `make` in the course's "
        "folder: it installs everything into .venv. In JupyterLab, Kernel > Change Kernel chooses "
        'the Python: "Python 3 (ipykernel)" is the course\'s.'
    )


@dataclass(frozen=True)
class Cell:
    """One cell of a unit or of a submission.

    kind: one of `CELL_KINDS`; "extra" is a cell that a learner added.
    name: the exercise's name, the cell's own name, or "".
    source: text without the trailing newline. seconds: the time a slow cell may take, else 0.
    """

    kind: str
    name: str
    source: str
    seconds: int = 0


@dataclass(frozen=True)
class Exercise:
    """What `unit.toml` says of one exercise.

    Points are awarded by graders, or by a person for a rubric. call_seconds: the deadline of one
    call of a test. cpu_seconds: the budget of processor time for all its tests; 0 is none.
    """

    name: str
    points: float
    minutes: int
    difficulty: int
    importance: int
    kind: str = "code"
    uses: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    rubric: tuple[str, ...] = ()
    meaning: str = ""
    call_seconds: float = 20.0
    cpu_seconds: float = 0.0


@dataclass(frozen=True)
class Unit:
    """A unit's metadata and the places of its files.

    kind: a "replication" rebuilds a paper's result; an "introduction" shows how to work, is over in
    minutes, and has no plots to draw.
    """

    id: str
    root: Path
    title: str
    paper: str
    claim: str
    shrunk: str
    minutes: int
    difficulty: int
    prerequisites: tuple[str, ...]
    notebook_seconds: float
    grader_seconds: float
    exercises: tuple[Exercise, ...]
    kind: str = "replication"

    @property
    def number(self) -> str:
        """The three digits that the command line takes, such as "402"."""
        return self.id[:3]

    @property
    def folder(self) -> Path:
        """The folder that authors write."""
        return self.root / "curriculum" / self.id

    @property
    def solution_notebook(self) -> Path:
        """The generated, executed notebook with the reference solutions."""
        return self.root / "solutions" / self.id / f"{self.id}.ipynb"

    @property
    def exercise_notebook(self) -> Path:
        """The generated notebook that a learner starts from."""
        return self.root / "exercises" / self.id / f"{self.id}.ipynb"

    @property
    def visible_tests(self) -> Path:
        """The generated file with the visible tests, beside the exercise notebook."""
        return self.root / "exercises" / self.id / f"visible_{self.id}.py"

    @property
    def work_notebook(self) -> Path:
        """The learner's own copy."""
        return self.root / "work" / self.id / f"{self.id}.ipynb"

    @property
    def graders(self) -> list[Path]:
        """The hidden test files, in name order. FIRSTHAND_GRADERS names another folder for them."""
        folder = Path(os.environ.get("FIRSTHAND_GRADERS") or self.root / "graders")
        parts = sorted(folder.glob(f"test_{self.id}_*.py"))
        whole = folder / f"test_{self.id}.py"
        return ([whole] if whole.is_file() else []) + parts

    @property
    def wrong_answers(self) -> Path:
        """The file with the named wrong answers."""
        return self.root / "graders" / f"wrong_{self.id}.py"

    @property
    def points(self) -> float:
        """Points that graders award; rubric points come on top."""
        return sum(e.points for e in self.exercises if e.kind != "rubric")

    def exercise(self, name: str) -> Exercise:
        """The exercise of this name, or a CourseError that suggests the nearest one."""
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        names = [e.name for e in self.exercises]
        wrong = f"unit {self.number} has no exercise {name!r}.{_did_you_mean(name, names)}"
        raise CourseError(
            f"{wrong if name else 'name an exercise of the unit.'} It has: {', '.join(names)}."
        )


@dataclass(frozen=True)
class Stage:
    """One row of `curriculum/stages.toml`.

    strand: the kind of work that its units try out, such as "theory"; "" where they are of any.
    """

    number: int
    title: str
    aim: str
    strand: str = ""


def course_root() -> Path:
    """The folder that holds `curriculum/`.

    FIRSTHAND_COURSE names it; else it is sought above the current folder, then above this file.

    Raises CourseError where there is none, as in a student bundle.
    """
    named = os.environ.get("FIRSTHAND_COURSE")
    here = Path.cwd()
    places = [Path(named)] if named else [here, *here.parents, *Path(__file__).resolve().parents]
    for place in places:
        if (place / "curriculum" / "stages.toml").is_file():
            return place.resolve()
    raise CourseError(
        f"no course found at {named or here}: there is no curriculum/stages.toml. "
        "Run this inside a clone of firsthand, or set FIRSTHAND_COURSE to one."
    )


def load_stages(root: Path) -> list[Stage]:
    """The stages, in order."""
    path = root / "curriculum" / "stages.toml"
    rows = _read_toml(path).get("stage", [])
    return [Stage(**_checked(Stage, row, path)) for row in rows]


def load_units(root: Path) -> list[Unit]:
    """Every unit of the course, by id."""
    folders = sorted((root / "curriculum").iterdir())
    return [load_unit(f) for f in folders if UNIT_ID.fullmatch(f.name) and f.is_dir()]


def find_unit(text: str, root: Path | None = None) -> Unit:
    """The unit whose number or id is `text`.

    A CourseError with a suggestion where there is none.
    """
    root = root or course_root()
    folder = root / "curriculum"
    ids = sorted(f.name for f in folder.iterdir() if UNIT_ID.fullmatch(f.name))
    matches = [i for i in ids if text in (i, i[:3])]
    if not matches:
        known = f"`firsthand list` shows all {len(ids)} units."
        raise CourseError(
            f"no unit {text!r}.{_did_you_mean(text, [*ids, *(i[:3] for i in ids)])} {known}"
        )
    return load_unit(folder / matches[0])


def load_unit(folder: Path) -> Unit:
    """Read and check one `unit.toml`.

    Raises CourseError for anything missing, unknown or of a wrong type.
    """
    path = folder / "unit.toml"
    table = dict(_read_toml(path))
    rows = table.pop("exercise", [])
    seconds = table.pop("seconds", {"notebook": 120, "graders": 20})
    if set(seconds) != {"notebook", "graders"}:
        raise CourseError(
            f"{path}: seconds has keys {sorted(seconds)}; it needs notebook and graders."
        )
    table |= {"id": folder.name, "root": folder.parent.parent, "exercises": ()}
    table |= {"notebook_seconds": seconds["notebook"], "grader_seconds": seconds["graders"]}
    exercises = tuple(_load_exercise(row, path) for row in rows)
    unit = Unit(**_checked(Unit, table | {"exercises": exercises}, path))
    _check_unit(unit, path)
    return unit


def _load_exercise(row: dict[str, Any], path: Path) -> Exercise:
    exercise = Exercise(**_checked(Exercise, row, path))
    where = f"{path}: exercise {exercise.name!r}"
    if exercise.kind not in EXERCISE_KINDS:
        raise CourseError(
            f"{where} has kind {exercise.kind!r}; use one of {', '.join(EXERCISE_KINDS)}."
        )
    if not exercise.name.isidentifier():
        raise CourseError(f"{where}: the name must be the Python name that the learner writes.")
    if exercise.points <= 0:
        raise CourseError(f"{where} has {exercise.points} points; it needs a positive number.")
    if exercise.cpu_seconds < 0:
        raise CourseError(f"{where} has cpu_seconds {exercise.cpu_seconds}; leave it out for none.")
    for scale in ("difficulty", "importance"):
        if getattr(exercise, scale) not in range(1, 6):
            raise CourseError(f"{where} has {scale} {getattr(exercise, scale)}; use 1 to 5.")
    return exercise


def _check_unit(unit: Unit, path: Path) -> None:
    if unit.kind not in UNIT_KINDS:
        near = _did_you_mean(unit.kind, UNIT_KINDS)
        raise CourseError(
            f"{path}: the unit has kind {unit.kind!r}; use one of {', '.join(UNIT_KINDS)}.{near}"
        )
    seen: list[str] = []
    for exercise in unit.exercises:
        if exercise.name in seen:
            raise CourseError(
                f"{path}: exercise {exercise.name!r} occurs twice; names are unique in a unit."
            )
        for used in exercise.uses:
            if used not in seen:
                raise CourseError(
                    f"{path}: {exercise.name!r} uses {used!r}, which is no earlier exercise."
                    f"{_did_you_mean(used, seen)}"
                )
        seen.append(exercise.name)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path} does not exist; `firsthand dev new` makes one.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}.") from None


def _checked(kind: type, row: dict[str, Any], path: Path) -> dict[str, Any]:
    """The row with lists as tuples, its keys and types held against the dataclass `kind`."""
    known = {f.name: f for f in fields(kind)}
    where = f"{path}: {kind.__name__.lower()} {row.get('name', row.get('id', ''))!r}"
    for key in row:
        if key not in known:
            raise CourseError(f"{where} has the unknown key {key!r}.{_did_you_mean(key, known)}")
    required = {n for n, f in known.items() if f.default is f.default_factory}
    if missing := sorted(required - set(row)):
        raise CourseError(f"{where} lacks the key {missing[0]!r}.")
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    for key, value in values.items():
        if not _fits(value, known[key].type):
            raise CourseError(
                f"{where}: {key} is {value!r}; it must be of type {_type_name(known[key].type)}."
            )
    return values


def _fits(value: object, annotation: Any) -> bool:
    if annotation is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if annotation is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if annotation == tuple[str, ...]:
        return isinstance(value, tuple) and all(isinstance(x, str) for x in value)
    return not isinstance(annotation, type) or isinstance(value, annotation)


def _type_name(annotation: Any) -> str:
    return (
        "a list of strings"
        if annotation == tuple[str, ...]
        else getattr(annotation, "__name__", str(annotation))
    )


def _did_you_mean(text: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(text, list(names), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def used_by(unit: Unit, name: str) -> tuple[str, ...]:
    """The earlier exercises that `name` builds on, directly or not, in the unit's order."""
    needed: set[str] = set()
    waiting: list[str] = [name]
    while waiting:
        for used in unit.exercise(waiting.pop()).uses:
            if used not in needed:
                needed.add(used)
                waiting.append(used)
    return tuple(e.name for e in unit.exercises if e.name in needed)


def exercise_cells(cells: Sequence[Cell]) -> dict[str, str]:
    """The source of every cell that a learner writes code in, by exercise name."""
    return {c.name: c.source for c in cells if c.kind in ("exercise", "answer")}


def with_source(cells: Sequence[Cell], exercise: str, source: str) -> list[Cell]:
    """The cells with other text in the cell where a learner writes `exercise`."""
    kinds = ("exercise", "answer")
    return [
        replace(c, source=source) if c.name == exercise and c.kind in kinds else c for c in cells
    ]
