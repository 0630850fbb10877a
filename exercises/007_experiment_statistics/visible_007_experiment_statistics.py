"""The tests of unit 007 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
from math import sqrt
import numpy as np
import pytest


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
        if not bool((np.asarray(lo) <= np.asarray(hi)).all()):
            compare.fail("some lower end lies above its upper end.", hint="return lo, then hi")
        mean = np.array([0.5 + 0.8 + 0.75, 1 + 1, 0.5 + 1, 3, 0]) / 3
        inside = (np.asarray(lo) <= mean + 1e-6) & (mean - 1e-6 <= np.asarray(hi))
        if not bool(inside.all()):
            compare.fail(
                "some interval does not contain the plain mean of its own row.",
                hint="lo <= mean of the row's rates <= hi, each family counting the same",
            )


@pytest.mark.exercise("required_n")
class TestRequiredN:
    @pytest.mark.visible
    def test_a_correlation_of_one_half_halves_the_number(self, submission):
        for rho, expected in ((0.0, 393), (0.5, 197)):
            compare.equal(
                submission.required_n(0.1, 0.5, rho, 0.05, 0.8),
                expected,
                what=f"required_n(0.1, 0.5, {rho}, 0.05, 0.8)",
                hint="(1.960 + 0.842)² · 2 · 0.25 (1 - rho) / 0.01, rounded up",
            )


@pytest.mark.exercise("selection_bias")
class TestSelectionBias:
    @pytest.mark.visible
    def test_the_better_of_two_coins_is_a_quarter_too_high(self, submission):
        compare.close(
            submission.selection_bias(2, 1, 0.5),
            0.25,
            what="selection_bias(2, 1, 0.5)",
            hint="the better of two coins is 1 with probability 3/4, exactly: no simulation",
        )


@pytest.mark.exercise("wilson")
class TestWilson:
    @pytest.mark.visible
    def test_the_worked_examples_have_these_ends(self, submission):
        for k, low, high in ((0, 0.0, 0.2775), (9, 0.5958, 0.9821)):
            compare.close(
                submission.wilson(k, 10, 0.95),
                (low, high),
                atol=1e-3,  # four printed digits
                what=f"wilson({k}, 10, 0.95)",
                hint="solve (k/n - p)² = z² p(1 - p)/n for p",
            )


@pytest.mark.exercise("coverage")
class TestCoverage:
    @pytest.mark.visible
    def test_one_trial_covers_nine_times_in_ten(self, submission):
        compare.close(
            submission.coverage(np.array([0, 0.2]), np.array([0.8, 1]), 0.1),
            0.9,
            what="coverage of the worked example",
            hint="only the interval of k = 0 holds 0.1, and k = 0 has probability 0.9: sum exactly, no simulation",
        )


@pytest.mark.exercise("mcnemar_exact")
class TestMcnemarExact:
    @pytest.mark.visible
    def test_one_against_five_is_no_evidence(self, submission):
        compare.close(
            submission.mcnemar_exact(1, 5),
            0.21875,
            what="mcnemar_exact(1, 5)",
            hint="2 (1 + 6) / 64",
        )


@pytest.mark.exercise("bradley_terry")
class TestBradleyTerry:
    @pytest.mark.visible
    def test_one_win_in_four_is_minus_log_three(self, submission):
        compare.close(
            submission.bradley_terry(np.array([[0.0, 3.0], [1.0, 0.0]]), 0),
            np.array([0.0, -1.098612]),
            atol=1e-3,  # the statement allows it: an iteration may stop early
            what="bradley_terry of the worked example",
            hint="log odds of one win in four: ln(1/3). Iterate until the ratings stand still",
        )


@pytest.mark.exercise("benjamini_hochberg")
class TestBenjaminiHochberg:
    @pytest.mark.visible
    def test_the_worked_example_is_adjusted_to_these_values(self, submission):
        compare.close(
            submission.benjamini_hochberg(np.array([0.01, 0.02, 0.04, 0.2])),
            np.array([0.04, 0.04, 0.0533333, 0.2]),
            what="benjamini_hochberg of the worked example",
            hint="4 p / rank, then the running minimum from the right",
        )


@pytest.mark.exercise("paired_difference")
class TestPairedDifference:
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


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNrFWl2PE8kV/SulkVa0WWM8ZoDgyQQBC1okdiMtRLBCrCl3l+3C3VVNVfUYs7svyUue81N4yTvPkfIf8kty7q3q"
    "dnuAQaBo8jJj90d93Hvuuefe8q8HeSl1dTAVBw9NUO5Ull4snK1EWCmRKxOcLEWpKx3oinWqEtIpEawVvpJlKaxJ"
    "H+bK5KtKurUX2V272SonVBCyHInJeHJ9KOTcY7A8DI6FNEJhpkYGjdeNUoXn+aSR5dZrPxS11E4VotCLhXIYWHnc"
    "LERdSmO0WQq74EHe1MrpCqsU2Q+6LDEl5jrqzTU6GIoDGkXnTRm22Oc1XFBvlMu1Vx7fn/96kGP5M69yawq6MhmP"
    "xngor5vexXhtb6QJLqy0CTzKwdOVzlfCByxTukIo56yDTUprll7gKcs71MnIU/5mDfbMhhXKB13JoIYCr52553Ad"
    "H/BNewxJ+w9Oq+I2be6u4+80xOtk0G62hXWVuCPq9+/Et+KuqPH3njjBXsTD4KN3Fdt1JcuF2OgirPDxVEXn26rC"
    "YIUyttJGBqzrEAO8ff/uqmGzvqXl/IgpZPmd9iEbjLQ5neXFgtad0bMw3mIgrorJcTvZicjqf/01DTMxdDPrRgUy"
    "eCEn4u3V3lXx/p/Cv3aB3sTl//z9HwKfBldNeuLIvH8HR7/AknRVWwcX5Ao+AeYO1toUBO7cForWXClJ+KFLTxSQ"
    "2+SAFoAAm4mAC2RXL4zdiFKRIZxFKMCMQuJWk1wB8I1HNydTPCcKGSTZQZ0CfNJjRDJphHNQb8Lc2nXndTLMGtuL"
    "9oNVm8AYPKSlGlnRqg82uvTW0AO1TegCog9cM3c6J6jRRpsE3he/D8X/DMARYA6AwKZXiLuI0m7jHTZz25jA6Lsv"
    "AXr+io2tsG8p5poAg83Wzs7lXJc6bEVjCtinHjLapNlZhGGtNEZ1YmVLEEFNsxSW3RDYUI+bitA4z8xQrAfisqgv"
    "X17jH8BwRdSDy5czgw+4Y8kJtMA1wAwsl/b5+oX44wnGxJ+Vxrcvx8kDl6xBVAePp8iWjveLSJsrinMNBBRToSmw"
    "aB1yCTthp/NkLlWc5/T2lYtw++Ge278H1itptsI01Vw5H01P7PO6IVLCpjEW4mLeEAvZlhtq6TRwyih4gkunKg8c"
    "J1fEnGBEKYGdu7UNU/wxxdGSUgKDYB6pGdHArxyLYkRGzwZ8txj5UGRFYRcnh0QSHP+lMlkx+JpQx/p2JojLmlsA"
    "pMKzSHh+RTmN3JnTgEgkRYS+h3s4xAHcmOYoqxEAzjpz3HNmTF6zXfLa8+q1iwjmv3C80RZMA0coCtNC+9y6QiJW"
    "O9eSo8QC64VLtRmJmMVsE+BhyrmOkxC40AditcYA5YY+wavOs/P/DKgEqUsaiybsh73lXFBZvA1bZfOhyAeIJYkw"
    "l0guS0AFWYLn9iNBbrLMBO14mKiUAE1r7QzYnSDyfVNlzAj8/lDoAZO0JhoHfy1VtpvuW3E44CQkLoMy+IWPYujo"
    "fAw91m86s/kIoehgMd+K6xQYh2wuYohTXZDbkes4204mg6HY4A3V8lNY2cYTzncjwhkbNj4DUy6dUucRRpUbBbE1"
    "U28gcy6CNa59mCwquSV6k0UBqdbU+AwnIGigQ0iUTIVTXhcNScrQex4gdKqENYqUUKxP8obsBw+oWuFPyjAEr0hN"
    "7GJGcl42HvkjxSiyA3BGxLubr5OwzKuIAPLkSNyLL/qzMw2FZ2JDHPDqCfoF7YldEGygMU/E83aC52kF4uQEAAX7"
    "vxgRJCMK+QIh0dSjxmi4OEuPD14cM5PRentLT1MOAShCTkGIiqHL28YTzm78l9Pez4jRXroiVbPGH49Emzi/ZwLM"
    "qEmqbijTFU5ukGyRgHfP0hqiqtQlk+UZeE76FJg2DBb0++x3/SLQ+TCadwNBofpFAu/NYccRfBSSYmObsiBY8p6R"
    "fNSmy2lkS+YwBKUNVFLUlBJqjJqKlo3t8iZDjuEJp4cPsUnmo5CPMItvsQl3MKEXh1hgaJyZQUxjWHXyBPIL/IGn"
    "oKyi1CKUYeg4ntdvCTvOLEekqpZ4iQfCNbp1kpkZrX7Iy/IDDIUVmPg+gY//EzF1V2jAr0uynC/pnljqU67ZgB8D"
    "ihMsDRaIeqCCCpYOlsex8nPLhl30klb5ElVHjkjwkRLPA1rnmBktxV8E1o4+ZMIIIie1j7VTqddQhCtri0haMO9t"
    "cQfOihSPMpbKY+JDCrEK5mfM/UTwSblzSrUkqIJhtUF+FH8S4xZAYAq5tKiWo6COBMI3YI+SUIta0iFjAS3IpJiE"
    "gltgcOTGmGmN+FFtgjURqHkDNR6odmFFsFF6uUKMiCUsuxKPJFacaxnrlg2YcClJHkCJ72T4cW+QE15gtmFWpPR7"
    "RWxAfbZESaUjfmlWjF5oDkxNGTGkJkC+su4SRwzvLrdlU4GNiJE5qIKqRdbqikNiWoLsYJhC+8tz+334Z0slDhmJ"
    "DbDTbq3kjctK9rZtybfdAfksSvvZeo6Nlmo7A/jddg+jNy9CDd4DIKSor1DPRcXSSKIcWpLUglxai7rhTk53r7Sb"
    "9lZhN1HkP4Y5h6LCBLout5SjKqgqeiYxSpDriEHXxCYNjKErMGCXjFnLwWftSmjsjXSFj2ZFkRht7TEVBmCLQrFS"
    "niWGoMsZAQ1cmMYeyTxvsCYQeuZhK1U8n06vHL4YxH/HAM0rykTFcx7nBQYipfERiFw7HyJPV5bVW4l63pOoBYYh"
    "cJG2YRCuG4BLDSsCg7iDLVQq7iqm3Bj4sdCI2b8iZFFyykOqIhdQGeeKvrkyryTtfLay+Qr5Y/l/Un5J6p9C55H5"
    "Yo7sxQztEKlxp/QElR4qFgy/oeYK8jeA5/F94Al4mKt+tuSkym0lyGNJBKb8lNHZ8kYJV4D6+pdqQizbLle6zLK3"
    "zEqyrFfy6oSKgLcZPzIYvH9HDaWJ8AU+8VNuZalA4GV9vJX0Gf64Q0Vtu1kqq7hDRD1Pv6ZA6NeaXVm5k/4rWVKy"
    "3Jd83e3zsp9TrxuuNc3Fi6ynFPMJCG1gY93r2O7wXeH3ip3+c+oCxCTVtohQksbOAhlt0ZicP+BNzD0ajaB64B7U"
    "fJxZi5aK2ZFizYZ5QO20egQSSOhpG0WvBqL+5VWbnH7hFtGrKNBf7cpE6jlG8trhj9548Mt6T45jQHKBF/WXo4OE"
    "0TxZh3qM1KctkYtVvo4ea0mlZHvRI+n6XJFcIsYylDY1V4nXx/isKoSEV6XKey10iSuh1Zug1vOQ0707m2vpL55G"
    "7vg19oUit18CL6J+RjKdtsgiORidLr2XS3W7vdE2zJkFuHrcSLhH52tV3BYpkRCV7PV4uskYlHfExlEXgidhhRrf"
    "3w3OfTnPxx0O75dbZBRYe0nGw3PU6WFhtXvMLuBAtvxPTYRVXdoQG4MltVGinAEHbH2qQKjvlFqE4gHVbO0Ji5EQ"
    "F5tIdDoOvwEiP6PNIYMRHx/WgpykgkKO4oS8YnnVqw9pHZUsqG5S3IXRIW0sJjJq5FEy4zeDTW3fDUXPNo7eNmw/"
    "kb6cksUMI8+W3EjbXgTq9sX6w7bJwplrXqoWTSRdQWN2CULSeWpTh+5hEiscVy2w8KSwBWIuBnPsYRBrM65aZd3p"
    "22eXsi3z0LAnkp9diiq5Thw1EM+GUYA9S01WAoqnvhJWgxknWTLsIJERYYobGwzmoogKO+umGHYrGAg5J4F9NBZA"
    "NtWLHGl0KLMVeanrOtJrp6YTLa5Ar7FxxrXwtyIjG4XsNUl6TsPcnS1tTfpbLkJqcC0Ixh7ahlg+l/6jBeXRZ9sX"
    "8TSK1GtqKGJ1yQbRR2QBnp2BHTsbCxnX8Iex+AYXnH4LhizpXIeO4zZ87zrdQ1idJ9rJULP0/sVr9q4vn3pFE3gO"
    "ciK2roxKe0zLo14G9TZke6JFbLaQuiScRcuQIOUqMIp5HUXzFE40y7DylEQhRicZ9RHAh3R0mGGJt5CDqWdApWMU"
    "du0M//5bdmU8usGImLReASqOBoO2rdHKt6zlU3htPLp1nTDzydvj6zFLG4JerHjbr4c3x59R7h/lvjsdCto6k2Cz"
    "k1rRrlz3pYv95z5V4O21/NMEM18Tye2hZfJJtOwj7KPYufYVJPf9x7p71N3qtUVrWzc7rbpAUcEBAnbbtlGHUKO8"
    "gwS0O+njB7epucN34bXj1NJihth1uLqj8EKd6jgVch6dC43EU2I5uKerhYaJaltIxLf5WJacfzi6dYNXEWYdaACk"
    "mwjXbu0QinQ2SCvyfHok32h/AvF45hSpfWFAYiqdPHpkVe6z8st8DhXfHlCvJBY8ythmueoKjihednb0baBihHAs"
    "XnKIwkQvoTxiAUgBigzig62/gg2pD+7Ap3UnSujImhfRGOo39deSyJFKC1fAYaQadjqyO7c8jkTCu47Kl33SmbTV"
    "IQu1iecr4Ty+jOCYtUe7e0Fw4wI05bmiKE2+b9NzK6tTrTbn7OHgMKr01OhVIfVO+6dEMedSnBQ25/7mtD27oKKi"
    "vchG7YbrF4uRzlLVtF81Tkmtnv2VDDCBwWXRltFe1ZJ/sgD68vvThH5VwjDysYhYShokRncDEROb4NwgpgeSRImb"
    "xuRyp9PPTkCDYvTJUe+3QVM+GE4NIMJp6s/svzum96BVNP8IAF+/mZIKaCBTHAKxiLi9Jb7Zf012v1RCyBrLx9RN"
    "iNzjFLVZMf+ZQ7x0ZtfjRxblLMDop1GcF8iPQzoGXXs+s+JHZGxqsIFSQO9ATd9IfCm3B2uCKONxPL45251MzDyt"
    "kqSnP4PJmwxKGxT9kKQ31A26XksMQKPt/fgJQpBqkvuct+5KrkvEffpl17H42A+zvrPmUhBNal3fe/SEmOXRox/4"
    "N1qxNHSKOw1eB9WFml8BHmvOr4zSSBfxFIXtSLWC2Svx44GFSTUZWZbino5i5iqXtIK9n05YU257v59IFJp+kgIM"
    "4n2eIx7S6VBy5N7fnffsrDrdpfHkd57p4Pf/AhUB4DI="
)
