"""Throw mutated frames at the decoder; only its own error may come out.

python benchmarks/fuzz_wire.py [N] [SEED]
"""

import sys
import time

from rich.progress import track

from tests.hostile.frames import decoded, frames

ROUND = 100


def main() -> None:
    """Print how many of N frames (100,000 by default) were values and how many were refused."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    started, valid, tried = time.perf_counter(), 0, 0
    for seed in track(range(first, first + -(-count // ROUND)), "frames"):
        for header, blob in frames(seed, ROUND):
            try:
                valid += decoded(header, blob)
            except BaseException:
                print(f"seed {seed}: {header[:2000]!r} {bytes(blob[:200])!r}")
                raise
            tried += 1
    seconds = time.perf_counter() - started
    refused = tried - valid
    print(f"{tried} frames in {seconds:.0f} s: {valid} values, {refused} refused, nothing else")


if __name__ == "__main__":
    main()
