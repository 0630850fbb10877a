"""A worker that writes what it likes to its socket gets no more than an error."""

import json

import pytest

from firsthand.grading import values, wire
from firsthand.grading.client import ProtocolBroken, SubmissionError, SubmissionTimeout

SOURCE = """
import os, time
def raw(data):
    os.write(3, data)
    time.sleep(5)
"""


@pytest.fixture
def session(zygote):
    session = zygote.spawn(call_seconds=10)
    (result,) = session.run_cells([("cell", SOURCE)])
    assert result.status == "ok", result
    yield session
    session.close()


def frame(header, blob=b""):
    return wire.PREFIX.pack(len(header), len(blob)) + header + blob


def message(kind, number, value):
    def export(_):
        raise AssertionError

    return b"".join(wire.pack(kind, number, [], values.Encoder(export).body(value)))


@pytest.mark.parametrize(
    "data",
    [
        wire.PREFIX.pack(1 << 31, 0),
        wire.PREFIX.pack(0, 1 << 60),
        frame(b"not json"),
        frame(b"[" * 100_000),
        frame(json.dumps(["ok", 10**6, [], [], None]).encode()),
        frame(json.dumps(["ok", 5, [], [["t", "float32", 9]], ["T", 0]]).encode()),
        message("define", 1, ("x", "y")),
        message("call", 1, (1, 2)),
        message("call", 1, (3, [], {}, True)),
        message("vjp", 1, (None, [])),
        message("error", 3, ("A",)),
        message("error", 3, ("A", ["B"], "text", [("cell", "1", "x")], None)),
    ],
    ids=range(12),
)
def test_a_worker_that_breaks_the_protocol_is_ended(session, data):
    # The third request of this session: the cell, the name, the call.
    with pytest.raises(ProtocolBroken, match="malformed"):
        session.submission.raw(data)
    assert not session.alive and "broke the protocol" in session.death


def test_a_forged_exception_is_no_more_than_a_raised_one(session):
    forged = ("Skipped", ["Skipped", "BaseException"], "x", [], 10**6)
    with pytest.raises(SubmissionError) as caught:
        session.submission.raw(message("error", 3, forged))
    assert type(caught.value) is SubmissionError


def test_a_frame_that_never_ends_is_timed_out(session):
    session.call_seconds = 0.3
    with pytest.raises(SubmissionTimeout):
        session.submission.raw(wire.PREFIX.pack(100, 0) + b"[")
