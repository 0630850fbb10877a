"""Whether firsthand was updated under a running kernel, which then holds the old code."""

import sys
import time
from pathlib import Path

RESTART = (
    "firsthand was updated while this kernel was running ({file} is newer than the kernel), and "
    "the kernel still holds the old version. Restart it: Kernel > Restart Kernel and Run All Cells."
)
_started = time.time()  # this module is imported with the first of ours


def note() -> str:
    """What to tell the learner; "" while the kernel holds what is installed."""
    file = _newer()
    return RESTART.format(file=file) if file else ""


def _newer() -> str:
    """The name of a loaded file of the package that was written after this process began."""
    for name, module in list(sys.modules.items()):
        if name != "firsthand" and not name.startswith("firsthand."):
            continue
        file = getattr(module, "__file__", None)
        try:
            if file and Path(file).stat().st_mtime > _started:
                return Path(file).name
        except OSError:  # gone: moved or uninstalled
            return Path(str(file)).name
    return ""
