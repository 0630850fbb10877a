"""Graders of 505, part 3: the slow copy, and one update of the loop.

Oracles: the formula entry by entry; the learner's own networks with planted weights, asked before
the update, and AdamW's rule written out.
"""

import pytest
import torch

from firsthand import compare


def whole(generator, low, high):
    """One integer from low to high, both included."""
    return int(torch.randint(low, high + 1, (), generator=generator))


def weights(generator, dtype=torch.float32):
    """A small state dict of floats, with a counter among them."""
    return {
        "embed.weight": torch.randn(3, 5, generator=generator, dtype=dtype),
        "bias": torch.randn(4, generator=generator, dtype=dtype),
        "scale": torch.randn((), generator=generator, dtype=dtype),
        "seen": torch.tensor(whole(generator, 1, 10**6)),
        "mask": torch.rand(6, generator=generator) < 0.5,
        "small": torch.randint(100, (2,), generator=generator, dtype=torch.int32),
    }


FORMULA = "rate * slow + (1 - rate) * fast for floats; other tensors are copies of fast"


@pytest.mark.exercise("ema_update")
class TestEmaUpdate:
    @pytest.mark.visible
    def test_the_worked_example_keeps_three_quarters(self, submission):
        slow, fast = {"w": torch.tensor([1.0])}, {"w": torch.tensor([0.0])}
        got = submission.ema_update(slow, fast, 0.75)
        compare.close(got, {"w": torch.tensor([0.75])}, what="ema_update",
                      hint="rate is the share that is kept of `slow`")  # fmt: skip

    @pytest.mark.weight(2)
    def test_floats_are_mixed_and_counters_are_copied(self, submission, generator):
        for rate in (0.55 + 0.4 * torch.rand((), generator=generator).item(), 0.97, 0.0, 1.0):
            for dtype in (torch.float32, torch.float64):
                slow, fast = weights(generator, dtype), weights(generator, dtype)
                with compare.unchanged(slow=slow, fast=fast):
                    got = submission.ema_update(slow, fast, rate)

                def mixed(keep, slow=slow, fast=fast):
                    return {
                        n: keep * slow[n] + (1 - keep) * fast[n]
                        if t.is_floating_point()
                        else fast[n]
                        for n, t in fast.items()
                    }

                others = ("seen", "mask", "small")
                averaged = mixed(rate) | {
                    n: rate * slow[n] + (1 - rate) * fast[n].float() for n in others
                }
                known = {
                    "rate is the share that is kept of `slow`: yours is exchanged": mixed(1 - rate),
                    "a counter is no weight: copy it from fast": averaged,
                    "a counter is no weight: copy it from fast, not from slow":
                        mixed(rate) | {n: slow[n] for n in others},
                    "nothing of `slow` is left: mix the two": mixed(0.0),
                    "nothing of `fast` arrives: mix the two": mixed(1.0),
                }  # fmt: skip
                compare.equal(sorted(got), sorted(fast), what="the names of ema_update")
                for name in fast:
                    if got[name].dtype != fast[name].dtype:
                        compare.fail(f"{name} came back as {got[name].dtype}; {fast[name].dtype} "
                                     "is expected.", recognised=True,
                                     hint="a counter is no weight: copy it from fast; floats keep "
                                     "their dtype")  # fmt: skip
                compare.close(
                    got, mixed(rate), rtol=1e-5, what="ema_update", known=known, hint=FORMULA
                )

    def test_floats_of_every_precision_are_mixed(self, submission, generator):
        for dtype in (torch.float16, torch.bfloat16):
            slow, fast = weights(generator, dtype), weights(generator, dtype)
            rate = 0.4 + 0.2 * torch.rand((), generator=generator).item()
            got = submission.ema_update(slow, fast, rate)
            for name in ("embed.weight", "bias", "scale"):
                compare.shape(got[name], fast[name].shape, what=name)
                if got[name].dtype != dtype:
                    compare.fail(f"{name} came back as {got[name].dtype}; {dtype} is expected.",
                                 recognised=True, hint="floats keep their dtype")  # fmt: skip
                a, b = slow[name].double(), fast[name].double()
                size = max(a.abs().max().item(), b.abs().max().item())
                compare.close(
                    got[name].double(),
                    rate * a + (1 - rate) * b,
                    rtol=0,
                    atol=4 * torch.finfo(dtype).eps * size,  # four roundings
                    what=f"ema_update of a tensor of {dtype}",
                    known={"float16 and bfloat16 are floating-point too: mix them": b,
                           "float16 and bfloat16 are floating-point too: mix, not keep": a},
                    hint=FORMULA,
                )  # fmt: skip

    def test_the_result_carries_no_gradients(self, submission, generator):
        for rate in (0.2, 0.9):
            slow, fast = weights(generator), weights(generator)
            fast["bias"].requires_grad_()
            slow["embed.weight"].requires_grad_()
            got = submission.ema_update(slow, fast, rate)
            if any(tensor.requires_grad for tensor in got.values()):
                compare.fail("a tensor of ema_update requires gradients.", recognised=True,
                             hint="no gradients through the teacher: detach")  # fmt: skip

    def test_a_constant_fast_copy_is_approached_geometrically(self, submission, generator):
        slow, fast = weights(generator), weights(generator)
        first = {name: tensor.clone() for name, tensor in slow.items()}
        for _ in range(3):
            slow = submission.ema_update(slow, fast, 0.5)
        expected = first["bias"] / 8 + fast["bias"] * 7 / 8
        compare.close(
            slow["bias"], expected, rtol=1e-5, what="three updates with rate 0.5", hint=FORMULA
        )


