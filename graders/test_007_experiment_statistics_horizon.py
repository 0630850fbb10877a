"""Graders of 007, the horizon, the gallery and the extension: bisection and counting as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from math import inf, log, sqrt

import numpy as np
import pytest
import torch

from firsthand import compare
from firsthand.kit.beta import t_quantile

NARROW = {"normal", "wilson", "bootstrap questions", "best prompt"}
RIGHT = {"bootstrap passages", "clustered", "paired"}
WIDE = {"unpaired"}


def numpy_generator(generator):
    """A NumPy generator whose seed is drawn from the test's own generator."""
    return np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))


class Waiting(dict):
    """Known mistakes, computed only when a comparison has failed."""

    def __init__(self, function, *arguments):
        super().__init__()
        self.function, self.arguments = function, arguments

    def __bool__(self):
        return True

    def items(self):
        return self.function(*self.arguments).items()


def logistic(values):
    return 1 / (1 + np.exp(-values))


def bisect(is_low, low, high):
    """The point of [low, high] at which `is_low` turns False."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if is_low(middle) else (low, middle)
    return (low + high) / 2


def fit(x, success):
    """Level and slope with the largest likelihood: both score equations, solved by bisection."""
    centre, wanted = x.mean(), success.sum()
    shifted = x - centre

    def level(slope):
        return bisect(lambda a: logistic(a + slope * shifted).sum() < wanted, -90.0, 90.0)

    def too_low(slope):
        return (shifted * (success - logistic(level(slope) + slope * shifted))).sum() > 0

    slope = bisect(too_low, -8.0, 8.0)
    return level(slope) - slope * centre, slope


def horizon_of(level, slope, q):
    return 2 ** ((log(q / (1 - q)) - level) / slope)


def horizon_mistakes(minutes, success, q):
    x = np.log2(minutes)
    level, slope = fit(x, success)
    right, middle = horizon_of(level, slope, q), horizon_of(level, slope, 0.5)
    gain, constant = np.polyfit(x, success, 1)
    scale = minutes.std()
    in_minutes = fit(minutes / scale, success)
    linear = (log(q / (1 - q)) - in_minutes[0]) / in_minutes[1] * scale
    ridge = penalised(x, success)
    return {
        "per doubling: log2, not the natural logarithm": (right, slope / log(2)),
        "per doubling: log2, not log10": (right, slope / log(2) * log(10)),
        "use the slope: log2 h_q = log2 h_.5 + logit(q) / slope": (middle, slope),
        "the sign: logit(q) = level + slope log2 h": (middle**2 / right, slope),
        "minutes, not log2 of minutes": ((log(q / (1 - q)) - level) / slope, slope),
        "log scale: the logistic curve is in log2(minutes)": (linear, in_minutes[1] / scale),
        "the curve is logistic: no least squares on 0 and 1": (2 ** ((q - constant) / gain), gain),
        "maximum likelihood: no penalty on the slope": (horizon_of(*ridge, q), ridge[1]),
        "the horizon first, then the slope": (slope, right),
        "the slope falls: its sign": (right, -slope),
    }


def penalised(x, success):
    """The fit with a ridge penalty of strength 1 on the slope, as libraries add by default."""
    design = np.stack([np.ones(len(x)), x], axis=1)
    weights, penalty = np.zeros(2), np.diag([0.0, 1.0])
    for _ in range(60):
        chance = logistic(design @ weights)
        curvature = (design.T * (chance * (1 - chance))) @ design + penalty
        step = np.linalg.solve(curvature, design.T @ (success - chance) - penalty @ weights)
        weights = weights + np.clip(step, -1, 1)
    return tuple(weights.tolist())


def study(rng, n, slope, horizon):
    """Tasks that overlap: some failure is shorter than some success, and the other way round."""
    while True:
        minutes = np.exp2(rng.uniform(-1, 9, n))
        success = (rng.random(n) < logistic(slope * np.log2(minutes / horizon))).astype(float)
        good, bad = minutes[success == 1], minutes[success == 0]
        if len(good) < 3 or len(bad) < 3:
            continue
        if (
            good.max() > 1.5 * bad.min()
            and bad.max() > 1.5 * good.min()
            and fit(np.log2(minutes), success)[1] * slope > 0.02
        ):
            return minutes, success


@pytest.mark.exercise("time_horizon")
class TestTimeHorizon:
    @pytest.mark.visible
    def test_the_worked_example_has_a_horizon_of_four_minutes(self, submission):
        minutes = np.array([1.0] * 4 + [16.0] * 4)
        success = np.array([1.0, 1, 1, 0, 1, 0, 0, 0])
        compare.close(
            submission.time_horizon(minutes, success, 0.5),
            (4.0, -0.549306),
            rtol=1e-3,  # the statement allows it: an iteration may stop early
            what="time_horizon of the worked example",
            hint="log odds fall from ln 3 to -ln 3 in four doublings",
        )

    @pytest.mark.weight(4)
    def test_the_fit_solves_the_score_equations(self, submission, generator):
        rng = numpy_generator(generator)
        for n, q in ((20, 0.5), (35, 0.8), (60, 0.3), (150, 0.9), (40, 0.2)):
            minutes, success = study(rng, n, rng.uniform(-0.9, -0.4), rng.uniform(6, 40))
            level, slope = fit(np.log2(minutes), success)
            with compare.unchanged(minutes=minutes, success=success):
                got = submission.time_horizon(minutes, success, q)
            compare.close(
                got,
                (horizon_of(level, slope, q), slope),
                rtol=1e-3,  # the statement allows it: an iteration may stop early
                what=f"time_horizon at q = {q}",
                hint="maximum likelihood of a logistic curve in log2(minutes); iterate to the end",
                known=Waiting(horizon_mistakes, minutes, success, q),
            )

    def test_thousands_of_tasks_are_fitted_to_the_end(self, submission, generator):
        rng = numpy_generator(generator)
        for n, steep in ((1000, -3.0), (5000, -0.6)):
            minutes, success = study(rng, n, steep, rng.uniform(12, 20))
            level, slope = fit(np.log2(minutes), success)
            compare.close(
                submission.time_horizon(minutes, success, 0.5),
                (horizon_of(level, slope, 0.5), slope),
                rtol=1e-3,  # the statement allows it: an iteration may stop early
                what=f"time_horizon of {n} tasks",
                hint="iterate until the steps are tiny: with many tasks, shortened steps need more than forty",
            )

    def test_a_horizon_may_lie_far_beyond_the_tasks(self, submission, generator):
        rng = numpy_generator(generator)
        for n, q in ((60, 0.004), (150, 0.002), (60, 0.997)):
            while True:
                minutes, success = study(rng, n, rng.uniform(-0.5, -0.3), rng.uniform(10, 20))
                level, slope = fit(np.log2(minutes), success)
                if -0.6 < slope < -0.2:
                    break
            compare.close(
                submission.time_horizon(minutes, success, q),
                (horizon_of(level, slope, q), slope),
                rtol=1e-3,  # the statement allows it: an iteration may stop early
                atol=1e-12,
                what="a time_horizon far outside of the lengths of the tasks",
                hint="far is not infinite: inf belongs to slopes that are not negative, 0 to no success",
            )

    def test_a_horizon_beyond_the_largest_float_is_infinite(self, submission, generator):
        rng = numpy_generator(generator)
        for count in rng.integers(20, 60, 3).tolist():
            minutes = np.repeat([3.0, 6.0], 2 * count)
            success = np.repeat([1.0, 0.0, 1.0, 0.0], [count + 1, count - 1, count - 1, count + 1])
            slope = 2 * log((count - 1) / (count + 1))
            compare.close(
                submission.time_horizon(minutes, success, 1e-100),
                (inf, slope),
                rtol=1e-3,  # the statement allows it: an iteration may stop early
                what="time_horizon where the horizon exceeds the largest float",
                hint="2.0 ** 1100 raises OverflowError in plain Python: return inf there",
            )

    def test_hours_and_seconds_give_the_same_slope(self, submission, generator):
        rng = numpy_generator(generator)
        for unit in (60.0, 1 / 60, 1000.0):
            minutes, success = study(rng, 40, -0.6, 16)
            level, slope = fit(np.log2(minutes), success)
            compare.close(
                submission.time_horizon(minutes * unit, success, 0.5),
                (horizon_of(level, slope, 0.5) * unit, slope),
                rtol=1e-3,  # the statement allows it: an iteration may stop early
                what="time_horizon in another unit of time",
                hint="subtract the mean of log2(minutes) before you iterate: then any unit converges",
                known=Waiting(horizon_mistakes, minutes * unit, success, 0.5),
            )

    @pytest.mark.weight(2)
    def test_all_successes_and_no_success_have_no_finite_horizon(self, submission, generator):
        rng = numpy_generator(generator)
        for minutes in (np.array([1.0, 4.0]), *(np.exp2(rng.uniform(0, 9, n)) for n in (2, 7, 30))):
            n = len(minutes)
            for success, expected in ((np.ones(n), (inf, 0.0)), (np.zeros(n), (0.0, 0.0))):
                compare.close(
                    submission.time_horizon(minutes, success, 0.5),
                    expected,
                    what=f"time_horizon when {'no' if success[0] else 'every'} task failed",
                    hint="inf: the horizon is beyond your tasks"
                    if success[0]
                    else "0: the horizon lies below your tasks",
                )

    def test_success_that_does_not_fall_has_no_horizon(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (20, 40, 80):
            minutes, success = study(rng, n, 0.5, 20)
            got = submission.time_horizon(minutes, success, 0.5)
            level, slope = fit(np.log2(minutes), success)
            compare.close(
                got,
                (inf, slope),
                rtol=1e-3,  # the statement allows it: an iteration may stop early
                what="time_horizon when success rises with length",
                hint="inf: a rising curve has no length beyond which it fails",
                known={
                    "inf, not a number: success does not fall with length": (
                        horizon_of(level, slope, 0.5),
                        slope,
                    )
                },
            )

    def test_a_single_failure_or_success_is_enough_for_a_fit(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (10, 20):
            minutes = np.exp2(np.linspace(0, 9, n) + rng.uniform(0, 0.2, n))
            for place, other in ((n - 2, 1.0), (1, 0.0)):  # no gap: one task lies on the other side
                success = np.full(n, other)
                success[place] = 1 - other
                level, slope = fit(np.log2(minutes), success)
                compare.close(
                    submission.time_horizon(minutes, success, 0.5),
                    (horizon_of(level, slope, 0.5), slope),
                    rtol=1e-3,  # the statement allows it: an iteration may stop early
                    what=f"time_horizon with a single {'failure' if other else 'success'}",
                    hint="these data overlap: a failure is shorter than a success, so the fit is finite",
                    known=Waiting(horizon_mistakes, minutes, success, 0.5),
                )

    def test_success_that_stays_level_has_no_horizon(self, submission, generator):
        rng = numpy_generator(generator)
        for _ in range(6):
            lengths = np.exp2(rng.uniform(0, 9, int(rng.integers(2, 7))))
            right, wrong = (int(count) for count in rng.integers(1, 5, 2))
            minutes = np.repeat(lengths, right + wrong)
            success = np.tile([1.0] * right + [0.0] * wrong, len(lengths))
            compare.close(
                submission.time_horizon(minutes, success, 0.5),
                (inf, 0.0),
                atol=1e-6,  # of the slope: 0 up to rounding
                what="time_horizon when each length has as many successes as every other",
                hint="a slope above -1e-9 counts as 0: rounding must not turn it into a horizon",
            )

    def test_separated_data_give_a_length_in_the_gap(self, submission, generator):
        rng = numpy_generator(generator)
        for n, q, gap in (
            (2, 0.5, 2.0),
            (5, 0.2, 0.0),
            (12, 0.8, 0.01),
            (20, 0.5, 0.0),
            (20, 0.1, 0.3),
        ):
            cut = rng.uniform(
                3, 6
            )  # the last length of success; with a gap of 0 one task of it failed
            short = np.append(rng.uniform(0, cut, n - n // 2 - 1), cut)
            long = np.append(rng.uniform(cut + gap, 9, n // 2 - 1), cut + gap)
            minutes = np.exp2(np.concatenate([short, long]))
            success = np.concatenate([np.ones(len(short)), np.zeros(len(long))])
            order = rng.permutation(n)
            horizon, slope = submission.time_horizon(minutes[order], success[order], q)
            hint = "separated: the slope has no finite maximum; any length from the longest success to the shortest failure"
            # The statement allows a relative error of 0.001.
            if not 0.999 * 2 ** short.max() <= float(horizon) <= 1.001 * 2 ** long.min():
                compare.fail(
                    f"time_horizon of separated data is {float(horizon):.4g} minutes, which does not lie in the gap.",
                    hint=hint,
                )
            if not float(slope) < -1:
                compare.fail(
                    f"time_horizon: the slope of separated data is {float(slope):.3g}; a number below -1, or -inf, is expected.",
                    hint=hint,
                )


@pytest.mark.exercise("read_the_gallery")
class TestReadTheGallery:
    @pytest.mark.visible
    def test_each_of_the_eight_bars_gets_one_of_three_words(self, submission):
        names = ["normal", "wilson", "bootstrap questions", "bootstrap passages"]
        names += ["clustered", "best prompt", "unpaired", "paired"]
        answer = submission.read_the_gallery()
        if not isinstance(answer, dict) or set(answer) != set(names):
            compare.fail(
                "read_the_gallery must return a dict with the eight names of the table.",
                hint="one entry for each row of the table, named as in its first column",
            )
        wrong = [
            word for word in answer.values() if word not in ("too narrow", "right", "too wide")
        ]
        if wrong:
            compare.fail(
                f'read_the_gallery says {wrong[0]!r}; the words are "too narrow", "right" and "too wide".',
                hint="copy one of the three words",
            )

    # Coverage counted over 2,000 experiments, seeds 0 to 4: design.md. The nearest to a limit of
    # .92 and .98 are `bootstrap passages` (.936) and `best prompt` (.770).
    @pytest.mark.weight(2)
    def test_the_bars_that_are_too_narrow_are_named(self, submission):
        self.named(submission, NARROW, "too narrow")

    def test_the_bars_that_cover_are_named(self, submission):
        self.named(submission, RIGHT, "right")

    def test_the_bar_that_is_too_wide_is_named(self, submission):
        self.named(submission, WIDE, "too wide")

    @staticmethod
    def named(submission, names, word):
        answer = submission.read_the_gallery()
        missed = sum(answer.get(name) != word for name in names)
        extra = sum(answer.get(name) == word for name in (NARROW | RIGHT | WIDE) - names)
        if missed or extra:
            compare.fail(
                f'read_the_gallery: of the bars that are "{word}" it misses {missed}, and it names {extra} others.',
                hint="run the plot: it counts the coverage of each and prints what you said beside it",
            )


@pytest.mark.exercise("horizon_spread")
class TestHorizonSpread:
    @pytest.mark.visible
    def test_it_returns_two_ratios(self, submission):
        answer = submission.horizon_spread()
        if not isinstance(answer, (tuple, list)) or len(answer) != 2:
            compare.fail(f"horizon_spread() is {answer!r}; two numbers are expected.")
        for ratio in answer:
            compare.at_least(
                ratio, 1, what="a ratio of horizon_spread", hint="upper end over lower end"
            )

    # Measured, 1,000 studies, seeds 0 to 4: see design.md. Bounds: the extremes with a margin.
    def test_twenty_tasks_leave_more_than_three_doublings(self, submission):
        compare.between(
            submission.horizon_spread()[0], 8, 14, what="the ratio with 20 tasks",
            hint="measure it: 1,000 studies of 20 tasks, the 95 % quantile of the estimates over the 5 % quantile",
        )  # fmt: skip

    def test_a_hundred_and_seventy_tasks_leave_one(self, submission):
        compare.between(
            submission.horizon_spread()[1], 1.8, 2.5, what="the ratio with 170 tasks",
            hint="measure it: 1,000 studies of 170 tasks, the 95 % quantile of the estimates over the 5 % quantile",
        )  # fmt: skip


DRAWS = 20_000


def evaluations(rng, shape, draws=DRAWS):
    """(k, n, mean rate) as the notebook's `draw_evaluations`: rates are Beta(*shape), or 1/2."""
    families = int(rng.integers(8, 10))
    n = np.round(np.exp(rng.uniform(log(4), log(60), families))).astype(np.int64)
    if shape is None:
        return rng.binomial(n, 0.5, (draws, families)), n, 0.5
    rates = rng.beta(*shape, (draws, families))
    return rng.binomial(n, rates), n, shape[0] / sum(shape)


