"""Households: users whose packages depend on each other, decided as one with a menu of plans.

A plan names what every member has, nothing included. Plans that do not keep a pair are no choice,
and what packages add to each other is part of what a plan is worth. So a couple needs no limit of
its own among those on everybody, however many couples there are.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, frozen, owners
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.pairs import ADDS, EXCLUDES, REQUIRES, Pairs

NOTHING = -1

MOST_PLANS = 2_000
"""Plans that the members' menus come to at most; the pairs of larger households are limits."""

MOST_ROWS = 200
"""Limits that such pairs may come to: more are beyond what engines for a few rows are made for."""


@dataclass(frozen=True, eq=False)
class Households:
    """Who is decided together.

    Parameters
    ----------
    home
        For each user the household, numbered in the order of first members; most have one member.
    rank
        For each user the place among the members.
    size
        For each household its members.
    pairs
        The pairs within households; both users of each are members of one.
    offsets
        Where the menus of the users begin.
    """

    home: IntArray
    rank: IntArray
    size: IntArray
    pairs: Pairs
    offsets: IntArray

    @cached_property
    def owner(self) -> IntArray:
        """For each package of the problem its user."""
        return frozen(owners(self.offsets))

    @cached_property
    def shared(self) -> BoolArray:
        """For each user whether somebody else belongs to the household."""
        shared: BoolArray = self.size[self.home] > 1
        return shared

    def plans(self, user: IntArray, package: IntArray) -> tuple[IntArray, IntArray]:
        """All plans that keep every pair, from what each member may have.

        Parameters
        ----------
        user, package
            What may be had, -1 for nothing, in the order of users.

        Returns
        -------
        tuple
            For each plan the household, in order, and one package for each rank, -1 for nothing
            and where there is no member of that rank.
        """
        rank = self.rank[user]
        home, plan = self.home[user[rank == 0]], package[rank == 0][:, None]
        for place in range(1, int(self.size.max(initial=1))):
            own = np.flatnonzero(rank == place)
            own = own[np.argsort(self.home[user[own]], kind="stable")]
            homes = self.home[user[own]]
            first = np.searchsorted(homes, home, side="left")
            count = np.searchsorted(homes, home, side="right") - first
            smaller = self.size[home] <= place
            count[smaller] = 1
            step = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
            at = np.repeat(first, count) + step
            home, plan, smaller = (np.repeat(each, count, axis=0) for each in (home, plan, smaller))
            added = np.full(len(home), NOTHING, dtype=np.int64)
            added[~smaller] = package[own[at[~smaller]]]
            plan = np.column_stack([plan, added])
        kept = ~self.forbidden(plan)
        return home[kept], plan[kept]

    def forbidden(self, plan: IntArray) -> BoolArray:
        """For each plan whether it does not keep a pair."""
        broken = np.zeros(len(plan), dtype=np.bool_)
        for (one, other), (keys, _) in self._forbidden.items():
            broken |= np.isin(self._keys(plan[:, one], plan[:, other]), keys)
        return broken

    def adds(self, plan: IntArray) -> IntArray:
        """For each plan what its packages add to each other."""
        total = np.zeros(len(plan), dtype=np.int64)
        for (one, other), (keys, amounts) in self._adding.items():
            own = self._keys(plan[:, one], plan[:, other])
            at = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
            total += np.where(keys[at] == own, amounts[at], 0)
        return total

    def _keys(self, one: IntArray, other: IntArray) -> IntArray:
        """One number for each two packages, nothing included."""
        keys: IntArray = (one + 1) * (int(self.offsets[-1]) + 1) + other + 1
        return keys

    @cached_property
    def _forbidden(self) -> dict[tuple[int, int], tuple[IntArray, IntArray]]:
        """By two ranks the keys of packages that nobody may have together."""
        pairs = self.pairs
        out, needs = pairs.kind == EXCLUDES, pairs.only(pairs.kind == REQUIRES)
        blocks = [(pairs.first[out], pairs.second[out], self._rank(pairs.second[out]))]
        for first, second in zip(needs.first.tolist(), needs.second.tolist(), strict=True):
            # What is required excludes everything else that its user may have, and nothing too.
            user = int(np.searchsorted(self.offsets, second, side="right")) - 1
            menu = np.arange(self.offsets[user], self.offsets[user + 1])
            rest = np.append(menu[menu != second], NOTHING)
            blocks.append((np.full(len(rest), first), rest, np.full(len(rest), self.rank[user])))
        one, other, rank = (np.concatenate(column) for column in zip(*blocks, strict=True))
        return self._by_ranks(one, other, rank, np.zeros_like(one))

    @cached_property
    def _adding(self) -> dict[tuple[int, int], tuple[IntArray, IntArray]]:
        """By two ranks the keys of packages that add to each other, and what they add."""
        pairs = self.pairs.only(self.pairs.kind == ADDS)
        return self._by_ranks(pairs.first, pairs.second, self._rank(pairs.second), pairs.adds)

    def _rank(self, package: IntArray) -> IntArray:
        rank: IntArray = self.rank[self.owner[package]]
        return rank

    def _by_ranks(
        self, one: IntArray, other: IntArray, rank: IntArray, amounts: IntArray
    ) -> dict[tuple[int, int], tuple[IntArray, IntArray]]:
        own = self._rank(one)
        keys = self._keys(one, other)
        found = {}
        for places in sorted(set(zip(own.tolist(), rank.tolist(), strict=True))):
            mine = (own == places[0]) & (rank == places[1])
            unique, which = np.unique(keys[mine], return_inverse=True)
            total = np.zeros(len(unique), dtype=np.int64)
            np.add.at(total, which, amounts[mine])
            found[places] = unique, total
        return found


