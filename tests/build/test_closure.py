import ast

from firsthand import closure

MODULE = """
import math, os.path
from a import b as c, d
X = 1
def helper(y):
    return math.floor(y) + X
def fixture(): ...
def test(fixture):
    helper(c)
"""


def test_needed_statements_come_in_order_and_follow_names_through_names():
    body = ast.parse(MODULE).body
    test = body[-1]
    found = closure.needed(body, closure.names_used(test), skip=[test])
    assert [ast.unparse(n).splitlines()[0] for n in found] == [
        "import math, os.path",
        "from a import b as c, d",
        "X = 1",
        "def helper(y):",
        "def fixture():",
    ]


def test_an_import_is_narrowed_to_what_is_used():
    body = ast.parse(MODULE).body
    assert ast.unparse(closure.narrowed(body[0], {"math"})) == "import math"
    assert ast.unparse(closure.narrowed(body[1], {"c"})) == "from a import b as c"


def test_names_bound_in_blocks_count():
    (node,) = ast.parse("if True:\n    import x.y\n    z = 1\n    def f(): ...").body
    assert closure.names_bound(node) == {"x", "z", "f"}
