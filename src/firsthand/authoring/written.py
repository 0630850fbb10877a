"""Invariants that are read off a unit's files: each returns "" or what is broken and its mend."""

import ast
import builtins
import re
import symtable

from firsthand import closure
from firsthand.authoring.subject import Subject
from firsthand.build.course_map import is_map_stale
from firsthand.build.glossary import find_term, load_glossary
from firsthand.build.notebooks import stale
from firsthand.build.source import headings, solution_lines, solution_region, squeezed
from firsthand.build.visible import visible_source
from firsthand.unit import Unit, load_units

MAX_EXERCISES, MAX_MINUTES, MAX_SOLUTION_LINES = 12, 25, 40
MAX_CODE_LINES, MAX_DESIGN_LINES = 700, 60
HINTS, MIN_TESTS, MIN_WRONG_ANSWERS, MIN_PLOTS = 3, 3, 5, 3
# What an introduction is held to instead: it shows how to work, and replicates nothing.
INTRODUCTION_EXERCISES, INTRODUCTION_MINUTES = range(2, 4), range(5, 11)
_UNIT_FILES = ("unit.py", "unit.toml", "design.md", "equivalent.toml", "glossary.toml")


def ids_resolve(subject: Subject) -> str:
    """Numbers are unique and prerequisites exist, without a cycle."""
    unit = subject.unit
    units = {u.id: u for u in load_units(unit.root)}
    twins = [u.id for u in units.values() if u.number == unit.number and u.id != unit.id]
    if twins:
        return f"{twins[0]} has the number {unit.number} too; give one of them another"
    for name in unit.prerequisites:
        if name not in units:
            return f"prerequisite {name!r} is no unit of the course; mend it in unit.toml"
    if cycle := _cycle(unit.id, units, ()):
        return f"prerequisites run in a circle: {' -> '.join(cycle)}; drop one"
    return ""


def source_is_valid(subject: Subject) -> str:
    """The source keeps every rule of docs/authoring.md; a CourseError says which it breaks."""
    return "" if subject.cells else "unit.py has no cells"


def exercise_sets_agree(subject: Subject) -> str:
    """Exercises of unit.toml, of the cells and of the graders are the same set."""
    wanted = [e.name for e in subject.unit.exercises if e.kind != "rubric"]
    tested = {t.exercise for t in subject.suite.tests}
    if unknown := sorted(tested - set(wanted)):
        return f"graders mark the exercise {unknown[0]!r}, which unit.toml does not have"
    if untested := [n for n in wanted if n not in tested]:
        return f"no test is marked with the exercise {untested[0]!r}; write three"
    return ""


def sizes_are_kept(subject: Subject) -> str:
    """At most 12 code exercises, 25 minutes and 40 solution lines each, 700 lines of code.

    An introduction has 2 or 3 exercises and takes 5 to 10 minutes.
    """
    unit = subject.unit
    if unit.kind == "introduction" and (problem := _introduction_is_short(unit)):
        return problem
    if len(subject.code_names) > MAX_EXERCISES:
        return f"{len(subject.code_names)} code exercises; at most {MAX_EXERCISES}: split the unit"
    for exercise in unit.exercises:
        if exercise.minutes > MAX_MINUTES and exercise.kind != "rubric":
            return f"{exercise.name} takes {exercise.minutes} minutes; at most {MAX_MINUTES}"
    for cell in subject.cells:
        if cell.kind in ("exercise", "answer"):
            count = sum(bool(line.strip()) for line in solution_region(cell.source))
            if count > MAX_SOLUTION_LINES:
                return f"{cell.name}: {count} solution lines; at most {MAX_SOLUTION_LINES}"
    code = [c.source for c in subject.cells if c.kind not in ("prose", "rubric", "check")]
    lines = sum(len(source.splitlines()) for source in code)
    if lines > MAX_CODE_LINES:
        return f"unit.py has {lines} lines of code; at most {MAX_CODE_LINES}: move some to the kit"
    return ""


