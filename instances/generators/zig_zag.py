"""Zig-zag menus: costs and met needs drawn apart, and each put in rising order.

No package is dominated, and most lie below the hull.

References
----------
D. Pisinger, A minimal algorithm for the multiple-choice knapsack problem, European Journal of
Operational Research 83 (1995), pages 394-410: "Sinha and Zoltners instances". Each class
has an implicit item of no cost and no profit here, and the capacity is stated by `budget_share`.
"""

import numpy as np

from metneed.instances.generators.pisinger import Pisinger, PisingerOptions, drawn
from metneed.models.arrays import IntArray


def items(users: int, seed: int, options: PisingerOptions) -> tuple[IntArray, IntArray]:
    """Costs and met needs, each uniform on 1 to the range and rising; users by packages."""
    shape = (users, options.packages)
    return (
        np.sort(drawn("zig_zag cost", seed, shape, 1, options.range), axis=1),
        np.sort(drawn("zig_zag met need", seed, shape, 1, options.range), axis=1),
    )


FAMILY = Pisinger("zig_zag", "no package dominated, cost and met need in the same order", items)
