"""Forbidden operations, on both transports, and what the server keeps to itself."""

import pytest
import torch

from firsthand.grading.client import SubmissionError
from firsthand.grading.forbidding import forbidden, resolve

SOURCE = """
import numpy as np
import torch
import torch.nn.functional as F
from numpy.fft import fft
from torch import nn, softmax as imported_softmax
from torch.nn.functional import layer_norm as imported_layer_norm

class Norm(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.inner = nn.LayerNorm(n)
    def forward(self, x):
        return self.inner(x)

ready_made = Norm(4)
through_f = lambda x: F.layer_norm(x, (4,))
through_torch = lambda x: torch.layer_norm(x, (4,))
through_the_import = lambda x: imported_layer_norm(x, (4,))
through_a_module = lambda x: Norm(4)(x)
through_native = lambda x: torch.native_layer_norm(x, (4,), None, None, 1e-5)[0]
through_aten = lambda x: torch.ops.aten.layer_norm(x, (4,))
by_hand = lambda x: (x - x.mean(-1, keepdim=True)) / x.std(-1, keepdim=True)

softmax_method = lambda x: x.softmax(-1)
softmax_f = lambda x: F.softmax(x, -1)
softmax_import = lambda x: imported_softmax(x, -1)
softmax_module = lambda x: nn.Softmax(-1)(x)

at_sign = lambda x: x @ x.T
matmul_method = lambda x: x.matmul(x.T)

def lazily(x):
    for _ in range(3):
        yield F.softmax(x, -1)

def in_numpy(x):
    return np.fft.fft(np.zeros(4)).real

def in_numpy_by_import(x):
    return fft(np.zeros(4)).real

def adam(x):
    return torch.optim.Adam([x.clone().requires_grad_()])

def call(f, x):
    return f(x)

def swallows(x):
    try:
        return F.softmax(x, -1)
    except RuntimeError:
        return torch.zeros(1)
"""
LAYER_NORM = (
    "through_f",
    "through_torch",
    "through_the_import",
    "through_a_module",
    "ready_made",
    "through_native",
    "through_aten",
)
SOFTMAX = ("softmax_method", "softmax_f", "softmax_import", "softmax_module")


@pytest.fixture(scope="module", autouse=True)
def optimizers():
    """torch imports its compiler with the first optimizer: seconds that are no answer's."""
    torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])


@pytest.fixture
def submission(open_session):
    return open_session(SOURCE).submission


@pytest.mark.parametrize(
    ("operation", "names"),
    [
        ("torch.nn.functional.layer_norm", LAYER_NORM),
        ("torch.layer_norm", LAYER_NORM),
        ("torch.nn.functional.softmax", SOFTMAX),
        ("torch.softmax", SOFTMAX),
        ("torch.matmul", ("at_sign", "matmul_method")),
        ("numpy.fft.fft", ("in_numpy", "in_numpy_by_import")),
        ("torch.optim.Adam", ("adam",)),
        ("torch.nn.LayerNorm", ("through_a_module", "ready_made")),
    ],
)
def test_a_forbidden_operation_raises_however_it_is_reached(submission, operation, names):
    x = torch.randn(4, 4)
    for name in names:
        getattr(submission, name)(x)  # allowed before
        with submission.forbidding(operation), pytest.raises(RuntimeError) as caught:
            getattr(submission, name)(x)
        assert isinstance(caught.value, SubmissionError)
        assert "is what you are asked to write: build it from simpler operations" in str(
            caught.value
        )
        getattr(submission, name)(x)  # and after


def test_the_message_names_the_operation_as_learners_write_it(submission):
    shown = {
        "torch.nn.functional.layer_norm": ("through_f", "`F.layer_norm` is"),
        "torch.layer_norm": ("through_f", "`torch.layer_norm` is"),
        "torch.nn.LayerNorm": ("ready_made", "`nn.LayerNorm` is"),
        "numpy.fft.fft": ("in_numpy", "`numpy.fft.fft` is"),
    }
    for operation, (name, start) in shown.items():
        with submission.forbidding(operation), pytest.raises(RuntimeError) as caught:
            getattr(submission, name)(torch.ones(4, 4))
        assert str(caught.value).startswith(start)


def test_other_operations_stay_allowed(submission):
    with submission.forbidding("torch.nn.functional.layer_norm", "torch.layer_norm"):
        x = torch.randn(2, 4)
        assert submission.by_hand(x).shape == (2, 4)
        assert submission.softmax_f(x).shape == (2, 4)


def test_the_test_itself_may_use_what_it_forbids(submission):
    x = torch.randn(2, 4)
    with submission.forbidding("torch.softmax"):
        expected = x.softmax(-1)
        assert torch.equal(submission.call(lambda y: y.softmax(-1), x), expected)
        with pytest.raises(RuntimeError):
            submission.call(submission.softmax_f, x)


def test_generators_and_attributes_are_the_learners_code_too(submission):
    with (
        submission.forbidding("torch.softmax"),
        pytest.raises(RuntimeError, match="asked to write"),
    ):
        next(submission.lazily(torch.zeros(2)))


def test_blocks_nest(submission):
    x = torch.randn(4, 4)
    with submission.forbidding("torch.softmax"):
        with submission.forbidding("torch.layer_norm"), pytest.raises(RuntimeError):
            submission.softmax_f(x)
        assert submission.through_f(x).shape == (4, 4)
        with pytest.raises(RuntimeError):
            submission.softmax_f(x)


def test_an_exception_in_the_block_lifts_the_ban(submission):
    with pytest.raises(KeyError), submission.forbidding("torch.softmax"):
        raise KeyError
    assert submission.softmax_f(torch.zeros(2)).tolist() == [0.5, 0.5]


def test_an_unknown_operation_is_a_mistake_of_the_test(submission):
    for name in ("torch.nn.functional.layernorm", "nowhere.at_all", "softmax"):
        with pytest.raises(ValueError, match="no such operation") as caught:
            with submission.forbidding(name):
                pass
        assert not isinstance(caught.value, SubmissionError)


def test_what_the_learner_rebinds_meanwhile_stays_rebound():
    import numpy as np

    original = np.fft.fft
    namespace = {"fft": original, "np": np}
    with forbidden(["numpy.fft.fft"], namespace):
        assert namespace["fft"] is not original and np.fft.fft is not original
        namespace["fft"] = 3
    assert namespace["fft"] == 3 and np.fft.fft is original


def test_a_name_resolves_to_what_it_stands_for():
    assert resolve("torch.nn.functional.layer_norm").value is torch.nn.functional.layer_norm
    assert resolve("torch.Tensor.softmax").value is torch.Tensor.softmax


def test_lines_of_the_reference_are_never_shown(open_session):
    session = open_session("def f(x):\n    return g(x)")
    session.define("g", "def g(x):\n    secret = x['missing']")
    with pytest.raises(KeyError) as caught:
        session.submission.f({})
    assert [frame.source for frame in caught.value.frames] == ["return g(x)"]


def test_an_exception_whose_text_cannot_be_read_is_still_reported(open_session):
    submission = open_session(
        "class E(Exception):\n    def __str__(self): raise KeyError\ndef f(): raise E()"
    ).submission
    with pytest.raises(SubmissionError, match="cannot be read") as caught:
        submission.f()
    assert caught.value.type_name == "E"