def three_families(rng):
    """(k, n, probability of each row): all outcomes of three families with Beta(2, 2) rates.

    The sizes are the notebook's, drawn again until there are at most 6,000 outcomes.
    """
    n = np.full(3, 60)
    while (n + 1).prod() > 6000:
        n = np.round(np.exp(rng.uniform(log(4), log(60), 3))).astype(np.int64)
    k = np.array(list(np.ndindex(*(n + 1))))
    # of a rate from Beta(2, 2), k successes in n tasks have this probability (integrate by hand)
    return k, n, (6 * (k + 1) * (n - k + 1) / ((n + 1) * (n + 2) * (n + 3))).prod(axis=1)


def family_mistakes(k, n):
    """Intervals of known mistakes, by hint."""
    families, rates = k.shape[1], k / n
    pooled, total = k.sum(1) / n.sum(), n.sum()
    row = 1.96 * np.sqrt(pooled * (1 - pooled) / total)
    mean, sd = rates.mean(1), rates.std(1, ddof=1)
    inside = 1.96 * np.sqrt((rates * (1 - rates) / n).sum(1)) / families
    t = t_quantile(0.975, families - 1)
    centres = {
        "a family is a draw, a row is not: rows of one family share its rate": (pooled, row),
        "families differ: the spread between them belongs in the interval": (mean, inside),
        "with so few families 1.96 is too small: Student's t": (mean, 1.96 * sd / sqrt(families)),
        "with so few families 1.96 is too small: Student's t (and n - 1 in the variance)": (
            mean,
            1.96 * rates.std(1) / sqrt(families),
        ),
        "n - 1 in the variance: with so few families it matters": (
            mean,
            t * rates.std(1) / sqrt(families),
        ),
        "the interval of a mean of families, not of one family": (mean, t * sd),
        "each family counts the same: the plain mean of rates, not the pooled rate": (
            pooled,
            t * sd / sqrt(families),
        ),
    }
    return {hint: (c - half, c + half) for hint, (c, half) in centres.items()}


