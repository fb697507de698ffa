"""Subset-sum menus: every package meets just what it costs, so only the sum of costs matters.

References
----------
D. Pisinger, A minimal algorithm for the multiple-choice knapsack problem, European Journal of
Operational Research 83 (1995), pages 394-410: "subset-sum data instances". Each class
has an implicit item of no cost and no profit here, and the capacity is stated by `budget_share`.
"""

from metneed.instances.generators.pisinger import Pisinger, PisingerOptions, drawn
from metneed.models.arrays import IntArray


def items(users: int, seed: int, options: PisingerOptions) -> tuple[IntArray, IntArray]:
    """Costs uniform on 1 to the range, and the same as met needs; users by packages."""
    cost = drawn("subset_sum cost", seed, (users, options.packages), 1, options.range)
    return cost, cost.copy()


FAMILY = Pisinger("subset_sum", "met need equal to cost", items)
