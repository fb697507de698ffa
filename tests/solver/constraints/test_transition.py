"""A gentle change from today's packages."""

from decimal import Decimal

import pytest

from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.bound import Bound, bind_constraints, effects

from .brute import best, d3, l3, linear, previous

SIX = {"previous": previous([2000, 3000, 6000], [6000, 6000, 6000])}
TODAY = {"previous": previous([7, 5, 0], [10, 7, 0], [True, True, False])}


def transition(**options: object) -> tuple[Bound, ...]:
    return bind_constraints({"gently": {"kind": "transition", **options}})


def answer(given: Problem, **options: object) -> tuple[int, ...] | None:
    return best(given, effects(given, transition(**options)))


def total(given: Problem, **options: object) -> float | None:
    return linear(given, given.menus, each=effects(given, transition(**options)).each)


@pytest.mark.parametrize(
    ("at_least", "expected"),
    [("0", 26), ("0.5", 25), ("0.75", 23.5), ("0.9", 22.5), ("1", 21)],
)
def test_protection_of_met_need_costs_as_much_as_worked_out_by_hand(
    at_least: str, expected: float
) -> None:
    # User 3 keeps 6 f of 6, for as much money; then user 1 is filled as far as user 2 keeps 6 f.
    found = total(l3(**SIX), at_least=Decimal(at_least))

    assert found == pytest.approx(expected * 1000)


@pytest.mark.parametrize(("gain", "expected"), [("0", 18), ("0.5", 22.5), ("1", 26)])
def test_a_cap_on_gains_keeps_everyone_near_today(gain: str, expected: float) -> None:
    # 6 each cost 11; 9, 9 and 4.5 cost 3, 4.5 and 4.5; with gains of 6 nobody is capped.
    assert total(l3(**SIX), gain_at_most=Decimal(gain)) == pytest.approx(expected * 1000)


def test_whole_packages_below_todays_part_are_removed() -> None:
    assert answer(d3(13, **TODAY), at_least=1) == (10, 10, 0)
    assert answer(d3(12, **TODAY), at_least=1) == (10, 7, 0)
    assert answer(d3(12, **TODAY), at_least=Decimal("0.7")) == (8, 10, 0)
    assert answer(d3(12, **TODAY), at_least=Decimal("0.5")) == (5, 10, 4)


def test_cost_can_be_protected_instead_of_met_need() -> None:
    assert answer(d3(12, **TODAY), of="cost", at_least=1) == (10, 7, 0)
    assert answer(d3(12, **TODAY), of="cost", at_least=Decimal("0.6")) == (10, 7, 0)


def test_users_without_a_package_today_are_neither_protected_nor_capped() -> None:
    assert answer(d3(21, **TODAY), gain_at_most=0) == (10, 7, 9)


def test_exceptions_and_groups_narrow_who_is_protected() -> None:
    given = d3(12, groups={"area": ["A", "B", "B"]}, **TODAY)

    assert answer(given, at_least=1, exceptions=["u1"]) == (5, 10, 4)
    assert answer(given, at_least=1, group="area", values=["A"]) == (10, 7, 0)


@pytest.mark.parametrize(
    ("losers", "expected"), [(0, (10, 7, 0)), (1, (5, 10, 4)), (2, (5, 10, 4))]
)
def test_at_most_so_many_users_lose(losers: int, expected: tuple[int, ...]) -> None:
    assert answer(d3(12, **TODAY), losers_at_most=losers) == expected


def test_losers_are_counted_in_one_row_of_those_who_do_not_lose() -> None:
    effect = effects(d3(12, **TODAY), transition(losers_at_most=1))
    row = effect.rows[0]

    assert (row.name, row.limit) == ("gently: losers", -1)
    assert row.base.tolist() == [0, 0, -1, 0, -1, -1, 0, 0]


def test_who_can_no_longer_be_given_so_much_is_blocked() -> None:
    given = d3(12, previous=previous([9, 5, 4], [11, 7, 4]))
    effect = effects(given, transition(at_least=1))

    assert effect.blocked is not None
    assert effect.blocked.tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "give at least one of at_least, gain_at_most and losers_at_most"),
        ({"at_least": 2}, "at_least: input should be less than or equal to 1 (given 2)"),
        ({"gain_at_most": 101}, "gain_at_most: input should be less than or equal to 100"),
        ({"gain_at_most": "5%"}, "'5%' is not a plain decimal number"),
        ({"losers_at_most": -1}, "losers_at_most: input should be greater than or equal to 0"),
        ({"losers_at_most": Decimal("1.5")}, "losers_at_most: input should be a valid integer"),
        ({"at_least": 1, "of": "points"}, "of: input should be 'met_need' or 'cost'"),
        ({"at_least": 1, "keep": 2}, "keep: extra inputs are not permitted"),
    ],
)
def test_a_bad_option_is_refused_with_its_place(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError) as refused:
        transition(**options)

    assert str(refused.value).startswith("scenario.toml, [constraints.gently]: ")
    assert message in str(refused.value)


def test_without_a_table_of_todays_packages_it_cannot_be_applied() -> None:
    with pytest.raises(OptionError, match="needs the table previous, and the instance has none"):
        effects(d3(), transition(at_least=1))
