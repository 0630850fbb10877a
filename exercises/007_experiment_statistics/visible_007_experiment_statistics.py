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
            hint="the better of two coins is 1 with probability 3/4",
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
            hint="only the interval of k = 0 holds 0.1, and k = 0 has probability 0.9",
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
            hint="log odds of one win in four: ln(1/3)",
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
            hint="the sums of residuals are 1 and -1; n is 4",
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
    "eNrFWlGPEzkS/ivWSCs6syFkwgBH5uYQsKwWid2TFk6wQqOs0+0kJt12Y7snhN19uXu55/spvNw7zyfdf7hfcl+V"
    "3Z3OAINYneZeZpJuu2xXfVX1VTm/HOSl1NXBVBw8NkG5c1l6sXC2EmGlRK5McLIUpa50oCfWqUpIp0SwVvhKlqWw"
    "Jn2YK5OvKunWXmQP7GarnFBByHIkJuPJraGQcw9heRicCGmEwkqNDBrTjVKF5/WkkeXWaz8UtdROFaLQi4VyEKw8"
    "XhaiLqUx2iyFXbCQN7VyusIuRfa9LkssibWOe2uNDobigKTovCnDFue8iQfqjXK59srj+8tfDnJsf+ZVbk1BTybj"
    "0RiD8rrpPYzP9iRN8GClTWApB89XOl8JH7BN6QqhnLMOOimtWXqBUZZPqJOSp/zNGpyZFSuUD7qSQQ0Fpl145/Ac"
    "H/BNe4ik8wenVXGPDvfA8XcS8ToptFttYV0l7ov6/TvxtXggavx9KE5xFvE4+GhdxXpdyXIhNroIK3w8V9H4tqog"
    "rFDGVtrIgH0dQcDb9+9uGFbrW4j6ASvI8hvtQzYYaXM+y4tFltE4KG4xEDfEBPZOK52KrP7XX5OMiaG3WScSw3gX"
    "p+Ltjd5T8f6fwr92gWbi8X/+/g+BT4MbJo04Nu/fwcpn2I+uauug/1zBIADcwVqbgpCd20LRhislCTz06JkCbJsc"
    "uAIKoDAR8ICU6oWxG1Eq0oKz8APoUEi8apIdgLzx6M5kinGikEGSTdQ5kCc9JJI+I5aDehPm1q47k5M11zheVB5U"
    "2gQG4BFt1ciKdn2w0aW3hgbUNkELcD5wzdzpnHBGB20Scs9+G4r/GXojuhzQgEOv4HQRot3BO2DmtjGBofdIAvH8"
    "FQdb4dxSzDWhBYetnZ3LuS512IrGFNBPPWSoSbPTCGNaaUh1YmVLRIGaViksmyGwop42FUFxnpmhWA/EoagPD9f4"
    "BzBcF/Xg8DAz+IA3loxAG1wDyQByaV+uz8QfTyETf1Ya374cJ9+6pA2Kc7B4cmvp+Lxws7kiJ9dAQDEVmryK9iGX"
    "0BNOOk/qUsVlRm+nXIXZj/bM/h2wXkmzFaap5sr5qHoKPa8bikg4NGTBL+YNhSDbBoZaOg2cMgqe4dG5ygP7yXUx"
    "JxhRPmDjbm3D8f2E/GhJ+YBBMI9xGd7AU05EMSKlZwN+W4x8KLKisIvTIwoS7P+lMlkx+D2ujv3tVBC3NbcASIWx"
    "yHZ+RQmNzJmTQGSRIkLfwzzs4gBuzHGU0ggAF4057hkzZq7ZLnPtWfXmVTjzX9jf6AimgSEUuWmhfW5dIeGrnWnJ"
    "UGKB/cKk2oxETGG2CbAwJVzHGQix0AeKao0Byg19glWdZ+P/GVAJUpckixbsuz3l6AAtYzZ0lc2HIh/AlyTcXCKz"
    "LAEVpAle248EmclyJGjlYaFSAjSttjNgdwLP902VcUTg+UOhBxykNYVxxK+lynbLfS2OBpyFxCFCBk/4KIaOL8fQ"
    "U/2mU5uPEIoGFvOtuEWOccTqoghxrgsyO3Idp9rJZDAUG8xQbXwKK9t4wvlOIoyxYeUzMOXSKXVZwKhyo8C0ZuoN"
    "OM5VRI2bHyaLSm4pvMmiAE9ranyGEeA0ICHESKbCKa+Lhvhk6I0HCJ0qoY0iJRTrE7ch/cECqlb4kzIMwSuGJjYx"
    "IzkvG4/8kXwU2QE4o8C7W6/jrxxX4QFkyZF4GCf6iysNhefABj/g3RP0CzoTmyDYQDJPxct2gZdpB+L0FABF9D8b"
    "ESQjCvkBIdHUo8ZomDhLwwdnJxzJaL+9raclhwAUIacgREXX5WNjhLMb/+Vh7yf4aC9dEatZ449Hok0xv6cCrKiJ"
    "p24o0xVObpBskYB3Y2kPkVLqkoPlBXhO+iEwHRhR0O9Hv1tXgc7HUb0bEArVrxD4bA4njuAjlxQb25QFwZLPjOSj"
    "Nl1OI11yDINT2kD1RE0poYbUVLFsbJc3GXIMTxg9fIhNUh+5fIRZnMUq3MGEJg6xwdA4MwOVhlh1+gz0C/EDo8Cs"
    "ItUilEF0lOf1W8KOM8sRsaolJrEgPKNXp5mZ0e6HvC0/gCjswMT5BD7+T4Gpe0ICf1+S5XxJ78RSn3PBBvwYhDjB"
    "1GABrwcqqFrpYHkSyz63bNhEP9Muf0bJkcMTfAyJlwGtM8yMtuKvAmvHH0bCCCIntY+FU6nXYIQra4sYtKDee+I+"
    "jBVDPGpYqo0pHpKLVVA/Y+5Hgk/KnVMqJBEqGFYb5EfxJzFuAYRIIZcWpXIk1DGA8AvooyTUopB0yFhACzIpFiHn"
    "FhCO3BgzrRE/qE2wJgI1b8DGA9UuzAg2Si9X8BGxhGZX4onEjnMtY92yQSRcSqIHYOI7Gn7SE3LKG8w2HBUp/V4X"
    "G4Q+W6Kk0hG/tCqkF5odU1NGDKkDkK+su8Yew6fLbdlUiEYUkdmpgqpF1vKKI4q0BNnBMLn2l+f2R7DPlkocUhIr"
    "YMfdWsobt5X0bduSb7sD8kWU9rP1HAct1XYG8LvtHkbvXAUbfAhASFFfp4aLiqWRRDm0JKoFurQWdcNtnO5daTft"
    "q8JuIsl/CnUORYUFdF1uKUdVYFU0JkWUINcRg66JHRooQ1eIgF0yZi4Hm7U7Idkb6Qof1YoiMeraYykIYI2CsVKe"
    "pQhBjzMCGmJhkj2Sed5gTwjomYeuVPFyOr1+dDaI/04AmleUiYqXLOcMgohpfAQiNy+HyPOVZfZWop73RGqBYRBc"
    "pG0ohOsG4FJDi8Ag3uAIlYqniik3On4sNGL2rwhZlJzykKrIBVjGpaRvrswrSSefrWy+Qv5Y/p+YX6L65+B5pL6Y"
    "I3s+QydEatwxPUGlh4oFw6+ouYL8FeB5+gh4Ah7mqp8tOalyUwn0WFIAU37K6GzjRglTIPT1H9WEWNZdrnSZZW85"
    "KsmyXskbEyoC3mY8ZDB4/44aShPhC3ziUW5lqUDgbX28lfSZ+HGfitr2sFRWcYeIGp5+TY7QrzW7snJH/VeypGS5"
    "T/m615dlP6deN1xrmqsnWc/J5xMQWsfGvtex3eG7wu8VG/2n1AWISaptEaEkjZ0FUtqiMTl/wEysPRqNwHpgHtR8"
    "nFmLNhSzIcU6WrugfiECAsIAJZuXbaPoVWoUvfqgUfQq0vRXu2LRDM4QVXgU5B0ergeJzt/gDdRfjggiQ/OkEeor"
    "UmO2RP5V+TpaqQ0kJeuIhqTnc0UUiaKUoVSpuTK8NcZnVcENvCpV3uuZSzwJLcdEOL0MLd3c2VxLf/Wh475f41wo"
    "bPtl7yJyZiTQaYsmooDR0NJ7uVT32hdth5w9nyvGjfSi1vlaFfdESh4UPvb6Ot1iDMT7YuOo88CLMCuN83fCuRfn"
    "+X7DYX65RRaBtpekPIyj7g6Tqd0wu4ABWfM/NibuvLQhNgNLap1ECgO/3/pUdVCvKbUFxbdUp7VXKkaCUGxicNNR"
    "/AZU+DN8HNQXPvFh/ceJKSjkJU7CK6ZUvZqQ9lHJgmolxZ0XHdLBYvKi5h0lMJ4ZbGr1bsj1t1F626T9RMpyShYz"
    "SJ4tuXm2vQrU7RP0x21jhbPVvFQtmoiuInTZJYKQzlNrOnSDiaCwX7XAwkhhC/hcdObYt6BIzbhq2XTHaV9cy7Yc"
    "doY9YvziWmTGdQpJA/FiGEnXi9RYJaB46iVhN1hxkiXFDohONZ4xxc0MBnNRRFaddUsMux0MhJwTqT4eCyCbakT2"
    "NLqI2Yq81HUdQ2rHoE8ij1shoMZmGde/X4uMdBSy10TjOfVyR7a0NXFuuQhdU4tc24PQUGjPpf9oFXn82Z5FvH8i"
    "ypq6iNheUkI0EqmAl2dkx3bGQsZN/GEsvsIDp98iRJZ0mUMXcBt+d4vewa8uY+qkqVmaf/VEvWvGpwbRBKYDh4j9"
    "KqPSGdP2qIFBDQ3ZXmNROFtIXRLQomaIhXLpFxm8jkx5CiuaZVh5yptgoJOMmgcIiHRZmGGLd5F4qVFA9WJkc+0K"
    "//5bdn08us2QmLRWASyOB4O2l9FytqwNqLDaeHT3FmfTT70e34pJ2RD2Ypnbfj26M/4MXf9o8LvfoaAtLgk2O34V"
    "9crFXnrYH/epqm6vz58WmPmaotweWiafRMs+wj6BnS+Pct99rKVHLa1eL7S2dbMjqAtUEuwgCG/b1uvgapR4kIF2"
    "13s8cJs6OvwWVjtJfSwOEbu2Vnf5XahzHZdC0qPLoJF4TmEO5ukKoGGKtS0k4my+iyXjH43u3uZdhFkHGgDpDty1"
    "2zvYIfE82pHnKyP5RvtTMMYLV0fthAGxqXTd6JFWubnKk/nyKc4e/K6w5XaXmokaaNNTeeqB65j7ue1DeXfR9hQ0"
    "1QGugKIp3e8IYHfJeFnUiiaatRvYg+LtK6B2l3KTtPi+wi4tas612lxyhoOjSJZTj1WF1LbsX9DE1EdoLWzOrcVp"
    "e21ArYv2ISu1E9ev02JQSQXLfsE2JdJ48dcpsDaEy6KtYL2qJf9aAEHE7y8T+sVBTJqRyy8lCYk+1oBLxP4z92Zp"
    "QGIK8dBYXO7o8sUFSCikT457v8mZ8p1s6r1QKk2tkf25Y5oHyqAjSJEyp5SLG7AFB+5QxDR0V3y1P012vxACyI3l"
    "G+ImxAjgFHU4sf6F+7N0XdaLUsyNmQfRT5I4OpMdh3QDufZ8XcRDZOwnsIISydiBmr4RB1LuYkzVjMfx+M5sdykw"
    "87RLYoD+ooOxh9mg6DccPVG3SVQtIYCk7f3oCHyMSoNHnD0eSC4PxCP6RdWJ+NgPor6x5loQTeoaP3zyjGLGkyff"
    "82+jYoXmFBf5XgfVuZpfAR5rznKM0sgP4gUG65Eou9mrruNdgUmlEWmW/J5uQeYql7SDvV8tWFNuez9dSEwj/RoE"
    "GMR8XiPej+lQsuc+2l217LQ63SXTZHde6eC3/wIF2qxv"
)
