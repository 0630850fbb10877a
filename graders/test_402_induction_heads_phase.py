"""Graders of 402, part 3: the rule that finds a phase change, or says that there is none.

Oracle: the definition by loops over every pair of points, on curves with a drawn rise.
"""

import math

import pytest
import torch

from firsthand import compare


def smoothed_by_loop(values, smooth, *, centred=True):
    """Moving average over the points of the window that exist."""
    half = smooth // 2
    out = []
    for i in range(len(values)):
        window = range(i - half, i + half + 1) if centred else range(i - smooth + 1, i + 1)
        inside = [values[j] for j in window if 0 <= j < len(values)]
        out.append(math.fsum(inside) / len(inside))
    return out


def largest_rise(s):
    """(gain, first, last) of the largest stretch without a fall, by trying every pair."""
    best = (0.0, 0, 0)
    for a in range(len(s)):
        for b in range(a + 1, len(s)):
            if s[b] < s[b - 1]:
                break
            if s[b] - s[a] > best[0]:
                best = (s[b] - s[a], a, b)
    return best


def window_by_loop(values, smooth, *, centred=True, absolute=False, extremes=False, slack=0.0):
    """The 10 to 90 % window, as the statement defines it; the switches are known mistakes.

    slack: moves both marks by this share of the gain.
    """
    s = smoothed_by_loop(values, smooth, centred=centred)
    gain, first, last = largest_rise(s)
    if extremes:
        first, last = s.index(min(s)), s.index(max(s))
        gain = s[last] - s[first]
    floor, size = (0.0, 1.0) if absolute else (s[first], gain)
    marks = []
    for share in (0.1, 0.9):
        mark = (share + slack) * size
        over = [i for i in range(first, last + 1) if s[i] - floor >= mark]
        marks.append(over[0] if over else last)
    return tuple(marks)


def gain_over_noise(curve, smooth):
    """The gain of the largest rise in units of the noise."""
    gain = largest_rise(smoothed_by_loop(curve.tolist(), smooth))[0]
    return gain / (float(curve.diff().std(correction=0)) / 2**0.5)


def sigmoid_curve(generator, *, length, noise):
    """A rise from one random level to a higher one at a random place and speed; a list."""
    draw = torch.rand(4, generator=generator).tolist()
    middle, width = (0.35 + 0.3 * draw[0]) * length, 1.5 + 2.5 * draw[1]
    low, high = -1 + 2 * draw[2], 2 + 3 * draw[3]
    x = torch.arange(length, dtype=torch.float64)
    curve = low + (high - low) * torch.sigmoid((x - middle) / width)
    return (curve + noise * torch.randn(length, generator=generator).double()).tolist()


NOISE = (
    "noise = sd of the first differences of the raw curve, over sqrt(2); return None only when "
    "the gain is below 3 times that"
)


def is_window(got, low, high, *, what, hint, known=None):
    """The two indices lie between the windows `low` and `high`; a known mistake is named.

    The two differ only where the curve passes within 0.1 % of a mark, which rounding may decide.
    """
    if got is None:
        compare.fail(f"{what} came back as None; two indices are expected.", hint=NOISE)
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        compare.fail(f"{what} came back as {got!r}; two indices are expected.", hint=hint)
    if any(int(g) != g or not a <= g <= b for g, a, b in zip(got, low, high, strict=True)):
        for mistake, value in (known or {}).items():
            if tuple(got) == tuple(value):
                compare.fail(f"{what} is not the window.", hint=mistake, recognised=True)
        compare.fail(f"{what} is not the window.", hint=hint)


def marks(values, smooth):
    """The two windows between which an answer must lie, as arguments of `is_window`."""
    return {
        "low": window_by_loop(values, smooth, slack=-1e-3),
        "high": window_by_loop(values, smooth, slack=1e-3),
    }


