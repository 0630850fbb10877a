"""Run a notebook from top to bottom in a kernel of its own, offline, and keep clean outputs.

Outputs hold nothing that changes from one run or machine to the next: no timing, no absolute path,
no memory address, no stderr; a progress bar is reduced to its last state.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firsthand.build import skip_uri_grammar
from firsthand.unit import CourseError, Unit

if TYPE_CHECKING:
    from rich.console import Console

CELL_SECONDS = 120  # for a cell without slow=; a loaded machine must not fail an honest build
SLOW_FACTOR = 4
_BLOCK = "--IPKernelApp.exec_lines=from firsthand.build.offline import block; block(); del block"
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def execute_solution(
    unit: Unit, notebook: dict[str, Any], *, console: "Console | None" = None
) -> list[str]:
    """Run the solution notebook and put its outputs into `notebook`.

    Returns notes for the author. Raises CourseError for a cell that raises or takes too long, and
    for a check cell that writes to stderr (nbgrader would score it 0).
    """
    started = time.perf_counter()
    outputs = run_notebook(unit, notebook, console=console)
    seconds = time.perf_counter() - started
    notes = [] if seconds <= unit.notebook_seconds else [_over_budget(unit, seconds)]
    points = {e.name: float(e.points) for e in unit.exercises}
    count = 0
    for index, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        count += 1
        where = cell_name(unit, cell)
        if errors := "".join(o["text"] for o in outputs[index] if o.get("name") == "stderr"):
            first = errors.strip().splitlines()[0][:120]
            if cell["metadata"]["firsthand"]["kind"] == "check":
                raise CourseError(f"{where} writes to stderr, which nbgrader scores 0: {first}")
            notes.append(f"{where} writes to stderr (left out): {first}")
        cell["execution_count"] = count
        cell["outputs"] = clean(outputs[index], _places(unit))
        notes += _remarks(cell, where, points)
    return notes


def run_notebook(
    unit: Unit, notebook: Mapping[str, Any], *, console: "Console | None" = None
) -> list[list[dict[str, Any]]]:
    """The outputs of each cell of a notebook, run in a temporary folder; `notebook` is unchanged.

    Raises CourseError, with the cell, when one raises or passes its deadline.
    """
    skip_uri_grammar()
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    copy = nbformat.from_dict(notebook)
    with tempfile.TemporaryDirectory(prefix="firsthand-") as folder, _Progress(console) as bar:
        bar.start(unit.id, len(copy.cells))
        client = NotebookClient(
            copy,
            kernel_name="python3",
            timeout_func=_deadline,
            record_timing=False,
            resources={"metadata": {"path": folder}},
            extra_arguments=[_BLOCK],
            on_cell_start=bar.on_cell,
        )
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # the kernel's log
        try:
            client.execute(env=_environment(unit, folder), **quiet)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            cell = copy.cells[bar.index]
            raise CourseError(f"{cell_name(unit, cell)} {_failure(error, cell)}") from None
    return [[dict(o) for o in cell.get("outputs", [])] for cell in copy.cells]


def _failure(error: Exception, cell: Mapping[str, Any]) -> str:
    """What went wrong in a cell, as the end of a sentence."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    if isinstance(error, CellExecutionError):
        return f"raises {error.ename}: {_first_line(error.evalue)}"
    if isinstance(error, CellTimeoutError):
        seconds = _deadline(cell)
        return f"runs for more than {seconds} s; shrink it, or mark it with slow=SECONDS."
    return "ends the kernel (out of memory, or a crash)."


def clean(outputs: list[dict[str, Any]], places: Mapping[str, str]) -> list[dict[str, Any]]:
    """The outputs without stderr and without anything that changes between runs or machines."""
    kept: list[dict[str, Any]] = []
    for output in outputs:
        if output["output_type"] == "stream":
            if output["name"] == "stderr":
                continue
            text = output["text"]
            if kept and kept[-1]["output_type"] == "stream":
                kept[-1]["text"] += text  # where a stream was cut depends on timing
            else:
                kept.append({"output_type": "stream", "name": "stdout", "text": text})
            continue
        data = {k: _plain(v, places) if _is_text(k) else v for k, v in output["data"].items()}
        row = {"output_type": output["output_type"], "data": data}
        row["metadata"] = dict(output["metadata"])
        kept.append(row | ({"execution_count": None} if "execution_count" in output else {}))
    for output in kept:
        if output["output_type"] == "stream":
            output["text"] = _plain(_last_states(output["text"]), places)
    return [o for o in kept if o.get("text", " ")]


