"""Part packages: what a sum of money buys each user where packages can be divided."""

from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray, frozen
from metneed.solver.engines.hull import Hulls


@dataclass(frozen=True, eq=False)
class Mix:
    """What each user gets for a sum of money where packages can be divided.

    Parameters
    ----------
    left, right
        Positions in the menus (-1 for nothing) of the two packages of the hull around the money;
        the same twice where the money is exactly the cost of one, or more than the dearest needs.
    right_share
        Share of `right` in billionths, rounded down; the rest is of `left`.
    cost
        What is spent: the money, or the cost of the dearest package of the hull if less.
    value
        The hull at that cost, rounded down.
    """

    left: IntArray
    right: IntArray
    right_share: IntArray
    cost: IntArray
    value: IntArray


def divide_hull(hulls: Hulls, money: IntArray) -> Mix:
    """What each user's money buys on the user's hull, part packages allowed.

    Parameters
    ----------
    hulls
        Upper hulls.
    money
        One sum a user, smallest money units. Less than the base costs buys nothing.
    """
    reached = np.repeat(money, np.diff(hulls.offsets)) >= hulls.cost
    below = np.add.reduceat(reached, hulls.offsets[:-1], dtype=np.int64) if len(money) else money
    left = hulls.offsets[:-1] + np.maximum(below - 1, 0)
    over = money - hulls.cost[left]
    right = np.where((over > 0) & (left + 1 < hulls.offsets[1:]), left + 1, left)
    run = np.where(right > left, hulls.cost[right] - hulls.cost[left], 1)
    rise = hulls.value[right] - hulls.value[left]
    over = np.where(right > left, over, 0)
    served = below > 0
    return Mix(
        left=frozen(np.where(served, hulls.package[left], -1)),
        right=frozen(np.where(served, hulls.package[right], -1)),
        right_share=frozen(np.where(served, billionths(over, run), 0)),
        cost=frozen(np.where(served, hulls.cost[left] + over, 0)),
        value=frozen(np.where(served, hulls.value[left] + rise * over // run, 0)),
    )


def billionths(part: IntArray, whole: IntArray) -> IntArray:
    """Part of whole in billionths, rounded down exactly.

    Parameters
    ----------
    part
        0 or more, less than `whole`.
    whole
        Less than 2^53.

    >>> billionths(np.array([1, 1]), np.array([3, 4])).tolist()
    [333333333, 250000000]
    """
    total, rest = np.zeros_like(part), part
    for _ in range(3):  # a thousand times a number below 2^53 is still below 2^63
        digit, rest = np.divmod(rest * 1000, whole)
        total = total * 1000 + digit
    return total
