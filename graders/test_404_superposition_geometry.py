"""Graders of 404, part 3: angles and dimensionality.

Oracles: directions made from drawn gaps, polytopes whose fractions are known, and loops.
"""

import math

import pytest
import torch

from firsthand import compare


def rotation(size, generator):
    """A random orthogonal matrix; half of them mirror."""
    q, r = torch.linalg.qr(torch.randn(size, size, generator=generator, dtype=torch.float64))
    return (q * r.diagonal().sign()).float()


def from_gaps(gaps, lengths, generator):
    """Columns [2 k] whose neighbouring directions have these gaps, turned at random."""
    turn = 360 * torch.rand((), generator=generator, dtype=torch.float64)
    angle = (torch.cumsum(gaps.double(), 0) + turn).deg2rad()
    return (torch.stack([angle.cos(), angle.sin()]) * lengths).float()


def shuffled(columns, generator):
    """The same columns in another order."""
    return columns[:, torch.randperm(columns.shape[1], generator=generator)]


def drawn_gaps(generator, k):
    """K gaps of at least 3 degrees that differ pairwise and sum to 360."""
    parts = torch.rand(k, generator=generator, dtype=torch.float64) + 0.05
    parts = parts + torch.arange(k) * 0.15
    return 360 * parts / parts.sum()


@pytest.mark.exercise("angle_gaps")
class TestAngleGaps:
    @pytest.mark.visible
    def test_the_worked_example_has_gaps_180_90_90(self, submission):
        W = torch.tensor([[1.0, 0.0, -2.0, 0.1], [0.0, 1.0, 0.0, 0.1]])
        compare.close(submission.angle_gaps(W), torch.tensor([180.0, 90.0, 90.0]), atol=1e-2,
                      what="angle_gaps", hint="three represented features, three gaps")  # fmt: skip

    @pytest.mark.weight(3)
    def test_gaps_are_those_the_columns_were_made_from(self, submission, generator):
        for k, short in ((5, 2), (3, 0), (2, 1), (6, 3), (4, 1)):
            gaps = drawn_gaps(generator, k)
            lengths = 0.6 + torch.rand(k, generator=generator, dtype=torch.float64)
            tiny = 0.45 * torch.rand(short, generator=generator, dtype=torch.float64)
            other = from_gaps(drawn_gaps(generator, short), tiny, generator) if short else None
            long = from_gaps(gaps, lengths, generator)
            W = shuffled(torch.cat([long, other], 1) if short else long, generator)
            expected = gaps.sort(descending=True).values.float()
            with compare.unchanged(W=W):
                got = submission.angle_gaps(W)
            compare.close(got, expected, rtol=1e-4, atol=2e-2, known=self.mistakes(W, long, gaps),
                          what=f"angle_gaps of {k} represented and {short} other columns",
                          hint="neighbours around the circle: sort the directions")  # fmt: skip

    @staticmethod
    def mistakes(W, long, gaps):
        """What known mistakes would return."""
        descending = gaps.sort(descending=True).values.float()
        angle = torch.atan2(long[1], long[0]).rad2deg().sort().values
        every = torch.atan2(W[1], W[0]).rad2deg().sort().values
        every = torch.cat([every.diff(), every[:1] + 360 - every[-1:]])
        return {
            "the circle closes: one gap is missing, from the last direction to the first":
                angle.diff().sort(descending=True).values,
            "in degrees, not in radians": descending.deg2rad(),
            "largest first": descending.flip(0),
            "largest first: your gaps are in the order of the directions":
                torch.cat([angle.diff(), angle[:1] + 360 - angle[-1:]]),
            "a gap may be larger than 180 degrees: do not fold it":
                torch.minimum(descending, 360 - descending).sort(descending=True).values,
            "features that are not represented have no direction that counts":
                every.sort(descending=True).values,
            "lines are not rays: a column and its opposite have different directions":
                torch.cat([(h := (angle % 180).sort().values).diff(), h[:1] + 180 - h[-1:]])
                .sort(descending=True).values,
        }  # fmt: skip

    def test_the_threshold_decides_who_is_represented(self, submission, generator):
        for threshold in (0.2, 0.9, 1.4):
            gaps = drawn_gaps(generator, 4)
            room = 0.1 + torch.rand(4, generator=generator, dtype=torch.float64)
            below = drawn_gaps(generator, 3)
            shorter = threshold * (0.55 + 0.4 * torch.rand(3, generator=generator))
            W = torch.cat([from_gaps(gaps, threshold + room, generator),
                           from_gaps(below, shorter, generator)], 1)  # fmt: skip
            hint = "represented: a norm above `threshold`"
            for got in (submission.angle_gaps(W, threshold),
                        submission.angle_gaps(W, threshold=threshold)):  # fmt: skip
                compare.close(got, gaps.sort(descending=True).values.float(), atol=2e-2,
                              what=f"angle_gaps with threshold {threshold}", hint=hint)  # fmt: skip

    def test_a_column_as_long_as_the_threshold_is_not_represented(self, submission):
        for threshold in (0.5, 1.0, 0.25):
            W = threshold * torch.tensor([[2.0, 0.0, -1.0, 0.0], [0.0, 2.0, 0.0, -1.0]])
            compare.close(submission.angle_gaps(W, threshold), torch.tensor([270.0, 90.0]),
                          atol=1e-2, what="angle_gaps with two columns as long as the threshold",
                          hint="represented: a norm *above* `threshold`")  # fmt: skip

    def test_one_feature_has_a_gap_of_360_and_none_has_no_gap(self, submission, generator):
        for _ in range(3):
            W = 0.3 * rotation(2, generator)
            got = submission.angle_gaps(W)
            compare.shape(got, (0,), what="angle_gaps without a represented feature",
                          hint="no represented feature, no gap: a tensor of shape [0]")  # fmt: skip
            W[:, 1] *= 4
            compare.close(submission.angle_gaps(W), torch.tensor([360.0]), atol=1e-2,
                          what="angle_gaps of one represented feature",
                          hint="once around the circle, back to itself")  # fmt: skip

    def test_features_with_one_direction_have_a_gap_of_0(self, submission, generator):
        for _ in range(3):
            gaps = drawn_gaps(generator, 3)
            gaps = torch.cat([gaps[:2], torch.zeros(1), gaps[2:]])
            W = shuffled(from_gaps(gaps, torch.ones(4), generator), generator)
            compare.close(submission.angle_gaps(W), gaps.sort(descending=True).values.float(),
                          atol=5e-2, what="angle_gaps with two equal directions",
                          hint="each represented feature has one gap, also if it is 0")  # fmt: skip

    def test_directions_near_180_degrees_are_neighbours(self, submission, generator):
        for _ in range(3):
            tilt = 0.02 + 0.05 * torch.rand((), generator=generator)
            W = torch.tensor([[-1.0, -1.0, 1.0], [tilt, -tilt, 0.0]])
            small = math.degrees(2 * math.atan(tilt))
            expected = torch.tensor([180 - small / 2, 180 - small / 2, small])
            compare.close(submission.angle_gaps(W), expected, atol=2e-2,
                          what="angle_gaps of directions on both sides of 180 degrees",
                          hint="atan2 jumps from 180 to -180 there")  # fmt: skip


