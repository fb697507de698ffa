"""Infeasible: which named limits together cannot be met, and what budget would do."""

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from metneed.models.arrays import BoolArray
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines.kinds import kinds_of
from metneed.solver.engines.lagrangian import RowsOptimum, rows_optimum
from metneed.solver.engines.no_opening import no_opening
from metneed.solver.engines.part_packages import total_of_parts
from metneed.solver.engines.phase_one import RowsInfeasible, phase_one
from metneed.solver.engines.pool import Pool, row_of
from metneed.solver.engines.pooled import Pooled, best_opening
from metneed.solver.engines.rows import Row

FEWER = 3.0
"""Seconds in which one or two parts in conflict are looked for, where more are known to be."""


@dataclass(frozen=True, eq=False)
class Part:
    """A named part of what is asked for: what it adds can be left out again.

    Parameters
    ----------
    name
        What the part is called in answers; unique.
    rows
        Its limits on sums over everybody.
    removed
        For each package whether it may not be chosen; None where all may.
    due
        For each user whether nothing is no choice; None where it may be.
    pools
        Services that are open or closed as a whole; what they cost counts in the budget.
    paid
        What they take from the budget in any case.
    is_budget
        Whether the row of this part is the budget.
    """

    name: str
    rows: tuple[Row, ...] = ()
    removed: BoolArray | None = None
    due: BoolArray | None = None
    pools: tuple[Pool, ...] = ()
    paid: int = 0
    is_budget: bool = False


@dataclass(frozen=True)
class LeastBudget:
    """What the other limits cost at least.

    Parameters
    ----------
    at_least
        No smaller budget would do, part packages allowed: proved in integers.
    enough
        This budget would do with part packages, as the packages found show.
    """

    at_least: int
    enough: int


def irreducible(
    names: Sequence[str], cannot_be_met: Callable[[frozenset[str]], bool]
) -> tuple[str, ...]:
    """Names that together cannot be met while any of them left out leaves what can be.

    Parameters
    ----------
    names
        All of them together cannot be met; those to leave out first come first.
    cannot_be_met
        Whether so many together cannot be met.

    >>> irreducible(["a", "b", "c"], lambda names: {"b", "c"} <= names)
    ('b', 'c')
    """
    kept = list(names)
    for name in names:
        rest = frozenset(kept) - {name}
        if cannot_be_met(rest):
            kept.remove(name)
    return tuple(kept)


def smallest(
    names: Sequence[str],
    cannot_be_met: Callable[[frozenset[str]], bool],
    suspects: Sequence[str] = (),
    quickly: Callable[[frozenset[str]], bool] | None = None,
) -> tuple[str, ...]:
    """Names that together cannot be met: the fewest where one or two do, else irreducible.

    Parameters
    ----------
    names
        All of them together cannot be met; those to leave out first come first.
    cannot_be_met
        Whether so many together cannot be met.
    suspects
        Names known to be in conflict among themselves, as a start; default: all.
    quickly
        The same as `cannot_be_met` for the search for one or two, where it may find nothing.

    >>> small, large = {"a", "d"}, {"a", "b", "c"}
    >>> smallest(["d", "a", "b", "c"], lambda names: small <= names or large <= names)
    ('d', 'a')
    """
    kept_together: list[frozenset[str]] = []

    def fails(some: frozenset[str]) -> bool:
        failed = cannot_be_met(some)
        if not failed:
            kept_together.append(some)
        return failed

    found = irreducible(suspects or names, fails)
    quickly = quickly or fails
    # What stands in anything that can be kept can be kept.
    for size in range(1, min(len(found), 3)):
        for some in map(frozenset, itertools.combinations(names, size)):
            if not any(some <= kept for kept in kept_together) and quickly(some):
                return tuple(name for name in names if name in some)
    return found


def conflict(
    menus: Menus, parts: Sequence[Part], settings: Settings | None = None
) -> tuple[str, ...]:
    """Names of parts that together cannot be met, though all but any one of them can.

    Empty where no proof was found that all together cannot be met: then there may be an answer.
    Where one or two parts alone are in conflict they are the answer, if a few seconds show it;
    the budget counts as a part. Larger sets are irreducible, and need not be the smallest.

    Raises
    ------
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    """
    settings = settings or Settings()
    deadline = time.monotonic() + settings.time_limit
    by_name = {part.name: part for part in parts}

    def fails(names: frozenset[str]) -> RowsInfeasible | None:
        chosen = [part for part in parts if part.name in names]
        return _fails(menus, chosen, deadline)

    proof = fails(frozenset(by_name))
    if proof is None:
        return ()
    names, suspects = [part.name for part in parts], _suspects(parts, proof)
    if len(suspects) == len(parts) or not fails(frozenset(suspects)):
        suspects = names
    until: list[float] = []

    def quickly(some: frozenset[str]) -> bool:
        until.extend([] if until else [min(deadline, time.monotonic() + FEWER)])
        chosen = [part for part in parts if part.name in some]
        return time.monotonic() < until[0] and _fails(menus, chosen, until[0]) is not None

    return smallest(names, lambda some: fails(some) is not None, suspects, quickly)


