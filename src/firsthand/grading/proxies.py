"""What a test holds when it says `submission`, and what it gets from there.

A value of the learner is a copy. An object of the learner is a `Remote`, which has no truth
value, no equality and no number, so that a test cannot be fooled by what it would answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from firsthand.grading.errors import ProtocolBroken, SubmissionError
from firsthand.grading.peer import Handle
from firsthand.grading.server import PUBLIC
from firsthand.grading.wire import WireError

if TYPE_CHECKING:
    from firsthand.grading.client import Session

MAX_YIELDS = 1_000_000  # values of one iteration


class Submission:
    """The learner's names, as attributes: plain values are copies, everything else a Remote."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._session.ask("name", (name,))

    def public(self, path: str) -> Any:
        """The object "package.module:name" of firsthand.kit, on the learner's side.

        Raises ValueError for any other package.
        """
        module = path.partition(":")[0]
        if ":" not in path or not (module == PUBLIC or module.startswith(f"{PUBLIC}.")):
            raise ValueError(f"public({path!r}): give a name of {PUBLIC}, as '{PUBLIC}.rng:digest'")
        return self._session.ask("public", (path,))

    @contextmanager
    def forbidding(self, *names: str) -> Iterator[None]:
        """Within the block, these operations raise RuntimeError inside the learner's calls."""
        with self._session.forbidding(*names):
            yield

    def __repr__(self) -> str:
        return "<submission>"


class Remote(Handle):
    """An object of the learner. It can be called, indexed, iterated, read and written.

    `type_name` is the name of its class there.
    """

    __slots__ = ("type_name",)
    _peer: "Session"
    type_name: str
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, session: "Session", number: int, type_name: str) -> None:
        super().__init__(session, number)
        object.__setattr__(self, "type_name", type_name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the learner's object returns when called."""
        return self._peer.call(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._peer.ask("get", (self, name))

    def __setattr__(self, name: str, value: Any) -> None:
        self._peer.ask("set", (self, name, value))

    def __getitem__(self, key: Any) -> Any:
        return self._peer.ask("item", (self, key))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._peer.ask("set_item", (self, key, value))

    def __len__(self) -> int:
        with self._peer.bounded():
            length = self._peer.ask("len", (self,))
            if type(length) is not int or not 0 <= length < 1 << 31:
                raise WireError("a length is a whole number")
        return length

    def __iter__(self) -> Iterator[Any]:
        iterator = self._peer.ask("iter", (self,))
        if not isinstance(iterator, Remote):
            raise ProtocolBroken("the answer is malformed: an iterator is a handle")
        for _ in range(MAX_YIELDS):
            more, value = iterator._advance()
            if not more:
                return
            yield value
        raise SubmissionError(f"it yields more than {MAX_YIELDS} values")

    def __next__(self) -> Any:
        more, value = self._advance()
        if not more:
            raise StopIteration
        return value

    def _advance(self) -> tuple[bool, Any]:
        with self._peer.bounded():
            step = self._peer.ask("next", (self,))
            if type(step) is not tuple or len(step) != 2 or type(step[0]) is not bool:
                raise WireError("a step is a flag and a value")
        return step

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError(
            f"the submission's value is an object of type {self.type_name!r}, which has no truth "
            "value, no equality and no number here: read its attributes, or call it"
        )

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __int__ = __float__ = __complex__ = __index__ = __array__ = _refuse

    def __repr__(self) -> str:
        return f"<{self.type_name} of the submission>"
