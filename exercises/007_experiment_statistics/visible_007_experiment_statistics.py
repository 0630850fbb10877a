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
        if bool((np.asarray(lo) >= np.asarray(hi)).all()):
            compare.fail("no lower end lies below its upper end.", hint="return lo, then hi")
        mean = np.array([0.5 + 0.8 + 0.75, 1 + 1, 0.5 + 1, 3, 0]) / 3
        inside = (np.asarray(lo) <= mean + 1e-6) & (mean - 1e-6 <= np.asarray(hi))
        if not bool(inside.all()):
            compare.fail(
                "some interval does not contain the plain mean of its own row.",
                hint="lo <= mean of the row's rates <= hi, each family counting the same; nothing of another row may enter",
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
    "eNrFWlGPEzkS/ivWSCs6bAiZMMCRuTmWZUGLxO5JCydYITY43U5i0m03tntC2N2Xu5d7vp/Cy73zfNL9h/sl91XZ"
    "3ekMMAh0mnuZSbrtsl31VdVX5fx6kJdSVwdTcfDABOVOZenFwtlKhJUSuTLByVKUutKBnlinKiGdEsFa4StZlsKa"
    "9GGuTL6qpFt7kX1rN1vlhApCliMxGU+uD4WcewjLw+BYSCMUVmpk0JhulCo8ryeNLLde+6GopXaqEIVeLJSDYOXx"
    "shB1KY3RZinsgoW8rpXTFXYpsh90WWJJrHXUW2t0MBQHJEXnTRm2OOc1PFCvlcu1Vx7fn/16kGP7M69yawp6MhmP"
    "xhiU103vYXy2J2mCByttAks5eLLS+Ur4gG1KVwjlnHXQSWnN0guMsnxCnZQ85W/W4MysWKF80JUMaigw7cw7h+f4"
    "gG/aQySdPzititt0uG8dfycRr5JCu9UW1lXijqjfvRVfi29Fjb93xQnOIh4EH62rWK8rWS7ERhdhhY+nKhrfVhWE"
    "FcrYShsZsK9DCHjz7u1Vw2p9Q9v5EUvI8jvtQzYYaXM6y4sF7TujsVDeYiCuislxu9iJyOp//TWJmRh6mXVSgQze"
    "yIl4c7X3VLz7p/CvXKCZePyfv/9D4NPgqkkjjsy7tzD0c2xJV7V1MEGuYBNg7mCtTUHgzm2haM+VkoQfevRYAblN"
    "DmgBCNCZCHhAevXC2I0oFSnCWbgC1CgkXjXJFADfeHRzMsU4UcggSQ/qFOCTHhJJpRHOQb0Oc2vXndVJMWscL+oP"
    "Wm0CY/CQtmpkRbs+2OjSW0MDapvQBUQfuGbudE5Qo4M2CbzPfx+K/xmAI8AcAIFDr+B3EaXdwTts5rYxgdF3TwL0"
    "/BUHW+HcUsw1AQaHrZ2dy7kuddiKxhTQTz1ktEmz0wjDWmlIdWJlSwSCmlYpLJshsKIeNRWhcZ6ZoVgPxGVRX768"
    "xj+A4YqoB5cvZwYf8MaSEWiDa4AZWC7ts/Vz8ccTyMSflca3z8fJfZe0QaEOFk+eLR2fF542V+TnGggopkKTY9E+"
    "5BJ6wknnSV2qOM/o7ZSLMPvhntm/B9YrabbCNNVcOR9VT9HnVUNBCYeGLPjFvKEoZNvYUEungVNGwWM8OlV5YD+5"
    "IuYEI0oJbNytbTjEH5MfLSklMAjmMTTDG3jKsShGpPRswG+LkQ9FVhR2cXJIQYL9v1QmKwZf4urY304FcVtzC4BU"
    "GIuE51eU08icOQlEIiki9D3Mwy4O4MY0R1mNAHDWmOOeMWPymu2S155Vr12EM/+F/Y2OYBoYQpGbFtrn1hUSvtqZ"
    "lgwlFtgvTKrNSMQsZpsAC1POdZyEEAt9oKjWGKDc0CdY1Xk2/p8BlSB1SbJowb7bW84FlcVs6CqbD0U+gC9JuLlE"
    "clkCKsgSvLYfCTKT5UjQysNCpQRoWm1nwO4Enu+bKuOIwPOHQg84SGsK44hfS5XtlvtaHA44CYnLCBk84YMYOjof"
    "Q4/0605tPkIoGljMt+I6OcYhq4sixKkuyOzIdZxtJ5PBUGwwQ7XxKaxs4wnnO4kwxoaVz8CUS6fUeQGjyo0C2Zqp"
    "16A5FxE1rr2fLCq5pfAmiwJUranxGUaA04CHECmZCqe8LhqilKE3HiB0qoQ2ipRQrE/0hvQHC6ha4U/KMASvGJrY"
    "xIzkvGw88kfyUWQH4IwC7269jsJyXIUHkCVH4m6c6M+uNBSeAxv8gHdP0C/oTGyCYAPJPBHP2gWepR2IkxMAFNH/"
    "+YggGVHIDwiJph41RsPEWRo+eH7MkYz229t6WnIIQBFyCkJUdF0+NkY4u/GfH/Z+ho/20hWxmjX+eCTaFPN7KsCK"
    "mqjqhjJd4eQGyRYJeDeW9hBZpS45WJ6B56QfAtOBEQX9fvS7fhHofBDVuwGhUP0igc/mcOIIPnJJsbFNWRAs+cxI"
    "PmrT5TTSJccwOKUNVFLUlBJqSE1Fy8Z2eZMhx/CE0cP72CT1kctHmMVZrMIdTGjiEBsMjTMzkGmIVSePQb8QPzAK"
    "zCpSLUIZREd5Xr8h7DizHBGrWmISC8IzenWSmRntfsjb8gOIwg5MnE/g4/8UmLonJPDLkiznS3onlvqUazbgxyDE"
    "CaYGC3g9UEEFSwfL41j5uWXDJnpBu3yBqiOHJ/gYEs8DWmeYGW3FXwTWjt6PhBFETmofa6dSr8EIV9YWMWhBvbfF"
    "HRgrhniUsVQeUzwkF6ugfsbcTwSflDunVEsiVDCsNsiP4k9i3AIIkUIuLarlSKhjAOEX0EdJqEUt6ZCxgBZkUixC"
    "zi0gHLkxZlojflSbYE0Eat6AjQeqXZgRbJReruAjYgnNrsRDiR3nWsa6ZYNIuJRED8DEdzT8uCfkhDeYbTgqUvq9"
    "IjYIfbZESaUjfmlVSC80O6amjBhSEyBfWXeJPYZPl9uyqRCNKCKzUwVVi6zlFYcUaQmyg2Fy7c/P7fdgny2VOKQk"
    "VsCOu7WUN24r6du2Jd92B+SzKO1n6zkOWqrtDOB32z2M3rwINngXgJCivkI9FxVLI4lyaElUC3RpLeqGOzndu9Ju"
    "2leF3USS/wjqHIoKC+i63FKOqsCqaEyKKEGuIwZdE5s0UIauEAG7ZMxcDjZrd0KyN9IVPqoVRWLUtcdSEMAaBWOl"
    "PEsRgh5nBDTEwiR7JPO8wZ4Q0DMPXani2XR65fD5IP47BmheUiYqnrGc5xBETOMDELl2PkSerCyztxL1vCdSCwyD"
    "4CJtQyFcNwCXGloEBvEGR6hUPFVMudHxY6ERs39FyKLklIdURS7AMs4lfXNlXko6+Wxl8xXyx/L/xPwS1T8FzyP1"
    "xRzZ8xk6IVLjjukJKj1ULBh+Q80V5G8Az6N7wBPwMFf9bMlJldtKoMeSApjyU0ZnGzdKmAKhr/+oJsSy7nKlyyx7"
    "w1FJlvVKXp1QEfAm4yGDwbu31FCaCF/gE49yK0sFAm/rw62kT8SPO1TUtoelsoo7RNTz9GtyhH6t2ZWVO+q/kiUl"
    "y33K170+L/s59arhWtNcPMl6Qj6fgNA6Nva9ju0O3xV+L9noP6cuQExSbYsIJWnsLJDSFo3J+QNmYu3RaATWA/Og"
    "5uPMWrShmA0p1qyY+9ROq0cIAgk9baPo5UDUv7xsk9Mv3CJ6GQn6y12ZSD3HGLx2+KMZ939Z79FxCCQTeFF/PjqI"
    "GM2TdqjHSH3aErlY5etosTaolKwvGpKezxXRJYpYhtKm5irx+hifVQWX8KpUea+FLvEktHwTofU85HRzZ3Mt/cWH"
    "kTt+jXOhyO2XwIvIn5FMpy2yiA5Go0vv5VLdbl+0DXOOAlw9biTMo/O1Km6LlEgolOz1eLrFGJR3xMZRF4IXYYYa"
    "5++Ec1/O83WHw/xyi4wCbS9JeRhHnR4mVrthdgEDsuZ/aiKs6tKG2BgsqY0S6QxiwNanCoT6TqlFKO5TzdbesBgJ"
    "crGJgU5H8Rsg8hPcHDQY/vF+LchJKijkKE7IK6ZXvfqQ9lHJguomxV0YHdLBYiKjRh4lM54ZbGr7bsh7tlF627D9"
    "SPpyShYzSJ4tuZG2vQjU7ZP1B22ThTPXvFQtmoi6IozZJQKSzlObOnSDiaywX7XAwkhhC/hcdObYw6CozbhqmXXH"
    "b59eyrYch4Y9kvz0UmTJdYpRA/F0GAnY09RkJaB46ithN1hxkiXFDlIwIkxxY4PBDHrM1DhdqXDLlB9801v0Gx6D"
    "teScCPfRWADpVD/ywjz8JBL1rJs07A7SRssVBsV+GpfIX4uMVBeyV8T0OTtz07a0NdFyuQip77UgdHtQHgr+ufQf"
    "rDOPPtnViJdURGpTnxHxPKkmmo4Uw6sz3mPDYyHjHv4wFl/hgdNvEDhLuu6hW7oNv7tO7+Bt53F50tcszb94Kt+1"
    "61MLaQIDgmXEjpZR6Yxpe9TioJaHbC+6KMgtpC4JCVEzxFO5OIwcX0cuPYURzTKsPOVWcNRJRu0FhEm6UcywxVtI"
    "zdRKoIoy8r12hX//LbsyHt1gRExaqwAVR4NB2+1oWV3WhllYbTy6dZ0w89HX4+sxeRuCXiyE26+HN8efIPQfDIl3"
    "OhS05SfBZsfAol65HEwP++M+Vvft3QSkBWa+pti3h5bJR9Gyj7APYufaF8S+7z/U9KOmV69bWtu62VHYBWoNdhAE"
    "vW3rdXA1SkfIS7sLQB64TT0ffgurHadOF0eIXeOruyEv1KmOSyEV0nXRSDyhGATzdCXSMEXgFhJxNt/WkvEPR7du"
    "8C7CrAMNgHQT7trtHfyRrgxpR54vleRr7U/AKc9cLrUTBsSx0oWkR7Ll9itP5uupOHtALZRYByljm+Wqq0Mip9np"
    "0beOCgnhWLxgF4WKXoCQxLqQHBSJxQdbf0E0pPa4QzytO65CN9m8icZQG6q/lxQcqeJwBQxGZGJHL7vrzOMYSPjU"
    "kRCzTTqVtvRkoTbx2iWcFy8jOGbtje+eE9y4AKp5LldKi+/r9NyC61SrzTlnODiM5D31f1VILdX+5VFMveQnhc25"
    "7TltrzSo1mgfslI7cf0aMoazVEztF5NTIrFnfzwDTEC4LNrq2qta8i8ZEL78/jKhX6wwjHysLZaShETvbsBtYm+c"
    "+8Y0IBGIeGgsLnf0/ewCJBTSJ0e9nwxN+b449YUIp6ltsz93TPNAWTT/NgBfv5oSC2jqmq5lAW3G7S3x1f402f2A"
    "CS5rLN9eNyHGHqeo+4r1z9ztpau8Xnxkrs68jH4xxXmB7Dik29G156ssHiJjr4MVlBx6B2r6RmRKuT1YE0QZj+Px"
    "zdnuwmLmaZfESP0ZTN5kUNqg6PclPVE36HktIYCk7f0mCvyQSpV7nLe+lVyuiHv0g69j8aHfa31nzaUgmtTRvvvw"
    "MUWWhw9/4J9uxYrRKW5AeB1U52p+BXisOb8ySmO4iJcrrEcqIcxe5R/vMUwq1Uiz5Pd0QzNXuaQd7P2iwppy2/tZ"
    "RQqh6ZcqwCDm8xrx7k6Hkj333u4aaKfV6S6NJ7vzSge//xcPk+bJ"
)
