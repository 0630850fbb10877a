"""Make the text that units 101 to 105 train on from a plain export of the King James Bible.

The export comes from Debian's packages `bible-kjv` (the reader) and `bible-kjv-text` (the data):

    bible -f gen1:1-rev22:21 > export.txt
    python scripts/make_text.py export.txt

Each line of the export is a reference and a verse, such as `Ge1:1 In the beginning ...`. The
reference is cut off, whole verses are kept until the limit is reached, and the result is written
xz-compressed. The same export gives the same bytes.
"""

import argparse
import hashlib
import lzma
import re
import sys
from pathlib import Path

REFERENCE = re.compile(r"^\d?[A-Za-z]+\d+:\d+ ")
DEFAULT_TARGET = Path(__file__).parents[1] / "src/firsthand/kit/files/king_james.txt.xz"


def first_verses(export: str, *, limit: int) -> str:
    """The verses of an export, one a line, without references: whole ones, `limit` characters.

    Raises ValueError on a line that does not begin with a reference.
    """
    kept: list[str] = []
    size = 0
    for number, line in enumerate(export.splitlines(), start=1):
        verse, references = REFERENCE.subn("", line)
        if references != 1:
            raise ValueError(f"line {number} has no reference such as 'Ge1:1 ': {line[:40]!r}")
        size += len(verse) + 1
        if size > limit:
            break
        kept.append(verse)
    return "".join(verse + "\n" for verse in kept)


def main() -> int:
    """Read the export, write the compressed text, print what went in."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("export", type=Path, help="output of: bible -f gen1:1-rev22:21")
    parser.add_argument("--target", type=Path, default=DEFAULT_TARGET)
    parser.add_argument("--limit", type=int, default=1_200_000, help="characters to keep at most")
    options = parser.parse_args()
    text = first_verses(options.export.read_text(encoding="ascii"), limit=options.limit)
    raw = text.encode("ascii")
    options.target.parent.mkdir(parents=True, exist_ok=True)
    options.target.write_bytes(lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(text):,} characters, {text.count(chr(10)):,} verses, {len(set(text))} different")
    print(f"characters: {''.join(sorted(set(text)))!r}")
    print(f"sha256 of the text: {hashlib.sha256(raw).hexdigest()}")
    print(f"{options.target.name}: {options.target.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
