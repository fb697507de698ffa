"""Menus from needs, price list and reckoner: a case worked by hand, then its rules."""

import numpy as np
import pytest

from metneed.instances.build import (
    Built,
    Plan,
    Services,
    Swap,
    Tables,
    build,
    in_full,
    standard_plans,
    swapped,
)
from metneed.instances.met_need import Needs, Reckoner
from metneed.models.arrays import IntArray

HOME_CARE, DAY_CENTRE, CARE_HOME = 0, 1, 2
HYGIENE, RELATIONSHIPS = 1, 2


def by_hand(informal: int = 0) -> Tables:
    """One user: hygiene (6 points, basic) and relationships (3 points).

    Hygiene takes 7 hours of home care; relationships take 1 session at the day centre, or 2
    hours of home care that reach half of it. An hour costs 20.00, a session 40.00, a week in a
    care home 500.00.
    """
    return Tables(
        needs=Needs(
            np.array([[HYGIENE, RELATIONSHIPS]]),
            np.array([[informal, 0]]),
            np.array([[True, False]]),
        ),
        reckoner=Reckoner(
            points=np.array([0, 6000, 3000]),
            units=np.array([[0, 0, 0], [7000, 0, 1000], [2000, 1000, 1000]]),
            reach=np.array([[0, 0, 0], [1000, 0, 1000], [500, 1000, 600]]),
            replaces_all=np.array([False, False, True]),
        ),
        services=Services(
            ids=("home_care", "day_centre", "care_home"),
            price=np.array([[2000, 4000, 50_000]]),
            step=np.array([500, 1000, 1000]),
            least_units=np.array([0, 0, 0]),
            replaces_all=np.array([False, False, True]),
        ),
        price_list=np.array([0]),
    )


def menu(tables: Tables, current: IntArray | None = None) -> dict[str, tuple[int, int, int]]:
    """Cost, met need and met basic need of each package of the first user."""
    built = build(tables, standard_plans(tables, current=current))
    return {
        built.plans[built.plan[k]].package_id: (
            int(built.cost[k]),
            int(built.met_need[k]),
            int(built.basic_met_need[k]),
        )
        for k in range(built.offsets[1])
    }


def test_full_costs_180_and_meets_all_9_points() -> None:
    assert menu(by_hand())["full"] == (180_00, 9000, 6000)


def test_basic_costs_140_and_meets_the_6_basic_points() -> None:
    assert menu(by_hand())["basic"] == (140_00, 6000, 6000)


def test_half_of_full_takes_a_whole_session_and_meets_6_points() -> None:
    # 3.5 hours are half of hygiene; half a session is rounded up to a session.
    assert menu(by_hand())["full_50"] == (110_00, 6000, 3000)


def test_nine_hours_today_meet_hygiene_first_and_half_of_relationships() -> None:
    assert menu(by_hand(), np.array([[9000, 0, 0]]))["current"] == (180_00, 7500, 6000)


def test_unpaid_care_of_half_of_hygiene_makes_full_cost_110_for_6_points() -> None:
    assert menu(by_hand(informal=500))["full"] == (110_00, 6000, 3000)


def test_a_care_home_replaces_all_other_services() -> None:
    # All of hygiene and 0.6 of relationships: 6 + 1.8.
    assert menu(by_hand())["care_home"] == (500_00, 7800, 6000)


def test_need_is_what_unpaid_care_leaves() -> None:
    built = build(by_hand(informal=500), standard_plans(by_hand(informal=500)))
    assert (built.need.tolist(), built.basic_need.tolist()) == ([6000], [3000])


def test_packages_that_agree_are_kept_once_under_the_first_name() -> None:
    same_as_full = np.array([[7000, 1000, 0]])
    packages = menu(by_hand(), same_as_full)
    assert "full" not in packages
    assert packages["current"] == (180_00, 9000, 6000)


def test_a_user_without_units_of_a_plan_has_no_such_package() -> None:
    assert "current" not in menu(by_hand(), np.array([[0, 0, 0]]))


def test_a_swap_takes_the_place_of_a_service_at_its_rate() -> None:
    tables = by_hand()
    swap = Swap("day", HOME_CARE, DAY_CENTRE, rate=300)
    # 7 hours become 2.1 sessions beside the 1 that is there: 3.1, up to 4.
    assert swapped(in_full(tables), tables.services, swap).tolist() == [[0, 4000, 0]]


