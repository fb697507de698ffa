"""Slopes: fractions of whole numbers, put in exact order with the speed of floats."""

import numpy as np

from metneed.models.arrays import IntArray


def slope_order(value: IntArray, cost: IntArray) -> IntArray:
    """The order of exactly falling value/cost; equal slopes stay in the order given.

    Parameters
    ----------
    value, cost
        Positive and below 2^53, products below 2^61.

    Notes
    -----
    Correctly rounded division is monotone: float64 quotients never invert two slopes and equal
    slopes have equal quotients. Only runs of equal quotients may hold different slopes.
    """
    keys = -(value / cost)
    order = np.argsort(keys, kind="stable")
    keys, value, cost = keys[order], value[order], cost[order]
    same_key = keys[1:] == keys[:-1]
    same_slope = value[1:] * cost[:-1] == value[:-1] * cost[1:]
    run = np.cumsum(np.concatenate([[0], ~same_key]))[: len(keys)]
    mixed = np.unique(run[1:][same_key & ~same_slope])
    if len(mixed):
        rows = np.flatnonzero(np.isin(run, mixed))
        order[rows] = order[rows[_exact_order(run[rows], value[rows], cost[rows])]]
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
