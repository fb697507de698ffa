from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.solver.engines.portions import Portions, level, times

thorough = settings(deadline=None, derandomize=True, max_examples=300)
amounts = st.lists(
    st.fractions(min_value=0, max_value=50, max_denominator=12), min_size=3, max_size=3
)


def test_a_level_fills_small_caps_and_shares_the_rest() -> None:
    portions = level(np.array([1, 4, 9]), np.array([1, 1, 1]), 8)

    assert portions.fractions() == [1, Fraction(7, 2), Fraction(7, 2)]


def test_a_level_rises_with_weights_as_far_as_caps_go() -> None:
    # Shares of 1, 2 and 3: the second is full at 3, the others have 1 and 3 parts of 8.
    portions = level(np.array([9, 3, 9]), np.array([1, 2, 3]), 11)

    assert portions.fractions() == [2, 3, 6]


def test_whole_units_go_to_the_greatest_remainders_and_among_equals_to_the_first() -> None:
    thirds = Portions(np.array([1, 1, 1, 1]), np.array([1, 2, 1, 2]), 3)

    assert thirds.units(6).tolist() == [1, 2, 1, 2]
    assert Portions(np.array([1, 1, 1]), np.array([1, 1, 1]), 3).units(4).tolist() == [2, 1, 1]


@thorough
@given(amounts, amounts)
def test_sums_halves_and_what_is_left_are_those_of_fractions(
    first: list[Fraction], second: list[Fraction]
) -> None:
    one, two = Portions.exactly(first), Portions.exactly(second)

    assert one.fractions() == first
    assert one.halved().fractions() == [part / 2 for part in first]
    assert one.plus(two).fractions() == [a + b for a, b in zip(first, second, strict=True)]
    assert one.below(np.array([50, 60, 70])).fractions() == [
        50 - first[0],
        60 - first[1],
        70 - first[2],
    ]
    assert one.above(np.array([1, 2, 3])).fractions() == [first[0] + 1, first[1] + 2, first[2] + 3]


def test_fractions_whose_denominators_pass_64_bits_stay_exact() -> None:
    fine, coarse = Fraction(1, 3**41), Fraction(1, 2**61)
    one, two = Portions.exactly([fine, 1 - fine]), Portions.exactly([coarse, 1 - coarse])

    assert one.plus(two).fractions() == [fine + coarse, 2 - fine - coarse]
    assert one.plus(two).halved().halved().fractions()[0] == (fine + coarse) / 4
    assert one.plus(two).units(2).tolist() == [0, 2]


@thorough
@given(
    st.lists(st.integers(1, 2**62), min_size=1, max_size=4),
    st.integers(0, 2**62),
    st.integers(1, 2**62),
    st.sampled_from([0, 12, 14, 30, 50]),
)
def test_quotients_of_numbers_of_any_size_are_exact(
    weights: list[int], left: int, of: int, shift: int
) -> None:
    weights = [max(weight >> shift, 1) for weight in weights]
    most = 2**55
    whole, rest = times(np.array(weights), left, of, most)

    for weight, quotient, remainder in zip(weights, whole.tolist(), rest.tolist(), strict=True):
        exact = divmod(weight * left, of)
        if exact[0] <= most:
            assert (quotient, remainder) == exact
        else:
            assert quotient > most


@pytest.mark.parametrize("nudge", [-2, -1, 1, 2])
def test_quotients_that_floats_cannot_tell_from_whole_numbers_are_exact(nudge: int) -> None:
    # The product of the first lies this much above a multiple of the denominator, a prime.
    heavy, of = 2**49 - 1, 2**60 - 93
    left = nudge * pow(heavy, -1, of) % of
    weights = np.array([heavy, heavy - 111, 3])
    whole, rest = times(weights, left, of, 2**60)

    assert heavy * left % of == nudge % of
    assert [divmod(weight * left, of) for weight in weights.tolist()] == list(
        zip(whole.tolist(), rest.tolist(), strict=True)
    )


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**4)), min_size=1, max_size=30),
    st.integers(0, 999),
)
def test_a_level_adds_up_and_is_reached_by_all_who_are_below_their_cap(
    people: list[tuple[int, int]], thousandths: int
) -> None:
    caps, weights = (np.array(column) for column in zip(*people, strict=True))
    total = int(caps.sum()) * thousandths // 1000
    parts = level(caps, weights, total).fractions()
    rows = list(zip(parts, caps.tolist(), weights.tolist(), strict=True))
    below = {part / weight for part, cap, weight in rows if part < cap}

    assert sum(parts) == total
    assert len(below) <= 1
    assert all(cap <= weight * t for t in below for part, cap, weight in rows if part == cap)


def test_caps_that_double_from_one_to_the_next_are_filled_one_after_the_other() -> None:
    # A float rounds the greatest of these away from each other, and the level is still exact.
    caps = np.array([2**power + power % 2 for power in range(55)])
    total = int(caps.sum()) - 1
    parts = level(caps, np.ones(55, dtype=np.int64), total).fractions()

    assert parts == [*caps[:-1].tolist(), int(caps[-1]) - 1]