def households(problem: Problem, pairs: Pairs) -> tuple[Households | None, Pairs]:
    """The households that pairs join, and the pairs of those with too many plans to list.

    Raises
    ------
    OptionError
        Where packages of a household with too many plans are to add to each other, or such
        households have too many pairs.
    """
    both = pairs.users(problem)
    head = _joined(len(problem.users), both)
    choices = (np.diff(problem.menus.offsets) + 1).tolist()
    plans: dict[int, int] = {}
    for user in np.unique(both).tolist():
        plans[int(head[user])] = plans.get(int(head[user]), 1) * choices[user]
    large = np.array([plans[int(head[user])] > MOST_PLANS for user in both[:, 0]], dtype=np.bool_)
    rest = pairs.only(large)
    _refuse(rest)
    if large.all():
        return None, rest
    alone = np.isin(head, head[both[large, 0]])
    head[alone] = np.flatnonzero(alone)
    _, home, size = np.unique(head, return_inverse=True, return_counts=True)
    order = np.argsort(home, kind="stable")
    rank = np.empty_like(home)
    rank[order] = np.arange(len(home)) - np.repeat(np.cumsum(size) - size, size)
    joined = pairs.only(~large)
    offsets = problem.menus.offsets
    return Households(frozen(home), frozen(rank), frozen(size), joined, offsets), rest


def _joined(count: int, both: IntArray) -> IntArray:
    """For each user the first member of the household."""
    head = np.arange(count)

    def first(user: int) -> int:
        while head[user] != user:
            head[user] = head[head[user]]
            user = int(head[user])
        return user

    for one, other in both.tolist():
        low, high = sorted((first(one), first(other)))
        head[high] = low
    for user in np.unique(both).tolist():
        head[user] = first(user)
    return head


def _refuse(rest: Pairs) -> None:
    adding = np.flatnonzero(rest.kind == ADDS)
    if len(adding):
        raise OptionError(
            f"{rest.titles[adding[0]]}: this household has more than {MOST_PLANS:,} plans, as many "
            "as its members' menus multiplied, and what packages add to each other needs them "
            "listed; join fewer people, or shorten their menus"
        )
    if len(rest) > MOST_ROWS:
        raise OptionError(
            f"{rest.titles[0]}: {len(rest)} pairs stand in households with more than "
            f"{MOST_PLANS:,} plans, where each pair is a limit of its own, and {MOST_ROWS} are the "
            "most; join fewer people, or shorten their menus"
        )
