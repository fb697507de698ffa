"""Caps on what one person's package may cost."""

from decimal import Decimal

import pytest

from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.units import Units
from metneed.solver.bound import Bound, bind_constraints, effects

from .brute import best, d3, l3, linear, previous, problem


def cap(**options: object) -> tuple[Bound, ...]:
    return bind_constraints({"most": {"kind": "cap", **options}})


def answer(given: Problem, **options: object) -> tuple[int, ...] | None:
    return best(given, effects(given, cap(**options)))


@pytest.mark.parametrize(
    ("amount", "expected"),
    # Everyone's best is (10, 10, 9) for 21; each step down takes the dearer packages away.
    [(8, (10, 10, 9)), (7, (10, 10, 4)), (6, (8, 10, 4)), (5, (8, 7, 4)), (3, (5, 6, 0))],
)
def test_a_lower_cap_removes_dearer_packages(amount: int, expected: tuple[int, ...]) -> None:
    assert answer(d3(21), amount=amount) == expected


def test_exceptions_are_not_bound_by_the_cap() -> None:
    assert answer(d3(21), amount=5, exceptions=["u3"]) == (8, 7, 9)


def test_each_group_can_have_its_own_cap() -> None:
    given = d3(21, groups={"area": ["north", "south", "south"]})
    bound = bind_constraints(
        {
            "north": {"kind": "cap", "amount": 2, "group": "area", "values": ["north"]},
            "south": {"kind": "cap", "amount": 6, "group": "area", "values": ["south"]},
        }
    )

    assert best(given, effects(given, bound)) == (5, 10, 4)


def test_a_multiple_of_the_median_is_rounded_down() -> None:
    # Full costs 7, 6 and 8: the median is 7, and 0.99 of it 6.93.
    assert answer(d3(21), times_median=1) == (10, 10, 4)
    assert answer(d3(21), times_median=Decimal("0.99")) == (8, 10, 4)


def test_the_median_is_the_lower_one_of_the_users_concerned() -> None:
    given = d3(21, groups={"area": ["north", "north", "south"]})

    # Of 7 and 6 the lower is 6, and only these two are bound.
    assert answer(given, times_median=1, group="area", values=["north"]) == (8, 10, 9)


def test_the_median_can_be_that_of_todays_packages() -> None:
    given = d3(21, previous=previous([4, 5, 0], [8, 7, 0], [True, True, False]))

    assert answer(given, times_median=1, median_of="previous") == (8, 6, 4)


def test_an_amount_is_read_in_pounds_with_the_decimals_of_the_scenario() -> None:
    given = d3(21, units=Units("GBP", 1, 0))

    assert answer(given, amount="0.5") == (8, 7, 4)


def test_under_exactly_one_a_user_without_a_package_under_the_cap_is_blocked() -> None:
    given = d3(21)
    free = effects(given, cap(amount=2))
    due = effects(given.replace(choice="exactly_one"), cap(amount=2))

    assert free.blocked is not None
    assert due.blocked is not None
    assert free.blocked.tolist() == [False, False, False]
    assert due.blocked.tolist() == [False, True, True]


def test_with_part_packages_the_cap_is_for_the_mix_of_a_person() -> None:
    given = l3()
    effect = effects(given, cap(amount=3))

    # 3 each: 9 of 12, 6 of 12 and 3 of 12.
    assert linear(given, given.menus, each=effect.each) == pytest.approx(18000)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "give either amount or times_median"),
        ({"amount": 5, "times_median": 2}, "give either amount or times_median"),
        ({"amount": 5, "median_of": "previous"}, "median_of does nothing beside amount"),
        ({"amount": -5}, "amount: input should be greater than or equal to 0 (given -5)"),
        ({"amount": "£5"}, "'£5' is not a plain decimal number such as 1250000.00"),
        ({"times_median": 1001}, "less than or equal to 1000"),
        ({"times_median": 1, "median_of": "points"}, "'full_cost' or 'previous'"),
    ],
)
def test_a_bad_option_is_refused_with_its_place_and_the_options(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(OptionError) as refused:
        cap(**options)

    assert str(refused.value).startswith("scenario.toml, [constraints.most]: ")
    assert message in str(refused.value)
    assert "the options of cap: group, values, exceptions, amount" in str(refused.value)


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        (d3(), {"amount": "5.25"}, "amount: 5.25 has more than 0 decimals, which would be lost"),
        (d3(), {"times_median": 1, "median_of": "previous"}, "this limit needs the table previous"),
        (problem([[]], 0), {"times_median": 1}, "there is no median"),
    ],
)
def test_what_cannot_be_applied_is_refused_with_its_place(
    given: Problem, options: dict[str, object], message: str
) -> None:
    with pytest.raises(OptionError, match=r"^scenario.toml, \[constraints.most\]") as refused:
        effects(given, cap(**options))

    assert message in str(refused.value)
