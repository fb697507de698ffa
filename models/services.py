"""Services: what packages are made of, how much of each there is, and what each package uses."""

from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, TextArray, frozen

NO_LIMIT = -1
"""Stands for a capacity that is not stated."""


@dataclass(frozen=True, eq=False)
class Services:
    """Services in code-point order of their identifiers; one row a service.

    Parameters
    ----------
    ids
        Identifiers, exactly as the input had them.
    unit
        What the service is counted in, for messages: hours, places, visits.
    capacity
        How much there is, smallest quantity units; -1 where no limit is stated.
    fixed_cost
        What it costs to open the service at all, smallest money units; 0 where it is simply bought.
    least_members
        How many users must choose it for it to open; 0 where it needs none.
    paid_anyway
        Whether the fixed cost is paid whether the service is used or not: a block contract.
    """

    ids: TextArray
    unit: TextArray
    capacity: IntArray
    fixed_cost: IntArray
    least_members: IntArray
    paid_anyway: BoolArray

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Uses:
    """How much of each service the packages use; one row a package and service, in that order.

    Parameters
    ----------
    package
        Position of the package in the menus.
    service
        Row of the service.
    amount
        Smallest quantity units, more than 0.
    """

    package: IntArray
    service: IntArray
    amount: IntArray

    def __len__(self) -> int:
        return len(self.package)

    def subset(self, packages: IntArray) -> "Uses":
        """What the packages at these positions use, who are then numbered from 0 in this order."""
        first = np.searchsorted(self.package, packages, side="left")
        sizes = np.searchsorted(self.package, packages, side="right") - first
        ends = np.cumsum(sizes)
        rows = np.arange(int(sizes.sum())) + np.repeat(first - ends + sizes, sizes)
        return Uses(
            frozen(np.repeat(np.arange(len(packages)), sizes)),
            frozen(self.service[rows]),
            frozen(self.amount[rows]),
        )
