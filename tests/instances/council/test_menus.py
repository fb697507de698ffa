"""Menus of a council's tables: answers worked out by hand, then what holds for every menu."""

from decimal import Decimal

import numpy as np
import pytest

from metneed.instances.council.menus import council_menus, today_of
from metneed.instances.council.record import Council

from .conftest import Read

HALF_MEETS_75 = "outcome,support,met\n*,0.5,0.75\n"


def menu(council: Council, user: int = 0) -> dict[str, tuple[int, int]]:
    """Cost and met need of each package of a person."""
    built = council_menus(council)
    rows = range(built.offsets[user], built.offsets[user + 1])
    return {
        built.plans[built.plan[k]].package_id: (int(built.cost[k]), int(built.met_need[k]))
        for k in rows
    }


def test_full_costs_180_and_meets_9_points(council: Read) -> None:
    assert menu(council())["full"] == (180_00, 9_000)


def test_half_of_full_costs_110_and_meets_6_points(council: Read) -> None:
    # 3.5 of 7 hours meet half of hygiene; half a session is a whole one at the day centre's step.
    assert menu(council())["full_50"] == (110_00, 6_000)


def test_half_of_full_meets_7_and_a_half_points_where_half_the_support_meets_75_percent(
    council: Read,
) -> None:
    # 0.75 of 6 points, and all 3.
    assert menu(council(response=HALF_MEETS_75))["full_50"] == (110_00, 7_500)


def test_basic_costs_140_and_meets_the_6_basic_points(council: Read) -> None:
    assert menu(council())["basic"] == (140_00, 6_000)


def test_nine_hours_today_cost_180_and_meet_7_and_a_half_points(council: Read) -> None:
    assert menu(council())["current"] == (180_00, 7_500)


def test_with_half_of_hygiene_met_unpaid_full_costs_110_and_meets_6_points(council: Read) -> None:
    needs = "user_id,outcome,severity,informal\nann,hygiene,2,0.5\nann,relationships,1,\n"

    assert menu(council(needs=needs))["full"] == (110_00, 6_000)


def test_need_is_the_same_under_every_response_but_for_what_is_met_unpaid(council: Read) -> None:
    assert council_menus(council(response=HALF_MEETS_75)).need.tolist() == [9_000]

    needs = "user_id,outcome,severity,informal\nann,hygiene,2,0.5\nann,relationships,1,\n"
    # Unpaid care of half of hygiene meets 0.75 of it by that curve, so 1.5 + 3 are left.
    assert council_menus(council(needs=needs, response=HALF_MEETS_75)).need.tolist() == [4_500]


def test_a_response_of_one_outcome_leaves_the_others_straight(council: Read) -> None:
    curve = "outcome,support,met\nrelationships,0.5,0.75\n"

    # 9 hours: all of hygiene, half of relationships, which counts as 0.75 of 3 points.
    assert menu(council(response=curve))["current"] == (180_00, 8_250)


def test_an_ineligible_need_does_not_count_and_is_reported(council: Read) -> None:
    needs = "user_id,outcome,severity,eligible\nann,hygiene,2,yes\nann,relationships,1,no\n"
    read = council(needs=needs)

    assert read.ineligible == 1
    assert council_menus(read).need.tolist() == [6_000]


def test_a_need_of_a_lower_order_is_served_first(council: Read) -> None:
    needs = (
        "user_id,outcome,severity,basic,order\nann,hygiene,2,no,2\nann,relationships,1,no,1\n"
        "bob,hygiene,2,no,1\nbob,relationships,1,no,2\n"
    )
    current = "user_id,service_id,units\nann,home_care,2\nbob,home_care,2\n"
    read = council(needs=needs, current=current)

    # Both hours to relationships: half of 3 points; or both to hygiene: 2 of 7 parts of 6.
    assert menu(read, 0)["current"] == (40_00, 1_500)
    assert menu(read, 1)["current"] == (40_00, 1_714)


def test_a_recorded_cost_takes_the_place_of_list_price_where_that_is_asked_for(
    council: Read,
) -> None:
    current = "user_id,service_id,units,recorded_cost\nann,home_care,9,201.25\n"
    recorded = council(current=current, build__toml='cost_current = "recorded"\n')

    assert menu(recorded)["current"] == (201_25, 7_500)
    today = today_of(recorded)
    assert today is not None
    assert (today.cost.tolist(), today.listed.tolist()) == ([201_25], [180_00])


