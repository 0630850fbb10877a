"""Graders of 701, partitions: restricted growth and graph search as oracles."""
# ruff: noqa: E501 -- a message stays on one line, so that it can be searched for

import pytest

from firsthand import compare

COUNTS = {(1, 1): 1, (2, 1): 3, (2, 2): 11, (2, 1, 1): 5, (2, 2, 1): 25, (2, 2, 2): 129}


def labelled(elements):
    """All set partitions, by giving each element the label of its block (restricted growth)."""
    found = [[]]
    for _ in elements:
        found = [[*labels, new] for labels in found for new in range(max(labels, default=-1) + 2)]
    return [
        [
            [e for e, b in zip(elements, labels, strict=True) if b == k]
            for k in range(max(labels) + 1)
        ]
        for labels in found
    ]


def spans(blocks, groups):
    """Whether a walk from group 0, from block to block, reaches all groups."""
    reached, waiting = {0}, [0]
    while waiting:
        g = waiting.pop()
        for block in blocks:
            touched = {h for h, _ in block}
            if g in touched:
                waiting += sorted(touched - reached)
                reached |= touched
    return len(reached) == groups


def canonical(partitions):
    """A list of frozensets of frozensets; the order of everything is free."""
    return [
        frozenset(frozenset(tuple(e) for e in block) for block in blocks) for blocks in partitions
    ]


def listed(submission, sizes):
    """The submission's partitions in canonical form; a fail message where they have no such form."""
    got = submission.indecomposable_partitions(sizes)
    try:
        return canonical(got)
    except TypeError:
        compare.fail(
            f"indecomposable_partitions{sizes} must be a list of partitions, each a list of blocks of pairs (g, i).",
            hint="a block with one element is still a list: [(0, 0)]",
        )


def listed_once(submission, sizes):
    """`listed` as a set, after a check that nothing is listed twice."""
    got = listed(submission, sizes)
    if len(got) != len(set(got)):
        compare.fail(
            f"indecomposable_partitions({sizes}) lists {len(got)} partitions, only {len(set(got))} of them different.",
            hint="list each partition once: the order of blocks and within blocks makes no difference",
            recognised=True,
        )
    return set(got)


@pytest.mark.exercise("indecomposable_partitions")
class TestIndecomposablePartitions:
    @pytest.mark.visible
    def test_two_groups_of_one_are_tied_by_a_single_block(self, submission):
        compare.equal(
            listed_once(submission, (1, 1)),
            {frozenset({frozenset({(0, 0), (1, 0)})})},
            what="indecomposable_partitions((1, 1)), as a set of sets",
            hint="{a}{b} leaves the two groups apart; {ab} ties them",
        )

    @pytest.mark.visible
    def test_sizes_two_and_one_have_three_partitions(self, submission):
        a, b, c = (0, 0), (0, 1), (1, 0)
        compare.equal(
            listed_once(submission, (2, 1)),
            {
                frozenset({frozenset({a, b, c})}),
                frozenset({frozenset({a}), frozenset({b, c})}),
                frozenset({frozenset({b}), frozenset({a, c})}),
            },
            what="indecomposable_partitions((2, 1)), as a set of sets",
            hint="{abc}, {a}{bc} and {b}{ac}",
        )

    @pytest.mark.weight(3)
    def test_partitions_are_those_whose_blocks_connect_all_groups(self, submission):
        for sizes in (
            *COUNTS,
            (1,),
            (3,),
            (2,),
            (1, 1, 1),
            (3, 1),
            (1, 2),
            (3, 2),
            (1, 2, 2),
            (3, 3),
            (1, 1, 1, 1),
            (2, 1, 1, 1),
        ):
            everything = [(g, i) for g, size in enumerate(sizes) for i in range(size)]
            every = labelled(everything)
            expected = set(canonical(b for b in every if spans(b, len(sizes))))
            got = set(listed(submission, sizes))
            text = f"indecomposable_partitions({sizes}) has {len(got)} different partitions"
            if got == expected:
                continue
            for hint, mistaken in self.mistakes(every, sizes).items():
                if got == set(canonical(mistaken)):
                    compare.fail(f"{text}, not the right ones.", hint=hint, recognised=True)
            compare.fail(
                f"{text}, not the right ones.",
                hint="keep a partition exactly when its blocks connect all groups",
            )

    def mistakes(self, every, sizes):
        """Partitions that each known mistake lists."""
        groups = len(sizes)
        tied = [b for b in every if spans(b, groups)]
        neighbours = [
            b
            for b in every
            if all(
                any({g, g + 1} <= {h for h, _ in block} for block in b) for g in range(groups - 1)
            )
        ]
        by_index = [
            b
            for b in every
            if spans(
                [[(g, 0) for g, i in block if i == k] for block in b for k in range(max(sizes))],
                groups,
            )
        ]
        islands = [
            b
            for b in every
            if groups == 1
            or len({g for block in b if len({g for g, _ in block}) > 1 for g, _ in block}) == groups
        ]
        if islands != tied:
            ties_each = {
                "each group is tied to some other, yet there are islands: {01}{23} does not tie four groups together": islands
            }
        else:
            ties_each = {}
        return ties_each | {
            "these are all partitions: keep only those that tie the groups together": every,
            "a block may lie inside one group: {a}{bc} is fine for (2, 1)": [
                b for b in every if all(len({g for g, _ in block}) > 1 for block in b)
            ],
            "blocks of any size count, not only pairs": [
                b for b in tied if all(len(block) == 2 for block in b)
            ],
            "blocks may have more than two elements": [
                b for b in tied if all(len(block) <= 2 for block in b)
            ],
            "the partition with one block counts too": [b for b in tied if len(b) > 1],
            "ties chain, in any order, and no single block has to touch all groups": neighbours,
            "two elements need not have the same index i to be tied": by_index,
            "ties chain in any order, and no single block has to touch all groups": [
                b for b in every if any(len({g for g, _ in block}) == groups for block in b)
            ],
            "every group must be tied to the others, not only some": [
                b
                for b in every
                if groups == 1 or any(len({g for g, _ in block}) > 1 for block in b)
            ],
        }

    def test_every_partition_is_listed_once(self, submission):
        for sizes, count in COUNTS.items():
            compare.equal(
                len(listed_once(submission, sizes)),
                count,
                what=f"the number of indecomposable partitions for {sizes}",
                hint="count them against an independent list",
            )