RATE = 0.8


class Planted:
    """A learner of the submission whose two copies have different, random weights."""

    def __init__(self, submission, generator, size):
        self.rate_of_learning = 0.003
        self.learner = submission.Learner(
            size, whole(generator, 0, 999), width=8, learning_rate=self.rate_of_learning
        )
        for network in (self.learner.fast, self.learner.slow):
            state = network.state_dict()
            network.load_state_dict(
                {n: torch.randn(t.shape, generator=generator) * 0.7 for n, t in state.items()}
            )

    def says(self, copy):
        """An answerer: the largest logit of one of the two copies."""
        return lambda p, k: copy(p, k).detach().argmax(-1)


def misread(p):
    """An expert's single step that differs from p at every element."""
    return (p + 1) % p.shape[1]


def alone(p, k, look=misread):
    """H without help: one step, or x."""
    return torch.where(k[:, None] == 1, look(p), torch.arange(p.shape[1]))


def true_power(p, k):
    """sigma^k by single steps."""
    out = torch.arange(p.shape[1]).repeat(len(p), 1)
    for b in range(len(p)):
        for _ in range(int(k[b])):
            out[b] = p[b][out[b]]
    return out


def amplified(says, p, k, look=misread):
    """H with help: both questions for all rows at once, then element by element."""
    out, hard = look(p).clone(), (k > 1).nonzero().flatten()
    first = says(p[hard], k[hard] // 2)
    second = says(p[hard], k[hard] - k[hard] // 2)
    for place, b in enumerate(hard.tolist()):
        for x in range(p.shape[1]):
            out[b, x] = second[place, first[place, x]]
    return out


def batch(generator, size, rows=12):
    """Permutations and powers 1 to 5; each occurs."""
    k = torch.cat([torch.arange(1, 6), torch.randint(1, 6, (rows - 5,), generator=generator)])
    return torch.rand(rows, size, generator=generator).argsort(1), k


def cross_entropy(logits, targets):
    """Mean negative log-probability of the targets."""
    chosen = logits.double().log_softmax(-1).gather(-1, targets[..., None])
    return -chosen.mean().item()


LOSS = "mean cross-entropy of the fast copy's logits, before the update, on the arm's targets"


@pytest.mark.exercise("distill_step")
class TestDistillStep:
    @pytest.mark.visible
    def test_a_new_learner_starts_near_log_n(self, submission):
        learner, p = submission.Learner(3, 0), torch.tensor([[1, 2, 0]])
        loss = submission.distill_step(learner, lambda p: p, p, torch.tensor([1]), "iterated", 0.9)
        compare.between(
            loss,
            0.5,
            2.2,
            what="the loss of a new learner with three elements",
            hint="mean cross-entropy over all rows and elements, as a number",
        )

    @pytest.mark.visible
    def test_the_slow_copy_answers_the_smaller_questions(self, submission):
        learner, p = submission.Learner(3, 0), torch.tensor([[1, 2, 0]])
        weights, far = learner.fast.state_dict(), torch.zeros(3, 48)
        learner.fast.load_state_dict(
            {**weights, "unembed.weight": far, "unembed.bias": torch.tensor([1.0, 0.0, 0.0])}
        )  # the fast copy says 0 everywhere, the slow one 2
        learner.slow.load_state_dict(
            {**weights, "unembed.weight": far, "unembed.bias": torch.tensor([0.0, 0.0, 1.0])}
        )
        loss = submission.distill_step(learner, lambda p: p, p, torch.tensor([4]), "iterated", 0.9)
        compare.close(loss, 1.55144, what='the loss of the arm "iterated"',
                      hint="the target is 2 at each element: what the slow copy says")  # fmt: skip

    @pytest.mark.visible
    def test_the_slow_copy_moves_by_one_minus_rate(self, submission):
        learner, p = submission.Learner(3, 0), torch.tensor([[1, 2, 0]])
        start = learner.fast.state_dict()["unembed.weight"].clone()  # both copies start here
        submission.distill_step(learner, lambda p: p, p, torch.tensor([1]), "iterated", 0.75)
        fast = learner.fast.state_dict()["unembed.weight"] - start
        slow = learner.slow.state_dict()["unembed.weight"] - start
        compare.close(slow, 0.25 * fast, rtol=0.01, what="the move of the slow copy",
                      hint="rate 0.75: a quarter of the fast copy's own move")  # fmt: skip

    @pytest.mark.weight(4)
    def test_the_targets_of_the_iterated_arm_come_from_the_slow_copy(self, submission, generator):
        for _ in range(2):
            size = whole(generator, 4, 6)  # not the notebook's 7
            planted = Planted(submission, generator, size)
            learner, (p, k) = planted.learner, batch(generator, size)
            logits = learner.fast(p, k).detach()
            slow, fast = planted.says(learner.slow), planted.says(learner.fast)
            targets = {
                "moving targets: the smaller questions go to the slow copy, not to the fast one":
                    amplified(fast, p, k),
                "you used p where H should answer: H reads a step by `look`":
                    amplified(slow, p, k, look=lambda p: p),
                "true labels as targets: only the arm \"labels\" may use `power`": true_power(p, k),
                "that is the arm with one round: here the slow copy answers":
                    amplified(alone, p, k),
                "the slow copy's own answers are not amplified: call `amplify`": slow(p, k),
            }  # fmt: skip
            known = {hint: cross_entropy(logits, t) for hint, t in targets.items()}
            known["mean over rows and elements, not a sum"] = (
                cross_entropy(logits, amplified(slow, p, k)) * p.numel()
            )
            right = amplified(slow, p, k)
            expected = cross_entropy(logits, right)
            with compare.unchanged(p=p, k=k):
                loss = submission.distill_step(learner, misread, p, k, "iterated", RATE)
            known["that is the loss after the update: return the one from before it"] = (
                cross_entropy(learner.fast(p, k).detach(), right)
            )
            compare.close(compare.number(loss, what="the loss"), expected, rtol=1e-4, known=known,
                          what='the loss of the arm "iterated"', hint=LOSS)  # fmt: skip

    @pytest.mark.weight(3)
    def test_the_other_arms_have_their_own_targets(self, submission, generator):
        size = whole(generator, 4, 6)  # not the notebook's 7
        planted = Planted(submission, generator, size)
        learner = planted.learner
        for arm in ("one round", "alone", "labels", "one round"):
            p, k = batch(generator, size)
            logits = learner.fast(p, k).detach()
            slow = planted.says(learner.slow)
            targets = {
                "one round": amplified(alone, p, k),
                "alone": alone(p, k),
                "labels": true_power(p, k),
            }
            others = {f'these are the targets of the arm "{name}"': cross_entropy(logits, t)
                      for name, t in targets.items() if name != arm}  # fmt: skip
            others['these are the targets of the arm "iterated"'] = cross_entropy(
                logits, amplified(slow, p, k)
            )
            reads_p = alone(p, k, look=lambda p: p)
            if arm == "one round":
                reads_p = amplified(lambda p, k: alone(p, k, look=lambda p: p), p, k)
            others["H alone says x to k > 1, and its step is look(p)"] = cross_entropy(
                logits, reads_p
            )
            others["H alone says x to k > 1, not one step"] = cross_entropy(
                logits, misread(p) if arm == "alone" else amplified(lambda p, k: misread(p), p, k)
            )
            loss = submission.distill_step(learner, misread, p, k, arm, RATE)
            compare.close(
                compare.number(loss, what="the loss"),
                cross_entropy(logits, targets[arm]),
                rtol=1e-4,
                known=others,
                what=f'the loss of the arm "{arm}"',
                hint=LOSS,
            )

    @pytest.mark.weight(2)
    def test_the_slow_copy_becomes_the_average_after_the_update(self, submission, generator):
        planted = Planted(submission, generator, 5)
        learner = planted.learner
        for rate in (RATE, 0.5, 0.0):
            p, k = batch(generator, 5)
            slow, before = learner.slow.state_dict(), learner.fast.state_dict()
            slow, before = ({n: t.clone() for n, t in s.items()} for s in (slow, before))
            submission.distill_step(learner, misread, p, k, "iterated", rate)
            after, got = learner.fast.state_dict(), learner.slow.state_dict()
            if all(torch.equal(after[n], before[n]) for n in after):
                compare.fail(
                    "the fast copy did not change.",
                    recognised=True,
                    hint="zero_grad, backward, step: the fast copy is what is trained",
                )
            name = "image.weight"
            known = {
                "the slow copy was never updated": slow[name],
                "the average is taken after the step of the optimiser":
                    rate * slow[name] + (1 - rate) * before[name],
                "rate is the share that is kept of the slow copy":
                    (1 - rate) * slow[name] + rate * after[name],
                "the slow copy keeps the share `rate` of itself": after[name],
                "use the argument `rate`, not the notebook's RATE":
                    0.97 * slow[name] + 0.03 * after[name],
            }  # fmt: skip
            for each in (name, *after):
                compare.close(
                    got[each],
                    rate * slow[each] + (1 - rate) * after[each],
                    rtol=1e-4,
                    atol=1e-6,
                    what="the slow copy after the update",
                    known=known if each == name else None,
                    hint="ema_update(slow, fast, rate) after the optimiser's step",
                )

    @pytest.mark.weight(2)
    def test_each_update_follows_the_gradient_of_its_own_batch(self, submission, generator):
        planted = Planted(submission, generator, 5)
        learner, size = planted.learner, 5
        gradients_of = submission.public("firsthand.kit.rng:parameter_gradients")
        first, second, mean = {}, {}, None
        for step in (1, 2, 3):
            p, k = batch(generator, size)
            logits = learner.fast(p, k).detach()
            targets = torch.nn.functional.one_hot(true_power(p, k), size)
            cotangent = (logits.softmax(-1) - targets) / p.numel()
            gradient = gradients_of(learner.fast, [p, k], cotangent)
            before = {n: t.clone() for n, t in learner.fast.state_dict().items()}
            submission.distill_step(learner, misread, p, k, "labels", RATE)
            after = learner.fast.state_dict()
            for name in ("unembed.weight", "image.weight", "layers.0.qkv.weight"):
                g = gradient[name].detach()
                first[name] = 0.9 * first.get(name, 0 * g) + 0.1 * g
                second[name] = 0.999 * second.get(name, 0 * g) + 0.001 * g**2
                mean, spread = first[name] / (1 - 0.9**step), second[name] / (1 - 0.999**step)
                lr = planted.rate_of_learning
                expected = before[name] * (1 - 0.01 * lr) - lr * mean / (spread.sqrt() + 1e-8)
                clear = g.abs() > 1e-4  # below, rounding decides the direction of an AdamW step
                compare.close(after[name][clear], expected[clear], rtol=0, atol=0.05 * lr,
                              what=f"weights of the fast copy after update {step}",
                              hint="one step of learner.optimiser on this batch's gradient alone: "
                              "zero_grad before backward")  # fmt: skip

    @pytest.mark.weight(2)
    def test_another_optimiser_gets_the_gradient_of_the_mean(self, submission, generator):
        planted = Planted(submission, generator, 5)
        learner, rate = planted.learner, 0.05
        descent = submission.torch.optim.SGD  # AdamW hides the size of a gradient
        learner.optimiser = descent(learner.fast.parameters(), lr=rate)
        gradients_of = submission.public("firsthand.kit.rng:parameter_gradients")
        names = ("unembed.weight", "image.weight", "layers.0.qkv.weight")
        for _ in range(2):
            p, k = batch(generator, 5)
            logits = learner.fast(p, k).detach()
            targets = torch.nn.functional.one_hot(true_power(p, k), 5)
            cotangent = (logits.softmax(-1) - targets) / p.numel()
            gradient = gradients_of(learner.fast, [p, k], cotangent)
            before = {n: t.clone() for n, t in learner.fast.state_dict().items()}
            submission.distill_step(learner, misread, p, k, "labels", RATE)
            after = learner.fast.state_dict()
            moved = torch.cat([((before[n] - after[n]) / rate).flatten() for n in names])
            wanted = torch.cat([gradient[n].detach().flatten() for n in names])
            size = wanted.abs().max().item()
            compare.close(
                moved,
                wanted,
                rtol=1e-3,
                atol=1e-3 * size,
                what="the step of plain gradient descent, in the place of learner.optimiser,",
                known={
                    "the step follows the gradient of the mean that you return, not of the sum":
                        wanted * p.numel(),
                    "the mean over rows and elements: yours sums the elements of a row":
                        wanted * p.shape[1],
                    "learner.optimiser takes the step, whatever it is: do not build your own":
                        0 * wanted,
                },
                hint="the gradient of the mean cross-entropy as it is, one step of "
                "learner.optimiser",
            )  # fmt: skip

    def test_an_unknown_arm_raises_a_value_error(self, submission, generator):
        planted = Planted(submission, generator, 4)
        p, k = batch(generator, 4)
        for arm in ("supervised", "Iterated", ""):
            try:
                submission.distill_step(planted.learner, misread, p, k, arm, RATE)
            except ValueError:
                continue
            compare.fail("an unknown arm passed without a ValueError.", recognised=True,
                         hint="fail loudly: raise ValueError for any other arm")  # fmt: skip

    def test_global_randomness_is_left_alone(self, submission, generator):
        planted = Planted(submission, generator, 4)
        for arm in ("iterated", "one round"):
            p, k = batch(generator, 4)
            with compare.untouched_randomness(submission, hint="nothing here needs random numbers"):
                submission.distill_step(planted.learner, misread, p, k, arm, RATE)
