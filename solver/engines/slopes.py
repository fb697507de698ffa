"""Slopes: fractions of whole numbers, put in exact order with the speed of floats."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from metneed.models.arrays import IntArray

EXACT_QUOTIENTS = 2**52
"""Where cost x value stays below this, unequal fractions have unequal float64 quotients.

Two fractions differ by at least one part in the product of their denominators, so that relative to
their size they differ by more than the spacing of float64.
"""


_ABOVE = np.int64(0x7FF0000000000000)
"""The bits of infinity, which are above those of every other positive float."""


Sort: TypeAlias = Callable[[IntArray, int], None]


def _sort(key: IntArray, bits: int) -> None:  # noqa: ARG001 - the contract
    key.sort()


def slope_order(value: IntArray, cost: IntArray, sort: Sort = _sort) -> IntArray:
    """The order of exactly falling value/cost; equal slopes stay in the order given.

    Parameters
    ----------
    value, cost
        Positive and below 2^53, products below 2^61.
    sort
        Sorts numbers of 0 or more in place, of which so many of the lowest bits rise already.

    Notes
    -----
    Correctly rounded division is monotone: float64 quotients never invert two slopes and equal
    slopes have equal quotients. The upper bits of the quotient and the place in the order given
    make one number, because numbers are sorted many times faster than places by their keys. Only
    runs of equal upper bits may hold different slopes.
    """
    n = len(value)
    bits = max(1, (n - 1).bit_length())
    # Positive floats are ordered as their bits are, read as whole numbers; here they fall.
    quotient = _ABOVE - (value / cost).view(np.int64)
    key = quotient >> bits
    key <<= bits
    key |= np.arange(n)
    sort(key, bits)
    order = key & ((1 << bits) - 1)
    product = int(value.max(initial=0)) * int(cost.max(initial=0))
    if product << bits < EXACT_QUOTIENTS:
        return order  # the upper bits alone tell unequal slopes apart
    close = key[1:] >> bits == key[:-1] >> bits
    quotient = quotient[order]
    differ = close & (quotient[1:] != quotient[:-1])
    if product >= EXACT_QUOTIENTS:
        left, right = order[:-1][close], order[1:][close]
        differ[close] |= value[right] * cost[left] != value[left] * cost[right]
    if differ.any():
        run = np.cumsum(np.concatenate([[0], ~close]))
        rows = np.flatnonzero(np.isin(run, np.unique(run[1:][differ])))
        among = order[rows]
        order[rows] = among[_exact_order(run[rows], value[among], cost[among])]
    return order


def _exact_order(run: IntArray, value: IntArray, cost: IntArray) -> IntArray:
    """A stable order by run, then by exactly falling value/cost.

    Digits of the quotients are compared: unequal fractions differ by at least one part in the
    product of their denominators, so that twice the bits of the greatest cost suffice.
    """
    bits = int(cost.max()).bit_length()
    digits, rest = [value // cost], value % cost
    for _ in range(-(-2 * bits // (62 - bits))):
        rest = rest << (62 - bits)
        digits.append(rest // cost)
        rest = rest % cost
    return np.lexsort([*(-digit for digit in reversed(digits)), run])
