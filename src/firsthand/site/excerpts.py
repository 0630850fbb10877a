"""Excerpts below search results, also where the site was opened as files.

Sphinx's search fetches each page that it found, to show the words around what was sought. A
browser forbids this to pages that were opened as files. For them the texts of all pages lie in one
script, which the search page alone loads.
"""

import html
import json
from html.parser import HTMLParser
from pathlib import Path

SCRIPT = "excerpts.js"

_PROGRAM = r"""// The texts of all pages, for a search page that was opened as a file.
if (location.protocol === "file:") {
  const texts = %s;
  const fetched = window.fetch;
  window.fetch = (address, ...rest) => {
    const text = texts[String(address).split("#")[0].replace(/^\.\//, "")];
    return text === undefined ? fetched(address, ...rest) : Promise.resolve(new Response(text));
  };
}
"""


def write_excerpts(folder: Path) -> None:
    """Write the script for the built site in `folder`."""
    texts = {}
    for path in sorted(folder.rglob("*.html")):
        texts[path.relative_to(folder).as_posix()] = main_text(path.read_text(encoding="utf-8"))
    table = json.dumps(texts, ensure_ascii=False).replace("</", "<\\/")
    (folder / "_static" / SCRIPT).write_text(_PROGRAM % table, encoding="utf-8")


def main_text(page: str) -> str:
    """The main part of a page as sections with their anchors and bare text."""
    reader = _Main()
    reader.feed(page)
    return '<div role="main">' + "".join(reader.parts) + "</div>"


class _Main(HTMLParser):
    """Keeps sections and text of `<article role="main">`, without the signs that link to places."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._open: list[str] = []  # tags since the article began
        self._skipped = 0  # how deep in what is left out
        self._term = False  # in a term of the glossary or its definition

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if (not self._open and named.get("role") != "main") or tag in ("img", "br", "hr", "input"):
            return
        self._open.append(tag)
        left_out = tag in ("script", "style", "svg") or "headerlink" in named.get("class", "")
        if self._skipped or left_out:
            self._skipped += 1
        elif tag == "section":
            self.parts.append(f'<section id="{html.escape(named.get("id", ""))}">')
        elif tag == "dt" and "id" in named:
            self._term = True
            self.parts.append(f'<section id="{html.escape(named["id"])}">')

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            return
        self._open.pop()
        if self._skipped:
            self._skipped -= 1
        elif tag == "dt":
            self.parts.append(": ")
        elif tag == "section" or (tag == "dd" and self._term):
            self._term = self._term and tag != "dd"
            self.parts.append("</section>")

    def handle_data(self, data: str) -> None:
        if self._open and not self._skipped:
            self.parts.append(html.escape(data))
