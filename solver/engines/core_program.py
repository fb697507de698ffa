"""The core programme: the exact finish of the linear programme, among users who are undecided.

At good prices nearly everybody's choice is clear. The others are a small linear programme of their
own; its prices show whether anybody outside has changed their mind, and then they join.
"""

import time
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, FloatArray, IntArray
from metneed.models.errors import SolverError
from metneed.solver.engines.array_lp import ArrayAnswer, ArrayProgram, solve_arrays
from metneed.solver.engines.dual import Dual, dot, first_of, sums

FEWEST = 200
A_ROW = 20
"""Kinds in the first core: so many, or so many for each row."""

WIDER = (3, 9, 27)
"""Times as many kinds where the first core cannot keep the limits."""

JOINING = 1_000
"""Most kinds, about, that join at once."""

ROUNDS = 60
NEAR = 1e-11
"""The programme is solved where its value and the bound agree to this part of either."""

PENALTY = 1e3
"""What one more of a limit costs at first, in values of a package for what a package uses."""

DEARER = 1e3
MISSING = 1e-9
"""What is missing from a limit, in what a package uses, from which on it counts as missing."""


@dataclass(frozen=True, eq=False)
class CoreAnswer:
    """The optimum of the linear programme, as floats have it.

    Parameters
    ----------
    options, users
        Options of undecided kinds that are given, and to how many users, in parts.
    decided
        For each kind its option, -1 for the undecided.
    prices
        Of the rows, in the units of the dual.
    missing
        What is missing from each limit, in the units of the dual: 0 where all can be kept.
    value, bound
        Of the programme and of the dual at the prices.
    """

    options: IntArray
    users: FloatArray
    decided: IntArray
    prices: FloatArray
    missing: FloatArray
    value: float
    bound: float


class TooLateError(Exception):
    """The time was over before the first answer."""


