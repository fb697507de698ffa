"""One after the other: the best package that a sum of money buys, and serving in an order."""

import numpy as np

from metneed.models.arrays import IntArray, greatest, least, picked
from metneed.models.menus import Menus
from metneed.models.scenario import Choice

_NEVER = int(np.iinfo(np.int64).max)


def best_within(menus: Menus, choice: Choice, money: IntArray) -> IntArray:
    """For each user the package of most met need within the money, then cheaper, then first.

    Parameters
    ----------
    menus
        All packages.
    choice
        Under ``at_most_one`` nothing is preferred to a package that meets no need.
    money
        One sum a user, smallest money units.

    Returns
    -------
    IntArray
        Positions in the menus, -1 where nothing is affordable.
    """
    return _best(menus.offsets, menus.cost, menus.met_need, choice, money)


def _best(
    offsets: IntArray, cost: IntArray, met_need: IntArray, choice: Choice, money: IntArray
) -> IntArray:
    sizes = np.diff(offsets)
    within = cost <= np.repeat(money, sizes)
    if choice == "at_most_one":
        within &= met_need > 0
    need = np.where(within, met_need, -1)
    within &= need == np.repeat(greatest(need, offsets, -1), sizes)
    price = np.where(within, cost, _NEVER)
    within &= price == np.repeat(least(price, offsets, _NEVER), sizes)
    first = least(np.where(within, np.arange(len(cost)), _NEVER), offsets, _NEVER)
    return np.where(first == _NEVER, -1, first)


def serve(
    menus: Menus, choice: Choice, budget: int, order: IntArray, *, full_only: bool = False
) -> IntArray | int:
    """Users in an order, each taking the best package that the money still left pays for.

    Under ``exactly_one`` the cheapest package of everyone who comes later is kept back first.

    Parameters
    ----------
    menus, choice
        All packages, and whether everyone must have one.
    budget
        Money for all, smallest units.
    order
        Rows of the users in the order in which they are served.
    full_only
        Each takes the cheapest package of most met need, or (under ``exactly_one``) the
        cheapest of all: nothing in between.

    Returns
    -------
    IntArray or int
        Position of each user's package, -1 for nothing; or, where the cheapest packages of all
        cost more than the budget, the money that is missing.
    """
    queue, positions = menus.subset(order), menus.positions(order)
    floor = np.zeros(len(order), dtype=np.int64)
    if choice == "exactly_one":
        floor = least(queue.cost, queue.offsets, 0)
    left = budget - int(floor.sum())
    if left < 0:
        return -left
    cost = _full_or_floor(queue, choice, floor) if full_only else queue.cost
    picks = np.full(len(order), -1, dtype=np.int64)
    start = 0
    while start < len(order):
        first = queue.offsets[start]
        chosen = _best(
            queue.offsets[start:] - first,
            cost[first:],
            queue.met_need[first:],
            choice,
            floor[start:] + left,
        )
        chosen = np.where(chosen >= 0, chosen + first, -1)
        spent = np.cumsum(np.where(chosen >= 0, picked(cost, chosen) - floor[start:], 0))
        # A choice made with more money in hand stays the best one as long as it still fits.
        served = int(np.searchsorted(spent, left, side="right"))
        picks[start : start + served] = chosen[:served]
        left -= int(spent[served - 1])
        start += served
    result = np.full(menus.n_users, -1, dtype=np.int64)
    result[order] = picked(positions, picks, nothing=-1)
    return result


def _full_or_floor(queue: Menus, choice: Choice, floor: IntArray) -> IntArray:
    """Costs, out of reach for all but the full package and the cheapest where one is due."""
    full = (queue.met_need == queue.best_met_need[queue.user]) & (
        queue.cost == queue.full_cost[queue.user]
    )
    due = (queue.cost == floor[queue.user]) & (choice == "exactly_one")
    return np.where(full | due, queue.cost, _NEVER)
