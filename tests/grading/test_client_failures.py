"""How a session tells of exceptions, output and lost time, on both transports."""

import os
import signal
import time

import pytest
import torch

from firsthand.grading.client import (
    SubmissionError,
    SubmissionTimeout,
    in_process,
)
from tests.grading.contract import SOURCE


@pytest.fixture
def session(open_session):
    return open_session(SOURCE)


@pytest.fixture
def submission(session):
    return session.submission


# Exceptions.


@pytest.mark.parametrize(
    "name",
    [
        "ValueError",
        "KeyError",
        "NotImplementedError",
        "AssertionError",
        "OSError",
        "TypeError",
        "ZeroDivisionError",
        "RecursionError",
        "MemoryError",
        "ImportError",
        "SyntaxError",
    ],
)
def test_an_exception_keeps_its_builtin_type(submission, name):
    builtin = getattr(__builtins__, name, None) or __builtins__[name]
    with pytest.raises(builtin) as caught:
        submission.boom(name)
    error = caught.value
    assert isinstance(error, SubmissionError)
    assert error.type_name == name and type(error).__name__ == name
    assert "the text" in error.message and str(error) == error.message


@pytest.mark.parametrize(
    "name", ["KeyboardInterrupt", "SystemExit", "GeneratorExit", "StopIteration"]
)
def test_an_exception_that_would_steer_the_test_is_a_plain_one(submission, name):
    with pytest.raises(SubmissionError) as caught:
        submission.boom(name)
    assert type(caught.value) is SubmissionError and caught.value.type_name == name


def test_a_skip_in_the_learners_code_is_a_plain_exception(open_session):
    submission = open_session("def f():\n    import pytest\n    pytest.skip('please')").submission
    with pytest.raises(SubmissionError) as caught:
        submission.f()
    assert caught.value.type_name == "Skipped"


def test_an_exception_of_the_learners_own_type_has_its_name(submission):
    with pytest.raises(SubmissionError, match="odd") as caught:
        submission.special()
    assert caught.value.type_name == "Special"


def test_an_exception_shows_the_learners_lines_and_no_other(submission):
    with pytest.raises(KeyError) as caught:
        submission.untold({})
    frames = caught.value.frames
    assert [(f.cell, f.source) for f in frames] == [
        ("cell_one", "return inner(x)"),
        ("cell_one", 'return x["missing"]'),
    ]
    assert SOURCE.splitlines()[frames[-1].line - 1].strip() == frames[-1].source
    with pytest.raises(RuntimeError) as caught:
        submission.Linear(3)(torch.ones(5))
    assert [f.source for f in caught.value.frames] == ["return self.inner(x) * self.scale"]


# Cells.


def test_every_cell_runs_and_says_how_it_went(session):
    results = session.run_cells(
        [
            ("first", "a = 1\na + 1"),
            ("second", "b = a +\n"),
            ("third", "def f():\n    return 1 / 0\n\nf()"),
            ("fourth", "print(a)"),
        ]
    )
    assert [r.status for r in results] == ["ok", "raised", "raised", "ok"]
    assert [r.repr for r in results] == ["2", None, None, None]
    assert results[1].error_type == "SyntaxError" and results[1].frames[-1][:2] == ("second", 1)
    assert results[2].error_type == "ZeroDivisionError"
    assert [tuple(f) for f in results[2].frames] == [
        ("third", 4, "f()"),
        ("third", 2, "return 1 / 0"),
    ]
    assert session.take_output() == "1\n"


def test_a_cell_that_never_ends_is_timed_out_and_the_rest_is_not_run(session):
    results = session.run_cells([("a", "x = 1"), ("b", "loop()"), ("c", "y = 1")], seconds=0.5)
    assert [r.status for r in results] == ["ok", "timed out", "not run"]


