"""Infeasible: which named limits together cannot be met, and what budget would do."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines.kinds import kinds_of
from metneed.solver.engines.lagrangian import RowsOptimum, rows_optimum
from metneed.solver.engines.part_packages import total_of_parts
from metneed.solver.engines.phase_one import RowsInfeasible, phase_one
from metneed.solver.engines.rows import Row


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
    """

    name: str
    rows: tuple[Row, ...] = ()
    removed: BoolArray | None = None
    due: BoolArray | None = None


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


def conflict(
    menus: Menus, parts: Sequence[Part], settings: Settings | None = None
) -> tuple[str, ...]:
    """Names of parts that together cannot be met, though all but any one of them can.

    Empty where no proof was found that all together cannot be met: then there may be an answer.
    The set is irreducible, and need not be the smallest.

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
    suspects = _suspects(parts, proof)
    if len(suspects) < len(parts) and fails(frozenset(suspects)):
        names = suspects
    else:
        names = [part.name for part in parts]
    return irreducible(names, lambda some: fails(some) is not None)


def least_budget(
    menus: Menus,
    due: BoolArray | None,
    others: Sequence[Row],
    settings: Settings | None = None,
) -> LeastBudget | RowsInfeasible:
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

    Raises
    ------
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    """
    cheap = menus.replace(value=-menus.cost)
    found = rows_optimum(cheap, due, others, settings)
    if isinstance(found, RowsInfeasible):
        return found
    return _least(menus, found)


def _least(menus: Menus, found: RowsOptimum) -> LeastBudget:
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
    if menus.n_users == 0 or not rows:
        return None
    kept = np.flatnonzero(allowed)
    left = Menus.of(np.concatenate([[0], np.cumsum(counts)]), menus.cost[kept], menus.value[kept])
    narrowed = [
        Row(
            row.name,
            np.ascontiguousarray(row.base[kept]),
            row.limit,
            None if row.klass is None else np.ascontiguousarray(row.klass[kept]),
            row.weights,
        )
        for row in rows
    ]
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
