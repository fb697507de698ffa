"""Money that a rule keeps in reserve is neither spent nor unspent."""

from dataclasses import replace

from metneed.models.account import Account
from metneed.models.allocation import Allocation
from metneed.models.arrays import frozen
from metneed.models.problem import Problem
from metneed.solver.measure import Context
from metneed.solver.measures import measure

NAMES = ("held_back", "spent", "reserved", "unspent")


def figures(allocation: Allocation, problem: Problem) -> list[int | float | None]:
    context, rows = Context(problem, None, None), frozen(range(len(problem.users)))
    return [measure(name).compute(allocation, context, rows)[name] for name in NAMES]


def test_held_back_spent_reserved_and_unspent_add_up_to_the_budget(d3: Problem) -> None:
    sliced = d3.replace(budget=15)
    bought = Allocation.of_picks(sliced, frozen([0, 3, -1]), award=frozen([3, 4, 2]))

    assert figures(bought, sliced) == [3, 5, 0, 7]
    kept = replace(bought, account=Account(reserve=2))
    assert figures(kept, sliced) == [3, 5, 2, 5]
    assert sum(value or 0 for value in figures(kept, sliced)) == sliced.budget
