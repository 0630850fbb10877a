"""Graders of 802, part 2: transcripts and replay. Oracles: a step-by-step loop, planted transcripts."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

import math

import numpy as np
import pytest

from firsthand import compare
from firsthand.kit.deterministic import MOMENTUM, initial_state, sgd_step

KEYS = {"checkpoints", "every", "lr", "momentum", "root"}


class Task:
    """A tiny training run with random data, sizes and settings."""

    def __init__(self, seed, *, steps=7, batch=3):
        rng = np.random.default_rng(seed)
        self.images = rng.standard_normal((9, 6)).astype(np.float32)
        self.labels = rng.integers(0, 3, 9)
        self.order = rng.integers(0, 9, (steps, batch))
        self.lr, self.momentum = float(rng.uniform(0.2, 0.5)), float(rng.uniform(0.6, 0.9))
        state = initial_state(6, 4, 3, seed=seed % 10_000)
        for rows in rng.integers(0, 9, (3, batch)):  # so that the momentum does not start at rest
            state = self.step(state, rows)
        self.start = state

    def step(self, state, rows, *, lr=None, momentum=None):
        lr = self.lr if lr is None else lr
        momentum = self.momentum if momentum is None else momentum
        return sgd_step(state, self.images[rows], self.labels[rows], lr, momentum)

    def states(self, order=None, **kwargs):
        """The state after 0, 1, 2, ... steps."""
        states = [self.start]
        for rows in self.order if order is None else order:
            states.append(self.step(states[-1], rows, **kwargs))
        return states

    def train(self, submission, every, order=None):
        order = self.order if order is None else order
        return submission.train_transcript(
            self.start, self.images, self.labels, order, every, self.lr, self.momentum
        )

    def transcript(self, checkpoints, every):
        return {"checkpoints": checkpoints, "every": every, "lr": self.lr, "momentum": self.momentum, "root": b"r" * 32}  # fmt: skip


def times(steps, every):
    """Numbers of steps after which a checkpoint is due."""
    return [t for t in range(steps + 1) if t % every == 0 or t == steps]


def same_state(got, expected, atol=1e-5):
    return set(got) == set(expected) and all(
        np.shape(got[k]) == expected[k].shape and np.allclose(got[k], expected[k], atol=atol) for k in expected
    )  # fmt: skip


def checkpoints_of(transcript):
    """The checkpoints of a submission's transcript, checked to be a list of states."""
    if not isinstance(transcript, dict) or set(transcript) != KEYS:
        compare.fail(
            f"train_transcript must return a dict with the keys {', '.join(sorted(KEYS))}.",
            hint="return every key of the statement, and no other",
        )
    checkpoints = transcript["checkpoints"]
    if not isinstance(checkpoints, list | tuple) or not all(
        isinstance(c, dict) for c in checkpoints
    ):
        compare.fail("`checkpoints` is not a list of states.", hint="a list of dicts of arrays")
    for name in ("w1", *MOMENTUM):
        if not all(name in c for c in checkpoints):
            compare.fail(
                f"a checkpoint has no {name}.",
                hint="a checkpoint is the whole state, momentum included",
                recognised=True,
            )
    return checkpoints