@pytest.mark.exercise("phase_change")
class TestPhaseChange:
    @pytest.mark.visible
    def test_the_worked_example_changes_from_3_to_5(self, submission):
        curve = torch.tensor([0.0, 0.0, 0.0, 0.2, 0.5, 0.95, 1.0, 1.0])
        window = submission.phase_change(curve, 1)
        hint = "10 % and 90 % of the rise"
        is_window(window, (3, 5), (3, 5), what="phase_change", hint=hint)

    @pytest.mark.visible
    def test_smoothed_noise_has_no_phase_change(self, submission):
        noise = torch.tensor([0.4, -0.3, -1.1, 0.1, 0.1, 1.1, 0.4, -0.4, -0.3, -0.5, 0.2])
        window = submission.phase_change(noise, 3)
        if window is not None:
            compare.fail(
                f"phase_change of eleven noisy points with smooth = 3 came back as {window!r}; "
                "None is expected.",
                hint="smooth first; return None if the rise is within the noise: not above 3 sd",
            )

    @pytest.mark.weight(2)
    def test_smooth_rises_between_any_levels_are_found(self, submission, generator):
        for _ in range(4):
            values = sigmoid_curve(generator, length=61, noise=0.0)
            for smooth in (1, 5):
                known = {
                    "smooth first, by a centred moving average":
                        window_by_loop(values, 1 if smooth > 1 else 5),
                    "10 % and 90 % of *this* rise, not of 0 to 1":
                        window_by_loop(values, smooth, absolute=True),
                    "use a centred window: yours shifts the curve":
                        window_by_loop(values, smooth, centred=False),
                }  # fmt: skip
                is_window(
                    submission.phase_change(torch.tensor(values), smooth),
                    **marks(values, smooth),
                    what=f"phase_change of a smooth rise with smooth = {smooth}",
                    hint="the first index with 10 % (90 %) of the gain, counted from where the "
                    "rise begins, on the curve after centred smoothing",
                    known=known,
                )

    def test_noise_is_smoothed_before_the_rise_is_sought(self, submission, generator):
        for _ in range(4):
            values = sigmoid_curve(generator, length=80, noise=0.12)
            known = {
                "the rise must be monotone and in time order: a stretch without a fall":
                    window_by_loop(values, 7, extremes=True),
                "smooth first, by a centred moving average": window_by_loop(values, 1),
            }  # fmt: skip
            is_window(
                submission.phase_change(torch.tensor(values, dtype=torch.float64), 7),
                **marks(values, 7),
                what="phase_change of a noisy rise with smooth = 7",
                hint="smooth first, then look for the largest stretch that never falls",
                known=known,
            )

    def test_the_rise_is_monotone_and_in_time_order(self, submission, generator):
        for _ in range(3):
            size = float(torch.rand((), generator=generator))
            first = torch.linspace(0, 0.7 + 0.2 * size, 10)
            drop = torch.linspace(0.7 + 0.2 * size, -0.4, 12)[1:]
            last = torch.linspace(-0.4, 1.1 + size, 14)[1:]
            fall = torch.linspace(1.1 + size, -3.0, 9)[1:]
            values = torch.cat([first, drop, last, fall]).double()
            got = submission.phase_change(values, 1)
            is_window(
                got,
                **marks(values.tolist(), 1),
                what="phase_change of a curve with a small rise, a large one and a low end",
                hint="the rise must be monotone and in time order: not from the global minimum to "
                "the global maximum",
            )

    def test_the_largest_gain_wins_and_not_the_longest_rise(self, submission, generator):
        hint = "take the rise with the largest gain, however short it is"
        for _ in range(3):
            size = float(torch.rand((), generator=generator))
            slow = torch.linspace(0, 3 + size, 12)
            steep = torch.tensor([-0.5, 1.0, 4.0, 6.0 + size, 6.0 + size])
            values = torch.cat([slow, steep, 5 - slow / 4])
            with compare.unchanged(curve=values):
                got = submission.phase_change(values, 1)
            is_window(
                got,
                **marks(values.tolist(), 1),
                what="phase_change of a long small rise before a short large one",
                hint=hint,
                known={hint: (2, 10)},
            )

    def test_a_rise_may_pause_but_not_dip(self, submission):
        hint = "a rise is a stretch on which the smoothed curve never falls; a pause is no fall"
        for values, expected in (
            ([0.0, 0.0, 2.0, 5.0, 5.0, 8.0, 10.0, 10.0], (2, 6)),  # a pause
            ([0.0, 3.0, 6.0, 5.0, 9.0, 13.0, 13.0, 12.0], (4, 5)),  # a dip of one point
            ([0.0, 4.0, 9.5, 10.0, 10.0, 10.0], (1, 2)),  # from the first point on
            ([0.0, 0.0, 1.1, 5.0, 9.1, 10.0, 10.0], (2, 4)),  # barely above the marks
            ([2.0, 0.0, 0.0, 6.0, 6.0, 10.0, 10.0, 9.0], (3, 5)),  # pauses at both ends
            ([0.0, 3.0], (1, 1)),  # two points
            ([0.0, 1.0, 2.0, 3.0, 1.0], (1, 3)),  # 3.27 sd; with n - 1 in the sd it would be 2.83
        ):
            for scale in (1.0, 4.0, 0.5):
                is_window(
                    submission.phase_change(scale * torch.tensor(values), 1),
                    expected,
                    expected,
                    what="phase_change of a short curve without noise",
                    hint=hint,
                )

    @pytest.mark.weight(2)
    def test_flat_noise_and_falling_curves_have_no_phase_change(self, submission, generator):
        hint = "return None if the rise is within the noise: below 3 sd, or no rise at all"
        for length in (30, 60):
            flat = torch.randn(length, generator=generator, dtype=torch.float64)
            ramp = torch.linspace(8, 0, length, dtype=torch.float64)
            curves = {"flat noise": flat * 0.3 + 2, "a noisy fall": ramp + flat * 0.2}
            for name, curve in curves.items():
                if gain_over_noise(curve, 9) > 2.7:  # the rule's own false alarm, or nearly one
                    continue
                got = submission.phase_change(curve, 9)
                if got is not None:
                    compare.fail(
                        f"phase_change of {name} came back as {got!r}; None is expected.", hint=hint
                    )
        for name, curve, smooth in (  # exact in any floating-point type
            ("a constant curve", torch.full((12,), 0.4), 1),
            ("a curve of zeros", torch.zeros(9), 3),
            ("a falling curve", torch.linspace(1, 0, 15), 3),
            ("one point", torch.tensor([0.5]), 3),
            ("no points", torch.zeros(0), 3),
        ):
            got = submission.phase_change(curve, smooth)
            if got is not None:
                compare.fail(
                    f"phase_change of {name} came back as {got!r}; None is expected.", hint=hint
                )

    def test_the_noise_is_the_sd_of_differences_over_root_two(self, submission, generator):
        for _ in range(3):
            zigzag = torch.tensor([1.0, -1.0]).repeat(20).double()
            values = zigzag + 0.01 * torch.randn(40, generator=generator).double()
            for share, found in ((0.9, False), (1.1, True)):
                # One rise of exactly 3 * share noise at the end, after smoothing it stays visible.
                step = torch.cat([torch.zeros(20), torch.full((20,), 1.0)]).double()
                lift = self.lift_for(values, step, 3 * share)
                got = submission.phase_change(values + lift * step, 9)
                if (got is not None) != found:
                    compare.fail(
                        f"a rise of {share:.1f} times the limit is "
                        f"{'not found' if found else 'called a phase change'}.",
                        hint=NOISE,
                    )

    @staticmethod
    def lift_for(values, step, ratio):
        """The height of `step` at which gain / noise of values + height * step is `ratio`."""
        low, high = 0.0, 100.0
        for _ in range(60):
            middle = (low + high) / 2
            curve = values + middle * step
            low, high = (middle, high) if gain_over_noise(curve, 9) < ratio else (low, middle)
        return (low + high) / 2
