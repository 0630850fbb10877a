"""Ending, skipping, crashing and hanging: the test, its process, or the grader."""

from tests.hostile.attack import SAME_PROCESS, WITHOUT, Attack

_WALL = "process boundary"


def _ends(name: str, body: str, code: str = "") -> Attack:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return Attack(
        name, "ending", _WALL, SAME_PROCESS, code, {"double": f"def double(x):\n{lines}"}, True
    )


def _at_once(name: str, code: str) -> Attack:
    return Attack(name, "ending", _WALL, SAME_PROCESS, code)


ATTACKS = [
    _ends("skips_the_test", "import pytest\npytest.skip('no need')"),
    _ends("ends_the_session", "import pytest\npytest.exit('enough')"),
    _ends("presses_interrupt", "raise KeyboardInterrupt"),
    _ends("skips_as_unittest_does", "import unittest\nraise unittest.SkipTest('no need')"),
    _ends("ends_its_process", "os._exit(0)"),
    _ends("ends_by_segfault", "import ctypes\nctypes.string_at(0)"),
    _ends("ends_by_abort", "os.abort()"),
    _ends("ends_by_a_signal", "import signal\nsignal.raise_signal(signal.SIGTERM)"),
    _ends("stops_itself", "import signal\nsignal.raise_signal(signal.SIGSTOP)"),
    _ends("never_returns", "while True:\n    pass"),
    _ends(
        "swallows_every_exception",
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass",
    ),
    _ends(
        "overflows_the_stack_of_the_interpreter",
        "import sys\nsys.setrecursionlimit(10**9)\nitems = []\n"
        "for _ in range(10**6):\n    items = [items]\nreturn repr(items)",
    ),
    _at_once("leaves_in_a_cell", "raise SystemExit(0)"),
    _at_once("ends_its_process_in_a_cell", "os._exit(0)"),
    _at_once("never_ends_a_cell", "while True:\n    pass"),
    Attack(
        "ends_by_a_signal_without_a_name",
        "ending",
        "how a death is told",
        WITHOUT + "names of signals",
        "import signal\nsignal.raise_signal(40)",
        {},
        True,
    ),
    Attack(
        "replaces_the_function_that_reseeds",
        "ending",
        "what the engine calls in the worker",
        WITHOUT + "guarded reseeding",
        "import firsthand.kit.rng as r\nr.reseed = None",
        {},
        True,
    ),
    Attack(
        "raises_where_the_engine_reseeds",
        "ending",
        "what the engine calls in the worker",
        WITHOUT + "guarded reseeding",
        "import firsthand.kit.rng as r\ndef reseed(seed):\n    raise OSError('no')\n"
        "r.reseed = reseed",
        {},
        True,
    ),
]
