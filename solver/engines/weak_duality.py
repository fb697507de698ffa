"""The bound in integers: what prices prove, whatever found them.

For any prices of 0 or more, nothing that keeps the limits is worth more than the limits at these
prices and everybody's greatest surplus together. Nothing else need be believed.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from metneed.models.arrays import FloatArray, IntArray, picked
from metneed.models.sums import exact_sum
from metneed.solver.engines.kinds import Kinds

BITS = 24
"""Prices are whole multiples of 2^-24, or finer where one of them is very small."""

FINE = 18
"""Bits that every price above 0 has at least."""

FINEST = 100
ROOM = 2**61
NOTHING = 1e-13
"""A price that makes less than this part of the largest one's difference counts as 0."""


@dataclass(frozen=True)
class Bound:
    """An upper bound, and the prices it follows from.

    Parameters
    ----------
    multipliers
        For each row p: one more of its limit is worth p / `denominator`.
    denominator
        A power of two.
    total
        The bound times the denominator.
    """

    multipliers: tuple[int, ...]
    denominator: int
    total: int

    @property
    def value(self) -> int:
        """Nothing whole is worth more: the bound, rounded down."""
        return self.total // self.denominator

    @property
    def exactly(self) -> Fraction:
        """The bound, not rounded."""
        return Fraction(self.total, self.denominator)


def bound_from(kinds: Kinds, prices: FloatArray, value: IntArray | None = None) -> Bound:
    """The bound that prices give, in integers.

    Parameters
    ----------
    kinds
        The problem.
    prices
        Of one smallest unit of each row; what is below 0 counts as 0.
    value
        Other values of the options; zeros show whether the limits can be kept at all.
    """
    worth = kinds.value if value is None else value
    multipliers, bits = _whole(kinds, prices)
    return bound_at(kinds, multipliers, 2**bits, worth)


def bound_at(
    kinds: Kinds, multipliers: tuple[int, ...], denominator: int, value: IntArray
) -> Bound:
    """The bound that whole multipliers over a denominator give."""
    surplus = surplus_at(kinds, multipliers, denominator, value)
    best = np.maximum.reduceat(surplus, kinds.offsets[:-1]) if kinds.n_kinds else surplus
    limits = (row.limit for row in kinds.rows)
    total = sum(p * limit for p, limit in zip(multipliers, limits, strict=True))
    return Bound(multipliers, denominator, total + _weighted_sum(best, kinds.count))


def surplus_at(
    kinds: Kinds, multipliers: tuple[int, ...], denominator: int, value: IntArray
) -> IntArray:
    """For each option denominator x value less what it uses at the multipliers, exactly.

    Python integers where 64 bits may not hold it.
    """
    most = denominator * _size(value) + sum(
        p * _size(row.base) * max((abs(weight) for weight in row.weights), default=0)
        for p, row in zip(multipliers, kinds.rows, strict=True)
    )
    fits = max(most, denominator) < ROOM
    dtype = np.int64 if fits else object
    surplus = value.astype(dtype) * denominator
    for k, (p, row) in enumerate(zip(multipliers, kinds.rows, strict=True)):
        if p:
            factor = np.array([p * weight for weight in row.weights], dtype=dtype)
            base = picked(row.base, kinds.package).astype(dtype)
            surplus -= base * (factor[0] if row.klass is None else factor[kinds.klass(k)])
    return surplus


def _whole(kinds: Kinds, prices: FloatArray) -> tuple[tuple[int, ...], int]:
    """The prices as whole multiples of a power of two, and that power's exponent."""
    weight = [
        price * max(_size(row.base) * max((abs(w) for w in row.weights), default=0), abs(row.limit))
        for price, row in zip(prices.tolist(), kinds.rows, strict=True)
    ]
    largest = max(weight, default=0.0)
    kept = [
        Fraction(price) if price > 0 and size > NOTHING * largest else Fraction(0)
        for price, size in zip(prices.tolist(), weight, strict=True)
    ]
    least = min((price for price in kept if price > 0), default=Fraction(1))
    bits = BITS
    while least * 2**bits < 2**FINE and bits < FINEST:
        bits += 1
    return tuple(round(price * 2**bits) for price in kept), bits


def _weighted_sum(values: IntArray, count: IntArray) -> int:
    if values.dtype == object or _size(values) * _size(count) >= ROOM:
        return sum(int(v) * int(c) for v, c in zip(values, count, strict=True))
    return exact_sum(values * count)


def _size(values: IntArray) -> int:
    if not len(values):
        return 0
    return max(abs(int(values.max())), abs(int(values.min())))
