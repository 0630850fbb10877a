"""What a test sees when the learner's code raises, is late, dies or breaks the protocol."""

import builtins
from collections.abc import Sequence
from typing import Any, NamedTuple


class Frame(NamedTuple):
    """One line of the learner's own cells on the way to an exception."""

    cell: str  # the label that the cell was run under, or "" where only the kernel knows it
    line: int  # counted from 1 within the cell
    source: str  # the text of the line, without its indentation


class SubmissionError(Exception):
    """The learner's code raised, or could not answer.

    Errors that a learner raises also derive from the built-in exception that was raised, so
    `pytest.raises(ValueError)` accepts a learner's ValueError.

    Attributes:
        type_name: the name of the exception's class on the learner's side.
        message: its text.
        frames: the learner's own lines, outermost first; never a line of anybody else.
    """

    def __init__(
        self, message: str = "", *, type_name: str = "", frames: Sequence[Frame] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.type_name = type_name or type(self).__name__
        self.frames = tuple(frames)

    def __str__(self) -> str:
        return self.message  # KeyError, one of the bases, would quote it


# The names below say what happened; "Error" after each would add nothing.


class NameMissing(SubmissionError):
    """The learner's namespace has no such name."""


class SubmissionTimeout(SubmissionError):
    """The learner's code did not answer in time."""


class SubmissionDied(SubmissionError):
    """The learner's process is gone: it ended itself, or was ended for breaking a limit."""


class ProtocolBroken(SubmissionError):
    """The learner's process sent something that no learner's code makes it send."""


# These need special arguments, or would be taken for the end of an iterator.
_UNSUITABLE = {
    "BaseExceptionGroup",
    "ExceptionGroup",
    "StopAsyncIteration",
    "StopIteration",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeTranslateError",
}
_BUILTIN: dict[str, type[Exception]] = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception) and name not in _UNSUITABLE
}
_DERIVED: dict[str, type[SubmissionError]] = {}


def builtin_exception(names: Sequence[str]) -> type[Exception] | None:
    """The first of `names` that is a built-in exception which takes one text, or None."""
    return next((_BUILTIN[name] for name in names if name in _BUILTIN), None)


def submission_error(
    type_name: str, bases: Sequence[str], message: str, frames: Sequence[Frame]
) -> SubmissionError:
    """The error to raise for an exception on the learner's side.

    bases: the names of its classes, most derived first. KeyboardInterrupt, SystemExit and other
    exceptions that do not derive from Exception become a plain SubmissionError: they must not
    end, or skip, a test.
    """
    builtin = builtin_exception(bases)
    if builtin is None or builtin is Exception:
        return SubmissionError(message, type_name=type_name, frames=frames)
    name = builtin.__name__
    if name not in _DERIVED:
        _DERIVED[name] = type(name, (SubmissionError, builtin), {"__module__": __name__})
    return _DERIVED[name](message, type_name=type_name, frames=frames)


def is_texts(items: list[Any]) -> bool:
    """Whether a list that came over the wire holds text alone."""
    return all(type(item) is str for item in items)


def is_frame(item: Any) -> bool:
    """Whether something that came over the wire describes a frame: cell, line and its text."""
    shaped = type(item) is tuple and [type(part) for part in item] == [str, int, str]
    return shaped and 0 <= item[1] < 1 << 31
