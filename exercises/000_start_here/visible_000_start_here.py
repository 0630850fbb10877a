"""The tests of unit 000 that you may read. Your notebook runs them.

Made by `firsthand dev build`; an edit is lost with the next build.
"""

from firsthand import compare
import pytest
import torch


@pytest.mark.exercise("majority_accuracy")
class TestMajorityAccuracy:
    @pytest.mark.visible
    def test_the_worked_example_gives_a_half(self, submission):
        votes = torch.tensor([[True, True, False], [False, True, False]])
        got = submission.majority_accuracy(votes, torch.tensor([True, True]))
        compare.close(
            got, 0.5, what="majority_accuracy", hint="which answers does the majority give?"
        )


@pytest.mark.exercise("share_with_error")
class TestShareWithError:
    @pytest.mark.visible
    def test_three_of_four_give_three_quarters_and_its_error(self, submission):
        share, error = pair(submission.share_with_error(torch.tensor([True, True, True, False])))
        compare.close(share, 0.75, what="the share", hint="count True, divide by the answers")
        compare.close(error, 0.2165064, what="the error", hint="the root of p (1 - p) / n")


def pair(got):
    """The two numbers of an answer, or a failure that says what came instead."""
    hint = "return the share and its error: `return share, error`"
    if not isinstance(got, tuple | list) or len(got) != 2:
        compare.fail("share_with_error did not return two numbers.", hint=hint)
    return got


# What the notebook shows of the unit, hints included. Packed, so as not to spoil them.
UNIT_DATA = (
    "eNqtVE1r20AQ/SuDTjYY4aRNWxxCCYXSUy8t9FCCWa9W0sbaHWU/ooqQ/96ZkZzYbQg99GJrdufjzZs3+1DoTllX"
    "bKC4BqduMdg0AtZwm6vGRBhajAacjUntyVTBgPWV6Q39+AQ2QrBNm8Ah3WCdjIfUKg/o2aRv48piBUVl69rq3KWR"
    "Sp3RgfllgrbRRLJ/PhRadd02Go2+4pPzdbkmJ93no8Pp7K9MrfVJshQ/BKzycTCBoWl0PSGuYLCpZSyQQk7thiEm"
    "hmeUbqdOV4BBPBj4nIHMERp7T2HYGLLCR27lE2bqnH2fOYKoRhjpOyEouMsmJov+kr6fOCU8QpLQ06quPuHnHpOJ"
    "Zd2hSotl6Yzyi8q6q7Mlx3Gt2Cph+IWil4dGwaap1XV5saIuKokMJhJbMwfcf1ncUEXregxJeW2Iuzd0sKfBsg40"
    "VoYhMQjrGz76zCQcFeZawt00/PeQrKMrzMLq2VocprsDdfDhTydCGKFD3/C/cF0heCQtkdSmnpV71p7Q5KzPSTTD"
    "iD3dM7wDx1uldQ5Kj+za46yLczJC3gWrWSTcep5ld/O4gv8kvS84wIC5myg3IZCcNE26oaHImImQgX9qzGFmgtp2"
    "yo+z3OIsLtdTh0cj75mt7yFTqA0xXcpVjcHlToE3popMGiFpYEfU9k9z99ntiHeKnguAFw57uJpmcyq3ZWmTcYul"
    "xHvy6YxfiN+SddzjMCUjbbEmFcS7LGNGTC8o6u3riro+wGNZsiRsijNtlFzWQ83KpXUdcCIjTpvLc6DQ3UgYY5w2"
    "in0knkkdieuug92zjF5Rj2TeMo6tJPhn8bDVBFWZcKSUCyZCul6v11uSbkhbnv5p/Xdcn1Z+h7g/0R7XVr0JnMDT"
    "W7SBlpRFr8qAYT/tsMiAWq4EaKDcd9lGm2ZYK+4oZL/nFF8nZWyEB3ljZDWroAZ+oyd6eh4ghSWbOmHkG6MGQf34"
    "G2xUCkU="
)
