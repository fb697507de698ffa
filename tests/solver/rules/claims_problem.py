"""Five users whose claims differ with what is claimed, and how rules are run on them."""

from dataclasses import replace

import numpy as np

from metneed.models.account import Account
from metneed.models.allocation import Allocation
from metneed.models.arrays import frozen
from metneed.models.columns import Labels, Numbers
from metneed.models.instance import Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.units import Units
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run

CLAIMS = {
    "full_cost": [10, 20, 30, 40, 0],
    "basic_cost": [4, 6, 15, 25, 0],
    "previous_cost": [8, 0, 20, 30, 2],
    "points_price": [6, 12, 18, 24, 0],
    "column": [12, 3, 0, 25, 9],
}
WEIGHTS = {"points": [1, 2, 3, 4, 0], "weight": [1, 1, 3, 1, 2], "column": [1, 5, 0, 2, 1]}
EXTRA: dict[str, dict[str, object]] = {
    "points_price": {"price": "6"},
    "column": {"claim_column": "plan"},
}


def five(money: int) -> Problem:
    """A basic and a full package for all but the last, who has no menu."""
    everyone = np.ones(5, dtype=np.bool_)
    menus = Menus.of([0, 2, 4, 6, 8, 8], [4, 10, 6, 20, 15, 30, 25, 40], [1, 2, 1, 2, 1, 2, 1, 2])
    users = Users(
        ids=np.array(["u1", "u2", "u3", "u4", "u5"], dtype=object),
        need=menus.best_met_need,
        basic_need=frozen([1, 1, 1, 1, 0]),
        points=frozen(WEIGHTS["points"]),
        weight=frozen(WEIGHTS["weight"]),
        groups={"band": Labels(frozen([2, 1, 1, 0, 2]), ("critical", "moderate", "substantial"))},
        numbers={
            "plan": Numbers(frozen(CLAIMS["column"]), 0, everyone),
            "priority": Numbers(frozen(WEIGHTS["column"]), 0, everyone),
        },
    )
    previous = Previous(
        held=np.array([True, False, True, True, True]),
        package_ids=np.array(["a", "", "a", "a", "a"], dtype=object),
        cost=frozen(CLAIMS["previous_cost"]),
        met_need=frozen([1, 0, 1, 1, 1]),
    )
    return Problem(
        users=users,
        menus=menus,
        budget=money,
        allocable=money,
        previous=previous,
        units=Units("GBP", 0, 0),
    )


def crowd(n: int) -> Problem:
    """Users whose claims are all different, with half the money that they claim."""
    problem = five(0).subset(np.zeros(n, dtype=np.int64))
    claims = 1000 + np.arange(n) ** 2
    menus = problem.menus.replace(cost=frozen(np.repeat(claims, 2)))
    ids = np.array([f"user {row:04}" for row in range(n)], dtype=object)
    money = int(claims.sum()) * 3 // 4
    return problem.replace(menus=menus, users=replace(problem.users, ids=ids), allocable=money)


def bare(problem: Problem) -> Problem:
    """The same problem with nothing but users and menus."""
    users = replace(problem.users, points=None, weight=None, basic_need=None, numbers={}, groups={})
    return problem.replace(users=users, previous=None)


def solved(problem: Problem, name: str, **options: object) -> Allocation:
    """What a rule does, checked."""
    chosen = rule(name)
    outcome = run(chosen, problem, bind(chosen, options))
    assert isinstance(outcome, Allocation), outcome
    outcome.check(problem)
    return outcome


def awards(problem: Problem, name: str, **options: object) -> list[int]:
    """What each is awarded."""
    award = solved(problem, name, **options).award
    assert award is not None
    return award.tolist()


def account(problem: Problem, name: str, **options: object) -> Account:
    """How it came about."""
    found = solved(problem, name, **options).account
    assert found is not None
    return found


def lines(problem: Problem, name: str, **options: object) -> dict[str, int | float | str]:
    """The figures of the account."""
    return {line.name: line.value for line in account(problem, name, **options).lines}


def reasons(problem: Problem, name: str, **options: object) -> list[str]:
    """Why each award is what it is."""
    found = account(problem, name, **options).reasons
    return [] if found is None else found.text().tolist()
