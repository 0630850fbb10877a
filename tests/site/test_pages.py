"""The pages of a course, before Sphinx: what they show, what they leave out, where they link."""

import json

import pytest

from firsthand.site import unit_page
from firsthand.site.links import sections, site_links
from firsthand.site.pages import course_map, write_pages
from firsthand.unit import CourseError, load_units
from tests.golden import edit
from tests.site import ALT, PNG

UNIT = "units/101_weighted_means.ipynb"


@pytest.fixture
def source(unit, tmp_path):
    write_pages(unit.root, tmp_path / "source")
    return tmp_path / "source"


def cells(source):
    return json.loads((source / UNIT).read_text())["cells"]


def prose(source):
    return "\n\n".join("".join(c["source"]) for c in cells(source) if c["cell_type"] == "markdown")


def test_every_unit_and_every_manual_has_a_page(unit, tmp_path):
    assert sorted(write_pages(unit.root, tmp_path / "source")) == [
        "alone.md",
        "docs/ci.md",
        "docs/writing.md",
        "glossary.md",
        "index.md",
        "map.md",
        UNIT,
    ]


class TestUnitPage:
    def test_a_plot_stands_below_the_cell_that_draws_it(self, source):
        shown = [c["source"] if isinstance(c["source"], str) else "" for c in cells(source)]
        ids = [c["id"] for c in cells(source)]
        below = shown[ids.index("101-plot_means") + 1]
        assert "plots/101-plot_means-1.png" in below
        assert f":alt: {ALT}" in below
        assert (source / "units/plots/101-plot_means-1.png").read_bytes() == PNG

    def test_nothing_else_of_the_solution_notebook_is_shown(self, source):
        text = (source / UNIT).read_text()
        assert "printed by the solution" not in text
        assert "weighted_rows" not in text
        assert "raise NotImplementedError" in text
        assert [p.name for p in (source / "units/plots").iterdir()] == ["101-plot_means-1.png"]
        assert all(not cell.get("outputs") for cell in cells(source))

    def test_a_box_tells_the_time_and_how_to_start(self, source):
        first = cells(source)[0]["source"]
        assert first.startswith("# Weighted means\n")
        assert "about 1 h · 4 exercises · " in first
        assert "`make learn UNIT=101`" in first

    def test_a_prerequisite_is_linked(self, unit):
        notebook, _ = unit_page.read_notebooks(unit)
        other = unit_page.with_facts(
            notebook, unit.__class__(**vars(unit) | {"prerequisites": (unit.id,)}), {unit.id: unit}
        )
        assert f"after [101 Weighted means]({unit.id}.ipynb)" in other["cells"][0]["source"]

    def test_an_unknown_prerequisite_is_one_line(self, unit, tmp_path):
        edit(unit.folder / "unit.toml", "prerequisites = []", 'prerequisites = ["050_gone"]')
        with pytest.raises(CourseError, match="prerequisite '050_gone' is no unit"):
            write_pages(unit.root, tmp_path / "source")

    def test_an_introduction_names_no_paper(self, unit):
        assert unit_page.paper(unit).startswith("No paper")
        assert unit_page.paper(unit.__class__(**vars(unit) | {"kind": "introduction"})) == ""

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("", "", "solutions/.* is missing"),
            ('"version": "', '"version": "x', "are of different builds; run `firsthand dev build"),
            ('{"alt": ', '{"none": ', "101-plot_means shows a plot without a description"),
        ],
        ids=["missing", "stale", "no description"],
    )
    def test_what_is_wrong_with_a_notebook_is_one_line(self, unit, tmp_path, old, new, message):
        if old:
            edit(unit.solution_notebook, old, new, count=-1)
        else:
            unit.solution_notebook.unlink()
        with pytest.raises(CourseError, match=message):
            write_pages(unit.root, tmp_path / "source")


