"""What suits a learner: medians and spreads over finished units, and no verdict from too few."""

from firsthand.standing import questions
from firsthand.standing.fit import first_points, shown, spread, strands, verdict
from tests.standing.learners import Learner, course, sampler, unit


def sample():
    return {strand.name: strand for strand in strands(course(sampler().events, sampler.units))}


def test_units_are_counted_by_strand_once_they_are_finished():
    found = sample()
    assert list(found) == ["engineering", "interpretability", "oversight"]
    assert [len(s.units) for s in found.values()] == [3, 2, 0]
    assert [s.begun for s in found.values()] == [0, 0, 1]
    assert [s.enough for s in found.values()] == [True, False, False]


def test_measures_are_those_of_the_journal():
    strand = sample()["engineering"]
    # 60 minutes are stated; the first pause of each unit is cut to 10 minutes
    assert [round(60 * value, 1) for value in strand.time.values] == [27.0, 31.5, 25.0]
    assert strand.first.values == (1.0, 0.25, 1.0)
    assert [round(value, 2) for value in strand.hints.values] == [0, 0, 0.33]
    assert strand.absorbing.median == 3 and strand.more.known == [2, 2, 3]


def test_a_unit_that_was_checked_only_at_its_end_has_no_time():
    strand = sample()["interpretability"]
    assert strand.time.values[1] is None and len(strand.time.known) == 1
    assert strand.more.values == (5, None)


def test_points_at_the_first_check_ignore_what_was_not_written():
    learner = Learner()
    learner.add("check", "001", "part_1", status="not started")
    learner.check("001", "part_1", 2.0).check("001", "part_1")
    now = course(learner.events)
    assert first_points(now, now.standings["001_x"]) == 0.5


def test_an_introduction_tells_nothing_about_fit():
    from dataclasses import replace

    start = replace(unit("000"), kind="introduction")
    now = course(Learner().finish("000").events, [start])
    assert strands(now) == [] and not questions.due(now.standing(start))


def test_the_verdict_needs_three_units_in_two_strands():
    few = verdict(list(sample().values()))
    assert few.startswith("Too little to tell") and few.endswith("so far engineering.")
    assert verdict([]).endswith("so far none.")
    learner, units = Learner(), [unit(n) for n in ("001", "002", "003", "401", "402", "403")]
    for each in units:
        learner.finish(each.number)
    enough = verdict(strands(course(learner.events, units)))
    assert enough == (
        "With 3 finished units or more, these can be compared: engineering, interpretability."
    )


def test_values_and_spreads_as_text():
    strand = sample()["engineering"]
    assert shown(strand.time.median, "×") == "0.5×" and shown(None, "%") == "–"
    assert spread(strand.absorbing, "answer") == "2 to 4"
    assert spread(sample()["interpretability"].more, "answer") == ""
