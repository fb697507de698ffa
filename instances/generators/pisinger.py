"""What the benchmark families of Pisinger share: options, budget and tables."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from pydantic import Field

from metneed.instances.generators.family import Family, Generated, Options
from metneed.instances.generators.square import square_scenario, square_tables
from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
from metneed.models.random_stream import RandomStream
from metneed.models.sums import exact_sum

Items: TypeAlias = Callable[[int, int, "PisingerOptions"], tuple[IntArray, IntArray]]
"""``items(users, seed, options)``: costs and met needs, users by packages."""


class PisingerOptions(Options):
    """Size and tightness of an instance."""

    packages: int = Field(default=10, ge=1, le=1000, description="packages of each user")
    range: int = Field(
        default=1000, ge=1, le=10**9, description="greatest cost and met need that is drawn"
    )
    budget_share: Decimal = Field(
        default=Decimal("0.5"),
        ge=0,
        le=1,
        description="budget as a share of what the best package of every user costs together",
    )


@dataclass(frozen=True)
class Pisinger:
    """One of the families: what its items are drawn from is all that differs.

    Parameters
    ----------
    name, title
        Name on the command line, and a few words for a screen.
    items
        Costs and met needs of all users' packages.
    """

    name: str
    title: str
    items: Items

    @property
    def family(self) -> Family:
        """The family as the command line knows it."""
        return Family(self.name, f"benchmark: {self.title}", PisingerOptions, self._generated)

    def menus(
        self, users: int, seed: int, options: PisingerOptions | None = None
    ) -> tuple[Menus, int]:
        """Menus and budget as arrays, without any text."""
        chosen = options or PisingerOptions()
        cost, met_need = self.items(users, seed, chosen)
        offsets = np.arange(users + 1, dtype=np.int64) * cost.shape[1]
        menus = Menus.of(offsets, cost.ravel(), met_need.ravel())
        return menus, int(exact_sum(menus.full_cost) * chosen.budget_share)

    def _generated(self, users: int, seed: int, options: PisingerOptions) -> Generated:
        menus, budget = self.menus(users, seed, options)
        title = f"{self.name} {users} x {menus.n_packages // users} seed {seed}"
        return Generated(
            family=self.name,
            seed=seed,
            tables=square_tables(menus),
            offsets=menus.offsets,
            scenario=square_scenario(title, "Benchmark instance", budget, seed),
        )


def drawn(name: str, seed: int, shape: tuple[int, int], least: int, most: int) -> IntArray:
    """Whole numbers from `least` to `most`, users by packages; each name has its own stream."""
    stream = RandomStream.of(seed, name)
    return stream.between(least, most, shape[0] * shape[1]).reshape(shape)