def expect_checkpoints(got, states, due, what):
    """`got` are the states after `due` steps; the known mistakes are named."""
    steps = len(states) - 1
    if len(got) != len(due):
        hint = "the start, every `every` steps, and the end"
        recognised = False
        if len(got) == len(due) - 1 and not same_state(got[-1], states[-1]):
            hint, recognised = (
                "the state after the last step is a checkpoint too, even if the last segment is shorter",
                True,
            )
        elif len(got) == len(due) - 1 and not same_state(got[0], states[0]):
            hint, recognised = "the state before the first step is a checkpoint", True
        elif len(got) == len(due) + 1 and same_state(got[-1], got[-2]):
            hint, recognised = (
                "the last state is stored once, also where the last segment is complete",
                True,
            )
        compare.fail(
            f"{what} has {len(got)} checkpoints; {len(due)} are expected.",
            hint=hint,
            recognised=recognised,
        )
    for number, (seen, time) in enumerate(zip(got, due, strict=True)):
        if same_state(seen, states[time]):
            continue
        hint, recognised = "one sgd_step for each row of the order, from the state before", False
        if same_state(seen, states[max(time - 1, 0)]) or same_state(
            seen, states[min(time + 1, steps)]
        ):
            hint, recognised = "count steps from 1: a checkpoint is stored after its step", True
        elif time < steps and same_state(seen, states[-1]):
            hint, recognised = (
                "each checkpoint is a state of its own: do not change one array in place",
                True,
            )
        compare.fail(
            f"checkpoint {number} of {what} is not the state after {time} steps.",
            hint=hint,
            recognised=recognised,
        )


@pytest.mark.exercise("train_transcript")
class TestTrainTranscript:
    @pytest.mark.visible
    def test_six_steps_with_interval_two_give_four_checkpoints(self, submission):
        rng = np.random.default_rng(0)
        images, labels = rng.standard_normal((5, 4)).astype(np.float32), np.array([0, 1, 2, 0, 1])
        order = np.array([[0, 1], [2, 3], [4, 0], [1, 2], [3, 4], [0, 2]])
        start = initial_state(4, 3, 3, seed=0)
        transcript = submission.train_transcript(start, images, labels, order, 2, 0.1, 0.9)
        compare.equal(len(transcript["checkpoints"]), 4, what="the number of checkpoints")
        for name in ("w1", "momentum.w1"):
            compare.close(
                transcript["checkpoints"][0][name],
                start[name],
                what=f"{name} of the first checkpoint",
                hint="the state before the first step is a checkpoint",
            )
        third = start
        for rows in order[:4]:
            third = sgd_step(third, images[rows], labels[rows], 0.1, 0.9)
        for name in ("w1", "momentum.w1"):
            compare.close(
                transcript["checkpoints"][2][name],
                third[name],
                what=f"{name} after 4 steps",
                hint="one sgd_step for each row of the order, from the state before",
            )
        for name, given in (("every", 2), ("lr", 0.1), ("momentum", 0.9)):
            compare.equal(
                transcript[name], given, what=f"{name} of the transcript", hint="as it was given"
            )
        root = submission.transcript_root(order, 2, 0.1, 0.9, list(transcript["checkpoints"]))
        if transcript["root"] != root:
            compare.fail(
                "the root is not transcript_root of the settings, the order and all checkpoints.",
                hint="the root covers all checkpoints: compute it after training",
            )

    @pytest.mark.weight(3)
    def test_checkpoints_are_the_states_of_a_loop(self, submission, seed):
        for offset, (steps, every) in enumerate(((6, 2), (7, 3), (5, 1), (4, 4))):
            task = Task(seed + offset, steps=steps)
            with compare.unchanged(
                state=task.start, images=task.images, labels=task.labels, order=task.order
            ):
                transcript = task.train(submission, every)
            got = checkpoints_of(transcript)
            expect_checkpoints(
                got,
                task.states(),
                times(steps, every),
                f"a run of {steps} steps with every={every}",
            )

    def test_a_short_last_segment_ends_with_a_checkpoint(self, submission, seed):
        for offset, (steps, every) in enumerate(((5, 2), (7, 5), (3, 9), (1, 1), (1, 4))):
            task = Task(seed + offset, steps=steps, batch=2)
            got = checkpoints_of(task.train(submission, every))
            expect_checkpoints(
                got,
                task.states(),
                times(steps, every),
                f"a run of {steps} steps with every={every}",
            )

    def test_the_settings_are_reported(self, submission, seed):
        task = Task(seed)
        transcript = task.train(submission, 3)
        checkpoints_of(transcript)
        for name, value in (("every", 3), ("lr", task.lr), ("momentum", task.momentum)):
            compare.close(transcript[name], value, rtol=1e-12, what=f"`{name}` of the transcript")

    def test_learning_rate_and_momentum_are_used(self, submission, seed):
        task = Task(seed, steps=4)
        task.lr, task.momentum = 0.05, 0.0
        expect_checkpoints(
            checkpoints_of(task.train(submission, 2)),
            task.states(),
            [0, 2, 4],
            "a run without momentum",
        )
        task.lr, task.momentum = 0.7, 0.3
        expect_checkpoints(
            checkpoints_of(task.train(submission, 2)),
            task.states(),
            [0, 2, 4],
            "a run with a large learning rate",
        )

    @pytest.mark.weight(2)
    def test_the_root_commits_to_settings_order_and_checkpoints(self, submission, seed):
        task = Task(seed, steps=5)
        transcript = task.train(submission, 2)
        checkpoints = checkpoints_of(transcript)
        arguments = task.order, 2, task.lr, task.momentum
        expected = submission.transcript_root(*arguments, list(checkpoints))
        known = {
            "the root covers all checkpoints: compute it after training": submission.transcript_root(*arguments, list(checkpoints[:1])),
            "the root covers the last checkpoint too": submission.transcript_root(*arguments, list(checkpoints[:-1])),
        }  # fmt: skip
        for mistake, root in known.items():
            if transcript["root"] == root:
                compare.fail(
                    "the root of the transcript leaves something out.",
                    hint=mistake,
                    recognised=True,
                )
        if transcript["root"] != expected:
            compare.fail(
                "the root of the transcript is not transcript_root of its settings, order and checkpoints.",
                hint="transcript_root(order, every, lr, momentum, checkpoints), with the order as given",
            )