class TestGlossary:
    def test_the_first_use_of_a_term_is_marked(self, source):
        marked = "*[{term}`weighted means <weighted mean>`]{#use-101-weighted-mean}* of"
        assert marked in prose(source)
        assert prose(source).count("{term}`") == 2

    def test_a_term_has_its_definition_and_its_first_use(self, source):
        text = (source / "glossary.md").read_text()
        assert (
            "weighted mean\n  A mean in which each value counts by its weight. First used" in text
        )
        assert "[101, Weighted means](#use-101-weighted-mean)" in text

    def test_a_term_counts_where_it_is_first_used_in_the_course(self, unit):
        notebook, _ = unit_page.read_notebooks(unit)
        text = [
            {"cell_type": "markdown", "source": "# Start\n\n`row`, $row$"},
            {"cell_type": "code", "source": "row"},
            {"cell_type": "markdown", "source": "## 2. Later\n\nthe\nrow and a row"},
        ]
        marked, uses = unit_page.with_terms(notebook | {"cells": text}, unit, ["row"])
        assert uses["row"].heading == "2. Later"
        assert marked["cells"][2]["source"] == (
            "## 2. Later\n\nthe\n[{term}`row <row>`]{#use-101-row} and a row"
        )

    def test_a_term_in_a_longer_term_is_not_marked_there(self, unit):
        notebook, _ = unit_page.read_notebooks(unit)
        text = [{"cell_type": "markdown", "source": "a weighted mean, a mean"}]
        marked, _ = unit_page.with_terms(
            notebook | {"cells": text}, unit, ["mean", "weighted mean"]
        )
        assert marked["cells"][0]["source"] == (
            "a [{term}`weighted mean <weighted mean>`]{#use-101-weighted-mean}, "
            "a [{term}`mean <mean>`]{#use-101-mean}"
        )

    def test_a_term_that_no_text_uses_is_refused(self, unit, tmp_path):
        (unit.folder / "glossary.toml").write_text('"median" = "The middle one."\n')
        with pytest.raises(CourseError, match="the glossary has 'median'"):
            write_pages(unit.root, tmp_path / "source")

    def test_a_term_is_defined_by_one_unit(self, unit, monkeypatch, tmp_path):
        twin = unit.__class__(**vars(unit) | {"id": "102_medians"})
        monkeypatch.setattr("firsthand.site.pages.load_units", lambda root: [unit, twin])
        monkeypatch.setattr("firsthand.site.pages.load_glossary", lambda unit: {"Mean": "A mean."})
        with pytest.raises(
            CourseError, match=r"102_medians/glossary\.toml defines 'Mean', as 101_"
        ):
            write_pages(unit.root, tmp_path / "source")


class TestMap:
    def test_units_stand_in_their_stage_with_hours_and_points(self, unit):
        text = course_map(unit.root, load_units(unit.root))
        assert "## 1 Averages\n\nAverage what you measured." in text
        row = next(line for line in text.splitlines() if UNIT in line)
        assert row.startswith(f"| [101 Weighted means]({UNIT}) | No paper")
        assert " | 1 h | 4 | " in row

    def test_planned_units_are_named_until_they_exist(self, unit):
        text = course_map(unit.root, load_units(unit.root))
        assert "| 102 Medians (Nobody 1900) | 1 |" in text
        assert "| 101 Weighted means |" not in text
        assert "1 unit, about 1 hours; 1 more are planned" in text


class TestLinks:
    def test_links_of_the_repository_become_links_of_the_site(self, source):
        assert "See [the map](map.md) and the licence." in (source / "index.md").read_text()
        alone = (source / "alone.md").read_text()
        assert f"Run [the unit]({UNIT})" in alone
        assert "[how it is graded in CI](docs/ci.md#files)" in alone
        assert "`[not](a-link.md)` is code." in alone
        text = (source / "docs/ci.md").read_text()
        assert "[opening](../index.md), [elsewhere](https://example.org/)" in text

    def test_a_file_to_take_along_is_copied(self, source):
        assert "[workflow](ci/fork.yml)" in (source / "docs/ci.md").read_text()
        assert (source / "docs/ci/fork.yml").read_text() == "on: push\n"

    def test_a_dead_link_of_a_manual_is_one_line(self, unit, tmp_path):
        edit(unit.root / "docs/ci.md", "../README.md", "../READ.md")
        with pytest.raises(CourseError, match=r"docs/ci\.md links to \.\./READ\.md, which does"):
            write_pages(unit.root, tmp_path / "source")

    def test_fenced_code_is_left_alone(self, tmp_path):
        text = "```\n[a](b.md)\n```\n"
        same = site_links(text, file="README.md", page="index.md", pages={}, root=tmp_path)
        assert same == text

    def test_sections_are_taken_by_title(self):
        text = "# T\n\nopening\n\n## A\n\na\n\n## B\n\nb\n"
        assert sections(text, "x.md", "") == "opening\n"
        assert sections(text, "x.md", "B", "A") == "## B\n\nb\n\n## A\n\na\n"
        with pytest.raises(CourseError, match=r"x\.md has no section 'C'"):
            sections(text, "x.md", "C")
