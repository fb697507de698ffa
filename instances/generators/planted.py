"""Menus built backwards from a marginal value, so that the optimum is known without a solver.

Choose a marginal value p/q and for each user a height m. No package lies above the line
q met_need = p cost + m, and some packages lie on it. Then no allocation within a budget B meets
more than (p B + the sum of m) / q, because q met_need - p cost is at most m for each user (with
"at most one" m is 0 or more, so this holds for nothing too). An allocation of packages on the
lines that spends exactly B reaches that figure: it is the optimum, whole or divisible.

References
----------
The bound is weak duality: A. M. Geoffrion, Lagrangean relaxation for integer programming,
Mathematical Programming Study 2 (1974), pages 82-114.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from pydantic import Field

from metneed.instances.generators.family import Family, Generated, Options
from metneed.instances.generators.square import (
    square_package_ids,
    square_scenario,
    square_tables,
)
from metneed.models.arrays import IntArray, picked
from metneed.models.errors import OptionError
from metneed.models.menus import Menus
from metneed.models.random_stream import RandomStream
from metneed.models.sums import exact_sum

NOTHING_PER_MILLE = 100
"""How many of a thousand users have "nothing" on their line, where nothing may be chosen."""


class PlantedOptions(Options):
    """Size and kind of an instance."""

    packages: int = Field(default=10, ge=2, le=1000, description="packages of each user")
    range: int = Field(default=1000, ge=10, le=10**6, description="greatest cost")
    multiplier: str = Field(
        default="7/3",
        pattern=r"^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$",
        description="marginal value p/q: met need bought by one unit of money at the optimum",
    )
    ties: int = Field(
        default=1, ge=1, le=100, description="further packages of each user on the line"
    )
    kind: Literal["whole", "divisible"] = Field(
        default="whole",
        description="whole: the optimum spends the budget on whole packages; divisible: the "
        "budget ends inside a package",
    )
    choice: Literal["at_most_one", "exactly_one"] = Field(
        default="at_most_one", description="at most one package a user, or exactly one"
    )


@dataclass(frozen=True, eq=False)
class _Lines:
    """For each user the line that no package passes, and a point on it."""

    p: int
    q: int
    cost: IntArray
    met_need: IntArray
    nothing: IntArray

    @property
    def height(self) -> IntArray:
        return self.q * self.met_need - self.p * self.cost

    def at(self, cost: IntArray) -> IntArray:
        """The greatest whole met need that is not above the line, users by packages."""
        return (self.height[:, None] + self.p * cost) // self.q

    @property
    def cheapest(self) -> IntArray:
        """The least cost at which the line is not below 0."""
        return np.maximum(1, -(self.height // self.p))


def make(users: int, seed: int, options: PlantedOptions) -> Generated:
    """The instance as tables, with its optimum."""
    value = Fraction(options.multiplier)
    if value.denominator >= options.range or options.ties >= options.packages:
        raise OptionError(
            f"the family planted needs a range above {value.denominator} (the lower number of the "
            f"multiplier) and more packages than ties ({options.ties})"
        )
    lines = _lines(users, seed, value, options)
    cost, met_need, place = _packages(seed, lines, options)
    offsets = np.arange(users + 1, dtype=np.int64) * options.packages
    menus = Menus.of(offsets, cost.ravel(), met_need.ravel())
    picks = _planted(seed, menus, lines, place)
    budget = exact_sum(picked(menus.cost, picks))
    if options.kind == "divisible":
        budget = _budget_inside(seed, menus, lines, place)
    best = (lines.p * budget + exact_sum(lines.height)) / Fraction(lines.q)
    known = {
        "budget": budget,
        "multiplier": [lines.p, lines.q],
        "met_need": int(best),
        "divisible_met_need": str(best),
    }
    if options.kind == "whole":
        names = square_package_ids(menus)
        known["packages"] = [names[pick] if pick >= 0 else "" for pick in picks]
    title = f"planted {users} x {options.packages} seed {seed}"
    scenario = square_scenario(title, "Instance with a known optimum", budget, seed)
    return Generated(
        family="planted",
        seed=seed,
        tables=square_tables(menus),
        offsets=offsets,
        scenario={**scenario, "packages": options.kind, "choice": options.choice},
        known=known,
    )


def _lines(users: int, seed: int, value: Fraction, options: PlantedOptions) -> _Lines:
    p, q = value.numerator, value.denominator
    stream = RandomStream.of(seed, "planted lines")
    cost = stream.between(1, options.range - q, users)
    rise = stream.between(0, options.range, users)
    if options.choice == "exactly_one":
        nothing = np.zeros(users, dtype=bool)
        met_need = np.maximum(0, p * cost // q + rise - options.range // 2)
    else:
        nothing = stream.chance(NOTHING_PER_MILLE, users)
        met_need = -(-p * cost // q) + rise
    return _Lines(p, q, np.where(nothing, 0, cost), np.where(nothing, 0, met_need), nothing)


def _packages(
    seed: int, lines: _Lines, options: PlantedOptions
) -> tuple[IntArray, IntArray, IntArray]:
    """Costs and met needs, users by packages, and where the point and its ties stand."""
    stream = RandomStream.of(seed, "planted packages")
    shape = (len(lines.cost), options.packages)
    low = np.repeat(lines.cheapest, options.packages)
    cost = (low + stream.below_each(options.range - low + 1)).reshape(shape)
    slack = stream.between(0, options.range // 10, cost.size).reshape(shape)
    for tie in range(1, options.ties + 1):
        steps = 1 + stream.below_each((options.range - lines.cost) // lines.q)
        cost[:, tie] = lines.cost + lines.q * steps
        slack[:, tie] = 0
    there = ~lines.nothing
    cost[there, 0] = lines.cost[there]
    slack[there, 0] = 0
    met_need = np.maximum(0, lines.at(cost) - slack)
    keys = RandomStream.of(seed, "planted order").below(2**62, cost.size).reshape(shape)
    order = np.argsort(keys, axis=1, kind="stable")
    place = np.argsort(order, axis=1, kind="stable")[:, : options.ties + 1]
    return np.take_along_axis(cost, order, 1), np.take_along_axis(met_need, order, 1), place


def _planted(seed: int, menus: Menus, lines: _Lines, place: IntArray) -> IntArray:
    """For each user a package on the line, or -1 where nothing lies on it and is taken."""
    chosen = RandomStream.of(seed, "planted choice").below(place.shape[1], menus.n_users)
    picks = menus.offsets[:-1] + place[np.arange(menus.n_users), chosen]
    return np.where(lines.nothing & (chosen == 0), -1, picks)


def _budget_inside(seed: int, menus: Menus, lines: _Lines, place: IntArray) -> int:
    """A budget between what the cheapest and the dearest packages on the lines cost together."""
    dearest = menus.cost[menus.offsets[:-1, None] + place[:, 1:]].max(axis=1)
    least, most = exact_sum(lines.cost), exact_sum(dearest)
    inside = max(1, most - least - 1)
    return min(most, least + 1 + int(RandomStream.of(seed, "planted budget").below(inside, 1)[0]))


FAMILY = Family("planted", "test: the optimum is known beforehand", PlantedOptions, make)