# --------------------------------------------------------------------------------------------------


def flat(state, names):
    return [float(v) for name in names for v in np.ravel(state[name])]


def norm(values):
    return math.sqrt(math.fsum(v * v for v in values))


def error_by_loop(start, claimed, replayed, *, names=None, unit="replay", per_array=False):
    """The error over the whole state in float64, value by value; the switches are the known mistakes."""
    names = list(start) if names is None else names
    if per_array:
        return sum(error_by_loop(start, claimed, replayed, names=[n]) for n in names) / len(names)
    s, c, r = (flat(state, names) for state in (start, claimed, replayed))
    distance = norm([a - b for a, b in zip(c, r, strict=True)])
    units = {
        "replay": norm([a - b for a, b in zip(r, s, strict=True)]),
        "claim": norm([a - b for a, b in zip(c, s, strict=True)]),
        "weights": norm(r),
        "one": 1.0,
    }
    return distance / units[unit]


def three_states(rng, *, scale=1.0, dtype=np.float32, names=("w1", "b1", "w2")):
    shapes = dict(zip(names, [(3, 5), (4,), (2, 1, 2)], strict=True))
    states = []
    for spread, of_buffers in ((1.0, 0.8), (0.4, 1.6), (0.5, 0.4)):  # start, claim, replay
        state = {
            n: (
                scale * (states[0][n] / scale if states else 0)
                + scale * spread * rng.standard_normal(s)
            ).astype(dtype)
            for n, s in shapes.items()
        }
        for n, s in shapes.items():
            before = states[0][f"momentum.{n}"] if states else 0
            drawn = before + scale * of_buffers * rng.standard_normal(s)
            state[f"momentum.{n}"] = drawn.astype(dtype)
        states.append(state)
    return states


def weight_names(state):
    return [n for n in state if not n.startswith("momentum.")]


def buffer_names(state):
    return [n for n in state if n.startswith("momentum.")]


