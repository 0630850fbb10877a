"""Graders of 505, part 2: the expert who asks the learner, for two tasks.

Oracles: loops over single elements that put the same two questions to the same planted learner,
right or wrong; repeated relaxation of single edges for path lengths.
"""

import pytest
import torch

from firsthand import compare


def whole(generator, low, high):
    """One integer from low to high, both included."""
    return int(torch.randint(low, high + 1, (), generator=generator))


def true_power(p, k):
    """sigma^k at every element of every row, by single steps."""
    rows = []
    for sigma, times in zip(p.tolist(), k.tolist(), strict=True):
        reached = list(range(len(sigma)))
        for _ in range(times):
            reached = [sigma[x] for x in reached]
        rows.append(reached)
    return torch.tensor(rows)


class Planted:
    """A learner with answers of its own for each (sigma, k, x), which keeps what it was asked."""

    def __init__(self, size, generator):
        self.table = torch.rand(40, size, generator=generator).argsort(1)
        self.calls = []

    def says(self, p, k):
        """Its answer: a fixed shuffle, different for each k, of sigma at that element."""
        return self.table[k].gather(1, p)

    def answer(self, p, k):
        self.calls.append((p.clone(), k.clone()))
        return self.says(p, k)


def misread(p):
    """An expert's single step that differs from p at every element."""
    return (p + 1) % p.shape[1]


def two_questions(says, p, k, *, first=None, second=None, at_first=True):
    """Row by row, element by element: what H answers. The switches are the known mistakes."""
    out = misread(p)
    for b in range(len(p)):
        if int(k[b]) == 1:
            continue
        half = int(k[b]) // 2
        powers = (half if first is None else first(int(k[b])),
                  int(k[b]) - half if second is None else second(int(k[b])))  # fmt: skip
        one, two = (says(p[b : b + 1], torch.tensor([power]))[0] for power in powers)
        for x in range(p.shape[1]):
            out[b, x] = two[one[x]] if at_first else two[x]
    return out


def to_the_bottom(p, k):
    """H who asks copies of itself, down to its own single steps."""
    return true_power(misread(p), k)


def asked(generator, *, low=1):
    """Permutations and powers; every parity occurs."""
    n = whole(generator, 5, 9)
    k = torch.tensor([low, 2, 3, *(whole(generator, 2, 9) for _ in range(4)), 5, 1])
    order = torch.randperm(len(k), generator=generator)
    return torch.rand(len(k), n, generator=generator).argsort(1), k[order]


TWICE = "two calls of `answer`, each for all rows with k > 1 together"


