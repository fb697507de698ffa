"""Several limits: the linear programme solved by prices of the limits, and proved by them.

Identical users are merged; Newton's method on the smoothed dual finds the prices; a small linear
programme of the undecided users is the exact finish; and the bound is taken again in integers.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.models.allocation import Parts
from metneed.models.arrays import BoolArray, FloatArray, frozen
from metneed.models.certificate import Stopped
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines.core_program import Core, CoreAnswer, finish
from metneed.solver.engines.cutting_planes import cutting_planes
from metneed.solver.engines.dual import Dual, dot, dual_of
from metneed.solver.engines.kinds import Kinds, kinds_of
from metneed.solver.engines.newton import Enough, newton
from metneed.solver.engines.part_packages import part_packages
from metneed.solver.engines.phase_one import RowsInfeasible, phase_one
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import Bound, bound_from

LARGE_CORE = 2_000
"""Undecided kinds from which on better prices are worth a search by cutting planes."""


@dataclass(frozen=True, eq=False)
class RowsOptimum:
    """The optimum of the linear programme with rows.

    Parameters
    ----------
    parts
        What each user gets: whole packages, and parts for no more users than there are rows.
    value
        What the parts are worth, each user's value rounded down.
    bound
        The bound proved in integers, with the multiplier of each row in the order given.
    excess
        How far rounding to billionths passes each row: 0, unless rows leave no room at all.
    kinds
        How many kinds of users there were after merging.
    stopped
        ``finished``, or ``time limit`` where the value may still be below the optimum.
    """

    parts: Parts
    value: int
    bound: Bound
    excess: tuple[int, ...]
    kinds: int
    stopped: Stopped

    @property
    def gap(self) -> int:
        """How far the value may be from the optimum, rounded down."""
        return self.bound.value - self.value


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The linear programme solved in floats, with its bound in integers: what engines build on."""

    kinds: Kinds
    core: Core
    answer: CoreAnswer
    bound: Bound
    stopped: Stopped

    @property
    def prices(self) -> FloatArray:
        """Of one smallest unit of each row, in smallest units of value."""
        dual: Dual = self.core.dual
        prices: FloatArray = self.answer.prices * dual.unit / dual.scale
        return prices


def rows_optimum(
    menus: Menus,
    due: BoolArray | None,
    rows: Sequence[Row],
    settings: Settings | None = None,
    *,
    measure: bool = True,
) -> RowsOptimum | RowsInfeasible:
    """The packages of greatest value that keep every row, parts of packages allowed.

    Parameters
    ----------
    menus
        The packages that are allowed.
    due
        For each user whether nothing is no choice; None where everybody may have nothing.
    rows
        The limits, the budget among them; multipliers come in the same order.
    settings
        The time limit; the search goes on to its first answer in any case.
    measure
        Whether to say also by how much each row is passed at least where they cannot be kept.

    Raises
    ------
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    """
    settings = settings or Settings()
    deadline = time.monotonic() + settings.time_limit
    relaxed = relax(menus, due, rows, deadline, measure=measure)
    if isinstance(relaxed, RowsInfeasible):
        return relaxed
    if relaxed is None:
        nobody = frozen(np.zeros(0, dtype=np.int64))
        return RowsOptimum(
            Parts(nobody, nobody, nobody), 0, Bound((0,) * len(rows), 1, 0), (), 0, "finished"
        )
    found = part_packages(menus, relaxed.kinds, relaxed.core, relaxed.answer, deadline)
    return RowsOptimum(
        found.parts,
        found.value,
        relaxed.bound,
        found.excess,
        relaxed.kinds.n_kinds,
        relaxed.stopped,
    )


def relax(
    menus: Menus,
    due: BoolArray | None,
    rows: Sequence[Row],
    deadline: float,
    *,
    measure: bool = True,
) -> Relaxed | RowsInfeasible | None:
    """The linear programme solved, or shown to have no solution; None without any user.

    Raises
    ------
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    """
    needed = np.zeros(menus.n_users, dtype=np.bool_) if due is None else due
    blocked = np.flatnonzero(needed & (np.diff(menus.offsets) == 0))
    if len(blocked):
        return RowsInfeasible(None, (), blocked)
    if menus.n_users == 0:
        return None
    kinds = kinds_of(menus, needed, rows)
    dual = dual_of(kinds)
    found = newton(dual, Enough(deadline, _least_worth(dual)))
    if found.bound < _least_worth(dual):
        proof = phase_one(kinds, deadline, measure=measure)
        if proof is not None:
            return proof
    core, answer = _finished(dual, found.prices, deadline)
    if answer.missing.any():
        proof = phase_one(kinds, deadline, measure=measure)
        if proof is not None:
            return proof
    agreed = answer.bound - answer.value <= 1e-9 * max(1.0, abs(answer.value))
    prices = [answer.prices, *([] if agreed else [found.prices])]
    bounds = [bound_from(kinds, each * dual.unit / dual.scale) for each in prices]
    bound = min(bounds, key=lambda each: each.exactly)
    # With something missing there may be packages that keep all limits, and none were found.
    late = answer.missing.any() and time.monotonic() > deadline
    stopped: Stopped = "time limit" if late or not agreed else "finished"
    return Relaxed(kinds, core, answer, bound, stopped)


def _finished(dual: Dual, prices: FloatArray, deadline: float) -> tuple[Core, CoreAnswer]:
    if Core(dual, prices).size > max(LARGE_CORE, 40 * dual.n_rows):
        prices = cutting_planes(dual, prices, deadline).prices
    return finish(dual, prices, deadline)


def _least_worth(dual: Dual) -> float:
    """No choice is worth less, so that a bound below it shows that there is none."""
    least = dot(dual.count, np.minimum.reduceat(dual.value, dual.starts))
    return least - 1e-9 * (1 + abs(least))
