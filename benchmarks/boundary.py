"""The cost of the process boundary: a worker's life, and single calls.

Beside them stand the same calls over the kernel transport.

OMP_NUM_THREADS=1 python benchmarks/boundary.py
"""

import statistics
import time
from collections.abc import Callable

import torch

from firsthand.grading.client import Session, in_process
from firsthand.grading.zygote import Zygote

SOURCE = "def same(x):\n    return x\n"


def median_ms(action: Callable[[], object], repeats: int) -> float:
    """Median wall time of one call, in milliseconds."""
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1e3


def life(zygote: Zygote) -> None:
    """Spawn, run a cell, call three times, close."""
    session = zygote.spawn()
    session.run_cells([("same", SOURCE)])
    same = session.submission.same
    for value in (1, 2.0, "three"):
        assert same(value) == value
    session.close()


def calls(session: Session, name: str) -> None:
    """Print the median of calls with arguments of several sizes."""
    same = session.submission.same
    for text, value, repeats in [
        ("an integer", 1, 500),
        ("4 KB tensor", torch.ones(1024), 300),
        ("1 MB tensor", torch.ones(1 << 18), 50),
        ("10 MB tensor", torch.ones(10 << 18), 10),
    ]:
        print(f"{name:8} same({text}): {median_ms(lambda: same(value), repeats):.3f} ms")  # noqa: B023


def main() -> None:
    """Print every row."""
    torch.set_num_threads(1)
    started = time.perf_counter()
    with_walls = Zygote()
    session = with_walls.spawn()
    session.run_cells([("same", SOURCE)])
    print(f"zygote to first answer: {time.perf_counter() - started:.1f} s")
    rows = median_ms(lambda: life(with_walls), 30)
    print(f"spawn, one cell, three calls, close: {rows:.1f} ms")
    calls(session, "process")
    namespace: dict = {}
    exec(SOURCE, namespace)
    calls(in_process(namespace), "kernel")
    session.close()
    with_walls.close()


if __name__ == "__main__":
    main()
