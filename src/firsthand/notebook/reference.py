"""Reference solutions, for comparison: after full marks, or when an exercise is given up by name.

They are read from the solution notebook, so a student bundle has none.
"""

import json
from typing import Any, NamedTuple

from firsthand.notebook.memory import FULL_MARKS, GAVE_UP, Memory
from firsthand.render import clean
from firsthand.unit import CourseError, Exercise, Unit

MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


class Reference(NamedTuple):
    """A reference solution: what to say of it, and its text. language: "python", or "markdown"."""

    sentence: str
    text: str
    language: str

    @property
    def plain(self) -> str:
        """For terminals."""
        return f"{self.sentence}\n\n{self.text}"

    @property
    def markdown(self) -> str:
        """For notebooks, whose own colours of code suit both themes."""
        code = self.language == "python"
        return f"{self.sentence}\n\n" + (f"```python\n{self.text}\n```" if code else self.text)

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/markdown": self.markdown, "text/plain": self.plain}


def reference(unit: Unit, name: str, memory: Memory, *, give_up: bool, how: str) -> Reference:
    """The solution of one exercise, and a note of why it was opened.

    how: what to type to give up. Raises CourseError, one line that says what opens it, while
    neither full marks nor a giving up does; and where there are no solutions.
    """
    exercise = unit.exercise(name)
    text, language = _text(unit, exercise)  # first: where there is none, nothing is given up
    standing = memory.standing(name)
    full = exercise.kind != "rubric" and standing.best >= exercise.points - 1e-6
    if not (full or give_up or standing.solution):
        opens = "a person grades it" if exercise.kind == "rubric" else "full marks open it"
        raise CourseError(f"the solution of {name} is closed: {opens}. To give up:  {how}")
    if not standing.solution:
        memory.solution_opened(name, FULL_MARKS if full else GAVE_UP)
    return Reference(_sentence(exercise, full=full), text, language)


def has_solutions(unit: Unit) -> bool:
    """Whether the solution notebook is here."""
    return unit.solution_notebook.is_file()


def _sentence(exercise: Exercise, *, full: bool) -> str:
    if full:
        return f"The reference solution of {exercise.name}. Yours passed the same tests: compare."
    if exercise.kind == "rubric":
        return f"A model answer to {exercise.name}. Yours may differ and earn every point."
    return (
        f"The reference solution of {exercise.name}. Read it, close it, and write yours from "
        "memory: that is what stays."
    )


def _text(unit: Unit, exercise: Exercise) -> tuple[str, str]:
    """(text, language) of the exercise's cell in the solution notebook."""
    path = unit.solution_notebook
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found = [c for c in cells if _is_of(c, exercise.name)]
        source = "".join(found[0]["source"])
    except FileNotFoundError:
        raise CourseError(
            f"no solutions here: there is no {path.name} in solutions/. A clone of the course "
            "has them; a student bundle does not."
        ) from None
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise CourseError(
            f"{path} has no readable solution of {exercise.name}. "
            f"`git checkout {path.name}` in its folder brings the file back."
        ) from None
    lines = [line for line in source.split("\n") if line.strip() not in MARKERS]
    return clean("\n".join(lines)), "markdown" if exercise.kind == "rubric" else "python"


def _is_of(cell: dict[str, Any], name: str) -> bool:
    own = cell["metadata"].get("firsthand", {})
    return own.get("name") == name and own.get("kind") in ("exercise", "answer", "rubric")