def cell_name(unit: Unit, cell: Mapping[str, Any]) -> str:
    """How messages call a cell of a built notebook."""
    own = cell["metadata"].get("firsthand", {})
    return f"{unit.id}: {own.get('kind', 'a')} cell {own.get('name') or cell['id']!r}"


def _remarks(cell: Mapping[str, Any], where: str, points: Mapping[str, float]) -> list[str]:
    own = cell["metadata"]["firsthand"]
    notes = []
    if own["kind"] == "check" and (score := shown_score(cell)) != points[own["name"]]:
        notes.append(f"{where} shows {score} of {points[own['name']]:g} points")
    for output in cell["outputs"]:
        if "image/png" in output.get("data", {}) and not _alt(output):
            notes.append(
                f"{where} shows a plot without a description; end in plots.show(fig, alt=...)"
            )
    return notes


def shown_score(cell: Mapping[str, Any]) -> float | None:
    """The number that a check cell shows, which nbgrader would take; None without one."""
    for output in cell["outputs"]:
        try:
            return float("".join(output["data"]["text/plain"]))  # a file holds a list of lines
        except (KeyError, ValueError):
            continue
    return None


def _alt(output: Mapping[str, Any]) -> str:
    metadata = output["metadata"]
    return str(metadata.get("image/png", {}).get("alt", "") or metadata.get("alt", ""))


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind == "image/svg+xml"


def _plain(text: str, places: Mapping[str, str]) -> str:
    for place, name in places.items():
        text = text.replace(place, name)
    return _ADDRESS.sub("at 0x…", text)


def _last_states(text: str) -> str:
    """Text as a terminal would leave it: of each line, what stands after the last return."""
    text = _ESCAPE.sub("", text.replace("\r\n", "\n"))
    return "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))


def _places(unit: Unit) -> dict[str, str]:
    """Folders of this machine and what stands for them in an output; the longest comes first."""
    named = {str(unit.root): "<course>", sys.prefix: "<python>", str(Path.home()): "~"}
    named |= {tempfile.gettempdir(): "<tmp>"}
    return {k: v for k, v in sorted(named.items(), key=lambda i: -len(i[0])) if len(k) > 1}


def _deadline(cell: Mapping[str, Any]) -> int:
    seconds = int(cell["metadata"].get("firsthand", {}).get("seconds", 0))
    return max(CELL_SECONDS, SLOW_FACTOR * seconds)


def _environment(unit: Unit, folder: str) -> dict[str, str]:
    """The kernel's environment: one thread, the course found, nothing of the person's settings."""
    own = {
        "FIRSTHAND_COURSE": str(unit.root),
        "FIRSTHAND_EXECUTING_SOLUTION": "1",
        "IPYTHONDIR": str(Path(folder) / ".ipython"),
        "MPLCONFIGDIR": str(Path(tempfile.gettempdir()) / "firsthand-matplotlib"),
        "MKL_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
    }
    dropped = ("FIRSTHAND_WORKER", "FIRSTHAND_COURSE_KEY", "FIRSTHAND_COURSE_KEY_FILE")
    kept = {k: v for k, v in os.environ.items() if k not in dropped}
    return kept | own


def _first_line(text: str) -> str:
    lines = _ESCAPE.sub("", text or "").strip().splitlines()
    return lines[0] if lines else "no message"


def _over_budget(unit: Unit, seconds: float) -> str:
    return (
        f"took {seconds:.0f} s; its budget is {unit.notebook_seconds:.0f} s on two free cores "
        "(seconds.notebook in unit.toml)"
    )


class _Progress:
    """One progress bar over cells on a terminal, nothing elsewhere; remembers the current cell."""

    def __init__(self, console: "Console | None") -> None:
        self.index = 0
        self._bar: Any = None
        if console is not None and console.is_terminal:
            from rich.progress import Progress

            self._bar = Progress(console=console, transient=True)

    def __enter__(self) -> "_Progress":
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def start(self, name: str, total: int) -> None:
        if self._bar is not None:
            self._task = self._bar.add_task(name, total=total)

    def on_cell(self, cell: Any, cell_index: int) -> None:
        self.index = cell_index
        if self._bar is not None:
            self._bar.update(self._task, completed=cell_index)
