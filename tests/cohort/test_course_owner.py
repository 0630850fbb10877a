"""Who handed something in is told by the account that owns it, not by what it says."""

import os
import pwd

import pytest

from firsthand.gradebook.collecting import OwnedCollect, refusal_reason, submitter
from tests.cohort.course_folder import ME

ACCOUNTS = {"ada": ME, "bo": "daemon", "cy": "", "di": "no_such_account"}


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "ada+900_golden+2027-01-01 10:00:00.0 UTC+x"
    made.mkdir()
    (made / "900_golden.ipynb").write_text("{}")
    return made


CLAIMS = {
    "ada": "",
    "bo": f"it belongs to {ME}, not to daemon",
    "cy": "the roster names no account for 'cy'",
    "di": "'di' has the account 'no_such_account', which this machine does not have",
    "eve": "'eve' is not in the roster",
}


@pytest.mark.parametrize("claims", CLAIMS)
def test_a_submission_counts_only_in_its_owners_name(folder, claims):
    assert refusal_reason(folder, claims, ACCOUNTS) == CLAIMS[claims]


def test_an_account_hands_in_for_the_id_that_the_roster_gives_it(folder):
    accounts = {"0815": ME, "bo": "daemon"}
    assert submitter(folder, ME, accounts) == ("0815", "")
    assert submitter(folder, "0815", accounts) == ("0815", "")
    assert submitter(folder, "daemon", accounts) == ("daemon", "'daemon' is not in the roster")
    # An id that is another learner's account name: the owner of the files decides.
    crossed = {ME: "daemon", "0815": ME}
    assert submitter(folder, ME, crossed) == ("0815", "")


def test_a_link_in_a_submission_is_refused(folder, tmp_path):
    (tmp_path / "secret").write_text("solutions")
    (folder / "data.txt").symlink_to(tmp_path / "secret")
    assert "data.txt in it is a link" in refusal_reason(folder, "ada", ACCOUNTS)


def test_a_link_to_a_submission_is_refused(folder, tmp_path):
    link = tmp_path / "ada+900_golden+2027-01-02 10:00:00.0 UTC+y"
    link.symlink_to(folder)
    assert "is a link" in refusal_reason(link, "ada", ACCOUNTS)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another account")
def test_a_file_that_somebody_else_put_into_a_submission_is_refused(folder):
    number = pwd.getpwnam("daemon").pw_uid
    os.chown(folder / "900_golden.ipynb", number, -1)
    reason = refusal_reason(folder, "ada", ACCOUNTS)
    assert reason == f"900_golden.ipynb in it belongs to daemon, not to {ME}"


@pytest.mark.parametrize(
    "name", ["ada+900_golden+no time+x", "ada+900_golden+", "ada+900_golden++"]
)
def test_a_folder_whose_name_holds_no_time_stops_nobody(tmp_path, name):
    collect = OwnedCollect()
    collect.accounts, collect.refused = ACCOUNTS, []
    (tmp_path / name).mkdir()
    record = collect._path_to_record(str(tmp_path / name))
    assert not isinstance(record["username"], str), "it would count as a submission"
    assert [(r.claims, r.folder) for r in collect.refused] == [("ada", name)]
