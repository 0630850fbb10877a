"""Using up memory, disk, output, time and the patience of the grader."""

from tests.hostile.attack import OWN, SAME_PROCESS, WITHOUT, Attack

_ALLOCATES = """
import torch
kept = []
def double(x=None):
    for _ in range(30):
        kept.append(torch.empty(100 << 18))
    raise ValueError(WON)
"""

ATTACKS = [
    Attack(
        "takes_all_memory",
        "exhausting",
        "limit of memory",
        SAME_PROCESS,
        answers={"double": _ALLOCATES},
    ),
    Attack(
        "writes_a_large_file",
        "exhausting",
        "limit of a file's size",
        SAME_PROCESS,
        answers={
            "double": "import os\ndef double(x):\n    with open('large', 'wb') as file:\n"
            "        os.posix_fallocate(file.fileno(), 0, 80 << 20)\n"
            "    os.unlink('large')\n    raise ValueError(WON)"
        },
    ),
    Attack(
        "prints_without_end",
        "exhausting",
        "limit of output",
        WITHOUT + "limit of output",
        answers={
            "double": "import os\ndef double(x):\n    for _ in range(70):\n"
            "        os.write(1, bytes(1 << 20))\n    raise ValueError(WON)"
        },
    ),
    Attack(
        "nests_folders_without_end",
        "next submission",
        "clean-up of a slot",
        OWN,
        "for _ in range(990):\n    os.mkdir('a')\n    os.chdir('a')\n",
        {},
        True,
    ),
]
