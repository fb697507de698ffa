import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.problem import Problem
from metneed.solver.measure import Context
from metneed.solver.measures import measure


def test_held_back_is_the_budget_less_the_allocable_money(
    d3: Problem, d3_points: Allocation
) -> None:
    found = measure("held_back").compute(d3_points, Context(d3), np.arange(3))

    assert found == {"held_back": 3}


def test_held_back_belongs_to_no_group() -> None:
    assert not measure("held_back").by_group
