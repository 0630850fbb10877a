"""Graders of 007, units: sums over pairs of rows and lists of all resamples as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from itertools import product
from math import comb, sqrt

import numpy as np
import pytest
import torch

from firsthand import compare


def numpy_generator(generator):
    """A NumPy generator whose seed is drawn from the test's own generator."""
    return np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))


def pair_error(a, b):
    """Standard error of the mean difference, from the differences of all pairs of questions."""
    d, n = (a - b).tolist(), len(a)
    total = sum((d[i] - d[j]) ** 2 for i in range(n) for j in range(i))
    return sqrt(total / n**2 / (n - 1))


def paired_mistakes(a, b):
    n, gap = len(a), float(a.mean() - b.mean())
    d = a - b
    right = pair_error(a, b)
    apart = sqrt(a.var(ddof=1) / n + b.var(ddof=1) / n)
    absolute = np.abs(d)
    known = {
        "same questions: take differences first": (gap, apart),
        "same questions: take differences first (and n - 1 in the variance)": (
            gap,
            sqrt(a.var() / n + b.var() / n),
        ),
        "that is the spread of one question: the error of a mean is smaller by the root of n": (
            gap,
            right * sqrt(n),
        ),
        "n - 1 in the variance: ddof=1": (gap, right * sqrt((n - 1) / n)),
        "that is the variance: take its root": (gap, right**2),
        "the order of the questions pairs them: do not sort": (
            gap,
            pair_error(np.sort(a), np.sort(b)),
        ),
        "differences have signs": (float(absolute.mean()), pair_error(absolute, 0 * a)),
        "a minus b, not b minus a": (-gap, right),
        "add the variances and subtract twice the covariance: the sign": (
            gap,
            float((a + b).std(ddof=1) / sqrt(n)),
        ),
    }
    pooled = (a.mean() + b.mean()) / 2
    if 0 < pooled < 1:
        known["that is the z-test of two proportions: these are the same questions"] = (
            gap,
            sqrt(2 * pooled * (1 - pooled) / n),
        )
    return known


