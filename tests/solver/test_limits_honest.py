"""Rules under limits with a solver that lies or without time: no word that is not so."""

from itertools import product
from typing import Any

import pytest

from metneed.models.allocation import Allocation, Infeasible, Outcome
from metneed.models.errors import SolverError
from metneed.models.problem import Problem
from metneed.models.settings import Settings
from metneed.solver.compare import best_rule
from metneed.solver.rules import rule
from metneed.solver.solve import run

from .engines.test_lying_rows import lying
from .test_limited import D3, problem

__all__ = ["lying"]

SHARE = {"kind": "group_share", "group": "area", "at_least": "0.9"}
GAP = {"kind": "group_gap", "group": "area", "at_most": "0.2"}
SOUTH = {"kind": "spend", "group": "area", "values": ["south"], "at_most_share": "0.5"}
FLOOR = {"kind": "floor", "mode": "statutory", "base": "need", "share": "0.5"}
LIMITS: list[dict[str, dict[str, Any]]] = [
    {"fair": SHARE},
    {"areas": GAP, "south": SOUTH},
    {"floor": FLOOR, "south": SOUTH},
    {"fair": SHARE, "south": SOUTH, "floor": FLOOR},
]
BUDGETS = (3, 8, 11, 15, 30)


def cases() -> list[Problem]:
    kinds = product(LIMITS, BUDGETS, ("whole", "divisible"))
    return [problem(D3, budget, packages, limits) for limits, budget, packages in kinds]


def best(given: Problem) -> Outcome:
    return run(rule(best_rule(given)), given)


HONEST = [best(given) for given in cases()]


def check(found: Outcome, honest: Outcome) -> None:
    """What is found claims no more than what an honest solver with time shows."""
    if isinstance(found, Infeasible):
        assert isinstance(honest, Infeasible)
        assert found.shortfall <= honest.shortfall
        if "least budget that would do is £" in found.reason:
            assert found.shortfall == honest.shortfall
    if isinstance(found, Allocation):
        assert isinstance(honest, Allocation)
        told, true = found.certificate, honest.certificate
        assert told.upper_bound is not None
        assert true.upper_bound is not None
        assert told.value <= true.upper_bound
        assert told.upper_bound >= true.value
        if told.is_optimal:
            # Rounded another way, as much may be reached as the bound allows.
            assert told.value >= true.value


def test_with_time_and_honesty_there_are_answers_of_both_kinds() -> None:
    assert sum(isinstance(each, Allocation) for each in HONEST) > 10
    assert sum(isinstance(each, Infeasible) for each in HONEST) > 5


def test_a_lying_solver_makes_nothing_optimal_or_infeasible(lying: str) -> None:
    answers = 0
    for given, honest in zip(cases(), HONEST, strict=True):
        short = given.replace(settings=Settings(time_limit=2))
        try:
            found = best(short)
        except SolverError:
            continue
        answers += 1
        check(found, honest)
        if isinstance(found, Allocation):
            found.check(given)

    assert answers or "no " in lying


@pytest.mark.parametrize("seconds", [1e-9, 1e-3])
def test_a_time_limit_makes_nothing_optimal_or_infeasible(seconds: float) -> None:
    for given, honest in zip(cases(), HONEST, strict=True):
        check(best(given.replace(settings=Settings(time_limit=seconds))), honest)
