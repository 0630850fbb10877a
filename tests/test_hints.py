from firsthand.hints import mistake_shown, next_hint, rungs_seen
from firsthand.journal import Event
from firsthand.unit import Exercise


def exercise(*hints, kind="code"):
    return Exercise("f", 2, 10, 1, 1, kind=kind, hints=hints)


def event(kind, detail="", exercise="f", unit="901_tiny"):
    return Event(1.0, kind, unit, exercise, detail=detail)


def test_each_call_shows_one_more_and_the_last_again():
    ladder = exercise("look", "think", "write")
    shown = [next_hint(ladder, seen) for seen in range(5)]
    assert [hint.text for hint in shown] == [
        "hint 1 of 3: look",
        "hint 2 of 3: think",
        "hint 3 of 3 (the last one): write",
        "hint 3 of 3 (the last one): write",
        "hint 3 of 3 (the last one): write",
    ]
    assert [hint.rung for hint in shown] == ["1", "2", "3", "", ""]


def test_a_recognised_mistake_comes_before_the_ladder():
    hint = next_hint(exercise("look"), 0, "The mask is the wrong way round.")
    assert hint == ("about your last check: The mask is the wrong way round.", "mistake")


def test_without_hints_it_says_so_and_nothing_is_recorded():
    assert next_hint(exercise(), 0) == ("f has no hints.", "")
    assert "A person reads it" in next_hint(exercise(kind="rubric"), 0).text


def test_rungs_are_counted_from_the_journal():
    found = [
        *(event("hint", "1"), event("hint", "mistake"), event("hint", "2")),
        *(event("hint", "7", exercise="g"), event("hint", "8", unit="902_other")),
        *(event("check", "9"), event("hint", "no number")),
    ]
    assert rungs_seen(found, "901_tiny", "f") == 2
    assert rungs_seen([], "901_tiny", "f") == 0


def test_a_new_check_brings_the_hint_about_a_mistake_back():
    found = [event("check"), event("hint", "mistake"), event("hint", "1")]
    assert mistake_shown(found, "901_tiny", "f")
    assert not mistake_shown([*found, event("check")], "901_tiny", "f")
    assert mistake_shown([*found, event("check", exercise="g")], "901_tiny", "f")
