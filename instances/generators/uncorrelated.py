"""Uncorrelated menus: cost and met need of every package drawn apart from each other.

References
----------
D. Pisinger, A minimal algorithm for the multiple-choice knapsack problem, European Journal of
Operational Research 83 (1995), pages 394-410: "uncorrelated data instances". Each class
has an implicit item of no cost and no profit here, and the capacity is stated by `budget_share`.
"""

from metneed.instances.generators.pisinger import Pisinger, PisingerOptions, drawn
from metneed.models.arrays import IntArray


def items(users: int, seed: int, options: PisingerOptions) -> tuple[IntArray, IntArray]:
    """Costs and met needs, each uniform on 1 to the range; users by packages."""
    shape = (users, options.packages)
    return (
        drawn("uncorrelated cost", seed, shape, 1, options.range),
        drawn("uncorrelated met need", seed, shape, 1, options.range),
    )


FAMILY = Pisinger("uncorrelated", "cost and met need unrelated", items)
