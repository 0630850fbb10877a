"""Run the learner's cells, and find the learner's own lines behind an exception."""

import ast
import linecache
import re
from types import CodeType, TracebackType
from typing import Any

from firsthand.grading.errors import Frame, SubmissionError, submission_error

MAX_FRAMES = 20
MAX_REPR = 10_000  # characters of a cell's last value
MAX_SOURCE = 500  # characters of a reported line
_PREFIX, _REFERENCE_PREFIX = "<cell ", "<reference "


def run_cell(label: str, source: str, namespace: dict[str, Any]) -> str | None:
    """Execute one cell. Returns the repr of its last expression, or None."""
    filename = f"{_PREFIX}{label}>"
    # Without an entry here a traceback would show no line of the cell.
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    tree = ast.parse(source, filename)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(_compile(tree, filename), namespace)
    if not isinstance(last, ast.Expr):
        return None
    value = eval(_compile(ast.Expression(last.value), filename), namespace)
    return None if value is None else repr(value)[:MAX_REPR]


def run_reference(name: str, source: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Execute reference source. Returns the names it rebound, with what they stood for before.

    A name that did not exist before is marked by `MISSING`. Lines of the reference are never
    shown: it is not entered in linecache, and `learner_frames` passes over it.
    """
    before = dict(namespace)
    exec(compile(source, f"{_REFERENCE_PREFIX}{name}>", "exec", dont_inherit=True), namespace)
    return {
        key: before.get(key, MISSING)
        for key, value in namespace.items()
        if before.get(key, MISSING) is not value
    }


MISSING: Any = object()


def _compile(tree: ast.Module | ast.Expression, filename: str) -> CodeType:
    mode = "exec" if isinstance(tree, ast.Module) else "eval"
    return compile(tree, filename, mode, dont_inherit=True)


def learner_frames(error: BaseException, namespace: dict[str, Any]) -> list[Frame]:
    """The lines of the learner's cells that an exception passed through, outermost first.

    Code belongs to the learner if its globals are the namespace: that holds for cells that ran
    here and for cells that a kernel ran.
    """
    frames: list[Frame] = []
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if traceback.tb_frame.f_globals is namespace and not code.co_filename.startswith(
            _REFERENCE_PREFIX
        ):
            frames.append(_frame(code.co_filename, traceback.tb_lineno, code.co_qualname))
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and (error.filename or "").startswith(_PREFIX):
        frames.append(_frame(str(error.filename), error.lineno or 1))
    return frames[-MAX_FRAMES:]


def syntax_error_of(name: str, history: object) -> SubmissionError | None:
    """The syntax error in the newest source that defines `name`, or None where it has none.

    history: the sources that a kernel ran, oldest first; the learner can rebind that name, so it
    may be anything.
    """
    defines = re.compile(rf"^\s*((async\s+)?def|class)\s+{name}\b|^{name}\s*=", re.MULTILINE)
    sources = history if isinstance(history, list) else []
    source = next((s for s in reversed(sources) if isinstance(s, str) and defines.search(s)), "")
    if not source:
        return None
    from IPython.core.inputtransformer2 import TransformerManager  # a kernel has it loaded

    try:
        manager = TransformerManager()  # type: ignore[no-untyped-call]
        ast.parse(manager.transform_cell(source))
    except SyntaxError as error:
        frame = Frame(name, error.lineno or 1, (error.text or "").strip()[:MAX_SOURCE])
        kind = type(error).__name__
        return submission_error(kind, [kind], error.msg, [frame])
    return None


def _frame(filename: str, line: int, name: str = "") -> Frame:
    """One line. A kernel's own cell has no label: the name it defines stands for it."""
    source = linecache.getline(filename, line).strip()[:MAX_SOURCE]
    if filename.startswith(_PREFIX):
        return Frame(filename.removeprefix(_PREFIX).removesuffix(">"), line, source)
    return Frame("" if name.startswith("<") else name.split(".")[0], line, source)
