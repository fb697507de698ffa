"""How far the answer of a build hangs on what nobody knows: response, scores, and costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.instances.council.instance import with_response
from metneed.instances.council.record import Council
from metneed.instances.response import STRAIGHT_LINE, Knots
from metneed.models.allocation import Allocation
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.rules import rules
from metneed.solver.solve import bind, run
from metneed.solver.studies.robustness import Robustness, robustness

CURVES: dict[str, Knots] = {
    "straight": STRAIGHT_LINE,
    "50 -> 60": ((0, 0), (500, 600), (1000, 1000)),
    "50 -> 75": ((0, 0), (500, 750), (1000, 1000)),
}
"""Response curves that are tried: half the support meets so much of a need."""

MOST_TESTED = 2000
"""Scores and costs are disturbed for no more people than this, evenly taken from all."""

ERROR, DRAWS = 0.2, 5


@dataclass(frozen=True)
class RuleUnderCurve:
    """What one rule does under one response curve.

    Parameters
    ----------
    rule, curve
        Names.
    place
        Place among the rules by share of need met, from 1; equal shares share a place.
    share
        Share of all need that is met.
    with_nothing
        People whose package costs nothing and meets nothing.
    """

    rule: str
    curve: str
    place: int
    share: float
    with_nothing: int


def response_test(council: Council, instance: Instance | None = None) -> list[RuleUnderCurve]:
    """Every rule under every curve, in the order of the curves and of the rules' places.

    Parameters
    ----------
    council
        Its own curves are put aside.
    instance
        What the council's tables make as they are, where that is known already.
    """
    results: list[RuleUnderCurve] = []
    for name, knots in CURVES.items():
        known = knots == STRAIGHT_LINE and council.tables.reckoner.response.is_straight
        made = instance if known and instance is not None else with_response(council, knots)
        results += _under(name, made)
    return results


def changed_places(results: Sequence[RuleUnderCurve]) -> dict[str, list[int]]:
    """For each rule whose place is not the same under every curve its places, curve by curve."""
    places: dict[str, list[int]] = {}
    for result in results:
        places.setdefault(result.rule, []).append(result.place)
    return {rule: found for rule, found in places.items() if len(set(found)) > 1}


def disturbed(instance: Instance) -> Robustness | None:
    """The tests of disturbed scores and shuffled costs, on an even part of the people.

    The part has the same share of the money as its full packages have of all full packages.
    None where the menus are too dear for any choice at all.
    """
    problem = Problem.of(instance)
    n = len(problem.users)
    if n > MOST_TESTED:
        rows = np.arange(MOST_TESTED, dtype=np.int64) * n // MOST_TESTED
        full = problem.menus.full_cost
        money = problem.allocable * exact_sum(full[rows]) // max(1, exact_sum(full))
        problem = problem.subset(rows).replace(allocable=money, budget=money)
    try:
        return robustness(problem, ERROR, DRAWS)
    except OptionError:
        return None


def _under(curve: str, instance: Instance) -> list[RuleUnderCurve]:
    problem = Problem.of(instance)
    need = problem.users.need
    found: list[tuple[float, str, int]] = []
    for name, rule in rules().items():
        asked = rule.usual or name in instance.scenario.rules
        if not asked or problem.packages not in rule.readings:
            continue
        options = bind(rule, instance.scenario.rules.get(name, {}), instance)
        outcome = run(rule, problem, options)
        if isinstance(outcome, Allocation):
            share = outcome.total_met_need / max(1, exact_sum(need))
            nothing = (outcome.cost == 0) & (outcome.met_need == 0)
            found.append((share, name, int(nothing.sum())))
    shares = sorted((share for share, _, _ in found), reverse=True)
    results = [
        RuleUnderCurve(name, curve, shares.index(share) + 1, share, nothing)
        for share, name, nothing in found
    ]
    return sorted(results, key=lambda result: (result.place, result.rule))
