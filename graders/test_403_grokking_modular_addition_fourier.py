"""Graders of 403, part 1: rows and split, the Fourier basis, shares of an embedding's power.

Oracles: loops over pairs, cosines and sines one at a time, and embeddings with planted waves.
"""

import itertools
import math

import pytest
import torch

from firsthand import compare

PRIMES = (5, 7, 11, 13, 17, 19, 23)


def drawn(generator, low, high):
    """An integer from low to high - 1."""
    return int(torch.randint(low, high, (), generator=generator))


def split_of(submission, p, frac, seed):
    """The submission's four tensors, with a generator made on its side."""
    source = submission.public("firsthand.kit.rng:generator")(seed)
    result = submission.modadd_split(p, frac, source)
    if not isinstance(result, (tuple, list)) or len(result) != 4:
        compare.fail(
            "modadd_split did not return four tensors: tokens, labels, train and test.",
            hint="does every path of your code return all four, in this order?",
        )
    for name, tensor in zip(("tokens", "labels", "train", "test"), result, strict=True):
        if not isinstance(tensor, torch.Tensor) or tensor.dtype != torch.int64:
            compare.fail(
                f"`{name}` of modadd_split is not a tensor of int64.",
                hint="torch.arange and torch.randperm give int64",
            )
    return result


