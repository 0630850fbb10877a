"""Text that a spreadsheet program shows and never runs."""

from firsthand.render.rows import one_line

# What spreadsheet programs take for a formula: CSV injection, as OWASP's ASVS 1.2.10 lists it, and
# the wide forms of the same characters.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_LONGEST = 1000  # characters of a text cell


def neutral(text: str) -> str:
    """Text on one line, cleaned, that no spreadsheet takes for a formula."""
    line = one_line(text, _LONGEST)
    return f"'{line}" if line.startswith(_FORMULA) else line
