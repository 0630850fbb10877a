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
        k = np.array([[1, 8, 3], [2, 10, 0], [0, 5, 4]])
        lo, hi = submission.family_interval(k, np.array([2, 10, 4]), 0)
        for name, end in (("lo", lo), ("hi", hi)):
            compare.shape(end, (3,), what=name, hint="one end for each row of k")
        if not bool((np.asarray(lo) <= np.asarray(hi)).all()):
            compare.fail("some lower end lies above its upper end.", hint="return lo, then hi")


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
    def test_the_worked_example_has_error_0_289(self, submission):
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
    def test_two_clusters_of_two_have_error_0_354(self, submission):
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
    "eNrFWl2PE8kV/SulkVa0wRiPmVmCJxMELGiR2I20EMEKsd5yd9ku3F3VVFWPMbv7krzkOT+Fl7zzHCn/Ib8k596q"
    "brcHGMQqmrzM2P1RH/eee+65t/zLQV5KXR1MxcEjE5Q7k6UXC2crEVZK5MoEJ0tR6koHumKdqoR0SgRrha9kWQpr"
    "0oe5Mvmqkm7tRXbPbrbKCRWELEdiMp4cD4WcewyWh8GJkEYozNTIoPG6UarwPJ80stx67YeiltqpQhR6sVAOAyuP"
    "m4WoS2mMNkthFzzIm1o5XWGVIvtOlyWmxFxHvblGB0NxQKPovCnDFvu8iQvqjXK59srj+4tfDnIsf+ZVbk1BVybj"
    "0RgP5XXTuxiv7Y00wYWVNoFHOXi20vlK+IBlSlcI5Zx1sElpzdILPGV5hzoZecrfrMGe2bBC+aArGdRQ4LVz9xyu"
    "4wO+aY8haf/BaVXcoc3dc/ydhnidDNrNtrCuEndF/f6duCbuiRp/74tT7EU8Cj56V7FdV7JciI0uwgofz1R0vq0q"
    "DFYoYyttZMC6DjHA2/fvbhg261tazveYQpbfaB+ywUibs1leLGjdGT0L4y0G4oaYnLSTnYqs/tdf0zATQzezblQg"
    "gxdyKt7e6F0V7/8p/GsX6E1c/s/f/yHwaXDDpCeOzPt3cPRLLElXtXVwQa7gE2DuYK1NQeDObaFozZWShB+69FQB"
    "uU0OaAEIsJkIuEB29cLYjSgVGcJZhALMKCRuNckVAN94dGsyxXOikEGSHdQZwCc9RiSTRjgH9SbMrV13XifDrLG9"
    "aD9YtQmMwUNaqpEVrfpgo0tvDT1Q24QuIPrANXOnc4IabbRJ4H3521D8zwAcAeYACGx6hbiLKO023mEzt40JjL4H"
    "EqDnr9jYCvuWYq4JMNhs7excznWpw1Y0poB96iGjTZqdRRjWSmNUJ1a2BBHUNEth2Q2BDfWkqQiN88wMxXogror6"
    "6tU1/gEM10U9uHo1M/iAO5acQAtcA8zAcmlfrF+KP55iTPxZaXz7cpw8dMkaRHXweIps6Xi/iLS5ojjXQEAxFZoC"
    "i9Yhl7ATdjpP5lLFRU5vX7kMtx/uuf1bYL2SZitMU82V89H0xD6vGyIlbBpjIS7mDbGQbbmhlk4Dp4yCp7h0pvLA"
    "cXJdzAlGlBLYuVvbMMWfUBwtKSUwCOaRmhEN/MqJKEZk9GzAd4uRD0VWFHZxekgkwfFfKpMVg98T6ljfzgRxWXML"
    "gFR4FgnPryinkTtzGhCJpIjQ93APhziAG9McZTUCwHlnjnvOjMlrtktee169eRnB/BeON9qCaeAIRWFaaJ9bV0jE"
    "audacpRYYL1wqTYjEbOYbQI8TDnXcRICF/pArNYYoNzQJ3jVeXb+nwGVIHVJY9GE/bC3nAsqi7dhq2w+FPkAsSQR"
    "5hLJZQmoIEvw3H4kyE2WmaAdDxOVEqBprZ0BuxNEvm+qjBmB3x8KPWCS1kTj4K+lynbTXROHA05C4ioog1/4KIaO"
    "LsbQE/2mM5uPEIoOFvOtOKbAOGRzEUOc6YLcjlzH2XYyGQzFBm+olp/CyjaecL4bEc7YsPEZmHLplLqIMKrcKIit"
    "mXoDmXMZrHHzw2RRyS3RmywKSLWmxmc4AUEDHUKiZCqc8rpoSFKG3vMAoVMlrFGkhGJ9kjdkP3hA1Qp/UoYheEVq"
    "YhczkvOy8cgfKUaRHYAzIt7dfJ2EZV5FBJAnR+J+fNGfn2koPBMb4oBXT9AvaE/sgmADjXkqXrQTvEgrEKenACjY"
    "/+WIIBlRyBcIiaYeNUbDxVl6fPDyhJmM1ttbeppyCEARcgpCVAxd3jaecHbjv5z2fkSM9tIVqZo1/ngk2sT5PRNg"
    "Rk1SdUOZrnByg2SLBLx7ltYQVaUumSzPwXPSp8C0YbCg32e/48tA56No3g0EheoXCbw3hx1H8FFIio1tyoJgyXtG"
    "8lGbLqeRLZnDEJQ2UElRU0qoMWoqWja2y5sMOYYnnB4+xCaZj0I+wiy+xSbcwYReHGKBoXFmBjGNYdXpU8gv8Aee"
    "grKKUotQhqHjeF6/Jew4sxyRqlriJR4I1+jWaWZmtPohL8sPMBRWYOL7BD7+T8TUXaEBf1+S5XxJ98RSn3HNBvwY"
    "UJxgabBA1AMVVLB0sDyJlZ9bNuyin2mVP6PqyBEJPlLiRUDrHDOjpfjLwNrRh0wYQeSk9rF2KvUainBlbRFJC+a9"
    "I+7CWZHiUcZSeUx8SCFWwfyMuR8IPil3TqmWBFUwrDbIj+JPYtwCCEwhlxbVchTUkUD4BuxREmpRSzpkLKAFmRST"
    "UHALDI7cGDOtEd+rTbAmAjVvoMYD1S6sCDZKL1eIEbGEZVfiscSKcy1j3bIBEy4lyQMo8Z0MP+kNcsoLzDbMipR+"
    "r4sNqM+WKKl0xC/NitELzYGpKSOG1ATIV9Zd4Yjh3eW2bCqwETEyB1VQtchaXXFITEuQHQxTaH95bn8A/2ypxCEj"
    "sQF22q2VvHFZyd62Lfm2OyCfR2k/W8+x0VJtZwC/2+5h9NZlqMH7AIQU9XXquahYGkmUQ0uSWpBLa1E33Mnp7pV2"
    "094q7CaK/Ccw51BUmEDX5ZZyVAVVRc8kRglyHTHomtikgTF0BQbskjFrOfisXQmNvZGu8NGsKBKjrT2mwgBsUShW"
    "yrPEEHQ5I6CBC9PYI5nnDdYEQs88bKWKF9Pp9cOXg/jvBKB5RZmoeMHjvMRApDQ+ApGbF0Pk2cqyeitRz3sStcAw"
    "BC7SNgzCdQNwqWFFYBB3sIVKxV3FlBsDPxYaMftXhCxKTnlIVeQCKuNC0TdX5pWknc9WNl8hfyz/T8ovSf0z6Dwy"
    "X8yRvZihHSI17pSeoNJDxYLhV9RcQf4K8Dx5ADwBD3PVz5acVLmtBHksicCUnzI6W94o4QpQX/9STYhl2+VKl1n2"
    "lllJlvVK3phQEfA240cGg/fvqKE0Eb7AJ37KrSwVCLysj7eSPsMfd6mobTdLZRV3iKjn6dcUCP1asysrd9J/JUtK"
    "lvuSr7t9UfZz6nXDtaa5fJH1jGI+AaENbKx7Hdsdviv8XrHTf0xdgJik2hYRStLYWSCjLRqT8we8iblHoxFUD9yD"
    "mo8za9FSMTtSrNkwD6mdVo9AAgk9baPo1UDUP71qk9NP3CJ6FQX6q12ZSD3HSF47/NEbD39a78lxDEgu8KL+cnSQ"
    "MJon61CPkfq0JXKxytfRYy2plGwveiRdnyuSS8RYhtKm5irxeIzPqkJIeFWqvNdCl7gSWr0Jar0IOd27s7mW/vJp"
    "5K5fY18ocvsl8CLqZyTTaYsskoPR6dJ7uVR32httw5xZgKvHjYR7dL5WxR2REglRyV6Pp5uMQXlXbBx1IXgSVqjx"
    "/d3g3JfzfNzh8H65RUaBtZdkPDxHnR4WVrvH7AIOZMv/0ERY1aUNsTFYUhslyhlwwNanCoT6TqlFKB5SzdaesBgJ"
    "cbGJRKfj8Bsg8jPaHDIY8fFhLchJKijkKE7IK5ZXvfqQ1lHJguomxV0YHdLGYiKjRh4lM34z2NT23VD0bOPobcP2"
    "E+nLKVnMMPJsyY207WWgbl+sP2qbLJy55qVq0UTSFTRmlyAknac2degeJrHCcdUCC08KWyDmYjDHHgaxNuOqVdad"
    "vn1+JdsyDw17Ivn5laiS68RRA/F8GAXY89RkJaB46ithNZhxkiXDDhIZEaa4scFgLoqosLNuimG3goGQcxLYR2MB"
    "ZFO9yJFGhzJbkZe6riO9dmo60eIK9BobZ1wLXxMZ2Shkr0nScxrm7mxpa9LfchG6BheFtoe4IZrPpf9oRXn02f5F"
    "PI4i+Zo6ilheMkJ0EpmAp2dkx9bGQsZF/GEsvsIFp9+CIks62KHzuA3fO6Z7iKuLVDtZapbev3zR3jXmU7NoAtdB"
    "T8TelVFpj2l51Myg5oZsj7SIzhZSlwS0aBlSpFwGRjWvo2qewotmGVaesijU6CSjRgIIkc4OMyzxNpIwNQ2odozK"
    "rp3h33/Lro9HXzMkJq1XAIujwaDta7T6LWsJFV4bj24fE2g+eXt8HNO0IezFkrf9enhr/Bnp/lHyu9uhoC00CTY7"
    "rRXtyoVfuth/7lMV3l7PP00w8zWx3B5aJp9Eyz7CPoGdL2e5bz/W3qP2Vq8vWtu62YnVBaoKDhDQ27aNOoQaJR5k"
    "oN1RHz+4Td0dvguvnaSeFlPErsXVnYUX6kzHqZD06GBoJJ4RzcE9XTE0TFzbQiK+zeey5PzD0e2veRVh1oEGQLqF"
    "cO3WDqVIh4O0Is/HR/KN9qdQj+eOkdoXBqSm0tGjR1rlRiu/zAdR8e3B76IttzvgTNJAm57JUz9cx9zPLSDKu4u2"
    "v6CpJnAFDE3pficAuwPHi1grumjWLmAPil9fgrS7UJukyfcNdmGBc6bV5oI9HBxGsZz6rSqkFmb/sCamPkJrYXNu"
    "M07bIwTS9u1FNmo3XL9mi6SSipf94m1KovH8j1XgbQwui7aa9aqW/MsBkIjfnyb0i4OYNKOWX0oaJMZYAy0Re9Hc"
    "p6UHklKIm8bkcieXz09Ag2L0yVHvJzpTPp9NfRhKpalNsv/umN6DZNARpEiZU8rFDdSCg3YoYhq6Lb7af012PxgC"
    "yI3l0+ImRAZwirqdmP/cWVo6OuuxFGtj1kH0CyVmZ/LjkE4j156PjvgRGXsLbKAkMnagpm+kgZQ7z6ma8Tge35rt"
    "DghmnlZJCtCfw+QtBqUNin7P0RvqNl2vJQag0fZ+gwQ9RqXBA84e9ySXB+IB/cDqRHzs91HfWHMliCZ1kO8/fkqc"
    "8fjxd/xTqVihOcUFv9dBdaHmV4DHmrMcozTqg3iYwXYkyW72Ku14bmBSaUSWpbinE5G5yiWtYO8XDNaU297PGJLS"
    "SL8MAQbxPs8Rz8p0KDlyH+yOXXZWne6SafI7z3Tw238BRyC1Cw=="
)