@pytest.mark.exercise("paired_difference")
class TestPairedDifference:
    @pytest.fixture(autouse=True)
    def the_kit_is_out_of_reach(self, submission):
        with submission.forbidding("firsthand.kit.statistics.paired_bootstrap"):
            yield

    @pytest.mark.visible
    def test_the_four_worked_questions_have_the_printed_error(self, submission):
        compare.close(
            submission.paired_difference(
                np.array([1.0, 1.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0, 0.0])
            ),
            (0.5, 0.288675),
            what="paired_difference of the worked example",
            hint="the differences are 1, 0, 0, 1",
        )

    @pytest.mark.weight(3)
    def test_the_error_follows_the_differences(self, submission, generator):
        rng = numpy_generator(generator)
        for correlation in (-0.9, 0.0, 0.5, 0.9):
            n = int(rng.integers(7, 40))
            shared, own = rng.normal(0, 1, (2, n))
            a = shared + rng.uniform(0.5, 2)
            b = correlation * shared + sqrt(1 - correlation**2) * own
            with compare.unchanged(a=a, b=b):
                got = submission.paired_difference(a, b)
            compare.close(
                got,
                (float(a.mean() - b.mean()), pair_error(a, b)),
                what="paired_difference",
                hint="mean and standard error of the differences a - b",
                known=paired_mistakes(a, b),
            )

    def test_large_scores_keep_the_spread_of_their_differences(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (9, 40):
            b = rng.integers(0, 80, n) / 8
            a = b + 1e9 + rng.integers(-40, 40, n) / 8
            a[:2] += (0.0, 7.0)
            compare.close(
                submission.paired_difference(a, b),
                (float((a - b - 1e9).mean() + 1e9), pair_error(a - 1e9, b)),
                what="paired_difference of scores near a billion",
                hint="the mean of squares minus the square of the mean loses all digits: subtract the mean before you square, in double precision",
                known=paired_mistakes(a, b),
            )

    @pytest.mark.weight(2)
    def test_right_or_wrong_scores_are_paired_too(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (12, 25, 60, 400):
            hard = rng.random(n)
            a = (rng.random(n) < 0.2 + 0.7 * hard).astype(float)
            b = (rng.random(n) < 0.8 * hard).astype(float)
            a[:3], b[:3] = (1, 0, 1), (0, 1, 0)
            compare.close(
                submission.paired_difference(a, b),
                (float(a.mean() - b.mean()), pair_error(a, b)),
                what="paired_difference of scores 0 and 1",
                hint="mean and standard error of the differences a - b",
                known=paired_mistakes(a, b),
            )

    def test_a_constant_difference_has_no_error(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (2, 3, 30):
            b = rng.integers(0, 8, n) / 8
            shift = float(rng.integers(1, 5)) / 4
            compare.close(
                submission.paired_difference(b + shift, b),
                (shift, 0.0),
                what="paired_difference of scores that differ by a constant",
                hint="the differences do not vary",
                known=paired_mistakes(b + shift, b),
            )


def double_loop_error(x, cluster):
    """The clustered standard error from all pairs of rows in one cluster."""
    r, labels, n = (x - x.mean()).tolist(), cluster.tolist(), len(x)
    total = sum(r[i] * r[j] for i in range(n) for j in range(n) if labels[i] == labels[j])
    return sqrt(max(total, 0.0)) / n


def clustered_mistakes(x, cluster):
    n, labels = len(x), sorted(set(cluster.tolist()))
    groups = len(labels)
    means = np.array([x[cluster == label].mean() for label in labels])
    right = double_loop_error(x, cluster)
    residual = x - x.mean()
    starts = np.concatenate([[0], np.nonzero(np.diff(cluster))[0] + 1])
    runs = np.add.reduceat(residual, starts)
    return {
        "sum the residuals of a cluster, do not average them": float(
            sqrt(sum(residual[cluster == label].mean() ** 2 for label in labels)) / n
        ),
        "labels come in any order: rows of one cluster need not be neighbours": float(
            sqrt((runs**2).sum()) / n
        ),
        "rows are not independent: the labels must enter": float(x.std() / sqrt(n)),
        "rows are not independent: the labels must enter (and n, not n - 1)": float(
            x.std(ddof=1) / sqrt(n)
        ),
        "unequal clusters: sum residuals, do not average": float(
            means.std(ddof=1) / sqrt(max(groups, 2)) if groups > 1 else 0
        ),
        "unequal clusters: sum residuals, do not average (nor divide by the number of clusters)": float(
            means.std() / sqrt(groups)
        ),
        "divide by the number of rows, not of clusters": right * n / groups,
        "residuals from the cluster mean remove what you want to measure": 0.0,
        "no small-sample factor: the statement has none": right * sqrt(groups / max(groups - 1, 1)),
        "n, not n - 1": right * n / max(n - 1, 1),
        "no small-sample factor: the statement has none, of any kind": right
        * sqrt(groups / max(groups - 1, 1) * (n - 1) / max(n - 1, 1)),
        "that is the variance: take its root": right**2,
        "the error of the mean, not of the sum": right * n,
    }


def random_clusters(rng, groups):
    """Rows of correlated scores with shuffled labels: clusters of 1 to 6 rows, none alike."""
    sizes = np.concatenate([[1, 6], rng.integers(1, 7, groups - 2)])
    labels = rng.choice(np.arange(-40, 90), groups, replace=False)
    cluster = np.repeat(labels, sizes)
    x = np.repeat(rng.normal(0, 1, groups), sizes) + 0.5 * rng.normal(0, 1, len(cluster))
    place = rng.permutation(len(x))
    return x[place], cluster[place]


@pytest.mark.exercise("clustered_se")
class TestClusteredSe:
    @pytest.mark.visible
    def test_two_clusters_of_two_have_the_printed_error(self, submission):
        compare.close(
            submission.clustered_se(np.array([1.0, 1.0, 0.0, 0.0]), np.array([0, 0, 1, 1])),
            sqrt(2) / 4,
            what="clustered_se of the worked example",
            hint="sum the residuals of each cluster: 1 and -1; n is 4",
        )

    @pytest.mark.weight(3)
    def test_pairs_of_rows_in_one_cluster_are_summed(self, submission, generator):
        rng = numpy_generator(generator)
        for groups in (3, 6, 11):
            x, cluster = random_clusters(rng, groups)
            with compare.unchanged(x=x, cluster=cluster):
                got = submission.clustered_se(x, cluster)
            compare.close(
                got,
                double_loop_error(x, cluster),
                what="clustered_se",
                hint="sum the residuals of each cluster, square the sums, add up, take the root, divide by n",
                known=clustered_mistakes(x, cluster),
            )

    def test_clusters_of_one_row_give_the_ordinary_error(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (2, 9, 40):
            x = rng.normal(3, 2, n)
            labels = rng.permutation(200)[:n]
            compare.close(
                submission.clustered_se(x, labels),
                float(x.std() / sqrt(n)),
                what="clustered_se when every row is its own cluster",
                hint="then it is the standard error with n in the variance",
                known=clustered_mistakes(x, labels),
            )

    def test_any_whole_numbers_are_labels(self, submission, generator):
        rng = numpy_generator(generator)
        names = {
            "negative labels": np.arange(-3, 4),
            "labels above a trillion": 10**12 + rng.permutation(7),
        }
        for what, labels in names.items():
            cluster = rng.permutation(np.repeat(labels, rng.integers(2, 5, 7)))
            x = rng.normal(0, 1, len(cluster)) + labels.searchsorted(
                cluster, sorter=labels.argsort()
            )
            compare.close(
                submission.clustered_se(x, cluster),
                double_loop_error(x, cluster),
                what=f"clustered_se with {what}",
                hint="labels are names: any whole numbers, each a cluster of its own",
                known={
                    "a negative label is a name of its own: as an index it counts from the end": double_loop_error(
                        x, cluster % (int(abs(cluster).max()) + 1)
                    ),
                    "sign and label belong together: -2 and 2 are two clusters": double_loop_error(
                        x, abs(cluster)
                    ),
                    "labels are whole numbers: as 32-bit floats, neighbours above 16,777,216 are equal": double_loop_error(
                        x, cluster.astype(np.float32)
                    ),
                },
            )

    def test_copies_of_a_row_bring_no_information(self, submission, generator):
        rng = numpy_generator(generator)
        for copies in (2, 5, 9):
            x = rng.normal(0, 1, 12)
            expected = double_loop_error(x, np.arange(12))
            compare.close(
                submission.clustered_se(np.tile(x, copies), np.tile(np.arange(12), copies)),
                expected,
                what="clustered_se when every row occurs several times in its cluster",
                hint="copies must not shrink the error",
                known={
                    "rows are not independent: the labels must enter": expected / sqrt(copies),
                },
            )

    def test_one_cluster_leaves_nothing_to_compare(self, submission, generator):
        rng = numpy_generator(generator)
        for n in (1, 4, 20):
            compare.close(
                submission.clustered_se(rng.normal(2, 1, n), np.full(n, int(rng.integers(50)))),
                0.0,
                what="clustered_se with a single cluster",
                hint="residuals of one cluster sum to 0, and so does the formula",
            )


def all_resamples(x, unit):
    """{mean: probability} of every resample of whole units."""
    labels = sorted(set(unit.tolist()))
    rows = [x[unit == label] for label in labels]
    found = {}
    for chosen in product(range(len(rows)), repeat=len(rows)):
        mean = round(float(np.concatenate([rows[i] for i in chosen]).mean()), 9)
        found[mean] = found.get(mean, 0) + 1 / len(rows) ** len(rows)
    return found


def unit_data(rng, units):
    """Rows in units of different sizes, with means all different; labels and order arbitrary."""
    sizes = rng.permutation([1, 3, 5, 2][:units])
    labels = rng.choice(np.arange(-30, 60), units, replace=False)
    unit = np.repeat(labels, sizes)
    x = np.repeat(rng.normal(0, 3, units), sizes) + rng.normal(0, 1, len(unit))
    place = rng.permutation(len(x))
    return x[place], unit[place]


@pytest.mark.exercise("bootstrap_means")
class TestBootstrapMeans:
    @pytest.mark.visible
    def test_one_unit_never_varies(self, submission):
        compare.close(
            submission.bootstrap_means(np.array([0.0, 1.0]), np.array([7, 7]), 3, 0),
            np.array([0.5, 0.5, 0.5]),
            what="bootstrap_means with one unit",
            hint="a unit brings all its rows: the mean is 0.5 in each sample",
        )

    @pytest.mark.weight(3)
    def test_every_resample_of_units_is_as_likely_as_it_should_be(self, submission, generator):
        rng = numpy_generator(generator)
        for units in (3, 2, 4):
            x, unit = unit_data(rng, units)
            seed, wanted = int(rng.integers(2**31)), all_resamples(x, unit)
            with compare.unchanged(x=x, unit=unit):
                got = submission.bootstrap_means(x, unit, 3000, seed)
            compare.shape(got, (3000,), what="bootstrap_means with n_boot = 3000")
            means = np.asarray(got, dtype=float)
            self.must_be_resamples(means, wanted, x, unit)
            places = np.array(sorted(wanted))
            nearest = abs(means[:, None] - places).argmin(axis=1)
            compare.chi_square(
                np.bincount(nearest, minlength=len(places)),
                torch.tensor([wanted[place] for place in places]),
                what="the bootstrap samples of units",
                hint="draw as many units as there are, with replacement, anew for each sample",
            )

    @staticmethod
    def must_be_resamples(means, wanted, x, unit):
        """Fail with the name of the mistake if some mean belongs to no resample of whole units."""
        places = np.array(sorted(wanted))

        def off(values, allowed):
            return bool((abs(values[:, None] - allowed).min(axis=1) > 1e-6).any())

        if np.ptp(means) < 1e-9:
            alike = abs(means[0] - x.mean()) < 1e-9
            compare.fail(
                "bootstrap_means gave 3,000 equal means.",
                hint="all equal: no spread. Draw units with replacement"
                if alike
                else "draw anew for each sample: here one sample is repeated",
                recognised=True,
            )
        if not off(means, places):
            return
        labels = sorted(set(unit.tolist()))
        unit_means = [float(x[unit == label].mean()) for label in labels]
        averages = np.array(
            [np.mean(chosen) for chosen in product(unit_means, repeat=len(unit_means))]
        )
        hint, recognised = (
            "rows of one unit are not independent: draw units, each with all its rows",
            True,
        )
        if not off(means, averages):
            hint = "the mean over all rows drawn: a unit with many rows counts for more"
        elif off(means, np.array([x.min(), x.max()])) and (
            means.min() < x.min() - 1e-9 or means.max() > x.max() + 1e-9
        ):
            hint, recognised = "divide the sum of the rows drawn by their number", True
        compare.fail(
            "bootstrap_means contains means that no resample of whole units has.",
            hint=hint,
            recognised=recognised,
        )

    def test_rows_are_resampled_when_each_is_a_unit(self, submission, generator):
        rng = numpy_generator(generator)
        for rows in (2, 3, 4):
            x, unit = rng.normal(0, 1, rows), rng.permutation(50)[:rows]
            wanted = all_resamples(x, unit)
            got = submission.bootstrap_means(x, unit, 2000, int(rng.integers(2**31)))
            compare.shape(got, (2000,), what="bootstrap_means with n_boot = 2000")
            places = np.array(sorted(wanted))
            nearest = abs(np.asarray(got, dtype=float)[:, None] - places).argmin(axis=1)
            compare.chi_square(
                np.bincount(nearest, minlength=len(places)),
                torch.tensor([wanted[place] for place in places]),
                what="the bootstrap samples when each row is a unit",
                hint="draw as many units as there are, with replacement, anew for each sample",
            )

    def test_a_sample_draws_as_many_units_as_there_are(self, submission, generator):
        # Rows are powers of a base, so that a mean tells how often each unit was drawn.
        rng = numpy_generator(generator)
        for units in (8, 12):
            base, draws = units + 1, 400
            place = rng.permutation(2 * units)
            x = np.tile(float(base) ** np.arange(units), 2)[place]
            unit = np.tile(np.arange(units), 2)[place]
            got = submission.bootstrap_means(x, unit, draws, int(rng.integers(2**31)))
            compare.shape(got, (draws,), what=f"bootstrap_means with n_boot = {draws}")
            sums = np.asarray(got, dtype=float) * units
            whole = np.rint(sums)
            counts = whole[:, None].astype(np.int64) // base ** np.arange(units) % base
            if bool((abs(sums - whole) > 0.1).any() or (counts.sum(axis=1) != units).any()):
                compare.fail(
                    f"some mean of bootstrap_means belongs to no sample of exactly {units} of {units} units.",
                    hint="draw exactly as many units as there are: no random number of them, no random weights",
                    recognised=True,
                )
            times = np.minimum(counts[:, int(rng.integers(units))], 3)
            chance = [comb(units, j) * (units - 1) ** (units - j) / units**units for j in range(3)]
            compare.chi_square(
                np.bincount(times, minlength=4),
                torch.tensor([*chance, 1 - sum(chance)]),
                what=f"how often one of {units} units is drawn",
                hint="draw as many units as there are, with replacement, anew for each sample",
            )

    def test_the_seed_decides_and_global_randomness_is_untouched(self, submission, generator):
        rng = numpy_generator(generator)
        x, unit = rng.normal(0, 1, 60), np.repeat(np.arange(20), 3)
        with compare.untouched_randomness(submission):
            drawn = [
                np.asarray(submission.bootstrap_means(x, unit, 8, seed), dtype=float)
                for seed in (5, 5, 6, 7)
            ]
        compare.close(
            drawn[1],
            drawn[0],
            what="a second call with the same seed",
            hint="all randomness comes from the seed",
        )
        if np.allclose(drawn[0], drawn[2]) or np.allclose(drawn[2], drawn[3]):
            compare.fail(
                "different seeds gave the same bootstrap means.",
                hint="use the seed that you are given",
                recognised=True,
            )
