"""What a learner means by UNIT, UNIT/EXERCISE, or the name of an exercise alone."""

from firsthand.unit import CourseError, Unit, course_root, find_unit, load_units


def unit_and_exercise(target: str, exercise: str = "") -> tuple[Unit, str]:
    """The unit, and the name of its exercise or "".

    target: "402", "402/choose", or "choose" for an exercise of the unit that was saved last; ""
    for that unit itself. exercise: the name, where a space was typed in place of the slash.
    Raises CourseError where no unit, or no exercise of it, has such a name.
    """
    text, _, name = target.partition("/")
    unit = _named(text) if text else last_worked_on()
    if text and not name and text not in (unit.id, unit.number):
        name = text
    if exercise and name:
        raise CourseError(
            f"{target} names an exercise already, and {exercise!r} stands after it; name one."
        )
    name = name or exercise
    return unit, unit.exercise(name).name if name else ""


def needed(target: str, exercise: str = "") -> tuple[Unit, str]:
    """The same for a command that is about one exercise."""
    unit, name = unit_and_exercise(target, exercise)
    if not name:
        names = ", ".join(e.name for e in unit.exercises)
        raise CourseError(f"{target} names no exercise. Type {unit.number}/ and one of: {names}.")
    return unit, name


def last_worked_on() -> Unit:
    """The unit whose notebook was saved last."""
    started = [u for u in load_units(course_root()) if u.work_notebook.is_file()]
    if not started:
        raise CourseError("work/ holds no notebook yet. `firsthand learn` starts the first unit.")
    return max(started, key=lambda u: u.work_notebook.stat().st_mtime)


def _named(text: str) -> Unit:
    """The unit of that name, else the one saved last where it has an exercise of that name."""
    try:
        return find_unit(text)
    except CourseError:
        started = [u for u in load_units(course_root()) if u.work_notebook.is_file()]
        having = [u for u in started if any(e.name == text for e in u.exercises)]
        if not having:
            raise
    return max(having, key=lambda u: u.work_notebook.stat().st_mtime)
