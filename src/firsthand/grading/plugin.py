"""The pytest side of a grader: marks, fixtures, and one collected session that is run many times.

`pytest.main` costs a third of a second per call, most of it start-up and garbage collection. A
`Suite` therefore collects a unit's tests once and runs single items on request, each against the
submission that is current then.
"""

import hashlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from _pytest.config import Config, _prepareconfig
from _pytest.main import Session as PytestSession
from _pytest.runner import runtestprotocol

from firsthand import compare
from firsthand.unit import CourseError

MARKS = (
    "exercise(name): the exercise that a test belongs to",
    "visible: learners may read this test",
    "weight(number): the test's share of the exercise's points (1 by default)",
)

# No plugin of the machine, no conftest, no capture: the engine takes output and time itself. The
# two exception plugins run full garbage collections over torch's heap at the end of every test.
_ARGUMENTS = (
    *(
        "-p no:cacheprovider -p no:junitxml -p no:doctest -p no:logging -p no:unraisableexception"
    ).split(),
    *(
        "-p no:threadexception -p no:terminal -p no:warnings -p no:faulthandler -p no:capture"
    ).split(),
    *("--noconftest --assert=plain --import-mode=importlib -c").split(),
    os.devnull,
)


@dataclass(frozen=True)
class GraderTest:
    """One collected test.

    `key` identifies it apart from the file it stands in: "Class::test" or "test".
    """

    item: pytest.Item
    key: str
    exercise: str
    visible: bool
    weight: float

    @property
    def name(self) -> str:
        """The test's own name, without its class."""
        return self.item.name

    @property
    def sentence(self) -> str:
        """The name as learners read it."""
        return self.item.name.removeprefix("test_").replace("_", " ")


@dataclass(frozen=True)
class Outcome:
    """How one run of a test ended: the exception that left it, or None."""

    exception: BaseException | None
    seconds: float


class GraderPlugin:
    """Fixtures of graders, for the submission and the seed that are current."""

    def __init__(self) -> None:
        self.submission: Any = None
        self.seed = 0
        self.exception: BaseException | None = None

    def pytest_configure(self, config: Config) -> None:
        """Register the marks."""
        for mark in MARKS:
            config.addinivalue_line("markers", mark)

    @pytest.fixture(name="submission")
    def _submission(self) -> Any:
        """The learner's names, whichever process they live in."""
        return self.submission

    @pytest.fixture(name="seed")
    def _seed(self) -> int:
        """An integer drawn from the test's id and the course key."""
        return self.seed

    @pytest.fixture(name="generator")
    def _generator(self) -> torch.Generator:
        """A generator seeded from the test's id and the course key."""
        return torch.Generator().manual_seed(self.seed)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[Any]:
        """Keep the exception itself: a report only has its text."""
        if call.excinfo is not None and self.exception is None:
            self.exception = call.excinfo.value
        return (yield)


@dataclass(frozen=True)
class Until:
    """Stop an exercise at its first failure; begin with the tests of the function `first`."""

    first: str

    def ordered(self, tests: Sequence[GraderTest]) -> list[GraderTest]:
        """The tests in the order in which to run them."""
        return sorted(tests, key=lambda test: function_of(test.key) != self.first)


def function_of(key: str) -> str:
    """The function of a test, such as "test_it" of "file.py::TestIt::test_it[3]"."""
    return key.split("::")[-1].partition("[")[0]


class Suite:
    """The tests of a list of files, collected once."""

    def __init__(self, paths: Sequence[Path], *, unit: str) -> None:
        """Collect.

        Raises CourseError where a file cannot be collected or a test has no exercise.
        """
        if not paths:
            raise CourseError(f"unit {unit} has no graders: there is no graders/test_{unit}.py.")
        self.unit = unit
        self.paths = tuple(paths)
        self.digest = _digest(self.paths)  # before collecting: a later edit then shows as changed
        self._plugin = GraderPlugin()
        arguments = [*_ARGUMENTS, "--rootdir", str(paths[0].parent), *map(str, paths)]
        # Byte code of hidden tests must not appear beside them, and nothing of the environment may
        # add plugins.
        written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        saved = {k: os.environ.get(k) for k in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS")}
        os.environ.update(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTEST_ADDOPTS="")
        try:
            config = _prepareconfig(arguments, [self._plugin])
            config._do_configure()
            self._session = PytestSession.from_config(config)
            config.hook.pytest_sessionstart(session=self._session)
            self.tests = tuple(self._collect(arguments))
        finally:
            # pytest would take a file of this name that it has imported before for the same file.
            for path in paths:
                sys.modules.pop(path.stem, None)
            sys.dont_write_bytecode = written
            for key, value in saved.items():
                os.environ.pop(key, None) if value is None else os.environ.update({key: value})
            os.environ.pop("PYTEST_VERSION", None)

    def _collect(self, arguments: list[str]) -> Iterator[GraderTest]:
        errors: list[str] = []

        class Collected:
            def pytest_collectreport(self, report: pytest.CollectReport) -> None:
                if report.failed:
                    errors.append(str(report.longrepr))

        collected = Collected()
        self._session.config.pluginmanager.register(collected)
        try:
            items = self._session.perform_collect()
        finally:
            self._session.config.pluginmanager.unregister(collected)
        if errors:
            raise CourseError(
                f"the graders of {self.unit} cannot be collected: {errors[0].strip()}"
            )
        for item in items:
            yield self._described(item)

    def _described(self, item: pytest.Item) -> GraderTest:
        mark = item.get_closest_marker("exercise")
        key = item.nodeid.partition("::")[2]
        if mark is None or not mark.args:
            raise CourseError(f'{item.nodeid} has no @pytest.mark.exercise("name").')
        weight = item.get_closest_marker("weight")
        visible = item.get_closest_marker("visible") is not None
        return GraderTest(
            item, key, mark.args[0], visible, float(weight.args[0]) if weight else 1.0
        )

    def run(self, test: GraderTest, submission: Any, *, course_key: str) -> Outcome:
        """Run one test against a submission. Never raises for what happens inside the test."""
        plugin = self._plugin
        plugin.submission, plugin.exception = submission, None
        plugin.seed = derived_seed(course_key, self.unit, test.key)
        started = time.perf_counter()
        try:
            with compare.revealing(test.visible):
                # nextitem=None tears every fixture down: nothing is kept from one submission to the
                # next.
                runtestprotocol(test.item, log=False, nextitem=None)
            return Outcome(plugin.exception, time.perf_counter() - started)
        finally:
            plugin.submission = plugin.exception = None

    def changed(self) -> bool:
        """Whether a file differs from what was collected."""
        return self.digest != _digest(self.paths)

    def close(self) -> None:
        """End the pytest session."""
        self._session.config._ensure_unconfigure()


def derived_seed(course_key: str, unit: str, key: str) -> int:
    """A seed in [0, 2**31) that nobody knows without the course key."""
    digest = hashlib.sha256(f"{course_key}\n{unit}\n{key}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def _digest(paths: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(p.read_bytes() for p in paths)).hexdigest()
