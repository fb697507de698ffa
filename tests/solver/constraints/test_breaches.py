"""What an allocation does not keep: which constraint, for how many users, by how much."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings

from metneed.models.allocation import WHOLE, Allocation, Parts
from metneed.models.arrays import frozen
from metneed.models.comparison import Breach
from metneed.models.problem import Problem
from metneed.solver.bound import Bound, bind_constraints
from metneed.solver.breaches import breaches
from metneed.solver.constraint import Constraint, Each, Effect
from metneed.solver.rule import Options

from .brute import Tables, choices, d3, l3, labels, previous, services
from .test_bound import ALL, problems

AREAS = {"groups": {"area": ["A", "A", "B"]}}


def found(
    problem: Problem, picks: list[int], table: dict[str, object]
) -> list[tuple[str, int, int, int, int]]:
    """Limit, users, money, need and quantity of each breach of whole packages."""
    allocation = Allocation.of_picks(problem, frozen(picks))
    return seen(problem, allocation, {"x": table})


def seen(
    problem: Problem, allocation: Allocation, tables: Tables
) -> list[tuple[str, int, int, int, int]]:
    broken = breaches(problem, bind_constraints(tables), allocation, "a rule")
    assert all(item.rule == "a rule" for item in broken)
    return [(b.limit, b.users, b.money, b.need, b.quantity) for b in broken]


def parts(problem: Problem, shares: dict[int, int]) -> Allocation:
    """Part packages: for each package its share in billionths."""
    package = frozen(sorted(shares))
    user = problem.menus.user[package]
    whole = Allocation.of_picks(problem, frozen([-1] * len(problem.users)))
    mix = Parts(user, package, frozen([shares[each] for each in package.tolist()]))
    return replace(whole, parts=mix)


def test_users_below_a_floor_are_counted_with_the_need_they_are_short() -> None:
    floor = {"kind": "floor", "base": "need", "share": Decimal("0.5")}

    # Floors 5, 5 and 5: user 1 has 5, user 2 nothing, user 3 has 4.
    assert found(d3(), [0, -1, 6], floor) == [("x", 2, 0, 6, 0)]


def test_users_over_a_cap_are_counted_with_the_money() -> None:
    assert found(d3(), [2, 5, 6], {"kind": "cap", "amount": 5}) == [("x", 2, 3, 0, 0)]


def test_services_used_beyond_capacity_are_counted_in_their_quantity() -> None:
    given = d3(**services({"bus": 3}, [(2, "bus", 2), (5, "bus", 2), (7, "bus", 2)]))

    assert found(given, [2, 5, 7], {"kind": "capacity"}) == [("x: bus", 3, 0, 0, 3)]
    assert found(given, [2, -1, 6], {"kind": "capacity"}) == []


def test_a_fence_is_missed_by_money_from_below_and_from_above() -> None:
    fence = {"kind": "spend", "group": "area", "values": ["B"], "at_least": 6, "at_most": 7}

    assert found(d3(**AREAS), [2, 5, 6], fence) == [("x: at least", 1, 2, 0, 0)]
    assert found(d3(**AREAS), [2, 5, 7], fence) == [("x: at most", 1, 1, 0, 0)]


def test_a_group_that_falls_behind_is_short_of_need() -> None:
    share = {"kind": "group_share", "group": "area", "at_least": 1}
    gap = {"kind": "group_gap", "group": "area", "at_most": Decimal("0.25")}

    # A has 20 of 20, B 0 of 9, all 20 of 29: B lacks 9 x 20 / 29 = 6.2, of a gap of a quarter 6.75.
    assert found(d3(**AREAS), [2, 5, -1], share) == [("x: B", 1, 0, 7, 0)]
    assert found(d3(**AREAS), [2, 5, -1], gap) == [("x: A over B", 1, 0, 7, 0)]


def test_too_many_losers_are_counted_as_users() -> None:
    given = d3(previous=previous([7, 6, 4], [10, 10, 4]))
    losers = {"kind": "transition", "losers_at_most": 0}

    assert found(given, [1, -1, 6], losers) == [("x: losers", 2, 0, 0, 0)]


def test_losses_and_gains_beyond_the_limits_are_told_apart() -> None:
    given = d3(previous=previous([4, 5, 4], [8, 7, 4]))
    gently = {"kind": "transition", "at_least": 1, "gain_at_most": Decimal("0.5")}

    # User 1 falls from 8 to 5; user 2 may have 10.5; user 3 may have 6 and has 9.
    assert found(given, [0, 5, 7], gently) == [
        ("x: at least", 1, 0, 3, 0),
        ("x: gain", 1, 0, 3, 0),
    ]


def test_a_broken_pair_is_two_users() -> None:
    given = d3(package_ids=labels(list("abcabcab")))
    pair = {"kind": "together", "incompatible": [["u1", "c", "u2", "c"]]}

    assert found(given, [2, 5, 6], pair) == [("x: u1 c and not u2 c", 2, 0, 0, 0)]


def test_part_packages_count_by_their_share() -> None:
    given = l3(**AREAS)
    half = parts(given, {0: WHOLE, 1: WHOLE // 2})
    floor: Tables = {"x": {"kind": "floor", "base": "need", "share": "0.75"}}
    fence: Tables = {
        "x": {"kind": "spend", "group": "area", "values": ["A"], "at_most": Decimal("6.5")}
    }

    # User 2 is 3 short of 9, user 3 all 9; users 1 and 2 cost 4 and 3.
    assert seen(given, half, floor) == [("x", 2, 0, 12000, 0)]
    assert seen(given, half, fence) == [("x: at most", 2, 500, 0, 0)]


def test_rounding_of_shares_to_billionths_is_no_breach() -> None:
    given = l3(**AREAS)
    third = parts(given, {0: WHOLE // 3, 1: WHOLE // 3, 2: WHOLE // 3})
    floor: Tables = {"x": {"kind": "floor", "base": "need", "share": "0.3333333333333333"}}
    gap: Tables = {"x": {"kind": "group_gap", "group": "area", "at_most": 0}}

    assert seen(given, third, floor) == []
    assert seen(given, third, gap) == []
    more = parts(given, {0: WHOLE // 3 + 10**6, 1: WHOLE // 3, 2: WHOLE // 3})
    assert seen(given, more, gap) == [("x: A over B", 1, 0, 6, 0)]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"kind": "floor", "base": "need", "share": "0.5"}, [("x", 1, 0, 5, 0)]),
        ({"kind": "cap", "amount": 5}, [("x", 2, 3, 0, 0)]),
        (
            {"kind": "spend", "group": "area", "values": ["A"], "at_most": 9},
            [("x: at most", 2, 4, 0, 0)],
        ),
        ({"kind": "group_share", "group": "area", "at_least": 1}, [("x: B", 1, 0, 6, 0)]),
        ({"kind": "transition", "at_least": 1, "losers_at_most": 0}, []),
        ({"kind": "capacity"}, []),
    ],
)
def test_todays_packages_are_held_against_what_is_recorded_of_them(
    table: dict[str, object], expected: list[object]
) -> None:
    held = previous([7, 6, 0], [10, 9, 0], [True, True, False])
    given = d3(previous=held, **services({"bus": 0}, [(0, "bus", 1)]), **AREAS)
    today = replace(
        Allocation.of_picks(given, frozen([0, 0, -1])),
        cost=held.cost,
        met_need=held.met_need,
        from_previous=True,
        package=frozen([0, 1, -1]),
    )

    assert seen(given, today, {"x": table}) == expected


def test_of_todays_packages_basic_need_counts_where_it_is_recorded_apart() -> None:
    held = replace(previous([7, 6, 4], [10, 10, 4]), basic_met_need=frozen([4, 6, 4]))
    given = d3(previous=held, basic_need=[5, 5, 5])
    today = replace(
        Allocation.of_picks(given, frozen([0, 3, 6])), from_previous=True, package=frozen([0, 1, 2])
    )

    assert seen(given, today, {"x": {"kind": "floor"}}) == [("x", 2, 0, 2, 0)]


def test_what_nobody_recorded_of_todays_packages_is_left_out() -> None:
    nobody = np.zeros(3, dtype=np.bool_)

    def apply(problem: Problem, name: str, options: Options) -> Effect:
        limit = Each(name, problem.menus.cost, frozen([0, 0, 0]), ~nobody, "money")
        return Effect(each=(limit,)) if name == "each" else Effect(removed=problem.menus.cost > 0)

    kind = Constraint("theirs", "nothing that costs anything", apply)
    bound = [Bound(name, kind, Options()) for name in ("each", "menus")]
    given = d3(previous=previous([7, 6, 4], [10, 10, 4]))
    menus = Allocation.of_picks(given, frozen([0, 3, 6]))
    today = replace(menus, from_previous=True, package=frozen([0, 1, 2]))

    assert [item.limit for item in breaches(given, bound, menus)] == ["each", "menus"]
    assert breaches(given, bound, today) == []


def test_removed_packages_of_another_distribution_are_counted_as_users() -> None:
    def apply(problem: Problem, name: str, options: Options) -> Effect:
        return Effect(removed=problem.menus.cost == 2, due=np.array([False, True, False]))

    bound = [Bound("theirs", Constraint("theirs", "no package for 2", apply), Options())]
    allocation = Allocation.of_picks(d3(), frozen([0, -1, -1]))

    assert breaches(d3(), bound, allocation) == [Breach("", "theirs", 2)]


@given(problems())
@settings(deadline=None, max_examples=60)
def test_an_allocation_breaks_nothing_exactly_where_the_effect_allows_it(case: Problem) -> None:
    tables = {name: table for name, table in ALL.items() if name != "gap"}
    for name, table in tables.items():
        bound = bind_constraints({name: table})
        allowed = {tuple(picks) for picks in choices(case, bound[0].effect(case))}
        for picks in choices(case):
            broken = breaches(case, bound, Allocation.of_picks(case, picks))

            assert (not broken) == (tuple(picks) in allowed)
            assert all(b.users > 0 for b in broken)
