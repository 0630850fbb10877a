"""Figures of unit 802 under other nonces: `python scripts/measure_transcripts.py 5 --shipped`.

The notebook's own cells run once for each number from 0, with the nonce, the two start seeds and
the substitute records of that number; `--shipped` runs them as they are, too. What the cells print
is kept back; one line of JSON for each run has the figures that `design.md` quotes. `--orders` runs
only the cells that train and that test for inclusion, for many runs in little time.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib

GIVEN = ("merkle_tree", "load_records", "transcript_root", "train_the_honest_run", "plot_inclusion")
UNIT = Path(__file__).parents[1] / "curriculum" / "802_proof_of_learning" / "unit.py"


def changed(source: str, number: int) -> str:
    """The unit's source with another nonce, other start seeds and other substitutes."""
    for old, new in (
        ('b"nonce of the verifier"', f'b"nonce {number}"'),
        ("initial_state(64, 32, 10, seed=0)", f"initial_state(64, 32, 10, seed={100 + number})"),
        ("initial_state(64, 32, 10, seed=1)", f"initial_state(64, 32, 10, seed={200 + number})"),
        ("default_rng(1).integers(400", f"default_rng({300 + number}).integers(400"),
    ):
        if old not in source:
            raise SystemExit(f"the unit no longer has {old!r}")
        source = source.replace(old, new)
    return source


def printed(source: str) -> tuple[dict[str, Any], str]:
    """The names that the cells leave behind, and what they printed."""
    names: dict[str, Any] = {"__name__": "unit"}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(source, str(UNIT), "exec"), names)
    return names, out.getvalue()


def inclusion_only(source: str) -> str:
    """The set-up, the exercises, and the cells that train and that test for inclusion."""
    kept = ("\n", ' exercise="', *(f' name="{name}"' for name in GIVEN))
    cells = source.split("\n# %%")
    source = "\n# %%".join(cell for cell in cells if cell.startswith(kept))
    return source.replace("trained = spoofed = False", "trained = spoofed = True")


def inclusion_figures(text: str) -> dict[str, Any]:
    """The figures of a run of `inclusion_only`."""
    return {
        "accuracy": re.findall(r"test accuracy ([\d.]+)", text)[0],
        "inclusion": re.findall(r"(\d+) of 400 records, p = (\S+)", text),
        "shares": re.findall(r"share larger: (\S+) of .*, (\S+) of", text),
    }


def figures(names: dict[str, Any], text: str) -> dict[str, Any]:
    """The quoted figures of one run."""
    found: dict[str, Any] = inclusion_figures(text)
    for name, errors in names["devices"].items():
        found[name] = max(errors)
    spoofs = names["spoof_errors"]
    found["interpolation, smallest"] = min(spoofs["interpolation"])
    found["swap"] = spoofs["swap"][13]
    found["concatenation"] = spoofs["concatenation"][10]
    found["ranks"] = re.findall(r"rank +(\d+)", text)
    found["steered"] = re.findall(
        r"(weights alone|whole state) +from (\S+) to (\S+),.*: (\d+)", text
    )
    found["intervals"] = re.findall(
        r"largest absolute error (\S+), smallest relative error (\S+)", text
    )
    coasting = names["errors"](names["coasting"](names["start"], names["checkpoints"][-1]))
    found["coasting, segment 0, largest other"] = coasting[0], max(coasting[1:])
    found["longest honest travel"] = max(travel(a, b) for a, b in pairwise(names["checkpoints"]))
    found["coasting with a bound of 10"] = [bounded(names, pace) for pace in (1e3, 1e-25)]
    found["audits"] = re.findall(r"(\S.*\S) +accepted in +(\d+) of 100", text)
    return found


def travel(start: dict[str, Any], end: dict[str, Any]) -> float:
    """The distance between two whole states."""
    return sum(float(((start[k].astype(float) - end[k]) ** 2).sum()) for k in start) ** 0.5


def bounded(names: dict[str, Any], pace: float) -> tuple[float, int]:
    """Coasting at this pace: the longest travel, and the segments that are off or go beyond 10."""
    claim = names["coasting"](names["start"], names["checkpoints"][-1], pace)
    every, kept = claim["every"], claim["checkpoints"]
    batches = [names["order"][i * every : (i + 1) * every] for i in range(len(kept) - 1)]
    ways = [travel(s, names["run"](s, b)) for s, b in zip(kept, batches, strict=False)]
    errors = names["errors"](claim)
    bad = sum(w > 10 or e > names["TOLERANCE"] for w, e in zip(ways, errors, strict=True))
    return max(ways), bad


def main() -> None:
    """Run the cells once for each number and print one line of JSON each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=int, nargs="?", default=5)
    parser.add_argument("--shipped", action="store_true", help="run the cells as they are, too")
    parser.add_argument("--orders", action="store_true", help="only train and test for inclusion")
    arguments = parser.parse_args()
    matplotlib.use("Agg")
    source = UNIT.read_text(encoding="utf-8")
    sources = [changed(source, number) for number in range(arguments.runs)]
    for text in [*sources, *[source] * arguments.shipped]:
        if arguments.orders:
            found = inclusion_figures(printed(inclusion_only(text))[1])
        else:
            found = figures(*printed(text))
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
