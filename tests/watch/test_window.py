"""The window in a real pseudo-terminal, with a grading process that answers at once."""

import os
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from firsthand import journal
from tests.watch.fake import BEFORE
from tests.watch.window import Window, plain

ROOT = Path(__file__).resolve().parents[2]
WRONG, RIGHT = "wrong = 1", "right = 1"
SHOW_CURSOR, LEAVE = "\x1b[?25h", "\x1b[?1049l"


@pytest.fixture
def open_window(copy):
    """Opens the window on the learner's copy; every one is closed at the end."""
    opened = []

    def start(*arguments, before=BEFORE, **options):
        options = {"cwd": copy.unit.root, "PYTHONPATH": str(ROOT)} | options
        window = Window(*arguments, before=before, **options)
        opened.append(window)
        return window

    yield start
    for window in opened:
        window.__exit__()


@pytest.fixture
def window(open_window):
    window = open_window("101")
    window.wait("saved", "exercises run")
    return window


def is_given_back(window):
    """Whether the terminal is as it was: settings, cursor, first screen."""
    assert window.settings() == window.before
    return has_left(window)


def has_left(window):
    """Whether the cursor and the first screen are back."""
    tail = window.output[window.output.rfind("\x1b[?25l") :]
    return SHOW_CURSOR in tail and LEAVE in tail


def test_a_save_is_shown_and_the_rest_keeps_its_result(window, copy):
    copy.write(weighted_mean=RIGHT)
    window.wait("✓ weighted_mean   4/4", "2 of 3 exercises run", "unit ", "4/9 points")
    copy.write(which_is_larger=WRONG)
    text = window.wait("✗ which_is_larger 0/1", "this is the message", "1 of 3 exercises run")
    assert "✓ weighted_mean   4/4" in text


def test_keys(window, copy):
    copy.write(weighted_mean=WRONG)
    window.wait("this is the message")
    window.press("h")
    window.wait("about your last check: mind the mask")
    window.press("h")
    window.wait("hint 1 of 3: What does a weight of zero do?")
    window.press("l")
    window.wait("about 15 minutes", "graded by hand", without=["hint 1 of 3"])
    window.press("l")
    window.wait("hint 1 of 3", without=["about 15 minutes"])
    window.press("n")
    window.wait("not started · 0 / 4 points", without=["this is the message"])
    window.press("r")
    window.wait("3 of 3 exercises run")
    window.press("\x1b[A\x1b[B")  # arrows are no keys
    window.press("q")
    assert window.end() == 0
    assert is_given_back(window)
    assert plain(window.output).rstrip().endswith("101 Weighted means: 0 of 9 points")
    kinds = [(e.kind, e.exercise, e.detail) for e in journal.events(copy.unit.root)]
    assert ("check", "weighted_mean", "mind the mask") in kinds
    assert kinds.count(("hint", "weighted_mean", "mistake")) == 1
    assert kinds.count(("hint", "weighted_mean", "1")) == 1


def test_reset_asks_keeps_a_backup_and_the_stub_is_graded(window, copy):
    copy.write(weighted_mean=WRONG)
    window.wait("this is the message")
    window.press("x")
    window.wait("Reset weighted_mean to its stub?", "y yes")
    window.press("n")
    window.wait("stays as it is", without=["y yes"])
    assert WRONG in copy.path.read_text()
    window.press("xy")
    text = window.wait("· weighted_mean", "is its stub again", without=["this is the message"])
    assert WRONG not in copy.path.read_text()
    assert "undo" in text
    assert [e.kind for e in journal.events(copy.unit.root)].count("reset") == 1


def test_a_file_that_cannot_be_read_or_is_gone_is_said(window, copy):
    whole = copy.path.read_text()
    copy.path.write_text(whole[:100])
    window.wait("not readable as a notebook yet", "· weighted_mean   0/4")
    copy.path.write_text(whole)
    window.wait("no code has changed", without=["not readable"])
    copy.path.unlink()
    window.wait("is gone")
    copy.path.write_text(whole.replace("raise NotImplementedError", "right"))
    window.wait("Every exercise of this unit passes.", "9/9 points", without=["is gone"])


def test_it_redraws_for_another_size(window):
    window.resize(40, 24)
    text = window.wait("…weighted_means/101_weighted_means.ipynb")
    assert max(map(len, text.split("\n"))) <= 40
    window.resize(100, 40)
    window.wait("x reset this exercise   q quit")


@pytest.mark.parametrize(
    ("ending", "code"), [("\x03", 130), (signal.SIGTERM, 128 + 15)], ids=["Ctrl-C", "SIGTERM"]
)
def test_an_end_from_outside_gives_the_terminal_back(window, ending, code):
    assert not window.settings()[3] & (termios.ECHO | termios.ICANON)
    if isinstance(ending, str):
        window.press(ending)
    else:
        window.process.send_signal(ending)
    assert window.end() == code
    assert is_given_back(window)
    assert "Traceback" not in window.output