@pytest.mark.exercise("segment_error")
class TestSegmentError:
    @pytest.mark.visible
    def test_the_worked_example_is_off_by_a_tenth(self, submission):
        start = {"w": np.array([0.0, 2.0]), "momentum.w": np.array([0.0, 0.0])}
        replayed = {"w": np.array([3.0, 2.0]), "momentum.w": np.array([4.0, 0.0])}
        claimed = {"w": np.array([3.0, 2.0]), "momentum.w": np.array([4.0, 0.5])}
        compare.close(
            submission.segment_error(start, claimed, replayed),
            0.1,
            what="segment_error of the worked example",
            hint="a distance of 0.5 after a travel of 5",
            known={
                "the momentum belongs to the state: compare every array": 0.0,
                "divide by the travel of the replay, not of the claim": 0.5 / 25.25**0.5,
                "the travel is that of the whole state too": 0.5 / 3,
            },
        )

    @pytest.mark.weight(3)
    def test_the_error_is_the_distance_over_the_travel_of_the_replay(self, submission, seed):
        rng = np.random.default_rng(seed)
        for names in (
            ("w1", "b1", "w2"),
            ("layer.0", "x", "bias momentum."),
            ("a", "momentum", "m"),
        ):
            states = three_states(rng, names=names)
            start, claimed, replayed = states
            weights, buffers = weight_names(start), buffer_names(start)
            parts = [error_by_loop(*states, names=part) for part in (weights, buffers)]
            far = {
                part: error_by_loop(*states, names=list(part), unit="one")
                for part in (tuple(start), tuple(weights))
            }
            known = {
                "the momentum belongs to the state: compare every array": parts[0],
                "one norm over weights and momentum together, not the larger of two errors": max(parts),
                "one norm over weights and momentum together, not the mean of two errors": sum(parts) / 2,
                "the travel is that of the whole state too": far[tuple(start)] / far[tuple(weights)] * parts[0],
                "the distance is that of the whole state too": far[tuple(weights)] / far[tuple(start)] * error_by_loop(*states),
                "divide by the travel of the replay, not of the claim": error_by_loop(*states, unit="claim"),
                "divide by how far the segment travels, not by the size of the state": error_by_loop(*states, unit="weights"),
                "an absolute distance has no scale: divide by the travel of the replay": error_by_loop(*states, unit="one"),
                "one norm over all arrays together, not one for each array": error_by_loop(*states, per_array=True),
                "the error is no square: take the root": error_by_loop(*states) ** 2,
                "which of the three states is the replay? Arguments come as start, claim, replay": error_by_loop(start, replayed, claimed, unit="one") / error_by_loop(start, start, claimed, unit="one"),
            }  # fmt: skip
            expected = error_by_loop(*states)
            with compare.unchanged(start=start, claimed=claimed, replayed=replayed):
                got = submission.segment_error(start, claimed, replayed)
            compare.close(
                compare.number(got, what="segment_error"),
                expected,
                rtol=1e-6,
                what=f"segment_error of states with the weights {', '.join(names)} and their buffers",
                hint="norm(claim - replay) / norm(replay - start), over the whole state as one vector",
                known={k: v for k, v in known.items() if abs(v - expected) > 1e-6},
            )

    @pytest.mark.weight(2)
    def test_a_forged_momentum_is_an_error(self, submission, seed):
        # The claim has the weights of the replay, and a momentum that would carry the next replay back.
        for number, every in enumerate((2, 4, 5)):
            task = Task(seed + 40 + number, steps=every)
            push = np.float32(100.0 * (number + 1))
            start = {k: (v + push if k == "momentum.b2" else v) for k, v in task.start.items()}
            replayed = start
            for rows in task.order:
                replayed = task.step(replayed, rows)
            claimed = replayed | {"momentum.b2": replayed["momentum.b2"] - 2 * push}
            compare.close(
                compare.number(
                    submission.segment_error(start, claimed, replayed), what="segment_error"
                ),
                error_by_loop(start, claimed, replayed),
                rtol=1e-6,
                what="segment_error of a claim with the right weights and a forged momentum",
                hint="the momentum belongs to the state: compare every array",
                known={"the momentum belongs to the state: the next replay starts from it": 0.0},
            )

    def test_the_scale_of_the_weights_makes_no_difference(self, submission, seed):
        rng = np.random.default_rng(seed)
        for scale in (1e-3, 1e3, 1e-6):
            states = three_states(rng, scale=scale, dtype=np.float64)
            compare.close(
                compare.number(submission.segment_error(*states), what="segment_error"),
                error_by_loop(*states),
                rtol=1e-6,
                what=f"segment_error of weights of size {scale:g}",
                hint="the error has no unit: no absolute distance, no small constant in the denominator",
            )

    def test_small_errors_are_computed_in_float64(self, submission, seed):
        rng = np.random.default_rng(seed)
        start = {"w": (1000 + rng.standard_normal((40, 30))).astype(np.float32)}
        replayed = {"w": (start["w"] + rng.standard_normal((40, 30))).astype(np.float32)}
        claimed = {"w": replayed["w"].copy()}
        claimed["w"][3, 4] = np.nextafter(claimed["w"][3, 4], np.float32(2000))
        half = {
            k: (v["w"] * np.float32(2.0**-80))
            for k, v in (("s", start), ("c", claimed), ("r", replayed))
        }
        tiny = (
            {"w": half["s"]},
            {"w": half["c"]},
            {"w": half["r"]},
        )  # squares underflow in float32
        for what, states in (
            ("weights of size 1000 that differ in one bit", (start, claimed, replayed)),
            ("weights of size 1e-21", tiny),
        ):
            compare.close(
                compare.number(submission.segment_error(*states), what="segment_error"),
                error_by_loop(*states),
                rtol=1e-5,
                atol=0.0,
                what=f"segment_error of {what}",
                hint="convert to float64 before you subtract and square",
            )

    @pytest.mark.weight(2)
    def test_a_replay_that_does_not_move_gives_0_or_infinity(self, submission, seed):
        rng = np.random.default_rng(seed)
        start, claimed, _ = three_states(rng)
        for what, claim, expected in (
            ("equal to the replay", start, 0.0),
            ("that differs", claimed, math.inf),
        ):
            got = submission.segment_error(start, claim, {k: v.copy() for k, v in start.items()})
            if isinstance(got, float) and math.isnan(got):
                compare.fail("segment_error is nan where the replay does not move.", hint="no travel: 0.0 if the claim equals the replay, else infinity", recognised=True)  # fmt: skip
            compare.equal(
                float(got),
                expected,
                what=f"segment_error of a claim {what}, where the replay does not move",
                hint="no travel: 0.0 if the claim equals the replay, else infinity",
            )
        nudged = {k: (v + (k == "momentum.b1")).astype(np.float32) for k, v in start.items()}
        for what, states, expected in (
            ("the momentum of the replay moved, and the claim's did not", (start, start, nudged), 1.0),
            ("the replay does not move, and the claim's momentum does", (start, nudged, start), math.inf),
        ):  # fmt: skip
            compare.equal(
                float(submission.segment_error(*states)),
                expected,
                what=f"segment_error where {what}",
                hint="distance and travel are those of the whole state, momentum included",
            )


