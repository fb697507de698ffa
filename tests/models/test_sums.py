import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.sums import exact_sum

INT64 = st.integers(-(2**63), 2**63 - 1)


def test_no_numbers_sum_to_zero() -> None:
    assert exact_sum(np.array([], dtype=np.int64)) == 0


def test_a_sum_beyond_64_bits_is_exact() -> None:
    assert exact_sum(np.full(3, 2**63 - 1)) == 3 * (2**63 - 1)
    assert exact_sum(np.full(3, -(2**63))) == -3 * 2**63


@settings(deadline=None, derandomize=True, max_examples=200)
@given(numbers=st.lists(INT64, max_size=40))
def test_the_sum_is_that_of_python_integers(numbers: list[int]) -> None:
    total = exact_sum(np.array(numbers, dtype=np.int64))

    assert total == sum(numbers)
    assert type(total) is int
