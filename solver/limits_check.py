"""Results under limits checked again, in whole numbers and without a solver.

The constraints are worked out of the scenario afresh. What everyone has must keep all of them, and
the multipliers of the certificate must prove its bound by weak duality.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from metneed.models.allocation import WHOLE, Parts
from metneed.models.arrays import BoolArray
from metneed.models.certificate import OpeningBound
from metneed.models.problem import Problem
from metneed.models.words import counted
from metneed.solver.bound import bind_constraints, effects
from metneed.solver.breaches import billionths_of
from metneed.solver.constraint import Each, Effect
from metneed.solver.engines.kinds import kinds_of
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import bound_at
from metneed.solver.pooled_check import check_openings, check_pooled
from metneed.solver.reduction import Reduced, reduce
from metneed.solver.worth import worth

BY_SEARCH = "not by the multipliers: a search went below their bound, which repeating it shows"
"""What is said of a bound that only the search itself proves."""


@dataclass(frozen=True)
class Claim:
    """What a certificate claims.

    Parameters
    ----------
    value, upper_bound
        Smallest units of the objective.
    multipliers
        For each row the pair (p, q).
    openings
        The same over all choices of open services.
    record
        What the result says beside, of services that are open.
    """

    value: int
    upper_bound: int
    multipliers: Mapping[str, tuple[int, int]]
    openings: tuple[OpeningBound, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)


def check_limits(problem: Problem, parts: Parts, claim: Claim) -> tuple[list[str], list[str]]:
    """What holds, and what does not, of an allocation that was to keep all constraints.

    Parameters
    ----------
    problem
        The problem with its constraints.
    parts
        What everyone has; whole packages are parts of a thousand million billionths.
    claim
        What the certificate says.

    Returns
    -------
    tuple
        Sentences on what was checked, and sentences on what is wrong.
    """
    effect = effects(problem, bind_constraints(problem.constraints))
    reduced = reduce(problem, effect)
    services, wrong_services, cost = check_pooled(problem, effect, parts, claim.record)
    rows = [Row("budget", problem.menus.cost, problem.allocable - cost), *effect.rows]
    wrong = [*_people(problem, effect, parts), *_rows(rows, parts)]
    wrong += [*_pairs(problem, effect, parts), *wrong_services]
    found = worth(problem, effect, parts)
    if found is None and not wrong:
        wrong.append("households: parts are no mix of what their members may have together")
    if found is not None and found != claim.value:
        wrong.append(f"value: {claim.value} is said, {found} found")
    names = ", ".join(row.name for row in rows)
    if effect.pairs is not None:
        names += f", {counted(len(effect.pairs), 'pair')} of packages"
    checked = [] if wrong else [f"limits kept, by everyone and together: {names}", *services]
    if effect.first is not None:
        return [*checked, "what comes first is not proved here, only by repeating"], wrong
    if effect.pooled:
        proved, faults = _openings(problem, effect, reduced, claim)
    else:
        proved, faults = _bound(problem, reduced, claim)
    return [*checked, *proved], [*wrong, *faults]


def _people(problem: Problem, effect: Effect, parts: Parts) -> list[str]:
    """Users with what they may not have, or without what they must."""
    wrong = []
    held = np.zeros(len(problem.users), dtype=np.int64)
    np.add.at(held, parts.user, parts.share)
    due = np.zeros(len(held), dtype=np.bool_) if effect.due is None else effect.due
    if problem.choice == "exactly_one":
        due = due | (np.diff(problem.menus.offsets) > 0)
    if (without := due & (held < WHOLE)).any():
        wrong.append(f"{int(without.sum()):,} users have less than the package that is due")
    if effect.removed is not None and effect.removed[parts.package].any():
        wrong.append(f"{int(effect.removed[parts.package].sum()):,} packages are no choice")
    beyond = ((limit.name, int(_over(limit, parts).sum())) for limit in effect.each if limit.binds)
    return [*wrong, *(f"{name}: {users:,} users are beyond it" for name, users in beyond if users)]


def _over(limit: Each, parts: Parts) -> BoolArray:
    """For each user whether the mix passes the limit by more than rounding of shares may."""
    total = np.zeros(len(limit.limit), dtype=object)
    room = np.zeros(len(limit.limit), dtype=object)
    own = limit.base[parts.package].astype(object)
    np.add.at(total, parts.user, own * parts.share)
    np.add.at(room, parts.user, np.where(parts.share < WHOLE, abs(own) * 2, 0))
    over: BoolArray = limit.held & (total > limit.limit.astype(object) * WHOLE + room)
    return over.astype(np.bool_)


def _pairs(problem: Problem, effect: Effect, parts: Parts) -> list[str]:
    """Pairs of packages that are not kept."""
    if effect.pairs is None:
        return []
    broken = np.flatnonzero(effect.pairs.broken(parts, problem.menus.n_packages))
    return [f"{effect.pairs.titles[place]}: is not kept" for place in broken]


def _rows(rows: list[Row], parts: Parts) -> list[str]:
    """Rows that are passed by more than rounding of shares may."""
    wrong = []
    for row in rows:
        total, room = billionths_of(row, parts)
        if total > row.limit * WHOLE + room:
            wrong.append(f"{row.name}: {-(-total // WHOLE)} of {row.limit} smallest units")
    return wrong


def _openings(
    problem: Problem, effect: Effect, reduced: Reduced, claim: Claim
) -> tuple[list[str], list[str]]:
    """The bound over all choices of open services, against the one that is claimed."""
    if not claim.openings or claim.multipliers != claim.openings[0].multipliers:
        return [], ["openings: the first multipliers are not those of what is open"]
    shown, all_of_it, wrong = check_openings(
        problem, effect, reduced, claim.openings, claim.upper_bound
    )
    if claim.upper_bound < claim.value:
        wrong.append(f"upper_bound: {claim.upper_bound} is less than the value {claim.value}")
    return (shown if all_of_it or wrong else [*shown, BY_SEARCH]), wrong


def _bound(problem: Problem, reduced: Reduced, claim: Claim) -> tuple[list[str], list[str]]:
    """The bound that the multipliers prove, against the one that is claimed."""
    rows = [Row("budget", reduced.menus.cost, problem.allocable), *reduced.rows]
    if set(claim.multipliers) != {row.name for row in rows}:
        return [], ["multipliers: not one for each limit"]
    denominators = {q for _, q in claim.multipliers.values()}
    pairs = [claim.multipliers[row.name] for row in rows]
    if len(denominators) != 1 or min(denominators) < 1 or min(p for p, _ in pairs) < 0:
        return [], ["multipliers: they must be 0 or more, over one denominator"]
    # A row may count finer than what it was made from, where mixes are among the choices.
    finer = [divmod(p, per) for (p, _), per in zip(pairs, (1, *reduced.per), strict=True)]
    if any(rest for _, rest in finer):
        return [], ["multipliers: not those of the limits as they are counted"]
    kinds = kinds_of(reduced.menus, reduced.due, rows)
    shown = bound_at(kinds, tuple(p for p, _ in finer), denominators.pop(), kinds.value).value
    if shown <= claim.upper_bound:
        return [f"no allocation within the limits is worth more than {shown} smallest units"], []
    if problem.packages == "whole" and claim.upper_bound >= claim.value:
        return [BY_SEARCH], []
    return [], [f"upper_bound: {claim.upper_bound} is said, {shown} is shown"]