# --------------------------------------------------------------------------------------------------


@pytest.mark.exercise("verify_segment")
class TestVerifySegment:
    def error(self, submission, task, transcript, i, order=None):
        order = task.order if order is None else order
        with compare.unchanged(
            transcript=transcript, images=task.images, labels=task.labels, order=order
        ):
            got = submission.verify_segment(transcript, i, task.images, task.labels, order)
        return compare.number(got, what=f"verify_segment of segment {i}")

    @pytest.mark.visible
    def test_an_honest_segment_has_no_error_and_another_learning_rate_shows(self, submission):
        rng = np.random.default_rng(0)
        images, labels = rng.standard_normal((5, 4)).astype(np.float32), np.array([0, 1, 2, 0, 1])
        order = np.array([[0, 1], [2, 3], [4, 0], [1, 2]])
        states = [initial_state(4, 3, 3, seed=0)]
        for rows in order:
            states.append(sgd_step(states[-1], images[rows], labels[rows], 0.1, 0.9))
        claim = {"checkpoints": states[::2], "every": 2, "lr": 0.1, "momentum": 0.9, "root": b""}
        compare.close(
            submission.verify_segment(claim, 1, images, labels, order), 0.0, atol=1e-5,
            what="the error of an honest segment",
            hint="replay the steps i * every up to the next checkpoint, with the momentum of the claim",
        )  # fmt: skip
        got = submission.verify_segment(claim | {"lr": 0.2}, 0, images, labels, order)
        compare.at_least(
            got,
            0.1,
            what="the error with the wrong learning rate",
            hint="the settings come from the transcript",
        )

    @pytest.mark.weight(2)
    def test_honest_segments_have_no_error(self, submission, seed):
        for offset, (steps, every) in enumerate(((6, 2), (7, 3), (5, 4), (4, 1))):
            task = Task(seed + offset, steps=steps)
            states, due = task.states(), times(steps, every)
            honest = task.transcript([states[t] for t in due], every)
            for i in range(len(due) - 1):
                got = self.error(submission, task, honest, i)
                if got <= 1e-5:
                    continue
                hint, recognised = (
                    "replay the steps i * every up to the next checkpoint, with the momentum of the claim",
                    False,
                )
                if i == len(due) - 2 and steps % every:
                    hint, recognised = "the last segment has fewer steps", True
                elif abs(got - self.wiped(task, states, due, i)) < 1e-4:
                    hint, recognised = (
                        "the momentum of the claimed checkpoint goes on: do not reset it",
                        True,
                    )
                elif abs(got - self.unordered(task, states, due, i)) < 1e-4:
                    hint, recognised = (
                        "the rows of `order` are the batches: records do not come in their natural order",
                        True,
                    )
                compare.fail(
                    f"segment {i} of an honest transcript ({steps} steps, every={every}) has the error {got:.3g}; 0 is expected.",
                    hint=hint,
                    recognised=recognised,
                )

    def wiped(self, task, states, due, i):
        start = states[due[i]]
        state = {k: (np.zeros_like(v) if k in MOMENTUM else v) for k, v in start.items()}
        for rows in task.order[due[i] : due[i + 1]]:
            state = task.step(state, rows)
        return error_by_loop(start, states[due[i + 1]], state)

    def unordered(self, task, states, due, i):
        state, batch = states[due[i]], task.order.shape[1]
        for step in range(due[i], due[i + 1]):
            state = task.step(state, np.arange(step * batch, (step + 1) * batch) % len(task.images))
        return error_by_loop(states[due[i]], states[due[i + 1]], state)

    @pytest.mark.weight(3)
    def test_planted_errors_are_measured_as_a_loop_measures_them(self, submission, seed):
        rng = np.random.default_rng(seed)
        for offset, (steps, every) in enumerate(((6, 2), (7, 3), (8, 3))):
            task = Task(seed + 10 + offset, steps=steps)
            due = times(steps, every)
            other = task.states((task.order + 4) % 9)
            noisy = [{k: v + rng.standard_normal(v.shape).astype(np.float32) * np.float32(0.05) for k, v in s.items()} for s in task.states()]  # fmt: skip
            quicker = task.states(lr=task.lr * 1.5)
            for what, states in (
                ("trained on other records", other),
                ("with noise on every checkpoint", noisy),
                ("trained with another learning rate", quicker),
            ):
                claim = task.transcript([states[t] for t in due], every)
                for i in range(len(due) - 1):
                    state = start = states[due[i]]
                    for rows in task.order[due[i] : due[i + 1]]:
                        state = task.step(state, rows)
                    expected = error_by_loop(start, states[due[i + 1]], state)
                    chained = task.states()[due[i]]
                    for rows in task.order[due[i] : due[i + 1]]:
                        chained = task.step(chained, rows)
                    own = task.states()[due[i]]
                    known = {
                        "compare the whole states, momentum included": error_by_loop(start, states[due[i + 1]], state, names=weight_names(start)),
                        "each segment stands alone: replay from the claimed checkpoint i": error_by_loop(own, states[due[i + 1]], chained),
                        "each segment stands alone: do not go on from your last replay": error_by_loop(start, states[due[i + 1]], chained),
                    }  # fmt: skip
                    compare.close(
                        self.error(submission, task, claim, i),
                        expected,
                        rtol=1e-3,
                        atol=1e-5,
                        what=f"the error of segment {i} of a transcript {what} ({steps} steps, every={every})",
                        hint="replay claimed checkpoint i with the verifier's order, compare with claimed checkpoint i + 1",
                        known={k: v for k, v in known.items() if abs(v - expected) > 1e-3},
                    )

    def test_only_the_two_checkpoints_of_the_segment_matter(self, submission, seed):
        for offset, (steps, every) in enumerate(((6, 2), (9, 4), (5, 1))):
            task = Task(seed + 20 + offset, steps=steps)
            states, due = task.states(), times(steps, every)
            blank = {name: np.full_like(value, np.nan) for name, value in task.start.items()}
            for i in range(len(due) - 1):
                honest = task.transcript([states[t] for t in due], every)
                kept = [states[t] if j in (i, i + 1) else blank for j, t in enumerate(due)]
                alone = task.transcript(kept, every)
                arguments = i, task.images, task.labels, task.order
                among, got = (
                    float(submission.verify_segment(claim, *arguments)) for claim in (honest, alone)
                )
                if not got <= 1e-5:
                    compare.fail(
                        f"segment {i} has an error although its two checkpoints are honest; the others are not.",
                        hint="each segment stands alone: replay from the claimed checkpoint i",
                        recognised=among <= 1e-5,
                    )

    def test_the_order_is_the_verifiers_own(self, submission, seed):
        task = Task(seed + 30, steps=6)
        states, due = task.states(), times(6, 2)
        claim = task.transcript([states[t] for t in due], 2)
        mine = (task.order + 1) % 9
        for i in range(3):
            state = states[due[i]]
            for rows in mine[due[i] : due[i + 1]]:
                state = task.step(state, rows)
            compare.close(
                self.error(submission, task, claim, i, order=mine),
                error_by_loop(states[due[i]], states[due[i + 1]], state),
                rtol=1e-3,
                atol=1e-5,
                what=f"the error of segment {i} under another order of the records",
                hint="replay the order that you are given",
            )


@pytest.mark.exercise("missed_by_the_largest")
class TestMissedByTheLargest:
    @pytest.mark.visible
    def test_the_answer_is_one_of_the_three_forgeries(self, submission):
        answer = submission.missed_by_the_largest()
        if answer not in ("interpolation", "concatenation", "swap"):
            compare.fail(
                'missed_by_the_largest must return "interpolation", "concatenation" or "swap".',
                hint="copy one of the three words",
            )

    @pytest.mark.weight(2)
    def test_the_missed_forgery_is_named(self, submission):
        # Measured on five orders and starts: the swapped segment is never among the three largest (design.md).
        compare.equal(
            submission.missed_by_the_largest(),
            "swap",
            what="missed_by_the_largest()",
            hint="in which forgery are the bad segments no larger than the honest ones?",
            known={
                "every segment of the interpolation is bad, so any three will do": "interpolation",
                "the jump of the concatenation is the largest update of all": "concatenation",
            },
        )

    def test_the_answer_does_not_change(self, submission):
        answers = {str(submission.missed_by_the_largest()) for _ in range(3)}
        if len(answers) > 1:
            compare.fail(
                "missed_by_the_largest gave different answers in three calls.",
                hint="return one fixed answer",
            )
