"""The money of each year of a path."""

from fractions import Fraction
from typing import Any

import pytest

from metneed.models.errors import OptionError
from metneed.models.scenario import Scenario
from metneed.models.year_money import YearMoney, exact_pots, price_factors, year_money


def scenario(plan: dict[str, Any], **keys: Any) -> Scenario:
    stated = {"schema_version": 1, "name": "trial", "budget": "1000", "path": plan}
    return Scenario.model_validate(stated | keys)


def moneys(plan: dict[str, Any], **keys: Any) -> tuple[YearMoney, ...]:
    found = scenario(plan, **keys)
    assert found.path is not None
    return year_money(found, found.path)


def allocable(plan: dict[str, Any], **keys: Any) -> list[int]:
    return [money.allocable for money in moneys(plan, **keys)]


def test_a_cut_of_a_fifth_each_year_leaves_0_262_of_the_pot_beside_a_slice() -> None:
    found = allocable({"cut": "0.2"}, top_slice="0.2", money_decimals=4)

    assert found == [8_000_000, 6_400_000, 5_120_000, 4_096_000, 3_276_800, 2_621_440]
    assert Fraction(found[-1], 10_000_000) == Fraction("0.262144")


@pytest.mark.parametrize("top_slice", ["0", "0.2"])
def test_a_slice_that_is_the_cut_leaves_0_328_of_the_pot_after_five_years(top_slice: str) -> None:
    plan = {"cut": "0.2", "reading": "slice_is_cut"}
    found = allocable(plan, top_slice=top_slice, money_decimals=4)

    assert found == [10_000_000, 8_000_000, 6_400_000, 5_120_000, 4_096_000, 3_276_800]
    assert Fraction(found[-1], 10_000_000) == Fraction("0.32768")


def test_a_slice_that_is_the_cut_holds_back_what_the_next_pot_is_short_of() -> None:
    found = moneys({"cut": "0.2", "reading": "slice_is_cut", "years": 2}, top_slice="0.2")

    assert [money.budget for money in found] == [100_000, 100_000, 80_000]
    assert [money.top_slice for money in found] == [0, 20_000, 16_000]


def test_a_slice_that_is_not_the_cut_is_refused_where_they_are_to_be_one() -> None:
    with pytest.raises(OptionError, match=r"top_slice is 0\.3 and the cut of year 1 is 0\.2"):
        moneys({"cut": "0.2", "reading": "slice_is_cut"}, top_slice="0.3")


def test_pots_are_rounded_down_once_and_not_year_by_year() -> None:
    # 0.99 x 0.9 = 0.891 and 0.99 x 0.81 = 0.8019; rounding each year would give 0.80, then 0.72.
    plan = {"cut": "0.1", "years": 3}

    assert allocable(plan, budget="0.99") == [99, 89, 80, 72]
    assert exact_pots(*_both(scenario(plan, budget="0.99")))[3] == Fraction(99) * Fraction("0.729")


def test_a_stated_budget_takes_the_place_of_the_cut_and_later_cuts_start_from_it() -> None:
    plan = {"cut": "0.2", "years": 3, "year": [{"year": 2, "budget": "500"}]}

    assert allocable(plan) == [100_000, 80_000, 50_000, 40_000]


def test_a_stated_budget_is_for_the_budget_period() -> None:
    plan = {"years": 1, "year": [{"year": 1, "budget": "104"}]}
    keys = {"period": "week", "budget_period": "year", "weeks_per_year": "52"}

    assert allocable(plan, **keys)[1] == 200


def test_a_greater_cut_leaves_less_in_every_year_after_the_first() -> None:
    less, more = allocable({"cut": "0.3"}), allocable({"cut": "0.1"})

    assert less[0] == more[0]
    assert all(a < b for a, b in zip(less[1:], more[1:], strict=True))


def test_overheads_are_taken_off_each_year_and_do_not_shrink() -> None:
    assert allocable({"cut": "0.5", "years": 2}, overheads="100") == [90_000, 40_000, 15_000]


def test_a_slice_for_administration_pays_the_overheads_first() -> None:
    plan = {"years": 2, "slice_to": "administration"}
    found = moneys(plan, top_slice="0.2", overheads="250")

    # The slice is 200 a year: 50 of the overheads are left to take off the rest.
    assert [money.overheads for money in found] == [5_000, 5_000, 5_000]
    assert [money.overheads_from_slice for money in found] == [20_000, 20_000, 20_000]
    assert [money.allocable for money in found] == [75_000, 75_000, 75_000]


def test_what_administration_leaves_of_a_slice_pays_overheads_of_later_years() -> None:
    plan = {"cut": "0.5", "years": 2, "slice_to": "administration"}
    found = moneys(plan, top_slice="0.2", overheads="110")

    # 200 - 110 leaves 90; with the slice of 100 that is 190, less 110 is 80; 50 more is 130.
    assert [money.overheads for money in found] == [0, 0, 0]


def test_a_pot_that_does_not_reach_for_slice_and_overheads_is_refused_with_the_year() -> None:
    with pytest.raises(OptionError, match=r"in year 3 top slice and overheads take £155\.00"):
        moneys({"cut": "0.5", "years": 3}, overheads="130", top_slice="0.2")


def test_prices_rise_on_each_other_exactly() -> None:
    plan = scenario(
        {"price_inflation": "0.03", "years": 3, "year": [{"year": 2, "price_inflation": "0"}]}
    ).path
    assert plan is not None
    rise = Fraction("1.03")

    assert price_factors(plan) == (1, rise, rise, rise**2)


def _both(found: Scenario) -> tuple[Scenario, Any]:
    return found, found.path
