"""Saves are noticed however an editor makes them, and a file that cannot be read is said."""

import os
import queue
import time

import pytest

from firsthand.unit import exercise_cells
from firsthand.watch.files import Watcher, newest, places


@pytest.fixture
def saves(copy):
    """What a watcher of the learner's files tells, without its first look."""
    told = queue.Queue()
    watcher = Watcher(places(copy.unit), copy.unit, told.put)
    watcher.start()
    assert told.get(timeout=20).cells is not None
    time.sleep(0.2)  # until the folder is watched
    yield told
    watcher.stop()
    watcher.join(5)


def written(save):
    return exercise_cells(save.cells)["weighted_mean"]


def test_a_new_file_in_the_place_of_the_old_is_seen_at_once(copy, saves):
    at = copy.write(weighted_mean="mine = 1")
    save = saves.get(timeout=10)
    assert written(save) == "mine = 1" and save.path == copy.path
    assert save.at - at < 5, "the look each half second alone would do, and this machine is shared"


def test_writing_into_the_file_is_seen(copy, saves):
    text = copy.path.read_text().replace("raise NotImplementedError", "pass")
    copy.path.write_text(text)
    assert "pass" in written(saves.get(timeout=10))


def test_a_half_written_file_is_waited_for(copy, saves):
    whole = copy.path.read_text().replace("raise NotImplementedError", "pass")
    copy.path.write_text(whole[: len(whole) // 2])
    time.sleep(0.15)
    copy.path.write_text(whole)
    assert "pass" in written(saves.get(timeout=10)), "no complaint came before it"


def test_a_file_that_stays_unreadable_is_said_and_its_mending_seen(copy, saves):
    copy.path.write_text('{"cells": [')
    save = saves.get(timeout=10)
    assert save.cells is None and save.problem.startswith("not readable as a notebook yet: ")
    assert "not valid JSON" in save.problem
    copy.start()
    assert saves.get(timeout=10).cells is not None


def test_a_deleted_file_is_said_and_seen_again(copy, saves):
    text = copy.path.read_text()
    copy.path.unlink()
    save = saves.get(timeout=10)
    assert save.cells is None and "is gone" in save.problem and "--file" not in save.problem
    copy.path.write_text(text)
    assert saves.get(timeout=10).cells is not None


def test_a_renamed_file_is_named(copy, saves):
    copy.path.rename(copy.path.with_name("better name.ipynb"))
    problem = saves.get(timeout=10).problem
    assert "is gone" in problem and "better name.ipynb" in problem and "--file" in problem


def test_a_folder_that_was_removed_and_made_again_is_seen(copy, saves):
    folder = copy.path.parent
    folder.rename(folder.with_name("elsewhere"))
    assert "is gone" in saves.get(timeout=10).problem
    copy.start()
    assert saves.get(timeout=10).cells is not None
    time.sleep(0.8)
    copy.write(weighted_mean="mine = 2")
    assert written(saves.get(timeout=10)) == "mine = 2"


def test_other_files_in_the_folder_and_a_touch_without_a_change_are_no_save(copy, saves):
    (copy.path.parent / "figure.png").write_bytes(b"1")
    with pytest.raises(queue.Empty):
        saves.get(timeout=1)


def test_the_file_that_was_saved_last_counts(copy, saves):
    import jupytext

    export = copy.path.with_suffix(".py")
    text = jupytext.writes(jupytext.read(copy.path), fmt="py:percent")
    export.write_text(text.replace("raise NotImplementedError", "pass"))
    save = saves.get(timeout=10)
    assert save.path == export and "pass" in written(save)
    time.sleep(0.02)
    copy.write(weighted_mean="mine = 3")
    save = saves.get(timeout=10)
    assert save.path == copy.path and written(save) == "mine = 3"


def test_newest_takes_what_is_there(tmp_path):
    old, new, gone = tmp_path / "old", tmp_path / "new", tmp_path / "gone"
    old.touch()
    new.touch()
    os.utime(old, (1, 1))
    assert newest([old, new, gone]) == new and newest([gone]) is None
