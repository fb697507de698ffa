"""Package rules under limits: published answers, and the rules' own certificates."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from metneed.models.allocation import Allocation, Infeasible, Outcome
from metneed.models.arrays import frozen
from metneed.models.columns import Labels
from metneed.models.instance import Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.scenario import Packages
from metneed.models.services import Services, Uses
from metneed.models.units import Units
from metneed.solver.bound import bind_constraints
from metneed.solver.breaches import breaches
from metneed.solver.compare import best_rule
from metneed.solver.limit_costs import limit_costs
from metneed.solver.limits_check import Claim, check_limits
from metneed.solver.rules import rule
from metneed.solver.solve import run

Tables = Mapping[str, Mapping[str, Any]]

D3 = Menus.of([0, 3, 6, 8], [2, 4, 7, 3, 5, 6, 4, 8], [5, 8, 10, 6, 7, 10, 4, 9])
L3 = Menus.of([0, 1, 2, 3], [4_000, 6_000, 12_000], [12_000, 12_000, 12_000])


def problem(
    menus: Menus, budget: int, packages: Packages, constraints: Tables, **more: Any
) -> Problem:
    """Three users in two groups, the third alone in the second."""
    users = Users(
        ids=np.array(["U1", "U2", "U3"], dtype=object),
        need=frozen(menus.best_met_need),
        basic_need=frozen([5, 6, 4] if menus is D3 else [6_000] * 3),
        groups={"area": Labels(frozen([0, 0, 1]), ("north", "south"))},
    )
    units = Units(money_decimals=0, need_decimals=0) if menus is D3 else Units(money_decimals=3)
    return Problem(
        users,
        menus,
        budget,
        budget,
        packages=packages,
        units=units,
        constraints=constraints,
        **more,
    )


def solved(given: Problem) -> Allocation:
    outcome = run(rule(best_rule(given)), given)
    assert isinstance(outcome, Allocation), outcome
    outcome.check(given)
    return outcome


def refused(given: Problem) -> Infeasible:
    outcome: Outcome = run(rule(best_rule(given)), given)
    assert isinstance(outcome, Infeasible), outcome
    return outcome


def test_a_statutory_floor_removes_what_lies_below_it() -> None:
    found = solved(problem(D3, 12, "whole", {"basic": {"kind": "floor"}}))

    assert found.met_need.tolist() == [5, 10, 4]
    assert found.certificate.words() == "optimal (proved)"


def test_floors_that_cost_too_much_are_answered_in_pounds_and_people() -> None:
    found = refused(problem(D3, 8, "whole", {"basic": {"kind": "floor"}}))

    assert (found.shortfall, found.users) == (1, 3)
    assert "cost £9, the money to allocate is £8: £1 short" in found.reason


def test_a_user_whom_no_package_serves_is_named() -> None:
    found = refused(problem(D3, 12, "whole", {"cap": {"kind": "cap", "amount": 1}, **FLOOR}))

    assert found.users == 3
    assert "U1, U2, U3" in found.reason


FLOOR: Tables = {"basic": {"kind": "floor"}}


@pytest.mark.parametrize(
    ("fraction", "total", "lost"),
    [("0", 26_000, 1), ("0.5", 24_000, 5), ("0.8", 22_105, 4), ("1", 21_000, 8)],
)
def test_shares_of_groups_cost_what_the_arithmetic_of_two_rates_says(
    fraction: str, total: int, lost: int
) -> None:
    # With b for the second user at a rate of 2: 12 + 2 b + (8 - b), and 8 - b at least the
    # fraction of a third of that.
    fair = {"fair": {"kind": "group_share", "group": "area", "at_least": fraction}}
    given = problem(L3, 12_000, "divisible", fair)
    found = solved(given)

    assert found.certificate.upper_bound in {total, total + 1}
    # Shares are rounded against each user, which the stated gap to the bound includes.
    assert total - lost <= found.total_met_need <= total
    assert not breaches(given, bind_constraints(fair), found)


@pytest.mark.parametrize(
    ("keep", "total"), [("0", 26_000), ("0.5", 25_000), ("0.75", 23_500), ("1", 21_000)]
)
def test_protection_of_today_reaches_the_published_totals(keep: str, total: int) -> None:
    previous = Previous(
        held=frozen([True] * 3, np.bool_),
        package_ids=np.array(["now"] * 3, dtype=object),
        cost=frozen([2_000, 3_000, 6_000]),
        met_need=frozen([6_000] * 3),
    )
    protect = {"protect": {"kind": "transition", "at_least": keep, "of": "met_need"}}
    found = solved(problem(L3, 12_000, "divisible", protect, previous=previous))

    assert found.total_met_need == pytest.approx(total, abs=2)


def capacity(limit: int) -> dict[str, Any]:
    """One hour for each unit of money, and so many hours."""
    services = Services(
        ids=np.array(["home"], dtype=object),
        unit=np.array(["hours"], dtype=object),
        capacity=frozen([limit]),
        fixed_cost=frozen([0]),
        least_members=frozen([0]),
        paid_anyway=frozen([False], np.bool_),
    )
    rows = np.arange(D3.n_packages)
    uses = Uses(frozen(rows), frozen(np.zeros_like(rows)), D3.cost)
    return {"services": services, "uses": uses, "constraints": {"hours": {"kind": "capacity"}}}


@pytest.mark.parametrize("packages", ["whole", "divisible"])
@pytest.mark.parametrize("limit", [0, 3, 7, 10, 12, 15])
def test_a_capacity_that_counts_money_is_a_budget(packages: Packages, limit: int) -> None:
    limited = problem(D3, 12, packages, **capacity(limit))
    plain = problem(D3, min(12, limit), packages, {})

    found, expected = solved(limited), solved(plain)

    assert found.certificate.upper_bound is not None
    assert found.certificate.upper_bound >= expected.total_met_need
    slack = 0 if packages == "whole" else 2
    assert expected.total_met_need - slack <= found.total_met_need <= expected.total_met_need


@pytest.mark.parametrize("packages", ["whole", "divisible"])
def test_what_is_claimed_can_be_checked_without_a_solver(packages: Packages) -> None:
    given = problem(D3, 12, packages, **capacity(9))
    found = solved(given)
    parts = found.parts or parts_of(found)
    claim = Claim(
        found.certificate.value,
        found.certificate.upper_bound or 0,
        found.certificate.multipliers,
    )

    checked, wrong = check_limits(given, parts, claim)

    assert not wrong
    assert checked
    too_low = Claim(claim.value, claim.value - 1, claim.multipliers)
    assert check_limits(given, parts, too_low)[1]
    assert check_limits(given, parts, Claim(claim.value + 1, claim.upper_bound, {}))[1]
    tight = problem(D3, 12, packages, **capacity(6))
    assert any("hours" in line for line in check_limits(tight, parts, claim)[1])


def parts_of(found: Allocation) -> Any:
    from metneed.models.allocation import WHOLE, Parts  # noqa: PLC0415

    rows = np.flatnonzero(found.package >= 0)
    return Parts(frozen(rows), frozen(found.package[rows]), frozen(np.full(len(rows), WHOLE)))


def test_limits_in_conflict_are_named_with_the_least_budget_and_the_soft_answer() -> None:
    tight = problem(D3, 8, "whole", **merged(capacity(6), FLOOR))
    found = refused(tight)

    assert "together these cannot be kept: hours, basic" in found.reason
    assert "no budget would do" in found.reason

    short = refused(problem(D3, 8, "whole", **merged(capacity(12), FLOOR)))
    assert (short.shortfall, short.users) == (1, 3)
    assert "the least budget that would do is £9, £1 more" in short.reason
    assert "with basic as a penalty instead of a duty" in short.reason


def merged(given: dict[str, Any], more: Tables) -> dict[str, Any]:
    return {**given, "constraints": {**given["constraints"], **more}}


def test_basic_need_first_loses_none_of_it_to_the_rest() -> None:
    first = {"basic": {"kind": "floor", "mode": "stress", "basic_first": True}}
    for budget in range(22):
        found = solved(problem(D3, budget, "whole", first))
        floors = np.array([5, 6, 4])
        best = max(
            sum(np.minimum([a[1], b[1], c[1]], floors)) * 100 + a[1] + b[1] + c[1]
            for a in [(0, 0), (2, 5), (4, 8), (7, 10)]
            for b in [(0, 0), (3, 6), (5, 7), (6, 10)]
            for c in [(0, 0), (4, 4), (8, 9)]
            if a[0] + b[0] + c[0] <= budget
        )
        basic = int(np.minimum(found.met_need, floors).sum())
        assert basic * 100 + found.total_met_need == best


def test_what_a_limit_costs_is_the_difference_it_makes_and_the_money_that_makes_up_for_it() -> None:
    given = problem(L3, 12_000, "divisible", {"cap": {"kind": "cap", "amount": "5"}})
    (cost,), steps = limit_costs(given)

    # Without the cap 4, 6 and 2 pounds meet 26; with it 4, 5 and 3 meet 12 + 10 + 3.
    # The need of a mix is rounded down.
    assert (cost.name, cost.kind) == ("cap", "cap")
    assert cost.lost in {1_000, 1_001}
    assert cost.money == pytest.approx(1_000, abs=10)
    assert [step.name for step in steps] == ["", "cap"]
    assert steps[0].met_need in {25_999, 26_000}
    assert steps[1].met_need == steps[0].met_need - cost.lost


def test_a_limit_that_cannot_be_kept_ends_the_ladder_with_its_reason() -> None:
    given = problem(D3, 8, "whole", FLOOR)
    (cost,), steps = limit_costs(given)

    assert (cost.lost, cost.money) == (None, None)
    assert steps[0].met_need is not None
    assert steps[1].met_need is None
    assert "short" in steps[1].reason
