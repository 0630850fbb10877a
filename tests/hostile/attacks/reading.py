"""Reading what is not the submission's: tests, solutions, gradebook, neighbours, environment."""

from tests.hostile.attack import NO_WALLS, SAME_PROCESS, Attack, says

_KIND = "reading"


def _reads(name: str, action: str) -> Attack:
    return Attack(name, _KIND, "file system of a worker", NO_WALLS, answers=says(action))


_FRAMES = """
import sys
def expected_by_the_test():
    frame = sys._getframe()
    while frame is not None:
        if "expected" in frame.f_locals:
            return frame.f_locals["expected"]
        frame = frame.f_back
"""
_TEST_FILE = """
import sys
def file_of_the_test():
    frame = sys._getframe()
    while frame is not None:
        if "expected" in frame.f_locals:
            return open(frame.f_code.co_filename).read()
        frame = frame.f_back
    return ""
"""
_ORACLE = """
import gc, types
def hidden_functions():
    functions = [f for f in gc.get_objects() if type(f) is types.FunctionType]
    return [f for f in functions if f.__name__ == "secret_map"]
"""
_THROUGH_LINK = """
def through_link(make):
    name = "link" + str(len(os.listdir(".")))
    make(PLACES["graders"], name)
    return open(name).read()
"""

ATTACKS = [
    _reads("reads_the_graders", 'open(PLACES["graders"]).read()'),
    _reads("reads_the_solution", 'open(PLACES["solution"]).read()'),
    _reads("reads_the_gradebook", 'open(PLACES["gradebook"], "rb").read()'),
    _reads("reads_the_course_key", 'open(PLACES["key"]).read()'),
    _reads("reads_another_submission", 'open(PLACES["neighbour"]).read()'),
    _reads("lists_other_submissions", 'os.listdir(os.path.dirname(PLACES["neighbour"]))'),
    _reads("maps_the_graders", '__import__("numpy").memmap(PLACES["graders"], mode="r").tobytes()'),
    _reads(
        "reads_the_environment_of_the_grader",
        'open("/proc/%d/environ" % PLACES["grader"], "rb").read()',
    ),
    _reads(
        "reads_the_command_line_of_the_grader",
        'open("/proc/%d/cmdline" % PLACES["grader"], "rb").read()',
    ),
    _reads(
        "opens_a_descriptor_of_the_grader",
        'open("/proc/%d/fd/%d" % (PLACES["grader"], PLACES["descriptor"])).read()',
    ),
    _reads(
        "reads_through_the_root_of_the_grader",
        'open("/proc/%d/root%s" % (PLACES["grader"], PLACES["graders"])).read()',
    ),
    Attack(
        "reads_through_a_symbolic_link",
        _KIND,
        "file system of a worker",
        NO_WALLS,
        _THROUGH_LINK,
        says("through_link(os.symlink)"),
    ),
    Attack(
        "reads_through_a_descriptor_of_a_folder",
        _KIND,
        "file system of a worker",
        NO_WALLS,
        answers=says(
            'open(os.open(os.path.basename(PLACES["graders"]), os.O_RDONLY, '
            'dir_fd=os.open(os.path.dirname(PLACES["graders"]), os.O_PATH))).read()'
        ),
    ),
    Attack(
        "imports_the_graders",
        _KIND,
        "file system of a worker",
        NO_WALLS,
        "import sys\nsys.path.insert(0, os.path.dirname(PLACES['graders']))\n",
        says('getattr(__import__("test_903_prey"), "SECRET")'),
    ),
    Attack(
        "returns_what_the_test_expects",
        _KIND,
        "process boundary",
        SAME_PROCESS,
        _FRAMES,
        {"double": "def double(x):\n    return expected_by_the_test()"},
    ),
    Attack(
        "finds_the_test_file_by_its_frame",
        _KIND,
        "process boundary",
        SAME_PROCESS,
        _TEST_FILE,
        says("file_of_the_test()"),
    ),
    Attack(
        "finds_hidden_functions_in_memory",
        _KIND,
        "process boundary",
        SAME_PROCESS,
        _ORACLE,
        says('WON if hidden_functions() else "nothing"'),
    ),
]
