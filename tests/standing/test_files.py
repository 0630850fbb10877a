"""Pages as files: whole or not at all, and nobody's file is overwritten."""

import shutil

import pytest

from firsthand.render.document import document
from firsthand.standing import files
from firsthand.unit import CourseError

PAGE = document("A page", ["<p>Hello</p>"])


def test_a_page_is_written_and_written_again(tmp_path):
    path = tmp_path / "page.html"
    files.write_html(PAGE, path)
    files.write_html(PAGE.replace("Hello", "Again"), path)
    assert "Again" in path.read_text() and [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_a_file_that_is_no_page_of_ours_stays(tmp_path):
    path = tmp_path / "402.ipynb"
    path.write_text('{"cells": []}')
    with pytest.raises(CourseError, match="left as it is"):
        files.write_html(PAGE, path)
    assert path.read_text() == '{"cells": []}'


@pytest.mark.parametrize("name", ["", "nowhere/page.html"])
def test_a_place_that_cannot_be_written_is_one_line(tmp_path, name):
    with pytest.raises(CourseError, match=r"is a folder|cannot be written") as caught:
        files.write_html(PAGE, tmp_path / name)
    assert "\n" not in str(caught.value)


def test_without_chromium_no_pdf_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(files.shutil, "which", lambda name: None)
    assert files.write_pdf(PAGE, tmp_path / "page.pdf") is False
    assert list(tmp_path.iterdir()) == []


def test_a_browser_that_prints_nothing_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(files.shutil, "which", lambda name: shutil.os.path.realpath("/bin/true"))
    with pytest.raises(CourseError, match="printed no page"):
        files.write_pdf(PAGE, tmp_path / "page.pdf")


@pytest.mark.skipif(not any(shutil.which(name) for name in files.BROWSERS), reason="needs chromium")
def test_chromium_prints_the_page(tmp_path):
    path = tmp_path / "page.pdf"
    assert files.write_pdf(PAGE, path) is True
    assert path.read_bytes().startswith(b"%PDF-")
    other = tmp_path / "notes.pdf"
    other.write_text("mine")
    with pytest.raises(CourseError, match="is not a PDF"):
        files.write_pdf(PAGE, other)
    assert other.read_text() == "mine"
