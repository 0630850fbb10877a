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


@pytest.mark.exercise("clopper_pearson")
class TestClopperPearson:
    @pytest.mark.visible
    def test_no_success_in_ten_leaves_room_for_31_percent(self, submission):
        compare.close(
            submission.clopper_pearson(0, 10, 0.95),
            (0.0, 0.3085),
            atol=1e-3,  # four printed digits
            what="clopper_pearson(0, 10, 0.95)",
            hint="the upper end is 1 - 0.025 ** (1 / 10)",
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
    "eNrFWs2OGzcSfhVigMCtiUbWyGN7rdmJYTsOYsDJLmIHdmAMFKqbkmh1k+0me2RNksvuZc/7KL7s3ecF9h32Sfar"
    "IvtH4/EYDhaTiz3qJotk1VdVXxX7l700l7rYm4q9J8ar6kzmTiwqWwi/UiJVxlcyF7kutKcntlKFkJUS3lrhCpnn"
    "wpr4x1yZdFXIau1E8tButqoSyguZj8RkPLk9FHLuICz1g2MhjVBYqZZeY7pRKnO8njQy3zrthqKUulKZyPRioSoI"
    "Vg4vM1Hm0hhtlsIuWMjbUlW6wC5F8p3OcyyJtY56a432hmKPpOi0zv0W57yFB+qtqlLtlMPvV7/spdj+zKnUmoye"
    "TMajMQalZd17GJ7tSJrgwUobz1L2Xqx0uhLOY5uyyoSqKltBJ7k1SycwyvIJdVTylH9ZgzOzYoVyXhfSq6HAtAvv"
    "KjzHH/ilHUTS+X2lVXafDvew4t8k4k1UaLvawlaFeCDK9+/El+KhKPHvI3GCs4gn3gXrKtbrSuYLsdGZX+HPMxWM"
    "b4sCwjJlbKGN9NjXIQScv39307BazyHqe6wg86+188lgpM3ZLM0WSULjoLjFQNwUE9g7rnQikvLff4syJobeJq1I"
    "DONdnIjzm72n4v2/hHtTeZqJx//9xz8F/hrcNHHEkXn/DlY+xX50UdoK+k8VDALA7a21yQjZqc0UbbhQksBDj54r"
    "wLZOgSugAAoTHg9IqU4YuxG5Ii1UFn4AHQqJV3W0A5A3Ht2dTDFOZNJLsok6A/Kkg0TSZ8CyV2/93Np1a3Ky5hrH"
    "C8qDSmvPADykrRpZ0K73Njp31tCA0kZoAc57VT2vdEo4o4PWEbmnvw3F/wm9f01eij+fiPWAjkPQo/05QY+/wmMo"
    "+3AwEgHjDxVOfSYrLee5EplVLoCzkOsWsnVZkv+bgNGndhN+TaFKoNR4nbMmSVSyHgojDtpFfmymXj6YRsUJ7Y7K"
    "ys7lXOfab8WS9rPRQLKS6YqXn2PirJGUyLxcSQLmUOysLGqTAw74BRVAXeQXuzMPMbY/u7+VndnmEkAeXQ3In2wd"
    "XE+aDjGs1rVSJSAKh8UxC0QthiRBbtvBctgovgROWFshTsCnFcUTkuo50uIFCyis8xeQOBn3kJjmlgwxK5Ws/hBI"
    "vogBr4Ih4Icr5IEQNXuHjrEytbXxbOrHsHn4CUus4IpSzDUFMGizj5LakF7KYOUPVK4AH7xe2RyJqaRVGOXGBo09"
    "qwuKjvPEDMny+6Lc31/jPwZIOdjfTyIm7JkKG1wHROb21fqU/Kykf1Yavz4/dH1TRW1Q6kUQiplGVnxeRH4YGHlH"
    "AyFwIcJNSvuQS+gJJ51HdansqjjUTLkOsx/umP1bhN9Cmq0wdTFXlQuqp5D0pqYkiUNDFkL1vKasaJtcVSIgAaeM"
    "gud4dKZSz6H7QMwJRkRR2LhbeBo5wjG5wZIoSnD1QBUQoHnKschGpPRkwG+zkfNZkmV2cXJIeYtTUq5Mkg1+T/bB"
    "/joVhG3NLQBSYCwImFsRxyJzpiQQxCYL0HcwD2cdADfQLgqVBICLxuy7ciBTs45M7Vj11nU4848mi65gahiCQjM0"
    "4FJbZQiunWnJUGKB/cKk2jTx3dYeFiYOWHGGQXp2nhJtbYByQ3/BqpVj4/8FUPFS5yQrRMTO7Yk2eg59lOCS+VCk"
    "A/iShJtLkJ0loALmwmu7kSAzWY4EjTwslEuAptF2AuxO4PmuLhKOCDx/KPSAY6wmZoH4tVRJtxzlGiZGYh8hgydc"
    "iqFPJIxn+m2rtpiAg4HFfCtuk2McsrooQpwhC0Ao6Bezv8lkMBQbzFBNfPIrWzvCeScRxtiw8hmYclkpdVXAKFKj"
    "QP5n6i1o93VEjVsfJotCbim8ySxDmqtL/A0jwGmQwIkkT0WlnM5qKnF8bzxAWKkc2shiQrEu0m3SHyygSrARFTMM"
    "wSuEppCHOeHktUP+iD6K7ACcUeDt1mtLKo6r8ACy5Eg8ChPdxZWGwnFggx/w7gn6GZ2JTeCtJ5kn4lWzwKu4A3Fy"
    "AoAi+p+OCJIBhfyAkGjKUW00TJzE4YPTY45ktN/e1uOSQwCKkJMRooLr8rExorIb9/lhDxyn6qUrItpr/OOQaGPM"
    "76kAK2oqnTaU6bJKbpBskYC7sbSHUOUQP0SwvJrN8IERBd1u9Lt9Heh8EtS7AaFQ/aKVz1bhxAF85JJiY+ucSRqf"
    "GclHbdqcRrrkGAantJ5K3JJSQgmpsYje2DZvMuQYnjC6/xCbpD5y+QCzMItV2MGEJg6xQV9XZobqDmLVyXPQL8QP"
    "jAKzClSLUAbRQZ7T54SdyixHxKqWmMSC8IxenSRmRrsf8rbcAKKwAxPmE/j4fwpM7RMS+PuSLOdLeieW+ox7CMCP"
    "QYgTTA0W8HqggohyC8vj0ImoljWb6Gfa5c+oglN4ggsh8SqgtYaZ0VbcdWDt6MNIGEBUSe1CLZ/rNRjhytqsLR7u"
    "iwcwVgjxZS6pXUPxkFysgPoZcz8QfGLunFJvA6GCYbVBfhRfiXEDIEQKubRG5oFQhwDCL6CPnFBbSFC2t7A5Kila"
    "hJxbQDhyY8i0RnyvNt6aANS0Bhv3VE4zI9govVzBR8QSml2JpxI7TrUMpfQGkXApiR6AiXc0/Lgn5IQ3mGw4KlL6"
    "PRAbhD6bo+DSAb+0KqRnmh1TU0b0sSmVrmx1gz2GT5favC4QjSgis1N5VYqk4RWHFGkJsoNhdO3Pz+2PubhDiUNK"
    "YgV03K2hvGFbUd+26UJsOyBfRGk/W89x0FxtZwB/td3B6N3rYIOPAAgpygPqAapQGkmUQ0uiWqBLa1HW3Fls3+Xc"
    "QOBXmd0Ekv8M6hyKAgvoMt9SjirAqmhMjCie+hHcP6tD0xDK0AUiYJuMmcvBZs1OSPZGVpkLakWRGHTtsBQEsEbB"
    "WCnPUoSgxwkBDbEwyh7JNK2xJwT0xEFXKns1nR4cng7Cf8cAzWvKRNkrlnMKQcQ0LoHIrash8mJlmb3l1q4dkVpg"
    "GAQXaRsK4boBuNTQIjCINzhCocKpQsoNjh8KjZD9C0IWJafUxypyAZZxJembK/Na0slnK5uukD+WfxDzi1Sfm1Im"
    "9D92fIZOiNTYMT1BpYcKBcOvqLm8/BXgefYYeAIe5qqfLTmpcp+zbUe5KaOziRs5TIHQ139UEmJZd6nSeZKcd92j"
    "mxMqAs4THjIYvH9HPc6JcBn+4lHVylKBwNu6vLv5ifjxgIra5rBUVnHTknrwbk2O0K8127Kyo/4rmZ8pd4Hyta+v"
    "yn6VelNzrWmun2S9IJ+PQGgcG/teh3aHawu/12z0n2IXICSppkWEkjR0Fkhpi9qk/AdmYu3RaBSafaj5OLNmTShm"
    "Q4p1sHZGLWwEBIQBSjavmkbR69goev1Bo+h1oOmvu2LRDE4RVXgU5O3vrweRzt/kDZSfjwgiQ/OoEWp1011Bjvyr"
    "0nWwUhNIctYRDYnP54ooUttC5PawuD3G36qAGziVq7R3jSPxxDccE+H0KrS0c2dzLd31h44Hbo1zobDtl72LwJmR"
    "QKcNmogCBkNL5+RS3W9eNJc27PlcMW6kE6VO1yq7L2LyoPCx09dpF2MgPhCbijoPvAiz0jC/E869OMdXbhXm51tk"
    "EWh7ScrDOOruMJnqhtkFDMia/6E2Yee59aEZmFPrJFAY+P3WxaqDek2xLSi+oTqtueUzEoRiE4KbDuKpqfwJPg7q"
    "C5+4pMdNickr5CVOwiumVL2akPZRyIxqJcWdF+3jwULyouYdJTCe6W1s9W7I9bdBetOk/UjKqpTMZpA8W3LzbHsd"
    "qNsl6E+axkp7hRLRRHQVocsuEYR0GlvTvh1MBIX9qgEWRgqbweeCM4e+BUVqxlXDpltO+/JGsuWwM+wR45c3AjMu"
    "Y0gaiJfDQLpexsYqAcVRLwm7wYqTJCp2EK+ICFPczGAwZ1lg1Um7xLDdwUDIOZHqo7EAsqlGZE+ju8GtSHNdliGk"
    "tgz6OPC4FQJqaJZx/fulSEhHPnlDNJ5TL3dkc1sS55YL3za1yLUdCA2F9lS6S6vIz7iXabqI2F5UQjASqYCXZ2SH"
    "dsZChk38aSy+wINKnyNE5nS/SHfCG353m97Br65i6qSpWZx//US9bcbHBtEEpgOHCP0qo+IZ4/aogUENDdncrFI4"
    "W0idE9CCZoiFcukXGLwOTHkKK5qlXznKm2Cgk4SaBwiIdH+dYIv3kHipUUD1YmBzzQr/+XtyMB7dYUhMGqsAFkeD"
    "QdPLaK/vmoAKq41H925zNv3Y6/HtkJQNYS+Uuc3Pw7vjT9D1S4PfgxYFTXFJsOn4VdArF3vxYX/cx6q6nT5/XGDm"
    "SopyO2iZfBQtuwj7CHY+P8p9e1lLj1pavV5oacu6I6gLVBLsIAhv28br4GqUeJCBuus9HriNHR1+C6sdxz4Wh4iu"
    "rdV+j5GpMx2WQtKjy6CReEFhDuZpC6BhjLXtpTPP5s8DyPiHo3t3eBe+uxIGkO7CXdu9H9BF8j7vyPGVkXyr3QkY"
    "44Wro2bCgNhUvG50SKvcXOXJfPkUZg9+V9iqukvNSA206ak89sB1yP3c9qG8u2h6CprqgCqDonfvkNtLxquiVjDR"
    "rNnADhTvXAO1u5KbxMV3FXZlUXOm1eaKM+wdBrIce6zKx7Zl/4ImpD5Ca2ZTbi1Om2sDal00D1mprbh+nRaCSixY"
    "dgs2+lDigw+mYG0Il1lTwTpVSv6ABUHE7S7j+8VBSJqByy8lCQk+VoNLhP4z92ZpQGQK4dBYXHZ0+eICJBTSJ0e9"
    "z8SmfCcbey+USmNrZHfumOaBMugAUqTMKeXi9gOTkIbuiS92p8n2ozWA3Fi+Ia59iACVog4n1r9wfxavy3pRirkx"
    "8yD6So6jM9lxSDeQa8fXRTxEhn4CKyiSjA7U9Is4kKouxlTNeByP7866S4GZo10SA3QXMHmXQWm9os+KeqLu0PNS"
    "QgBJ2/kODnyMSoPHnD0eSi4PxGP6yO9YXPaN3tfW3PCijl3jR0+fU8x4+vQ7/lwvVGiV4iLfaa9aV3MrwGPNWY5R"
    "GvhBuMBgPRJlNzvVdbgrMLE0Is2S39MtyFylknaw89WCNfm29+lCZBrxaxBgEPN5jXA/pn3Onvu4u2rptDrtkmm0"
    "O6+099v/ADLaez0="
)
