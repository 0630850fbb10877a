"""The tests of unit 802 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
from firsthand.kit.deterministic import MOMENTUM, WEIGHTS, initial_state, sgd_step
from hashlib import sha256
import numpy as np
import pytest


@pytest.mark.exercise("catch_probability")
class TestCatchProbability:
    @pytest.mark.visible
    def test_three_draws_of_ten_catch_two_forgeries_in_half_of_the_audits(self, submission):
        compare.close(
            submission.catch_probability(10, 2, 3),
            1 - (8 * 7 * 6) / (10 * 9 * 8),
            what="catch_probability(10, 2, 3)",
            known={"a segment is not drawn twice": 1 - 0.8**3},
        )


@pytest.mark.exercise("inclusion_p_value")
class TestInclusionPValue:
    @pytest.mark.visible
    def test_two_of_two_records_give_a_quarter(self, submission):
        drops = np.array([[2.0, 0.0, 1.0], [0.0, 2.0, 1.0]])
        claimed = np.array([[True, False, False], [False, True, False]])
        compare.close(
            submission.inclusion_p_value(drops, claimed),
            0.25,
            what="inclusion_p_value of the worked example",
            known={
                "a record that is claimed nowhere has nothing to compare: leave it out": 0.5,
                "small p where claimed drops are larger: sum from k up to n": 1.0,
            },
        )


@pytest.mark.exercise("accept")
class TestAccept:
    @pytest.mark.visible
    def test_an_honest_claim_is_accepted_and_an_edited_one_is_not(self, submission):
        rng = np.random.default_rng(0)
        states = [{"w": rng.standard_normal(3), "momentum.w": np.zeros(3)} for _ in range(3)]
        order = np.array([[0, 1], [1, 0], [0, 0], [1, 1]])
        agreed = {"order": order, "every": 2, "lr": 0.1, "momentum": 0.9, "initial": states[0]}
        root = submission.transcript_root(order, 2, 0.1, 0.9, states)
        claim = {"checkpoints": states, "every": 2, "lr": 0.1, "momentum": 0.9, "root": root}

        def replay(i):
            return states[i + 1]

        compare.equal(
            submission.accept(claim, agreed, replay, 1, 0.05, 0),
            True,
            what="accept of an honest claim",
        )
        edited = claim | {"checkpoints": [states[0], states[2], states[2]]}
        compare.equal(
            submission.accept(edited, agreed, replay, 1, 0.05, 0), False,
            what="accept of a claim whose checkpoint was exchanged after the root was published",
            hint="compute the root again and compare",
        )  # fmt: skip


@pytest.mark.exercise("canonical_bytes")
class TestCanonicalBytes:
    @pytest.mark.visible
    def test_a_vector_and_a_column_have_different_bytes(self, submission):
        flat = submission.canonical_bytes({"a": np.array([1.0])})
        column = submission.canonical_bytes({"a": np.array([[1.0]])})
        if not isinstance(flat, bytes):
            compare.fail(
                f"canonical_bytes came back as {type(flat).__name__}; bytes are expected.",
                hint="return bytes",
            )
        if flat == column:
            compare.fail(
                'canonical_bytes({"a": [1.]}) equals canonical_bytes({"a": [[1.]]}).',
                hint="the shape belongs to the state",
            )


@pytest.mark.exercise("verify_inclusion")
class TestVerifyInclusion:
    @pytest.mark.visible
    def test_the_worked_example_accepts_index_0_only(self, submission):
        a, b = sha256(b"\x00A").digest(), sha256(b"\x00B").digest()
        root = sha256(b"\x01" + a + b).digest()
        compare.equal(
            submission.verify_inclusion(root, b"A", 0, 2, [b]),
            True,
            what='verify_inclusion(root, b"A", 0, 2, [b])',
            hint="leaves are hashed after the byte 00, pairs after the byte 01",
        )
        compare.equal(
            submission.verify_inclusion(root, b"A", 1, 2, [b]),
            False,
            what='verify_inclusion(root, b"A", 1, 2, [b])',
            hint="the index says on which side the sibling stands",
        )


@pytest.mark.exercise("data_order")
class TestDataOrder:
    @pytest.mark.visible
    def test_the_worked_example_gives_two_epochs(self, submission):
        got = submission.data_order([b"red", b"green", b"blue"], b"", 2, 3)
        compare.equal(
            np.asarray(got),
            np.array([[2, 0, 1], [1, 0, 2]]),
            what='data_order([b"red", b"green", b"blue"], b"", 2, 3)',
            hint="hash each record, hash the hashes and the nonce, seed the generator with that as a big-endian integer",
        )


@pytest.mark.exercise("train_transcript")
class TestTrainTranscript:
    @pytest.mark.visible
    def test_six_steps_with_interval_two_give_four_checkpoints(self, submission):
        rng = np.random.default_rng(0)
        images, labels = rng.standard_normal((5, 4)).astype(np.float32), np.array([0, 1, 2, 0, 1])
        order = np.array([[0, 1], [2, 3], [4, 0], [1, 2], [3, 4], [0, 2]])
        start = initial_state(4, 3, 3, seed=0)
        transcript = submission.train_transcript(start, images, labels, order, 2, 0.1, 0.9)
        compare.equal(len(transcript["checkpoints"]), 4, what="the number of checkpoints")
        for name in ("w1", "momentum.w1"):
            compare.close(
                transcript["checkpoints"][0][name],
                start[name],
                what=f"{name} of the first checkpoint",
                hint="the state before the first step is a checkpoint",
            )
        third = start
        for rows in order[:4]:
            third = sgd_step(third, images[rows], labels[rows], 0.1, 0.9)
        for name in ("w1", "momentum.w1"):
            compare.close(
                transcript["checkpoints"][2][name], third[name], what=f"{name} after 4 steps"
            )


@pytest.mark.exercise("segment_error")
class TestSegmentError:
    @pytest.mark.visible
    def test_the_worked_example_is_off_by_a_tenth(self, submission):
        states = [
            {"w": np.array([x, 2.0]), "momentum.w": np.array([9 * x, 0.0])} for x in (0.0, 1.1, 1.0)
        ]
        compare.close(
            submission.segment_error(*states),
            0.1,
            what="segment_error(start 0, claim 1.1, replay 1)",
            known={"divide by the travel of the replay, not of the claim": 0.1 / 1.1},
        )


NAN_STATE = {name: np.full((2, 2), np.nan, np.float32) for name in (*WEIGHTS, *MOMENTUM)}


@pytest.mark.exercise("verify_segment")
class TestVerifySegment:
    @pytest.mark.visible
    def test_an_honest_segment_has_no_error_and_another_learning_rate_shows(self, submission):
        rng = np.random.default_rng(0)
        images, labels = rng.standard_normal((5, 4)).astype(np.float32), np.array([0, 1, 2, 0, 1])
        order = np.array([[0, 1], [2, 3], [4, 0], [1, 2]])
        states = [initial_state(4, 3, 3, seed=0)]
        for rows in order:
            states.append(sgd_step(states[-1], images[rows], labels[rows], 0.1, 0.9))
        claim = {"checkpoints": states[::2], "every": 2, "lr": 0.1, "momentum": 0.9, "root": b""}
        compare.close(
            submission.verify_segment(claim, 1, images, labels, order), 0.0, atol=1e-5,
            what="the error of an honest segment",
        )  # fmt: skip
        got = submission.verify_segment(claim | {"lr": 0.2}, 0, images, labels, order)
        compare.at_least(
            got,
            0.1,
            what="the error with the wrong learning rate",
            hint="the settings come from the transcript",
        )


@pytest.mark.exercise("missed_by_the_largest")
class TestMissedByTheLargest:
    @pytest.mark.visible
    def test_the_answer_is_one_of_the_three_forgeries(self, submission):
        answer = submission.missed_by_the_largest()
        if answer not in ("interpolation", "concatenation", "swap"):
            compare.fail(
                'missed_by_the_largest must return "interpolation", "concatenation" or "swap".',
                hint="copy one of the three words",
            )


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNq9WQ1vI7cR/SuEgcJSuqfYvo8c5DhBmmvQtEUSoAGCwjBkapeSWO+SOpJ7shqkv73vDbn68F3d3DU94HDeDy7J"
    "mXnz5g3180ndatudTNXJV6r1S+UXql6Z+m7trUtRadeoRietfGhMqFQwT8y9qftkGmWdWuuQ1MamFa61Sr41Qbva"
    "VCqu/CaqtNJ4bexyhak2JhiVgrYO3470POK6TuNL9Y12S2WS0u1EXZxdXMiiX6+8PXj4VGZUm5WtV3mDUa182yi9"
    "xIQxqYUPS8wLE+LkpFInjV0sbN23aQvbnuIBth1qG03E/fXPJ7Vu21k0tXcNn1ycTc4wqF73Bw/zs7dmWtEznOXk"
    "24WKvjNz32yVd+1WRWOi2vo+qPk2mVipWjt4wWxVMm2L7dMHWjndGWWwiJian2KUcn03NyGquVla9yXN+IZz0b1L"
    "Pm09PJW8Mhpe0CHo7VTmqlSTtmtxu+Yf05rOYJMTdZu87GQ0vlVL+8ZEWWd4rwJ8Ot/Knw1iZd6YIANaDSPSJbba"
    "GrdMK8Z6EbxLxIesLpG/M2Yd5RKW8I+4HqHIFuKj6AOgMooJk4+njFL+Eq9GHDMxrvaNGY2rbM9EDJkAGwdvglmH"
    "UX4tBo7f+mpnJdbQ6zVcy42PuNQYL2f57ctKnc7t8nQsbufLS/UP4HxycoNt226NzRK+iO0zPLizrmFicCna1Rnt"
    "EIicKysdV3QGvBVNjrZycOMaaFSN3zgAwiixW1ZzXnmMDdO9oy1C2tsWPnXK0iV4bVPOGnFkZx0SLcMTt/SX7Ec7"
    "7ywAnM3iyJytePkcN6GfB1sToDSrL5C/+aVSHwz7Z0ew/14wrTZ6q/p1Rfw6GiMIhq/kIjDpxQdwEq1aawv+KHh3"
    "9B+NhlsYBwd3aCZ7K6j/C3Cl0sYPCTHdzX2Kr1xj7gkgztrCk63MyhH5VY4KMBxT3o88wPQyeKL+gEBg/faN4ZqC"
    "5vLmK0StaYYVgOliBmdBMjiFYa68Nq973TIZd2vRpL09EkHwVVvefqHOpsou9pNjpSrD6Oxc/V5FO2+BLlzl1Uy7"
    "G/y5zHA4WMzafcPBkf7ZTYLpEfdmon5c7Tb86adX6qLKm5Fr2Ks6GyM/QF4y1xfpiSc0h3kI+QiCxvTvnyRYW2Ey"
    "u7CYkUQohP30omQLgxaTBS0Kn+N+e1B6csSAEB1B9eCNhxnx/CAjZJXtzLq67aP17iglPvv/pMTFUUr8JIUpG7b0"
    "8HgBBlgUxjNwGfssYh0tbTxGCvYCVgmNwlIp2DnGSwp8j8xZGuBIJ4+8QWFpUN48HC/1ViZv7NJEeojQxJJmyRLd"
    "BI3SC6PU2oSuBwPBI/FSvpjrBBfjLQoOijg5vcsVYe3rFdJJ24aFSYqMa0ollVWuWFwunr8YzU9PJ2TNUbkP40ke"
    "MhoLvwfmZjYqjgWr2PR+zKUKANaVasxCw5Uz3I2w9wm3Ung6Dx3IGl/ANzVI05FMjfP9cnVkWyW2YMsxsR59ks1k"
    "3ZBy8Q7kPn8cud95KenELGTHWszCtWggwWnng0GlcULp5XnOlfykmF8VZvLITnG57zqbUBAfo3fKrZlM+TGY/VjQ"
    "/GmAZ/bkSoMj5wYUkvQd/hfm1odZCqJpejPwOil87hmLnPrbzDaoAoLpr32PT/LUgrxzUNCCCaLlKWAOsOf6kSun"
    "zVRey4eNfWMbgBeC5ZYFdHtL2iJLQmTquCdizgXpE5fNjJe3CEfqgyOfO7PJU1eIITVQ3ymhjaYE5VD8XqlrGXtz"
    "KQjIWwwUtkC4QW1idppRkcYYGtLVORRI3jsSpmxgVFa0nQawrznDDYkYgm5/F/Y7AuKLiIFxnED9TonB6upKnamy"
    "Fd5Q5Mjy4/cH+Y+U4iR5ypbWaIpDLT2AUC9QsEuCTNBra2pKnXwxYFvnaGdhn3kehYhKFXemsekx4pavZvjfxTrY"
    "dTpC/Iv/iPi3JNBvyOR/DMELhfWOAgPagbj+UmWGL9oirYIpGI1EJxuR3IKAB1BBSUYdUkYGcyJEmy+zpm81OKBo"
    "qNIcDbK6wJ7lg9pp0XqdXjxDLtXIjMuhSchVgckn3ZuidyNlMnR7lUsDaBJPZVh+XgYJSiUkjEGUYjJk7DqYhb3f"
    "wXByTLxuPQkASZvRfM3Pb8YT5BsE+6hsFMh1PnSjWj1RYaw+zXcBdxFaXQoXAiBp6xYHjU+SmWnQ2fsDGarNSNDg"
    "RMz+VACd2ViYhK1IBrSKgAiRm+9YMsMbnfVjeZZpbQhzSZEHED4/hHA0S7prJls4wu+zj8HYP+074rx1ERaiwHPY"
    "YUrZorK5sYSpU2lSUZ98KJGn7DuNgk/qNmE5fHor7HKb6dqitGYe6tdE+MiivJ+Ph6dsF2NrayaGXwtPI4NMu1CF"
    "I6goqEgLymv0btZE0fE7zHEDA3/ueeH69ICXT2+ubaHkgYxll9f7/U0f7u3mHaw8mUyoRqQ2qKMwjg5Ww1qVOrrn"
    "xDdVnu8DePfvvj8gVc3uPiRrkpDLcJyAPmcAX1Yfx8PostrHR9vEIoqLYb+WWY/h/Bvy6reunN4cUWjmTEFByVb7"
    "T2nYNERcA5w1DBoJqnyGSIPWwnaH1OzG1nu0CYIzYeZsRZyob+PQhGb9Sw3NQteie8WfTk5UVqbL8w0uR0e+CXxV"
    "hJyQejxibAiOhQ78kw6+Omp943/pmYDuTVZ5R0cLoW/NvrDm1FR3jlAnUWVVCl2bG2DUax2gjxp6kC1gP0dXlYCI"
    "AhwkUYPkZVvwAC6HNMZG0DQopzMsOpNqFY9Bc/Fx+iidBijA8rme29ambXZHzm0a4vacJs3Pit7eC81X0gINpU2I"
    "sJYTr2mRkoI0k+vu6x1ajuT6DhlFDr3xaI3YVZWTRokvinxaTSDr59yIudd1kjnyUdtZqXASFRZ3AxvubUz5iHLE"
    "70auUq/HKJD5BhcLPmDt3L9+79b7lUlQDOiN5FBCw5Wk5dbKichmSqJesSF5UOdI6qVsZOzkUfkYV8di+mPVsGbn"
    "NTuI3MeoiM/ehtCmaLKcv6fMk1j6mYZ8kLuGlebBXMotjmX2IooFDfimdMuD9htOZ21O86TnzFOe66KYCu7+1s/l"
    "ULtoud1EHXQwUDrSCD6KUjmWYU8l5LTbZO3bvnOCICmKOt5N5RxM1Ewlg4GKtQ42ejfc8wCTIcjYHmYB/gXInERQ"
    "MOexF9ROb+KlujsefM1RNxMugy7+i+Hpvw4f70tl3+2g2+Wev5OeX0Pzj+4q5aT0EsIXn3zi/ofOZNeV0KtmcDxD"
    "acqPC3rgRxiL5o5XPPgqAihztygihpnhf6wb2Z0fzdYzcdTHOEd6B3jJ8FuqBCltA40hG+GTdhB2X6pXPvtgYQNP"
    "S0TEll9DNkPG6iXKYVOJ+Ucvh96hpPPXgiohxcQfG6qC9ge/B1V5sUO9OSK02ITlU/XgfZI+xQlRK9oKDmTfX1g2"
    "a0m9P93iGvKbid+4iRIPSMj0AdZz7/Cd/q6AUNLt8AiJB2TjycGp0GhYb3w9nffN0qSiGZmbU3ULBqBTjnUfJaH6"
    "/Gr/S9Z0AL2cgd7mDow2cm+m2LLXqTO+GmWnX5+KKj0FUoYHUsD4AOscicoPad/JVXJGvTtjLRlR+lDmvPB5fVf8"
    "N80VVH5OUvM+CcnwpwqJlBC8vUfyzA2mMCvtmseyRde1edCxn5/9+pa9Um9pTY5fBg2nHeURHSNeeHl2wdLiFzP8"
    "AzcE8cXxDj8TCewTVLS/O5jmBZ+voZoCZ/qz1Qc/Lp5X6gdO+wT//lqmnapXaIbRufOAUZD9A5kdZVQsDsD0695G"
    "mwoF0JxV6N1d1nBYh96BhiS6L6pn52f7Xt+pl/cveXpL/wuwETS7yNK+yLV8OlRh32f5xKxSTF5DAbvgyaZt+PuD"
    "MygP4S7vsAUB93oJzgdc2nLkm08ICBQ5meMPpDzEgmAkCuQQXndrnvZXRaA7YFXOcCgC81yCA6jKViIvzuI2djH4"
    "5d8THScw"
)
