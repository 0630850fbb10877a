"""`firsthand dev site`: what it writes and where, what it refuses, what it says."""

import pytest
from typer.testing import CliRunner

from firsthand.cli import app
from firsthand.site import MARK, build_site, sphinx_build
from tests.golden import edit


def said(console):
    return console.file.getvalue()


def run(*arguments):
    return CliRunner().invoke(app, ["dev", "site", *arguments])


def test_the_site_has_its_pages_and_a_search(built):
    assert (built / MARK).is_file()
    assert (built / "units/101_weighted_means.html").is_file()
    assert "https://" not in (built / "_static/excerpts.js").read_text().replace(
        "https://example.org", ""
    )


def test_a_formula_is_mathml_and_no_page_asks_for_mathjax(built):
    page = (built / "units/101_weighted_means.html").read_text()
    assert '<span class="math"><math>' in page and "<mfrac>" not in page
    for path in built.rglob("*.html"):  # MyST's class "mathjax_ignore" loads nothing
        assert "mathjax" not in path.read_text().lower().replace("mathjax_ignore", "")


def test_a_term_of_a_unit_and_its_definition_are_linked_to_each_other(built):
    page = (built / "units/101_weighted_means.html").read_text()
    assert 'id="use-101-weighted-mean"' in page
    assert 'href="../glossary.html#term-weighted-mean"' in page
    glossary = (built / "glossary.html").read_text()
    assert 'href="units/101_weighted_means.html#use-101-weighted-mean"' in glossary


def test_the_description_of_a_plot_is_kept(built):
    page = (built / "units/101_weighted_means.html").read_text()
    assert 'alt="Histogram of means &lt;around&gt; 0"' in page
    assert page.count("<img") == 1


def test_what_sphinx_warns_of_keeps_the_old_site(unit, tmp_path, console):
    output = tmp_path / "html"
    output.mkdir()
    (output / MARK).write_text("old")
    edit(unit.exercise_notebook, "w_i x_i", "\\\\nosuchcommand")
    assert not build_site(unit.root, output, console=console)
    assert "✗ units/101_weighted_means.ipynb:" in said(console)
    assert "nosuchcommand" in said(console)
    assert (output / MARK).read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()].count("html") == 1


def test_a_solution_in_the_text_keeps_the_site_from_being_written(unit, tmp_path, console):
    with (unit.root / "README.md").open("a") as readme:
        readme.write("\n`weighted_rows = values * weights`\n")
    assert not build_site(unit.root, tmp_path / "html", console=console)
    assert "✗ alone.html shows the solution of 101/weighted_mean" in said(console)
    assert not (tmp_path / "html").exists()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_no_site_is_never_replaced(unit, tmp_path, monkeypatch, kind):
    monkeypatch.setenv("FIRSTHAND_COURSE", str(unit.root))
    output = tmp_path / "mine"
    if kind == "folder":
        output.mkdir()
    precious = output / "thesis.tex" if kind == "folder" else output
    precious.write_text("all of it")
    result = run("--output", str(output))
    assert result.exit_code == 2
    assert "name another" in result.stderr
    assert precious.read_text() == "all of it"


def test_a_missing_package_is_one_line(unit, tmp_path, monkeypatch):
    monkeypatch.setenv("FIRSTHAND_COURSE", str(unit.root))
    monkeypatch.setattr(sphinx_build, "PACKAGES", ("sphinx", "no_such_package"))
    result = run("--output", str(tmp_path / "html"))
    assert result.exit_code == 2
    assert "the site needs no_such_package, which is not installed" in result.stderr


def test_the_site_goes_to_the_build_folder(unit, monkeypatch):
    monkeypatch.setenv("FIRSTHAND_COURSE", str(unit.root))
    result = run()
    assert result.exit_code == 0, result.output
    assert (unit.root / "build/site/index.html").is_file()
    assert run("--output", str(unit.root / "build/site")).exit_code == 0  # again, in its place
