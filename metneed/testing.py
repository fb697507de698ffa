"""Conformance suite for rules, and for third parties that add their own.

`check_rule` runs a rule on a set of small problems and holds it to what every rule promises:
allocations that fit their problem, the same answer twice and in any order of the users, awards
that add up, and, where the rule claims it, that more money takes met need from nobody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from metneed.models.allocation import Allocation, Outcome
from metneed.models.arrays import IntArray, frozen
from metneed.models.assessment import Assessment
from metneed.models.columns import Labels, Numbers
from metneed.models.errors import BrokenAllocationError
from metneed.models.instance import Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.random_stream import RandomStream
from metneed.solver.rule import Options, Rule
from metneed.solver.solve import run

NUMBERS = {"age": 90, "hours": 40, "contribution": 500, "carer_points": 3}
"""Columns of numbers that the users of the suite have, and their greatest values."""


@dataclass(frozen=True)
class Case:
    """One problem of the suite, with a name for messages."""

    name: str
    problem: Problem


def check_rule(
    rule: Rule, options: Options | None = None, cases: Iterable[Case] | None = None
) -> int:
    """Hold a rule to what every rule promises.

    Parameters
    ----------
    rule
        The rule.
    options
        Its options; default: those of its example, which are its defaults where it has none.
    cases
        Problems to run it on; default: those of `problems`.

    Returns
    -------
    int
        On how many problems the rule gave an allocation.

    Raises
    ------
    BrokenAllocationError
        With the name of the problem and the promise that was broken; also where the rule gave
        no allocation on any problem, so that nothing was checked.
    """
    bound = options or rule.options.model_validate(dict(rule.example))
    checked = 0
    for case in problems() if cases is None else cases:
        outcome = run(rule, case.problem, bound)
        try:
            _check_outcome(rule, bound, case.problem, outcome)
        except BrokenAllocationError as error:
            raise BrokenAllocationError(f"{rule.name} on {case.name}: {error}") from error
        checked += isinstance(outcome, Allocation)
    if not checked:
        raise BrokenAllocationError(f"{rule.name} gave no allocation on any problem of the suite")
    return checked


def problems(count: int = 40, seed: int = 1) -> Iterator[Case]:
    """Small problems of every reading and choice, awkward ones among them.

    Menus are empty, single, tied, dominated and free; needs and points are 0 for some; budgets
    go from nothing to more than everything costs.
    """
    for reading, choice, leftover in product(
        ("whole", "divisible"), ("at_most_one", "exactly_one"), ("kept", "rounds")
    ):
        stream = RandomStream.of(seed, f"{reading} {choice} {leftover}")
        for number in range(count // 8 or 1):
            problem = _random(stream).replace(packages=reading, choice=choice, leftover=leftover)
            yield Case(f"problem {number} ({reading}, {choice}, {leftover})", problem)


def _random(stream: RandomStream) -> Problem:
    n = int(stream.between(1, 12, 1)[0])
    sizes = stream.between(0, 5, n)
    total = int(sizes.sum())
    coarse = int(stream.between(1, 3, 1)[0])
    cost = stream.between(0, 30, total) // coarse * coarse * 100
    met_need = stream.between(0, 20, total) // coarse * coarse * 500
    menus = Menus.of(np.concatenate([[0], np.cumsum(sizes)]), cost, met_need)
    budget = int(menus.full_cost.sum() * int(stream.between(0, 120, 1)[0]) // 100)
    held = stream.chance(800, n)
    return Problem(
        users=Users(
            ids=np.array([f"u{row:02d}" for row in range(n)], dtype=object),
            need=menus.best_met_need,
            points=frozen(stream.between(0, 9, n) * 1000),
            basic_need=frozen(menus.best_met_need // 2),
            weight=frozen(stream.between(1, 3, n) * 1000),
            arrival=frozen(stream.permutation(n)),
            groups={"area": Labels(frozen(stream.below(2, n)), ("north", "south"))},
            numbers={
                name: Numbers(frozen(stream.between(0, most, n)), 0, np.ones(n, dtype=np.bool_))
                for name, most in NUMBERS.items()
            },
        ),
        menus=menus,
        budget=budget,
        allocable=budget,
        assessment=_assessment(stream, n),
        previous=Previous(
            held=held,
            package_ids=np.where(held, "today", "").astype(object),
            cost=frozen(np.where(held, stream.between(0, 30, n) * 100, 0)),
            met_need=frozen(np.where(held, stream.between(0, 20, n) * 500, 0)),
        ),
    )


def _assessment(stream: RandomStream, n: int) -> Assessment:
    """For each user the two outcomes ``a`` and ``b``, of severities 1 to 3."""
    rows = 2 * n
    return Assessment(
        user=frozen(np.repeat(np.arange(n), 2)),
        instrument=Labels(frozen(np.zeros(rows)), ("",)),
        outcome=Labels(frozen(np.tile([0, 1], n)), ("a", "b")),
        severity=Labels(frozen(stream.below(3, rows)), ("1", "2", "3")),
        informal=frozen(stream.below(3, rows) * 250),
        eligible=frozen(stream.chance(800, rows), np.bool_),
    )


def _check_outcome(rule: Rule, options: Options, problem: Problem, outcome: Outcome) -> None:
    _check_same(outcome, run(rule, problem, options), "a second run gives another answer")
    if not isinstance(outcome, Allocation):
        return
    outcome.check(problem)
    if rule.family == "money":
        _check_awards(rule, problem, outcome)
    _check_order(rule, options, problem)
    if rule.monotone:
        _check_monotone(rule, options, problem, outcome)


def _check_awards(rule: Rule, problem: Problem, outcome: Allocation) -> None:
    if outcome.award is None:
        raise BrokenAllocationError("a money rule must give awards")
    if rule.divides_all and int(outcome.award.sum()) != problem.allocable:
        raise BrokenAllocationError(
            f"awards add up to {int(outcome.award.sum())}, not to {problem.allocable}"
        )


def _check_order(rule: Rule, options: Options, problem: Problem) -> None:
    """Where no ties are left to settle, the order of the rows changes nothing but the rows."""
    apart = _without_ties(problem).replace(leftover="kept")
    back = np.arange(len(problem.users))[::-1]
    straight, turned = run(rule, apart, options), run(rule, apart.subset(back), options)
    if type(straight) is not type(turned):
        raise BrokenAllocationError("the order of the users changes the outcome")
    if not isinstance(straight, Allocation) or not isinstance(turned, Allocation):
        return
    if straight.award is not None and turned.award is not None:
        # The last penny goes by the order of the rows: that much may differ.
        same = bool((np.abs(straight.award - turned.award[::-1]) <= 1).all())
    else:
        same = straight.total_met_need == turned.total_met_need
    if not same:
        raise BrokenAllocationError("the order of the users changes the answer")


def _without_ties(problem: Problem) -> Problem:
    """The same problem where no two users have equal points, needs or slopes."""
    menus, n = problem.menus, len(problem.users)
    users = problem.users
    points = None if users.points is None else frozen(users.points * 1009 + 7 * np.arange(n) + 1)
    odd = menus.met_need * 1009 + np.where(menus.met_need > 0, 7 * menus.user + 1, 0)
    changed = replace(
        users, need=frozen(users.need * 1009 + 7 * np.arange(n) + 1), points=points, basic_need=None
    )
    return problem.replace(
        users=changed,
        menus=menus.replace(met_need=frozen(odd), value=frozen(odd), cost=frozen(menus.cost * 997)),
        budget=problem.budget * 997,
        allocable=problem.allocable * 997,
    )


def _check_monotone(rule: Rule, options: Options, problem: Problem, outcome: Allocation) -> None:
    for more in (1, 100, 1000, problem.allocable):
        richer = run(rule, problem.replace(allocable=problem.allocable + more), options)
        if not isinstance(richer, Allocation):
            raise BrokenAllocationError("more money makes the rule fail")
        if bool((richer.met_need < outcome.met_need).any()):
            raise BrokenAllocationError(f"{more} more takes met need from somebody")


def _check_same(first: Outcome, second: Outcome, otherwise: str) -> None:
    if type(first) is not type(second):
        raise BrokenAllocationError(otherwise)
    if isinstance(first, Allocation) and isinstance(second, Allocation):
        pairs: list[tuple[IntArray | None, IntArray | None]] = [
            (getattr(first, name), getattr(second, name))
            for name in ("package", "share", "cost", "met_need", "award")
        ]
        if not all(np.array_equal(a, b) for a, b in pairs if a is not None and b is not None):
            raise BrokenAllocationError(otherwise)
