"""Pools: services that open only as a whole, at a cost, for enough members."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.menus import Menus
from metneed.solver.engines.rows import Row


@dataclass(frozen=True, eq=False)
class Pool:
    """A service that is open or closed; packages that need it fall away when it is closed.

    Parameters
    ----------
    needs
        For each package whether it needs the service.
    members
        The limit that an open service has no fewer members than the least, negated as every "no
        less than": each package counts minus its members, and the limit is minus the least. A
        limit of 0 asks for none.
    cost
        What opening takes from the first row, the budget; 0 or more.
    worth
        What opening adds to the value; 0 or less.
    """

    needs: BoolArray
    members: Row
    cost: int = 0
    worth: int = 0

    @property
    def least(self) -> int:
        """The fewest members with which it may be open, as its row counts them."""
        return -self.members.limit

    def subset(self, packages: IntArray) -> "Pool":
        """The same for the packages at these positions."""
        return Pool(self.needs[packages], row_of(self.members, packages), self.cost, self.worth)


@dataclass(frozen=True, eq=False)
class Opening:
    """The problem that is left once it is decided which services are open.

    Parameters
    ----------
    menus, rows
        The packages that need no closed service, and the limits on them, the first less the costs.
    position
        For each of these packages its position in the menus of the problem.
    worth
        What the open services add to the value of every answer.
    """

    menus: Menus
    rows: tuple[Row, ...]
    position: IntArray
    worth: int


def opening(
    menus: Menus,
    rows: Sequence[Row],
    pools: Sequence[Pool],
    is_open: Sequence[int],
    least: Sequence[int] = (),
) -> Opening:
    """The problem with some services open and all others closed.

    Parameters
    ----------
    menus, rows, pools
        The problem, the budget being the first row.
    is_open
        Which services are open.
    least
        Which of them must have their least members.
    """
    allowed = np.ones(menus.n_packages, dtype=np.bool_)
    for k in set(range(len(pools))) - set(is_open):
        allowed &= ~pools[k].needs
    kept = np.flatnonzero(allowed)
    left = Menus.of(
        np.concatenate([[0], np.cumsum(allowed)])[menus.offsets],
        menus.cost[kept],
        menus.met_need[kept],
        value=menus.value[kept],
    )
    cost = sum(pools[k].cost for k in is_open)
    shared = [row_of(row, kept) for row in (*rows, *(pools[k].members for k in least))]
    if cost:
        first = shared[0]
        shared[0] = Row(first.name, first.base, first.limit - cost, first.klass, first.weights)
    return Opening(left, tuple(shared), frozen(kept), sum(pools[k].worth for k in is_open))


def row_of(row: Row, packages: IntArray) -> Row:
    """A limit on the packages at these positions only."""
    klass = None if row.klass is None else frozen(row.klass[packages])
    return Row(row.name, frozen(row.base[packages]), row.limit, klass, row.weights)
