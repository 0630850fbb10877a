"""What a cohort costs through `nbgrader autograde`: this project's course beside stock nbgrader.

    OMP_NUM_THREADS=1 python -m benchmarks.nbgrader_speed                 1, 20, 100 submissions
    OMP_NUM_THREADS=1 python -m benchmarks.nbgrader_speed --counts 20 --repeats 5

Both grade the attention exercise with the same checks, each in a course folder of its own, each
command in a new process, as an instructor runs it. Ratios are of CPU seconds, which other jobs on
the machine disturb less, and of the time on the clock, in which ours uses two cores.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib
import matplotlib.font_manager  # makes the list of fonts where there is none
import nbformat
import psutil

from benchmarks import attention
from firsthand.build.notebooks import build
from firsthand.cohort.course import load_course, prepare_environment
from firsthand.cohort.create import copy_unit, create_course
from firsthand.gradebook import book
from firsthand.gradebook.driver import Driver

POLL = 0.25  # seconds between two looks at the processes of a command: a look takes time itself
BUSY = 3.0  # load average above which times on the clock say little
UNIT = "901_attention"
STOCK = "attention"
STOCK_CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'stock'\n"
SOURCE = f'''\
# %% [markdown]
# # Attention
#
# One head.

# %%
import torch

from firsthand import use_unit

use_unit("{UNIT}")

# %% [markdown]
# ## One head
#
# As in a transformer.

# %% [markdown]
# ### attention
#
# Causal attention.

# %% exercise="attention"
'''


class Cost(NamedTuple):
    """Seconds of one command: of processors, and on the clock."""

    cpu: float
    wall: float


def run(command: Sequence[str], folder: Path) -> Cost:
    """The cost of a command with all that it starts. Ends this program where it fails."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    environment = {key: value for key, value in os.environ.items() if "FIRSTHAND" not in key}
    fonts = {"MPLCONFIGDIR": matplotlib.get_cachedir()}  # as on a machine that has plotted before
    environment |= {"HOME": str(home), "OMP_NUM_THREADS": "1"} | fonts
    walled: dict[int, float] = {}
    started, before = time.perf_counter(), os.times()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        while process.poll() is None:
            walled |= dict(_behind_bubblewrap(process.pid))
            time.sleep(POLL)
        wall, after = time.perf_counter() - started, os.times()
        if process.returncode:
            log.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{log.read().decode()[-4000:]}")
    waited = after.children_user + after.children_system
    waited -= before.children_user + before.children_system
    return Cost(waited + sum(walled.values()), wall)


