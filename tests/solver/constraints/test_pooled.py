"""Pooled services: open for enough members and at a cost out of the same money, or closed."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from metneed.models.allocation import Allocation, Infeasible
from metneed.models.arrays import frozen
from metneed.models.certificate import OpeningBound
from metneed.models.columns import Labels
from metneed.models.errors import BrokenAllocationError, OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.scenario import Scenario
from metneed.solver.bound import bind_constraints, effects
from metneed.solver.breaches import breaches
from metneed.solver.compare import compare
from metneed.solver.engines.rows import Row
from metneed.solver.limit_costs import limit_costs
from metneed.solver.limits_check import BY_SEARCH
from metneed.solver.rules import rule
from metneed.solver.solve import run

from .brute import linear, problem
from .pooled_cases import (
    POOLED,
    best_by_enumeration,
    d3_with_a_centre,
    random_problem,
    solved,
    tables,
    verified,
)

ROWS = {"shared", "places", "fair", "soft", "ring", "gap"}


def allocation(given: Problem) -> Allocation:
    outcome = solved(given)
    assert isinstance(outcome, Allocation), outcome
    return outcome


def open_now(found: Allocation) -> list[bool]:
    assert found.pooled is not None
    opened: list[bool] = found.pooled.is_open.tolist()
    return opened


@pytest.mark.parametrize(
    ("budget", "is_open", "met"),
    [(4, False, 8), (5, True, 13), (6, True, 14), (7, True, 20), (12, True, 23)],
)
def test_the_day_centre_opens_where_the_oracle_says(budget: int, is_open: bool, met: int) -> None:
    given = d3_with_a_centre(budget)
    found = allocation(given)

    assert (found.total_met_need, open_now(found)) == (met, [is_open])
    assert found.certificate.words() == "optimal (proved)"
    packages = int(found.cost.sum())
    assert found.total_cost == packages + 3 * is_open <= budget


def twenty(budget: int, least: int, **changes: object) -> Problem:
    """Twenty people: 4 of need met at home for 3,000 each, 9 in a day centre for 800 a head."""
    menus = [[(3_000, 4_000), (800, 9_000)]] * 20
    shared = tables([60_000], [least], [False], [(2 * user + 1, 0) for user in range(20)])
    return problem(menus, budget, **{**shared, "constraints": POOLED, **changes})


def test_the_published_day_centre_is_viable_for_a_year_and_closes_after_a_cut_of_a_fifth() -> None:
    # 60,000 and 800 a head for 20 people with 4,000 each: 19 are needed, as 60,000 / 3,200 is
    # 18.75; with 3,200 each 25 would be, as 60,000 / 2,400 is.
    year_0, year_1 = 20 * 4_000, 20 * 4_000 * 4 // 5
    viable = allocation(twenty(year_0, 19))
    assert viable.pooled is not None
    assert (open_now(viable), viable.pooled.members.tolist()) == ([True], [20 * 10**9])
    assert (viable.total_cost, viable.fixed_costs) == (76_000, 60_000)

    closed = allocation(twenty(year_1, 19))
    assert open_now(closed) == [False]
    assert (closed.total_met_need, closed.total_cost) == (80_000, 60_000)
    assert open_now(allocation(twenty(year_0, 25))) == [False]


def test_just_as_many_members_as_are_asked_for_are_enough() -> None:
    found = allocation(twenty(75_999, 19))

    assert found.pooled is not None
    assert found.pooled.members.tolist() == [19 * 10**9]
    assert found.total_met_need == 19 * 9_000
    assert BY_SEARCH in verified(twenty(75_999, 19), found)[0]


@pytest.mark.parametrize("chunk", range(6))
def test_whole_packages_with_any_other_limits_are_those_of_enumeration(chunk: int) -> None:
    answers = 0
    for seed in range(30):
        given = random_problem(np.random.default_rng([chunk, seed]))
        found, best = solved(given), best_by_enumeration(given)
        if best is None:
            assert isinstance(found, Infeasible)
            continue
        assert isinstance(found, Allocation)
        answers += 1
        certificate = found.certificate
        assert (certificate.value, certificate.upper_bound) == (best[0], best[0])
        if certificate.least_cost:
            assert found.total_cost == best[1]
        broken = {
            item.limit for item in breaches(given, bind_constraints(given.constraints), found)
        }
        assert broken <= {"soft"}

    assert answers


def test_with_part_packages_the_bound_is_that_of_the_best_choice_of_open_services() -> None:
    for seed in range(40):
        given = random_problem(np.random.default_rng(seed), "divisible")
        # Limits on each person's mix have tests of their own.
        constraints = {name: given.constraints[name] for name in given.constraints if name in ROWS}
        given = given.replace(constraints=constraints)
        if not given.menus.n_packages:
            continue
        effect, best = effects(given, bind_constraints(constraints)), None
        value = given.menus.value * effect.scale
        value = value if effect.added is None else value + effect.added
        for choice in range(2 ** len(effect.pooled)):
            pools = [item.pool for item in effect.pooled]
            is_open = [k for k in range(len(pools)) if choice >> k & 1]
            banned = np.zeros(given.menus.n_packages, dtype=np.bool_)
            for k in set(range(len(pools))) - set(is_open):
                banned |= pools[k].needs
            money = given.allocable - effect.paid_anyway - sum(pools[k].cost for k in is_open)
            if money < 0:
                continue
            closed = Row("closed", frozen(np.where(banned, 1, 0)), 0)
            rows = [*effect.rows, *(pools[k].members for k in is_open), closed]
            menus = given.menus.replace(value=frozen(value))
            found = linear(given.replace(allocable=money), menus, rows)
            if found is not None:
                best = found if best is None else max(best, found)
        outcome = solved(given)
        if best is None:
            assert isinstance(outcome, Infeasible)
        elif isinstance(outcome, Allocation):
            bound = outcome.certificate.upper_bound
            assert bound is not None
            assert best - 1e-6 <= bound + 1 <= best + 2 + 1e-6


def test_two_people_who_only_come_together_are_two_members() -> None:
    # A package of 1 in the centre for each of three, or one of 3 at home; the centre asks for two.
    menus = [[(1, 5), (3, 4)]] * 3
    shared = tables([1], [2], [False], [(0, 0), (2, 0), (4, 0)])
    labelled = {"package_ids": Labels(frozen([0, 1] * 3), ("centre", "home"))}
    apart = {
        "kind": "together",
        "incompatible": [
            ["u1", "centre", "u2", "centre"],
            ["u1", "centre", "u3", "centre"],
            ["u2", "centre", "u3", "centre"],
        ],
    }
    alone = problem(menus, 9, constraints={**POOLED, "apart": apart}, **shared, **labelled)
    found = allocation(alone)
    assert (open_now(found), found.total_met_need, found.total_cost) == ([False], 12, 9)

    both = [["u1", "centre", "u2", "centre"], ["u2", "centre", "u1", "centre"]]
    couple = {"kind": "together", "required": both}
    joined = problem(menus, 9, constraints={**POOLED, "couple": couple}, **shared, **labelled)
    found = allocation(joined)
    assert (open_now(found), found.total_met_need, found.total_cost) == ([True], 15, 4)


def test_a_part_of_a_package_is_a_member_in_part() -> None:
    # 8 less 3 for the centre is enough for two and a half places of 2; two members are asked for.
    menus = [[(2, 10)], [(2, 10)], [(2, 10)]]
    for least, expected in [(2, 25), (3, 0)]:
        shared = tables([3], [least], [False], [(0, 0), (1, 0), (2, 0)])
        given = problem(menus, 8, packages="divisible", constraints=POOLED, **shared)
        found = allocation(given)
        assert found.total_met_need == expected
        assert found.pooled is not None
        assert found.pooled.members.tolist() == [expected * 10**8]


def test_a_contract_that_is_paid_anyway_leaves_the_money_first_and_opens_for_nothing_more() -> None:
    menus = [[(2, 5)], [(2, 5), (1, 9)]]
    shared = tables([4], [1], [True], [(2, 0)])
    used = allocation(problem(menus, 8, constraints=POOLED, **shared))
    assert used.pooled is not None
    assert (used.total_met_need, used.total_cost, used.pooled.unused_cost) == (14, 7, 0)

    unused = allocation(problem(menus, 8, constraints=POOLED, **tables([4], [2], [True], [(2, 0)])))
    assert unused.pooled is not None
    assert (unused.total_met_need, unused.total_cost, unused.pooled.unused_cost) == (10, 8, 4)
    assert list(unused.pooled.record(problem(menus, 8, **shared)).items())[:2] == [
        ("fixed_costs", "4"),
        ("unused_block_cost", "4"),
    ]


def test_contracts_dearer_than_all_the_money_are_infeasible_in_pounds() -> None:
    given = problem([[(1, 1)]], 3, constraints=POOLED, **tables([4], [0], [True], [(0, 0)]))
    found = solved(given)

    assert isinstance(found, Infeasible)
    assert (found.shortfall, found.users) == (1, 1)
    assert "contracts that are paid anyway cost £4" in found.reason


def test_an_infeasible_answer_names_the_services_and_the_least_budget() -> None:
    # Both must have something; at home for 6 each, or in a centre for 2 each and 5 to open.
    menus = [[(6, 5), (2, 4)], [(6, 5), (2, 4)]]
    must = {"choice": "exactly_one", "constraints": POOLED}
    short = solved(problem(menus, 8, **must, **tables([5], [2], [False], [(1, 0), (3, 0)])))
    assert isinstance(short, Infeasible)
    assert (short.shortfall, short.users) == (1, 2)
    assert "these cannot be kept: budget, exactly_one, shared" in short.reason
    assert "the least budget that would do is £9, £1 more" in short.reason

    # Nobody has anything but the centre, which asks for three.
    only = [[(2, 4)], [(2, 4)]]
    never = solved(problem(only, 99, **must, **tables([5], [3], [False], [(0, 0), (1, 0)])))
    assert isinstance(never, Infeasible)
    assert "these cannot be kept: exactly_one, shared; no budget would do" in never.reason


def test_rules_that_hand_out_money_fill_services_that_they_neither_pay_for_nor_fill_enough() -> (
    None
):
    given = twenty(76_000, 25)
    points = given.replace(users=replace(given.users, points=frozen([1] * 20)))
    found = run(rule("points_proportional"), points)
    assert isinstance(found, Allocation)
    broken = breaches(points, bind_constraints(POOLED), found, "points")

    assert [(b.limit, b.users, b.money, b.members) for b in broken] == [
        ("shared: s0", 20, 60_000, 5)
    ]
    assert found.pooled is None
    assert found.total_cost == 20 * 800


def test_a_contract_that_nobody_pays_for_is_a_breach_though_nobody_uses_it() -> None:
    menus = [[(2, 5)], [(2, 5)]]
    given = problem(menus, 8, constraints=POOLED, **tables([4], [0], [True], []))
    points = given.replace(users=replace(given.users, points=frozen([1, 1])))
    found = run(rule("points_proportional"), points)
    assert isinstance(found, Allocation)
    (broken,) = breaches(points, bind_constraints(POOLED), found)

    assert (broken.users, broken.money, broken.members) == (0, 4, 0)


def test_what_pooled_services_cost_is_told_in_need_and_in_money() -> None:
    given = twenty(64_000, 19, packages="divisible")
    (cost,), steps = limit_costs(given)

    # Without the fixed cost all 20 have 9; with it all have 4, and 12,000 more would open the
    # centre for all.
    assert (cost.name, cost.lost) == ("shared", 180_000 - 80_000)
    assert cost.money == pytest.approx(76_000 - 64_000, rel=2e-3)
    assert [step.met_need for step in steps] == [180_000, 80_000]


def test_two_tables_may_each_name_services_and_one_in_both_counts_once() -> None:
    menus = [[(1, 5), (1, 6)]]
    shared = tables([2, 3], [0, 0], [False, False], [(0, 0), (1, 1)])
    both = {
        "a": {"kind": "pooled", "services": ["s0"]},
        "b": {"kind": "pooled", "services": ["s0", "s1"]},
    }
    found = allocation(problem(menus, 3, constraints=both, **shared))
    assert (found.total_met_need, open_now(found)) == (5, [True, False])

    only = {"b": {"kind": "pooled", "services": ["s1"]}}
    free = allocation(problem(menus, 3, constraints=only, **shared))
    assert (free.total_met_need, open_now(free), free.total_cost) == (5, [False], 1)


def test_a_service_with_nothing_to_count_is_refused_with_what_to_do() -> None:
    plain = tables([0], [0], [False], [(0, 0)])
    with pytest.raises(OptionError, match="no service has a fixed cost or least members"):
        solved(problem([[(1, 1)]], 3, constraints=POOLED, **plain))
    named = {"shared": {"kind": "pooled", "services": ["s0"]}}
    with pytest.raises(OptionError, match="'s0' has neither a fixed cost nor least members"):
        solved(problem([[(1, 1)]], 3, constraints=named, **plain))
    missing = {"shared": {"kind": "pooled", "services": ["s9"]}}
    with pytest.raises(OptionError, match="s9"):
        solved(problem([[(1, 1)]], 3, constraints=missing, **plain))
    with pytest.raises(OptionError, match="needs the table services"):
        solved(problem([[(1, 1)]], 3, constraints=POOLED))


def test_an_allocation_with_wrong_services_does_not_pass_its_check() -> None:
    given = d3_with_a_centre(7)
    found = allocation(given)
    assert found.pooled is not None
    for change, match in [
        ({"members": frozen([2 * 10**9])}, "members of a service"),
        ({"paid": frozen([0])}, "paid for otherwise"),
    ]:
        wrong = replace(found, pooled=replace(found.pooled, **change))
        with pytest.raises(BrokenAllocationError, match=match):
            wrong.check(given)
    assert given.services is not None
    fewer = replace(given.services, least_members=frozen([4]))
    with pytest.raises(BrokenAllocationError, match="fewer members"):
        found.check(given.replace(services=fewer))
    with pytest.raises(BrokenAllocationError, match="more is spent"):
        found.check(given.replace(allocable=6))


def test_what_is_claimed_of_services_is_checked_without_a_solver() -> None:
    given = d3_with_a_centre(12)
    found = allocation(given)
    said = found.certificate
    assert found.pooled is not None
    record = found.pooled.record(given)
    checked, wrong = verified(given, found)
    assert not wrong
    assert any("whichever of the 2 choices of open services is taken" in line for line in checked)
    assert any("1 of 1 services open" in line for line in checked)

    first, *rest = said.openings
    cheap = OpeningBound(
        valued=True, multipliers={name: (0, q) for name, (_, q) in first.multipliers.items()}
    )
    unknown = OpeningBound(valued=True, multipliers={"budget": (1, 1)})
    negative = OpeningBound(
        valued=True, multipliers={name: (-1, q) for name, (_, q) in first.multipliers.items()}
    )
    for changes in (
        {"value": said.value + 1},
        {"upper_bound": said.value - 1},
        {"record": {**record, "fixed_costs": "0"}},
        {"record": {**record, "unused_block_cost": "3"}},
        {"record": {**record, "pooled_services": []}},
        {"openings": (), "multipliers": said.multipliers},
        {"openings": (cheap, *rest)},
        {"openings": (unknown,), "multipliers": unknown.multipliers},
        {"openings": (negative,), "multipliers": negative.multipliers},
    ):
        assert verified(given, found, **changes)[1], changes
    tight = given.replace(allocable=11)
    assert any("budget" in line for line in verified(tight, found)[1])


def test_a_weaker_proof_is_said_to_be_weaker() -> None:
    given = d3_with_a_centre(12)
    found = allocation(given)
    nothing = OpeningBound(
        valued=True,
        multipliers=dict.fromkeys(found.certificate.openings[0].multipliers, (0, 1)),
    )
    checked, wrong = verified(given, found, openings=(nothing,), multipliers=nothing.multipliers)

    assert not wrong
    assert BY_SEARCH in checked
    assert any("worth more than 27 smallest units" in line for line in checked)


def test_a_comparison_counts_fixed_costs_in_what_is_spent() -> None:
    found = compare(instance_with_a_centre(), rules=["points_proportional", "met_need_whole"])
    figures = {(item.rule, item.measure): item.value for item in found.figures if not item.group_by}

    assert figures["met_need_whole", "met_need"] == 23
    spent = figures["met_need_whole", "spent"]
    assert spent is not None
    assert spent + figures["met_need_whole", "unspent"] == 12
    assert found.no_footing.startswith("the optimum keeps shared: s0")
    assert [b.money for b in found.breaches if b.rule == "points_proportional"] == [3]


def instance_with_a_centre() -> Instance:
    given = d3_with_a_centre(12)
    return Instance(
        scenario=Scenario(
            schema_version=1,
            name="D3 with a centre",
            budget=Decimal(12),
            money_decimals=0,
            need_decimals=0,
            constraints=POOLED,
        ),
        users=replace(given.users, points=frozen([5, 3, 4])),
        menus=given.menus,
        package_ids=Labels(frozen([0, 1, 2] * 3), ("a", "b", "c")),
        services=given.services,
        uses=given.uses,
    )
