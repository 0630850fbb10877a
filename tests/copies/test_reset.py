"""Reset and undo: what was written is always in a backup, and comes back."""

import pytest

from firsthand import copies, journal
from firsthand.copies import files
from firsthand.unit import CourseError
from tests.copies import conftest
from tests.copies.conftest import own


def test_reset_of_an_exercise_changes_that_cell_alone(copy):
    before = {c["id"]: c for c in copy.cells()}
    saved = copy.path.read_bytes()
    backup = copies.reset(copy.unit, "Standardiser")
    assert backup.read_bytes() == saved
    changed = [c for c in copy.cells() if c != before[c["id"]]]
    assert [c["id"] for c in changed] == ["101-Standardiser"]
    assert "raise NotImplementedError" in "".join(changed[0]["source"])
    assert (changed[0]["outputs"], changed[0]["execution_count"]) == ([], None)


def test_reset_of_a_notebook_is_the_handed_out_one(copy):
    saved = copy.path.read_bytes()
    backup = copies.reset(copy.unit)
    assert copy.path.read_bytes() == copy.unit.exercise_notebook.read_bytes()
    assert backup.read_bytes() == saved


def test_reset_brings_back_a_deleted_exercise_in_its_place(copy):
    copy.delete("Standardiser")
    copies.reset(copy.unit, "Standardiser")
    ids = [c["id"] for c in copy.cells()]
    assert ids[ids.index("101-Standardiser") - 1] == "101-standardiser-1"


def test_reset_of_a_broken_file_keeps_it_as_a_backup(copy):
    copy.path.write_text('{"cells": [')
    backup = copies.reset(copy.unit)
    assert backup.read_text() == '{"cells": ['
    assert copy.cells()


def test_undo_brings_it_back_and_undo_again_takes_it_away(copy):
    saved = copy.path.read_bytes()
    copies.reset(copy.unit, "Standardiser")
    reset = copy.path.read_bytes()
    backup = copies.undo(copy.unit)
    assert (copy.path.read_bytes(), backup.read_bytes()) == (saved, reset)
    copies.undo(copy.unit)
    assert copy.path.read_bytes() == reset


def test_undo_of_an_update_can_be_updated_again(copy):
    saved = copy.path.read_bytes()
    copy.course("for each row.", "for each row of the table.")
    copy.update()
    updated = copy.path.read_bytes()
    copies.undo(copy.unit)
    assert copy.path.read_bytes() == saved
    plan = copy.update()
    assert plan.of("conflict") == ()
    assert copy.path.read_bytes() == updated


def test_undo_brings_back_a_notebook_that_is_gone(copy):
    saved = copy.path.read_bytes()
    copies.reset(copy.unit)
    copy.path.unlink()
    copies.undo(copy.unit)
    assert copy.path.read_bytes() == saved


def test_nothing_to_undo_is_said(copy):
    with pytest.raises(CourseError, match="nothing to undo for 101"):
        copies.undo(copy.unit)


def test_the_newest_twenty_backups_stay(copy):
    for number in range(files.KEPT_BACKUPS + 3):
        copy.insert_after("spread", own(f"k{number}", f"k = {number}"))
        copies.reset(copy.unit, "limits")
    kept = files.backups(copy.unit)
    assert len(kept) == files.KEPT_BACKUPS
    assert "k = 22" in kept[-1].read_text()
    assert "k = 3" in kept[0].read_text()
    assert "k = 4" not in kept[0].read_text()


def test_a_clock_that_was_put_back_does_not_hide_the_newest(copy, monkeypatch):
    class Earlier(files.datetime):
        @classmethod
        def now(cls, zone=None):
            return cls(2001, 1, 1, tzinfo=zone)

    copies.reset(copy.unit, "limits")
    saved = copy.path.read_bytes()
    monkeypatch.setattr(files, "datetime", Earlier)
    backup = copies.reset(copy.unit, "Standardiser")
    assert files.backups(copy.unit)[-1] == backup
    copies.undo(copy.unit)
    assert copy.path.read_bytes() == saved


def test_an_unknown_exercise_changes_nothing(copy):
    saved = copy.path.read_bytes()
    with pytest.raises(CourseError, match="Did you mean 'Standardiser'"):
        copies.reset(copy.unit, "Standardizer")
    assert (copy.path.read_bytes(), files.backups(copy.unit)) == (saved, [])


def test_before_start_every_change_says_what_to_do(copy):
    copy.path.unlink()
    for change in (copies.update, copies.reset, lambda unit: copies.reset(unit, "limits")):
        with pytest.raises(CourseError, match="`firsthand start 101` makes it"):
            change(copy.unit)


def test_reset_and_undo_are_written_into_the_journal(copy):
    copies.reset(copy.unit, "Standardiser")
    copies.undo(copy.unit)
    events = journal.events(copy.unit.root)
    assert [(e.kind, e.exercise) for e in events] == [("reset", "Standardiser"), ("undo", "")]
    assert conftest.STANDARDISER in copy.texts()


def test_undo_of_a_notebook_that_was_deleted_names_no_backup(copy):
    copies.reset(copy.unit)
    copy.unit.work_notebook.unlink()
    assert copies.undo(copy.unit) is None
    assert copy.unit.work_notebook.is_file()
