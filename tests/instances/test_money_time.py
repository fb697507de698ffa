from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.money_time import (
    LARGEST_COST,
    LARGEST_UNITS,
    PER_PENNY,
    agrees,
    exact_weekly_cost,
    frequencies,
    in_period,
    letters,
    pence,
)


def weekly(pounds: str, frequency: str, units: str = "0") -> int:
    """Pence a week of a cost in pounds."""
    per_week = frequencies()[letters(frequency)].per_week
    exact = exact_weekly_cost(
        np.array([int(Fraction(pounds) * 10**4)]),
        np.array([int(per_week * 52)]),
        np.array([int(Fraction(units) * 10**4)]),
    )
    return int(pence(exact)[0])


@pytest.mark.parametrize(
    ("frequency", "rate"),
    [
        ("Weekly", Fraction(1)),
        ("Fortnightly", Fraction(1, 2)),
        ("4-weekly", Fraction(1, 4)),
        ("Monthly", Fraction(12, 52)),
        ("Quarterly", Fraction(4, 52)),
        ("Annually", Fraction(1, 52)),
    ],
)
def test_a_period_comes_so_often_a_week(frequency: str, rate: Fraction) -> None:
    assert frequencies()[letters(frequency)].per_week == rate


@pytest.mark.parametrize(
    ("pounds", "frequency", "units", "expected"),
    [
        ("200", "Weekly", "0", 200_00),
        ("200", "Fortnightly", "0", 100_00),
        ("200", "4-weekly", "0", 50_00),
        ("1000", "Monthly", "0", 230_77),
        ("1300", "Quarterly", "0", 100_00),
        ("5200", "Annually", "0", 100_00),
        ("20", "Hourly", "9.5", 190_00),
        ("40", "Per session", "3", 120_00),
        ("70", "Daily", "7", 490_00),
        ("0.01", "Fortnightly", "0", 1),
        ("0.0099", "Fortnightly", "0", 0),
    ],
)
def test_costs_of_a_week_are_what_a_hand_finds(
    pounds: str, frequency: str, units: str, expected: int
) -> None:
    assert weekly(pounds, frequency, units) == expected


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    st.integers(0, LARGEST_COST * 10**4),
    st.integers(0, LARGEST_UNITS * 10**4),
    st.sampled_from([0, 1, 4, 12, 13, 26, 52]),
)
def test_costs_of_a_week_are_exact_and_rounded_once(cost: int, units: int, rate: int) -> None:
    exact = exact_weekly_cost(np.array([cost]), np.array([rate]), np.array([units]))
    times = Fraction(rate, 52) if rate else Fraction(units, 10**4)
    true = Fraction(cost, 100) * times

    assert Fraction(int(exact[0]), PER_PENNY) == true
    assert int(pence(exact)[0]) == (true + Fraction(1, 2)) // 1


@pytest.mark.parametrize(
    ("units", "rate", "agree"),
    [
        ("1", 52, True),
        ("1.00", 52, True),
        ("12", 52, False),
        ("0.5", 26, True),
        ("0.25", 13, True),
        ("0.23", 12, True),
        ("0.2308", 12, True),
        ("0.2", 12, False),
        ("0.25", 12, False),
        ("1", 12, False),
        ("0.02", 1, True),
        ("0.08", 4, True),
        ("0.07", 4, True),
        ("0.06", 4, False),
    ],
)
def test_planned_units_agree_with_a_period_only_as_far_as_they_are_written(
    units: str, rate: int, agree: bool
) -> None:
    decimals = len(units.partition(".")[2].rstrip("0"))
    number = np.array([int(Fraction(units) * 10**4)])

    assert bool(agrees(number, np.array([decimals]), np.array([rate]))[0]) is agree


def test_a_years_amount_is_divided_by_the_weeks_of_the_year() -> None:
    assert in_period(36_500, "year", "week", "365/7") == 700
    assert in_period(700, "week", "year", "365/7") == 36_500
    assert in_period(5_200, "year", "week", "52") == 100
    assert in_period(100, "week", "week", "52") == 100


def test_codes_are_compared_by_their_letters_and_digits() -> None:
    assert letters("  4-Weekly ") == letters("4 WEEKLY") == "4weekly"
    assert letters("Access & mobility") == letters("access and mobility")
