"""What a grading process is set to while it grades: threads, random state, the course key."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use one thread here, as in every worker.

    Sums then add up in one order on both transports, and the small tensors of a test do not wait
    for threads: with two of them, on cores that others use too, unit 402 took 2.7 times as long.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def kept_randomness() -> Iterator[None]:
    """Leave the learner's global random state as it was."""
    import random

    import numpy
    import torch

    states = random.getstate(), numpy.random.get_state(), torch.get_rng_state()
    try:
        yield
    finally:
        random.setstate(states[0])
        numpy.random.set_state(states[1])
        torch.set_rng_state(states[2])


def course_key() -> str:
    """What hidden inputs are drawn from.

    FIRSTHAND_COURSE_KEY, the file FIRSTHAND_COURSE_KEY_FILE, or the self-study default.
    """
    if key := os.environ.get("FIRSTHAND_COURSE_KEY"):
        return key
    if file := os.environ.get("FIRSTHAND_COURSE_KEY_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    return "self-study"
