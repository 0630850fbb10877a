"""Frames that no honest worker sends, and uses of what a test hands out."""

from tests.hostile.attack import WITHOUT, Attack

_ANSWER = """
import json
import firsthand.grading.server as server, firsthand.grading.wire as wire
genuine = server.Server._serve
def forging(make, times=100):
    left = [None] * times
    def serve(self, message):
        if message.kind != "call" or not left:
            return genuine(self, message)
        left.pop()
        self._channel.send(make(message))
    server.Server._serve = serve
def frame(kind, number, node):
    return wire.pack(kind, number, [], wire.Body(node, [], [], 0))
def double(x): pass
def twice(f, x): pass
def place(scores): pass
"""
_KEPT = """
kept = []
def twice(f, x):
    kept.append(f)
def place(scores):
    raise ValueError(WON if kept[0](2.0) is not None else "nothing")
"""


def _forges(name: str, without: str, code: str, **answers: str) -> Attack:
    own = dict.fromkeys(("double", "twice", "place"), "") | answers
    return Attack(name, "forging", "the wire", WITHOUT + without, _ANSWER + code, own, True)


ATTACKS = [
    _forges(
        "names_a_line_that_no_file_has",
        "bounds of a frame",
        "import firsthand.grading.cells as cells\n"
        "cells.learner_frames = lambda *a: []\n"
        "forging(lambda m: frame('error', m.number,"
        " ['t', 'E', ['l', 'E'], 'text', ['l', ['t', 'x', ['i', 'f' * 19000], 'y']], None]))",
    ),
    _forges(
        "returns_a_number_that_cannot_be_printed",
        "bounds of a number",
        "forging(lambda m: frame('ok', m.number, ['t', ['i', 'f' * 19000], ['l'], None]))",
    ),
    _forges(
        "returns_keys_that_hash_alike",
        "keys that hash alike",
        "keys = [k * ((1 << 61) - 1) for k in range(1, 12000)]\n"
        "node = ['d'] + [n for k in keys for n in (['i', f'{k:x}'], 0)]\n"
        "forging(lambda m: frame('ok', m.number, ['t', node, ['l'], None]), 2)",
    ),
    _forges(
        "tells_a_line_of_a_megabyte",
        "bounds of a frame",
        "text = 'x' * 10**6\n"
        "forging(lambda m: frame('error', m.number,"
        " ['t', 'E', ['l', 'E'], 'text', ['l', ['t', text, 1, text]], None]))",
    ),
    Attack(
        "calls_a_function_of_an_earlier_test",
        "oracle",
        "end of a test",
        WITHOUT + "end of a test",
        _KEPT,
        {"twice": "", "place": ""},
    ),
    Attack(
        "changes_what_all_tests_share",
        "other submissions",
        "end of a test",
        WITHOUT + "end of a test",
        answers={"place": "def place(scores):\n    scores.resize_(1)\n    return 0"},
        lasting=True,
    ),
    Attack(
        "calls_a_function_of_the_test_on_too_much",
        "oracle",
        "size of what a test's function gets",
        WITHOUT + "size of a callback",
        answers={
            "twice": "import torch\ndef twice(f, x):\n    f(torch.zeros(17 << 20))\n"
            "    raise ValueError(WON)"
        },
    ),
]
