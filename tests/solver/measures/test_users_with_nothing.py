from typing import Any

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.problem import Problem
from metneed.solver.measure import Context
from metneed.solver.measures import measure


def test_no_package_is_nothing(d3: Problem) -> None:
    allocation = Allocation.of_picks(d3, np.array([-1, 5, -1]))
    users = np.arange(3)

    assert measure("users_with_nothing").compute(allocation, Context(d3), users) == {
        "users_with_nothing": 2
    }


def test_a_package_that_costs_nothing_and_meets_nothing_is_nothing(figures: Any) -> None:
    assert figures.of("users_with_nothing", [0], [12], [0]) == {"users_with_nothing": 1}


def test_free_help_that_meets_need_is_something(figures: Any) -> None:
    assert figures.of("users_with_nothing", [1], [12], [0]) == {"users_with_nothing": 0}


def test_a_package_that_costs_money_is_something(figures: Any) -> None:
    assert figures.of("users_with_nothing", [0], [12], [1]) == {"users_with_nothing": 0}
