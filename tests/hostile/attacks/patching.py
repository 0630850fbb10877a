"""Replacing what a test relies on, and answers that lie about what they are."""

from tests.hostile.attack import SAME_PROCESS, Attack

_WALL = "process boundary"


def _patches(
    name: str, code: str, *, double: str = "", place: str = "", kind: str = "patching"
) -> Attack:
    answers = {"double": double, "place": place}
    used = {key: text for key, text in answers.items() if text}
    return Attack(name, kind, _WALL, SAME_PROCESS, code, used)


_ONES = "import torch\ndef double(x):\n    return x"
_LIAR = """
import torch
class Liar(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func in (torch.Tensor.sub, torch.Tensor.__sub__, torch.sub):
            return torch.zeros(args[0].shape, dtype=torch.float64)
        return super().__torch_function__(func, types, args, kwargs or {})
"""

ATTACKS = [
    _patches(
        "replaces_the_comparison",
        "import firsthand.compare as c\nc.close = c.equal = lambda *a, **k: None",
    ),
    _patches(
        "replaces_the_difference",
        "import firsthand.compare as c\nc.difference = lambda *a, **k: ''",
    ),
    _patches(
        "replaces_any_of_torch",
        "import torch\ntorch.Tensor.any = lambda *a, **k: False",
        double=_ONES,
    ),
    _patches(
        "replaces_subtraction_of_torch",
        "import torch\ntorch.Tensor.__sub__ = lambda one, other: one * 0",
        double=_ONES,
    ),
    _patches(
        "makes_random_numbers_known",
        "import torch\ntorch.rand = lambda *n, **k: torch.zeros(*n)",
        double="import torch\ndef double(x):\n    return torch.full((5,), 2.0)",
    ),
    _patches(
        "makes_every_raise_expected",
        "import contextlib, pytest\npytest.raises = lambda *a, **k: contextlib.nullcontext()",
    ),
    _patches("replaces_all_of_builtins", "import builtins\nbuiltins.all = lambda items: True"),
    _patches(
        "replaces_float_by_its_own",
        "import builtins\nbuiltins.int = lambda *a: None",
        place="def place(scores):\n    return None",
    ),
    _patches(
        "replaces_a_module_that_tests_import",
        "import sys, types\nfake = types.ModuleType('math')\n"
        "fake.isclose = lambda *a: True\nsys.modules['math'] = fake",
    ),
    _patches(
        "hooks_the_import",
        "import builtins\ngenuine = builtins.__import__\n"
        "def hooked(name, *rest):\n"
        "    if name == 'math':\n"
        "        return type('m', (), {'isclose': staticmethod(lambda *a: True)})\n"
        "    return genuine(name, *rest)\nbuiltins.__import__ = hooked",
    ),
    _patches(
        "replaces_the_code_of_a_check",
        "import firsthand.compare as c\nc.close.__code__ = (lambda *a, **k: None).__code__\n"
        "c.close.__kwdefaults__ = None",
    ),
    _patches(
        "traces_tests_and_changes_their_names",
        "import gc\n"
        "for table in gc.get_objects():\n"
        "    if type(table) is dict and 'secret_map' in table and 'NAMES' in table:\n"
        "        table['NAMES'] = {None: 'third'}",
        place="def place(scores):\n    return None",
    ),
    _patches(
        "is_equal_to_everything",
        "class Equal:\n    def __eq__(self, other):\n        return True\n"
        "    def __hash__(self):\n        return 0",
        place="def place(scores):\n    return Equal()",
        kind="lying values",
    ),
    _patches(
        "is_a_lying_tensor",
        _LIAR,
        double="def double(x):\n    return x.as_subclass(Liar)",
        kind="lying values",
    ),
    _patches(
        "is_a_lying_number",
        "class Number(int):\n    def __eq__(self, other):\n        return True\n"
        "    __hash__ = int.__hash__",
        place="def place(scores):\n    return Number(5)",
        kind="lying values",
    ),
    _patches(
        "is_a_lying_list_item",
        "class Close:\n    def __float__(self):\n        return 20.5\n",
        double="def double(x):\n    return Close()",
        kind="lying values",
    ),
    _patches(
        "is_a_lying_key",
        "class Key(int):\n    def __hash__(self):\n        return 2\n"
        "    def __eq__(self, other):\n        return other == 2",
        place="def place(scores):\n    return Key(9)",
        kind="lying values",
    ),
    _patches(
        "changes_the_input_and_keeps_its_answer",
        "",
        double="def double(x):\n    import sys\n    frame = sys._getframe(1)\n"
        "    if 'expected' in frame.f_locals and hasattr(x, 'mul_'):\n"
        "        frame.f_locals['expected'].copy_(x)\n    return x",
        kind="lying values",
    ),
]
