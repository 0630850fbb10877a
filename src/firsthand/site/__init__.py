"""The whole curriculum as a static site: `firsthand dev site`.

`pages` writes Markdown and notebooks into a temporary folder, `sphinx_build` makes HTML of them,
`examine` looks for dead links, for addresses outside of the site and for what is to stay hidden.
The site is moved to its place when all of it is good.
"""

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from firsthand.unit import CourseError

if TYPE_CHECKING:
    from rich.console import Console

MARK = "searchindex.js"  # what a folder has that holds a site, and nothing else is likely to have


def build_site(root: Path, output: Path, *, console: "Console") -> bool:
    """Build the site of the course at `root` into the folder `output`, and say so.

    Returns False, with a line for each problem, where something is wrong with the pages; an older
    site in `output` then stays. Raises CourseError where a unit is not built, or where `output`
    holds something else.
    """
    from firsthand.site.examine import problems_of
    from firsthand.site.pages import write_pages
    from firsthand.site.sphinx_build import build_html

    _refuse_foreign_folder(output)
    with tempfile.TemporaryDirectory(prefix="firsthand-site-") as folder:
        source, html = Path(folder, "source"), Path(folder, "html")
        pages = write_pages(root, source)
        _say(console, f"✓ written   {len(pages)} pages")
        problems = build_html(source, html, pages=len(pages), console=console)
        if not problems:
            _say(console, "✓ built     HTML and search index")
            problems = problems_of(root, html)
        if problems:
            for problem in problems:
                _say(console, f"✗ {problem}")
            return False
        _say(console, "✓ examined  links, addresses, nothing of solutions and hidden tests")
        _replace(html, output)
    _say(console, f"{output / 'index.html'}")
    return True


def _say(console: "Console", line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)


def _refuse_foreign_folder(output: Path) -> None:
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        raise CourseError(
            f"{output} holds something that is no site; name another folder with --output."
        )
    if output.exists() and not output.is_dir():
        raise CourseError(f"{output} is no folder; name another one with --output.")


def _replace(html: Path, output: Path) -> None:
    """Put the new site in place of the old one: beside it first, for it may be another disk."""
    new = output.with_name(f"{output.name}.new")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(html, new)
        if output.exists():
            shutil.rmtree(output)
        new.rename(output)
    except OSError as error:
        raise CourseError(f"cannot write {output}: {error.strerror or error}.") from None