def test_dataclasses_and_annotations_work_in_cells(session):
    (result,) = session.run_cells(
        [
            (
                "a",
                "from __future__ import annotations\nimport dataclasses, typing\n"
                "@dataclasses.dataclass\nclass A:\n    x: int = 3\nA().x",
            )
        ]
    )
    assert result.repr == "3", result


# Output.


def test_what_is_printed_is_kept_apart_and_bounded(session, capfd):
    session.submission.speak("hello")
    assert session.take_output() == "hello\n" and session.take_output() == ""
    assert session.take_stderr() == "aside\n"
    session.submission.speak("x" * 200_000)
    assert len(session.take_output()) == 64 << 10
    session.submission.apply(print, "from the test")
    assert session.take_output() == ""
    assert capfd.readouterr() == ("from the test\n", "")


# Time.


def test_a_call_that_never_ends_is_timed_out(open_session):
    session = open_session(SOURCE, call_seconds=0.5)
    start = time.monotonic()
    with pytest.raises(SubmissionTimeout, match=r"0\.5 s"):
        session.submission.loop()
    assert time.monotonic() - start < 3
    assert session.alive is (open_session.transport == "kernel")
    if session.alive:
        assert session.submission.echo(1) == 1


def test_the_deadline_includes_callbacks(open_session):
    session = open_session(SOURCE, call_seconds=0.3)
    with pytest.raises(SubmissionTimeout):
        session.submission.call_me(lambda i: time.sleep(0.02), 1000)


def test_a_deadline_can_be_set_for_each_call(open_session):
    session = open_session(SOURCE, call_seconds=0.2)
    session.call_seconds = 5
    assert session.submission.call_me(lambda i: time.sleep(0.02), 20) == [None] * 20


# The kernel's own promises.


def test_the_kernel_transport_leaves_the_process_as_it_was():
    import signal
    import sys

    before = (
        sys.stdout,
        sys.stderr,
        list(sys.path),
        os.getcwd(),
        signal.getsignal(signal.SIGALRM),
        signal.getsignal(signal.SIGINT),
        torch.is_grad_enabled(),
    )
    session = in_process({}, call_seconds=0.2)
    session.run_cells([("a", SOURCE)])
    for call in (session.submission.loop, lambda: session.submission.boom("KeyError")):
        with pytest.raises(SubmissionError):
            call()
    after = (
        sys.stdout,
        sys.stderr,
        list(sys.path),
        os.getcwd(),
        signal.getsignal(signal.SIGALRM),
        signal.getsignal(signal.SIGINT),
        torch.is_grad_enabled(),
    )
    assert before == after


def test_the_kernel_transport_answers_outside_of_the_main_thread():
    import threading

    session, results = in_process({}), []
    thread = threading.Thread(
        target=lambda: results.append(session.run_cells([("a", "1 + 1")])[0].repr)
    )
    thread.start()
    thread.join()
    assert results == ["2"]


@pytest.fixture
def pythons_own_interrupt():
    """The handler that a kernel has, whatever ran before in this process."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("pythons_own_interrupt")
def test_an_interrupt_from_the_keyboard_stops_the_test_itself():
    session = in_process({}, call_seconds=5)
    session.run_cells(
        [
            (
                "a",
                "import os, signal\ndef f():\n    os.kill(os.getpid(), signal.SIGINT)\n"
                "    while True: pass",
            )
        ]
    )
    with pytest.raises(KeyboardInterrupt):
        session.submission.f()
    assert session.run_cells([("b", "2")])[0].repr == "2"


def test_lines_of_a_kernels_own_cells_are_the_learners():
    import linecache

    source, name = "def f(x):\n    return x.nothing\n", "/tmp/ipykernel_1/2.py"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    namespace = {}
    exec(compile(source, name, "exec"), namespace)
    with pytest.raises(AttributeError) as caught:
        in_process(namespace).submission.f(1)
    assert [tuple(frame) for frame in caught.value.frames] == [("f", 2, "return x.nothing")]
