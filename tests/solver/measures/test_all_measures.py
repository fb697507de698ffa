"""What every measure owes, those of other distributions included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.instance import Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.solver.measure import Context
from metneed.solver.measures import measure, measures

WHOLE_NUMBERS = {"money", "need", "users"}
ADDITIVE = [
    "met_need",
    "spent",
    "users",
    "users_below_basic",
    "users_fully_met",
    "users_with_nothing",
    "winners_losers",
]


@st.composite
def compared(draw: st.DrawFn) -> tuple[Allocation, Context]:
    """A problem of at most 12 users with two packages each, and two allocations of it."""
    n = draw(st.integers(1, 12))
    amounts = st.integers(0, 40)

    def column(size: int, values: st.SearchStrategy[int] = amounts) -> IntArray:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype=np.int64)

    menus = Menus.of(np.arange(0, 2 * n + 1, 2), column(2 * n), column(2 * n))
    users = Users(np.arange(n).astype(object), column(n), basic_need=column(n))
    total = int(menus.cost.sum())
    problem = Problem(users, menus, budget=total, allocable=total)
    picks = [column(n, st.integers(-1, 1)) for _ in range(2)]
    one, other = (
        Allocation.of_picks(problem, np.where(pick < 0, -1, 2 * np.arange(n) + pick))
        for pick in picks
    )
    return one, Context(problem, baseline=other)


@pytest.mark.parametrize("name", measures())
def test_a_measure_gives_a_figure_for_each_of_its_units(
    name: str, d3: Problem, d3_points: Allocation, d3_best: Allocation
) -> None:
    item = measure(name)

    found = item.compute(d3_points, Context(d3, d3_points, d3_best), np.arange(3))

    assert list(found) == list(item.units)
    for figure, value in found.items():
        kind = int if item.units[figure] in WHOLE_NUMBERS else float
        assert value is None or type(value) is kind


@pytest.mark.parametrize("name", [name for name, item in measures().items() if item.by_group])
def test_a_measure_by_group_has_an_answer_for_a_group_of_nobody(
    name: str, d3: Problem, d3_points: Allocation, d3_best: Allocation
) -> None:
    empty = np.array([], dtype=np.int64)

    found = measure(name).compute(d3_points, Context(d3, d3_best, d3_best), empty)

    assert set(found.values()) <= {0, None}


@pytest.mark.parametrize("name", measures())
def test_a_title_speaks_to_a_commissioner(name: str) -> None:
    title = measure(name).title

    assert title
    assert "price" not in title
    assert "_" not in title


def test_no_two_measures_give_a_figure_of_the_same_name() -> None:
    names = [figure for item in measures().values() for figure in item.units]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", [name for name, item in measures().items() if item.by_group])
@settings(deadline=None, derandomize=True, max_examples=20)
@given(case=compared(), seed=st.integers(0, 2**32))
def test_figures_do_not_depend_on_the_order_of_users(
    name: str, case: tuple[Allocation, Context], seed: int
) -> None:
    allocation, context = case
    rows = np.arange(len(context.problem.users))
    shuffled = np.random.default_rng(seed).permutation(rows)

    assert measure(name).compute(allocation, context, rows) == measure(name).compute(
        allocation, context, shuffled
    )


@pytest.mark.parametrize("name", ADDITIVE)
@settings(deadline=None, derandomize=True, max_examples=20)
@given(case=compared(), cut=st.integers(0, 12))
def test_figures_of_groups_add_up_to_that_of_all(
    name: str, case: tuple[Allocation, Context], cut: int
) -> None:
    allocation, context = case
    rows = np.arange(len(context.problem.users))
    compute = measure(name).compute

    parts = [compute(allocation, context, part) for part in (rows[:cut], rows[cut:])]

    for figure, value in compute(allocation, context, rows).items():
        assert parts[0][figure] + parts[1][figure] == value


@pytest.mark.parametrize(
    "name", ["share_of_need", "mean_share", "worst_off_share", "tenth_percentile_share", "gini"]
)
@settings(deadline=None, derandomize=True, max_examples=20)
@given(case=compared(), factor=st.integers(2, 64))
def test_shares_do_not_depend_on_the_unit_of_need(
    name: str, case: tuple[Allocation, Context], factor: int
) -> None:
    allocation, context = case
    problem = context.problem
    menus = problem.menus.replace(met_need=problem.menus.met_need * factor)
    users = Users(problem.users.ids, problem.users.need * factor)
    larger = problem.replace(menus=menus, users=users)
    again = Allocation.of_picks(larger, allocation.package)
    rows = np.arange(len(users))

    assert measure(name).compute(again, Context(larger), rows) == measure(name).compute(
        allocation, context, rows
    )