def regular(n):
    """A regular polygon [2 n]."""
    angle = 2 * math.pi * torch.arange(n) / n
    return torch.stack([angle.cos(), angle.sin()])


def antiprism():
    """The square antiprism [3 8] whose columns weigh all directions alike."""
    ring = torch.arange(8) * math.pi / 4
    height = torch.tensor([1.0, -1.0]).repeat(4) / 3**0.5
    return torch.stack([(2 / 3) ** 0.5 * ring.cos(), (2 / 3) ** 0.5 * ring.sin(), height])


TETRAHEDRON = torch.tensor([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]) / 3**0.5
SHAPES = {  # columns and the fraction of a dimension that each has
    "a dedicated dimension": (torch.ones(1, 1), 1.0),
    "an antipodal pair": (torch.tensor([[1.0, -1.0]]), 1 / 2),
    "a triangle": (regular(3), 2 / 3),
    "a pentagon": (regular(5), 2 / 5),
    "a tetrahedron": (TETRAHEDRON, 3 / 4),
    "a square antiprism": (antiprism(), 3 / 8),
}


def by_loops(W, *, unit_other=False, skip_self=False, power=2, top=2, plain=False):
    """Dimensionality by loops in float64; the switches are known mistakes."""
    rows = []
    for matrix in W.double():
        n, values = matrix.shape[1], []
        for i in range(n):
            norm = matrix[:, i].norm()
            if norm == 0:
                values.append(0.0)
                continue
            total = 0.0
            for j in range(n):
                if skip_self and j == i:
                    continue
                other = matrix[:, j] / matrix[:, j].norm() if unit_other else matrix[:, j]
                mine = matrix[:, i] if plain else matrix[:, i] / norm
                total += float((mine @ other).abs() ** power)
            values.append(float(norm**top) / total if total else 0.0)
        rows.append(values)
    return torch.tensor(rows)