@pytest.mark.exercise("amplify")
class TestAmplify:
    @pytest.mark.visible
    def test_two_single_steps_make_a_square(self, submission):
        p = torch.tensor([[1, 2, 0]])
        got = submission.amplify(lambda p, k: p, lambda p: p, p, torch.tensor([2]))
        compare.equal(
            got,
            torch.tensor([[2, 0, 1]]),
            what="amplify with k = 2",
            hint="answer k // 2 first, then ask for the rest at the first answer",
        )

    @pytest.mark.visible
    def test_only_the_row_with_k_3_is_asked_about(self, submission):
        p, k, calls = torch.tensor([[1, 2, 3, 0], [1, 2, 3, 0]]), torch.tensor([1, 3]), []

        def answer(p, k):  # right on this cycle: k steps lead from x to x + k
            calls.append((len(p), k.tolist()))
            return (torch.arange(4) + k[:, None]) % 4

        got = submission.amplify(answer, lambda p: (p + 1) % 4, p, k)  # H misreads each step
        compare.equal(got, torch.tensor([[2, 3, 0, 1], [3, 0, 1, 2]]),
                      what="amplify with k = [1, 3]",
                      hint="k = 1: look(p); k = 3: ask for 1, then 2 at the answer")  # fmt: skip
        compare.equal(calls, [(1, [1]), (1, [2])], what="the rows and powers of the calls",
                      hint="two calls of `answer`, for all rows with k > 1 together")  # fmt: skip

    def test_k_1_is_the_experts_own_look_up(self, submission, generator):
        for _ in range(3):
            n = whole(generator, 4, 8)
            p = torch.rand(5, n, generator=generator).argsort(1)
            learner = Planted(n, generator)
            one = torch.ones(5, dtype=torch.int64)
            got = submission.amplify(learner.answer, misread, p, one)
            known = {
                "H's step is look(p), which may differ from p": p,
                "H knows one step: k = 1 is `look`, not `answer`": learner.says(p, one),
            }
            compare.equal(got, misread(p), what="amplify with k = 1", known=known,
                          hint="k = 1: look(p)")  # fmt: skip
            if learner.calls:
                compare.fail(
                    "the learner was asked although every k is 1.",
                    recognised=True,
                    hint="k = 1 is H's own look-up: no call of `answer` if no row needs it",
                )

    @pytest.mark.weight(3)
    def test_the_second_question_is_asked_at_the_first_answer(self, submission, generator):
        for _ in range(4):
            p, k = asked(generator)
            learner = Planted(p.shape[1], generator)
            says = learner.says
            known = {
                "3 = 1 + 2: the two powers must add up to k":
                    two_questions(says, p, k, second=lambda k: k // 2),
                "ask in sequence: the second question is asked at the first answer, not at x":
                    two_questions(says, p, k, at_first=False),
                "floor(k / 2) first, then the rest":
                    two_questions(says, p, k, first=lambda k: k - k // 2, second=lambda k: k // 2),
                "one level only: do not take the question apart further; the learner answers":
                    to_the_bottom(p, k),
                "H knows one step only: the smaller powers come from `answer`, not from p":
                    torch.where(k[:, None] == 1, misread(p), true_power(p, k)),
            }  # fmt: skip
            with compare.unchanged(p=p, k=k):
                got = submission.amplify(learner.answer, misread, p, k)
            compare.equal(
                got,
                two_questions(says, p, k),
                known=known,
                what="amplify with a learner that has answers of its own",
                hint="second.gather(1, first): the second reply, read at the first answers",
            )

    @pytest.mark.weight(2)
    def test_the_learner_is_asked_twice_about_the_rows_that_need_it(self, submission, generator):
        for _ in range(3):
            p, k = asked(generator)
            learner = Planted(p.shape[1], generator)
            submission.amplify(learner.answer, misread, p, k)
            hard = k > 1
            if len(learner.calls) != 2:
                compare.fail(f"`answer` was called {len(learner.calls)} times for one batch; 2 "
                             "calls are expected.", hint=TWICE, recognised=True)  # fmt: skip
            for number, (rows, powers) in enumerate(learner.calls):
                if len(rows) != int(hard.sum()):
                    compare.fail(
                        f"a call of `answer` was about {len(rows)} rows; "
                        f"{int(hard.sum())} rows have k > 1.",
                        recognised=True,
                        hint="H answers k = 1 itself: ask about the rows with k > 1 only",
                    )
                half = k[hard] // 2
                compare.equal(rows, p[hard], what="the permutations of a call", hint=TWICE)
                compare.equal(powers, half if number == 0 else k[hard] - half,
                              what=f"the powers of call {number + 1}",
                              hint="k // 2 first, then k - k // 2")  # fmt: skip

    def test_equal_rows_are_each_asked_about(self, submission, generator):
        for _ in range(2):
            p, k = asked(generator)
            twice = torch.randperm(2 * len(k), generator=generator) % len(k)
            p, k = p[twice], k[twice]
            learner = Planted(p.shape[1], generator)
            submission.amplify(learner.answer, misread, p, k)
            hard = int((k > 1).sum())
            for rows, _ in learner.calls:
                if len(rows) != hard:
                    compare.fail(
                        f"a call of `answer` was about {len(rows)} rows; {hard} rows have k > 1, "
                        "equal ones counted.",
                        recognised=True,
                        hint="all rows with k > 1: one that occurs twice is asked about twice",
                    )

    def test_a_learner_without_mistakes_makes_the_expert_right(self, submission, generator):
        look = submission.nn.Identity()  # of the submission's process: p itself comes back
        for _ in range(3):
            p, k = asked(generator)
            k = k + (k > 1) * whole(generator, 0, 6)
            hint = "look(p) may be p itself: write into a tensor of your own"
            with compare.unchanged(p=p, k=k, hint=hint):
                got = submission.amplify(true_power, look, p, k)
            compare.equal(got, true_power(p, k), what="amplify with a perfect learner",
                          hint="sigma^k = sigma^(k - k // 2) after sigma^(k // 2)")  # fmt: skip

    def test_one_row_and_one_element(self, submission, generator):
        for k in (1, 2, 5):
            p = torch.zeros(1, 1, dtype=torch.int64)
            got = submission.amplify(true_power, lambda p: p, p, torch.tensor([k]))
            compare.equal(got, p, what="amplify with one element", hint="sizes come from p")


ANYTHING = (float("nan"), -1.5, float("-inf"), float("inf"), 2.5)


def with_any_diagonal(w, generator):
    """The same edges; on the diagonal numbers below 0, nan and both infinities."""
    w, n = w.clone(), w.shape[1]
    for b in range(len(w)):
        for i, which in enumerate((torch.randperm(n, generator=generator) + b).tolist()):
            w[b, i, i] = ANYTHING[which % len(ANYTHING)]
    return w


def graph(generator, b, n):
    """Weights with missing edges, directed, and a diagonal that means nothing."""
    weight = torch.rand(b, n, n, generator=generator) * 4 + 0.5
    return weight.masked_fill(torch.rand(b, n, n, generator=generator) < 0.45, float("inf"))


def single_edge(w):
    """Distances with at most one edge."""
    out = w.clone()
    for b in range(len(w)):
        for i in range(w.shape[1]):
            out[b, i, i] = 0.0
    return out


def relaxed(w, length):
    """Shortest paths with at most length[b] edges, by relaxing every edge that often."""
    out, w = torch.full_like(w, float("inf")), single_edge(w)
    for b in range(len(w)):
        for i in range(w.shape[1]):
            reach = [float("inf")] * w.shape[1]
            reach[i] = 0.0
            for _ in range(int(length[b])):
                reach = [min([reach[j], *(reach[m] + float(w[b, m, j]) for m in range(len(reach)))])
                         for j in range(len(reach))]  # fmt: skip
            out[b, i] = torch.tensor(reach)
    return out


class PlantedLengths:
    """A learner whose lengths are no shortest paths: they depend on w and on the edges allowed."""

    def __init__(self, generator):
        self.scale = torch.rand(40, generator=generator) + 0.5
        self.calls = []

    def says(self, w, length):
        """Scaled weights plus a term that tells rows from columns."""
        steps = torch.arange(w.shape[1], dtype=w.dtype)
        return w * self.scale[length][:, None, None] + steps[:, None] * 0.3 + 0.1

    def answer(self, w, length):
        self.calls.append((w.clone(), length.clone()))
        return self.says(w, length)


def best_midpoint(says, w, length, *, rest=True, join="midpoint", turn=False):
    """Pair by pair: what H answers. The switches are the known mistakes."""
    out = single_edge(w)
    for b in range(len(w)):
        if int(length[b]) == 1:
            continue
        half = int(length[b]) // 2
        one = says(w[b : b + 1], torch.tensor([half]))[0]
        two = says(w[b : b + 1], torch.tensor([int(length[b]) - half if rest else half]))[0]
        if turn:
            one, two = (says(w[b : b + 1], torch.tensor([int(length[b]) - edges]))[0]
                        for edges in (half, int(length[b]) - half))  # fmt: skip
        for i in range(w.shape[1]):
            for j in range(w.shape[1]):
                sums = one[i] + two[:, j]
                third = [sums[m] for m in range(w.shape[1]) if m not in (i, j)]
                choices = {"midpoint": sums.min(), "entry": one[i, j] + two[i, j],
                           "longest": sums.max(), "turned": (one[i] + two[j]).min(),
                           "reset": sums.min() * (i != j),
                           "third": min(third, default=torch.tensor(float("inf")))}  # fmt: skip
                out[b, i, j] = choices[join]
    return out


@pytest.mark.exercise("amplify_distance")
class TestAmplifyDistance:
    @pytest.mark.visible
    def test_a_path_of_two_edges_has_their_sum(self, submission):
        inf = float("inf")
        w = torch.tensor([[[inf, 1.0, inf], [inf, inf, 2.0], [inf, inf, inf]]])
        one_edge = torch.tensor([[[0.0, 1.0, inf], [inf, 0.0, 2.0], [inf, inf, 0.0]]])
        got = submission.amplify_distance(lambda w, length: one_edge, w, torch.tensor([2]))
        expected = torch.tensor([[[0.0, 1.0, 3.0], [inf, 0.0, 2.0], [inf, inf, 0.0]]])
        compare.close(got, expected, what="amplify_distance with at most two edges",
                      hint="the best midpoint: first half to m, second half from m")  # fmt: skip

    def test_one_edge_is_the_experts_own_knowledge(self, submission, generator):
        for n in (1, 3, 6):
            w, learner = graph(generator, 4, n), PlantedLengths(generator)
            with compare.unchanged(w=w):
                got = submission.amplify_distance(
                    learner.answer, w, torch.ones(4, dtype=torch.int64)
                )
            compare.close(got, single_edge(w), what="amplify_distance with one edge",
                          known={"staying is free: put 0 on the diagonal": w},
                          hint="w, with 0 on the diagonal")  # fmt: skip
            if learner.calls:
                compare.fail("the learner was asked although every length is 1.", recognised=True,
                             hint="one edge is H's own knowledge: no call of `answer`")  # fmt: skip

    def test_the_diagonal_may_hold_anything(self, submission, generator):
        for n in (5, 2, 7):
            w = with_any_diagonal(graph(generator, 4, n), generator)
            length = torch.tensor([1, 2, 1, 3])

            def copies(w, length):
                return submission.amplify_distance(copies, w, length)

            with compare.unchanged(w=w):
                got = submission.amplify_distance(copies, w, length)
            compare.close(
                got,
                relaxed(w, length),
                what="amplify_distance with numbers below 0, nan and infinities on the diagonal",
                hint="put 0 on the diagonal of w, whatever stands there: not the smaller of the "
                "two, and nothing times 0",
            )

    def test_long_edges_are_no_missing_edges(self, submission, generator):
        for scale in (1e7, 1e30):
            w, learner = graph(generator, 4, 5) * scale, PlantedLengths(generator)
            length = torch.tensor([1, 2, 3, whole(generator, 4, 9)])
            got = submission.amplify_distance(learner.answer, w, length)
            expected = best_midpoint(learner.says, w, length)
            compare.shape(got, expected.shape, what="amplify_distance")
            if bool((got.isinf() & expected.isfinite()).any()):
                compare.fail(
                    "a path with long edges came back as infinite.",
                    recognised=True,
                    hint="infinity needs no large number in its place: inf + x is inf, and min "
                    "passes over it",
                )
            compare.close(got, expected, what="amplify_distance with long edges",
                          hint="the replies are used as they come, however long")  # fmt: skip

    @pytest.mark.weight(3)
    def test_the_best_midpoint_of_two_replies_is_taken(self, submission, generator):
        for _ in range(3):
            w, learner = graph(generator, 6, whole(generator, 3, 6)), PlantedLengths(generator)
            length = torch.tensor([1, 2, 3, 5, whole(generator, 2, 9), 4])
            says = learner.says
            known = {
                "3 = 1 + 2: the two numbers of edges must add up to L":
                    best_midpoint(says, w, length, rest=False),
                "through which vertex? Minimise over the midpoint":
                    best_midpoint(says, w, length, join="entry"),
                "the *shortest* path: take the minimum":
                    best_midpoint(says, w, length, join="longest"),
                "edges have a direction: the second half runs from m to j":
                    best_midpoint(says, w, length, join="turned"),
                "floor(L / 2) edges to the midpoint first, then the rest":
                    best_midpoint(says, w, length, turn=True),
                "the replies are used as they come: only for L = 1 do you put 0 on the diagonal":
                    best_midpoint(says, w, length, join="reset").nan_to_num(0.0, float("inf")),
                "the midpoint may be any vertex, i and j among them":
                    best_midpoint(says, w, length, join="third"),
                "H combines two replies; it does not solve the task itself": relaxed(w, length),
            }  # fmt: skip
            with compare.unchanged(w=w, length=length):
                got = submission.amplify_distance(learner.answer, w, length)
            compare.close(got, best_midpoint(says, w, length), known=known,
                          what="amplify_distance with a learner that has answers of its own",
                          hint="minimum over m of first[i, m] + second[m, j]")  # fmt: skip
            if len(learner.calls) != 2 or any(len(rows) != 5 for rows, _ in learner.calls):
                compare.fail(
                    f"`answer` was called {len(learner.calls)} times; two calls, each about "
                    "the rows with L > 1, are expected.",
                    recognised=True,
                    hint="two calls of `answer` for the rows with L > 1 together",
                )

    @pytest.mark.weight(2)
    def test_asking_copies_of_the_expert_finds_shortest_paths(self, submission, generator):
        for _ in range(2):
            w = graph(generator, 4, whole(generator, 3, 5))
            length = torch.tensor([1, 2, 3, whole(generator, 4, 6)])

            def copies(w, length):
                return submission.amplify_distance(copies, w, length)

            got = submission.amplify_distance(copies, w, length)
            compare.close(
                got,
                relaxed(w, length),
                what="amplify_distance, asked down to single edges",
                hint="at most L edges: every reply has 0 on its diagonal, no nan for inf",
            )
