"""What must be true of built pages: no dead link, nothing from elsewhere, nothing given away."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from firsthand.build.source import read_source, solution_lines, squeezed
from firsthand.unit import Unit, load_units

HIDDEN_LENGTH = 24  # characters of a line of a hidden test that would tell something
_WORD = re.compile(r"\w+")
_LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
_NOT_LOADED = ("canonical", "next", "prev", "index", "search", "author")  # relations of <link>
_CSS_ADDRESS = re.compile(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")\s]+)", re.IGNORECASE)


class Page(HTMLParser):
    """One page: what can be linked to, what it links to, what it loads, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.anchors: set[str] = {""}
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.without_text: list[str] = []
        self._text: list[str] = []
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """The text, with the lines of code blocks as lines."""
        return "".join(self._text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note anchors, links and loaded files."""
        named = {name: value or "" for name, value in attrs}
        self.anchors |= {named[name] for name in ("id", "name") if name in named}
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        if tag == "img" and not named.get("alt"):
            self.without_text.append(named.get("src", ""))
        address = named.get(_LOADING.get(tag, ""), "")
        if address and not (tag == "link" and named.get("rel") in _NOT_LOADED):
            self.loaded.append(address)
        self.loaded += _CSS_ADDRESS.findall(named.get("style", ""))

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self._text.append(data)


def problems_of(root: Path, html: Path) -> list[str]:
    """What is wrong with the site in the folder `html`, one line each; empty where all is well."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(html.rglob("*.html"))}
    problems = [p for path in pages for p in _dead_links(path, pages, html)]
    problems += [p for path, page in pages.items() for p in _pictures(path, page, html)]
    problems += [p for path, page in pages.items() for p in _from_elsewhere(path, page, html)]
    for path in sorted(html.rglob("*.css")):
        for address in _CSS_ADDRESS.findall(path.read_text(encoding="utf-8")):
            problems.append(f"{path.relative_to(html)} loads {address}")
    texts = {path: page.text for path, page in pages.items()}
    for path in sorted([*html.rglob("*.js"), *html.rglob("*.ipynb"), *html.rglob("*.txt")]):
        text = path.read_text(encoding="utf-8")
        texts[path] = text.replace('\\"', '"').replace("\\n", "\n")  # strings of a script
    return problems + given_away(root, {str(p.relative_to(html)): t for p, t in texts.items()})


def given_away(root: Path, texts: Mapping[str, str]) -> list[str]:
    """Lines of solutions and of hidden tests that stand in one of the texts, by its name."""
    units = load_units(root)
    given = _given_lines(root, units)
    secrets = {
        line: what
        for unit in units
        for line, what in secret_lines(unit)
        if not any(line in row for row in given.of(line))
    }
    found: dict[str, None] = {}
    for name, text in texts.items():
        lines = _Lines(squeezed(row) for row in text.splitlines())
        for line, what in secrets.items():
            if any(line in row for row in lines.of(line)):
                found[f"{name} shows {what}: {line}"] = None
    return list(found)


class _Lines:
    """Lines by their words, so that those that may hold another line are found at once."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._by_word: dict[str, set[str]] = {}
        for line in lines:
            for word in set(_WORD.findall(line)):
                self._by_word.setdefault(word, set()).add(line)

    def of(self, line: str) -> Iterable[str]:
        """The lines that hold the rarest word of this one, which a line around it holds too."""
        words = _WORD.findall(line)
        inner = words[1:-1] or words  # the first and the last may be part of a longer word
        return min((self._by_word.get(word, ()) for word in inner), key=len, default=())


def secret_lines(unit: Unit) -> Iterator[tuple[str, str]]:
    """(line, what it is of) of the reference solutions and of the hidden tests of a unit."""
    for name, line in solution_lines(read_source(unit)):
        yield line, f"the solution of {unit.number}/{name}"
    for path in unit.graders:
        for row in path.read_text(encoding="utf-8").splitlines():
            line = squeezed(row)
            if len(line) >= HIDDEN_LENGTH:
                yield line, f"a hidden test of {unit.number}"


def _given_lines(root: Path, units: Sequence[Unit]) -> _Lines:
    """What learners are given in any case: notebooks without solutions, visible tests, manuals."""
    parts = [path.read_text(encoding="utf-8") for path in sorted((root / "docs").rglob("*.md"))]
    for unit in units:
        cells = json.loads(unit.exercise_notebook.read_text(encoding="utf-8"))["cells"]
        parts += ["".join(cell["source"]) for cell in cells]
        if unit.visible_tests.is_file():
            parts.append(unit.visible_tests.read_text(encoding="utf-8"))
    return _Lines(squeezed(row) for part in parts for row in part.splitlines())


def _dead_links(path: Path, pages: dict[Path, Page], html: Path) -> Iterator[str]:
    for link in pages[path].links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        there = pages_path(there, html)
        if not there.is_file():
            yield f"{path.relative_to(html)} links to {link}, which does not exist"
        elif there in pages and unquote(parts.fragment) not in pages[there].anchors:
            yield f"{path.relative_to(html)} links to {link}, and there is no such place there"


def pages_path(path: Path, html: Path) -> Path:
    """The path below `html` as `rglob` gives it, where `path` has been resolved."""
    resolved = html.resolve()
    return html / path.relative_to(resolved) if path.is_relative_to(resolved) else path


def _from_elsewhere(path: Path, page: Page, html: Path) -> Iterator[str]:
    for address in page.loaded:
        parts = urlsplit(address)
        if parts.netloc or parts.scheme not in ("", "data"):
            yield f"{path.relative_to(html)} loads {address}"
        elif not parts.scheme and not (path.parent / unquote(parts.path)).is_file():
            yield f"{path.relative_to(html)} loads {address}, which does not exist"


def _pictures(path: Path, page: Page, html: Path) -> Iterator[str]:
    for source in page.without_text:
        yield f"{path.relative_to(html)} shows {source} without a description"
