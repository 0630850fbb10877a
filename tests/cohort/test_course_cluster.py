"""`firsthand course grade --cluster`: the gradebook gets what the machines of a cluster found."""

import pytest

from firsthand.cohort.course import load_course
from firsthand.grading.results import Results
from firsthand.report import Report
from tests.cohort.course_folder import WRONG, released

distributed = pytest.importorskip(
    "distributed", reason="needs Dask, which is not installed: `pip install distributed`"
)


@pytest.mark.end_to_end
def test_a_cluster_and_one_machine_fill_the_gradebook_alike(tmp_path, monkeypatch):
    course = released(tmp_path, monkeypatch, ["ada", "bob", "cem"])
    wrong, right = course.notebook(**WRONG), course.notebook()
    course.hand_in_files({"ada": right, "bob": wrong, "cem": "no notebook"})
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": ":0"}
    with distributed.LocalCluster(protocol="tcp://", memory_limit=0, **options) as local:
        address = ["--cluster", local.scheduler_address]
        both = course.run("grade", "900", "--processes", "2", *address)
        assert (both.code, "--processes 2 is for this machine" in both.output) == (2, True)
        assert course.run("grade", "900", *address).code == 0
    elsewhere, reports = course.scores(), stored(course)
    assert elsewhere["ada"] != elsewhere["bob"]
    assert course.run("grade", "900", "--again", "--processes", "1").code == 0
    assert course.scores() == elsewhere
    assert stored(course) == reports


def stored(course):
    """The reports that the course keeps, but for where and how fast they were made."""
    with Results(load_course(course.folder).results) as results:
        rows = results._database.execute("select submission_hash, report from results").fetchall()
    return {name: Report.from_json(text).comparable() for name, text in rows}
