"""Graders of 503, gaps: loops over questions and all sign patterns counted by recursion as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

import pytest
import torch

from firsthand import compare


def skills(broken, score, named, kept_of=None, selected=None):
    """G, D and C of each question, by loops. kept_of: which answers are not rejected; selected: the discriminator's choice."""
    rows = []
    for lines, scores, critiques in zip(
        broken.tolist(), score.tolist(), named.tolist(), strict=True
    ):
        valid = [not any(answer) for answer in lines]
        best = selected(scores) if selected else scores.index(max(scores))
        rejected = [answer[line] for answer, line in zip(lines, critiques, strict=True)]
        kept = kept_of(valid, rejected) if kept_of else [not r for r in rejected]
        left = [v for v, k in zip(valid, kept, strict=True) if k]
        rows.append(
            (sum(valid) / len(valid), float(valid[best]), sum(left) / len(left) if left else 0.0)
        )
    return rows


def report_of(g, d, c):
    return {"G": g, "D": d, "C": c, "GD": d - g, "GC": c - g, "DC": d - c}


def averaged(rows):
    return report_of(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def gdc_mistakes(broken, score, named):
    right = averaged(skills(broken, score, named))
    g, d, c = right["G"], right["D"], right["C"]
    valid = ~broken.any(2)
    kept = ~broken.gather(2, named[..., None])[..., 0]

    def first_kept(valid, rejected):
        place = rejected.index(False) if False in rejected else 0
        return [k == place for k in range(len(valid))]

    def last_best(scores):
        return len(scores) - 1 - scores[::-1].index(max(scores))

    def last_kept_only(valid, rejected):
        place = (
            len(rejected) - 1 - rejected[::-1].index(False) if False in rejected else len(valid) - 1
        )
        return [k == place for k in range(len(valid))]

    def above_a_hundred_below_zero(scores):
        best, high = 0, -100.0
        for place, value in enumerate(scores):
            if value > high:
                best, high = place, value
        return best

    cell = int(score.flatten().argmax())
    squashed = score.float().sigmoid()
    rest = torch.tensor(skills(broken, score, named))[kept.any(1), 2]
    return {
        "all scores may be low: start the search at the first score or at minus infinity": averaged(
            skills(broken, score, named, selected=above_a_hundred_below_zero)
        ),
        "scores that differ must stay different: float32 makes some of them equal": averaged(
            skills(broken, score.float(), named)
        ),
        "scores that differ must stay different: choose by the score as it is": averaged(
            skills(broken, squashed, named)
        ),
        "only verified critiques reject: the named line itself must be broken": averaged(
            skills(broken, score, named, lambda valid, rejected: valid)
        ),
        "a verified critique rejects an answer, it does not keep it": averaged(
            skills(broken, score, named, lambda valid, rejected: rejected)
        ),
        "a random answer of those that remain, not the first": averaged(
            skills(broken, score, named, first_kept)
        ),
        "a random answer of those that remain, not the last": averaged(
            skills(broken, score, named, last_kept_only)
        ),
        "average C over questions, not over all answers that remain": report_of(
            g, d, float((valid & kept).sum() / kept.sum().clamp(min=1))
        ),
        "rejected answers are out: divide by the number that remain": report_of(g, d, g),
        "the discriminator chooses, not the truth: an answer may be valid and not chosen": report_of(
            g, float(valid.any(1).double().mean()), c
        ),
        "the highest score is chosen, not the lowest": averaged(
            skills(broken, score, named, selected=lambda scores: scores.index(min(scores)))
        ),
        "the first answer with the highest score": averaged(
            skills(broken, score, named, selected=last_best)
        ),
        "a question without an answer left counts, with C = 0": report_of(
            g, d, float(rest.mean()) if len(rest) else 0.0
        ),
        "one answer for each question, not one for all of them": report_of(
            g, float(valid.flatten()[cell]), c
        ),
        "DC is D minus C, GD is D minus G, GC is C minus G": {
            "G": g, "D": d, "C": c, "GD": g - d, "GC": g - c, "DC": c - d,
        },
        "DC is D minus C": right | {"DC": c - d},
    }  # fmt: skip


def drawn_answers(questions, answers, lines, generator, *, flawed=0.6):
    broken = torch.rand(questions, answers, lines, generator=generator) < 0.4
    broken &= torch.rand(questions, answers, 1, generator=generator) < flawed
    score = torch.randint(0, 5, (questions, answers), generator=generator) / 4
    named = torch.randint(lines, (questions, answers), generator=generator)
    return broken, score, named


def check_gdc(
    submission,
    broken,
    score,
    named,
    what,
    hint="for each question first, then the mean over questions",
):
    with compare.unchanged(broken=broken, score=score, named=named):
        got = submission.gdc(broken, score, named)
    compare.close(
        got,
        averaged(skills(broken, score, named)),
        what=what,
        hint=hint,
        known=gdc_mistakes(broken, score, named),
    )


@pytest.mark.exercise("gdc")
class TestGdc:
    @pytest.mark.visible
    def test_the_worked_question_has_a_gap_of_one_third(self, submission):
        broken = torch.tensor([[[True, False], [False, False], [True, True], [False, False]]])
        compare.close(
            submission.gdc(
                broken, torch.tensor([[0.1, 0.9, 0.3, 0.2]]), torch.tensor([[1, 0, 0, 1]])
            ),
            {"G": 1 / 2, "D": 1.0, "C": 2 / 3, "GD": 1 / 2, "GC": 1 / 6, "DC": 1 / 3},
            what="gdc of the worked example",
            hint="only the third answer is rejected: the critique of the first names a whole line",
        )

    @pytest.mark.weight(3)
    def test_skills_are_averaged_over_questions(self, submission, generator):
        for questions, answers, lines in ((9, 4, 3), (30, 8, 8), (2, 5, 10)):
            drawn = drawn_answers(questions, answers, lines, generator)
            check_gdc(
                submission, *drawn, f"gdc of {questions} questions with {answers} answers each"
            )

    @pytest.mark.weight(2)
    def test_valid_answers_are_never_rejected(self, submission, generator):
        for _ in range(3):
            broken, score, named = drawn_answers(12, 6, 4, generator, flawed=0.4)
            broken[:, 0] = False
            check_gdc(
                submission, broken, score, named, "gdc where each question has a valid answer"
            )

    def test_a_question_with_all_answers_rejected_counts_as_zero(self, submission, generator):
        broken, score, named = drawn_answers(6, 3, 5, generator)
        broken[1], broken[4] = False, False
        broken[1].scatter_(1, named[1, :, None], True)
        broken[4].scatter_(1, named[4, :, None], True)
        check_gdc(
            submission,
            broken,
            score,
            named,
            "gdc where two questions have no answer left",
            hint="where no answer remains, C of that question is 0",
        )

    def test_the_first_of_several_highest_scores_is_chosen(self, submission, generator):
        broken, score, named = drawn_answers(20, 7, 4, generator)
        check_gdc(submission, broken, torch.full_like(score, 0.5), named, "gdc with equal scores")
        check_gdc(submission, broken, score.round(), named, "gdc with tied scores")

    def test_one_answer_a_question_is_enough(self, submission, generator):
        for questions in (1, 15):
            drawn = drawn_answers(questions, 1, 4, generator)
            check_gdc(submission, *drawn, f"gdc of {questions} questions with one answer each")

    def test_scores_may_be_negative_logits(self, submission, generator):
        broken, score, named = drawn_answers(15, 5, 4, generator)
        check_gdc(submission, broken, score * 20 - 60, named, "gdc with negative scores")

    def test_scores_may_be_large_logits(self, submission, generator):
        broken, score, named = drawn_answers(25, 5, 4, generator)
        check_gdc(submission, broken, score * 40 + 30, named, "gdc with scores from 30 to 70")

    @pytest.mark.weight(2)
    def test_scores_are_compared_as_they_are(self, submission, generator):
        for what, low, step, dtype in (
            ("from 20 to 30", 20.0, 2.5, torch.float32),
            ("from 200 to 300", 200.0, 25.0, torch.float32),
            ("from -300 to -200", -300.0, 25.0, torch.float32),
            ("from -4e30 to 0", -4e30, 1e30, torch.float32),
            ("near 1 that differ by 1e-9", 1.0, 1e-9, torch.float64),
        ):
            # The highest score stands anywhere but first. It is on the one valid answer, or on the one flawed answer.
            place = torch.stack([torch.randperm(5, generator=generator) for _ in range(8)])
            place = torch.where(place[:, :1] == 4, 4 - place, place)
            score = (low + step * place.double()).to(dtype)
            for flawed in (place != 4, place == 4):
                broken = torch.zeros(8, 5, 3, dtype=torch.bool)
                broken[..., 0] = flawed
                named = torch.randint(3, (8, 5), generator=generator)
                check_gdc(submission, broken, score, named, f"gdc with scores {what}")


def tail(changes, observed, total=0.0, slack=1e-9):
    """How many sign patterns reach a sum of at least `observed` in size, by recursion."""
    if not changes:
        return int(abs(total) >= observed - slack)
    head, *rest = changes
    return tail(rest, observed, total + head, slack) + tail(rest, observed, total - head, slack)


def above_total(changes, observed, total=0.0):
    """How many sign patterns reach a sum of at least `observed`, by recursion."""
    if not changes:
        return int(total >= observed - 1e-9)
    head, *rest = changes
    return above_total(rest, observed, total + head) + above_total(rest, observed, total - head)


def judged_gap(changes, p=None, mean=None):
    mean = sum(changes) / len(changes) if mean is None else mean
    p = tail(changes, abs(sum(changes))) / 2 ** len(changes) if p is None else p
    verdict = "no clear trend" if p > 0.05 else "closes" if mean < 0 else "widens"
    return {"change": mean, "p": p, "verdict": verdict}


def drawn_table(changes, generator, *, extra=1):
    """Rows in random order: widths 8 and 40 with these changes, three other widths, and runs with one width only."""
    rows = []
    for run, change in enumerate(changes):
        base = float(torch.randint(-32, 96, (), generator=generator)) / 64
        rows += [(8, 3 * run, base), (40, 3 * run, base + change), (20, 3 * run, 7.0 + run)]
        rows += [(2, 3 * run, 1.5 * run), (90, 3 * run, -2.5 * run * run)]
    for lonely in range(extra):
        rows += [(8, 100 + lonely, 5.0), (40, 200 + lonely, -6.0)]
    order = torch.randperm(len(rows), generator=generator).tolist()
    width, run, gap = zip(*[rows[place] for place in order], strict=True)
    return torch.tensor(width), torch.tensor(gap, dtype=torch.float64), torch.tensor(run)


def between_extremes(table):
    """Changes from the smallest to the largest width of the table, run by run."""
    width, gap, run = (column.tolist() for column in table)
    found = dict(zip(zip(width, run, strict=True), gap, strict=True))
    low, high = min(width), max(width)
    return [found[high, r] - value for (w, r), value in found.items() if w == low]


def gap_mistakes(changes, table):
    width, gap, _ = table
    right = judged_gap(changes)
    n, observed = len(changes), abs(sum(changes))
    above = (2**n - tail(changes, observed)) / 2**n
    strict = judged_gap(changes, p=tail(changes, observed + 3e-9) / 2**n)
    one_sided = above_total(changes, sum(changes)) / 2**n
    by_size = above_total(changes, observed) / 2**n
    sign = "closes" if right["change"] < 0 else "widens"
    low, high = gap[width == 8], gap[width == 40]
    return {
        "the verdict comes from p, not from the sign of the mean alone": right | {"verdict": sign},
        "larger minus smaller": judged_gap([-c for c in changes]),
        "runs are paired by their number, not by their place in the table": judged_gap(
            (high - low).tolist() if len(high) == len(low) else changes
        ),
        "a run that lacks one of the two widths is left out": right
        | {"change": float(high.mean() - low.mean())},
        "the two widths that were asked for, not the smallest and the largest": judged_gap(
            between_extremes(table)
        ),
        "two-sided: compare the sizes of the sums": judged_gap(changes, p=one_sided),
        "two-sided: the sizes of all sums are compared": judged_gap(changes, p=by_size),
        "the observed signs count too: sums of the same size, not only larger ones": strict,
        "p is the share of sign patterns at least as extreme": judged_gap(changes, p=above),
        "the mean over runs, not the sum": right | {"change": sum(changes)},
        "sums that agree within 1e-9 count as equal, however small they are": judged_gap(
            changes, p=tail(changes, observed, slack=1e-9 * observed) / 2**n
        ),
        **{
            f"sums that differ by more than 1e-9 are not equal: {slack:g} is too wide": judged_gap(
                changes, p=tail(changes, observed, slack=slack) / 2**n
            )
            for slack in (1e-8, 1e-7, 1e-6, 1e-5)
        },
    }


def drawn_changes(runs, shift, generator):
    """Changes whose p tells the known mistakes apart: with 4 patterns two of them would agree."""
    while True:
        changes = [(float(torch.randn((), generator=generator)) + shift) / 4 for _ in range(runs)]
        if tail(changes, abs(sum(changes))) != 4:
            return changes


PAIRED = "pair runs by number; p counts sign patterns whose sum is at least as large in size"


def check_verdict(submission, changes, generator, what, *, extra=1, hint=PAIRED):
    table = drawn_table(changes, generator, extra=extra)
    with compare.unchanged(width=table[0], gap=table[1], run=table[2]):
        got = submission.gap_verdict(*table, 8, 40)
    wanted = judged_gap(changes)
    if isinstance(got, dict) and got.keys() == wanted.keys():
        numbers = {key: got[key] for key in ("change", "p")}
        right = {key: wanted[key] for key in ("change", "p")}
        known = gap_mistakes(changes, table)
        compare.close(
            numbers,
            right,
            what=what,
            hint=hint,
            known={hint: {k: v[k] for k in ("change", "p")} for hint, v in known.items()},
        )
        compare.equal(
            got["verdict"],
            wanted["verdict"],
            what=f"the verdict of {what}",
            hint='"no clear trend" if p > 0.05, else "closes" below 0 and "widens" above',
            known={hint: v["verdict"] for hint, v in list(known.items())[:1]},
        )
    else:
        compare.equal(got, wanted, what=what, hint="a dict with `change`, `p` and `verdict`")


@pytest.mark.exercise("gap_verdict")
class TestGapVerdict:
    @pytest.mark.visible
    def test_two_runs_say_nothing_and_six_that_agree_say_closes(self, submission):
        width, run = torch.tensor([8, 8, 64, 64]), torch.tensor([0, 1, 1, 0])
        gap = torch.tensor([0.5, 0.25, 0.25, 0.0], dtype=torch.float64)
        got = submission.gap_verdict(width, gap, run, 8, 64)
        compare.equal(got["verdict"], "no clear trend", what="the verdict of two runs")
        compare.close(
            [got["change"], got["p"]],
            [-0.25, 1.0],
            what="change and p of the worked example",
            hint="run 0 falls by 0.5, run 1 stays: all four sign patterns reach a sum of 0.5 in size",
        )
        width, run = torch.tensor([8] * 6 + [64] * 6), torch.arange(6).repeat(2)
        gap = torch.tensor([0.25] * 6 + [0.0] * 6, dtype=torch.float64)
        got = submission.gap_verdict(width, gap, run, 8, 64)
        compare.equal(
            got["verdict"],
            "closes",
            what="the verdict of six runs that fall alike",
            hint='"closes" below 0 and "widens" above, where p is at most 0.05',
        )
        compare.close(got["p"], 2 / 64, what="p of six runs that fall alike")

    @pytest.mark.weight(3)
    def test_p_counts_the_sign_patterns(self, submission, generator):
        for runs in (4, 6, 9):
            for shift in (-1.0, 0.2, 0.9):
                changes = drawn_changes(runs, shift, generator)
                check_verdict(submission, changes, generator, f"gap_verdict of {runs} runs")

    @pytest.mark.weight(2)
    def test_ties_between_sums_count(self, submission, generator):
        for changes in (
            [0.8, 0.8, 0.5, -0.1, -0.7, -0.5],
            [0.7, 0.2, 0.1, -0.4, -0.8, -0.5],
            [0.8, -0.7, -0.4, 0.6, -0.1, 0.3],
            [0.3, 0.0, 0.0, 0.1, 0.0],
            [-0.1] * 7,
        ):
            check_verdict(
                submission,
                changes,
                generator,
                "gap_verdict where sums agree up to rounding",
                hint="sums that agree within 1e-9 count as equal",
            )

    def test_sums_near_zero_may_tie(self, submission, generator):
        # The sum is 2e-10 as it stands and 0 after two flips: closer than 1e-9, and still apart in floats.
        for scale in (0.5, -0.25):
            changes = [scale, 1e-10 - scale, scale / 2, 1e-10 - scale / 2]
            check_verdict(
                submission,
                changes,
                generator,
                "gap_verdict where the changes add up to 0 but for rounding",
                hint="sums that agree within 1e-9 count as equal, however small they are",
            )

    def test_small_changes_count(self, submission, generator):
        for runs in (3, 6):
            for size in (2e-6, 2e-7, 2e-8, 2e-9, 7e-10):
                check_verdict(
                    submission,
                    [size] * runs,
                    generator,
                    f"gap_verdict of {runs} runs that change by {size:g} each",
                    hint="sums that differ by more than 1e-9 are not equal",
                )

    @pytest.mark.weight(2)
    def test_runs_that_agree_close_or_widen_the_gap(self, submission, generator):
        for sign in (-1.0, 1.0):
            for runs in (6, 8, 10):
                changes = [
                    sign * (0.05 + float(torch.rand((), generator=generator))) for _ in range(runs)
                ]
                check_verdict(
                    submission, changes, generator, f"gap_verdict of {runs} runs that agree"
                )

    def test_three_to_five_runs_never_decide(self, submission, generator):
        for runs in (1, 3, 5):
            for sign in (-1.0, 1.0):
                changes = [
                    sign * (0.05 + float(torch.rand((), generator=generator))) for _ in range(runs)
                ]
                check_verdict(
                    submission, changes, generator, f"gap_verdict of {runs} runs that agree"
                )

    def test_runs_without_both_widths_are_left_out(self, submission, generator):
        for extra in (0, 1, 3):
            changes = [float(torch.randn((), generator=generator)) for _ in range(5)]
            check_verdict(
                submission,
                changes,
                generator,
                "gap_verdict with runs that lack a width",
                extra=extra,
            )