def _introduction_is_short(unit: Unit) -> str:
    count, few, short = len(unit.exercises), INTRODUCTION_EXERCISES, INTRODUCTION_MINUTES
    if count not in few:
        return f"{count} exercises; an introduction has {few[0]} or {few[-1]}"
    if unit.minutes not in short:
        return f"{unit.minutes} minutes; an introduction takes {short[0]} to {short[-1]}"
    return ""


def hints_are_complete(subject: Subject) -> str:
    """Three hints for each exercise that graders score; a rubric states its points instead."""
    for exercise in subject.unit.exercises:
        if exercise.kind == "rubric":
            if not exercise.rubric:
                return f"{exercise.name} has no rubric; say in unit.toml what earns which points"
            continue
        if len(exercise.hints) != HINTS or not all(h.strip() for h in exercise.hints):
            return f"{exercise.name} has {len(exercise.hints)} hints; write {HINTS}, cheapest first"
        if len(set(exercise.hints)) < HINTS:
            return f"{exercise.name} gives one hint twice"
    return ""


def design_is_short(subject: Subject) -> str:
    """A design.md of at most 60 lines."""
    path = subject.unit.folder / "design.md"
    if not path.is_file():
        return "design.md is missing; write objectives, what is out of scope, what was shrunk"
    count = len(path.read_text(encoding="utf-8").splitlines())
    over = count > MAX_DESIGN_LINES
    return f"design.md has {count} lines; at most {MAX_DESIGN_LINES}" if over else ""


def glossary_is_used(subject: Subject) -> str:
    """Every term of glossary.toml stands in the unit's prose."""
    prose = [cell.source for cell in subject.cells if cell.kind == "prose"]
    for term in load_glossary(subject.unit):
        if not any(find_term(term, source) for source in prose):
            return f"glossary.toml has {term!r}, which no prose cell uses; use it or take it out"
    return ""


def tests_are_enough(subject: Subject) -> str:
    """A visible test for each exercise, and three tests for each that is code."""
    for exercise in subject.unit.exercises:
        if exercise.kind == "rubric":
            continue
        tests = [t for t in subject.suite.tests if t.exercise == exercise.name]
        if not any(t.visible for t in tests):
            return f"{exercise.name} has no visible test; mark one with @pytest.mark.visible"
        if exercise.kind == "code" and len(tests) < MIN_TESTS:
            return f"{exercise.name} has {len(tests)} tests; write at least {MIN_TESTS}"
        if long := [t.sentence for t in tests if len(t.sentence) < 10]:
            return f"{exercise.name}: the test name {long[0]!r} is not a sentence"
    return ""


def wrong_answers_are_enough(subject: Subject) -> str:
    """Five wrong answers for each code exercise, each named after a test that exists."""
    tests = {(t.exercise, t.name.split("[")[0]) for t in subject.suite.tests}
    for name in subject.code_names:
        mine = [a for a in subject.wrong_answers if a.exercise == name]
        if len(mine) < MIN_WRONG_ANSWERS:
            return f"{name} has {len(mine)} wrong answers; write at least {MIN_WRONG_ANSWERS}"
    for answer in subject.wrong_answers:
        if (answer.exercise, answer.caught_by.split("[")[0]) not in tests:
            where = f"{subject.unit.wrong_answers.name}:{answer.line}"
            return f"{where}: {answer.exercise} has no test {answer.caught_by!r}"
    return ""


def folder_is_clean(subject: Subject) -> str:
    """Nothing but the unit's own files in its three folders."""
    unit = subject.unit
    for folder, names in (
        (unit.folder, _UNIT_FILES),
        (unit.exercise_notebook.parent, (unit.exercise_notebook.name, unit.visible_tests.name)),
        (unit.solution_notebook.parent, (unit.solution_notebook.name,)),
    ):
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            if path.name not in (*names, ".ipynb_checkpoints", "__pycache__"):
                return f"{path.relative_to(unit.root)} does not belong there; remove it"
    return ""


