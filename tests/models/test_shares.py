from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.shares import lowest_share, mean, shares_of_need

VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def test_users_without_a_need_have_no_share() -> None:
    assert shares_of_need(np.array([3, 9, 5]), np.array([12, 0, 10])).tolist() == [0.25, 0.5]


def test_there_is_no_mean_and_no_lowest_share_of_nobody() -> None:
    nobody = shares_of_need(np.array([3]), np.array([0]))

    assert mean(nobody) is None
    assert lowest_share(nobody, 10) is None


def test_the_mean_loses_nothing_to_cancellation() -> None:
    assert mean(np.array([1e16, 1.0, 1.0, -1e16])) == 0.5


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    pairs=st.lists(st.tuples(st.integers(0, 2**53), st.integers(1, 2**53)), min_size=2, max_size=12)
)
def test_ranks_of_shares_are_ranks_of_the_exact_fractions(pairs: list[tuple[int, int]]) -> None:
    met, need = np.array(pairs).T
    by_share = np.argsort(shares_of_need(met, need), kind="stable")
    exact = [Fraction(*pairs[row]) for row in by_share]

    for one, following in pairwise(exact):
        assert float(one) <= float(following)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(values=VALUES)
def test_the_tenth_percentile_is_that_of_the_inverted_distribution(values: list[float]) -> None:
    expected = np.quantile(values, 0.1, method="inverted_cdf")

    assert lowest_share(np.array(values), 10) == pytest.approx(expected, abs=0)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(values=VALUES)
def test_the_hundredth_percentile_is_the_greatest_value(values: list[float]) -> None:
    assert lowest_share(np.array(values), 100) == max(values)
