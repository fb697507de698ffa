"""What the two benchmark families share: options, budget and tables."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from pydantic import Field

from metneed.instances.generators.family import Generated, Options
from metneed.instances.generators.square import square_scenario, square_tables
from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
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


def menus_of(items: Items, users: int, seed: int, options: PisingerOptions) -> tuple[Menus, int]:
    """Menus and budget as arrays, without any text."""
    cost, met_need = items(users, seed, options)
    offsets = np.arange(users + 1, dtype=np.int64) * options.packages
    menus = Menus.of(offsets, cost.ravel(), met_need.ravel())
    return menus, int(exact_sum(menus.full_cost) * options.budget_share)


def generated_of(
    family: str, items: Items, users: int, seed: int, options: PisingerOptions
) -> Generated:
    """The same as tables."""
    menus, budget = menus_of(items, users, seed, options)
    title = f"{family} {users} x {options.packages} seed {seed}"
    return Generated(
        family=family,
        seed=seed,
        tables=square_tables(menus),
        offsets=menus.offsets,
        scenario=square_scenario(title, "Benchmark instance", budget, seed),
    )