def built_files_are_fresh(subject: Subject) -> str:
    """exercises/, solutions/ and curriculum/README.md equal what the source gives."""
    if problems := stale(subject.unit):
        return problems[0]
    if is_map_stale(subject.unit.root):
        return "curriculum/README.md is stale; run `firsthand dev build`"
    return ""


def names_are_given_first(subject: Subject) -> str:
    """No name is used before a cell imports, gives or asks for it."""
    known = {*dir(builtins), "__name__", "__file__"}
    for number, cell in enumerate(subject.cells, start=1):
        if cell.kind in ("prose", "rubric"):
            continue
        for node in ast.parse(cell.source).body:
            known |= closure.names_bound(node)
        if unknown := sorted(_global_names(cell.source) - known):
            where = cell.name or f"number {number}"
            return f"{cell.kind} cell {where} uses {unknown[0]!r}, which no cell before it gives"
    return ""


def solutions_are_not_given_away(subject: Subject) -> str:
    """No solution line stands in the learner's notebook, the visible tests, a hint or a meaning."""
    places = [(f"the {c.kind} cell {c.name}".rstrip(), c.source) for c in subject.stub]
    places += [(subject.unit.visible_tests.name, visible_source(subject.unit))]
    for exercise in subject.unit.exercises:
        places += [(f"a hint of {exercise.name}", text) for text in exercise.hints]
        places += [(f"the meaning of {exercise.name}", exercise.meaning)]
    texts = [(where, [squeezed(row) for row in text.splitlines()]) for where, text in places]
    for name, line in solution_lines(subject.cells):
        for where, rows in texts:
            if any(line in row for row in rows):
                return (
                    f"the solution line `{line}` of {name} stands in {where}; word one differently"
                )
    return ""


def plots_are_enough(subject: Subject) -> str:
    """Three plots, each with a description and followed by what the learner should see.

    An introduction may have fewer, or none.
    """
    cells = subject.solved_notebook["cells"]
    count = 0
    for index, cell in enumerate(cells):
        images = [o for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
        count += len(images)
        if not images:
            continue
        if not all(o["metadata"].get("image/png", {}).get("alt") for o in images):
            return f"{cell['id']} shows a plot without a description; use plots.show(fig, alt=...)"
        prose = next((c for c in cells[index + 1 :] if c["cell_type"] == "markdown"), None)
        text = "".join(prose["source"]) if prose else ""
        if "what you should see" not in text.lower() or not re.search(r"\d", text):
            return f'{cell["id"]} needs prose after it: "What you should see", with a number'
    wanted = 0 if subject.unit.kind == "introduction" else MIN_PLOTS
    return "" if count >= wanted else f"{count} plots; draw at least {wanted}"


def checks_show_full_marks(subject: Subject) -> str:
    """Each check cell of the executed solution notebook shows all points, without stderr."""
    from firsthand.build.execution import shown_score

    points = {e.name: e.points for e in subject.unit.exercises}
    for cell in subject.solved_notebook["cells"]:
        own = cell["metadata"]["firsthand"]
        if own["kind"] == "check" and shown_score(cell) != points[own["name"]]:
            seen, mend = shown_score(cell), f"`firsthand dev build {subject.unit.number}`"
            return f"{cell['id']} shows {seen} of {points[own['name']]:g} points; run {mend}"
    return ""


def exercises_are_headed(subject: Subject) -> str:
    """The notebook has sections, so that its table of contents is of use."""
    found = [h for c in subject.cells if c.kind == "prose" for h in headings(c.source)]
    return "" if any(level == 2 for level, _, _ in found) else "no `## section` in unit.py"


def _cycle(name: str, units: dict[str, Unit], path: tuple[str, ...]) -> tuple[str, ...]:
    if name in path:
        return (*path[path.index(name) :], name)
    for before in units[name].prerequisites if name in units else ():
        if found := _cycle(before, units, (*path, name)):
            return found
    return ()


def _global_names(source: str) -> set[str]:
    """Every module-level name that a cell reads, inside of functions too."""
    names: set[str] = set()
    tables = [symtable.symtable(source, "cell", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (top or symbol.is_global()):
                names.add(symbol.get_name())
    return names
