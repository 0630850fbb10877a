"""Graders of 602, the examples to train on: a labeller whose answers cannot be guessed."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

import pytest
import torch

from firsthand import compare


class Labeller:
    """A labeller whose answers cannot be guessed; counts the rows it is asked about."""

    def __init__(self, generator, places, words):
        self.weights = torch.randint(1, 50, (places, words), generator=generator)
        self.places, self.rows = places, 0

    def label(self, tokens):
        return (
            self.weights[torch.arange(self.places), tokens.long() % self.weights.shape[1]].sum(1)
            % 3
            > 0
        )

    def ask(self, tokens):
        self.rows += len(tokens)
        return self.label(tokens)


def spread_attacks(generator, count, places, words):
    """Attacks that differ from each other at four places or more, so that a near miss has one parent."""
    attacks = []
    while len(attacks) < count:
        candidate = torch.randint(words, (places,), generator=generator)
        if all(int((candidate != other).sum()) >= 4 for other in attacks):
            attacks.append(candidate)
    return torch.stack(attacks)


def examples(submission, attacks, labeller, n, words, seed):
    """(tokens, labels), with shapes and dtypes checked."""
    got = submission.adversarial_examples(attacks, labeller.ask, n, words, seed)
    if not isinstance(got, tuple | list) or len(got) != 2:
        compare.fail("adversarial_examples must return (tokens, labels).", hint="two tensors")
    tokens, labels = got
    compare.shape(tokens, (n, attacks.shape[1]), what="tokens", hint="n rows in all")
    compare.shape(labels, (n,), what="labels", hint="one label for each row")
    if tokens.dtype != torch.int64 or labels.dtype != torch.bool:
        compare.fail(
            f"tokens are {tokens.dtype} and labels {labels.dtype}; int64 and bool are expected.",
            hint="tokens as int64, labels as bool",
        )
    if int(tokens.min()) < 0 or int(tokens.max()) >= words:
        compare.fail(
            f"tokens go from {int(tokens.min())} to {int(tokens.max())}; words are 0 to {words - 1}.",
            hint="stay inside the vocabulary: modulo n_words",
            recognised=True,
        )
    return tokens, labels


def parents(tokens, attacks):
    """For each row the nearest attack and the number of places at which it differs from it."""
    distance = (tokens[:, None] != attacks[None]).sum(2)
    return distance.argmin(1), distance.amin(1)


def lower_end(df):
    """Below it chi-square with `df` degrees of freedom falls once in a million times (Wilson, Hilferty)."""
    return df * (1 - 2 / (9 * df) - 4.753 * (2 / (9 * df)) ** 0.5) ** 3


@pytest.mark.exercise("adversarial_examples")
class TestAdversarialExamples:
    @pytest.mark.visible
    def test_one_attack_comes_first_and_three_near_misses_follow(self, submission):
        attacks = torch.tensor([[0, 1, 2, 3]])
        tokens, labels = submission.adversarial_examples(
            attacks, lambda tokens: tokens[:, 0] == 0, 4, 5, 0
        )
        compare.shape(tokens, (4, 4), what="tokens", hint="n rows in all")
        compare.equal(
            tokens[0],
            attacks[0],
            what="the first row",
            hint="the attacks themselves come first, in order",
        )
        compare.equal(
            (tokens != attacks).sum(1).tolist(),
            [0, 1, 1, 1],
            what="the number of changed words in each row",
            hint="a near miss changes exactly one word",
        )
        compare.equal(labels, tokens[:, 0] == 0, what="the labels", hint="ask the oracle")

    @pytest.mark.weight(2)
    def test_every_label_is_the_oracles(self, submission, generator, seed):
        for count, places, words, n in ((9, 8, 9, 80), (5, 9, 12, 90), (1, 5, 4, 40)):
            attacks = spread_attacks(generator, count, places, words)
            labeller = Labeller(generator, places, words)
            while count > 1 and labeller.label(attacks).all():  # attacks of both labels
                labeller = Labeller(generator, places, words)
            with compare.unchanged(attacks=attacks):
                tokens, labels = examples(submission, attacks, labeller, n, words, seed)
            expected = labeller.label(tokens)
            compare.equal(
                labels,
                expected,
                what="labels",
                hint="all labels come from the oracle, row by row",
                known={
                    "near misses may be safe: ask the oracle, do not call them all injurious": torch.ones(
                        n, dtype=torch.bool
                    ),
                    "a near miss does not inherit its attack's label: ask the oracle about it": labeller.label(
                        attacks[parents(tokens, attacks)[0]]
                    ),
                    "True stands for injurious, as the oracle says it": ~expected,
                },
            )
            if labeller.rows > n:
                compare.fail(
                    f"the oracle was asked about {labeller.rows} rows for {n} examples.",
                    hint="each row costs a human's time: ask about it at most once",
                    recognised=True,
                )

    @pytest.mark.weight(2)
    def test_attacks_come_first_and_near_misses_differ_in_one_word(
        self, submission, generator, seed
    ):
        for count, places, words, n in ((4, 7, 6, 50), (6, 10, 20, 200), (2, 5, 2, 30)):
            attacks = spread_attacks(generator, count, places, words)
            labeller = Labeller(generator, places, words)
            tokens, _ = examples(submission, attacks, labeller, n, words, seed)
            compare.equal(
                tokens[:count],
                attacks,
                what="the first rows",
                hint="the attacks themselves come first, in order",
            )
            changed = parents(tokens[count:], attacks)[1]
            if int(changed.min()) == 0:
                compare.fail(
                    f"{int((changed == 0).sum())} of {n - count} near misses are attacks again.",
                    hint="the new word must be another one: shift the old one by 1 to n_words - 1",
                    recognised=True,
                )
            if int(changed.max()) > 1:
                compare.fail(
                    f"a near miss differs from every attack in at least {int(changed.max())} words.",
                    hint="a near miss changes exactly one word of one attack",
                )

    @pytest.mark.weight(2)
    def test_parents_places_and_words_are_drawn_uniformly(self, submission, generator, seed):
        count, places, words, n = 4, 6, 5, 4004
        attacks = spread_attacks(generator, count, places, words)
        tokens, _ = examples(
            submission, attacks, Labeller(generator, places, words), n, words, seed
        )
        near = tokens[count:]
        parent, changed = parents(near, attacks)
        if int(changed.min()) != 1 or int(changed.max()) != 1:
            compare.fail(
                "some near misses do not differ from an attack in exactly one word.",
                hint="a near miss changes exactly one word",
            )
        differs = near != attacks[parent]
        place = differs.int().argmax(1)
        shift = (near - attacks[parent])[differs] % words
        for what, values, k in (
            ("the attacks that near misses come from", parent, count),
            ("the places that change", place, places),
            ("the new words, relative to the old ones,", shift - 1, words - 1),
            ("pairs of attack and place", parent * places + place, count * places),
            ("pairs of attack and new word", parent * (words - 1) + shift - 1, count * (words - 1)),
            ("pairs of place and new word", place * (words - 1) + shift - 1, places * (words - 1)),
            (
                "triples of attack, place and new word",
                (parent * places + place) * (words - 1) + shift - 1,
                count * places * (words - 1),
            ),
        ):
            compare.chi_square(
                torch.bincount(values, minlength=k),
                torch.full((k,), 1 / k, dtype=torch.float64),
                what=what,
                hint="draw attack, place and other word for each near miss, independently and uniformly"
                + ("; no two streams from the same seed" if what.startswith("pairs") else ""),
            )

    def test_attacks_places_and_words_are_drawn_and_do_not_take_turns(
        self, submission, generator, seed
    ):
        # Counts of draws scatter: over 30 seeds the three sums below are near chi-square with 30 (k - 1)
        # degrees of freedom, whatever the order of the rows.  Taking turns leaves sums near 0.
        count, places, words, near_misses, runs = 5, 6, 7, 60, 30
        sizes = {"attacks": count, "places": places, "new words": words - 1}
        sums = dict.fromkeys(sizes, 0.0)
        attacks = spread_attacks(generator, count, places, words)
        for run in range(runs):
            labeller = Labeller(generator, places, words)
            n = count + near_misses
            near = examples(submission, attacks, labeller, n, words, seed + run)[0][count:]
            parent, changed = parents(near, attacks)
            if int(changed.min()) != 1 or int(changed.max()) != 1:
                compare.fail(
                    "some near misses do not differ from an attack in exactly one word.",
                    hint="a near miss changes exactly one word",
                )
            differs = near != attacks[parent]
            draws = parent, differs.int().argmax(1), (near - attacks[parent])[differs] % words - 1
            for (name, k), values in zip(sizes.items(), draws, strict=True):
                seen, due = torch.bincount(values, minlength=k).double(), near_misses / k
                sums[name] += float(((seen - due) ** 2 / due).sum())
        for name, k in sizes.items():
            if sums[name] < lower_end(runs * (k - 1)):
                compare.fail(
                    f"the {name} of near misses come up more evenly than draws do: they take turns.",
                    hint="draw with replacement, each time anew: do not take turns",
                    recognised=True,
                )

    def test_no_near_miss_is_left_when_n_is_the_number_of_attacks(
        self, submission, generator, seed
    ):
        attacks = spread_attacks(generator, 3, 6, 8)
        labeller = Labeller(generator, 6, 8)
        tokens, labels = examples(submission, attacks, labeller, 3, 8, seed)
        compare.equal(tokens, attacks, what="tokens when n is the number of attacks")
        compare.equal(labels, labeller.label(attacks), what="their labels", hint="ask the oracle")

    def test_the_seed_decides_and_global_randomness_is_untouched(self, submission, generator, seed):
        attacks = spread_attacks(generator, 5, 8, 9)
        labeller = Labeller(generator, 8, 9)
        with compare.untouched_randomness(submission):
            runs = [
                examples(submission, attacks, labeller, 40, 9, seed + extra)[0]
                for extra in (0, 0, 1, 2)
            ]
        compare.equal(
            runs[1], runs[0], what="a second call with the same seed", hint="draw from `seed`"
        )
        if torch.equal(runs[2], runs[0]) or torch.equal(runs[3], runs[0]):
            compare.fail(
                "two seeds gave the same examples.",
                hint="draw from the seed that you are given",
                recognised=True,
            )
