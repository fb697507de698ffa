"""Pooled services: which of them are open in an allocation, for whom, and what that costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.errors import BrokenAllocationError
from metneed.models.problem import Problem
from metneed.models.services import Services
from metneed.models.sums import exact_sum
from metneed.models.units import Units, decimal_text

MEMBER = 10**9
"""Members are counted in billionths, as shares of packages are."""


@dataclass(frozen=True, eq=False)
class PooledServices:
    """Services that are open or closed as a whole; one row a service.

    Parameters
    ----------
    service
        Row of the service.
    members
        Users whose package uses it, in billionths: a part of a package is a member in part.
    paid
        What is paid for having it, smallest money units: its fixed cost where it is used, or paid
        whether used or not.
    """

    service: IntArray
    members: IntArray
    paid: IntArray

    @classmethod
    def of(
        cls, problem: Problem, services: Sequence[int], package: IntArray, share: IntArray
    ) -> "PooledServices":
        """What packages (positions in the menus) with their shares in billionths make of them."""
        table, uses = problem.services, problem.uses
        if table is None or uses is None:
            raise BrokenAllocationError("services are open, and the problem has no services")
        held = np.zeros(problem.menus.n_packages, dtype=np.int64)
        np.add.at(held, package, share)
        rows = np.array(services, dtype=np.int64)
        members = np.array(
            [exact_sum(held[uses.package[uses.service == row]]) for row in services],
            dtype=np.int64,
        )
        due = (members > 0) | table.paid_anyway[rows]
        return cls(frozen(rows), frozen(members), frozen(np.where(due, table.fixed_cost[rows], 0)))

    @property
    def is_open(self) -> BoolArray:
        """For each service whether anyone uses it."""
        return self.members > 0

    @property
    def cost(self) -> int:
        """What all of them together cost, smallest money units."""
        return exact_sum(self.paid)

    @property
    def unused_cost(self) -> int:
        """What of that is paid for services that nobody uses."""
        return exact_sum(self.paid[~self.is_open])

    def check(self, problem: Problem, package: IntArray, share: IntArray) -> None:
        """Recompute members and costs from the packages.

        Raises
        ------
        BrokenAllocationError
            Where they are not what the packages say, or an open service has too few members.
        """
        again = PooledServices.of(problem, self.service.tolist(), package, share)
        if not np.array_equal(again.members, self.members):
            raise BrokenAllocationError("the members of a service are not those of its packages")
        if not np.array_equal(again.paid, self.paid):
            raise BrokenAllocationError("a service is paid for otherwise than its packages say")
        if self.too_few(problem, int((share < MEMBER).sum())).any():
            raise BrokenAllocationError("a service is open with fewer members than its least")

    def too_few(self, problem: Problem, parts: int = 0) -> BoolArray:
        """For each service whether it is used by too few; each part may be rounded down once."""
        assert problem.services is not None
        least = problem.services.least_members[self.service] * MEMBER
        few: BoolArray = self.is_open & (self.members + parts < least)
        return few

    def words(self, services: Services, units: Units) -> dict[str, str]:
        """What became of each service, for a screen, by its identifier."""
        rows = zip(self.service.tolist(), self.members.tolist(), self.paid.tolist(), strict=True)
        return {str(services.ids[each[0]]): _said(services, units, *each) for each in rows}

    def record(self, problem: Problem) -> dict[str, object]:
        """The same as results hold it, amounts as decimal text."""
        table, units = problem.services, problem.units
        assert table is not None
        rows = zip(self.service.tolist(), self.members.tolist(), self.paid.tolist(), strict=True)
        return {
            "fixed_costs": units.money(self.cost),
            "unused_block_cost": units.money(self.unused_cost),
            "pooled_services": [
                {
                    "service": str(table.ids[row]),
                    "open": members > 0,
                    "members": members_text(members),
                    "least_members": int(table.least_members[row]),
                    "fixed_cost": units.money(paid),
                    "paid_anyway": bool(table.paid_anyway[row]),
                }
                for row, members, paid in rows
            ],
        }


def _said(services: Services, units: Units, row: int, members: int, paid: int) -> str:
    money, least = units.show_money(paid), int(services.least_members[row])
    if not members:
        return f"closed, unused block cost {money}" if paid else "closed"
    one = "member" if members == MEMBER else "members"
    asked = f" (least {least})" if least else ""
    anyway = " (paid in any case)" if services.paid_anyway[row] else ""
    cost = f", fixed cost {money}{anyway}" if paid else ""
    return f"open, {members_text(members)} {one}{asked}{cost}"


def members_text(members: int) -> str:
    """Members in billionths as the shortest exact decimal.

    >>> members_text(23 * 10**9), members_text(1_500_000_000)
    ('23', '1.5')
    """
    whole, rest = divmod(members, MEMBER)
    return decimal_text(members, 9).rstrip("0") if rest else str(whole)
