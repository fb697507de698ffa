"""What each user would buy as the money rises: the packages that are ever the best, in order."""

from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray, frozen
from metneed.models.menus import Menus
from metneed.models.scenario import Choice


@dataclass(frozen=True, eq=False)
class Staircase:
    """Costs at which users begin to buy another package, by user and rising.

    Parameters
    ----------
    user, cost
        Row of the user, and what the package of this step costs.
    more
        What it costs more than the step before it; the whole cost for the first.
    """

    user: IntArray
    cost: IntArray
    more: IntArray


def staircase(menus: Menus, choice: Choice) -> Staircase:
    """The steps of `best_within` for every sum of money, as it rises.

    Parameters
    ----------
    menus
        All packages.
    choice
        Under ``at_most_one`` a package that meets no need is never bought.
    """
    user, cost, met = menus.user, menus.cost, menus.met_need
    # By cost, and of those that cost the same the one that meets most need first.
    order = np.lexsort((-met, cost, user))
    user, cost, met = user[order], cost[order], met[order]
    # Ranks of met need make room for the user in front, so that one running maximum serves all.
    rank = np.unique(met, return_inverse=True)[1].astype(np.int64)
    wide = int(rank.max(initial=0)) + 2
    key = user * wide + rank
    best = np.maximum.accumulate(key) if len(key) else key
    first = np.ones(len(key), dtype=np.bool_)
    first[1:] = user[1:] != user[:-1]
    better = first.copy()
    better[1:] |= key[1:] > best[:-1]
    if choice == "at_most_one":
        better &= met > 0
    user, cost = user[better], cost[better]
    start = np.ones(len(user), dtype=np.bool_)
    start[1:] = user[1:] != user[:-1]
    more = np.where(start, cost, cost - np.concatenate([[0], cost[:-1]]) if len(cost) else cost)
    return Staircase(frozen(user), frozen(cost), frozen(more))