def test_a_bug_of_ours_gives_the_terminal_back_and_keeps_its_traceback(open_window, copy):
    broken = BEFORE + "\nfirsthand.watch.run.screen.draw = lambda *a, **k: 1 / 0"
    window = open_window("101", before=broken)
    assert window.end() == 3
    assert is_given_back(window)
    assert "ZeroDivisionError" in window.output


def test_a_grader_that_breaks_is_said_and_its_traceback_kept(window, copy):
    copy.write(weighted_mean="crash = 1")
    window.wait("This is our bug, not yours.", "KeyError: 'crash'")
    copy.write(weighted_mean=RIGHT)
    window.wait("✓ weighted_mean   4/4", without=["our bug"])
    copy.write(weighted_mean="crash = 2")
    window.wait("This is our bug, not yours.")
    window.press("q")
    assert window.end() == 0
    assert window.output.rstrip().endswith("KeyError: 'crash'")


def test_a_terminal_that_goes_away_ends_it(window):
    os.kill(window.process.pid, signal.SIGHUP)
    assert window.end() == 129


def test_a_signal_that_another_thread_is_given_ends_it_too(open_window):
    """The main thread then sleeps on in `select`, unless it is woken."""
    other = (
        "\nimport signal, threading, time"
        "\ndef give():"
        "\n    time.sleep(3)"
        "\n    signal.pthread_kill(threading.get_ident(), signal.SIGHUP)"
        "\nthreading.Thread(target=give, daemon=True).start()"
    )
    window = open_window("101", before=BEFORE + other)
    window.wait("saved", "exercises run")
    assert window.end() == 129


def test_without_colour_there_is_none(open_window):
    window = open_window("101", NO_COLOR="1")
    window.wait("exercises run")
    assert "\x1b[" not in window.raw().replace("\x1b[H", "").replace("\x1b[K", "")


def test_a_terminal_without_unicode_gets_plain_characters(open_window, copy):
    window = open_window("101", PYTHONIOENCODING="ascii", LC_ALL="C", NO_COLOR="1")
    copy.write(weighted_mean=RIGHT)
    text = window.wait("+ weighted_mean", "#########-------------")
    assert text.isascii()


def test_ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back(open_window, copy):
    line = f"{sys.executable} -c '{BEFORE}\nfrom firsthand.cli import app; app()' watch 101\n"
    with_shell = open_window(command=["bash", "--norc", "--noprofile", "-i"], PS1="shell> ")
    with_shell.wait_output("shell> ")
    with_shell.press(line.replace("\n", "\x16\n", line.count("\n") - 1))
    with_shell.wait("exercises run")
    with_shell.press("\x1a")
    with_shell.wait_output("Stopped")
    assert has_left(with_shell)
    # The shell's own line editor changes settings, and undoes that for each command.
    with_shell.press("stty -a\n")
    with_shell.wait_output(" echo ")
    with_shell.wait_output(" icanon ")
    shown = with_shell.output.count("exercises run")
    with_shell.press("fg\n")
    until = time.monotonic() + 20
    while with_shell.output.count("exercises run") == shown and time.monotonic() < until:
        with_shell.read(0.2)
    copy.write(weighted_mean=RIGHT)
    with_shell.wait("✓ weighted_mean   4/4")
    with_shell.press("q")
    with_shell.wait_output("of 9 points")
    with_shell.press("echo code $?\n")
    with_shell.wait_output("code 0")


@pytest.mark.parametrize("dumb", [False, True], ids=["pipe", "TERM=dumb"])
def test_without_a_screen_each_save_prints_a_block(copy, open_window, dumb):
    if dumb:
        window = open_window("101", TERM="dumb")
        window.wait_output("unit 0 / 9 points")
        copy.write(weighted_mean=WRONG)
        window.wait_output("this is the message")
        window.press("\x03")
        assert window.end() == 130
        assert "\x1b" not in window.output and "Traceback" not in window.output
        return
    script = f"{BEFORE}\nfrom firsthand.cli import app\napp()"
    process = subprocess.Popen(
        [sys.executable, "-c", script, "watch", "101"],
        cwd=copy.unit.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    first = [process.stdout.readline() for _ in range(3)]
    assert first[0].startswith("101 Weighted means")
    copy.write(weighted_mean=WRONG)
    lines = []
    while not any("unit 0 / 9 points" in line for line in lines[-1:]) or len(lines) < 12:
        lines.append(process.stdout.readline())
        assert lines[-1]
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=20)[0]
    text = "".join(lines) + rest
    assert "this is the message" in text and "2 of 3 exercises run" in text
    assert process.returncode == 130
    assert "\x1b" not in text and "Traceback" not in text
