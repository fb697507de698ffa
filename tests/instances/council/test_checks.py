"""What a build shows of itself, by hand."""

from typing import Any

import numpy as np
import pytest

from metneed.instances.council.checks import rank_correlation
from metneed.instances.council.menus import council_menus, today_of
from metneed.instances.council.record import Council
from metneed.instances.council.report import build_report

from .conftest import Read

NEEDS = "user_id,outcome,severity\n" + "".join(
    f"{name},hygiene,2\n{name},relationships,1\n" for name in ("ann", "bob", "cat")
)
CURRENT = (
    "user_id,service_id,units,recorded_cost\nann,home_care,9,190.00\nbob,home_care,3,60.00\n"
    "cat,home_care,12,240.00\ncat,day_centre,1,40.00\n"
)


def report(council: Council) -> dict[str, Any]:
    return build_report(council, council_menus(council), today_of(council))


def test_looking_back_counts_need_met_people_under_half_and_people_over_120_percent(
    council: Read,
) -> None:
    back = report(council(needs=NEEDS, current=CURRENT))["back_cast"]

    # 7.5 of 9; 3 of 7 hours meet 2.571; all 9, at 280.00 where full costs 180.00.
    assert back["met_need"] == "19.071"
    assert back["share_of_need_met"] == round(19071 / 27000, 4)
    assert (back["people_under_half"], back["people_over_120_percent_of_full"]) == (1, 1)
    assert back["rank_correlation_of_need_with_cost"] is None


def test_a_package_of_just_120_percent_of_full_is_not_over_it(council: Read) -> None:
    current = "user_id,service_id,units\nann,home_care,8.8\nann,day_centre,1\n"
    back = report(council(current=current))["back_cast"]

    assert back["people_over_120_percent_of_full"] == 0


def test_list_prices_are_held_against_recorded_costs(council: Read) -> None:
    money = report(council(needs=NEEDS, current=CURRENT))["list_against_recorded"]

    assert money["difference"] == "10.00"
    assert money["people_off_by_over_5_percent"] == 1
    assert money["rank_correlation"] == 1.0


def test_services_are_held_against_the_ledger_and_over_1_percent_is_listed(council: Read) -> None:
    ledger = "service_id,cost,people\nhome_care,494.00,3\nday_centre,40.00,2\n"
    rows = report(council(needs=NEEDS, current=CURRENT, ledger=ledger))["services"]

    # 490.00 against 494.00 is 0.8 %; one person at the day centre against two is more.
    assert [(row["service_id"], row["recorded_cost"], row["listed"]) for row in rows] == [
        ("home_care", "490.00", False),
        ("day_centre", "40.00", True),
    ]
    assert rows[0]["list_cost"] == "480.00"


@pytest.mark.parametrize(
    ("others", "name"),
    [
        ({"scenario__toml": 'schema_version = 1\nname = "x"\n'}, "budget"),
        (
            {"scenario__toml": 'schema_version=1\nname="x"\nbudget=9\nbudget_period="year"\n'},
            "weeks_per_year",
        ),
        ({"build__toml": 'cost_current = "recorded"\n'}, "costs not recorded"),
        (
            {"needs": "user_id,outcome,severity,eligible\nann,hygiene,2,no\n"},
            "eligibility",
        ),
        (
            {"users": "user_id\nann\nbob\n", "build__toml": 'unassessed = "leave_out"\n'},
            "people without needs",
        ),
        ({"current": "user_id,service_id,units,assumed\nann,home_care,9,yes\n"}, "rows of current"),
        ({"needs": None, "users": "user_id,points\nann,9\n"}, "shares"),
    ],
)
def test_every_assumption_is_stated_with_its_value_and_effect(
    council: Read, others: dict[str, str | None], name: str
) -> None:
    plain = {item["name"] for item in report(council())["assumptions"]}
    always = {"period", "basis", "evidence", "cost_current"}
    if name == "shares":
        others = others | {"points": None, "reckoner": None}
    stated = {item["name"]: item for item in report(council(**others))["assumptions"]}

    assert stated.keys() >= always | {name}
    assert all(item["value"] and item["source"] and item["effect"] for item in stated.values())
    assert name not in plain


def test_equal_ranks_share_their_mean() -> None:
    # Ranks 1.5, 1.5, 3 against 1, 2, 3: the covariance is 1.5, the variances 1.5 and 2.
    found = rank_correlation(np.array([5, 5, 9]), np.array([1, 2, 3]))

    assert found == round(1.5 / np.sqrt(1.5 * 2), 4)
    assert rank_correlation(np.array([3, 2, 1]), np.array([1, 2, 3])) == -1.0
    assert rank_correlation(np.array([1, 1]), np.array([1, 2])) is None
    assert rank_correlation(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)) is None
