"""Precautions of the trusted side, each of which can be taken away, to see what it is good for."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from firsthand.grading import client, engine, values, worker_channel
from firsthand.grading.errors import Frame


@contextmanager
def _only_the_deadline(session: Any, call_seconds: float) -> Iterator[None]:
    session.call_seconds = call_seconds
    yield


def _unguarded(grader: Any, session: Any, test: Any, seconds: float) -> Any:
    session.call_seconds = seconds
    if session.alive:
        session.reseed()
    return grader.suite.run(test, session.submission, course_key=grader.key)


def _any_frame(frame: Any) -> bool:
    return type(frame) is tuple and [type(item) for item in frame] == [str, int, str]


WITHOUT = {
    "names of signals": [
        mock.patch.object(worker_channel, "_signal_name", lambda n: signal.Signals(n).name)
    ],
    "guarded reseeding": [mock.patch.object(engine.Grader, "_run_on", _unguarded)],
    "bounds of a frame": [
        mock.patch.object(client, "is_frame", _any_frame),
        mock.patch.object(client, "_frame", Frame),
        mock.patch.object(values, "MAX_DIGITS", 20_000),
    ],
    "bounds of a number": [mock.patch.object(values, "MAX_DIGITS", 20_000)],
    "keys that hash alike": [mock.patch.object(values, "_spread", lambda keys: keys)],
    "end of a test": [mock.patch.object(client.Session, "one_test", _only_the_deadline)],
    "size of a callback": [mock.patch.object(client, "MAX_CALLBACK", 1 << 30)],
    "limit of output": [mock.patch.object(worker_channel, "MAX_OUTPUT", 1 << 40)],
}


@contextmanager
def without(name: str) -> Iterator[None]:
    """Within the block, the grader lacks the precaution; all of them where the name is ""."""
    with ExitStack() as stack:
        for patch in WITHOUT[name] if name else ():
            stack.enter_context(patch)
        yield
