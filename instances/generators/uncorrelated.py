"""Uncorrelated menus: cost and met need of every package drawn apart from each other.

References
----------
D. Pisinger, A minimal algorithm for the multiple-choice knapsack problem, European Journal of
Operational Research 83 (1995), pages 394-410: "uncorrelated data instances". Each class has an
implicit item of no cost and no profit here, and the capacity is stated by `budget_share`.
"""

from metneed.instances.generators.family import Family, Generated
from metneed.instances.generators.pisinger import PisingerOptions, generated_of, menus_of
from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
from metneed.models.random_stream import RandomStream


def items(users: int, seed: int, options: PisingerOptions) -> tuple[IntArray, IntArray]:
    """Costs and met needs, each uniform on 1 to the range; users by packages."""
    shape = (users, options.packages)
    cost, met_need = (
        RandomStream.of(seed, f"uncorrelated {what}").between(1, options.range, users * shape[1])
        for what in ("cost", "met need")
    )
    return cost.reshape(shape), met_need.reshape(shape)


def menus(users: int, seed: int, options: PisingerOptions | None = None) -> tuple[Menus, int]:
    """Menus and budget as arrays."""
    return menus_of(items, users, seed, options or PisingerOptions())


def make(users: int, seed: int, options: PisingerOptions) -> Generated:
    """The instance as tables."""
    return generated_of("uncorrelated", items, users, seed, options)


FAMILY = Family("uncorrelated", "benchmark: cost and met need unrelated", PisingerOptions, make)
