"""The tests of unit 802 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
from firsthand.kit.deterministic import initial_state, sgd_step
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
                "leave out a record that is claimed nowhere, and sum one tail only": 0.5,
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
                transcript["checkpoints"][2][name],
                third[name],
                what=f"{name} after 4 steps",
                hint="one sgd_step for each row of the order, from the state before",
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
            hint="replay the steps i * every up to the next checkpoint, with the momentum of the claim",
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
    "eNq9Wf1vI7cR/VcI/2LpuqezfR85yLkESa5Brw2SAAkQFIYhU7uUxHqX1JHck9Ug/dv73pCrD1/q5tL0AMPa5XJJ"
    "zvDNmzfcn0/qVtvuZKpOvlCtXyq/UPXK1Ldrb12KSrtGNTpp5UNjQqWCeWzuTN0n0yjr1FqHpDY2rXCtVfKtCdrV"
    "plJx5TdRpZXGY2OXKwy1McGoFLR1eHek5xHXdRpfqq+1WyqTlG4n6uLs4kIm/Wrl7UHjUxlRbVa2XuUFRrXybaP0"
    "EgPGpBY+LDEuTIiTk0qdNHaxsHXfpi1se4oGLDvUNpqI+6ufT2rdtrNoau8atlycTc7QqV73B4257b2RVvQMRzl5"
    "s1DRd2bum63yrt2qaExUW98HNd8mEytVawcvmK1Kpm2xfPpAK6c7owwmEVNzK3op13dzE6Kam6V1n9OMrzkW3btk"
    "a+vhqeSV0fCCDkFvpzJWpZq0XYvbNX9MazqDRU7UTfKyktH4Ri3tOxNlnuG5CvDpfCs/G+yVeWeCdGg1jEiXWGpr"
    "3DKtuNeL4F0iPmR22flbY9ZRLmEJf8T13w2jRB+IE64QrtgEm7KZ+QU2T4yrfWNG42LBBKA4aAtmHUZi03jXKi7b"
    "WbVbj3ijkodzAzCYg2XChhEvxpPkZ/nFl5U6ndvl6Xhyco0l226NtRK62NdnaLi1rmFQcE7a1BntsAk5TlY6rjgx"
    "bIkm77RycOEaSFSN3ziAAdYnOFQW5Lzy6BumeydbbGdvW/jTKZvgXjy2KUeMOLGzDkGWoYlbOkvWo513FuDNdrBn"
    "jlQ8fI6b0M+DrQlOmtUXuF//UqnfDflnR5D/TvCsNnqr+nVF7DoaI+iFr+QiMODFB3ASrVprG6oB647+o9FwC3fF"
    "wR2agd4K4v8GTKm08UMwTHdjn+It15g7gpGjtvBkm+GAHvlR3hXgN6a8HmnQKXeeqC+xEZi/fWc4p0CkPPkCu9Y0"
    "wwzAczGDoyAQnEI3Vx6bt71uGYi7uWjS3h7ZQXBVW55+ps6myi72g2OmKsPo7Fz9SUU7b4EuXOXZTLvr/KmMcNhZ"
    "zNq9w86R/tkNguGx781E/bjaLfjJk1fqosqLkWvYqzobI1/wQeJ8kR57QnMYh5CPIGcM/+FBgrkVBrMLixFJgkLW"
    "Ty9KtHDTYrKgROFy3G8P0k7eMSBER9A8gvl+RDw/iAiZZTuzrm77aL07ColP/j8hcXEUEj9JUsqGLT08XoABBoXx"
    "3LiMfSawjpY2Hj0FewGzhEZhqhTsHP0lBL5D5CwNcKSTR9wgqTSgUQ/HS66VwRu7NJEeIjQxpVkyPTdBI+3CKLU2"
    "oevBQPBIvJQ35jrBxXgKbkQCJ593ORusfb1COGnbMClJgnFNyaIyyysmlovnL0bz09PJP+DcUbkP40nuAibGPqnA"
    "2MxGxbFgFYve97lUAcB6pRqz0HDlDHcjrH3CpRRizl0HdsYb8E0N0nQkU+N8v1wd2VaJLVhyTMxFj7KZTB2SN34F"
    "uc8fRu63XtI5MQvJsRazcC36R3DaIblMcSWUXtpzrOSWYn5VmMkjOsXlvutsQj58iN4ptWYy5Mdg9mMx85cBntmT"
    "Kw2OnBtQSNK3+C/MrQ+jFETT9GbgdVL43HMvcuhvM9sgCwimv/I9XslDC/LOQUELBoiWVsA8+SKDcua0mcprebGx"
    "72wD8EKs3DCBbm9IW2RJCEwd90TMsSB74rKZ8fIG25H64Mjnzmzy0BX2kPqn75TQRlM25UvKrn2ItRbjXckb1xP1"
    "jQcYhCANMhNj04yKKD4fTxW3QA2zSlbvNJB8BWkVr8VFrYaAKw0VJ4A712sG3JGlkno67JBdt5K+xFxaK1knipqR"
    "iccfDu4fKb9J7pQrrdEUhFp0v1Audn8H/kzMa2tqSpx8MWBa513OYj7zOxIQ1Snd09j0EGHLWzP8d7EOdp2OkP7i"
    "PyL9PenzBzL4n0PwQl29o7CA04nnz1Vm9qIp0iqYgs3IvWLxkcsOxD+AQRLqECrSmQNhx/kw6/hWI/aLdioF0SBd"
    "C9yZNqiZFq3X6cUzxFCNiLgcCoOcDQgPqdgUvRupkFvqXkkJoEe0SrfcXjphgiLNRYoLwodIXQezsHe7gJgcE65b"
    "TwJA0o5kjVd8/Xo8QZxBq4/KQsHRzoduVKvHKozVk3wXcBch4SWasAESrm5xUOwkGZkGnX04kKHWjGwanIjRnwqg"
    "MwsLg7DAyoBWERAhcvMdU2V4p7NuLG2ZzoZtLiFyD8LnhxCOZkl3zWQJR/h99jGY+qd9FZyXLoJClHfedphSlqhs"
    "LiZh6lQKU+QlH8rOk81Oo+CTeo3MxFdvhF1uMk1bpNTMQP2aCB9ZpPXz8dDKEjG2tmZg+LXwMyLItAtVOIJKgkq0"
    "oLxGnWZNFP2+wxwX8AMxypcE3ZA7h4mmukevzMlZP2HXB4Wfl4G7wsoiufjv3kgHdzRF+knJbkSUSn6wjFTq9DwU"
    "5cXhln84Xv/u+wNW1Rw9JGuSsMtwhoACZ0Bflh3H3eiz2scH68Oihstqfyu1HuP5DyTWN64c2RxxaCZNgUEJV/tP"
    "2TkN9dYAaA2hQoYqr2EbwGthu4NqdmPrPeoDAZpQc7YiTtSbOFSfWfhSPDPTtShb8dPJMcrKdHm8weVI2pvAR0XB"
    "CavHI8qG0ljowJ908NZRzRv/S7EEitpkeXd0phD61uwza45NdesYkoJhkaMQtLnyRcLWAXKhoQdZ+/VzlFMJiCjA"
    "QXZtEL2sB+7B5ZDHWAGaBvl0hklnkq7iMWguPk4BpdMABVg+13Pb2rTN7sjkQ0PcntSk6lnR23uF+VpqnyG3CRPW"
    "csw1LcpKkGZy4n27Q8uRTt8ho+ihdx41EamnHC/K/iLLp9UEen7OhZg7XScZI5+vnZUUJ7vC7G5gwx2kZD6XHPG9"
    "kavU2zEyZL7BxYINTJ77xx9cc782CZIBRZGcRmi4koQoKhY4mpKpV6xE7iU6slvJGxk7uVc+u9WxmP5QOqxZcs0O"
    "du5jpMRn70NoU0RZjt9TxkkshUxDPsjlwkrzRC7l2mYg+oIGvFPK5EH8DUeyNod50nPGKQ9zkTMEdz/0cznJLmJu"
    "NxCSmAVKRxqbj4xZzmNYTAk57RZZ+7bvnCBIsqKOt1M5ABM5U0lnoGKtg43eDffWZUGXsT2MAvwLkDmIoGDO8y7I"
    "nd7ES3V73PmKva4nnAbl+2dD678Omy9L/QQsdzvodrnY76TY1xD9o9tKOdEFhPDFo0fufyhNdmUJvWoGx3MrTfmi"
    "oAd+hLGo6njFE6+igDJ3iyTiNnP7HypHdgdHs/VMHPUxDpB+Bbxk+C1VgqS2gcYQjfBJOyi7z9Vrn32wsIHHJKJi"
    "yyeQzRCxeol02FRi/tHDoXgo4fyVoEpIMfELQ1XQfu8jUJUnO1ROI0KLVVg+jg/ep8tc0pKoFW0FB7LgLyybxaTe"
    "H2txDlFdfuMmSjwgW6YPsJ6Lh2/1twWEEm6HZ0c8GRtPDo6DRsN846vpvG+WJl1f7tTiVN2AAeiUI70zmkwmY/Xp"
    "q/3nq+kAejn8vMklGG3k2kyxZV/AzvholJ1+dSqS8RRIGRokgbEB8xzKz/h76ndylZwQ7A5XS0SUQpQxL3xe3xb/"
    "TXMGlW9Iat4nIRl+o5CdEoK3d2b4akLB/FC06Lo290r287PfXrNX6j2tyf7LoOG0oziiY8QLL88umFr8YoY/cEMQ"
    "Xxyv8BORwD5BRfvbg2FesH0N1RQ40l+tPviieF6p7znsY/x9U4adqteohlG682RRkP09mR1pVCwOwPTb3kabCgXQ"
    "nFXo3W3WcJiH3oGGJLovqmfnZ/ti36mXdy95bEv/C7CxaXaRpX2Ra/mIqMK6z/JRGSsRXFDALnikaRt+eHAG6SHc"
    "xnKs5Ja9XoLzAZe2nPXmIwICRY7k+FW0UiIYiQI5fdfdmsf8VRHozhj5UCUiMI8lOICqbGXnxVlcxm4Pfvk38MAn"
    "IA=="
)