def _behind_bubblewrap(pid: int) -> Iterator[tuple[int, float]]:
    """The processes that bubblewrap started, with the seconds of each and of its ended children.

    A parent gets the seconds of a child that it waits for, but bubblewrap does not pass on its own.
    """
    try:
        family = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return
    for process in family:
        try:
            parent = process.parent()
            if process.name() != "bwrap" and parent is not None and parent.name() == "bwrap":
                yield process.pid, sum(process.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue


def make_ours(base: Path, most: int) -> Path:
    """The folder of a released course of this project, with `most` learners."""
    unit = attention.unit(base / "project")
    lines = attention.REFERENCE.strip().split("\n")
    lines = [*lines[:2], "    ### BEGIN SOLUTION", *lines[2:], "    ### END SOLUTION"]
    (unit.folder / "unit.py").write_text(SOURCE + "\n".join(lines) + "\n")
    build(unit, execute=False)
    roster = base / "roster.csv"
    rows = [f"{name},First,Last,," for name in learners(most)]
    roster.write_text("\n".join(["id,first name,last name,email,account", *rows, ""]))
    units = {UNIT: None}
    course = create_course(base / "course", project=unit.root, roster=roster, units=units)
    prepare_environment(course)
    copy_unit(course, unit)
    with Driver(course.folder) as driver:
        driver.generate(UNIT)
    return course.folder


def make_stock(base: Path) -> Path:
    """The folder of a course of stock nbgrader, without any configuration but its name."""
    folder = base / "course"
    (folder / "source" / STOCK).mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(STOCK_CONFIG)
    notebook = attention.stock_notebook(attention.REFERENCE)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["kernelspec"] = kernel
    nbformat.write(notebook, folder / "source" / STOCK / f"{STOCK}.ipynb")
    book.create_schema(stock_url(folder), "stock")
    with Driver(folder) as driver:
        driver.generate(STOCK)
    return folder


def stock_url(folder: Path) -> str:
    """Where stock nbgrader keeps the gradebook of a course folder."""
    return f"sqlite:///{folder / 'gradebook.db'}"


def learners(count: int) -> list[str]:
    """Their ids."""
    return [f"learner{number:05d}" for number in range(count)]


def handed_in(made: Path, unit: str, count: int) -> Path:
    """A fresh copy of a course folder, in which `count` learners have handed in right answers."""
    folder = made.with_name("copy")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made, folder)
    release = json.loads((folder / "release" / unit / f"{unit}.ipynb").read_text())
    answer = next(
        cell
        for cell in release["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "attention"
    )
    for number, learner in enumerate(learners(count)):
        answer["source"] = attention.cells(number)[1].source
        target = folder / "submitted" / learner / unit
        target.mkdir(parents=True)
        (target / f"{unit}.ipynb").write_text(json.dumps(release))
    return folder


def autograde(folder: Path, unit: str) -> Cost:
    """Nbgrader's own command, also for what is graded already."""
    command = [sys.executable, "-m", "nbgrader", "autograde", unit, "--force"]
    return run(command, folder)


def course_grade(folder: Path) -> Cost:
    """`firsthand course grade`."""
    script = "from firsthand.cli import app\nif __name__ == '__main__':\n    app()"
    (folder / "command.py").write_text(script)
    return run([sys.executable, "command.py", "course", "grade", UNIT[:3]], folder)


def check(db_url: str, unit: str, cell: str, count: int) -> None:
    """Hold a gradebook to full marks for everybody: what was timed was also done."""
    scores = [row[cell].automatic for row in book.scores(db_url, unit).values()]
    assert scores == [3.0] * count, scores


def measure_ours(made: Path, count: int) -> dict[str, Cost]:
    """The costs of `count` submissions in this project's course, by what was run."""
    folder = handed_in(made, UNIT, count)
    costs = {"ours": autograde(folder, UNIT)}
    check(load_course(folder).db_url, UNIT, "check_attention", count)
    costs["without the engine"] = autograde(folder, UNIT)  # every report is kept in results.db
    folder = handed_in(made, UNIT, count)
    costs["course grade"] = course_grade(folder)
    check(load_course(folder).db_url, UNIT, "check_attention", count)
    return costs


def measure_stock(made: Path, count: int) -> Cost:
    """The cost of `count` submissions in stock nbgrader."""
    folder = handed_in(made, STOCK, count)
    cost = autograde(folder, STOCK)
    check(stock_url(folder), STOCK, "check", count)
    return cost


def stock_costs(made: Path, counts: Sequence[int], limit: int) -> dict[int, Cost]:
    """By number of submissions; on a line through two measured ones for more than `limit`."""
    beyond = [count for count in counts if count > limit]
    measured = set(counts) - set(beyond) | ({1, limit} if beyond else set())
    costs = {count: measure_stock(made, count) for count in sorted(measured)}
    for count in beyond:
        steps = (count - 1) / (limit - 1)
        pairs = zip(costs[1], costs[limit], strict=True)
        costs[count] = Cost(*(one + steps * (most - one) for one, most in pairs))
    return costs


def show(what: str, costs: Sequence[Cost], count: int) -> None:
    """One line: seconds for each submission, with the smallest and the largest of the repeats."""
    columns = []
    for name, spent in (("CPU", [c.cpu for c in costs]), ("clock", [c.wall for c in costs])):
        each = [seconds / count for seconds in spent]
        spread = f"({min(each):.3f}-{max(each):.3f})"
        columns.append(f"{name} {statistics.median(each):7.3f} s {spread:<16}")
    print(f"  {what:<58} {'  '.join(columns)}".rstrip())


def show_ratio(what: str, stock: Sequence[Cost], ours: Sequence[Cost]) -> None:
    """One line: how many times the seconds of ours stock nbgrader takes."""
    columns = []
    for name, field in (("CPU", "cpu"), ("clock", "wall")):
        pairs = zip(stock, ours, strict=True)
        ratios = [getattr(s, field) / getattr(o, field) for s, o in pairs]
        spread = f"({min(ratios):.1f}-{max(ratios):.1f})"
        columns.append(f"{name} {statistics.median(ratios):7.1f} x {spread:<16}")
    print(f"  {what:<58} {'  '.join(columns)}".rstrip())


def show_all(
    count: int, ours: Sequence[dict[str, Cost]], stock: Sequence[Cost], limit: int
) -> None:
    """The lines for one number of submissions."""
    print(f"\n{count} submission{'s' if count > 1 else ''}, seconds for each")
    by_way = {way: [costs[way] for costs in ours] for way in ours[0]}
    note = f"; extrapolated from 1 and {limit}" if count > limit else ""
    show(f"stock: nbgrader autograde{note}", stock, count)
    show("ours: nbgrader autograde", by_way["ours"], count)
    show("ours: the same again, with every report kept", by_way["without the engine"], count)
    show("ours: firsthand course grade", by_way["course grade"], count)
    show_ratio("nbgrader autograde, stock / ours", stock, by_way["ours"])
    show_ratio("stock nbgrader autograde / firsthand course grade", stock, by_way["course grade"])
    shares = [costs["without the engine"].cpu / costs["ours"].cpu for costs in ours]
    print(f"  {'of ours, without the engine':<58} {100 * statistics.median(shares):.0f} %")


def main() -> None:
    """Parse the arguments, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 20, 100], metavar="N")
    parser.add_argument("--repeats", type=int, default=3, metavar="N")
    parser.add_argument(
        "--stock-most",
        type=int,
        default=20,
        metavar="N",
        help="stock nbgrader is not run with more submissions than this, but extrapolated",
    )
    arguments = parser.parse_args()
    limit = max(2, arguments.stock_most)
    counts = sorted(set(arguments.counts))
    with tempfile.TemporaryDirectory() as folder:
        ours = make_ours(Path(folder, "ours"), max(counts))
        stock = make_stock(Path(folder, "stock"))
        busiest = os.getloadavg()[0]
        rows: list[tuple[dict[int, dict[str, Cost]], dict[int, Cost]]] = []
        for _ in range(arguments.repeats):
            mine = {count: measure_ours(ours, count) for count in counts}
            rows.append((mine, stock_costs(stock, counts, limit)))
            busiest = max(busiest, os.getloadavg()[0])
    note = ": the clock says little, read the CPU seconds" if busiest > BUSY else ""
    print(f"{os.cpu_count()} cores, load average up to {busiest:.1f}{note}")
    print(f"{arguments.repeats} repeats: median (smallest-largest)")
    for count in counts:
        mine, others = [row[count] for row, _ in rows], [row[count] for _, row in rows]
        show_all(count, mine, others, limit)


if __name__ == "__main__":
    main()
