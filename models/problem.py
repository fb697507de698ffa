"""Problem: what a rule sees. One year, one draw, one budget."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from metneed.models.arrays import IntArray
from metneed.models.assessment import Assessment
from metneed.models.columns import Labels
from metneed.models.instance import Instance, Previous, Users
from metneed.models.menus import Menus
from metneed.models.scenario import Choice, Leftover, Packages
from metneed.models.services import Services, Uses
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
    services, uses
        What packages are made of, and how much each uses, or None.
    constraints
        Limits beside the budget by name, as the scenario has them.
    package_ids, forms
        Identifier and form of care of each package of the menus, or None.
    paid
        What each other payer adds to each package, smallest money units, by payer, or None.
    assessment
        Assessed needs of the users, or None.
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
    services: Services | None = None
    uses: Uses | None = None
    constraints: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    package_ids: Labels | None = None
    forms: Labels | None = None
    paid: Mapping[str, IntArray] | None = None
    assessment: Assessment | None = None

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
            services=instance.services,
            uses=instance.uses,
            constraints=scenario.constraints,
            package_ids=instance.package_ids,
            forms=instance.forms,
            paid=instance.paid,
            assessment=instance.assessment,
        )

    def replace(self, **changes: Any) -> "Problem":  # noqa: ANN401
        """The same problem with some of it changed: another budget, year or draw."""
        return replace(self, **changes)

    def subset(self, rows: IntArray) -> "Problem":
        """The same problem for the users in these rows only; services keep their capacity."""
        packages = self.menus.positions(rows)
        ids, forms, uses, paid = self.package_ids, self.forms, self.uses, self.paid
        assessment = self.assessment
        return replace(
            self,
            users=self.users.subset(rows),
            menus=self.menus.subset(rows),
            previous=None if self.previous is None else self.previous.subset(rows),
            uses=None if uses is None else uses.subset(packages),
            package_ids=None if ids is None else ids.subset(packages),
            forms=None if forms is None else forms.subset(packages),
            paid=None if paid is None else {name: paid[name][packages] for name in paid},
            assessment=None if assessment is None else assessment.subset(rows),
        )
