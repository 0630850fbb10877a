"""Run nbgrader's own commands on a course folder, in this one process.

Each command of nbgrader's command line starts for five seconds; here nbgrader is loaded once. Its
configuration is the folder's, so that everything is as if its own commands had been used. Its log
goes to a file.
"""

import glob
import logging
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from firsthand.build import skip_uri_grammar
from firsthand.gradebook.book import opened, retried
from firsthand.gradebook.collecting import OwnedCollect, Refusal
from firsthand.unit import CourseError

skip_uri_grammar()

from nbgrader.apps.baseapp import NbGrader  # noqa: E402
from nbgrader.auth import Authenticator  # noqa: E402
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback  # noqa: E402
from nbgrader.converters.base import NbGraderException  # noqa: E402
from nbgrader.exchange import ExchangeError, ExchangeFactory  # noqa: E402
from sqlalchemy.exc import SAWarning  # noqa: E402
from traitlets.config import Config  # noqa: E402

from firsthand.gradebook.export import CsvExport  # noqa: E402

LOG = "nbgrader.log"
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Entry|Rejected): ")


class EveryNotebook(Autograde):
    """nbgrader's autograding, also of a submission that holds no notebook at all.

    nbgrader skips such a folder, and the learner gets no row.
    """

    def init_notebooks(self) -> None:
        """Find the notebooks, or the path where the one that is missing should be."""
        pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.assignments = {}
        for folder in glob.glob(pattern):
            found = glob.glob(os.path.join(glob.escape(folder), "*.ipynb"))
            own = os.path.join(folder, f"{self.coursedir.assignment_id}.ipynb")
            self.assignments[folder] = found or [own]


class Driver:
    """nbgrader, loaded with the configuration of a course folder. A context manager.

    Every method raises CourseError with what nbgrader logged as the reason.
    """

    def __init__(self, folder: Path) -> None:
        """Load nbgrader. folder: the one with `nbgrader_config.py`."""
        self._folder = folder
        before = Path.cwd()
        os.chdir(folder)  # nbgrader also reads the configuration of the current folder
        try:
            self._app = NbGrader()
            self._app.initialize([], root=str(folder))
        finally:
            os.chdir(before)
        self._errors = _Errors()
        self._file = logging.FileHandler(folder / LOG, encoding="utf-8")
        form = "%(asctime)s %(levelname)s %(message)s"
        self._file.setLevel(logging.INFO)
        self._file.setFormatter(logging.Formatter(form))
        self._app.log.handlers = [self._file, self._errors]
        self._app.log.propagate = False
        self._app.authenticator = Authenticator(parent=self._app)
        self._app.exchange = ExchangeFactory(parent=self._app)

    def __enter__(self) -> "Driver":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the log."""
        self._app.log.handlers = []
        self._file.close()

    def generate(self, unit: str) -> None:
        """`nbgrader generate_assignment`: the release notebook, and its cells in the gradebook."""
        with self._for(unit) as course:
            step = GenerateAssignment(coursedir=course, parent=self._app)
            step.force = True
            self._run(step)

    def release(self, unit: str) -> None:
        """`nbgrader release_assignment --force`: the release notebook, in the exchange."""
        with self._for(unit) as course:
            step = self._app.exchange.ReleaseAssignment(**self._parts(course))
            step.force = True
            self._run(step)

    def collect(self, unit: str) -> tuple[list[str], list[Refusal]]:
        """`nbgrader collect --update`: who has handed in, and what was refused."""
        with self._for(unit) as course:
            step = self._app.exchange.Collect(**self._parts(course))
            if not isinstance(step, OwnedCollect):
                raise CourseError(
                    f"{self._folder / 'nbgrader_config.py'} replaces c.ExchangeFactory.collect, "
                    "which checks who hands in; take that line out."
                )
            step.update = True
            self._run(step)
            return sorted(record["username"] for record in step.src_records), step.refused

    def autograde(self, unit: str, student: str) -> None:
        """`nbgrader autograde --force` for one learner; again after a lock of the gradebook."""

        def write() -> None:
            with self._for(unit, student) as course:
                step = EveryNotebook(coursedir=course, parent=self._app)
                step.force = True
                self._run(step)

        retried(write)

    def feedback(self, unit: str, student: str) -> None:
        """`nbgrader generate_feedback --force` for one learner."""
        pages = Config()
        pages.HTMLExporter.template_name = "feedback"
        with self._for(unit, student) as course:
            step = GenerateFeedback(coursedir=course, parent=self._app)
            step.update_config(pages)
            step.force = True
            self._run(step)

    def release_feedback(self, unit: str, student: str) -> None:
        """`nbgrader release_feedback` for one learner: the page, in the exchange."""
        with self._for(unit, student) as course:
            self._run(self._app.exchange.ReleaseFeedback(**self._parts(course)))

    def export(self, target: Path, units: Sequence[str]) -> None:
        """`nbgrader export`: a csv with every learner's score of these assignments, or of all."""
        course = self._app.coursedir
        plugin = CsvExport(parent=self._app, to=str(target), assignment=list(units))
        with opened(course.db_url, course.course_id) as gradebook:
            plugin.export(gradebook)

    def _parts(self, course: Any) -> dict[str, Any]:
        return {
            "coursedir": course,
            "authenticator": self._app.authenticator,
            "parent": self._app,
        }

    @contextmanager
    def _for(self, unit: str, student: str = "*") -> Iterator[Any]:
        course = self._app.coursedir
        before = course.assignment_id, course.student_id
        course.assignment_id, course.student_id = unit, student
        try:
            yield course
        finally:
            course.assignment_id, course.student_id = before

    def _run(self, step: Any) -> None:
        self._errors.lines.clear()
        try:
            with warnings.catch_warnings():
                # Of nbgrader's use of SQLAlchemy; they say nothing about the course.
                warnings.simplefilter("ignore", SAWarning)
                step.start()
        except (NbGraderException, ExchangeError, RuntimeError, OSError) as error:
            reason = self._errors.reason() or str(error)
            raise CourseError(f"{reason} ({self._folder / LOG} tells more.)") from None


class _Errors(logging.Handler):
    """The last errors that nbgrader logged: it raises an exception that names no reason."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line: of a traceback the exception, else the last."""
        lines = record.getMessage().strip().splitlines()
        raised = [line for line in lines if _EXCEPTION.match(line)]
        if lines and len(self.lines) < 20:
            self.lines.append((raised or lines)[-1])

    def reason(self) -> str:
        """The first exception that was logged, else the first error."""
        raised = [line for line in self.lines if _EXCEPTION.match(line)]
        line = next(iter([*raised, *self.lines]), "")
        return line.removeprefix("firsthand.unit.CourseError: ")