@pytest.mark.exercise("modadd_split")
class TestModaddSplit:
    @pytest.mark.visible
    def test_the_worked_example_has_nine_rows_and_four_of_them_to_train_on(self, submission):
        tokens, labels, train, test = split_of(submission, 3, 0.5, 0)
        hint = "row a * p + b is (a, b, p), and its label (a + b) % p"
        compare.equal(tokens[5], torch.tensor([1, 2, 3]), what="tokens[5]", hint=hint)
        compare.equal(labels, torch.tensor([0, 1, 2, 1, 2, 0, 2, 0, 1]), what="labels", hint=hint)
        compare.shape(train, (4,), what="train", hint="int(frac * p * p) rows, rounded down")
        compare.shape(test, (5,), what="test", hint="all rows that are not in train")

    def test_rows_are_all_pairs_with_a_slow_and_end_in_the_token_p(self, submission, generator):
        for _ in range(3):
            p = PRIMES[drawn(generator, 0, len(PRIMES))]
            rows = torch.tensor([[a, b, p] for a in range(p) for b in range(p)])
            upper = torch.tensor([[a, b, p] for a in range(p) for b in range(a, p)])
            ends = rows.clone()
            ends[:, 2] = 0
            known = {
                "a is the slow number: row a * p + b": rows[:, [1, 0, 2]],
                "token p is '=': 0 is a number": ends,
                "(a, b) and (b, a) are both rows": upper,
            }
            tokens = split_of(submission, p, 0.4, drawn(generator, 0, 999))[0]
            compare.equal(
                tokens, rows, what="tokens", hint="row a * p + b is (a, b, p)", known=known
            )

    def test_labels_are_sums_modulo_p(self, submission, generator):
        for _ in range(3):
            p = PRIMES[drawn(generator, 0, len(PRIMES))]
            pairs = [(a, b) for a in range(p) for b in range(p)]
            known = {
                "the task is addition": torch.tensor([a * b % p for a, b in pairs]),
                "reduce modulo p": torch.tensor([a + b for a, b in pairs]),
                "a plus b, not minus": torch.tensor([(a - b) % p for a, b in pairs]),
            }
            labels = split_of(submission, p, 0.4, drawn(generator, 0, 999))[1]
            expected = torch.tensor([(a + b) % p for a, b in pairs])
            compare.equal(labels, expected, what="labels", hint="(a + b) % p", known=known)

    @pytest.mark.weight(2)
    def test_train_and_test_part_the_rows_and_train_has_the_stated_size(
        self, submission, generator
    ):
        for p, frac in ((7, 0.31), (11, 0.4), (13, 0.755), (5, 0.0), (5, 1.0), (2, 0.5)):
            _, _, train, test = split_of(submission, p, frac, drawn(generator, 0, 999))
            size = int(frac * p * p)
            if len(train) == round(frac * p * p) != size:
                compare.fail(
                    "train has one row too many.",
                    recognised=True,
                    hint="round down: int(frac * p * p)",
                )
            compare.shape(train, (size,), what="train", hint="int(frac * p * p) rows")
            together = torch.cat([train, test]).sort().values
            compare.equal(
                together,
                torch.arange(p * p),
                what="the numbers in train and test together",
                hint="disjoint and complete: every row is in exactly one of the two, once",
            )

    @pytest.mark.weight(2)
    def test_the_split_is_by_random_pairs(self, submission, generator):
        p, counts, both = 5, torch.zeros(25), torch.zeros(25)
        for _ in range(200):
            train = split_of(submission, p, 0.4, drawn(generator, 0, 2**31 - 1))[2]
            counts[train] += 1
            if 0 in train.tolist():
                both[train] += 1
        hint = "shuffle the row numbers: random pairs, not rows in a block or all pairs of some a"
        compare.chi_square(counts, torch.full((25,), 1 / 25), what="the training rows", hint=hint)
        # Given that row 0 is drawn (about 80 times), each of the others has chance 9 / 24.
        share = both[1:] / both[0].clamp(min=1)
        compare.between(
            float(share.max()),
            0.375,
            0.375 + 0.33,
            hint=hint,
            what="how often another row comes together with row 0, at most",
        )
        compare.between(
            float(share.min()),
            0.375 - 0.33,
            0.375,
            hint=hint,
            what="how often another row comes together with row 0, at least",
        )

    @pytest.mark.weight(2)
    def test_every_subset_of_the_rows_is_equally_likely(self, submission, generator):
        def draw(p, frac, size):
            """The training rows of a new seed, in order; they are different rows."""
            train = split_of(submission, p, frac, drawn(generator, 0, 2**31 - 1))[2]
            compare.shape(train, (size,), what="train", hint="int(frac * p * p) rows")
            rows = tuple(sorted(train.tolist()))
            if not set(rows) <= set(range(p * p)) or len(set(rows)) < size:
                compare.fail(
                    "train holds a row twice, or a number that is no row.",
                    hint="different rows, numbered from 0 to p * p - 1",
                )
            return rows

        subsets = list(itertools.combinations(range(9), 3))
        counts = torch.zeros(len(subsets))
        for _ in range(150):
            counts[subsets.index(draw(3, 0.34, 3))] += 1
        p, answers = 5, torch.arange(5).repeat_interleave(5) + torch.arange(5).repeat(5)
        trains = [draw(p, 0.4, 10) for _ in range(60)]
        rows, spread = torch.tensor(trains), {}
        for name, group in (
            ("answer (a + b) % p", answers % p),
            ("first number a", torch.arange(25) // p),
            ("second number b", torch.arange(25) % p),
            ("difference (a - b) % p", (torch.arange(25) // p - torch.arange(25) % p) % p),
        ):
            # 10 of 25 rows: squares of the five counts, minus 2 each, add up to 5 on average,
            # with a standard error of 0.41 over 60 draws
            count = torch.nn.functional.one_hot(group[rows], p).sum(1).double()
            spread[name] = float(count.sub(2).pow(2).sum(1).mean())
        for name, mean in spread.items():
            if mean > 10:
                compare.fail(
                    f"rows with the same {name} come into train together.",
                    hint="shuffle the row numbers: random pairs, not rows in a block or all pairs "
                    "of some a",
                    recognised=True,
                )
        if len(set(trains)) < 55:  # of 3 268 760 subsets
            compare.fail(
                "many seeds gave the same training rows: most subsets never occur.",
                hint="shuffle all row numbers anew with `generator`: a turn of one fixed order "
                "gives too few subsets",
                recognised=True,
            )
        for name, mean in spread.items():
            if mean < 2:
                compare.fail(
                    f"each {name} has nearly the same number of training rows in every draw.",
                    hint="no balancing: every subset is equally likely, so the number of training "
                    "rows of an answer varies from draw to draw",
                    recognised=True,
                )
        compare.chi_square(
            counts,
            torch.full((84,), 1 / 84),
            significance=1e-9,
            what="the subsets of 3 rows of 9",
            hint="every subset is equally likely: one shuffle of all row numbers, then a cut",
        )

    def test_the_seed_decides_and_nothing_else(self, submission, seed):
        hint = "draw from `generator`; the same seed must give the same split"
        with compare.untouched_randomness(submission, hint=hint):
            first = split_of(submission, 11, 0.4, seed % 1000)[2]
        again = split_of(submission, 11, 0.4, seed % 1000)[2]
        other = split_of(submission, 11, 0.4, seed % 1000 + 1)[2]
        compare.equal(again, first, what="train of an equal call", hint=hint)
        if torch.equal(other.sort().values, first.sort().values):
            compare.fail("two different seeds gave the same split.", hint=hint)


def basis_by_loop(p, scale=None):
    """The rows, one function value at a time."""
    scale = math.sqrt(2 / p) if scale is None else scale
    rows = [[1 / math.sqrt(p)] * p]
    for k in range(1, (p - 1) // 2 + 1):
        rows.append([scale * math.cos(2 * math.pi * (k * x % p) / p) for x in range(p)])
        rows.append([scale * math.sin(2 * math.pi * (k * x % p) / p) for x in range(p)])
    return torch.tensor(rows, dtype=torch.float64)


@pytest.mark.exercise("fourier_basis")
class TestFourierBasis:
    @pytest.mark.visible
    def test_the_worked_example_has_three_rows(self, submission):
        expected = torch.tensor(
            [[0.57735, 0.57735, 0.57735], [0.81650, -0.40825, -0.40825], [0.0, 0.70711, -0.70711]]
        )
        basis = submission.fourier_basis(3)
        compare.shape(basis, (3, 3), what="fourier_basis(3)", hint="a constant, a cosine, a sine")
        compare.close(
            basis.float(),
            expected,
            atol=1e-4,
            what="fourier_basis(3)",
            hint="constant, cos and sin of w = 2 pi k / p, each of length 1",
        )

    @pytest.mark.weight(2)
    def test_rows_are_constant_then_cosine_and_sine_of_each_frequency(self, submission, generator):
        for p in (3, 9, 15, PRIMES[drawn(generator, 2, 7)]):
            expected = basis_by_loop(p)
            blocks = torch.cat([expected[:1], expected[1::2], expected[2::2]])
            swapped = expected.clone()
            swapped[1::2], swapped[2::2] = expected[2::2], expected[1::2]
            known = {
                "rows need length 1: times the square root of 2 / p": basis_by_loop(p, 1.0),
                "the cosine and the sine of a frequency stand side by side": blocks,
                "the cosine comes before the sine": swapped,
                "rows are basis functions, columns are x": expected.T,
            }
            compare.close(
                submission.fourier_basis(p).double(),
                expected,
                what="fourier_basis of an odd p",
                hint="w = 2 pi k / p for k = 1 to (p-1)/2, each row of length 1",
                known=known,
            )

    def test_rows_are_orthonormal_in_float64(self, submission, generator):
        for p in (53, 113, 2 * drawn(generator, 20, 60) + 1):
            basis = submission.fourier_basis(p)
            compare.shape(
                basis,
                (p, p),
                what="fourier_basis",
                hint="p rows: a constant and (p-1)/2 pairs, the rest are copies",
            )
            if basis.dtype != torch.float64:
                compare.fail(
                    f"fourier_basis came back as {basis.dtype}; torch.float64 is expected.",
                    hint="differences below 1e-7 vanish in float32",
                    recognised=True,
                )
            compare.close(
                basis @ basis.T,
                torch.eye(p, dtype=torch.float64),
                rtol=0,
                atol=1e-11,
                what="the table of products of the rows",
                hint="compute the angles in float64, and the root of 2 / p too: float32 spoils "
                "the products at 1e-7",
            )

    def test_even_p_and_p_below_3_are_refused(self, submission, generator):
        for p in (2 * drawn(generator, 2, 40), 2, 1, 0, -5):
            try:
                submission.fourier_basis(p)
            except ValueError:
                continue
            compare.fail(
                f"fourier_basis({p}) raised no ValueError.",
                recognised=True,
                hint="refuse p below 3 and even p: there the last cosine has no sine",
            )


def shares_by_loop(embedding, *, power=2, constant=False):
    """Shares by one inner product per column and wave; the switches are known mistakes."""
    p, d = embedding.shape
    basis, found = basis_by_loop(p), []
    for k in range(1, (p - 1) // 2 + 1):
        total = 0.0
        for column in range(d):
            for row in (2 * k - 1, 2 * k):
                total += abs(float(basis[row] @ embedding[:, column].double())) ** power
        found.append(total)
    rest = float((basis[0] @ embedding.double()).abs().pow(power).sum()) if constant else 0.0
    return torch.tensor(found, dtype=torch.float64) / (sum(found) + rest)


def planted_embedding(generator, p, d, freqs, noise=0.0):
    """Random mixtures of the waves of `freqs`, a constant, and noise: [p d]."""
    basis = basis_by_loop(p)
    mixed = torch.zeros(p, d, dtype=torch.float64)
    for k in freqs:
        mixed += basis[2 * k - 1 : 2 * k + 1].T @ torch.randn(
            2, d, generator=generator, dtype=torch.float64
        )
    mixed += torch.randn(1, d, generator=generator, dtype=torch.float64)
    return mixed + noise * torch.randn(p, d, generator=generator, dtype=torch.float64)


SHARES = "add the squares of cosine and sine over all columns; divide by the total of frequencies"


@pytest.mark.exercise("frequency_shares")
class TestFrequencyShares:
    @pytest.mark.visible
    def test_one_hot_columns_have_equal_shares(self, submission):
        shares = submission.frequency_shares(torch.eye(5)[:, :2])
        compare.shape(shares, (2,), what="frequency_shares", hint="one for each of 2 frequencies")
        compare.close(
            shares.float(), torch.tensor([0.5, 0.5]), what="frequency_shares", hint=SHARES
        )

    @pytest.mark.weight(2)
    def test_shares_are_squared_coefficients_pooled_over_cosine_and_sine(
        self, submission, generator
    ):
        for dtype in (torch.float32, torch.float64, torch.float32):
            p = PRIMES[drawn(generator, 0, 5)]
            embedding = torch.randn(p, 4 + drawn(generator, 0, 3), generator=generator).to(dtype)
            embedding += 2 * torch.rand(1, embedding.shape[1], generator=generator).to(dtype) + 1
            coefficients = basis_by_loop(p) @ embedding.double()
            apart = coefficients[1:].pow(2).sum(1)
            known = {
                "the constant is no frequency: leave it out of the total":
                    shares_by_loop(embedding, constant=True),
                "power is the *squared* coefficient": shares_by_loop(embedding, power=1),
                "a frequency is a pair: cosine and sine together": apart / apart.sum(),
                "add the squares, then divide: no root": shares_by_loop(embedding).sqrt()
                    / shares_by_loop(embedding).sqrt().sum(),
            }  # fmt: skip
            with compare.unchanged(W_E=embedding):
                got = submission.frequency_shares(embedding)
            compare.close(
                got.double(),
                shares_by_loop(embedding),
                rtol=1e-3,
                atol=1e-5,
                what="frequency_shares",
                hint=SHARES,
                known=known,
            )

    @pytest.mark.weight(2)
    def test_planted_frequencies_are_found_for_any_prime(self, submission, generator):
        for _ in range(4):
            p = (11, 13, 17, 19, 23, 29, 31)[drawn(generator, 0, 7)]
            freqs = sorted((torch.randperm((p - 1) // 2, generator=generator)[:3] + 1).tolist())
            embedding = planted_embedding(generator, p, 24, freqs, noise=0.02)
            shares = submission.frequency_shares(embedding)
            compare.shape(
                shares,
                ((p - 1) // 2,),
                what="frequency_shares",
                hint="one entry for each frequency from 1 to (p-1)/2",
            )
            found = sorted((shares.topk(3).indices + 1).tolist())
            if found != freqs:
                compare.fail(
                    "the three largest shares do not belong to the three planted frequencies.",
                    hint="entry k - 1 belongs to frequency k, with k turns around the circle",
                )

    def test_turning_a_wave_and_the_columns_changes_no_share(self, submission, generator):
        for _ in range(3):
            p = PRIMES[drawn(generator, 1, 6)]
            embedding = torch.randn(p, 7, generator=generator, dtype=torch.float64)
            turn, _ = torch.linalg.qr(torch.randn(7, 7, generator=generator, dtype=torch.float64))
            moved = submission.frequency_shares(5 * embedding.roll(2, dims=0) @ turn)
            compare.close(
                moved,
                shares_by_loop(embedding),
                rtol=0,
                atol=1e-6,  # any float dtype may come back
                what="the shares after a shift and a rotation",
                hint="a shift moves power between the cosine and the sine only",
            )

    def test_an_embedding_without_power_gets_zeros(self, submission, generator):
        for p, d in ((5, 3), (11, 1), (7, 64)):
            same = torch.randn(1, d, generator=generator).expand(p, d)
            for embedding in (torch.zeros(p, d), torch.ones(p, d), same.contiguous()):
                got = submission.frequency_shares(embedding)
                compare.close(
                    got.double(),
                    torch.zeros((p - 1) // 2).double(),
                    atol=1e-6,
                    what="frequency_shares of an embedding equal for all numbers",
                    hint="what happens when the total is zero, or only rounding?",
                )

    @pytest.mark.weight(2)
    def test_small_waves_on_a_large_constant_count(self, submission, generator):
        none = "only power of at most 1e-20 of the sum of squares of W_E counts as none"
        for size, hint in (
            (1e-5, "convert W_E to float64 before anything else: small waves drown in float32"),
            (1e-6, none),
            (1e-8, none),
            (1e-9, none),
        ):
            p, d = PRIMES[drawn(generator, 0, 4)], 2 + drawn(generator, 0, 3)
            small = torch.randn(p, d, generator=generator, dtype=torch.float64)
            level = 1 + torch.rand(1, d, generator=generator, dtype=torch.float64)
            embedding = level + size * (small - small.mean(0))
            compare.close(
                submission.frequency_shares(embedding).double(),
                shares_by_loop(small),
                rtol=0,
                atol=1e-6 if size == 1e-5 else 1e-5,
                what="frequency_shares of small waves on a large constant",
                hint=hint,
                known={none: torch.zeros((p - 1) // 2, dtype=torch.float64)},
            )

    def test_the_limit_of_rounding_is_a_share_of_the_embedding(self, submission, generator):
        for scale in (1e-9, 1.0, 1e6):
            p, d = PRIMES[drawn(generator, 0, 4)], 2 + drawn(generator, 0, 3)
            small = torch.randn(p, d, generator=generator, dtype=torch.float64)
            small = small - small.mean(0)
            level = 1 + torch.rand(1, d, generator=generator, dtype=torch.float64)
            unit = (p * level.pow(2).sum() / small.pow(2).sum()).sqrt() * 1e-10
            for part, expected in (
                (1.6, shares_by_loop(small)),
                (0.6, torch.zeros((p - 1) // 2, dtype=torch.float64)),
            ):
                embedding = scale * (level + part**0.5 * unit * small)
                compare.close(
                    submission.frequency_shares(embedding).double(),
                    expected,
                    rtol=0,
                    atol=1e-4,
                    what="frequency_shares near the limit of rounding",
                    hint="none is: at most 1e-20 of the sum of squares of all entries of W_E",
                )
