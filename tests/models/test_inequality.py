"""Properties that an index of inequality must have, and answers by hand."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metneed.models.inequality import gini

AMOUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=25)
CHECKED = settings(deadline=None, derandomize=True, max_examples=100)


def index(amounts: list[int]) -> float:
    found = gini(np.array(amounts, dtype=np.float64))
    assert found is not None
    return found


def exact(amounts: list[int]) -> Fraction:
    """Half the mean difference of two users over the mean, by all pairs."""
    n, total = len(amounts), sum(amounts)
    differences = sum(abs(one - other) for one in amounts for other in amounts)
    return Fraction(differences, 2 * n * total) if total else Fraction(0)


def test_twelve_eight_and_four_have_two_ninths() -> None:
    assert index([12, 8, 4]) == pytest.approx(2 / 9, rel=1e-15)


def test_equal_amounts_have_no_inequality() -> None:
    assert index([7, 7, 7]) == 0
    assert index([5]) == 0


def test_where_one_has_all_the_index_is_one_less_one_nth() -> None:
    assert index([0, 0, 0, 9]) == 0.75


def test_where_nobody_has_anything_the_index_is_zero() -> None:
    assert index([0, 0]) == 0


def test_nobody_has_no_index() -> None:
    assert gini(np.array([])) is None


@CHECKED
@given(amounts=AMOUNTS)
def test_the_index_is_half_the_mean_difference_over_the_mean(amounts: list[int]) -> None:
    assert index(amounts) == pytest.approx(float(exact(amounts)), rel=1e-14, abs=0)


@CHECKED
@given(amounts=AMOUNTS, seed=st.integers(0, 2**32))
def test_anonymity_who_has_what_does_not_matter(amounts: list[int], seed: int) -> None:
    shuffled = np.random.default_rng(seed).permutation(amounts)

    assert index(shuffled) == index(amounts)


@CHECKED
@given(amounts=AMOUNTS, factor=st.integers(1, 1000))
def test_scale_invariance_the_unit_does_not_matter(amounts: list[int], factor: int) -> None:
    assert index([amount * factor for amount in amounts]) == pytest.approx(
        index(amounts), abs=1e-15
    )


@CHECKED
@given(amounts=AMOUNTS, copies=st.integers(2, 4))
def test_replication_invariance_the_number_of_users_does_not_matter(
    amounts: list[int], copies: int
) -> None:
    assert index(amounts * copies) == pytest.approx(index(amounts), abs=1e-14)


@CHECKED
@given(amounts=AMOUNTS, data=st.data())
def test_pigou_dalton_a_transfer_to_one_who_has_less_lowers_the_index(
    amounts: list[int], data: st.DataObject
) -> None:
    assume(max(amounts) - min(amounts) >= 2)
    rich, poor = amounts.index(max(amounts)), amounts.index(min(amounts))
    moved = data.draw(st.integers(1, (amounts[rich] - amounts[poor]) // 2))
    after = list(amounts)
    after[rich] -= moved
    after[poor] += moved

    assert exact(after) < exact(amounts)
    assert index(after) < index(amounts)