class Core:
    """The undecided kinds and those of their options that are near the best."""

    def __init__(self, dual: Dual, prices: FloatArray, times: int = 1) -> None:
        self.dual = dual
        self.sizes = np.diff(dual.offsets)
        self.owner = np.repeat(np.arange(len(dual.count)), self.sizes)
        surplus = dual.surplus(prices)
        top = np.maximum.reduceat(surplus, dual.starts)
        self.best = first_of(surplus == np.repeat(top, self.sizes), dual.starts)
        loss = np.repeat(top, self.sizes) - surplus
        loss[self.best] = np.inf
        margin = np.minimum.reduceat(loss, dual.starts)
        wanted = times * max(FEWEST, A_ROW * dual.n_rows)
        last = min(wanted, len(margin)) - 1
        self.reach = float(np.partition(margin, last)[last]) if last >= 0 else 0.0
        if not np.isfinite(self.reach):
            self.reach = float(margin[np.isfinite(margin)].max(initial=0))
        self.undecided: BoolArray = margin <= self.reach
        loss[self.best] = 0
        self.inside = self.undecided[self.owner] & (loss <= 2 * self.reach)
        use = np.abs(dual.amounts[self.inside])
        unit = use.sum(axis=0) / np.maximum((use > 0).sum(axis=0), 1)
        usual = np.abs(dual.amounts).max(axis=0, initial=0)
        # Each row is counted in what a package uses, so that one tolerance suits them all.
        self.unit = np.where(unit > 0, unit, np.where(usual > 0, usual, 1.0))
        # Where a price has a ceiling, missing it costs just that; else it starts low.
        self.penalty = np.where(
            np.isfinite(dual.ceiling),
            dual.ceiling * self.unit,
            np.maximum(PENALTY, 10 * prices * self.unit),
        )

    @property
    def size(self) -> int:
        """How many kinds are undecided."""
        return int(self.undecided.sum())

    def solve(self, limits: FloatArray, deadline: float = np.inf) -> CoreAnswer | None:
        """The optimum with everybody outside at the best option, and prices that follow from it.

        None where the deadline, of the clock `time.monotonic`, comes first.
        """
        dual, fixed = self.dual, ~self.undecided
        decided = np.where(fixed, self.best, -1)
        taken = self.best[fixed]
        used = sums(dual.count[fixed], dual.amounts[taken])
        options = np.flatnonzero(self.inside)
        kinds = np.flatnonzero(self.undecided)
        found = self._ask(options, kinds, limits - used, deadline)
        if found is None:
            return None
        n, r = len(options), dual.n_rows
        prices = np.clip(found.prices[:r] / self.unit, 0, None)
        missing = found.values[n:]
        # Added up here: what a solver says of its own answer is no evidence.
        inside = dot(found.values[:n], dual.value[options]) - dot(missing, self.penalty)
        return CoreAnswer(
            options=options,
            users=found.values[:n],
            decided=decided,
            prices=prices,
            missing=np.where(missing > MISSING, missing, 0) * self.unit,
            value=dot(dual.count[fixed], dual.value[taken]) + inside,
            bound=dual.at(prices),
        )

    def _ask(
        self, options: IntArray, kinds: IntArray, limits: FloatArray, deadline: float
    ) -> ArrayAnswer | None:
        dual, r, n = self.dual, self.dual.n_rows, len(options)
        # What is missing from a limit has its price; so there is always an answer.
        shared = np.hstack([(dual.amounts[options] / self.unit).T, -np.eye(r)])
        row, column = np.nonzero(shared)
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=r))])
        sizes = np.bincount(np.searchsorted(kinds, self.owner[options]), minlength=len(kinds))
        count = dual.count[kinds]
        found = solve_arrays(
            ArrayProgram(
                objective=np.concatenate([dual.value[options], -self.penalty]),
                lower=np.zeros(n + r),
                upper=np.full(n + r, np.inf),
                row_lower=np.concatenate([np.full(r, -np.inf), count]),
                row_upper=np.concatenate([limits / self.unit, count]),
                starts=np.concatenate([starts, starts[-1] + np.cumsum(sizes)]),
                columns=np.concatenate([column, np.arange(n)]),
                factors=np.concatenate([shared[row, column], np.ones(n)]),
            ),
            deadline - time.monotonic(),
        )
        if found is None and time.monotonic() >= deadline:
            return None
        if found is None or not (
            np.isfinite(found.values).all() and np.isfinite(found.prices).all()
        ):
            raise SolverError("HiGHS has no answer to a small linear programme that has one")
        return found

    def widen(self, prices: FloatArray) -> bool:
        """Let in what is better at prices than what is inside; whether anything is."""
        surplus = self.dual.surplus(prices)
        known = self.inside.copy()
        known[self.best[~self.undecided]] = True
        top = np.maximum.reduceat(np.where(known, surplus, -np.inf), self.dual.starts)
        slack = 1e-12 * (1 + np.abs(top))
        better = surplus > np.repeat(top + slack, self.sizes)
        if not better.any():
            return False
        gain = np.maximum.reduceat(np.where(better, surplus, -np.inf), self.dual.starts) - top
        gain[self.undecided] = -np.inf
        joining = gain > 0
        if joining.sum() > JOINING:
            # Prices may be far off for now: those who would gain most come first.
            joining = gain >= np.partition(gain, -JOINING)[-JOINING]
        self.undecided |= joining
        near = surplus >= np.repeat(top, self.sizes) - 2 * self.reach
        self.inside |= (
            better & self.undecided[self.owner]
            | known & self.undecided[self.owner]
            | near & joining[self.owner]
        )
        return True


def finish(
    dual: Dual, prices: FloatArray, deadline: float, first_by: float = np.inf
) -> tuple[Core, CoreAnswer]:
    """The optimum from good prices on: undecided kinds join until nobody is left who would.

    What was found till the deadline; the first answer has until `first_by`.

    Raises
    ------
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    TooLateError
        Where there was no answer by then.
    """
    core = Core(dual, prices)
    answer = core.solve(dual.limits, first_by)
    if answer is None:
        raise TooLateError
    # Where what is missing has its own price, that something is missing is no sign of anything.
    for times in () if np.isfinite(dual.ceiling).all() else WIDER:
        if not answer.missing.any() or core.size == len(dual.count):
            break
        # Too few may be undecided to keep the limits: their prices would lead astray.
        wider = Core(dual, prices, times)
        found = wider.solve(dual.limits, deadline)
        if found is None:
            return core, answer
        core, answer = wider, found
    for _ in range(ROUNDS):
        agreed = answer.bound - answer.value <= NEAR * max(1.0, abs(answer.value))
        if time.monotonic() > deadline:
            break
        if agreed or not core.widen(answer.prices):
            dearer = np.minimum(core.penalty * DEARER, dual.ceiling * core.unit)
            # A penalty that is paid may only have been too low.
            if not answer.missing.any() or (dearer == core.penalty).all() or dearer.max() > 1e12:
                break
            core.penalty = dearer
        found = core.solve(dual.limits, deadline)
        if found is None:
            break
        answer = found
    return core, answer
