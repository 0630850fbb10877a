"""The contract of a session, the same in the learner's kernel and over a pipe."""

import functools
import math

import numpy as np
import pytest
import torch

from firsthand.grading.client import (
    NameMissing,
    SubmissionError,
)
from firsthand.grading.wire import Unsupported
from tests.grading.contract import SOURCE


@pytest.fixture
def session(open_session):
    return open_session(SOURCE)


@pytest.fixture
def submission(session):
    return session.submission


# Values.


def test_values_cross_in_both_directions(submission):
    for value in (1, -1.5, "a", b"b", None, True, [1, (2,)], {"k": {1, 2}}, slice(1, 2), ...):
        assert submission.echo(value) == value
    assert submission.echo(1, 2, k=[3]) == ((1, 2), {"k": [3]})
    assert math.isnan(submission.echo(math.nan))
    x = torch.randn(3, 2).T
    assert torch.equal(submission.echo(x), x)
    array = np.arange(3)
    assert np.array_equal(submission.echo(array), array)
    assert submission.kind(np.float32(2)) == "float32"
    assert submission.kind(torch.Size([1])) == "Size"
    assert submission.constant == 7


def test_values_are_copies(submission):
    items = submission.echo([1])
    items.append(2)
    x = torch.zeros(2)
    got = submission.echo(x)
    got += 1
    assert x.tolist() == [0, 0]


def test_a_named_tuple_keeps_its_names(submission):
    got = submission.point()
    assert got.y == 3 and got[1] == 3 and got.x.tolist() == [1, 1]


def test_a_sparse_result_is_a_type_error_of_the_submission(open_session):
    submission = open_session("import torch\ndef f(): return torch.eye(2).to_sparse()").submission
    with pytest.raises(TypeError, match="cannot cross") as caught:
        submission.f()
    assert isinstance(caught.value, SubmissionError)


def test_an_object_of_the_test_is_refused(submission):
    for value in (object(), torch.nn.Linear(2, 2), [torch.Generator()]):
        with pytest.raises(Unsupported, match="public"):
            submission.echo(value)
    assert submission.echo(1) == 1


def test_a_handle_of_another_session_is_refused(open_session):
    one, other = open_session(SOURCE), open_session(SOURCE)
    with pytest.raises(Unsupported, match="another session"):
        one.submission.echo(other.submission.Box())


# Handles.


def test_a_module_is_a_handle(submission):
    module = submission.Linear(3)
    assert module.type_name == "Linear"
    weight = torch.randn(3, 3)
    assert list(module.state_dict()) == ["inner.weight"]
    assert module.load_state_dict({"inner.weight": weight}).missing_keys == []
    x = torch.randn(2, 3)
    assert torch.allclose(module(x), x @ weight.T * 2)
    module.scale = 3.0
    assert module.scale == 3.0
    assert torch.allclose(module.forward(x), x @ weight.T * 3)
    assert module.inner.weight.requires_grad
    assert submission.kind(module) == "Linear"
    with pytest.raises(AttributeError) as caught:
        _ = module.absent
    assert isinstance(caught.value, SubmissionError)
    with pytest.raises(ValueError, match="no such thing"):
        _ = module.broken


def test_a_container_is_indexed_written_measured_and_iterated(submission):
    box = submission.Box()
    box["b"] = [2]
    assert box["b"] == [2] and len(box) == 2 and list(box) == ["a", "b"]
    with pytest.raises(KeyError, match="'c'"):
        box["c"]


@pytest.mark.parametrize(
    "use",
    [
        bool,
        lambda b: b == 1,
        lambda b: b != 1,
        lambda b: 1 == b,
        lambda b: b in [1],
        hash,
        int,
        float,
        complex,
        lambda b: b < 1,
        lambda b: [0][b],
        np.asarray,
        torch.as_tensor,
        lambda b: "yes" if b else "no",
    ],
)
def test_a_handle_has_no_truth_value_equality_hash_or_number(submission, use):
    box = submission.Box()
    with pytest.raises((TypeError, ValueError, RuntimeError)) as caught:
        use(box)
    assert not isinstance(caught.value, SubmissionError)


def test_generators_run_as_far_as_they_are_read(submission):
    assert [x.tolist() for x in submission.gen(2)] == [[0, 0], [1, 1]]
    endless = iter(submission.gen(10**12))
    assert next(endless).tolist() == [0, 0] and next(endless).tolist() == [1, 1]
    assert next(submission.gen(1)).tolist() == [0, 0]
    with pytest.raises(StopIteration):
        next(submission.gen(0))


def test_handles_that_nobody_holds_are_released(open_session):
    session = open_session(
        "import weakref, gc\nalive = weakref.WeakSet()\n"
        "class Thing:\n    def __init__(self): alive.add(self)\n"
        "def count():\n    gc.collect()\n    return len(alive)"
    )
    things = [session.submission.Thing() for _ in range(3)]
    assert session.submission.count() == 3
    del things[:2]
    assert session.submission.count() == 1


# Names.


def test_a_missing_name_is_reported_with_its_neighbours(submission):
    with pytest.raises(NameMissing, match=r"`Linea` is not defined; did you mean `Linear`"):
        _ = submission.Linea
    with pytest.raises(NameMissing, match=r"`qqqqqq` is not defined\.$"):
        _ = submission.qqqqqq


def test_public_gives_what_belongs_to_the_kit_only(submission):
    generator = submission.public("firsthand.kit.rng:generator")(3)
    assert generator.type_name == "Generator"
    assert generator.initial_seed() == 3
    for path in (
        "os:system",
        "firsthand.grading.client:Session",
        "firsthand.kit",
        "firsthand.kits:a",
    ):
        with pytest.raises(ValueError, match="public"):
            submission.public(path)


