"""Take it or leave it: one package a user, the plain knapsack problem.

References
----------
D. Pisinger, A minimal algorithm for the multiple-choice knapsack problem, European Journal of
Operational Research 83 (1995), pages 394-410: "0-1 knapsack instances". Each class
has an implicit item of no cost and no profit here, and the capacity is stated by `budget_share`.
"""

from metneed.instances.generators.pisinger import Pisinger, PisingerOptions, drawn
from metneed.models.arrays import IntArray


def items(users: int, seed: int, options: PisingerOptions) -> tuple[IntArray, IntArray]:
    """One package a user, cost and met need uniform on 1 to the range, whatever `packages` says."""
    return (
        drawn("take_or_leave cost", seed, (users, 1), 1, options.range),
        drawn("take_or_leave met need", seed, (users, 1), 1, options.range),
    )


FAMILY = Pisinger("take_or_leave", "one package a user, taken or not", items)
