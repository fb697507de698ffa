"""Problem: what a rule sees. One year, one draw, one budget."""

from dataclasses import dataclass, field, replace
from typing import Any

from metneed.models.arrays import IntArray
from metneed.models.instance import Instance, Previous, Users
from metneed.models.menus import Menus
from metneed.models.scenario import Choice, Leftover, Packages
from metneed.models.settings import Settings
from metneed.models.units import Units


@dataclass(frozen=True, eq=False)
class Problem:
    """Users and menus as arrays, the money, and how packages may be chosen.

    Parameters
    ----------
    users, menus
        One row a user, in the same order.
    budget, allocable
        Total budget, and what a rule may spend, smallest money units.
    packages, choice, leftover
        As the scenario says them.
    previous
        What each user has now, or None.
    units
        Decimals, for messages.
    seed
        Seed of anything random.
    settings
        How to run; never changes a proven answer.
    """

    users: Users
    menus: Menus
    budget: int
    allocable: int
    packages: Packages = "whole"
    choice: Choice = "at_most_one"
    leftover: Leftover = "kept"
    previous: Previous | None = None
    units: Units = field(default_factory=Units)
    seed: int = 0
    settings: Settings = field(default_factory=Settings)

    @classmethod
    def of(cls, instance: Instance, settings: Settings | None = None) -> "Problem":
        """The problem that an instance states."""
        scenario = instance.scenario
        return cls(
            users=instance.users,
            menus=instance.menus,
            budget=scenario.total_budget,
            allocable=scenario.allocable,
            packages=scenario.packages,
            choice=scenario.choice,
            leftover=scenario.leftover,
            previous=instance.previous,
            units=scenario.units,
            seed=scenario.seed,
            settings=settings or Settings(),
        )

    def replace(self, **changes: Any) -> "Problem":  # noqa: ANN401
        """The same problem with some of it changed: another budget, year or draw."""
        return replace(self, **changes)

    def subset(self, rows: IntArray) -> "Problem":
        """The same problem for the users in these rows only."""
        return replace(
            self,
            users=self.users.subset(rows),
            menus=self.menus.subset(rows),
            previous=None if self.previous is None else self.previous.subset(rows),
        )
