"""Sessions over both transports, for tests that must hold on either."""

import pytest

from firsthand.grading.client import in_process
from firsthand.grading.zygote import Zygote


@pytest.fixture(scope="session")
def zygote():
    """One warm process for all tests."""
    with Zygote(memory_mb=1024, preload=("einops",)) as warm:
        yield warm


@pytest.fixture(params=["kernel", "process"])
def open_session(request):
    """A function from source to a live session, which is closed after the test."""
    opened = []

    def open_one(source="", *, call_seconds=10.0):
        if request.param == "kernel":
            session = in_process({"__name__": "__main__"}, call_seconds=call_seconds)
        else:
            session = request.getfixturevalue("zygote").spawn(call_seconds=call_seconds)
        opened.append(session)
        results = session.run_cells([("cell_one", source)])
        assert results[0].status == "ok", results[0]
        return session

    open_one.transport = request.param
    yield open_one
    for session in opened:
        session.close()
