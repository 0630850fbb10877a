"""What one test may take of the learner's side, and what is put back when it has ended."""

from contextlib import suppress
from typing import NamedTuple

import numpy as np
import torch

from firsthand.grading.wire import WireError


class _Kept(NamedTuple):
    """A tensor that was written to: the test's object, its memory, and what that held."""

    original: torch.Tensor
    memory: torch.Tensor
    contents: torch.Tensor


class OneTest:
    """The rest of a test's allowance.

    Attributes:
        seconds: what its requests may still take together.
    """

    def __init__(self, seconds: float, answers: int) -> None:
        self.seconds = seconds
        self._answers = answers  # bytes
        self._tensors: dict[int, _Kept] = {}
        self._arrays: dict[int, tuple[np.ndarray, np.ndarray]] = {}  # each with its former contents

    def count_answer(self, size: int) -> None:
        """Take an answer of `size` bytes. Raises WireError where they are too many together."""
        self._answers -= size
        if self._answers < 0:
            raise WireError("its answers in one test are too large together")

    def keep(self, original: torch.Tensor | np.ndarray) -> None:
        """Remember an argument of the test that is about to be written to."""
        if isinstance(original, np.ndarray):
            self._arrays.setdefault(id(original), (original, original.copy()))
        elif id(original) not in self._tensors:
            kept = _Kept(original, original.data, original.detach().clone())
            self._tensors[id(original)] = kept

    def put_back(self) -> None:
        """Undo the writes: a grader's own tensors must be the same for the next submission."""
        for array, former in self._arrays.values():
            array[...] = former
        for original, memory, contents in self._tensors.values():
            with torch.no_grad(), suppress(RuntimeError):  # expanded: it was not written to
                memory.copy_(contents)
            original.data = memory
        self._arrays.clear()
        self._tensors.clear()
