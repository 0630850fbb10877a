import random

from firsthand.cohort.fingerprints import MOST_TOKENS, NOISE, WINDOW, grams, tokens, winnow
from firsthand.cohort.similarity import COMMON_FLOOR, compare
from tests.cohort.synthetic import REFERENCE, STUB, honest, peculiar, renamed, row


def compared(sources, **options):
    rows = [row(f"l{i:03d}", (), (), cells={"smoothed": s}) for i, s in enumerate(sources)]
    return compare("smoothed", rows, [STUB], REFERENCE, **options)


def honest_answers(n):
    choose = random.Random(7)
    return [honest(choose) for _ in range(n)]


def test_a_renamed_copy_is_found_among_honest_answers():
    original = peculiar(random.Random(1))
    result = compared([original, *honest_answers(60), renamed(original)])
    assert [pair.learners for pair in result.pairs] == [("l000", "l061")]
    assert min(result.pairs[0].similarities) > 0.9


def test_honest_answers_that_follow_one_idea_are_not_flagged():
    assert compared(honest_answers(150)).pairs == ()


def test_answers_with_nothing_of_their_own_are_left_out():
    result = compared([STUB, REFERENCE, renamed(REFERENCE), "def smoothed(a, b): return a", ""])
    assert (result.compared, result.left_out, result.pairs) == (0, 4, ())


def test_what_many_share_is_no_evidence():
    idiom = peculiar(random.Random(1))
    few = compared([idiom] * COMMON_FLOOR)
    assert len(few.pairs) == COMMON_FLOOR * (COMMON_FLOOR - 1) / 2
    assert compared([idiom] * (COMMON_FLOOR + 1)).pairs == ()


def test_code_that_is_no_python_is_read_up_to_its_error():
    broken = peculiar(random.Random(1)) + "    return (values\n"
    assert len(compared([broken, broken]).pairs) == 1


def test_a_cell_of_a_million_tokens_is_cut():
    assert len(tokens("x = 1\n" * 300_000)) == MOST_TOKENS


def test_two_cells_of_different_people_are_different():
    assert compared([peculiar(random.Random(seed)) for seed in range(30)]).pairs == ()


def test_names_comments_layout_and_docstrings_do_not_count():
    original = peculiar(random.Random(3))
    assert tokens(original) == tokens(renamed(original))


def test_attributes_of_a_library_and_builtins_count():
    assert tokens("a.sum(b)") == ["N", ".", "sum", "(", "N", ")"]
    assert tokens("self.total = len(b)") == ["N", ".", "N", "=", "len", "(", "N", ")"]


def test_a_common_run_of_noise_and_window_is_always_seen():
    choose = random.Random(5)
    words = [str(choose.randrange(1000)) for _ in range(400)]
    shared = [str(choose.randrange(1000)) for _ in range(NOISE + WINDOW - 1)]
    for place in range(0, 400, 37):
        one = winnow(grams(words[:place] + shared + words[place:]))
        assert one & winnow(grams(shared)), "the guarantee of winnowing"