@pytest.mark.exercise("feature_dimensionality")
class TestFeatureDimensionality:
    @pytest.mark.visible
    def test_a_pair_has_halves_and_a_dedicated_feature_has_1(self, submission):
        W = torch.tensor([[[2.0, -2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]]])
        compare.close(submission.feature_dimensionality(W), torch.tensor([[0.5, 0.5, 1.0, 0.0]]),
                      atol=1e-4, what="feature_dimensionality",
                      hint="4 / (4 + 4) twice, 9 / 9, and 0 for the zeros")  # fmt: skip

    @pytest.mark.visible
    def test_a_pentagon_has_two_fifths(self, submission):
        angle = 2 * math.pi * torch.arange(5) / 5
        W = 1.1 * torch.stack([angle.cos(), angle.sin()])[None]
        compare.close(submission.feature_dimensionality(W), torch.full((1, 5), 0.4), atol=1e-4,
                      what="feature_dimensionality of a pentagon",
                      hint="the sum over j of cos^2(72 j) is 5/2")  # fmt: skip

    @pytest.mark.weight(2)
    def test_polytopes_in_separate_subspaces_have_their_fractions(self, submission, generator):
        names = list(SHAPES)
        for _ in range(4):
            chosen = [names[i] for i in torch.randperm(6, generator=generator)[:3]]
            scales = 0.5 + torch.rand(3, generator=generator)
            W = torch.block_diag(*(s * SHAPES[n][0] for s, n in zip(scales, chosen, strict=True)))
            D = torch.cat([torch.full((SHAPES[n][0].shape[1],), SHAPES[n][1]) for n in chosen])
            order = torch.randperm(len(D), generator=generator)
            W = (rotation(len(W), generator) @ W)[:, order]
            with compare.unchanged(W=W):
                got = submission.feature_dimensionality(W[None])
            compare.close(got, D[None, order], atol=1e-4, known=self.mistakes(W[None]),
                          what="feature_dimensionality of " + ", ".join(chosen),
                          hint="squared norm over the sum of squared projections")  # fmt: skip

    @staticmethod
    def mistakes(W):
        """What known mistakes would return."""
        flipped = W.transpose(1, 2)
        return {
            "only W_i is made a unit vector: W_j keeps its length": by_loops(W, unit_other=True),
            "the feature itself is in the sum: j = i too": by_loops(W, skip_self=True),
            "the numerator is the *squared* norm": by_loops(W, top=1),
            "the projections are squared": by_loops(W, power=1),
            "project onto the *unit* vector of W_i": by_loops(W, plain=True),
            "that is the mean over all features: D has one value for each":
                (W.shape[1] / W.square().sum((1, 2)))[:, None].expand(len(W), W.shape[2]),
            "features are the columns of W, its last axis": by_loops(flipped),
        }  # fmt: skip

    @pytest.mark.weight(2)
    def test_uneven_columns_follow_the_loop(self, submission, generator):
        for instances, m, n in ((2, 3, 5), (3, 4, 7), (1, 5, 3), (4, 1, 2)):
            lengths = 0.2 + 1.5 * torch.rand(instances, 1, n, generator=generator)
            W = torch.randn(instances, m, n, generator=generator) * lengths
            compare.close(submission.feature_dimensionality(W), by_loops(W), rtol=1e-3, atol=1e-5,
                          what="feature_dimensionality", known=self.mistakes(W),
                          hint="squared norm over the sum of squared projections, for each "
                          "instance")  # fmt: skip

    def test_a_column_of_zeros_has_0_and_disturbs_nobody(self, submission, generator):
        for place in (0, 2, 4):
            W = torch.randn(2, 3, 5, generator=generator)
            without = [i for i in range(5) if i != place]
            W[1, :, place] = 0
            got = submission.feature_dimensionality(W)
            if bool(got.isnan().any()):
                compare.fail("feature_dimensionality has entries that are nan.", recognised=True,
                             hint="what happens when the denominator is zero?")  # fmt: skip
            compare.close(
                got[1, place],
                torch.tensor(0.0),
                what="D of a column of zeros",
                hint="a feature that is not there has no dimension: 0",
            )
            compare.close(got[1, without], by_loops(W[1:, :, without])[0], rtol=1e-3,
                          what="D of the other columns",
                          hint="a column of zeros adds nothing to the sums of others")  # fmt: skip
        zeros = submission.feature_dimensionality(torch.zeros(1, 2, 3))
        compare.close(zeros, torch.zeros(1, 3), what="D when all columns are 0",
                      hint="what happens when the denominator is zero?")  # fmt: skip

    def test_scaling_and_turning_change_nothing(self, submission, generator):
        for scale in (0.01, 30.0, 1.0):
            W = torch.randn(2, 4, 6, generator=generator)
            turned = scale * rotation(4, generator) @ W
            compare.close(submission.feature_dimensionality(turned), by_loops(W), rtol=1e-3,
                          what=f"feature_dimensionality of a turned W, scaled by {scale},",
                          hint="D depends on neither scale nor rotation",
                          known=self.mistakes(turned))  # fmt: skip
