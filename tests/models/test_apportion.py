from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.apportion import largest_remainder

sums = st.integers(0, 10**15)
weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=30).filter(any)


def test_the_seed_arithmetic_of_a_price_per_point() -> None:
    # 1,000 less a fifth over 100 points is 8.00 a point.
    awards = largest_remainder(80_000, np.array([10, 20, 30, 40]))

    assert awards.tolist() == [8_000, 16_000, 24_000, 32_000]


def test_odd_pennies_go_to_the_greatest_remainders_then_to_the_earlier() -> None:
    assert largest_remainder(10, np.array([6, 6, 1])).tolist() == [5, 4, 1]
    assert largest_remainder(1, np.array([1, 2])).tolist() == [0, 1]


@settings(deadline=None, derandomize=True, max_examples=300)
@given(sums, weights)
def test_parts_add_up_and_stay_within_a_unit_of_the_exact_share(
    total: int, given_weights: list[int]
) -> None:
    parts = largest_remainder(total, np.array(given_weights))

    assert sum(parts.tolist()) == total
    whole = sum(given_weights)
    for part, weight in zip(parts.tolist(), given_weights, strict=True):
        assert abs(Fraction(part) - Fraction(total * weight, whole)) < 1


@pytest.mark.parametrize(("total", "bad"), [(5, [0, 0]), (5, []), (5, [1, -1]), (-1, [1])])
def test_nothing_to_divide_by_is_refused(total: int, bad: list[int]) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        largest_remainder(total, np.array(bad, dtype=np.int64))
