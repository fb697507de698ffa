"""Which services to open: against enumeration of openings and packages, and proved over all."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.arrays import frozen
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines import gains as table
from metneed.solver.engines.all_openings import bound_over_openings
from metneed.solver.engines.infeasible import LeastBudget, least_budget
from metneed.solver.engines.lagrangian import RowsOptimum, rows_optimum
from metneed.solver.engines.no_opening import no_opening
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.pool import opening
from metneed.solver.engines.pooled import Pooled, best_opening
from metneed.solver.engines.rows import Row
from metneed.solver.engines.whole_answer import NoWholeAnswer, RowsWhole

from .pools import best_by_enumeration, pool, random_problem

NO_LIMIT = 10**6


def is_best(problem: Any, found: Pooled | NoWholeAnswer | RowsInfeasible) -> bool:
    """Whether an answer says what enumeration says; the least cost where that is claimed."""
    best = best_by_enumeration(*problem)
    if not isinstance(found, Pooled):
        return best is None
    assert best is not None
    assert (found.answer.value, found.upper_bound) == (best[0], best[0])
    assert isinstance(found.answer.found, RowsWhole)
    again = found.answer.found.picks
    held = again[again >= 0]
    used = tuple(k for k, item in enumerate(problem[3]) if item.needs[held].any())
    assert found.answer.used == used
    return not found.least_cost or found.answer.cost == best[1]


@pytest.mark.parametrize("rows", [0, 1, 2])
@pytest.mark.parametrize("services", range(5))
def test_the_best_opening_is_that_of_enumeration(services: int, rows: int) -> None:
    least_cost = 0
    for seed in range(20):
        rng = np.random.default_rng([services, rows, seed])
        problem = random_problem(rng, services, rows)
        found = best_opening(*problem)
        assert is_best(problem, found)
        least_cost += isinstance(found, Pooled) and bool(found.least_cost)

    assert least_cost


def test_more_services_than_a_table_lists_are_decided_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for bits in (0, 1, 2):
        monkeypatch.setattr(table, "MOST_BITS", bits)
        for seed in range(16):
            problem = random_problem(np.random.default_rng([bits, seed]), 4, seed % 2)
            found = best_opening(*problem)
            assert is_best(problem, found)
            if isinstance(found, Pooled):
                shown, above = bound_over_openings(*problem, found.prices, found.upper_bound)
                assert shown >= found.answer.value
                assert (above == 0) == (shown <= found.upper_bound)


def test_the_prices_prove_the_bound_of_all_openings_but_those_that_were_searched() -> None:
    searched = 0
    for seed in range(50):
        problem = random_problem(np.random.default_rng(seed), 4, seed % 3)
        found = best_opening(*problem)
        if isinstance(found, Pooled):
            shown, above = bound_over_openings(*problem, found.prices, found.upper_bound)
            assert above == found.searched
            assert shown >= found.upper_bound
            searched += above
            if not above:
                assert shown <= found.upper_bound

    assert searched


def test_with_part_packages_the_value_is_that_of_the_best_programme() -> None:
    for seed in range(40):
        menus, due, rows, pools = random_problem(np.random.default_rng(seed), 3, seed % 2)
        # As whole units are few here, values in thousandths show what rounding takes.
        menus = menus.replace(value=frozen(menus.value * 1000))
        found = best_opening(menus, due, rows, pools, divisible=True)
        best = -1
        for choice in range(8):
            is_open = [k for k in range(3) if choice >> k & 1]
            problem = opening(menus, rows, pools, is_open, is_open)
            if problem.rows[0].limit < 0:
                continue
            programme = rows_optimum(problem.menus, due, problem.rows)
            if isinstance(programme, RowsOptimum):
                best = max(best, programme.bound.value)
        if best < 0:
            assert isinstance(found, RowsInfeasible)
        else:
            assert isinstance(found, Pooled)
            assert best <= found.upper_bound <= best + 1
            shown, above = bound_over_openings(menus, due, rows, pools, found.prices, best + 1)
            assert (above, found.searched) == (0, 0)
            assert shown <= best + 1


def test_an_answer_without_any_opening_is_proved_infeasible_by_prices() -> None:
    infeasible = 0
    for seed in range(150):
        problem = random_problem(np.random.default_rng(seed), 3, 1)
        menus, due, rows, pools = problem
        proved = no_opening(menus, due, rows, pools, np.inf)
        if proved:
            assert best_by_enumeration(*problem) is None
            infeasible += 1
        elif best_by_enumeration(*problem) is None:
            relaxed = best_opening(*problem, divisible=True)
            assert isinstance(relaxed, Pooled)

    assert infeasible


def test_the_least_budget_counts_what_open_services_cost() -> None:
    # A package of 2 in a centre that costs 3, or one of 6 at home: for one user 5 against 6, for
    # two 7 against 12; with three members at least, both stay at home.
    for users, least, expected in [(1, 0, 5), (2, 0, 7), (2, 3, 12)]:
        menus = Menus.of(range(0, 2 * users + 1, 2), [2, 6] * users, [1, 1] * users)
        centre = pool("centre", [True, False] * users, cost=3, least=least)
        found = least_budget(menus, np.ones(users, dtype=np.bool_), (), None, [centre])
        assert isinstance(found, LeastBudget)
        assert (found.at_least, found.enough) == (expected, expected)


def test_a_service_nobody_can_fill_stays_closed_and_costs_nothing() -> None:
    menus = Menus.of([0, 2, 4], [1, 1, 1, 1], [9, 4, 9, 4])
    centre = pool("centre", [True, False] * 2, cost=2, least=3)
    found = best_opening(menus, None, [Row("budget", menus.cost, NO_LIMIT)], [centre])

    assert isinstance(found, Pooled)
    assert (found.answer.value, found.answer.cost, found.answer.used) == (8, 2, ())


def test_least_members_are_asked_for_only_where_they_are_missing() -> None:
    # Three members are worth 30 together, and the budget is for two packages at the best price.
    menus = Menus.of([0, 2, 4, 6], [3, 1] * 3, [10, 7] * 3)
    centre = pool("centre", [True, False] * 3, least=3)
    budgets = {9: (30, (0,)), 8: (21, ()), 3: (21, ())}
    for budget, (value, used) in budgets.items():
        found = best_opening(menus, None, [Row("budget", menus.cost, budget)], [centre])
        assert isinstance(found, Pooled)
        assert (found.answer.value, found.upper_bound, found.answer.used) == (value, value, used)


@pytest.mark.parametrize("bits", [2, 16])
def test_the_time_limit_leaves_a_proved_gap(bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_BITS", bits)
    rng = np.random.default_rng(5)
    users, services = 60, 12
    menus = Menus.of(
        np.arange(0, 3 * users + 1, 3),
        rng.integers(1, 1000, 3 * users),
        rng.integers(1, 1000, 3 * users),
    )
    pools = [
        pool(f"s{k}", (rng.random(3 * users) < 0.3).tolist(), int(rng.integers(500, 3000)), 3)
        for k in range(services)
    ]
    rows = [Row("budget", menus.cost, 12_000)]
    found = best_opening(menus, None, rows, pools, Settings(time_limit=1e-9))

    assert isinstance(found, Pooled)
    assert found.stopped == "time limit"
    assert found.upper_bound > found.answer.value > 0
    assert not found.least_cost
    nobody = np.zeros(users, dtype=np.bool_)
    shown, _ = bound_over_openings(menus, nobody, rows, pools, found.prices, found.upper_bound)
    assert shown <= found.upper_bound


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), services=st.integers(1, 5), rows=st.integers(0, 2))
def test_the_value_is_below_its_bound_and_no_worse_than_with_all_closed(
    seed: int, services: int, rows: int
) -> None:
    menus, due, limits, pools = random_problem(np.random.default_rng(seed), services, rows)
    for divisible in (False, True):
        found = best_opening(menus, due, limits, pools, divisible=divisible)
        closed = opening(menus, limits, pools, (), ())
        without = best_opening(closed.menus, due, closed.rows, (), divisible=divisible)
        if isinstance(without, Pooled):
            assert isinstance(found, Pooled)
            # Shares are rounded against split users, of whom there are no more than rows.
            slack = 2 * (rows + services + 2) if divisible else 0
            assert found.answer.value + slack >= without.answer.value
        if isinstance(found, Pooled):
            assert found.answer.value <= found.upper_bound
            assert found.answer.cost <= limits[0].limit


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), services=st.integers(1, 4))
def test_dearer_services_and_more_members_never_make_an_answer_better(
    seed: int, services: int
) -> None:
    rng = np.random.default_rng(seed)
    menus, due, limits, pools = random_problem(rng, services)
    easier = [
        type(item)(item.needs, Row(item.members.name, item.members.base, 0), item.cost // 2)
        for item in pools
    ]
    harder, softer = (best_opening(menus, due, limits, each) for each in (pools, easier))
    if isinstance(harder, Pooled):
        assert isinstance(softer, Pooled)
        assert softer.answer.value >= harder.answer.value
