"""What an attack is: text that a learner hands in, the wall it aims at, and where it must win."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from firsthand.unit import Cell

WON = "canary-won"  # what an attack says when it has done what it must not

WRONG = {
    "double": "def double(x):\n    return None",
    "twice": "def twice(f, x):\n    return None",
    "place": "def place(scores):\n    return None",
}
RIGHT = {
    "double": "def double(x):\n    if isinstance(x, str):\n        raise TypeError('text')\n"
    "    return x * 2",
    "twice": "def twice(f, x):\n    return f(f(x))",
    "place": "def place(scores):\n    return int(scores.argmax())",
}

# Where a control takes the wall away.
NO_WALLS = "no walls"  # a worker process without bubblewrap, Landlock and seccomp
SAME_PROCESS = "same process"  # tests called on the learner's own objects
OWN = "its own test"  # in `test_limits`
WITHOUT = "without: "  # before the name of one precaution of the trusted side (`precautions`)

_HELPERS = """
import os, re
PLACES = {places}
PLACES["grader"] = PLACES["grader"] or os.getppid()
WON = "canary-won"

def canaries(text):
    return " ".join(sorted(set(re.findall("canary-[a-z]+", str(text)))))

def telling(action):
    def double(x=None):
        found = action()
        if isinstance(found, bytes):
            found = found.decode(errors="replace")
        text = WON if found is True else canaries(found)
        print(text)
        raise ValueError(text or "nothing")
    return double
"""


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    aims_at: the wall. control: where it must win. code: an own cell before the exercises; it sees
    PLACES (paths and numbers of things it must not reach), WON, and `telling(action)`, an answer
    that says what the action found. answers: the text of exercise cells, wrong by default.
    lasting: whether an honest submission is graded right after it.
    """

    name: str
    kind: str
    aims_at: str
    control: str
    code: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    lasting: bool = False

    def sources(self) -> dict[str, str]:
        """The text of the exercise cells."""
        return {**WRONG, **self.answers}

    def own_cell(self, places: Mapping[str, object]) -> str:
        """The learner's own cell."""
        return _HELPERS.format(places=json.dumps(dict(places))) + self.code

    def cells(self, places: Mapping[str, object]) -> list[Cell]:
        """The submission as the engine takes it."""
        return [Cell("extra", "own cell", self.own_cell(places)), *exercises(self.sources())]


def exercises(sources: Mapping[str, str]) -> list[Cell]:
    """Exercise cells with these texts."""
    return [Cell("exercise", name, text) for name, text in sources.items()]


def honest() -> list[Cell]:
    """A right submission."""
    return [Cell("given", "", "import torch"), *exercises(RIGHT)]


def says(action: str) -> dict[str, str]:
    """Answers that tell what an action found: an expression over PLACES."""
    return {"double": f"double = telling(lambda: {action})"}
