"""Attacks on time and clean-up whose control is the same code with the limit raised."""

import os
import pickle
import shutil

import pytest

from firsthand.grading import candidate, client, values, wire
from firsthand.grading.candidate import WorkerCandidate
from firsthand.grading.client import Session, SubmissionTimeout, in_process
from firsthand.grading.sandbox import levels
from firsthand.grading.sandbox.slots import remove
from firsthand.unit import Cell

SLOW = "import time\ndef slow():\n    time.sleep(0.1)\n    return 1"


def calls_until_late(session: Session, most: int) -> int:
    """How many calls of a slow function one test gets."""
    with session.one_test(0.15):
        for count in range(most):
            try:
                session.submission.slow()
            except SubmissionTimeout:
                return count
    return most


def test_answers_that_are_each_in_time_are_late_together(monkeypatch):
    monkeypatch.setattr(client, "TEST_CALLS", 2)  # 0.3 s
    session = in_process({})
    session.run_cells([("slow", SLOW)])
    assert calls_until_late(session, 6) < 6
    monkeypatch.setattr(client, "TEST_CALLS", 100)
    assert calls_until_late(session, 6) == 6


def cells_run(deadlines: float) -> list[str]:
    """The errors of four cells that sleep, with so many deadlines of one cell together."""
    cells = [Cell("extra", f"cell {n}", "import time\ntime.sleep(0.15)") for n in range(4)]
    made = WorkerCandidate(cells, {}, cell_seconds=1.0, isolation=levels.reach().level)
    made._seconds_left = deadlines
    made.session()
    made.close()
    return list(made.cell_errors)


def test_cells_that_are_each_in_time_are_late_together():
    late = cells_run(0.2)
    assert len(late) == 1 and "took too long together" in late[0]
    assert cells_run(candidate.CELL_DEADLINES * 1.0) == []


def nested(folder, depth):
    """Folders in each other, deeper than Python calls itself."""
    folder.mkdir()
    before = os.getcwd()
    os.chdir(folder)
    try:
        for _ in range(depth):
            os.mkdir("a")
            os.chdir("a")
        with open("file", "w") as file:
            file.write("x")
    finally:
        os.chdir(before)


def test_a_deep_folder_is_removed_where_shutil_gives_up(tmp_path):
    nested(tmp_path / "deep", 1100)
    with pytest.raises((RecursionError, OSError)):
        shutil.rmtree(tmp_path / "deep")
    remove(tmp_path / "deep")
    assert not (tmp_path / "deep").exists()


def test_what_is_removed_may_have_any_mode_and_links_are_not_followed(tmp_path):
    (tmp_path / "kept").write_text("x")
    folder = tmp_path / "folder"
    (folder / "closed").mkdir(parents=True)
    (folder / "closed" / "file").write_text("x")
    (folder / "link").symlink_to(tmp_path)
    (folder / "closed").chmod(0)
    folder.chmod(0)
    remove(folder)
    assert not folder.exists()
    assert (tmp_path / "kept").read_text() == "x"
    remove(tmp_path / "nothing")


KEPT = """
from firsthand.kit.statistics import mcnemar_exact
kept = [mcnemar_exact]
def by_default(f=mcnemar_exact):
    return f(1, 2)
def by_list():
    return kept[0](1, 2)
"""


def test_a_forbidden_function_refuses_wherever_it_is_kept():
    session = in_process({})
    session.run_cells([("kept", KEPT)])
    want = session.submission.by_list()
    for call in (session.submission.by_default, session.submission.by_list):
        with session.forbidding("firsthand.kit.statistics.mcnemar_exact"):
            with pytest.raises(RuntimeError, match="is what you are asked to write"):
                call()
        assert call() == want


class Bomb:
    """An object that does something when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("won",)


def test_a_frame_is_never_unpickled_or_evaluated(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for hostile in (pickle.dumps(Bomb()), b"__import__('os').mkdir('won')"):
        with pytest.raises(wire.WireError):
            wire.unpack(hostile, bytearray())
        with pytest.raises(wire.WireError):
            values.decode(hostile, [], lambda *_: None)
        assert not (tmp_path / "won").exists()
    pickle.loads(pickle.dumps(Bomb()))  # a naive decoder
    (tmp_path / "won").rmdir()
    eval("__import__('os').mkdir('won')")
    assert (tmp_path / "won").exists()
