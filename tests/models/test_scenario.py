from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from metneed.models.scenario import Scenario


def scenario(**settings: Any) -> Scenario:
    return Scenario(**{"schema_version": 1, "name": "trial", "budget": Decimal(1000), **settings})


def fault(**settings: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        scenario(**settings)
    return caught.value.errors()[0]["msg"]


def test_version_name_and_budget_are_all_that_must_be_given() -> None:
    required = [key for key, item in Scenario.model_fields.items() if item.is_required()]

    assert required == ["schema_version", "name", "budget"]


def test_every_key_says_what_it_is() -> None:
    assert all(item.description for item in Scenario.model_fields.values())


def test_without_a_top_slice_all_of_the_budget_is_allocable() -> None:
    assert scenario().allocable == scenario().total_budget == 100_000
    assert scenario().held_back == 0


def test_the_allocable_money_is_the_budget_less_top_slice_less_overheads() -> None:
    held = scenario(top_slice="0.2", overheads="50.00")

    assert held.held_back == 25_000
    assert held.allocable == 75_000


def test_the_top_slice_is_rounded_down_to_the_penny() -> None:
    held = scenario(budget="0.99", top_slice="0.5")

    assert (held.held_back, held.allocable) == (49, 50)


@pytest.mark.parametrize(
    ("budget", "weeks_per_year", "pence_a_week"),
    [
        # 52,142.86 x 7 / 365 = 1,000.00005..., one penny less is 999.9998...
        ("52142.86", "365/7", 100_000),
        ("52142.85", "365/7", 99_999),
        ("52000.00", "52", 100_000),
        ("51999.99", "52", 99_999),
        ("36400.00", "364/7", 70_000),
    ],
)
def test_a_budget_for_a_year_is_converted_to_weeks_once_and_floored(
    budget: str, weeks_per_year: str, pence_a_week: int
) -> None:
    weekly = scenario(
        budget=budget, period="week", budget_period="year", weeks_per_year=weeks_per_year
    )

    assert weekly.total_budget == pence_a_week


def test_a_budget_for_a_week_is_converted_to_a_year() -> None:
    # 1,000.00 x 365 / 7 = 52,142.857...
    yearly = scenario(period="year", budget_period="week")

    assert yearly.total_budget == 5_214_285


def test_a_budget_for_the_same_period_stays_as_it_is() -> None:
    assert scenario(period="week", budget_period="week").total_budget == 100_000


def test_overheads_are_for_the_period_of_the_budget() -> None:
    weekly = scenario(overheads="520.00", period="week", budget_period="year", weeks_per_year="52")

    assert weekly.held_back == 1_000


def test_units_are_those_of_the_scenario() -> None:
    units = scenario(currency="EUR", money_decimals=0, need_decimals=1, period="week").units

    assert (units.currency, units.money_decimals, units.need_decimals) == ("EUR", 0, 1)
    assert units.period == "week"


@pytest.mark.parametrize("name", ["a", "Council 2026_27.v1-b", "x" * 64, "console", "com"])
def test_a_name_fit_for_a_folder_is_taken(name: str) -> None:
    assert scenario(name=name).name == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " a",
        ".a",
        "-a",
        "a/b",
        "a\\b",
        "a:b",
        "é",
        "a\n",
        "x" * 65,
        "con",
        "NUL",
        "aux.txt",
        "Prn",
        "com1",
        "LPT9",
    ],
)
def test_a_name_unfit_for_a_folder_is_refused(name: str) -> None:
    assert "cannot be used for a folder: start with a letter or digit" in fault(name=name)


@pytest.mark.parametrize("key", ["budget", "overheads", "top_slice"])
def test_a_binary_float_is_refused_because_it_is_not_what_was_written(key: str) -> None:
    assert fault(**{key: 0.1}).endswith(
        "write the amount as text or a TOML number, not as a binary float"
    )


@pytest.mark.parametrize("text", ["1,000", "1e3", "-1", "£5", ""])
def test_an_amount_that_is_no_plain_decimal_is_refused(text: str) -> None:
    assert fault(budget=text).endswith(f"{text!r} is not a plain decimal number such as 1250000.00")


def test_a_top_slice_above_one_is_refused() -> None:
    assert "less than or equal to 1" in fault(top_slice="1.01")


def test_more_decimals_than_are_kept_are_refused() -> None:
    assert fault(budget="10.001").endswith("10.001 has more than 2 decimals, which would be lost")


def test_holding_back_more_than_the_budget_is_refused_in_pounds() -> None:
    assert fault(budget="100", top_slice="0.6", overheads="50").endswith(
        "top_slice and overheads take 110.00, more than the budget of 100.00"
    )


def test_a_key_that_is_not_known_is_refused() -> None:
    assert "Extra inputs are not permitted" in fault(topslice="0.2")


@pytest.mark.parametrize("version", [0, 2, "1"])
def test_another_version_of_the_format_is_refused(version: object) -> None:
    assert "Input should be 1" in fault(schema_version=version)


def test_a_scenario_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        scenario().name = "other"
