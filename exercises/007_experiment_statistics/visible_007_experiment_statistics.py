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
    "eNrFWsGOG8cR/ZXGAoaHMkVxKa0V7WbjyLYMG7ATwHZgB4JMN2eaZIvD6dF0z1KU40tyyTmf4kvuOgfIP+RL8l51"
    "z3C4ltewEWwuu+RMd3V31auqV9X87iQvtd2enKuTT6pgmitderVs3FaFtVG5qUKjS1XarQ184hqzVboxKjin/FaX"
    "pXJV+rAwVb7e6mbjVfa+2+1No0xQupyo2XR2NlZ64SEsD6MLpStlsFKrg8X0ypjCy3q60uXeWz9WtbaNKVRhl0vT"
    "QLDxeFmoutRVZauVcksR8rI2jd1ilyr7zJYllsRaDwZrTU7G6oRSbN6WYY9z3scD89I0ufXG4/vT705ybH/uTe6q"
    "gk9m08kUg/K6HTyMz44kzfBgbasgUk6+Wtt8rXzANnVTKNM0roFOSletvMIoJye0Scnn8s1VOLMoVhkf7FYHM1aY"
    "du1dg+f4gG/WQyTPHxprivd4uPcb+U4RL5JC+9WWrtmqx6p+/YN6R72vavz9QF3iLOqT4KN1jeh1rcul2tkirPHx"
    "ykTju+0WwgpTua2tdMC+TiHg1esf7lWi1lfczh+whC4/tD5ko4mtruZ5seS+M46F8pYjdU/NLrrFLlVW/+uvScys"
    "4suslwpkyEYu1at7g6fq9T+Vf9EEzsTj//z9HwqfRveqNOJB9foHGPoZtmS3tWtggtzAJsDcycZWBcGdu8Jwz1uj"
    "iR8++tIAuW0OaAEI0JkKeEC9elW5nSoNFdE4uALUqDRetckUAN908nB2jnGq0EFTD+YK4NMeEqnSCOdgXoaFc5ve"
    "6lTMBseL+oNW2yAYPOVWK73lrk92tvSu4oDaJXQB0SdNu2hsTqjxoG0C77Pvx+p/BuAIsAaAwKHX8LuI0v7gPTZz"
    "11ZB0PdEA/TyFQdb49xaLSwBg8PWjVvohS1t2Ku2KqCfeixo09VBIwJrYyG1UWtXIhDUXKVwYoYgivqi3RKNi6wa"
    "q81I3VH1nTsb/AMY7qp6dOdOVuED3jgagRvcAMzAcumebp6p315CJv6sLb79cpx81CRtMNTB4smzdSPnhactDP3c"
    "AgHFubJ0LO5Dr6AnnHSR1GWKm4zeTbkNs58emf1jYH2rq72q2u3CND6qntHnRcughENDFvxi0TIKuS421LqxwKmg"
    "4Es8ujJ5ED+5qxaEEVOCGHfvWgnxF/SjFVOCgGARQzO8QaZcqGJCpWcjeVtMfCiyonDLy1MGCfH/0lRZMfo1ro79"
    "HVQQt7VwAMgWY5Hw/Jo5jebMKRCJpIjQ9zCPuDiAG9McsxoBcN2Y04ExY/KaH5LXkVXv34Yz/0n8jUeoWhjC0E0L"
    "63PXFBq+2puWhlJL7BcmtdVExSzm2gALM+c2koQQC31gVGsroLziJ1i18WL8PwIqQduSsrjg0O2d5IKtw2zoKluM"
    "VT6CL2m4uUZyWQEqyBKytp8omslJJOjkYaFSAzSdtjNgdwbP9+02k4gg88fKjiRIW4ZxxK+VyQ7LvaNOR5KE1B2E"
    "DJnwRgw9uBlDX9iXvdp8hFA0sFrs1Rkd41TUxQhxZQuaHblOsu1sNhqrHWaYLj6FtWs9cX6QCGPsRPkCTL1qjLkp"
    "YGzzyoBszc1L0JzbiBr3f5wstnrP8KaLAlStrfEZRoDTgIeQlJyrxnhbtKSUYTAeIGxMCW0UKaE4n+gN9QcLmNrg"
    "T8owhFcMTWJiQXJeth75I/kosgNwxsB7WK+nsBJX4QG05ER9ECf66yuNlZfABj+Q3RP6Bc8kJgguUOaletot8DTt"
    "QF1eAqCI/s8mhGREoTwgEqt60lYWJs7S8NGzC4lk3O9g62nJMQBF5BREVHRdOTZGNG7nf3nY+zN8dJCuyGo2+OOR"
    "aFPMH6gAK1pS1R0zXdHoHZItEvBhLPcQWaUtJVheg+dsGALTgREF/XH0O7sNdH4S1bsDoTDDIkHO1uDEEXx0SbVz"
    "bVkQlnJmJB+z63MadSkxDE7pAkuKmimhhtRUtOxcnzcFcgJPGD38GJtUH10+wizOEhUeYMKJY2wwtE01B5mGWHP5"
    "JegX4gdGgVlFqkWUQXSU5+0rYqepVhOyqhUmiSA846vLrJpz92PZlh9BFHZQxfkEn/xnYOqfUOCvS7KSL/lOreyV"
    "1GzAT4UQp4QaLOH1QAULlh6WF7Hya1atmOhb7vJbVB05PMHHkHgT0HrDzLkVfxtYe/DjSBhB1GjrY+1U2g0Y4dq5"
    "IgYtqPc99RjGiiEeZSzLY8ZDutgW6hfMfU74pNx5zloSoUJgtUN+VL9T0w5AiBR65VAtR0IdA4i8gD5Koha1ZIOM"
    "BbQgk2IROreCcOTGmGkr9QezC66KQM1bsPHA2kUYwc7Y1Ro+olbQ7Fp9qrHj3OpYt+wQCVea9ABM/EDDLwZCLmWD"
    "2U6iItPvXbVD6HMlSiob8ctVIb2w4piWGTGkJkC+ds3b4jFyutyV7RbRiBFZnCqYWmUdrzhlpCVkR1EX0b3TwW0q"
    "mUuIOjV3f/PL0/4TmG7P6of6E90caF3HhuOOkylcVw3uDxi/DuBhIl9AB6XZz+EXzf4Ivg9vgyh+AKxoVd9lO8bE"
    "qkmjUlqRhYFJbVTdSpOnfwdVdq8Kt4v8/wuoc6y2WMDW5Z7pawvCxTEp2AS9ifBs2ti/gTLsFsGxz9NC82DObieU"
    "vdNN4aNaUT9GXXssBQGiUZBZpmAGDz7OiEGEySR7ovO8xZ4Q6zMPXZni6fn53dNno/jvAnh6ziRVPBU5zyCIJOQN"
    "ELl/M0S+WjshdiVKfU++C3iD+yKjQyFSUgCyFloENPEGR9iaeKqYjWNMiDVIJAZbIot5Kw+pwFyCgNzIBxemeq55"
    "8vna5WukltX/iRSmKuAKFJDqi+lz4DM8IbLmgQQqViUm1hJ/QTkW9F8Ani+eAE/Aw8IME6nkW+k4gTlrurjx54LO"
    "LqSUMAWi4vBRTcSK7nJjyyx7JQFLl/Va35uxPniVyZDR6PUP7DXNlC/wSUY1a8faQbb15i7Tz8SPx6x3u8Oy4pLm"
    "EduhfkNHGJahfcV5qArWumQePWaD/eubEmNjXrRShla3z7++os8nIHSOjX1vYifE9zXhczH6n1ODIOavrnuEajU2"
    "Hai0ZVvl8gEzsfZkMgEhgnlQDkrSLbpQLIZUG1HMR+y01RMEgYSerof0fKTqb553eesb6R49j9z9+aGCZDsyBq8D"
    "/jjjo282R0wdAmkCr+pfjg5ypkXSDtuPbOGWSNMm30SLdUGlFH1xSHq+MGRSjFhVynLQztkUn80WLuFNafJBd13j"
    "SeioKELrTcjp584XVvvbDyOP/QbnQv07rI6XkVojmZ53yCJTjEbX3uuVea970fXSJQpIYbnTMI/NN6Z4T6VEwlBy"
    "1P7pFxNQPla7hg0KWUTIa5x/EC4tOy83IQ3ml3tkFGh7ReVhHJtAwrkOw9wSBhTNf95GWNWlC7FnWLLDEpkOYsDe"
    "p+KELanUPVQfsZzrLl8qDXKxi4HORvE7IPJnaDsYMvzjx2WiJKlgkKMkIa+FeQ1KR+5jqwuWVEYaNDakg8VExh4f"
    "k5nMDC51hHf0nn2U3vVyfyJ9NUYXc0ier6THtr8N1B3z+E+6/otkrkVpOjSR1SKMuRUCks1TBzv0g0lWxK86YGGk"
    "cgV8LjpzbG8waguuOtLdU9+v3872EofGA/789duRQNcpRo3U1+NIwL5O/VcCxbPlhN1gxVmWFDtKwYiYkp6HgBnM"
    "WVhzum2Rbqo8+P1g0d/LGKwVuXNPtYcM+pHKZmcKHsDajPuZTUHu/AY4OH0wjY/OxtPpdJT2KxIuI/XP+rXG/fm7"
    "ILvGoNihk6L7HZVR4yF7wdpBkrq0gUtXC9FfhtRJW9IpPJgSc0au/Rsr1wc/2yeJ117kwqlziTSQNBotTn3K6uIm"
    "sYWy1HEPv5mqt/Cgsa8Qb0teIEV98d0Z38FJbyoBqM55mn/7FUB/AZCaUp1FYzfTpDOm7bFpwiaK7q7OGBuX2pYE"
    "UNQM6a2Um7E0sJGCn8OI1SqsPVMyqO0sY8MC0ZV3lBm2+AgZnc0J1qiRJnYr/Ptv2d3p5F1BxKyzClDxYDTq+icd"
    "Gcy66AyrTSePzoiZn3w9PYs5vyL0YmndfT19OP2ZOuCNkfRxj4KuoCVsDsQt6lWqyPRwOO6nysWju4W0wNzXDJlH"
    "aJn9JFqOEfZG7Nz/FSHz4ze1EdlGG/Rfa1e3B+a7RIkiDoJYue+8Dq7GLIZ0drhSlIH71EWSt7DaReqdSYQ4tNL6"
    "O/fCXNm4FDIoL6Am6ivGIJinr6zGKXB3kIiz5f6Xxj+dPHpXdhHmPWgApIdw137voJ28hOSOvFxT6ZfWX4KKXruu"
    "6iaMSM3SFadHjpaGrkyWC684e8SmTCyfTOXa1bovXyIVOujRd44KCeFCfSsuChV9Cx4Ty0k6KPKRD67+FdGQDfcG"
    "8bTuKQ7vxmUTbcXG1nAvKTiyUGkKGIwc5MBK+wvSixhI5NSRR4tNepV2rGZpdvEiJ9wULyM45t0d8pETvHsLDPVG"
    "ipUWP9bpjXXalTW7G85wcho5f+oom5CatMPrKL1gEKGfFC6XRup5d0nCEqV7KErtxQ1LzxjOUg12XIOek/te/zkO"
    "MAHhuuiKcm9qLb+NQPjyx8uEYY0jMPKxJFlpCone3YISxW67dKI5IBGIeGgsrg+s//oCFArpsweDHyGdyw10aicR"
    "p6nbczx3ynkgLlZ+bYCvb52TBbR1zYteQFtw+0i9dTxN9z+JgstWTu7D2xBjT2PYz8X6124L0+XgID4KxRc6x99g"
    "SV6gHce8byWjgiPIEB1bJKKg5NAHUPMbyZRpjmBNiAoep9OH88MVyNxzlySy/homHwooXTD8xcpA1Lt8XmsIoLSj"
    "X1mBVrLCeSJ5630tVY56wp+QXag3/QLsQ1e9HVSbeuQffPolI8unn34mPwaLhWZjpG/hbTC9q/k14LGR/CoojeEi"
    "XteIHll5VEcNg3gzUqUKj5ql3/POZ2FyzR0c/UbDVeV+8EONFELTb1+AQcyXNeJtoA2leO6Tw8XSQavnhzSe7C4r"
    "nXz/XyMkACk="
)
