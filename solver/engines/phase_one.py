"""Phase one: whether the limits can be kept at all, with a proof where they cannot.

Everything is worth nothing, and each row may be passed at the same price for its size. Prices at
which everybody's use costs more than the limits are worth show that no choice keeps the limits.
"""

import time
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from metneed.models.arrays import FloatArray, IntArray
from metneed.solver.engines.core_program import CoreAnswer, TooLateError, finish
from metneed.solver.engines.dual import Dual, dual_of
from metneed.solver.engines.kinds import Kinds
from metneed.solver.engines.newton import Enough, Prices, newton
from metneed.solver.engines.weak_duality import Bound, bound_from

EARLY = 1e-6
"""A bound so far below 0, in what a user uses, needs no search for a lower one."""

NARROWER = 1e-5
"""Part of its size by which each limit is drawn in where choices that keep it are sought."""

AGREED = 1e-6
"""Part of what is missing by which the solver's figure and what prices show may differ."""


@dataclass(frozen=True, eq=False)
class RowsInfeasible:
    """No packages keep the limits, part packages included.

    Parameters
    ----------
    certificate
        Prices at which everybody's use must cost more than the limits are worth: the bound with
        all values 0 is below 0. None where users are blocked.
    excess
        By how much each row is passed where all together are passed by as little as can be, each
        for its size; rounded up. Empty where that was not asked for, or nothing shows that it is
        as little as can be.
    blocked
        Users who must have a package and have none on the menu.
    """

    certificate: Bound | None
    excess: tuple[int, ...]
    blocked: IntArray


def phase_one(kinds: Kinds, deadline: float, *, measure: bool = True) -> RowsInfeasible | None:
    """What shows that the limits cannot be kept; None where nothing does.

    Parameters
    ----------
    kinds
        The problem, with at least one kind.
    deadline
        Of the clock `time.monotonic`.
    measure
        Whether to say also by how much each row is passed at least.

    Raises
    ------
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    """
    zero = np.zeros_like(kinds.value)
    users = float(kinds.count.sum())
    # One of a limit costs as much as there are users: a package then costs about 1.
    dual = dual_of(kinds, zero, ceiling=users)
    found = _first(dual, deadline)
    if found.kept:
        return None
    if found.bound >= -EARLY * users and time.monotonic() < deadline:
        found = newton(dual, Enough(deadline, floor=-EARLY * users))
    certificate = bound_from(kinds, found.prices / dual.scale, zero)
    excess: tuple[int, ...] = ()
    shown = certificate.total < 0
    if measure or not shown:
        with suppress(TooLateError):
            answer = _finished(dual, found.prices, deadline, shown=shown)
            short = np.ceil(answer.missing * dual.scale - 1e-6).astype(np.int64).tolist()
            if _is_least(dual, answer):
                excess = tuple(int(amount) for amount in short)
            other = bound_from(kinds, answer.prices / dual.scale, zero)
            certificate = min(certificate, other, key=lambda bound: bound.exactly)
    if certificate.total >= 0:
        return None
    return RowsInfeasible(certificate, excess if measure else (), np.zeros(0, dtype=np.int64))


def _finished(dual: Dual, prices: FloatArray, deadline: float, *, shown: bool) -> CoreAnswer:
    """What is missing at least, and prices that show it."""
    if shown:
        # Prices that show enough are far from those at which least is missing.
        prices = newton(dual, Enough(deadline)).prices
    if time.monotonic() > deadline:
        raise TooLateError
    return finish(dual, prices, deadline, first_by=deadline)[1]


def _first(dual: Dual, deadline: float) -> Prices:
    """Whether limits drawn in a little can be kept nearly, and so the limits; or prices."""
    users = float(dual.count.sum())
    narrow = replace(dual, limits=dual.limits - NARROWER)
    floor = -(EARLY + NARROWER * dual.n_rows) * users
    found = newton(narrow, Enough(deadline, floor, kept=NARROWER))
    return replace(found, bound=dual.at(found.prices))


def _is_least(dual: Dual, answer: CoreAnswer) -> bool:
    """Whether prices show that no less can be missing than what a solver says is missing."""
    told = float((answer.missing * dual.ceiling).sum())
    shown = -dual.at(np.minimum(answer.prices, dual.ceiling))
    return abs(told - shown) <= AGREED * max(1.0, told)
