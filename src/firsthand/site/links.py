"""Links of the repository's Markdown files, turned into links between pages of the site."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from firsthand.unit import CourseError

# A fenced block or a code span, which stays as it is, or a link.
_CODE_OR_LINK = re.compile(
    r"(?P<code>^(?P<fence>```+|~~~+).*?^(?P=fence)|`[^`\n]+`(?!\]))"
    r"|(?<!!)\[(?P<text>(?:[^\[\]]|`[^`]*`)+)\]\((?P<target>[^()\s]+)\)",
    re.DOTALL | re.MULTILINE,
)
_EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def site_links(text: str, *, file: str, page: str, pages: Mapping[str, str], root: Path) -> str:
    """Markdown of the repository with links that work on the site.

    file: where the text stands in the repository; page: where it will stand in the site's source;
    pages: files of the repository and the source files of the site that show them. A link to a
    file without a page becomes its text. Raises CourseError for a link to what does not exist.
    """

    def replace(match: re.Match[str]) -> str:
        target = match["target"]
        if match["code"] or target.startswith("#") or _EXTERNAL.match(target):
            return match[0]
        place, mark, anchor = target.partition("#")
        wanted = os.path.normpath(os.path.join(os.path.dirname(file), place))
        if not (root / wanted).exists():
            raise CourseError(f"{file} links to {target}, which does not exist.")
        if wanted not in pages:
            return match["text"]
        there = os.path.relpath(pages[wanted], os.path.dirname(page) or ".")
        return f"[{match['text']}]({there}{mark}{anchor})"

    return _CODE_OR_LINK.sub(replace, text)


def sections(text: str, file: str, *titles: str) -> str:
    """The `## sections` of these titles, in this order.

    The title "" stands for what comes before the first section, without the `# Title`. Raises
    CourseError for one that is not there.
    """
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    found = {"": re.sub(r"\A# .+\n", "", parts[0])}
    found |= {t: f"## {t}\n{b}" for t, b in zip(parts[1::2], parts[2::2], strict=True)}
    if missing := [title for title in titles if title not in found]:
        raise CourseError(f"{file} has no section {missing[0]!r}, which the site shows.")
    return "\n\n".join(found[title].strip() for title in titles) + "\n"
