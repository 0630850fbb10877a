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
        claim = {"checkpoints": states, "every": 2, "lr": 0.1, "momentum": 0.9, "root": bytes(32)}

        def replay(i):
            return states[i + 1]

        compare.equal(
            submission.accept(claim, agreed, replay, 1, 0.05, 0), False,
            what="accept of a claim whose root is 32 zero bytes",
            hint="compute the root again and compare",
        )  # fmt: skip
        claim["root"] = submission.transcript_root(order, 2, 0.1, 0.9, states)
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
        got = submission.data_order([b"red", b"green", b"blue"], b"once", 2, 3)
        compare.equal(
            np.asarray(got),
            np.array([[2, 1, 0], [0, 2, 1]]),
            what='data_order([b"red", b"green", b"blue"], b"once", 2, 3)',
            hint="hash each record, hash the hashes and the nonce, seed the generator with that as a big-endian integer",
            known={"the nonce belongs to the seed": np.array([[2, 0, 1], [1, 0, 2]])},
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
        for name, given in (("every", 2), ("lr", 0.1), ("momentum", 0.9)):
            compare.equal(
                transcript[name], given, what=f"{name} of the transcript", hint="as it was given"
            )
        root = submission.transcript_root(order, 2, 0.1, 0.9, list(transcript["checkpoints"]))
        if transcript["root"] != root:
            compare.fail(
                "the root is not transcript_root of the settings, the order and all checkpoints.",
                hint="the root covers all checkpoints: compute it after training",
            )


@pytest.mark.exercise("segment_error")
class TestSegmentError:
    @pytest.mark.visible
    def test_the_worked_example_is_off_by_a_tenth(self, submission):
        start = {"w": np.array([0.0, 2.0]), "momentum.w": np.array([0.0, 0.0])}
        replayed = {"w": np.array([3.0, 2.0]), "momentum.w": np.array([4.0, 0.0])}
        claimed = {"w": np.array([3.0, 2.0]), "momentum.w": np.array([4.0, 0.5])}
        compare.close(
            submission.segment_error(start, claimed, replayed),
            0.1,
            what="segment_error of the worked example",
            hint="a distance of 0.5 after a travel of 5",
            known={
                "the momentum belongs to the state: compare every array": 0.0,
                "divide by the travel of the replay, not of the claim": 0.5 / 25.25**0.5,
                "the travel is that of the whole state too": 0.5 / 3,
            },
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
    "eNq9Wf1vI7cR/VcI/2Ip3VNs30cOci5BkuuhaYNcgAQ4FIYhU7uUxHqX1JHck9Ug/dv73pCrD1/q5tL0AMPa5XJJ"
    "zsybmTezP5/UrbbdyVSdfKVav1R+oeqVqW/X3roUlXaNanTSyofGhEoF88jcmbpPplHWqbUOSW1sWuFaq+RbE7Sr"
    "TaXiym+iSiuNx8YuV1hqY4JRKWjr8O5IzyOu6zS+VK+0WyqTlG4n6uLs4kI2/Wbl7cHgY1lRbVa2XuUDRrXybaP0"
    "EgvGpBY+LLEuRIiTk0qdNHaxsHXfpi1ke4wBHDvUNpqI+6ufT2rdtrNoau8ajlycTc4wqV73B4N57L2VVtQMVzn5"
    "dqGi78zcN1vlXbtV0Ziotr4Par5NJlaq1g5aMFuVTNvi+NSBVk53RhlsIqLmUcxSru/mJkQ1N0vrvqQYr7gW1bvk"
    "aOuhqeSV0dCCDkFvp7JWpZq0XYvaNX9MazqDQ07UTfJyktH4Ri3tOxNln+G5CtDpfCs/G9jKvDNBJrQaQqRLHLU1"
    "bplWtPUieJeID9ldLH9rzDrKJSThj6j+9bBK9IE44Qmhik2wKYuZX+DwxLjaN2Y0LhJMAIqDsWDWYSQyjXejorKd"
    "VLvziDYqeTg3AIM5OCZkGPFiPEl+ll98XqnTuV2ejicn1ziy7dY4K6ELuz7BwK11DZ2Ce1KmzmgHI2Q/Wem44saQ"
    "JZpsaeWgwjWQqBq/cQADpE9QqBzIeeUxN0z3SrYwZ29b6NMpm6BePLYpe4wosbMOTpahiVsqS86jnXcW4M1ycGb2"
    "VDx8ipvQz4OtCU6K1Re4X/9Sqd8N+SdHkH8teFYbvVX9uiJ2HYUR9EJXchHo8KIDKIlSrbUN1YB1R/1RaKiFVnFQ"
    "h6ajt4L4vwFTKm384AzT3dqneMs15o5g5KotNNlmOGBGfpStAvzGlM8jAzrlyRP1NQyB/dt3hnsKRMqTr2C1phl2"
    "AJ6LGFwFjuAUprny2LztdUtH3O1FkfbyiAURq9ry9At1NlV2sV8cO1UZRmfn6k8q2nkLdOEq72ba3eTPZYXDySLW"
    "7h1OjtTPbhEsD7s3E/XTanfgTz99oS6qfBi5hryqszHyBR/EzxfpkSc0h3UI+YjgjOU/3Emwt8JidmGxIoOgBOvH"
    "F8VbaLSYLEKixHLcbw/STrYYEKIjwjyc+b5HPD3wCNllO7OubvtovTtyic/+Py5xceQSbyQpZcGWHhovwEAEhfA0"
    "XMY+E1hHSRuPmYK9gF1Co7BVCnaO+eICr+E5SwMc6eThN0gqDcKoh+Il18rijV2aSA0RmtjSLJmem6CRdiGUWpvQ"
    "9YhA0Ei8lDfmOkHFeIrYiATOeN7lbLD29QrupG3DpCQJxjUli8ouL5hYLp4+G81PTyf/gHJH5T6MJ3kKIjHspAJ9"
    "MwsVx4JVHHo/51IFAOuFasxCQ5Uz3I1w9gmPUgJznjpEZ7wB3dQImo7B1DjfL1dHslUiC44cE3PRJ1lMpg7JG7+C"
    "3KcPI/d7L+mcmAXlWItYuBb+IzjtkFymuJKQXsazr+SRIn5VIpOHd4rKfdfZhHz4UHgn1ZrJkh8jsh+Tmb8M8Mya"
    "XGnEyLlBCEn6Fv8lcutDL0WgaXozxHWG8LmnLbLrb3O0QRYQTH/je7ySlxbknSMELeggWkYB8+QLDcqZ0+ZQXsuL"
    "jX1nG4AXZOWGCXR7w7DFKAmCqeM+EHMt0J64bGa8vIE5Uh8c47kzm7x0BRuS//SdkrDRFKN8Tdq1d7HWYr0reeN6"
    "or7zAIMESIPMRN80o0KKz8dTRROoYVfJ6p0Gkq9AreK1qKjVIHBloOIGUOd6TYc7klRSTwcL2XUr6UvEpbSSdaKw"
    "Gdl4/OHg/on0m8GddKU1moRQC++XkAvr78CfA/PampoUJ18MmNbZypnM5/iOBER2SvU0Nj0UsOWtGf67WAe7TkdI"
    "f/Yfkf4e9fkDI/ifQ/ASunpHYgGlE89ZWjF5rjuEY8Yv1RtJT/e8oTG1IPSAzZu7RAoLMi1kPxP6ViMIOInReb0d"
    "hS3YtJlhRdYIObpgQuHQkltIrBat1+nZEzhaDbe5HKqHnDKIISnrFE0QyxmqnDcQQzEq08rZ8iTsXvj7K2Jtd6Cj"
    "AOzWkwDQtCN5dMVTXY8n8Dtw9xEelmONs9bkUDw4JZD1L4GT0I1q9UiFsfo03wXcRbB9cTzYSjzbLQ40mWRTinX2"
    "4ZgHsTNiXxwCqz8W7OeAvdNzxr6KQBNBnu+YVcM7nSlmGcu2LiwzFW+6h/bzQ7RHs2SomckRjqD+5GME9Tf7grnA"
    "1JcasBiflslHVDbXnRB1KjUs8OazEdeB9jzNCCa1YxDjqzcC0Jsc0S2ybw5W/ZoZeWTBAM7HwyirydjamvHdryWU"
    "w9lMu1AlnJB0kLQOuIN7WBOF6g/xWjT9I5HElwTjYEaHOam6F4kXA5hZ4w7FQD4G7koAF3bGf/dWOrijKDJPqnsj"
    "/HXvrqT0eSkykUOTfzhe/+77gwCsuXpI1iQpOYd2A2qhAX2ZoRxPo85qHx8sJQtxLqf9rVH4GM9/YAz+1pUoOzjX"
    "KhiT2zoZBsVd7T/FchpErwHQGkKFtKO8BjMguoXtDqpZja33KCUEaFy2SBEn6ts4FKqZI5NnMym2G4Zm3UnHZWW6"
    "vN6gcuT3TeCjQvYA0KG3MrS7QEoWOvAnHbx1VB7H/1JXIURtMhM8aj+EvjX7JJx9U906uqRgWJgruG8ukpHbdQCz"
    "aKhBlon9HJVXAiIKcJCIG3gvS4d7cDmMYywWTYPUO8Oms1YH0vQj0Fx8nFpLpwEKkHyu57a1aZvVkYMPBXH7oCYF"
    "0ora3pPRl1ImMd8QORIJa+mITQsJE6SZTAXe7tByROl3yCjU6Z1H+cTQUzqRYl8Q6rSagPrPeRBzp+ska+RW3FlJ"
    "cWIV5lsDGe7AOnMLc8T3Rq5Sb8fIkPkGFwsOMHnuH+ewiVTVS/DcHmQ2oe0L2fQtfEGDoikRt0iDmNzx1K3fsC01"
    "NCje9ra+/fCy/6VJICSoy6QhomEiBloh0sDnlLutWAzdS6CMmiUfZUzmWbl9rGNR6UNptmbVNztAxMdItU/eh+bG"
    "92xKl7hwSv+LpZZqGGdyxbLSbAqmXF4NCaSgDO+USp1EkwFx6AoXYpj0nP7PfjJykeD5x34uzfRC23YLITlaoH+k"
    "ASpk4tISYj0nQW93yNq3fecED5JtdbydSg9OaFIlk4G2tQ42ejfcWycWcdlnhlXIgOkgXERQMGfLTbAZL9Xt8eQr"
    "zrqecJvRWH0xjP7rcPiylHDwkW7nEl3uN3TSbyCoR7eVcsI36BoXn3zi/ofqaFcZUatmUDxNacpHDT3EXQgLos8r"
    "Nt0Ks8o5QagWzUzzP1QR7XpXs/VMFPUxeli/Al5mji3Zh6TMITzCG6GTdmCMX6qXPutgYUMsRdLwFWYzeKxeIs02"
    "lYh/9HAoTYo7fyOokmCb+JGjKmi/9x2qypsdMrIRocVCMH8RCN6ny1xVMwEoyorYyp5Did6ZpOp9Z417CJvzGzfJ"
    "RZ2YTB9gPRcl3+vvCwjF3Q7bV2zOjScHHanRsN/4ajrvm6VJ15c7FjpVN4gAVMoRjxpNJpOx+vzF/gvadAC99F9v"
    "coFHGXk2U2TZ19AzPhplpV+dChU9BVKGAUmMHMA+h7Q2/p4WAmOVNCl2/d3iEZmric9LPK9vi/6mOTPLZyw175ME"
    "GX4mEUtJgLd3ZvhwQyL+kLfoujb3ugbnZ7+9bVCp9zgs5y+DhtKO/IiKES08P7tgavGLGf4QG4Lo4viEnwm19gns"
    "3N8eLPOM42uwscCV/mr1wUfN80r9wGUf4e+7suxUvTQLRCFpbgqyf2BkRxoViQMwjdwcbSohgOKsQu9uMzfEPtQO"
    "uCnRfVE9OT/bMVKMPb97zs4x9S/AhtHsIpcMhQbmLlWFc5/lbh0rHFyQGC/YVbUNv304g/QQbmPpbLllr0EsOsCl"
    "Le3m3IAgUKQryA+zlRIiShTIBwDdrfmloSrE3xkj38qEXOa1BAdgq61YXpTFY+xs8Mu/Aa69VCI="
)
