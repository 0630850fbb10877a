"""The terms that a unit introduces: `curriculum/<unit>/glossary.toml`, one sentence for each.

They stand in a file of their own, because a change of `unit.toml` makes notebooks stale and
results of cohorts be graded again, and a better definition should do neither.
"""

import re
import tomllib

from firsthand.unit import CourseError, Unit

# What is no running text: code, fenced and inline, and formulas.
_NO_PROSE = re.compile(
    r"^(```|~~~).*?^\1|`[^`\n]+`|\$\$.+?\$\$|\$[^$]+\$", re.DOTALL | re.MULTILINE
)


def load_glossary(unit: Unit) -> dict[str, str]:
    """Term to definition, in the file's order; empty where the unit has no such file.

    Raises CourseError, naming the file, for anything but a table of terms and sentences.
    """
    path = unit.folder / "glossary.toml"
    if not path.is_file():
        return {}
    where = path.relative_to(unit.root).as_posix()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{where} is not valid TOML: {error}.") from None
    for term, definition in table.items():
        if not isinstance(definition, str) or not definition.strip().endswith("."):
            raise CourseError(
                f"{where}: {term!r} is {definition!r}; write its definition, a sentence with a "
                "full stop."
            )
        if not re.fullmatch(r"[\w()][\w()' -]*", term):
            raise CourseError(
                f"{where}: {term!r} is no term; use letters, digits, spaces and - ' ( )."
            )
    return table


def find_term(term: str, prose: str) -> re.Match[str] | None:
    """Where a term first stands in a prose cell, outside of code, formulas and headings.

    It may begin with a capital, stand on two lines, and be a plural.
    """
    first, rest = term[0], term[1:].split(" ")
    start = f"[{re.escape(first.lower())}{re.escape(first.upper())}]"
    words = r"\s+".join(re.escape(word) for word in rest)
    pattern = re.compile(rf"(?<![\w-]){start}{words}(?:s|es)?(?![\w-])")
    return pattern.search(_without_code(prose))


def _without_code(prose: str) -> str:
    """The text with everything that is no running text blanked out, each character in its place."""
    blanked = _NO_PROSE.sub(lambda match: re.sub(r"\S", "\0", match[0]), prose)
    return re.sub(r"^#{1,6} .*$", lambda match: "\0" * len(match[0]), blanked, flags=re.MULTILINE)
