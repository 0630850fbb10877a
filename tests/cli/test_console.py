"""Width, colour and characters follow the terminal."""

import io

import pytest

from firsthand.cli import console


class Stream(io.StringIO):
    def __init__(self, *, tty=True, encoding="utf-8"):
        super().__init__()
        self._tty, self._encoding = tty, encoding

    def isatty(self):
        return self._tty

    @property
    def encoding(self):
        return self._encoding


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_a_terminal_is_coloured():
    assert console.colour(Stream())


def test_a_file_is_not_coloured():
    assert not console.colour(Stream(tty=False))


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colour_where_it_is_not_wanted(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert not console.colour(Stream())


@pytest.mark.parametrize(("columns", "width"), [("30", 30), ("90", 90), ("300", 100)])
def test_width_follows_the_terminal_up_to_a_hundred(monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    assert console.width() == width


@pytest.mark.parametrize(
    ("encoding", "shown"), [("utf-8", "✓ a\n"), ("ascii", "+ a\n"), ("latin-1", "+ a\n")]
)
def test_characters_follow_the_encoding(encoding, shown):
    stream = Stream(encoding=encoding)
    console.say("✓ a", stream=stream)
    assert stream.getvalue() == shown


def test_nothing_turns_where_nobody_watches(monkeypatch):
    stream = Stream(tty=False)
    monkeypatch.setattr("sys.stderr", stream)
    with console.waiting("grading"):
        pass
    with console.bar() as bar:
        bar.add_task("grading", total=1)
    assert stream.getvalue() == ""