@pytest.mark.exercise("family_interval")
class TestFamilyInterval:
    @pytest.mark.visible
    def test_each_row_gets_a_lower_and_an_upper_end(self, submission):
        k = np.array([[1, 8, 3], [2, 10, 0], [0, 5, 4], [2, 10, 4], [0, 0, 0]])
        lo, hi = submission.family_interval(k, np.array([2, 10, 4]), 0)
        for name, end in (("lo", lo), ("hi", hi)):
            compare.shape(end, (5,), what=name, hint="one end for each row of k")
            if not np.isfinite(np.asarray(end, dtype=float)).all():
                compare.fail(
                    f"some element of {name} is not a finite number.",
                    hint="a row of all successes, or of none, gets two finite ends too",
                )
        if bool((np.asarray(lo) >= np.asarray(hi)).all()):
            compare.fail("no lower end lies below its upper end.", hint="return lo, then hi")
        mean = np.array([0.5 + 0.8 + 0.75, 1 + 1, 0.5 + 1, 3, 0]) / 3
        inside = (np.asarray(lo) <= mean + 1e-6) & (mean - 1e-6 <= np.asarray(hi))
        if not bool(inside.all()):
            compare.fail(
                "some interval does not contain the plain mean of its own row.",
                hint="lo <= mean of the row's rates <= hi, each family counting the same; nothing of another row may enter",
            )

    @pytest.mark.weight(2)
    def test_it_covers_where_families_differ_a_lot(self, submission, generator):
        self.judged(submission, numpy_generator(generator), (2, 2))

    @pytest.mark.weight(2)
    def test_it_covers_where_rates_are_skewed(self, submission, generator):
        self.judged(submission, numpy_generator(generator), (4, 2))

    def test_it_covers_where_families_do_not_differ(self, submission, generator):
        self.judged(submission, numpy_generator(generator), None)

    @staticmethod
    def judged(submission, rng, shape):
        k, n, truth = evaluations(rng, shape)
        seed = int(rng.integers(2**31))
        lo, hi = TestFamilyInterval.ends(submission, k, n, seed)
        covered = float(((lo <= truth) & (truth <= hi)).mean())
        ideal = 2 * 1.96 * float((k / n).mean(1).std())
        width = float((hi - lo).mean()) / ideal
        # The stated limits, .93, .98 and 1.25, loosened by three standard errors of the count.
        # Student's t, seeds 0 to 4: coverage .939 to .961, width 1.12 to 1.19; 1.96 standard errors
        # cover .899 to .914 where families differ (design.md).
        problem = (
            f"covers {covered:.3f} of {DRAWS} evaluations; 0.93 to 0.98 is expected."
            if not 0.9245 <= covered <= 0.983
            else f"is {width:.2f} times as wide as 1.96 true standard errors; at most 1.25 is expected."
            if not width <= 1.27
            else ""
        )
        if not problem:
            TestFamilyInterval.surrounds(lo, hi, (k / n).mean(1))
            return
        for hint, (known_lo, known_hi) in family_mistakes(k, n).items():
            if np.allclose(np.clip(lo, 0, 1), np.clip(known_lo, 0, 1), atol=1e-3) and np.allclose(
                np.clip(hi, 0, 1), np.clip(known_hi, 0, 1), atol=1e-3
            ):
                compare.fail(f"family_interval {problem}", hint=hint, recognised=True)
        compare.fail(
            f"family_interval {problem}",
            hint="so careful that it says nothing: a family's own interval is not the interval of their mean"
            if covered > 0.9245
            else "what was drawn are families, and few of them: which quantile does their spread need?",
        )

    def test_three_families_need_a_wider_quantile_than_nine(self, submission, generator):
        rng = numpy_generator(generator)
        covered, mistakes = [], None
        for _ in range(8):
            k, n, probability = three_families(rng)
            lo, hi = self.ends(submission, k, n, int(rng.integers(2**31)))
            covered.append(float(probability[(lo <= 0.5) & (0.5 <= hi)].sum()))
            same = {
                hint
                for hint, (known_lo, known_hi) in family_mistakes(k, n).items()
                if all(
                    np.allclose(np.clip(end, 0, 1), np.clip(known, 0, 1), atol=1e-3)
                    for end, known in ((lo, known_lo), (hi, known_hi))
                )
            }
            mistakes = same if mistakes is None else mistakes & same
        mean = float(np.mean(covered))
        # No sampling error: nothing is loosened. Seeds 0 to 39: Student's t .9364 to .9419, its
        # variance over n .9107 to .9178, 2.3 standard errors .82 to .85 (design.md).
        if not 0.92 <= mean <= 0.98:
            compare.fail(
                f"family_interval covers {mean:.4f} where three families differ a lot, all outcomes counted; 0.92 to 0.98 is expected.",
                hint=min(
                    mistakes,
                    default="the quantile follows from the number of families: with three it is much larger than with nine",
                ),
                recognised=bool(mistakes),
            )

    def test_an_interval_depends_on_its_own_row_alone(self, submission, generator):
        rng = numpy_generator(generator)
        k, n, _ = evaluations(rng, (2, 2), draws=40)
        for own in (k[:1], k[1:2]):
            found = []
            for others in (np.repeat(own, 39, axis=0), k[1:], np.minimum(n, 1 + 0 * k[1:])):
                lo, hi = self.ends(submission, np.concatenate([own, others]), n, 7)
                found.append((lo[0], hi[0]))
            lo, hi = self.ends(submission, own, n, 7)
            found.append((lo[0], hi[0]))
            # A resampling method may draw differently in other company: that noise is well below a fifth.
            moved = max(abs(np.subtract(pair, found[1])).max() for pair in found)
            if not moved <= 0.2 * (found[1][1] - found[1][0]):
                compare.fail(
                    f"family_interval: one row's interval moves by {moved:.3g} when the other rows of the call change.",
                    hint="each row is an evaluation of its own: nothing of another row may enter, neither its rates nor their spread",
                    recognised=True,
                )

    @staticmethod
    def ends(submission, k, n, seed):
        """Two arrays, lo and hi, with one end for each row."""
        with compare.unchanged(k=k, n=n):
            ends = submission.family_interval(k, n, seed)
        lo, hi = (np.asarray(end, dtype=float) for end in ends)
        for name, end in (("lo", lo), ("hi", hi)):
            compare.shape(end, (len(k),), what=name, hint="one end for each row of k")
        return lo, hi

    @staticmethod
    def surrounds(lo, hi, centre):
        if bool(((lo > centre + 1e-6) | (hi < centre - 1e-6)).any()):
            compare.fail(
                "family_interval: some interval does not contain the plain mean of its own row.",
                hint="each row is an evaluation of its own: nothing of another row may enter",
            )

    def test_the_seed_decides_and_global_randomness_is_untouched(self, submission, generator):
        rng = numpy_generator(generator)
        for _ in range(3):
            k, n, _ = evaluations(rng, (2, 2), draws=20)
            with compare.untouched_randomness(submission):
                first, second = (
                    [np.asarray(end) for end in submission.family_interval(k, n, 3)]
                    for _ in range(2)
                )
            compare.close(
                second,
                first,
                what="a second call with the same seed",
                hint="all randomness comes from the seed",
            )
