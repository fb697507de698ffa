"""Weakly correlated menus: met need is the cost, give or take ten, and at least 1.

References
----------
D. Pisinger, A minimal algorithm for the multiple-choice knapsack problem, European Journal of
Operational Research 83 (1995), pages 394-410: "weakly correlated data instances". Each class
has an implicit item of no cost and no profit here, and the capacity is stated by `budget_share`.
"""

import numpy as np

from metneed.instances.generators.pisinger import Pisinger, PisingerOptions, drawn
from metneed.models.arrays import IntArray

SPREAD = 10
"""How far met need may be from cost."""


def items(users: int, seed: int, options: PisingerOptions) -> tuple[IntArray, IntArray]:
    """Costs uniform on 1 to the range, and met needs near them; users by packages."""
    shape = (users, options.packages)
    cost = drawn("weak cost", seed, shape, 1, options.range)
    return cost, np.maximum(cost + drawn("weak difference", seed, shape, -SPREAD, SPREAD), 1)


FAMILY = Pisinger("weak", "met need close to cost", items)
