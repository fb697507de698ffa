"""Pooled services in a result checked again: who uses them, what they cost, and the bound."""

from collections.abc import Mapping
from typing import Any

from metneed.models.allocation import Parts
from metneed.models.certificate import OpeningBound
from metneed.models.errors import BrokenAllocationError, NumbersTooLargeError
from metneed.models.pooled import PooledServices
from metneed.models.problem import Problem
from metneed.solver.constraint import Effect
from metneed.solver.engines.all_openings import bound_over_openings
from metneed.solver.engines.gains import MOST_BITS
from metneed.solver.engines.rows import Row
from metneed.solver.pooled_proof import prices_said
from metneed.solver.reduction import Reduced


def check_pooled(
    problem: Problem, effect: Effect, parts: Parts, said: Mapping[str, Any]
) -> tuple[list[str], list[str], int]:
    """What holds of the services that are open, what does not, and what they cost.

    Parameters
    ----------
    problem, effect
        The problem and what its constraints do.
    parts
        What everyone has.
    said
        The record of the result.
    """
    services = [item.service for item in effect.pooled]
    if not services:
        extra = [key for key in ("fixed_costs", "pooled_services") if key in said]
        return [], [f"{key}: no limit of the scenario is about services" for key in extra], 0
    became = PooledServices.of(problem, services, parts.package, parts.share)
    wrong = []
    for key, found in became.record(problem).items():
        if said.get(key) != found:
            wrong.append(f"{key}: {said.get(key)!r:.80} is said, {found!r:.80} found")
    try:
        became.check(problem, parts.package, parts.share)
    except BrokenAllocationError as error:
        wrong.append(str(error))
    open_now = int(became.is_open.sum())
    money = problem.units.show_money(became.cost)
    checked = f"{open_now} of {len(services)} services open, with their members; they cost {money}"
    return [] if wrong else [checked], wrong, became.cost


def check_openings(
    problem: Problem,
    effect: Effect,
    reduced: Reduced,
    openings: tuple[OpeningBound, ...],
    claimed: int,
) -> tuple[list[str], bool, list[str]]:
    """The bound that the multipliers prove over all openings, against the one that is claimed.

    Returns
    -------
    tuple
        What is shown, whether that is all that is claimed, and what is wrong.
    """
    budget = Row("budget", reduced.menus.cost, problem.allocable - effect.paid_anyway)
    rows = [budget, *reduced.rows]
    names = [*(row.name for row in rows), *(pool.members.name for pool in reduced.pools)]
    per = [1, *reduced.per, *reduced.pool_per]
    try:
        prices = prices_said(openings, names, per)
        shown, above = bound_over_openings(
            reduced.menus, reduced.due, rows, reduced.pools, prices, claimed
        )
    except (ValueError, NumbersTooLargeError) as error:
        return [], False, [str(error)]
    count = len(reduced.pools)
    number = f"{2**count:,}" if count <= MOST_BITS else f"2^{count}"
    words = (
        f"whichever of the {number} choices of open services is taken, no allocation within the "
        f"limits is worth more than {shown} smallest units"
    )
    if shown <= claimed:
        return [words], True, []
    if problem.packages == "divisible" and count <= MOST_BITS:
        return [], False, [f"upper_bound: {claimed} is said, {shown} is shown"]
    few = f"of all but {above:,} of these choices no more than the {claimed} that is claimed"
    return [f"{words}, and {few}"], False, []
