"""Write environment.yml: the versions of requirements.lock, and torch, for conda users.

`make lock` calls it after the lock has changed. conda's pip section knows no hashes beside an
unhashed torch, so it gets the same versions without them.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HEADER = """\
# The environment of requirements.lock for conda users; written by `make lock`, not by hand.
#   conda env create -f environment.yml && conda activate firsthand && firsthand learn 101
# pip's section holds the same versions as the lock. For another build of torch, set pip's own
# configuration (an extra index, say) before.
name: firsthand
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.11
  - pip
  - pip:
"""


def torch_pin(makefile: str) -> str:
    """The version of torch that the Makefile names."""
    match = re.search(r"^TORCH = (\S+)$", makefile, re.MULTILINE)
    if match is None:
        raise ValueError("Makefile: no line `TORCH = VERSION`; it is where torch is pinned.")
    return match[1]


def locked(lock: str) -> list[str]:
    """The requirements of a lock with their markers and without their hashes, in its order."""
    lines = re.findall(r"^([A-Za-z0-9][\w.-]*==[^\\\n]+?)\s*\\?$", lock, re.MULTILINE)
    return [line.strip() for line in lines]


def environment(lock: str, makefile: str) -> str:
    """The text of environment.yml."""
    requirements = [f"torch=={torch_pin(makefile)}", *locked(lock), "-e ."]
    return HEADER + "".join(f'      - "{line}"\n' for line in requirements)


def main() -> None:
    """Read the lock and the Makefile, write environment.yml."""
    lock, makefile = ((ROOT / name).read_text() for name in ("requirements.lock", "Makefile"))
    (ROOT / "environment.yml").write_text(environment(lock, makefile))


if __name__ == "__main__":
    sys.exit(main())