def test_without_a_budget_it_is_what_today_costs_by_the_records(council: Read) -> None:
    current = "user_id,service_id,units,recorded_cost\nann,home_care,9,201.25\n"
    read = council(current=current, scenario__toml='schema_version = 1\nname = "by hand"\n')

    assert read.scenario.total_budget == 201_25
    assert not read.budget_stated


def test_a_yearly_budget_becomes_a_weekly_one_once(council: Read) -> None:
    text = 'schema_version = 1\nname = "y"\nbudget = 5214.29\nbudget_period = "year"\n'
    read = council(scenario__toml=text)

    assert read.scenario.period == "week"
    assert read.scenario.total_budget == int(521429 * 7 / 365)


def test_net_costs_are_what_people_do_not_pay_themselves(council: Read) -> None:
    text = 'schema_version = 1\nname = "net"\nbudget = 100\nbasis = "net"\n'
    read = council(scenario__toml=text, contributions="user_id,amount\nann,115.00\n")
    built = council_menus(read)

    assert menu(read)["full"] == (65_00, 9_000)
    assert menu(read)["full_25"] == (0, 4_714)
    assert sorted(built.paid.tolist()) == [80_00, 110_00, *[115_00] * 4]


def test_equal_packages_are_merged_and_the_one_that_is_kept_names_the_others(
    council: Read,
) -> None:
    current = "user_id,service_id,units\nann,home_care,7\nann,day_centre,1\n"
    built = council_menus(council(current=current))
    at = [built.plans[plan].package_id for plan in built.plan].index("current")

    assert "full" not in [built.plans[plan].package_id for plan in built.plan]
    assert built.origins[built.origin[at]] == "today's services; the same as full"


def test_nothing_is_cut_in_silence(council: Read) -> None:
    built = council_menus(council())
    kept = {plan.package_id for plan in built.plans}
    told = {built.plans[plan].package_id for plan in built.plan}
    told |= {
        name
        for words in built.origins
        if "; the same as " in words
        for name in words.partition("; the same as ")[2].split(", ")
    }

    assert told == kept == {"current", "full", "full_75", "full_50", "full_25", "basic"}
    # basic costs 140.00 for 6 points, full_50 only 110.00 for as many; full is better than today.
    dominated = {built.plans[plan].package_id for plan in built.plan[built.dominated]}
    assert dominated == {"basic", "current"}


def test_templates_go_to_the_people_whose_columns_match(council: Read) -> None:
    read = council(
        users="user_id,area\nann,north\nbob,south\n",
        needs="user_id,outcome,severity\nann,hygiene,2\nbob,hygiene,2\n",
        templates="template_id,service_id,units,area\nlight,home_care,3,north\n",
        current=None,
    )

    assert menu(read, 0)["light"] == (60_00, 2_571)
    assert "light" not in menu(read, 1)


def test_a_swap_offers_another_service_in_its_place_and_parts_of_that(council: Read) -> None:
    services = (
        "service_id,unit_cost,step\nhome_care,20.00,0.5\nday_centre,40.00,1\nhelper,15.00,0.5\n"
    )
    reckoner = (
        "outcome,severity,service_id,units,reach\nhygiene,2,home_care,7,1\n"
        "hygiene,2,helper,7,0.9\nrelationships,1,day_centre,1,1\n"
    )
    read = council(
        services=services,
        reckoner=reckoner,
        swaps="from,to,rate,parts\nhome_care,helper,1,50\n",
    )

    assert menu(read)["helper_for_home_care"] == (7 * 15_00 + 40_00, 8_400)
    assert menu(read)["helper_for_home_care_50"] == (int(3.5 * 15_00) + 40_00, 5_700)


def test_a_care_home_is_offered_from_its_least_need_on(council: Read) -> None:
    services = (
        "service_id,unit_cost,step,replaces_all,least_need\nhome_care,20.00,0.5,no,\n"
        "day_centre,40.00,1,no,\nhome,500.00,1,yes,{}\n"
    )
    reckoner = (
        "outcome,severity,service_id,units,reach\nhygiene,2,home_care,7,1\nhygiene,2,home,1,1\n"
        "relationships,1,day_centre,1,1\nrelationships,1,home,1,0.5\n"
    )
    offered = menu(council(services=services.format("9"), reckoner=reckoner))
    not_offered = menu(council(services=services.format("9.001"), reckoner=reckoner))

    assert offered["home"] == (500_00, 7_500)
    assert "home" not in not_offered


