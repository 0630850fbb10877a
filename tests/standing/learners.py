"""Synthetic learners: a small course, and journals with times that are written out."""

from pathlib import Path

from firsthand import journal
from firsthand.journal import Event
from firsthand.standing.place import Course
from firsthand.unit import Exercise, Stage, Unit

NOON = 1_790_000_000.0  # 21 September 2026
STAGES = (
    Stage(0, "Toolbox", "Handle tensors.", "engineering"),
    Stage(4, "Interpretability", "Find the algorithm.", "interpretability"),
    Stage(5, "Scalable oversight and debate", "Judge the stronger.", "oversight"),
    Stage(9, "Research", "Replicate.", ""),
)


def unit(number, title="", before=(), exercises=3, minutes=60, root=Path("course")):
    made = tuple(Exercise(f"part_{i}", 4.0, 20, 1, 1) for i in range(1, exercises + 1))
    essay = Exercise("essay", 3.0, 10, 1, 1, kind="rubric")
    return Unit(
        f"{number}_x", root, title or f"Title of {number}", "Author 2022, <Paper>",
        "It is so.", "Smaller.", minutes, 2, tuple(f"{b}_x" for b in before), 60, 20,
        (*made, essay),
    )  # fmt: skip


class Learner:
    """Writes events one after the other; `minutes` pass before each."""

    def __init__(self):
        self.now = NOON
        self.events = []

    def add(self, kind, unit, exercise="", *, minutes=1.0, points=0.0, status="", detail=""):
        self.now += 60 * minutes
        at = (self.now, kind, f"{unit}_x", exercise, points, 4.0, status, detail)
        self.events.append(Event(*at))
        return self

    def check(self, unit, exercise, points=4.0, minutes=8.0):
        status = "passed" if points >= 4 else "failed"
        return self.add("check", unit, exercise, minutes=minutes, points=points, status=status)

    def finish(self, unit, exercises=3, minutes=8.0, fit=None, first=4.0):
        self.add("opened", unit, minutes=60)
        for i in range(1, exercises + 1):
            if first < 4:
                self.check(unit, f"part_{i}", first, minutes=1)
            self.check(unit, f"part_{i}", minutes=minutes)
        for name, value in (fit or {}).items():
            self.add("fit", unit, detail=f"{name}={value}", minutes=0)
        return self


def course(events=(), units=None, saved=None, stages=STAGES, root=Path("course")):
    units = UNITS if units is None else tuple(units)
    found = tuple(events)
    return Course(root, stages, units, journal.standings(units, found), found, saved or {})


UNITS = (
    unit("001", "Tensors, strides, einops"),
    unit("401", "A mathematical framework for transformer circuits", before=["001"]),
    unit("402", "Induction heads", before=["401"]),
    unit("501", "Debate and complexity: P, NP, PSPACE games", before=["001"]),
    unit("901", "Replicate a paper of your own", before=["402", "501"], minutes=900),
)


def half_way():
    """001 done, 401 with one exercise solved, one tried four times, and two hints."""
    learner = Learner().finish("001", fit={"absorbing": 3, "more": 2})
    learner.add("opened", "401", minutes=600).check("401", "part_1")
    for _ in range(4):
        learner.check("401", "part_2", 1.0)
    return learner.add("hint", "401", "part_2", detail="1").add("hint", "401", "part_2", detail="2")


def sampler():
    """Three engineering units, two of interpretability, one oversight unit begun, one tested out.

    Unit 402 was checked once at its end, so its time is not known.
    """
    learner = Learner()
    learner.finish("001", minutes=9, fit={"absorbing": 3, "more": 2})
    learner.finish("002", minutes=9.5, fit={"absorbing": 2, "more": 2}, first=1.0)
    learner.finish("003", fit={"absorbing": 4, "more": 3})
    learner.add("hint", "003", "part_1", detail="1")
    learner.finish("401", minutes=9, fit={"absorbing": 5, "more": 5}, first=3.0)
    learner.finish("402", minutes=0.1, fit={"absorbing": 4, "more": "skipped"})
    learner.check("501", "part_1")
    return learner.check("502", "part_3").add("test-out", "502", "part_3")


sampler.units = tuple(unit(n) for n in ("001", "002", "003", "401", "402", "501", "502"))
