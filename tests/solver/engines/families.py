"""Instances of every family of the literature and some more, roughened as real menus are.

The families are those of Pisinger, from the generators, and: needs that follow from costs the
other way round (inverse strong), in steps of three (ceiling), on a circle, with a little noise
(strong noise), and menus as care has them (care: whole pounds in pence, each pound worth less).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from metneed.instances.generators import BENCHMARKS
from metneed.instances.generators.pisinger import PisingerOptions
from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
from metneed.models.scenario import Choice

Items: TypeAlias = tuple[IntArray, IntArray]


@dataclass(frozen=True)
class Case:
    """An instance and the name of its family."""

    family: str
    menus: Menus
    choice: Choice
    budget: int


def _strong_noise(rng: np.random.Generator, shape: tuple[int, int], most: int) -> Items:
    steps = np.sort(rng.integers(1, max(2, 2 * most // shape[1]), shape), axis=1)
    return np.cumsum(steps, axis=1), np.cumsum(steps + rng.integers(9, 12, shape), axis=1)


def _inverse_strong(rng: np.random.Generator, shape: tuple[int, int], most: int) -> Items:
    value = rng.integers(1, most + 1, shape)
    return value + max(1, most // 10), value


def _ceiling(rng: np.random.Generator, shape: tuple[int, int], most: int) -> Items:
    cost = rng.integers(1, most + 1, shape)
    return cost, 3 * -(-cost // 3)


def _circle(rng: np.random.Generator, shape: tuple[int, int], most: int) -> Items:
    cost = rng.integers(1, most + 1, shape)
    height = np.sqrt(4.0 * most**2 - (cost - 2.0 * most) ** 2)
    return cost, np.maximum(1, (2 * height / 3).astype(np.int64))


def _care(rng: np.random.Generator, shape: tuple[int, int], most: int) -> Items:
    pounds = np.sort(rng.integers(1, most + 1, shape), axis=1)
    highest = rng.integers(most // 2 + 1, 2 * most + 2, (shape[0], 1))
    met = highest * np.sqrt(pounds / pounds.max()) * rng.uniform(0.9, 1.1, shape)
    return pounds * 100, np.maximum(1, met.astype(np.int64))


OTHERS: Mapping[str, Callable[[np.random.Generator, tuple[int, int], int], Items]] = {
    "strong noise": _strong_noise,
    "inverse strong": _inverse_strong,
    "ceiling": _ceiling,
    "circle": _circle,
    "care": _care,
}

FAMILIES = (*BENCHMARKS, *OTHERS)


def items(family: str, rng: np.random.Generator, users: int, packages: int, most: int) -> Items:
    """Costs and needs of a family, users by packages, drawn up to `most`."""
    if family in OTHERS:
        return OTHERS[family](rng, (users, packages), most)
    options = PisingerOptions(packages=packages, range=max(most, packages))
    menus, _ = BENCHMARKS[family].menus(users, int(rng.integers(2**31)), options)
    return menus.cost.reshape(users, -1), menus.value.reshape(users, -1)


def roughened(rng: np.random.Generator, cost: IntArray, value: IntArray) -> Menus:
    """Menus of unequal length, some of them empty, with free, useless and repeated packages."""
    users, packages = cost.shape
    cost, value = cost.copy(), value.copy()
    often = rng.choice([0, 0, 0.05, 0.3])
    free, useless, same = rng.random((3, users, packages)) < often
    cost[free], value[useless] = 0, 0
    other = rng.integers(0, packages, (users, packages))
    rows = np.arange(users)[:, None]
    cost, value = (np.where(same, column[rows, other], column) for column in (cost, value))
    kept = rng.random((users, packages)) < rng.choice([1, 1, 0.8, 0.4])
    kept &= rng.random((users, 1)) >= rng.choice([0, 0, 0.2])
    offsets = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    return Menus.of(offsets, cost[kept], value[kept])


def draw(
    rng: np.random.Generator,
    users: tuple[int, int],
    ranges: list[int],
    families: tuple[str, ...] = FAMILIES,
) -> Case:
    """An instance of any family: 0 to 110 % of the money that everyone's best packages cost."""
    family, most = str(rng.choice(families)), int(rng.choice(ranges))
    size = int(rng.integers(users[0], users[1] + 1))
    cost, value = items(family, rng, size, int(rng.integers(1, 11)), most)
    menus = roughened(rng, cost * rng.choice([1, 1, 1, 7]), value * rng.choice([1, 1, 1, 12]))
    choice: Choice = "at_most_one" if rng.integers(2) else "exactly_one"
    return Case(family, menus, choice, budget_for(rng, menus, choice))


def budget_for(rng: np.random.Generator, menus: Menus, choice: Choice) -> int:
    """A budget, now and then one that does not cover what everyone must have."""
    full = int(menus.full_cost.sum())
    least = cheapest(menus) if choice == "exactly_one" and rng.integers(8) else 0
    share = int(rng.choice([0, 5, 20, 50, 80, 95, 99, 100, 110, *rng.integers(0, 111, 9)]))
    return least + (max(full - least, 0) * share) // 100


def cheapest(menus: Menus) -> int:
    """What the cheapest packages of all who have any cost together."""
    ends = menus.offsets.tolist()
    costs = menus.cost.tolist()
    return sum(min(costs[a:b]) for a, b in pairwise(ends) if a < b)
