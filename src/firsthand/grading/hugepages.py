"""Put this process's heap on huge pages, so that a fork copies a tenth of the page tables.

Best effort: only Linux >= 6.1 can (madvise(2), MADV_COLLAPSE).
"""

import ctypes
import sys
from pathlib import Path

_COLLAPSE = 25  # MADV_COLLAPSE
_SIZE = 2 << 20  # bytes of a huge page


def collapse() -> int:
    """Collapse all private writable memory. Returns how many bytes are on huge pages now."""
    if sys.platform != "linux":
        return 0
    try:
        regions = list(_regions(Path("/proc/self/maps").read_text()))
        madvise = ctypes.CDLL(None, use_errno=True).madvise
    except (OSError, AttributeError):
        return 0
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    pages = (start + offset for start, stop in regions for offset in range(0, stop - start, _SIZE))
    return sum(_SIZE for page in pages if madvise(page, _SIZE, _COLLAPSE) == 0)


def _regions(maps: str) -> list[tuple[int, int]]:
    """Aligned [start, stop) of anonymous private writable mappings and the heap."""
    regions = []
    for line in maps.splitlines():
        span, permissions, _, _, inode, *name = line.split(maxsplit=5)
        if permissions != "rw-p" or inode != "0" or (name and name[0] != "[heap]"):
            continue
        start, stop = (int(address, 16) for address in span.split("-"))
        start, stop = start + -start % _SIZE, stop - stop % _SIZE
        if start < stop:
            regions.append((start, stop))
    return regions
