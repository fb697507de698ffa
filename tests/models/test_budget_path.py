"""The table [path] of a scenario: its years, and what it refuses."""

from typing import Any

import pytest
from pydantic import ValidationError

from metneed.models.budget_path import BudgetPath, PathYear


def fault(**keys: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        BudgetPath.model_validate(keys)
    return caught.value.errors()[0]["msg"]


def test_every_key_says_what_it_is() -> None:
    for model in (BudgetPath, PathYear):
        assert all(item.description for item in model.model_fields.values())


def test_five_years_follow_unless_the_table_says_otherwise() -> None:
    assert BudgetPath().numbers == (1, 2, 3, 4, 5)
    assert BudgetPath(years=2, base_year=2026).numbers == (2027, 2028)


def test_the_last_year_that_is_listed_is_the_last_of_the_path() -> None:
    listed = BudgetPath.model_validate({"base_year": 2026, "year": [{"year": 2029}]})

    assert listed.numbers == (2027, 2028, 2029)


def test_a_year_has_its_own_figures_and_those_of_the_path_for_the_rest() -> None:
    plan = BudgetPath.model_validate(
        {"cut": "0.2", "leavers": "0.1", "year": [{"year": 2, "cut": "0.3"}], "years": 3}
    )

    assert [str(plan.of(year, "cut")) for year in plan.numbers] == ["0.2", "0.3", "0.2"]
    assert [str(plan.of(year, "leavers")) for year in plan.numbers] == ["0.1"] * 3


@pytest.mark.parametrize("key", ["cut", "price_inflation", "carry_over", "leavers", "joiners"])
@pytest.mark.parametrize("share", ["1.2", "-0.2", "20%", True])
def test_shares_outside_0_and_1_are_refused(key: str, share: object) -> None:
    assert fault(**{key: share})


@pytest.mark.parametrize("key", ["cut", "price_inflation", "leavers", "joiners"])
def test_shares_of_one_year_outside_0_and_1_are_refused(key: str) -> None:
    assert "less than or equal to 1" in fault(year=[{"year": 1, key: "1.2"}])


def test_a_year_listed_twice_is_refused() -> None:
    assert "year 2 is listed twice" in fault(year=[{"year": 2}, {"year": 2, "cut": "0.1"}])


def test_a_year_that_the_path_has_not_is_refused_with_those_it_has() -> None:
    told = fault(years=3, base_year=2026, year=[{"year": 2031}])

    assert "year 2031 is none of the years 2027 to 2029" in told
    assert "years 1 to 50" in fault(year=[{"year": 2027}])
    assert "2026" in fault(base_year=2026, year=[{"year": 2026}])


def test_a_budget_beside_a_cut_of_the_same_year_is_refused() -> None:
    assert "give one of them" in fault(year=[{"year": 1, "budget": "5", "cut": "0.1"}])


def test_a_slice_that_is_the_cut_can_be_spent_on_nothing() -> None:
    assert "leave slice_to out" in fault(reading="slice_is_cut", slice_to="contingency")


@pytest.mark.parametrize("years", [0, 51, True, "5", 2.5])
def test_years_are_a_whole_number_from_1_to_50(years: object) -> None:
    assert fault(years=years)


@pytest.mark.parametrize(
    ("key", "known"), [("reading", "slice_plus_cut"), ("slice_to", "contingency")]
)
def test_words_that_mean_nothing_are_refused_with_those_that_do(key: str, known: str) -> None:
    assert known in fault(**{key: "both"})


def test_the_path_in_words_has_its_years_and_what_changes() -> None:
    assert str(BudgetPath.model_validate({"cut": "0.2"})) == "5 years after 0, cut 0.2"
