import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.problem import Problem
from metneed.solver.measure import Context
from metneed.solver.measures import measure


def test_the_points_rule_leaves_one_of_twelve_unspent(d3: Problem, d3_points: Allocation) -> None:
    assert measure("unspent").compute(d3_points, Context(d3), np.arange(3)) == {"unspent": 1}


def test_unspent_is_below_zero_where_more_is_spent_than_allocable(
    d3: Problem, d3_points: Allocation
) -> None:
    cut = d3.replace(allocable=9)

    assert measure("unspent").compute(d3_points, Context(cut), np.arange(3)) == {"unspent": -2}


def test_unspent_belongs_to_no_group() -> None:
    assert not measure("unspent").by_group
