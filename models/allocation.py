"""Outcomes of a rule: an allocation, infeasible, or not applicable."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from metneed.models.account import Account
from metneed.models.arrays import IntArray, frozen, picked
from metneed.models.certificate import Certificate
from metneed.models.errors import BrokenAllocationError
from metneed.models.pooled import PooledServices
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum

WHOLE = 10**9
"""Shares of packages are integer billionths."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Part packages: each row a user, one of the user's packages and its share.

    Parameters
    ----------
    user, package
        Row of the user, position of the package in the menus; sorted by both.
    share
        Share in billionths, 1 to a thousand million; those of a user add up to at most 1.
    """

    user: IntArray
    package: IntArray
    share: IntArray


@dataclass(frozen=True, eq=False)
class Allocation:
    """What a rule did, one row a user in the order of the problem.

    Parameters
    ----------
    package
        Position in the menus of the package (of the largest part), -1 for nothing.
        Where `from_previous`, the row of the user instead: today's package, menu or not.
    share
        Share of that package in billionths, 0 for nothing.
    cost, met_need
        Smallest units. Of a mix, the cost governs, and met need is rounded down.
    certificate
        What is claimed of the whole, and what proves it.
    award
        Money the rule gave each user; None where the rule chooses packages directly.
    parts
        All parts where packages are divisible, else None.
    from_previous
        Whether the packages are today's, with their recorded cost and met need.
    account
        How the awards came about, where the rule says so.
    pooled
        Services that are open or closed as a whole, and what they cost; None where the rule does
        not decide that.
    """

    package: IntArray
    share: IntArray
    cost: IntArray
    met_need: IntArray
    certificate: Certificate
    award: IntArray | None = None
    parts: Parts | None = None
    from_previous: bool = False
    account: Account | None = None
    pooled: PooledServices | None = None

    @classmethod
    def of_picks(
        cls,
        problem: Problem,
        picks: IntArray,
        certificate: Certificate | None = None,
        award: IntArray | None = None,
    ) -> "Allocation":
        """Whole packages: for each user a position in the menus, or -1 for nothing."""
        menus = problem.menus
        met_need = picked(menus.met_need, picks)
        return cls(
            package=frozen(picks),
            share=frozen(np.where(picks >= 0, WHOLE, 0)),
            cost=frozen(picked(menus.cost, picks)),
            met_need=frozen(met_need),
            certificate=certificate
            or Certificate(value=exact_sum(met_need), scale=10**problem.units.need_decimals),
            award=None if award is None else frozen(award),
        )

    @property
    def total_cost(self) -> int:
        """What the allocation spends, smallest money units: packages, and fixed costs."""
        return exact_sum(self.cost) + self.fixed_costs

    @property
    def fixed_costs(self) -> int:
        """What open services and contracts cost beside the packages, smallest money units."""
        return 0 if self.pooled is None else self.pooled.cost

    @property
    def reserved(self) -> int:
        """Money that the rule keeps back for contingencies, smallest money units."""
        return 0 if self.account is None else self.account.reserve

    @property
    def total_met_need(self) -> int:
        """The met need of all users together, smallest need units."""
        return exact_sum(self.met_need)

    @property
    def held(self) -> tuple[IntArray, IntArray]:
        """The packages that anybody has, positions in the menus, and their shares."""
        if self.parts is not None:
            return self.parts.package, self.parts.share
        has = self.package >= 0
        return self.package[has], self.share[has]

    def check(self, problem: Problem) -> None:
        """Recompute everything that the problem implies, in integers.

        Raises
        ------
        BrokenAllocationError
            Where a column has the wrong length, a package is not the user's own, a cost or met
            need is not what the packages say, more is spent than awarded or than is allocable,
            or the certificate claims less than what was achieved as its bound.
        """
        n = len(problem.users)
        for name in ("package", "share", "cost", "met_need"):
            _claim(len(getattr(self, name)) == n, f"{name} has not one row a user")
        if self.from_previous:
            self._check_previous(problem)
            return
        if self.parts is None:
            self._check_whole(problem)
        else:
            self._check_parts(problem, self.parts)
        if self.pooled is not None:
            self.pooled.check(problem, *self.held)
        _claim(self.total_cost <= problem.allocable, "more is spent than is allocable")
        if self.award is None:
            self._check_choice(problem)
        else:
            _claim(len(self.award) == n, "award has not one row a user")
            _claim(bool((self.award >= 0).all()), "an award is negative")
            if self.account is None or not self.account.by_purchase:
                awarded = exact_sum(self.award)
                _claim(awarded <= problem.allocable, "awards exceed what is allocable")
            _claim(bool((self.cost <= self.award).all()), "a user costs more than the award")
        bound = self.certificate.upper_bound
        _claim(bound is None or bound >= self.certificate.value, "the bound is below the value")

    def _check_choice(self, problem: Problem) -> None:
        """Package rules must give everyone with a menu exactly one package where that is due."""
        if problem.choice == "at_most_one":
            return
        due = np.diff(problem.menus.offsets) > 0
        given = self.share if self.parts is None else _total_shares(len(due), self.parts)
        _claim(bool((given[due] == WHOLE).all()), "a user has not exactly one package")

    def _check_previous(self, problem: Problem) -> None:
        previous = problem.previous
        if previous is None:
            raise BrokenAllocationError("today's packages are used, and the problem has none")
        expected = np.where(previous.held, np.arange(len(problem.users)), -1)
        _claim(bool((self.package == expected).all()), "a package is not today's")
        _claim(bool((self.cost == previous.cost).all()), "a cost is not the recorded one")
        _claim(bool((self.met_need == previous.met_need).all()), "a met need is not the recorded")

    def _check_whole(self, problem: Problem) -> None:
        menus = problem.menus
        own = (self.package >= menus.offsets[:-1]) & (self.package < menus.offsets[1:])
        _claim(bool((own | (self.package == -1)).all()), "a package is not on the user's menu")
        again = Allocation.of_picks(problem, self.package)
        _claim(bool((self.share == again.share).all()), "a whole package has a part share")
        _claim(bool((self.cost == again.cost).all()), "a cost is not that of the package")
        _claim(bool((self.met_need == again.met_need).all()), "a met need is not the package's")

    def _check_parts(self, problem: Problem, parts: Parts) -> None:
        menus, n = problem.menus, len(problem.users)
        _claim(problem.packages == "divisible", "part packages, where only whole ones are allowed")
        real = (parts.user >= 0) & (parts.user < n)
        _claim(bool(real.all()), "a part belongs to no user")
        first, end = menus.offsets[parts.user], menus.offsets[parts.user + 1]
        own = (parts.package >= first) & (parts.package < end)
        _claim(bool(own.all()), "a part is not on the user's menu")
        _claim(bool((parts.share > 0).all()), "a part has no share")
        ahead = np.lexsort((parts.package, parts.user))
        _claim(bool((ahead == np.arange(len(ahead))).all()), "the parts are not in order")
        total = _total_shares(n, parts)
        _claim(bool((total <= WHOLE).all()), "the parts of a user exceed one package")
        largest = np.zeros(n, dtype=np.int64)
        np.maximum.at(largest, parts.user, parts.share)
        named = np.isin(np.arange(n), parts.user[parts.package == self.package[parts.user]])
        _claim(bool((self.share == largest).all()), "a share is not that of the largest part")
        _claim(bool((named | (largest == 0)).all()), "a package is not that of the largest part")
        mixed_cost, mixed_need = np.zeros(n), np.zeros(n)
        np.add.at(mixed_cost, parts.user, menus.cost[parts.package] * (parts.share / WHOLE))
        np.add.at(mixed_need, parts.user, menus.met_need[parts.package] * (parts.share / WHOLE))
        # Shares are rounded to billionths while the cost governs: they agree to that precision.
        room = 2 + 4 * (mixed_cost + mixed_need + _dearest(problem)) / WHOLE
        _claim(bool((np.abs(self.cost - mixed_cost) <= room).all()), "a cost is not its parts'")
        _claim(bool((np.abs(self.met_need - mixed_need) <= room).all()), "a need is not its parts'")


@dataclass(frozen=True)
class Infeasible:
    """No allocation of this rule fits the money: by how much, and for how many users.

    Parameters
    ----------
    reason
        In pounds and people, for a screen.
    shortfall
        Smallest money units that are missing.
    users
        How many users the limit concerns.
    of_awards
        Whether it is what the rule would award that is missing, and not what packages cost.
    """

    reason: str
    shortfall: int
    users: int
    of_awards: bool = False


@dataclass(frozen=True)
class NotApplicable:
    """The rule does not apply to this instance, and why."""

    reason: str


Outcome: TypeAlias = Allocation | Infeasible | NotApplicable


def _claim(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BrokenAllocationError(otherwise)


def _total_shares(users: int, parts: Parts) -> IntArray:
    total = np.zeros(users, dtype=np.int64)
    np.add.at(total, parts.user, parts.share)
    return total


def _dearest(problem: Problem) -> int:
    menus = problem.menus
    return int(max(menus.cost.max(initial=0), menus.met_need.max(initial=0)))
