from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metneed.models.errors import NumbersTooLargeError, OptionError
from metneed.solver.tables.curve import Knots, Line, line_through
from metneed.solver.tables.rounding import rounded_one, scaled

SAVVA = ((16_000, 8291), (22_000, 11221))
"""Points and pounds a week of two of the claimant's assessments in R (Savva) v Kensington and
Chelsea; the council's table itself was not published."""


def test_savvas_two_amounts_are_not_proportional_to_points() -> None:
    (low, less), (high, more) = SAVVA

    # One price per point from the first would give 114.00 for 22 points, and 112.21 was given.
    assert Line(Fraction(0), Fraction(less, low)).amounts(np.array([high])).tolist() == [11400]
    assert less * high != more * low


def test_a_line_through_savvas_two_amounts_gives_both_to_the_penny() -> None:
    line = line_through(*SAVVA)

    assert line.amounts(np.array([16_000, 22_000])).tolist() == [8291, 11221]
    assert float(line.rate * 10) == pytest.approx(4.8833, abs=1e-4)  # pounds a point
    assert float(line.base / 100) == pytest.approx(4.7767, abs=1e-4)


def test_a_line_never_gives_less_than_nothing() -> None:
    line = Line(Fraction(-500), Fraction(1))

    assert line.amounts(np.array([0, 500, 600])).tolist() == [0, 0, 100]


def test_base_and_rate_each_raise_the_amount() -> None:
    points = np.array([2000, 4000])

    assert Line(Fraction(0), Fraction(1)).amounts(points).tolist() == [2000, 4000]
    assert Line(Fraction(10), Fraction(1)).amounts(points).tolist() == [2010, 4010]
    assert Line(Fraction(0), Fraction(2)).amounts(points).tolist() == [4000, 8000]


def test_a_line_through_two_amounts_of_the_same_points_is_refused() -> None:
    with pytest.raises(OptionError, match="two people with different points"):
        line_through((5, 1), (5, 2))


def test_knots_hold_until_the_next_one_or_run_straight_between() -> None:
    knots = (np.array([10, 20]), (Fraction(100), Fraction(201)))
    tried = np.array([5, 10, 15, 20, 25])

    assert Knots(*knots).amounts(tried).tolist() == [100, 100, 100, 201, 201]
    assert Knots(*knots, "line").amounts(tried).tolist() == [100, 100, 151, 201, 201]
    assert Knots(*knots, "line").amounts(tried, "down").tolist() == [100, 100, 150, 201, 201]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("nearest", [4150, 4151]),
        ("down", [4150, 4150]),
        ("up", [4150, 4151]),
        ("whole_nearest", [4200, 4200]),
        ("whole_down", [4100, 4100]),
        ("whole_up", [4200, 4200]),
    ],
)
def test_each_way_of_rounding_is_what_it_says(how: str, expected: list[int]) -> None:
    halves = np.array([8300, 8301])

    assert scaled(halves, Fraction(1, 2), how).tolist() == expected  # type: ignore[arg-type]


def test_a_pound_without_pence_is_rounded_alike() -> None:
    assert scaled(np.array([7]), Fraction(1, 2), "whole_down", whole=1).tolist() == [3]


@given(
    st.lists(st.integers(0, 10**9), max_size=5),
    st.fractions(0, 1000, max_denominator=10**6),
    st.fractions(-1000, 1000, max_denominator=1000),
    st.sampled_from(["nearest", "down", "up", "whole_nearest", "whole_down", "whole_up"]),
)
def test_arrays_are_rounded_as_single_fractions_are(
    values: list[int], factor: Fraction, plus: Fraction, how: str
) -> None:
    found = scaled(np.array(values, dtype=np.int64), factor, how, plus=plus)  # type: ignore[arg-type]

    assert found.tolist() == [rounded_one(plus + factor * each, how) for each in values]  # type: ignore[arg-type]


def test_amounts_past_64_bits_are_worked_out_exactly_or_refused() -> None:
    huge = np.array([2**52 - 1])

    assert scaled(huge, Fraction(10**9 + 1, 10**9)).tolist() == [
        rounded_one(Fraction((2**52 - 1) * (10**9 + 1), 10**9))
    ]
    with pytest.raises(NumbersTooLargeError, match="check the rate of 1000"):
        scaled(huge, Fraction(1000))
