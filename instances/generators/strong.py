"""Strongly correlated menus: each step up a menu costs little less than it meets.

Steps w are drawn from 1 to 2 range / packages, rounded down; each meets w + 10. In ascending order
they are added up, so that every package lies on the upper hull of its menu, and slopes hardly
differ: hard for branch and bound.

References
----------
D. Pisinger, A minimal algorithm for the multiple-choice knapsack problem, European Journal of
Operational Research 83 (1995), pages 394-410: "strongly correlated data instances". Each class
has an implicit item of no cost and no profit here, and the capacity is stated by `budget_share`.
"""

import numpy as np

from metneed.instances.generators.pisinger import Pisinger, PisingerOptions, drawn
from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError

HEADSTART = 10
"""What each step meets beyond its cost."""


def items(users: int, seed: int, options: PisingerOptions) -> tuple[IntArray, IntArray]:
    """Costs and met needs, both rising along each menu; users by packages."""
    greatest_step = 2 * options.range // options.packages
    if greatest_step < 1:
        raise OptionError(
            f"range = {options.range} is too small for {options.packages} packages in the family "
            "strong: let the range be at least half the number of packages"
        )
    shape = (users, options.packages)
    steps = np.sort(drawn("strong steps", seed, shape, 1, greatest_step), axis=1)
    return np.cumsum(steps, axis=1), np.cumsum(steps + HEADSTART, axis=1)


FAMILY = Pisinger("strong", "met need follows cost closely", items)
