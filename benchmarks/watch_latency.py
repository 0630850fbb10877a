"""From the save of a notebook to its result in `firsthand watch`, warm, beside the engine alone.

For each UNIT/EXERCISE: the solved notebook in a folder of its own, watched; the exercise's cell is
saved again and again with another comment. "Save to result" lasts from the file's replacement
until the state that is drawn has the exercise's new result; "to the last" until the exercises that
use it have theirs. "Engine" is a plain call of the engine for the same exercise in this process,
behind the same walls.

    OMP_NUM_THREADS=1 python benchmarks/watch_latency.py [UNIT/EXERCISE...]
"""

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from firsthand.grading.engine import Grader
from firsthand.grading.intake import read_notebook, submission_cells
from firsthand.report import Report
from firsthand.unit import Unit, course_root, find_unit
from firsthand.watch.files import Save, Watcher
from firsthand.watch.loop import Action, Grade, Loop
from firsthand.watch.warm import Warm

DEFAULT = ("101/attention_pattern", "402/prefix_matching_score")
REPEATS = 30
PAUSE = 0.3  # a person does not save at once again
BAR = 0.5


class Learner:
    """A solved notebook in a folder of its own, watched."""

    def __init__(self, unit: Unit, folder: Path) -> None:
        self.unit = unit
        self.path = folder / f"{unit.id}.ipynb"
        self.table = json.loads(unit.solution_notebook.read_text(encoding="utf-8"))
        self._first, self._done = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self.loop = Loop(unit, self.path.name)
        self.path.write_text(json.dumps(self.table), encoding="utf-8")
        self.warm = Warm(unit, self._take)
        self.watcher = Watcher([self.path], unit, self._take)
        self.watcher.start()
        self._done.wait()

    def save(self, name: str, comment: str) -> tuple[float, float]:
        """Seconds from the save to the exercise's result, and to the last of those that use it."""
        for cell in self.table["cells"]:
            own = cell["metadata"]["firsthand"]
            if own["name"] == name and own["kind"] in ("exercise", "answer"):
                lines = "".join(cell["source"]).split("\n# save ")[0]
                cell["source"] = f"{lines}\n# save {comment}"
        fresh = self.path.with_name("fresh")
        fresh.write_text(json.dumps(self.table), encoding="utf-8")
        self._first.clear()
        self._done.clear()
        started = time.perf_counter()
        os.replace(fresh, self.path)
        assert self._first.wait(120)
        first = time.perf_counter() - started
        assert name in self.loop.state.ran
        assert self._done.wait(120)
        return first, time.perf_counter() - started

    def close(self) -> None:
        """End the thread and the grading process."""
        self.watcher.stop()
        self.warm.close()

    def _take(self, event: object) -> None:
        with self._lock:
            if isinstance(event, Save):
                assert event.cells is not None, event.problem
                self._do(self.loop.saved(event.cells, clock="now"))
            elif isinstance(event, dict) and "report" in event:
                self._do(self.loop.graded(event["job"], Report.from_json(event["report"])))
                self._first.set()
                if not self.loop.state.running:
                    self._done.set()
            elif isinstance(event, dict):
                assert not {"fault", "problem", "ended"} & set(event), event

    def _do(self, actions: list[Action]) -> None:
        for action in actions:
            if isinstance(action, Grade):
                right = action.known_right
                self.warm.grade(action.job, action.cells, action.exercises, right, "")


def engine(unit: Unit, name: str) -> list[float]:
    """Seconds of plain calls of the engine for the same exercise."""
    cells = submission_cells(unit, read_notebook(unit.solution_notebook))
    right = [e.name for e in unit.exercises if e.kind != "rubric" and e.name != name]
    seconds = []
    with Grader(unit) as grader:
        for _ in range(REPEATS + 1):
            started = time.perf_counter()
            grader.grade(cells, exercises={name}, known_right=right)
            seconds.append(time.perf_counter() - started)
            time.sleep(PAUSE)
    return seconds[1:]


def main() -> None:
    """Print a row for each exercise."""
    root = course_root()
    for target in sys.argv[1:] or DEFAULT:
        text, _, name = target.partition("/")
        unit = find_unit(text, root)
        with tempfile.TemporaryDirectory() as folder:
            learner = Learner(unit, Path(folder))
            learner.save(name, "warm")
            rows = []
            for number in range(REPEATS):
                time.sleep(PAUSE)
                rows.append(learner.save(name, str(number)))
            ran = learner.loop.state.ran
            learner.close()
        firsts, lasts = [row[0] for row in rows], [row[1] for row in rows]
        median, floor = statistics.median(firsts), statistics.median(engine(unit, name))
        print(
            f"{target}: save to result median {median:.3f} s, p95 "
            f"{statistics.quantiles(firsts, n=20)[-1]:.3f} s, {len(firsts)} saves; to the last of "
            f"{len(ran)} exercises {statistics.median(lasts):.3f} s; engine alone {floor:.3f} s, "
            f"ratio {median / floor:.2f}; load {os.getloadavg()[0]:.1f}; "
            f"bar {BAR} s {'reached' if median <= BAR else 'NOT reached'}",
            flush=True,
        )


if __name__ == "__main__":
    main()
