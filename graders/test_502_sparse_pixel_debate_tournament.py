"""Graders of 502, the tournament: perfect opponents and forced wins as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

from functools import lru_cache
from operator import index

import pytest
import torch

from firsthand import compare
from firsthand.kit.digits import ink, split_digits
from firsthand.kit.games import margins, mask_of, play
from firsthand.kit.judge import judge_of, train_judge
from firsthand.kit.search import ExactDebater, greedy_debater, solve
from firsthand.kit.subsets import colex

# Positions and games depend on the course key alone: they are made once for all submissions (lru_cache).

# Reference on 8 seeds: .875 1 .9375 .9375 .875 .9375 1 .9375. Greedy 0, flat Monte Carlo of 16 playouts at most .56.
SAVED = 0.6


def interacting_judge(generator):
    """A judge whose pixels interact: 200 random Fourier features of the revealed values. Returns image -> judge."""
    weights = torch.randn(64, 200, generator=generator)
    phases, out = (
        6.3 * torch.rand(200, generator=generator),
        torch.randn(200, 10, generator=generator) / 14,
    )
    return lambda image: lambda masks: torch.cos((masks * image) @ weights + phases) @ out


def drawn_image(inked, generator):
    image = torch.zeros(64)
    image[torch.randperm(64, generator=generator)[:inked]] = 0.05 + 0.95 * torch.rand(
        inked, generator=generator
    )
    return image


def as_debater(submission):
    """`choose` as a function of a position, asked with a list of what is revealed."""

    def debater(position, judge, seed):
        def asked(masks):
            return judge(masks.bool() if isinstance(masks, torch.Tensor) else masks)

        return submission.choose(
            position.image, position.role, position.claims, list(position.revealed), asked, seed
        )

    return debater


def whole_number(got):
    """The returned pixel as an int, of whatever library."""
    try:
        return index(got)
    except TypeError:
        compare.fail(
            f"choose came back with a {type(got).__name__}; one whole number is expected.",
            hint="return the id of a nonzero pixel that is not revealed",
        )


def no_forfeits(game, role):
    if game.forfeits[role]:
        compare.fail(
            "a move was forfeited: not the id of a nonzero pixel that is still hidden, or over 2,000 judge rows.",
            hint="return a legal pixel id and stay within 2,000 rows in each move",
            recognised=True,
        )


def trap_positions(count, left, generator):
    """Positions with `left` moves to make in which a win can be forced and the greedy move (for left = 2) does not."""
    found = []
    while len(found) < count:
        image = drawn_image(12, generator)
        judge = interacting_judge(generator)(image)
        pixels, claims = ink(image), tuple(torch.randperm(10, generator=generator)[:2].tolist())
        shown = pixels[torch.randperm(12, generator=generator)[: 4 - left]].tolist()
        role = ("honest", "liar")[len(found) % 2]
        sign = 1 if role == "honest" else -1
        legal = [p for p in pixels.tolist() if p not in shown]
        after = {p: sign * margins(judge, claims, ends(shown, p, legal, left)) for p in legal}
        winning = {
            p
            for p, m in after.items()
            if bool((m > 0).all() if role == "honest" else (m >= 0).all())
        }
        alone = sign * margins(judge, claims, [[*shown, p] for p in legal])
        greedy = legal[int(alone.argmax())]
        if winning and len(winning) <= 2 and (left == 1 or greedy not in winning):
            found.append((image, role, claims, shown, judge, winning))
    return found


@lru_cache(maxsize=1)
def forced_wins(seed):
    """6 positions with one move left and 10 with two, in which a win can be forced."""
    generator = torch.Generator().manual_seed(seed)
    return [*trap_positions(6, 1, generator), *trap_positions(10, 2, generator)]


def ends(shown, pixel, legal, left):
    return (
        [[*shown, pixel]]
        if left == 1
        else [[*shown, pixel, reply] for reply in legal if reply != pixel]
    )


@pytest.mark.exercise("choose")
class TestChoose:
    @pytest.mark.visible
    def test_the_last_move_helps_its_own_side(self, submission):
        image = torch.zeros(64)
        image[[3, 10, 20, 40, 50]] = torch.tensor([0.5, 0.5, 0.5, 0.9, 0.8])

        def judge(masks):
            logits = torch.zeros(len(masks), 10)
            logits[:, 4] = masks[:, 40].float() - masks[:, 50].float()
            return logits

        compare.equal(
            int(submission.choose(image, "honest", (4, 9), [3, 10, 20], judge, 0)),
            40,
            what="the honest last move",
            hint="pixel 40 raises the logit of the truth",
        )
        compare.equal(
            int(submission.choose(image, "liar", (4, 9), [3, 10, 20], judge, 0)),
            50,
            what="the liar's last move",
            hint="pixel 50 lowers the logit of the truth: the liar wants the other side",
        )

    @pytest.mark.visible
    def test_the_move_before_the_last_counts_the_reply(self, submission):
        # 40 alone is worth 2 to its side, but together with 50 it is worth -1; 20 is worth 1 whatever follows.
        image = torch.zeros(64)
        image[[3, 10, 20, 40, 50]] = torch.tensor([0.5, 0.5, 0.5, 0.9, 0.8])
        for role, claims in (("honest", (4, 9)), ("liar", (9, 4))):

            def judge(masks):
                logits, m = torch.zeros(len(masks), 10), masks.float()
                logits[:, 4] = m[:, 20] + 2 * m[:, 40] - 3 * m[:, 40] * m[:, 50]
                return logits

            compare.equal(
                int(submission.choose(image, role, claims, [3, 10], judge, 0)),
                20,
                what=f"the move of the {role} side with two moves left",
                hint="for each of your pixels look at every reply of the other side",
            )

    @pytest.mark.weight(2)
    def test_a_forced_win_near_the_end_is_taken(self, submission, seed):
        positions, moves = forced_wins(seed), []
        for image, role, claims, shown, judge, _ in positions:
            with compare.unchanged(image=image, revealed=shown):
                got = submission.choose(image, role, claims, shown, judge, 5)
            pixel = whole_number(got)
            if pixel in shown or pixel not in ink(image).tolist():
                compare.fail(
                    "choose returned a pixel that is blank or already revealed.",
                    recognised=True,
                    hint="return the id of a nonzero pixel that is not revealed",
                )
            moves.append(pixel)
        missed = sum(
            move not in position[-1] for move, position in zip(moves, positions, strict=True)
        )
        if missed:
            compare.fail(
                f"choose missed {missed} of 16 forced wins with one or two moves left.",
                hint=habit(positions, moves),
                recognised=True,
            )

    @pytest.mark.weight(2)
    def test_moves_are_legal_and_within_the_budget(self, submission, generator, seed):
        for inked in (4, 5, 20, 42):
            image = drawn_image(inked, generator)
            judge = interacting_judge(generator)(image)
            me = as_debater(submission)
            game = play(
                image,
                (2, 7),
                k=4,
                honest_first=True,
                honest=me,
                liar=me,
                judge=judge,
                seed=seed,
                budget=2000,
            )
            no_forfeits(game, "honest")
            no_forfeits(game, "liar")

    def test_the_seed_decides_and_global_randomness_is_untouched(self, submission, generator):
        for shown in (0, 1, 2):
            image = drawn_image(9, generator)
            judge = interacting_judge(generator)(image)
            position = (image, "liar", (3, 8), ink(image)[:shown].tolist(), judge)
            with compare.untouched_randomness(submission):
                once = whole_number(submission.choose(*position, 11))
            same = {whole_number(submission.choose(*position, 11)) for _ in range(4)} == {once}
            if not same:
                compare.fail(
                    "choose returned different pixels in five calls with the same arguments.",
                    recognised=True,
                    hint="any randomness comes from `seed`",
                )

    @pytest.mark.weight(3)
    def test_little_is_given_away_before_a_trained_judge(self, submission, seed):
        given_away, me = 0, as_debater(submission)
        for image, claims, perfect, setting in trained_games(seed):
            as_honest = play(image, claims, honest=me, liar=perfect, **setting)
            as_liar = play(image, claims, honest=perfect, liar=me, **setting)
            no_forfeits(as_honest, "honest")
            no_forfeits(as_liar, "liar")
            given_away += (perfect.value > 0) != as_honest.honest_won
            given_away += (perfect.value > 0) != as_liar.honest_won
        compare.at_most(
            given_away / 24,
            0.10,
            what="the share of 24 games given away to a perfect opponent",
            hint="argue for your own claim, look at all revealed pixels, and think about the reply",
        )

    @pytest.mark.weight(3)
    def test_games_that_greedy_play_throws_away_are_saved(self, submission, seed):
        saved, me = 0, as_debater(submission)
        games = thrown_away(16, seed)
        for image, claims, judge, role, honest_first, perfect in games:
            sides = (
                {"honest": me, "liar": perfect}
                if role == "honest"
                else {"honest": perfect, "liar": me}
            )
            game = play(
                image,
                claims,
                k=4,
                honest_first=honest_first,
                judge=judge,
                seed=seed,
                budget=2000,
                **sides,
            )
            saved += game.honest_won == (role == "honest")
        compare.at_least(
            saved / len(games),
            SAVED,
            what="the share of 16 winnable games won that a greedy debater loses",
            hint="greedy is not enough where pixels interact: spend the budget on whole endings and back them up",
        )


def habit(positions, moves):
    """The known mistake that makes all of these moves, or what is asked for."""
    habits = {
        "whose claim are you arguing for? Read `role`": (lambda role: 1, True),
        "the judge sees all revealed pixels, not the new one alone": (
            lambda role: 1 if role == "honest" else -1,
            False,
        ),
        "greedy is not enough with two moves left: for each of your pixels look at every reply": (
            lambda role: 1 if role == "honest" else -1,
            True,
        ),
    }
    for hint, (sign, together) in habits.items():
        made = []
        for image, role, claims, shown, judge, _ in positions:
            legal = [p for p in ink(image).tolist() if p not in shown]
            scores = margins(judge, claims, [[*(shown if together else ()), p] for p in legal])
            made.append(legal[int((sign(role) * scores).argmax())])
        if made == moves:
            return hint
    return "with one or two moves left every ending fits into the budget: look at all of them"


def strongest_lie(judge, image, truth):
    """The lie with the smallest exact margin, the honest debater moving first."""
    pixels, lies = ink(image), [lie for lie in range(10) if lie != truth]
    logits = torch.cat(
        [judge(mask_of(chunk)) for chunk in pixels[colex(len(pixels), 4)].split(20_000)]
    )
    values = solve(logits[:, truth, None] - logits[:, lies], n=len(pixels), k=4, last_is_max=False)[
        0
    ][0]
    return lies[int(values.argmin())]


@lru_cache(maxsize=1)
def trained_games(seed):
    """(image, claims, perfect opponent, setting) of 12 debates before one judge trained for this course key."""
    train, test = split_digits()
    network = train_judge(
        train.images, train.labels, n_pixels=4, width=64, steps=300, seed=seed % 10_000, lr=3e-3
    )
    few, games = torch.nonzero((test.images > 0).sum(1) <= 26).flatten(), []
    order = torch.randperm(len(few), generator=torch.Generator().manual_seed(seed))
    for i in few[order[:6]].tolist():
        image, truth = test.images[i], int(test.labels[i])
        judge = judge_of(network, image)
        claims = (truth, strongest_lie(judge, image, truth))
        for honest_first in (True, False):
            perfect = ExactDebater(image, claims, judge, k=4, honest_first=honest_first)
            setting = {"k": 4, "honest_first": honest_first, "judge": judge}
            games.append((image, claims, perfect, setting | {"seed": seed + i, "budget": 2000}))
    return games


@lru_cache(maxsize=1)
def thrown_away(count, seed):
    """Games before interacting judges that optimal play wins for `role` and greedy play loses to a perfect opponent."""
    generator, found = torch.Generator().manual_seed(seed), []
    while len(found) < count:
        image = drawn_image(18, generator)
        judge = interacting_judge(generator)(image)
        claims = tuple(torch.randperm(10, generator=generator)[:2].tolist())
        for honest_first in (True, False):
            perfect = ExactDebater(image, claims, judge, k=4, honest_first=honest_first)
            role = "honest" if perfect.value > 0 else "liar"
            sides = {"honest": perfect, "liar": perfect} | {role: greedy_debater}
            game = play(
                image,
                claims,
                k=4,
                honest_first=honest_first,
                judge=judge,
                seed=0,
                budget=2000,
                **sides,
            )
            if game.honest_won != (role == "honest"):
                found.append((image, claims, judge, role, honest_first, perfect))
    return found[:count]
