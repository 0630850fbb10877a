"""Whatever bytes arrive, the decoder gives a value or its own error."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.frames import decoded, frames

BOUNDED = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@BOUNDED
@given(st.integers(0, 2**32 - 1))
def test_a_mutated_frame_gives_a_value_or_the_decoders_own_error(seed):
    for header, blob in frames(seed, 5):
        decoded(header, blob)


@BOUNDED
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_random_bytes_give_a_value_or_the_decoders_own_error(header, blob):
    decoded(header, bytearray(blob))


def test_the_mutations_reach_both_outcomes():
    outcomes = [decoded(*frame) for seed in range(60) for frame in frames(seed, 10)]
    assert outcomes.count(True) > 50 and outcomes.count(False) > 50
