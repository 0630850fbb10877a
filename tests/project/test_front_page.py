"""README.md and its neighbours promise only what is there: units, links, commands."""

import re
import tomllib
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
UNITS = sorted(path.parent.name for path in (ROOT / "curriculum").glob("*/unit.toml"))
ROW = re.compile(r"^\| (\d{3}) \| \[(.+?)\]\(exercises/(\w+)/.*?\) \| .* \| ([\d.]+) \|$", re.M)


def commands(page: Path) -> set[tuple[str, ...]]:
    """The words after `firsthand` that look like subcommands, in code of one page."""
    code = "\n".join(re.findall(r"^```.*?^```|`[^`\n]+`", page.read_text(), re.M | re.S))
    found = re.findall(r"(?:^|`|&& |\$ |bin/)firsthand ((?:dev )?[a-z]+)", code, re.M)
    return {tuple(words.split()) for words in found}


def test_the_two_commands_come_first():
    lines = [line for line in README.splitlines() if line and not line.startswith(("#", "```"))]
    assert [line.split("  ")[0] for line in lines[:2]] == ["make learn", "make test"]


@pytest.mark.parametrize("unit", UNITS)
def test_each_unit_has_its_row_with_title_and_hours(unit):
    table = {row[2]: row for row in ROW.findall(README)}
    assert unit in table, f"README.md has no row for {unit}"
    number, title, _, hours = table[unit]
    metadata = tomllib.loads((ROOT / "curriculum" / unit / "unit.toml").read_text())
    assert unit.startswith(number)
    assert title == metadata["title"]
    assert abs(float(hours) - metadata["minutes"] / 60) <= 0.25


def test_no_row_names_a_unit_that_is_not_there():
    assert {row[2] for row in ROW.findall(README)} <= set(UNITS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    local = [t.split("#")[0] for t in targets if not t.startswith(("http", "mailto:", "#"))]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert not missing, f"{page.relative_to(ROOT)} links to {missing}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_on_the_page_exist(page):
    from firsthand.cli import app  # here: a missing command line fails this test, not all of them

    top = typer.main.get_command(app)
    for words in commands(page):
        command = top
        for word in words:
            known = getattr(command, "commands", {})
            assert word in known, f"{page.name}: `firsthand {' '.join(words)}` does not exist"
            command = known[word]


def test_the_search_for_commands_finds_those_of_the_front_page():
    assert {("check",), ("grade",), ("list",), ("dev", "mutants")} <= commands(PAGES[0])


def test_make_targets_on_the_front_page_exist():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"(?:^|`)make ([a-z]+)", README, re.M)
    assert len(targets) > 4
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.M), f"`make {target}` does not exist"
