"""Run every check of the project, each under a headline, and close with one line of counts.

`make test` calls it, and `make test-all` with `--all`, which adds the end-to-end tests: whole
cohorts, every attack, kills, databases, a cluster, a browser. All checks run, also after one has
failed, so that one run shows everything. The exit code is 0 if all passed, else 1.

The tests wait for processes and clocks half of the time, so long checks that are no tests start
first and run beside them; each one's output is shown whole when its turn comes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FORMATTED = [name for name in ("src", "tests", "scripts", "benchmarks") if (ROOT / name).is_dir()]

EVERY_TIME = ["lint", "units", "tests"]
BESIDES = ["end-to-end"]


class Check(NamedTuple):
    """One command.

    group: what `--only` selects. beside: it starts before the first, and its turn is to be waited
    for.
    """

    title: str
    group: str
    command: list[str]
    beside: bool = False


class Counts(NamedTuple):
    """How many tests ended in which way."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":  # type: ignore[override]
        """Add state by state, not end to end as tuples do."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


def checks(junit: Path) -> list[Check]:
    """Every check in the order in which it runs; pytest writes its results to `junit`."""
    workflows = [str(p) for p in sorted((ROOT / ".github/workflows").glob("*.yml"))]
    schema = ["--builtin-schema", "vendor.github-workflows"]
    concise = ["--output-format", "concise"]  # one line for each finding
    # The tests of one file share their fixtures.
    parallel = ["-n", "2", "--dist", "loadfile", f"--junitxml={junit}"]
    return [
        Check("ruff check", "lint", [tool("ruff"), "check", *concise, "."]),
        Check("ruff format", "lint", [tool("ruff"), "format", "--check", *concise, *FORMATTED]),
        Check("GitHub workflows", "lint", [tool("check-jsonschema"), *schema, *workflows]),
        Check("notebooks are fresh", "units", [tool("firsthand"), "dev", "build", "--check"]),
        Check("tests", "tests", [*pytest("not end_to_end"), *parallel]),
        Check("mypy", "lint", [tool("mypy")], beside=True),
        Check("units", "units", [tool("firsthand"), "dev", "check", "--quick"], beside=True),
        Check("units in full", "end-to-end", [tool("firsthand"), "dev", "check"]),
        Check("end to end", "end-to-end", [*pytest("end_to_end"), *parallel]),
    ]


def tool(name: str) -> str:
    """Path of a program of this environment."""
    return str(BIN / name)


def pytest(marks: str) -> list[str]:
    """pytest, short, with the slowest tests named: the whole run has a budget."""
    slowest = ["--durations=10", "--durations-min=5"]
    return [sys.executable, "-m", "pytest", "tests", "-q", "-m", marks, *slowest]


def environment() -> dict[str, str]:
    """The environment of every check: this project's programs first, one thread per process."""
    return {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",  # nbgrader looks for alembic
        "OMP_NUM_THREADS": "1",  # two pytest workers share two cores
        "MPLBACKEND": "Agg",
        "PYTHONUNBUFFERED": "1",
    }


def pytest_counts(junit: Path) -> Counts:
    """The counts of pytest's closing line, from its JUnit file; zeros if it wrote none."""
    if not junit.is_file():
        return Counts()
    suites = ElementTree.parse(junit).getroot().iter("testsuite")
    total = Counts()
    for suite in suites:
        run, failures, errors, skipped = (
            int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")
        )
        total += Counts(run - failures - errors - skipped, failures + errors, skipped)
    return total


def run(check: Check, junit: Path) -> Counts:
    """Run one check and show its output; its counts are pytest's, or one for the check."""
    print(f"\n=== {check.title}", flush=True)
    begin = time.monotonic()
    junit.unlink(missing_ok=True)
    code = subprocess.run(check.command, cwd=ROOT, env=environment(), check=False).returncode
    by_pytest = any(word.startswith("--junitxml=") for word in check.command)
    counts = pytest_counts(junit) if by_pytest else Counts()
    # A pytest that stopped for another reason (no test found, broken configuration) has failed too.
    if not by_pytest or (code != 0 and not counts.failed):
        counts += Counts(passed=1) if code == 0 else Counts(failed=1)
    tell(check, code, begin)
    return counts


def tell(check: Check, code: int, begin: float) -> None:
    """The line that closes a check."""
    print(f"=== {check.title}: {'passed' if code == 0 else 'FAILED'}", end=" ")
    print(f"in {time.monotonic() - begin:.0f} s", flush=True)


class Beside:
    """A check that runs beside others, and its output so far. A context manager."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._begin = time.monotonic()
        self._output = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            check.command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> "Beside":
        return self

    def __exit__(self, *_: object) -> None:
        """End it where its turn never came."""
        self._process.terminate()
        self._process.wait()
        self._output.close()

    def finished(self) -> Counts:
        """Wait for its end and show what it printed."""
        print(f"\n=== {self.check.title}", flush=True)
        code = self._process.wait()
        self._output.seek(0)
        sys.stdout.write(self._output.read().decode(errors="replace"))
        tell(self.check, code, self._begin)
        return Counts(passed=1) if code == 0 else Counts(failed=1)


def main() -> int:
    """Parse the arguments, run the checks, print the closing line."""
    parser = argparse.ArgumentParser(description=__doc__)
    groups = [*EVERY_TIME, *BESIDES]
    parser.add_argument("--only", choices=groups, help="one group of checks")
    parser.add_argument("--all", action="store_true", help="the end-to-end tests too")
    arguments = parser.parse_args()
    groups = [arguments.only] if arguments.only else groups if arguments.all else EVERY_TIME
    begin = time.monotonic()
    total, broken = Counts(), []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        junit = Path(folder, "junit.xml")
        chosen = [check for check in checks(junit) if check.group in groups]
        started = {c.title: stack.enter_context(Beside(c)) for c in chosen if c.beside}
        for check in chosen:
            beside = started.get(check.title)
            counts = beside.finished() if beside else run(check, junit)
            total += counts
            broken += [check.title] if counts.failed else []
    print(f"\n{time.monotonic() - begin:.0f} s in all", end="")
    print(f"; failed: {', '.join(broken)}" if broken else "")
    skipped = f", {total.skipped} skipped" if total.skipped else ""
    print(f"{total.passed} passed, {total.failed} failed{skipped}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
