"""What is said of limits that cannot be kept, also where there is no time to find it out."""

import numpy as np

from metneed.models.allocation import Infeasible
from metneed.models.arrays import frozen
from metneed.models.columns import Labels
from metneed.models.instance import Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.scenario import Packages
from metneed.models.settings import Settings
from metneed.models.units import Units
from metneed.solver.compare import best_rule
from metneed.solver.rules import rule
from metneed.solver.solve import run

FLOOR = {"basic": {"kind": "floor"}}
FENCE = {"north": {"kind": "spend", "group": "area", "values": ["north"], "at_most": 5}}


def problem(budget: int, packages: Packages, seconds: float) -> Problem:
    """Two users in the north, one in the south, whose floors cost 2 + 3 + 4."""
    menus = Menus.of([0, 3, 6, 8], [2, 4, 7, 3, 5, 6, 4, 8], [5, 8, 10, 6, 7, 10, 4, 9])
    users = Users(
        ids=np.array(["U1", "U2", "U3"], dtype=object),
        need=frozen(menus.best_met_need),
        basic_need=frozen([5, 6, 4]),
        groups={"area": Labels(frozen([0, 0, 1]), ("north", "south"))},
    )
    return Problem(
        users,
        menus,
        budget,
        budget,
        packages=packages,
        units=Units(money_decimals=0, need_decimals=0),
        constraints={**FLOOR, **FENCE},
        settings=Settings(time_limit=seconds),
    )


def test_with_time_the_conflict_the_least_budget_and_the_softer_floors_are_told() -> None:
    given = problem(8, "divisible", 60)
    found = run(rule(best_rule(given)), given)

    assert isinstance(found, Infeasible)
    assert "together these cannot be kept: budget, basic" in found.reason
    assert "the least budget that would do is £9, £1 more" in found.reason
    assert "with basic as a penalty instead of a duty" in found.reason
    assert "time limit" not in found.reason
    assert found.shortfall == 1


def test_without_time_nothing_is_claimed_that_was_not_found() -> None:
    given = problem(8, "divisible", 1e-9)
    found = run(rule(best_rule(given)), given)

    if isinstance(found, Infeasible):
        # That the limits cannot be kept is proved in integers, and true.
        assert "not found within the time limit" in found.reason
    else:
        assert "within the time limit" in str(found)


def test_what_can_be_kept_is_never_called_infeasible_for_want_of_time() -> None:
    both: tuple[Packages, ...] = ("divisible", "whole")
    for packages in both:
        for budget in range(9, 14):
            given = problem(budget, packages, 1e-9)
            assert not isinstance(run(rule(best_rule(given)), given), Infeasible)
