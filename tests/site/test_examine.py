"""What is wrong with a page is found: dead links, addresses elsewhere, solutions, hidden tests."""

import shutil

import pytest

from firsthand.site.examine import Page, given_away, problems_of, secret_lines
from firsthand.site.excerpts import main_text


@pytest.fixture
def html(tmp_path):
    folder = tmp_path / "html"
    folder.mkdir()
    (folder / "other.html").write_text('<p id="there">x</p>')
    (folder / "style.css").write_text("p { color: red }")
    return folder


CASES = {
    '<a href="gone.html">x</a>': "links to gone.html, which does not exist",
    '<a href="other.html#gone">x</a>': "links to other.html#gone, and there is no such place",
    '<a href="#gone">x</a>': "links to #gone, and there is no such place there",
    '<img src="gone.png" alt="x">': "loads gone.png, which does not exist",
    '<img src="style.css">': "shows style.css without a description",
    '<script src="https://example.org/x.js"></script>': "loads https://example.org/x.js",
    '<script src="//example.org/x.js"></script>': "loads //example.org/x.js",
    '<link rel="stylesheet" href="https://example.org/x.css">': "loads https://example.org/x.css",
    '<iframe src="https://example.org/"></iframe>': "loads https://example.org/",
    '<p style="background: url(//example.org/x.png)">x</p>': "loads //example.org/x.png",
}


@pytest.mark.parametrize("body", CASES)
def test_what_is_wrong_is_one_line(unit, html, body):
    (html / "page.html").write_text(body)
    (problem,) = problems_of(unit.root, html)
    assert problem == f"page.html {CASES[body]}" or problem.startswith(f"page.html {CASES[body]}")


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://example.org/">elsewhere</a>',
        '<a href="other.html#there">x</a><a href="other.html">x</a><a href="#">x</a>',
        '<img src="data:image/png;base64,AA==" alt="x">',
        '<link rel="stylesheet" href="style.css?v=1"><link rel="next" href="other.html">',
        '<a name="here" href="#here">x</a>',
    ],
)
def test_what_is_right_is_left(unit, html, body):
    (html / "page.html").write_text(body)
    assert problems_of(unit.root, html) == []


def test_an_address_in_a_style_sheet_is_found(unit, html):
    (html / "style.css").write_text("@import 'https://example.org/x.css'; p { color: red }")
    assert problems_of(unit.root, html) == ["style.css loads https://example.org/x.css"]


def test_a_solution_is_found_in_coloured_code(unit, html):
    (html / "page.html").write_text("<pre><b>weighted_rows</b> = <i>values</i>  * weights\n</pre>")
    (problem,) = problems_of(unit.root, html)
    assert problem == (
        "page.html shows the solution of 101/weighted_mean: weighted_rows = values * weights"
    )


def test_a_hidden_test_is_found_in_a_script(unit, html):
    line = next(line for line, what in secret_lines(unit) if "hidden" in what and '"' in line)
    escaped = line.replace('"', '\\"')
    (html / "data.js").write_text(f'x = ["{escaped}"]')
    found = problems_of(unit.root, html)
    assert any("data.js shows a hidden test of 101" in problem for problem in found)


def test_what_learners_are_given_is_no_secret(unit):
    assert given_away(unit.root, {"visible": unit.visible_tests.read_text()}) == []
    assert given_away(unit.root, {"graders": unit.graders[0].read_text()})


def test_the_built_site_has_no_problem(unit, built):
    assert problems_of(unit.root, built) == []


def test_a_solution_in_the_built_site_would_be_seen(unit, built, tmp_path):
    shutil.copytree(built, tmp_path / "copy")
    page = tmp_path / "copy/units/101_weighted_means.html"
    stub = '<span class="ne">NotImplementedError</span>'
    text = page.read_text()
    assert stub in text
    page.write_text(text.replace(stub, "<span>weighted_rows</span> = values * weights"))
    assert any("shows the solution" in p for p in problems_of(unit.root, tmp_path / "copy"))


def test_the_text_of_a_page_has_the_lines_of_its_code():
    assert Page("<pre><span>a</span> = 1\n<span>b</span></pre>").text == "a = 1\nb"


def test_an_excerpt_is_of_the_main_text_alone():
    page = """<nav>menu</nav><article role="main"><section id="a"><h1>Title<a class="headerlink"
    href="#a">#</a></h1><p>1 &lt; 2<br>text</p><script>x()</script><dl><dt id="term-b">b</dt><dd>is
    c</dd></dl></section></article><footer>foot</footer>"""
    assert " ".join(main_text(page).split()) == (
        '<div role="main"><section id="a">Title1 &lt; 2text<section id="term-b">b: is c'
        "</section></section></div>"
    )
