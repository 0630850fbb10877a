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
    "eNrFWlGPEzkS/ivWSCs6bAiZMCxH5uYQsKBFYvekhROsEJt1up3EpNtubPeEsLsvdy/3fD+Fl3vn+aT7D/dL7quy"
    "u9MZhkGg09zLTNJtl+2qr6q+KufXg7yUujqYioNHJih3KksvFs5WIqyUyJUJTpai1JUO9MQ6VQnplAjWCl/JshTW"
    "pA9zZfJVJd3ai+ye3WyVEyoIWY7EZDy5ORRy7iEsD4NjIY1QWKmRQWO6UarwvJ40stx67YeiltqpQhR6sVAOgpXH"
    "y0LUpTRGm6WwCxbyplZOV9ilyL7XZYklsdZRb63RwVAckBSdN2XY4pw38EC9US7XXnl8f/HrQY7tz7zKrSnoyWQ8"
    "GmNQXje9h/HZnqQJHqy0CSzl4NlK5yvhA7YpXSGUc9ZBJ6U1Sy8wyvIJdVLylL9ZgzOzYoXyQVcyqKHAtDPvHJ7j"
    "A75pD5F0/uC0Ku7Q4e45/k4iXieFdqstrKvEXVG/fye+FvdEjb/3xQnOIh4FH62rWK8rWS7ERhdhhY+nKhrfVhWE"
    "FcrYShsZsK9DCHj7/t11w2p9S9v5AUvI8lvtQzYYaXM6y4sF7TujsVDeYiCui8lxu9iJyOp//TWJmRh6mXVSgQze"
    "yIl4e733VLz/p/CvXaCZePyfv/9D4NPgukkjjsz7dzD0S2xJV7V1MEGuYBNg7mCtTUHgzm2haM+VkoQfevRUAblN"
    "DmgBCNCZCHhAevXC2I0oFSnCWbgC1CgkXjXJFADfeHRrMsU4UcggSQ/qFOCTHhJJpRHOQb0Jc2vXndVJMWscL+oP"
    "Wm0CY/CQtmpkRbs+2OjSW0MDapvQBUQfuGbudE5Qo4M2Cbwvfx+K/xmAI8AcAIFDr+B3EaXdwTts5rYxgdH3QAL0"
    "/BUHW+HcUsw1AQaHrZ2dy7kuddiKxhTQTz1ktEmz0wjDWmlIdWJlSwSCmlYpLJshsKKeNBWhcZ6ZoVgPxFVRX726"
    "xj+A4ZqoB1evZgYf8MaSEWiDa4AZWC7ti/VL8ccTyMSflca3z8fJQ5e0QaEOFk+eLR2fF542V+TnGggopkKTY9E+"
    "5BJ6wknnSV2quMjo7ZTLMPvhntm/A9YrabbCNNVcOR9VT9HndUNBCYeGLPjFvKEoZNvYUEungVNGwVM8OlV5YD+5"
    "JuYEI0oJbNytbTjEH5MfLSklMAjmMTTDG3jKsShGpPRswG+LkQ9FVhR2cXJIQYL9v1QmKwZf4urY304FcVtzC4BU"
    "GIuE51eU08icOQlEIiki9D3Mwy4O4MY0R1mNAHDWmOOeMWPymu2S155Vb1yGM/+F/Y2OYBoYQpGbFtrn1hUSvtqZ"
    "lgwlFtgvTKrNSMQsZpsAC1POdZyEEAt9oKjWGKDc0CdY1Xk2/p8BlSB1SbJowb7bW84FlcVs6CqbD0U+gC9JuLlE"
    "clkCKsgSvLYfCTKT5UjQysNCpQRoWm1nwO4Enu+bKuOIwPOHQg84SGsK44hfS5XtlvtaHA44CYmrCBk84VwMHV2M"
    "oSf6Tac2HyEUDSzmW3GTHOOQ1UUR4lQXZHbkOs62k8lgKDaYodr4FFa28YTznUQYY8PKZ2DKpVPqooBR5UaBbM3U"
    "G9Ccy4gaNz5MFpXcUniTRQGq1tT4DCPAacBDiJRMhVNeFw1RytAbDxA6VUIbRUoo1id6Q/qDBVSt8CdlGIJXDE1s"
    "YkZyXjYe+SP5KLIDcEaBd7deR2E5rsIDyJIjcT9O9GdXGgrPgQ1+wLsn6Bd0JjZBsIFknogX7QIv0g7EyQkAiuj/"
    "ckSQjCjkB4REU48ao2HiLA0fvDzmSEb77W09LTkEoAg5BSEqui4fGyOc3fjPD3s/wUd76YpYzRp/PBJtivk9FWBF"
    "TVR1Q5mucHKDZIsEvBtLe4isUpccLM/Ac9IPgenAiIJ+P/rdvAx0Porq3YBQqH6RwGdzOHEEH7mk2NimLAiWfGYk"
    "H7XpchrpkmMYnNIGKilqSgk1pKaiZWO7vMmQY3jC6OFDbJL6yOUjzOIsVuEOJjRxiA2GxpkZyDTEqpOnoF+IHxgF"
    "ZhWpFqEMoqM8r98SdpxZjohVLTGJBeEZvTrJzIx2P+Rt+QFEYQcmzifw8X8KTN0TEvhlSZbzJb0TS33KNRvwYxDi"
    "BFODBbweqKCCpYPlcaz83LJhE/1Cu/wFVUcOT/AxJF4EtM4wM9qKvwysHX0YCSOInNQ+1k6lXoMRrqwtYtCCeu+I"
    "uzBWDPEoY6k8pnhILlZB/Yy5Hwk+KXdOqZZEqGBYbZAfxZ/EuAUQIoVcWlTLkVDHAMIvoI+SUIta0iFjAS3IpFiE"
    "nFtAOHJjzLRG/KA2wZoI1LwBGw9UuzAj2Ci9XMFHxBKaXYnHEjvOtYx1ywaRcCmJHoCJ72j4cU/ICW8w23BUpPR7"
    "TWwQ+myJkkpH/NKqkF5odkxNGTGkJkC+su4KewyfLrdlUyEaUURmpwqqFlnLKw4p0hJkB8Pk2p+f2x/APlsqcUhJ"
    "rIAdd2spb9xW0rdtS77tDshnUdrP1nMctFTbGcDvtnsYvXUZbPA+ACFFfY16LiqWRhLl0JKoFujSWtQNd3K6d6Xd"
    "tK8Ku4kk/wnUORQVFtB1uaUcVYFV0ZgUUYJcRwy6JjZpoAxdIQJ2yZi5HGzW7oRkb6QrfFQrisSoa4+lIIA1CsZK"
    "eZYiBD3OCGiIhUn2SOZ5gz0hoGceulLFi+n02uHLQfx3DNC8okxUvGA5LyGImMY5ELlxMUSerSyztxL1vCdSCwyD"
    "4CJtQyFcNwCXGloEBvEGR6hUPFVMudHxY6ERs39FyKLklIdURS7AMi4kfXNlXkk6+Wxl8xXyx/L/xPwS1T8FzyP1"
    "xRzZ8xk6IVLjjukJKj1ULBh+Q80V5G8Az5MHwBPwMFf9bMlJldtKoMeSApjyU0ZnGzdKmAKhr/+oJsSy7nKlyyx7"
    "y1FJlvVKXp9QEfA24yGDwft31FCaCF/gE49yK0sFAm/r/FbSJ+LHXSpq28NSWcUdIup5+jU5Qr/W7MrKHfVfyZKS"
    "5T7l615flP2cet1wrWkun2Q9I59PQGgdG/tex3aH7wq/V2z0n1IXICaptkWEkjR2Fkhpi8bk/AEzsfZoNALrgXlQ"
    "83FmLdpQzIYUa1bMQ2qn1SMEgYSetlH0aiDqn1+1yelnbhG9igT91a5MpJ5jDF47/NGMhz+v9+g4BJIJvKg/Hx1E"
    "jOZJO9RjpD5tiVys8nW0WBtUStYXDUnP54roEkUsQ2lTc5V4c4zPqoJLeFWqvNdCl3gSWr6J0HoRcrq5s7mW/vLD"
    "yF2/xrlQ5PZL4EXkz0im0xZZRAej0aX3cqnutC/ahjlHAa4eNxLm0flaFXdESiQUSvZ6PN1iDMq7YuOoC8GLMEON"
    "83fCuS/n+brDYX65RUaBtpekPIyjTg8Tq90wu4ABWfM/NhFWdWlDbAyW1EaJdAYxYOtTBUJ9p9QiFA+pZmtvWIwE"
    "udjEQKej+A0Q+QluDhoM//iwFuQkFRRyFCfkFdOrXn1I+6hkQXWT4i6MDulgMZFRI4+SGc8MNrV9N+Q92yi9bdh+"
    "JH05JYsZJM+W3EjbXgbq9sn6o7bJwplrXqoWTURdEcbsEgFJ56lNHbrBRFbYr1pgYaSwBXwuOnPsYVDUZly1zLrj"
    "t8+vZFuOQ8MeSX5+JbLkOsWogXg+jATseWqyElA89ZWwG6w4yZJiBykYEaa4scFgLorIsLNuiWG3g4GQcyLYR2MB"
    "ZFO9yJ5GlzJbkZe6rmN47dh0CosrhNfYOONa+GuRkY5C9pooPadh7s6Wtib+LReha3CRa3uQGwrzufTnVpRHn+xf"
    "xOsooq+po4jtJSVEI5EKeHlGdmxtLGTcxB/G4is8cPotQmRJFzt0H7fhdzfpHfzqItZOmpql+ZdP2rvGfGoWTWA6"
    "8InYuzIqnTFtj5oZ1NyQ7ZUWhbOF1CUBLWqGGCmXgZHN68iap7CiWYaVpywKNjrJqJGAgEh3hxm2eBtJmJoGVDtG"
    "Zteu8O+/ZdfGo28YEpPWKoDF0WDQ9jVa/pa1ARVWG49u3yTQfPT1+GZM04awF0ve9uvhrfEnqPu5we9uh4K20CTY"
    "7LhW1CsXfulhf9zHKry9nn9aYOZrinJ7aJl8FC37CDsXOze+IMp9d157j9pbvb5obetmR1YXqCrYQRDetq3XwdUo"
    "8SAD7a76eOA2dXf4Lax2nHpaHCJ2La7uLrxQpzouhaRHF0Mj8YzCHMzTFUPDFGtbSMTZfC9Lxj8c3f6GdxFmHWgA"
    "pFtw127vYIp0OUg78nx9JN9ofwL2eOYaqZ0wIDaVrh490io3WnkyX0TF2YMvCltud8GZqIE2PZWnfriOuZ9bQJR3"
    "F21/QVNN4AoomtL9jgB2F44XRa1oolm7gT0ofnMJ1O5CbpIW31fYhQXOqVabC85wcBjJcuq3qpBamP3Lmpj6CK2F"
    "zbnNOG2vEIjbtw9ZqZ24fs0Wg0oqXvaLtymRxrM/VoG1IVwWbTXrVS35lwMIIn5/mdAvDmLSjFx+KUlI9LEGXCL2"
    "orlPSwMSU4iHxuJyR5fPLkBCIX1y1PuJzpTvZ1MfhlJpapPszx3TPFAGHUGKlDmlXNyALThwhyKmodviq/1psvvB"
    "EEBuLN8WNyFGAKeo24n1z9ylpauzXpRibsw8iH6hxNGZ7Dik28i156sjHiJjb4EVlEjGDtT0jTiQcnuwJogyHsfj"
    "W7PdBcHM0y6JAfozmLzFoLRB0e85eqJu0/NaQgBJ2/sNEvgYlQYPOHvck1weiAf0A6tjcd7vo7615koQTeog33/8"
    "lGLG48ff80+lYoXmFBf8XgfVuZpfAR5rznKM0sgP4mUG65Eou9mrtOO9gUmlEWmW/J5uROYql7SDvV8wWFNuez9j"
    "SEwj/TIEGMR8XiPelelQsuc+2F277LQ63SXTZHde6eD3/wJOB7UM"
)
