import math
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.arrays import IntArray
from metneed.models.random_stream import RandomStream
from metneed.solver.engines.arrival import over_all_orders, over_circles

from .claims_cases import problems

quick = settings(deadline=None, derandomize=True, max_examples=100)


def served(claims: list[int], estate: int, order: tuple[int, ...]) -> list[int]:
    """What each gets where all are paid in this order."""
    paid, left = [0] * len(claims), estate
    for row in order:
        paid[row] = min(claims[row], left)
        left -= paid[row]
    return paid


def mean(claims: list[int], estate: int, orders: list[tuple[int, ...]]) -> list[Fraction]:
    """The average over orders, one after the other."""
    total = [served(claims, estate, order) for order in orders]
    return [Fraction(sum(column), len(orders)) for column in zip(*total, strict=True)]


def circles(count: int, size: int) -> list[IntArray]:
    stream = RandomStream.of(7, "circles of a test")
    return [stream.permutation(size) for _ in range(count)]


@quick
@given(problems())
def test_all_orders_are_what_they_are_one_by_one(problem: tuple[list[int], int]) -> None:
    claims, estate = problem
    portions = over_all_orders(np.array(claims), estate)

    assert portions is not None
    assert portions.fractions() == mean(claims, estate, list(permutations(range(len(claims)))))


def test_fifteen_different_claims_are_always_exact() -> None:
    claims = 2 ** np.arange(15)

    portions = over_all_orders(claims, int(claims.sum()) - 1)

    assert portions is not None
    assert sum(portions.fractions()) == int(claims.sum()) - 1


def test_many_people_with_a_few_different_claims_are_exact_too() -> None:
    claims = np.tile([100, 200, 300], 20)

    portions = over_all_orders(claims, 6000)

    # At half of all claims losses are divided as awards are: everyone gets half the claim.
    assert portions is not None
    assert portions.fractions() == [claim / 2 for claim in claims.tolist()]


def test_too_many_sums_of_claims_are_not_begun() -> None:
    claims = 3 ** np.arange(30)

    assert over_all_orders(claims, int(claims.sum()) // 2) is None


@quick
@given(problems())
def test_a_circle_is_all_orders_that_run_around_it(problem: tuple[list[int], int]) -> None:
    claims, estate = problem
    n = len(claims)
    around = circles(2, n)
    orders = [
        tuple(circle[(first + step) % n] for step in range(n))
        for circle in (each.tolist() for each in around)
        for first in range(n)
    ]

    assert over_circles(np.array(claims), estate, around).portions.fractions() == mean(
        claims, estate, orders
    )


def test_circles_of_all_orders_are_all_orders() -> None:
    claims, estate = [100, 200, 300, 50], 260
    # All circles of four, each begun with the first.
    around = [np.array([0, *rest]) for rest in permutations([1, 2, 3])]
    sampled = over_circles(np.array(claims), estate, around)

    assert sampled.orders == math.factorial(4)
    assert sampled.portions.fractions() == mean(claims, estate, list(permutations(range(4))))


def test_amounts_beyond_64_bits_are_averaged_exactly() -> None:
    small = np.array([100, 200, 300, 50, 7])
    large = small * 2**53
    around = circles(3, 5)

    expected = over_circles(small, 260, around).portions.fractions()
    found = over_circles(large, 260 * 2**53, around).portions.fractions()

    assert found == [2**53 * award for award in expected]


@pytest.mark.parametrize("size", [16, 40])
def test_the_standard_error_is_the_error_that_more_circles_show(size: int) -> None:
    claims = np.random.default_rng(3).integers(0, 100_000, size)
    estate = int(claims.sum()) * 2 // 3
    many = circles(4000, size)
    truth = over_circles(claims, estate, many).portions.whole
    errors, said = [], []
    for start in range(0, 4000, 40):
        sampled = over_circles(claims, estate, many[start : start + 40])
        errors.append(np.mean((sampled.portions.whole - truth) ** 2))
        said.append(sampled.standard_error**2)

    assert np.sqrt(np.mean(errors)) == pytest.approx(np.sqrt(np.mean(said)), rel=0.1)


def test_four_times_as_many_circles_halve_the_standard_error() -> None:
    claims = np.random.default_rng(3).integers(0, 100_000, 30)
    estate = int(claims.sum()) // 3
    many = circles(1600, 30)

    few = over_circles(claims, estate, many[:400]).standard_error
    assert over_circles(claims, estate, many).standard_error == pytest.approx(few / 2, rel=0.1)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=9), st.data())
def test_equal_claims_have_equal_chances(claims: list[int], data: st.DataObject) -> None:
    estate = data.draw(st.integers(0, sum(claims)))
    portions = over_all_orders(np.array(claims), estate)

    assert portions is not None
    pairs = set(zip(claims, portions.fractions(), strict=True))
    assert len(pairs) == len(set(claims))
