import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.allocation import Allocation
from metneed.models.certificate import Certificate
from metneed.models.comparison import Number
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.measure import Context
from metneed.solver.measures import measure


def budget_for_same(allocation: Allocation, problem: Problem) -> tuple[Number, Number]:
    found = measure("budget_for_same").compute(allocation, Context(problem), np.arange(3))
    return found["budget_for_same"], found["saving_for_same"]


def test_what_points_reach_for_eleven_the_priority_path_reaches_for_ten(
    d3: Problem, d3_points: Allocation
) -> None:
    assert budget_for_same(d3_points, d3) == (10, 1)


def test_with_part_packages_what_points_reach_for_eleven_costs_ten(
    d3: Problem, d3_points: Allocation
) -> None:
    assert budget_for_same(d3_points, d3.replace(packages="divisible")) == (10, 1)


def test_where_the_priority_path_needs_more_the_packages_themselves_show_the_budget(
    d3: Problem, d3_best: Allocation
) -> None:
    # 19 for 12; the path goes from 18 for 10 straight to 27 for 18.
    assert budget_for_same(d3_best, d3) == (12, 0)


def test_with_part_packages_the_frontier_needs_less_than_the_whole_optimum(
    d3: Problem, d3_best: Allocation
) -> None:
    # 18 for 10, then 9/8 a unit of money: 19 is reached at 10.89, whole units make it 11.
    assert budget_for_same(d3_best, d3.replace(packages="divisible")) == (11, 1)


def test_equal_money_reaches_for_twelve_what_the_optimum_reaches_for_ten(l3: Problem) -> None:
    met_need, cost = np.array([12, 8, 4]) * 33, np.array([4, 4, 4]) * 33
    allocation = Allocation(
        package=np.arange(3),
        share=np.array([10**9, 666_666_667, 333_333_333]),
        cost=cost,
        met_need=met_need,
        certificate=Certificate(value=int(met_need.sum())),
    )

    assert budget_for_same(allocation, l3) == (10 * 33, 2 * 33)


def test_it_is_not_known_where_no_budget_meets_as_much_need(d3: Problem) -> None:
    more = np.array([10, 10, 10])
    allocation = Allocation(np.arange(3), more, more, more, Certificate(value=30))

    assert budget_for_same(allocation, d3) == (None, None)
    assert budget_for_same(allocation, d3.replace(packages="divisible")) == (None, None)


def test_nothing_is_reached_with_nothing(d3: Problem) -> None:
    assert budget_for_same(Allocation.of_picks(d3, np.array([-1, -1, -1])), d3) == (0, 0)


def test_budget_for_same_belongs_to_no_group() -> None:
    assert not measure("budget_for_same").by_group


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    packages=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=6, max_size=6),
    picks=st.tuples(*[st.integers(-1, 1)] * 3),
)
def test_it_is_the_least_budget_of_all_that_meet_as_much(
    d3: Problem, packages: list[tuple[int, int]], picks: tuple[int, ...]
) -> None:
    cost, met_need = zip(*packages, strict=True)
    menus = Menus.of([0, 2, 4, 6], cost, met_need)
    problem = d3.replace(menus=menus, packages="divisible")
    chosen = [-1 if pick < 0 else 2 * row + pick for row, pick in enumerate(picks)]
    allocation = Allocation.of_picks(problem, np.array(chosen))
    frontier = frontier_of(menus, "at_most_one")

    budget, saving = budget_for_same(allocation, problem)
    on_path, _ = budget_for_same(allocation, problem.replace(packages="whole"))

    assert frontier.value_at(budget) >= allocation.total_met_need
    assert budget == 0 or frontier.value_at(budget - 1) < allocation.total_met_need
    assert saving == allocation.total_cost - budget >= 0
    assert on_path >= budget
