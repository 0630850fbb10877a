"""The hostile suite through stock nbgrader and through ours: what each attack wins in either.

Stock nbgrader executes the notebooks in kernels with the rights of the grader: run this in a
container or a virtual machine. Ours grades all in one batch; stock nbgrader gets them one by one,
for there one can end the batch of all.

OMP_NUM_THREADS=1 python benchmarks/attacks_on_nbgrader.py [stock|ours] [LEVEL]
"""

import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from firsthand.grading.sandbox import levels
from tests.hostile.attack import Attack
from tests.hostile.attacks import ATTACKS
from tests.hostile.autograde import Hall
from tests.hostile.notebooks import FOLDERS, FolderAttack

# Stock nbgrader waits for a pipe without end, and copies /dev/zero until the disk is full.
NEVER_ENDS = ("is_a_pipe", "is_a_link_to_a_device")
# These aim at parts that stock nbgrader does not have.
NOT_THERE = ("forging", "oracle", "next submission")


def attacks(stock: bool) -> list[Attack | FolderAttack]:
    """Those that can be tried."""
    every: list[Attack | FolderAttack] = [*FOLDERS, *ATTACKS.values()]
    if not stock:
        return every
    fitting = [attack for attack in every if attack.kind not in NOT_THERE]
    return [attack for attack in fitting if attack.name not in NEVER_ENDS]


def wins(level: str) -> dict[str, list[str]]:
    """By attack, what it won; level "" is stock nbgrader."""
    with tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        hall = Hall(Path(base), level)
        for attack in attacks(not level):
            hall.add(attack)
        started = time.perf_counter()
        status, _ = hall.grade()
        hall.listener.close()
        seconds = time.perf_counter() - started
        found = {attack.name: hall.won(attack.name) for attack in attacks(not level)}
        worth = sum(hall.scores()["honest"].values())
        print(
            f"{level or 'stock'}: {len(found)} submissions in {seconds:.0f} s, exit status "
            f"{status}, {sum(map(bool, found.values()))} won something; honest: {worth:g} of 9 "
            f"points; changed: {', '.join(hall.changed) or 'nothing'}",
            flush=True,
        )
    return found


def main() -> None:
    """Print a row for each attack, and the counts."""
    which = sys.argv[1] if len(sys.argv) > 1 else "both"
    level = sys.argv[2] if len(sys.argv) > 2 else levels.reach().level
    stock = wins("") if which in ("stock", "both") else {}
    ours = wins(level) if which in ("ours", "both") else {}
    table = Table("attack", "class", "stock nbgrader", f"ours ({level})")
    for attack in attacks(False):
        cells = [
            "-" if attack.name not in found else "; ".join(found[attack.name]) or "held"
            for found in (stock, ours)
        ]
        table.add_row(attack.name, attack.kind, *cells)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
