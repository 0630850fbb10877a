"""`firsthand --help` answers at once: it imports nothing heavy."""

import resource
import subprocess
import sys

import pytest

# Every subcommand's help goes through the same imports as the command line itself.
REPORT_MODULES = """
import sys
from firsthand.cli import app
try:
    app({arguments!r})
except SystemExit as end:
    code = end.code
print(*sorted(sys.modules), sep="\\n", file=sys.stderr)
sys.exit(code)
"""
HEAVY = [
    "torch",
    "nbgrader",
    "nbformat",
    "nbconvert",
    "jupytext",
    "matplotlib",
    "pytest",
    "numpy",
    "dask",
]


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["check", "--help"], ["dev", "--help"], ["course", "--help"]],
    ids=" ".join,
)
def test_help_imports_nothing_heavy(arguments):
    script = REPORT_MODULES.format(arguments=arguments)
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode == 0, result.stderr[-2000:]
    assert "Usage" in result.stdout
    modules = set(result.stderr.split())
    assert "firsthand.cli" in modules
    found = [name for name in HEAVY if name in modules]
    assert not found, f"`firsthand {' '.join(arguments)}` imports {found}"


def test_help_takes_at_most_three_tenths_of_a_second():
    # CPU time of the fastest of five: the bar is about our imports, not about a busy machine.
    command = [sys.executable, "-c", "from firsthand.cli import app; app(['--help'])"]
    seconds = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, timeout=60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) <= 0.3, f"`firsthand --help` takes {min(seconds):.2f} CPU seconds"
