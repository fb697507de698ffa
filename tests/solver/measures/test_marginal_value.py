import numpy as np
import pytest

from metneed.models.allocation import Allocation
from metneed.models.comparison import Number
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.units import Units
from metneed.solver.measure import Context
from metneed.solver.measures import measure


def marginal_value(allocation: Allocation, problem: Problem) -> tuple[Number, Number]:
    found = measure("marginal_value").compute(allocation, Context(problem), np.arange(3))
    return found["marginal_value_last"], found["marginal_value_next"]


def test_the_last_pound_of_the_optimum_meets_nine_eighths_of_need(
    d3: Problem, d3_best: Allocation
) -> None:
    assert marginal_value(d3_best, d3) == (1.125, 1.125)


def test_at_a_corner_of_the_frontier_the_next_pound_is_worth_less_than_the_last(
    d3: Problem,
) -> None:
    packages = Allocation.of_picks(d3, np.array([1, 5, -1]))

    assert packages.total_cost == 10
    assert marginal_value(packages, d3) == (pytest.approx(4 / 3), 1.125)


def test_the_value_is_that_at_the_spending_of_the_rule(d3: Problem, d3_points: Allocation) -> None:
    assert marginal_value(d3_points, d3) == (1.125, 1.125)


def test_nothing_comes_before_the_first_pound_and_nothing_after_the_last(d3: Problem) -> None:
    nothing = Allocation.of_picks(d3, np.array([-1, -1, -1]))
    everything = Allocation.of_picks(d3, np.array([2, 5, 7]))

    assert marginal_value(nothing, d3)[1] == 2.5
    assert marginal_value(everything, d3) == (pytest.approx(2 / 3), 0.0)


def test_the_unit_is_need_per_pound_and_not_thousandths_per_penny(
    d3: Problem, d3_best: Allocation
) -> None:
    finer = d3.replace(
        menus=Menus.of(d3.menus.offsets, d3.menus.cost * 100, d3.menus.met_need * 1000),
        units=Units(money_decimals=2, need_decimals=3),
    )
    allocation = Allocation.of_picks(finer, d3_best.package)

    assert marginal_value(allocation, finer) == (1.125, 1.125)


def test_it_is_not_known_below_the_least_that_serves_everyone_exactly_once(d3: Problem) -> None:
    compulsory = d3.replace(choice="exactly_one")
    nothing = Allocation.of_picks(d3, np.array([-1, -1, -1]))

    assert marginal_value(nothing, compulsory) == (None, None)


def test_marginal_value_belongs_to_no_group() -> None:
    assert not measure("marginal_value").by_group