def test_prices_differ_by_client_group(council: Read) -> None:
    read = council(
        users="user_id,client_group\nann,old\nbob,young\n",
        needs="user_id,outcome,severity\nann,hygiene,2\nbob,hygiene,2\n",
        services="service_id,unit_cost,step,client_group\nhome_care,20,0.5,\n"
        "home_care,30,0.5,young\nday_centre,40,1,*\n",
        current=None,
    )

    assert (menu(read, 0)["full"][0], menu(read, 1)["full"][0]) == (140_00, 210_00)


def test_a_package_that_cannot_go_on_is_known_and_on_no_menu(council: Read) -> None:
    read = council(current="user_id,service_id,units,offered\nann,home_care,9,no\n")
    today = today_of(read)

    assert "current" not in menu(read)
    assert today is not None
    assert (today.closed.tolist(), today.met_need.tolist()) == ([True], [7_500])


@pytest.mark.parametrize(("points", "expected"), [("4", 4_000), ("12.5", 12_500)])
def test_total_points_are_one_need_in_the_band_that_they_fall_in(
    council: Read, points: str, expected: int
) -> None:
    read = council(
        needs=None,
        users=f"user_id,points\nann,{points}\n",
        points="outcome,severity,points\ntotal,low,0\ntotal,high,10\n",
        reckoner="outcome,severity,service_id,units,reach\n"
        "total,low,home_care,3,1\ntotal,high,home_care,10,1\n",
    )
    hours = 3 if expected < 10_000 else 10

    assert read.evidence == "B"
    assert menu(read)["full"] == (hours * 20_00, expected)


def test_shares_of_todays_package_meet_the_same_shares_of_points_where_nothing_else_is_known(
    council: Read,
) -> None:
    read = council(needs=None, points=None, reckoner=None, users="user_id,points\nann,8\nbob,4\n")

    assert read.evidence == "C"
    assert menu(read) == {
        "current": (180_00, 8_000),
        "current_75": (135_00, 6_000),
        "current_50": (90_00, 4_000),
        "current_25": (45_00, 2_000),
    }
    assert menu(read, 1) == {}


ICECAP = {
    "attachment": ("0.2535", "0.2325", "0.1340", "-0.0128"),
    "security": ("0.1788", "0.1071", "0.0661", "0.0321"),
    "role": ("0.1923", "0.1793", "0.1296", "0.0151"),
    "enjoyment": ("0.1660", "0.1643", "0.1185", "0.0168"),
    "control": ("0.2094", "0.1848", "0.1076", "-0.0512"),
}
"""Values of levels 4 to 1 of ICECAP-O (Coast and others, Social Science & Medicine 67, 2008)."""


@pytest.mark.parametrize(("level", "need"), [("1", 10_000), ("2", 4_442), ("3", 1_320)])
def test_a_published_index_of_capability_is_another_table_of_points(
    council: Read, level: str, need: int
) -> None:
    # The points of a level are what it lacks of the best one; all levels 3 are worth 0.8680.
    points = [
        f"{name},{severity},{Decimal(values[0]) - Decimal(values[4 - int(severity)])}"
        for name, values in ICECAP.items()
        for severity in "321"
    ]
    read = council(
        scenario__toml='schema_version=1\nname="icecap"\nbudget=100\nneed_decimals=4\n',
        points="\n".join(["outcome,severity,points", *points, ""]),
        needs="user_id,outcome,severity\n" + "".join(f"ann,{n},{level}\n" for n in ICECAP),
        reckoner="outcome,severity,service_id,units,reach\n"
        + "".join(f"{n},{k},home_care,2,1\n" for n in ICECAP for k in "321"),
    )
    built = council_menus(read)

    assert built.need.tolist() == [need]
    assert menu(read)["full"] == (200_00, need)


def test_people_without_needs_are_left_out_and_named_where_that_is_asked_for(
    council: Read,
) -> None:
    read = council(
        users="user_id,area\nann,north\nzoe,south\nbob,south\n",
        needs="user_id,outcome,severity\nann,hygiene,2\nzoe,hygiene,2\n",
        current="user_id,service_id,units\nann,home_care,9\nbob,home_care,1\nzoe,day_centre,1\n",
        templates="template_id,service_id,units\nlight,home_care,3\n",
        build__toml='unassessed = "leave_out"\n',
    )
    built = council_menus(read)

    assert read.ids.tolist() == ["ann", "zoe"]
    assert (read.left_out.ids, read.left_out.cost) == (("bob",), 20_00)
    assert menu(read, 1)["current"] == (40_00, 0)
    assert menu(read, 1)["light"] == (60_00, 2_571)
    assert np.diff(built.offsets).min() > 1