def test_nothing_is_swapped_where_the_old_service_is_not_used() -> None:
    tables = by_hand()
    units = np.array([[0, 1000, 0]])
    assert not swapped(units, tables.services, Swap("day", HOME_CARE, DAY_CENTRE)).any()


def test_parts_of_a_swap_are_offered_under_their_percentage() -> None:
    tables = by_hand()
    swap = Swap("day", HOME_CARE, DAY_CENTRE, rate=300, parts=(50,))
    plans = {plan.package_id: plan for plan in standard_plans(tables, swaps=[swap])}
    assert plans["day_50"].units.tolist() == [[0, 2000, 0]]


def test_units_go_up_to_the_step_and_to_the_least_but_never_from_nothing() -> None:
    services = Services(
        ids=("a",),
        price=np.array([[1]]),
        step=np.array([500]),
        least_units=np.array([2000]),
        replaces_all=np.array([False]),
    )
    units = np.array([[0], [1], [2001], [2500]])
    assert services.to_step(units).tolist() == [[0], [2000], [2500], [2500]]


def test_a_cost_between_two_pennies_is_rounded_up_once_a_package() -> None:
    services = by_hand().services
    odd = Services(
        services.ids, np.array([[1001, 1001, 1]]), *(services.step,) * 2, services.replaces_all
    )
    assert odd.cost(np.array([0]), np.array([[500, 500, 0]])).tolist() == [1001]
    assert odd.cost(np.array([0]), np.array([[500, 0, 0]])).tolist() == [501]


def test_of_services_that_reach_as_far_the_cheapest_is_planned() -> None:
    tables = by_hand()
    reckoner = Reckoner(
        points=np.array([0, 6000]),
        units=np.array([[0, 0, 0], [7000, 3000, 1000]]),
        reach=np.array([[0, 0, 0], [1000, 1000, 1000]]),
        replaces_all=tables.reckoner.replaces_all,
    )
    needs = Needs(np.array([[1]]), np.array([[0]]), np.array([[True]]))
    # 7 hours cost 140.00, 3 sessions 120.00; the care home is no part of a plan.
    planned = in_full(Tables(needs, reckoner, tables.services, tables.price_list))
    assert planned.tolist() == [[0, 3000, 0]]


def test_each_user_has_the_prices_of_the_own_price_list() -> None:
    tables = by_hand()
    dear = Services(
        tables.services.ids,
        np.array([[2000, 4000, 50_000], [2500, 4000, 50_000]]),
        tables.services.step,
        tables.services.least_units,
        tables.services.replaces_all,
    )
    both = Tables(tables.needs.subset(np.array([0, 0])), tables.reckoner, dear, np.array([0, 1]))
    built = build(both, [Plan("full", "", in_full(both))])
    assert built.cost.tolist() == [180_00, 215_00]


def random_menus() -> Built:
    """Forty users with packages whose costs and needs often agree."""
    generator = np.random.Generator(np.random.PCG64(3))
    tables = by_hand()
    many = Tables(
        tables.needs.subset(np.zeros(40, dtype=np.int64)),
        tables.reckoner,
        tables.services,
        np.zeros(40, dtype=np.int64),
    )
    plans = [
        Plan(name, "", generator.integers(0, 4, (40, 3)) * 1000 * (np.arange(3) < 2))
        for name in "kbzadex"
    ]
    return build(many, plans)


def test_packages_stand_by_user_and_identifier() -> None:
    built = random_menus()
    keys = [
        (user, built.plans[plan].package_id)
        for user, plan in zip(built.user, built.plan, strict=True)
    ]
    assert keys == sorted(keys)


def test_no_two_packages_of_a_user_agree() -> None:
    built = random_menus()
    rows = np.stack([built.user, built.cost, built.met_need, built.basic_met_need], axis=1)
    assert len(np.unique(rows, axis=0)) == len(rows)


def test_a_package_is_marked_just_where_another_of_the_user_is_better() -> None:
    built = random_menus()
    items = list(zip(built.user, built.cost, built.met_need, strict=True))
    expected = [
        any(u == v and c <= cost and m >= met and (c, m) != (cost, met) for v, c, m in items)
        for u, cost, met in items
    ]
    assert built.dominated.tolist() == expected
    assert 0 < sum(expected) < len(expected)


@pytest.mark.parametrize("percent", [25, 50, 75])
def test_a_part_is_never_less_than_its_share_of_full(percent: int) -> None:
    plans = {plan.package_id: plan.units for plan in standard_plans(by_hand())}
    assert (plans[f"full_{percent}"] * 100 >= plans["full"] * percent).all()