def least_budget(  # noqa: PLR0913 - the problem in its parts, and how to run
    menus: Menus,
    due: BoolArray | None,
    others: Sequence[Row],
    settings: Settings | None = None,
    pools: Sequence[Pool] = (),
    *,
    measure: bool = True,
) -> LeastBudget | RowsInfeasible | None:
    """The least budget with which the other limits can be kept, part packages allowed.

    Parameters
    ----------
    menus, due
        The packages that are allowed, and for each user whether nothing is no choice.
    others
        All limits but the budget. Where they cannot be kept among themselves, no budget would do,
        and that is the answer.
    settings
        The time limit.
    pools
        Services that are open or closed as a whole; what they cost counts.
    measure
        Whether to say by how much the other limits are passed where they cannot be kept.

    Returns
    -------
    LeastBudget | RowsInfeasible | None
        None where neither packages that keep the limits were found nor a proof that there are none.

    Raises
    ------
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    """
    cheap = menus.replace(value=-menus.cost)
    if pools:
        paid = [replace(pool, cost=0, worth=-pool.cost) for pool in pools]
        with_pools = best_opening(cheap, due, others, paid, settings, divisible=True)
        if isinstance(with_pools, Pooled):
            return LeastBudget(-with_pools.upper_bound, -with_pools.answer.value)
        return with_pools if isinstance(with_pools, RowsInfeasible) else None
    found = rows_optimum(cheap, due, others, settings, measure=measure)
    if isinstance(found, RowsInfeasible):
        return found
    return _least(menus, found)


def _least(menus: Menus, found: RowsOptimum) -> LeastBudget | None:
    if any(found.excess):
        return None  # packages that pass a limit do not show that their cost would do
    cost = total_of_parts(Row("cost", menus.cost, 0), found.parts)
    # Of costs, negated, the greatest whole number is what the bound rounds down to.
    return LeastBudget(at_least=-found.bound.value, enough=cost)


def _fails(menus: Menus, parts: Sequence[Part], deadline: float) -> RowsInfeasible | None:
    """What proves that parts cannot be met together; None where nothing does."""
    allowed = np.ones(menus.n_packages, dtype=np.bool_)
    due = np.zeros(menus.n_users, dtype=np.bool_)
    for part in parts:
        if part.removed is not None:
            allowed &= ~part.removed
        if part.due is not None:
            due |= part.due
    # Whoever may have nothing and no package is left out of the menus, and needs no limit.
    counts = np.bincount(menus.user[allowed], minlength=menus.n_users)
    blocked = np.flatnonzero(due & (counts == 0))
    if len(blocked):
        return RowsInfeasible(None, (), blocked)
    rows = [row for part in parts for row in part.rows]
    pools = [pool for part in parts for pool in part.pools]
    if menus.n_users == 0 or not (rows or pools):
        return None
    if not (pools or due.any()) and all(row.limit >= 0 for row in rows):
        return None  # nothing for anybody keeps such limits
    kept = np.flatnonzero(allowed)
    left = Menus.of(np.concatenate([[0], np.cumsum(counts)]), menus.cost[kept], menus.value[kept])
    narrowed = [row_of(row, kept) for row in rows]
    if pools:
        pools = [pool.subset(kept) for pool in pools]
        if parts[0].is_budget:
            paid = sum(part.paid for part in parts)
            narrowed[0] = replace(narrowed[0], limit=narrowed[0].limit - paid)
        else:
            pools = [replace(pool, cost=0) for pool in pools]
        shown = no_opening(left, due, narrowed, pools, deadline)
        return RowsInfeasible(None, (), np.zeros(0, dtype=np.int64)) if shown else None
    return phase_one(kinds_of(left, due, narrowed), deadline, measure=False)


def _suspects(parts: Sequence[Part], proof: RowsInfeasible) -> list[str]:
    """Names of parts whose rows have a price in the proof, and of those without any row."""
    if proof.certificate is None:
        return [part.name for part in parts if not part.rows or part.due is not None]
    suspects, first = [], 0
    for part in parts:
        last = first + len(part.rows)
        if not part.rows or any(price > 0 for price in proof.certificate.multipliers[first:last]):
            suspects.append(part.name)
        first = last
    return suspects
