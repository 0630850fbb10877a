"""A grading process that answers at once: for tests of the terminal, not of grading.

An exercise passes unless its cell says "wrong", or still has its stub.
"""

import os

from firsthand.report import ExerciseResult, Report, Status, TestResult

BEFORE = "import firsthand.watch.run\nfrom tests.watch.fake import Fake\n"
BEFORE += "firsthand.watch.run.Warm = Fake"


class Fake:
    """Has the methods of `watch.warm.Warm`."""

    def __init__(self, unit, tell):
        self.unit, self.tell = unit, tell
        self.points = {e.name: e.points for e in unit.exercises}
        tell({"ready": True})

    def grade(self, job, cells, exercises, known_right, name):
        sources = {cell.name: cell.source for cell in cells if cell.kind in ("exercise", "answer")}
        rows = tuple(self.result(name, sources[name]) for name in exercises)
        if "crash" in "".join(sources.values()):
            self.tell({"job": job, "fault": "Traceback of ours\nKeyError: 'crash'"})
            return
        report = Report(self.unit.id, self.unit.title, rows, "0" * 16, "full", 0.1)
        self.tell({"job": job, "report": report.to_json()})

    def result(self, name, source):
        status = Status.FAILED if "wrong" in source else Status.PASSED
        status = Status.NOT_STARTED if "NotImplementedError" in source else status
        got = self.points[name] * (status is Status.PASSED)
        message = "this is the message" if status is Status.FAILED else ""
        fields = {"message": message, "hint": "mind the mask", "recognised": bool(message)}
        test = TestResult("test_it", "it holds", status, False, 1, got, self.points[name], **fields)
        return ExerciseResult(name, "code", status, got, self.points[name], (test,))

    def close(self):
        with open(os.devnull, "w") as file:
            file.write("closed")