def test_the_learners_side_refuses_public_names_outside_of_the_kit_too(session):
    with pytest.raises(ImportError):
        session.ask("public", ("os:system",))


def test_define_replaces_a_name_until_it_is_restored(session):
    submission = session.submission
    restore = session.define("point", "extra = 5\ndef point():\n    return constant + extra")
    assert submission.point() == 12
    restore()
    assert submission.point().y == 3
    with pytest.raises(NameMissing):
        _ = submission.extra


# In place.


def test_writes_to_arguments_come_back(submission):
    base = torch.ones(2, 3)
    view, array, untouched = base[:, 1], np.zeros(2), torch.ones(2)
    before = untouched._version
    submission.writes(view, array, untouched)
    assert base.tolist() == [[1, 2, 1], [1, 2, 1]]
    assert array.tolist() == [-1, 0] and untouched._version == before


def test_writes_past_the_version_counter_come_back(submission):
    x = torch.zeros(2)
    submission.writes_past_the_version(x)
    assert x.tolist() == [1, 1]


def test_writes_to_an_expanded_argument_come_back(submission):
    x = torch.ones(1).expand(3)
    submission.writes(x, np.zeros(1), torch.ones(1))
    assert x.tolist() == [2, 2, 2]


# Callbacks.


def test_a_function_of_the_test_is_called_with_the_learners_values(submission):
    assert submission.apply(lambda a, *, k: (a + 1, k), 1, k=[2]) == (2, [2])
    assert submission.call_me(functools.partial(max, 1), 3) == [1, 1, 2]
    assert submission.apply(torch.relu, torch.tensor([-1.0, 1.0])).tolist() == [0, 1]


def test_a_callback_may_use_the_submission_and_get_handles(submission):
    def outer(box):
        return submission.apply(lambda n: n + box["a"], 10)

    assert submission.apply(outer, submission.Box()) == 11


def test_writes_of_a_callback_come_back_to_the_learner(submission):
    def clear(x):
        x.zero_()

    x = torch.ones(2)
    assert submission.apply(lambda f, y: f(y), lambda y: y + 1, x).tolist() == [2, 2]
    submission.apply(clear, x)
    assert x.tolist() == [0, 0]


def test_a_failing_callback_is_the_tests_own_exception(submission):
    secret = ValueError("expected 3.25")

    def fail():
        raise secret

    with pytest.raises(ValueError) as caught:
        submission.apply(fail)
    assert caught.value is secret
    assert submission.swallow(fail) == "the test's function raised ValueError"

    def check():
        assert False, "called too often"  # noqa: B011

    with pytest.raises(AssertionError, match="called too often") as caught:
        submission.apply(check)
    assert not isinstance(caught.value, SubmissionError)
    assert submission.echo(1) == 1


def test_the_learners_exception_passes_through_a_callback(submission):
    with pytest.raises(KeyError):
        submission.apply(lambda: submission.untold({}))


# Gradients.


def local():
    namespace = {}
    exec(SOURCE, namespace)
    return namespace


def test_gradients_agree_with_local_autograd(submission):
    results = []
    for function in (local()["grads"], submission.grads):
        torch.manual_seed(0)
        leaf = torch.randn(3, requires_grad=True)
        w = torch.randn(3, requires_grad=True)
        values, cut, five = function(leaf * 2, {"w": w})
        assert five == 5 and not cut.requires_grad
        total = values["sum"] + (values["parts"][0] * 3).sum() + values["parts"][1][0].sum()
        results.append((total.detach(), *torch.autograd.grad(total, (leaf, w))))
    for here, there in zip(*results, strict=True):
        assert torch.equal(here, there)


def test_gradcheck_passes(submission):
    x = torch.randn(3, dtype=torch.float64, requires_grad=True)
    w = torch.randn(3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, w: submission.grads(x, {"w": w})[0]["sum"], (x, w))


def test_backward_may_run_twice_and_in_parts(submission):
    x = torch.randn(3, requires_grad=True)
    (y,) = [submission.partly(x, 0)]
    y[0].backward(retain_graph=True)
    y.sum().backward()
    expected = 2 * x.detach() * torch.tensor([2.0, 1.0, 1.0])
    assert torch.allclose(x.grad, expected)


def test_results_cut_from_the_graph_do_not_require_gradients(submission):
    values, index = submission.detached(torch.randn(3, requires_grad=True))
    assert not values.requires_grad and not index.requires_grad


def test_an_input_that_is_not_used_has_no_gradient(submission):
    x, y = torch.randn(2, requires_grad=True), torch.randn(2, requires_grad=True)
    result = submission.partly(x, y).sum()
    assert torch.autograd.grad(result, y, allow_unused=True, retain_graph=True) == (None,)
    assert torch.autograd.grad(result, x)[0].shape == (2,)


def test_gradients_reach_the_input_of_a_learners_module(submission):
    module = submission.Linear(3)
    x = torch.randn(2, 3, requires_grad=True)
    (gradient,) = torch.autograd.grad(module(x).sum(), x)
    weight = module.inner.weight.detach()
    assert torch.allclose(gradient, 2 * weight.sum(0).expand(2, 3))


def test_the_tests_grad_mode_holds_in_the_learners_code(submission):
    assert submission.grad_mode() is True
    with torch.no_grad():
        assert submission.grad_mode() is False
        assert not submission.partly(torch.ones(2, requires_grad=True), 0).requires_grad


def test_the_learner_may_differentiate_a_function_of_the_test(submission):
    x = torch.randn(4)
    assert torch.allclose(submission.input_gradient(lambda y: y.sin(), x), x.cos())
