"""The Lagrangian dual: what everybody would choose if the limits were prices.

At any prices the sum of what the limits are worth and of everybody's best surplus is no less than
any choice that keeps the limits can be worth. The least such sum is the linear programme's value.
Floats: they find prices, and prove nothing.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from metneed.models.arrays import BoolArray, FloatArray, IntArray
from metneed.solver.engines.kinds import Kinds

CERTAIN = 1e-7
"""A user whose best option has all but this of the weight adds nothing to the curvature."""


@dataclass(frozen=True, eq=False)
class Dual:
    """A problem in floats of about 1: values by their mean, each row by its limit or its size.

    Parameters
    ----------
    offsets, count
        Options of each kind, and users of each.
    value
        Of each option.
    amounts
        A row for each option, a column for each limit.
    limits
        What the columns may come to.
    unit, scale
        What one of `value` and one of each column stand for.
    ceiling
        The greatest price of each row: what one more of it may be had for, if not prevented.
    """

    offsets: IntArray
    count: FloatArray
    value: FloatArray
    amounts: FloatArray
    limits: FloatArray
    unit: float
    scale: FloatArray
    ceiling: FloatArray

    @property
    def n_rows(self) -> int:
        """How many limits there are."""
        return len(self.limits)

    @property
    def starts(self) -> IntArray:
        """The first option of each kind."""
        return self.offsets[:-1]

    def surplus(self, prices: FloatArray) -> FloatArray:
        """What each option is worth beyond what it uses at prices."""
        reduced: FloatArray = self.value.copy()
        for k in np.flatnonzero(prices).tolist():
            reduced -= self.amounts[:, k] * prices[k]
        return reduced

    def at(self, prices: FloatArray) -> float:
        """The bound that prices give."""
        best = np.maximum.reduceat(self.surplus(prices), self.starts)
        return float(self.limits @ prices) + dot(self.count, best)

    def gradient(self, prices: FloatArray) -> tuple[float, FloatArray]:
        """The bound at prices, and what is left of each limit if everybody takes the best."""
        surplus = self.surplus(prices)
        best = np.maximum.reduceat(surplus, self.starts)
        take = first_of(surplus == np.repeat(best, np.diff(self.offsets)), self.starts)
        left = self.limits - sums(self.count, self.amounts[take])
        return float(self.limits @ prices) + dot(self.count, best), left

    def part(self, kinds: IntArray) -> "Dual":
        """The problem of some kinds with their part of the limits."""
        sizes = np.diff(self.offsets)[kinds]
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        rows = np.repeat(self.starts[kinds] - offsets[:-1], sizes) + np.arange(offsets[-1])
        share = float(self.count[kinds].sum() / self.count.sum())
        return Dual(
            offsets,
            self.count[kinds],
            self.value[rows],
            np.asfortranarray(self.amounts[rows]),
            self.limits * share,
            self.unit,
            self.scale,
            self.ceiling,
        )


@dataclass(frozen=True, eq=False)
class Smooth:
    """The dual at prices with every greatest surplus replaced by a smooth one, just above it."""

    dual: Dual
    mu: float
    weight: FloatArray
    open_kinds: BoolArray
    value: float
    sharp: float
    slope: FloatArray

    @cached_property
    def curvature(self) -> FloatArray:
        """How the slope changes; it takes longer than all else, and trials do not need it."""
        return _curvature(self.dual, self.weight, self.open_kinds) / self.mu


def smooth(dual: Dual, prices: FloatArray, mu: float) -> Smooth:
    """Value, slope and curvature of the smoothed dual: mu times log of the sum of exponentials."""
    sizes = np.diff(dual.offsets)
    surplus = dual.surplus(prices)
    best = np.maximum.reduceat(surplus, dual.starts)
    surplus -= np.repeat(best, sizes)
    surplus /= mu
    weight = np.exp(surplus, out=surplus)
    total = np.add.reduceat(weight, dual.starts)
    # The best option alone weighs 1, so that what the others add says how sure the choice is.
    open_kinds = total > 1 + CERTAIN
    weight *= np.repeat(dual.count / total, sizes)
    left = dual.limits - sums(weight, dual.amounts)
    price = float(dual.limits @ prices)
    return Smooth(
        dual=dual,
        mu=mu,
        weight=weight,
        open_kinds=open_kinds,
        value=price + dot(dual.count, best + mu * np.log(total)),
        sharp=price + dot(dual.count, best),
        slope=left,
    )


def _curvature(dual: Dual, weight: FloatArray, open_kinds: BoolArray) -> FloatArray:
    """The sum over undecided kinds of the covariance of their amounts."""
    sizes = np.diff(dual.offsets)[open_kinds]
    rows = np.flatnonzero(np.repeat(open_kinds, np.diff(dual.offsets)))
    if not len(rows):
        return np.zeros((dual.n_rows, dual.n_rows))
    weight, amounts = weight[rows], dual.amounts[rows]
    weighted = amounts * weight[:, None]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    mean = np.add.reduceat(weighted, starts, axis=0) / dual.count[open_kinds][:, None]
    return _products(weighted, amounts) - _products(mean * dual.count[open_kinds][:, None], mean)


def dot(left: FloatArray, right: FloatArray) -> float:
    """The sum of products, by NumPy alone.

    A matrix library would spread it over all processors, which takes longer here when they are
    busy, and adds up in another order for another number of them.
    """
    return float(np.einsum("i,i->", left, right))


def sums(weight: FloatArray, table: FloatArray) -> FloatArray:
    """The weighted sum of each column."""
    return np.array([dot(weight, table[:, k]) for k in range(table.shape[1])])


def _products(left: FloatArray, right: FloatArray) -> FloatArray:
    """For each two columns their sum of products, where the one table is the other, weighted."""
    left, right = np.asfortranarray(left), np.asfortranarray(right)
    columns = left.shape[1]
    table = np.zeros((columns, columns))
    for k in range(columns):
        # Either of two columns with the other comes to the same.
        table[k, k:] = table[k:, k] = sums(left[:, k], right[:, k:])
    return table


def first_of(true: BoolArray, starts: IntArray) -> IntArray:
    """The first true place from each start on; every start has one before the next."""
    places = np.flatnonzero(true)
    first: IntArray = places[np.searchsorted(places, starts)]
    return first


def dual_of(kinds: Kinds, value: IntArray | None = None, ceiling: float = np.inf) -> Dual:
    """The dual of a problem, or of the same options with other values."""
    worth = (kinds.value if value is None else value).astype(np.float64)
    count = kinds.count.astype(np.float64)
    unit = float(np.abs(worth).mean()) if len(worth) else 1.0
    amounts = kinds.amounts
    limits = np.array([float(row.limit) for row in kinds.rows])
    sizes = np.diff(kinds.offsets)
    size = sums(np.repeat(count / sizes, sizes), np.abs(amounts))
    # A limit far below what could be used would make the prices of all other rows look like 0.
    scale = np.maximum(np.abs(limits), size / 100)
    scale[scale == 0] = 1
    return Dual(
        kinds.offsets,
        count,
        worth / (unit or 1.0),
        np.asfortranarray(amounts / scale),
        limits / scale,
        unit or 1.0,
        scale,
        np.full(len(limits), ceiling),
    )
