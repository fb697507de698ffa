"""Changes of picks: what each would cost, be worth and lose, for the few that may matter.

Everything is counted from one choice of packages, the picks of the break. A change of a user's
package has a loss p x cost - q x value, which is never negative; the loss of several changes is
the sum of theirs. Whatever beats the best solution known loses no more than a known slack.
"""

from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray, picked
from metneed.models.menus import Menus
from metneed.models.scenario import Choice


@dataclass(frozen=True, eq=False)
class Changes:
    """Changes of picks, user after user.

    Parameters
    ----------
    offsets
        Where the changes of each core user begin, one more than there are core users.
    user
        Row of each core user.
    package
        Position in the menus that each change leads to, -1 for nothing.
    cost, value
        What it adds, both positive, or saves and gives up, both negative.
    loss
        p x cost - q x value, 0 or more.
    """

    offsets: IntArray
    user: IntArray
    package: IntArray
    cost: IntArray
    value: IntArray
    loss: IntArray

    def least_losses(self) -> IntArray:
        """For each core user the least loss of any change."""
        return np.minimum.reduceat(self.loss, self.offsets[:-1]) if len(self.user) else self.loss

    def of_users(self, chosen: IntArray) -> "Changes":
        """The changes of some core users, in the order given."""
        sizes = np.diff(self.offsets)[chosen]
        ends = np.cumsum(sizes)
        rows = np.arange(sizes.sum()) + np.repeat(self.offsets[chosen] - ends + sizes, sizes)
        return Changes(
            np.concatenate([[0], ends]),
            self.user[chosen],
            self.package[rows],
            self.cost[rows],
            self.value[rows],
            self.loss[rows],
        )


def changes_within(
    menus: Menus, choice: Choice, picks: IntArray, multiplier: tuple[int, int], slack: int
) -> Changes:
    """All changes of picks that lose no more than the slack.

    Parameters
    ----------
    menus, choice
        The packages, and whether a user may have nothing.
    picks
        For each user the package of greatest q x value - p x cost, -1 for nothing.
    multiplier
        p and q.
    slack
        Greatest loss of interest.
    """
    p, q = multiplier
    pick_cost, pick_value = picked(menus.cost, picks), picked(menus.value, picks)
    greatest = q * pick_value - p * pick_cost
    loss = greatest[menus.user] - (q * menus.value - p * menus.cost)
    package = np.flatnonzero(loss <= slack)
    user, loss = menus.user[package], loss[package]
    cost, value = menus.cost[package], menus.value[package]
    if choice == "at_most_one":
        giving_up = np.flatnonzero((picks >= 0) & (greatest <= slack))
        nothing = np.zeros(len(giving_up), dtype=np.int64)
        user, loss = np.concatenate([giving_up, user]), np.concatenate([greatest[giving_up], loss])
        package = np.concatenate([nothing - 1, package])
        cost, value = np.concatenate([nothing, cost]), np.concatenate([nothing, value])
    cost, value = cost - pick_cost[user], value - pick_value[user]
    # A change that costs and is worth no more, or saves and is worth no less, is the pick again.
    real = np.flatnonzero((np.sign(cost) == np.sign(value)) & (cost != 0))
    order = real[np.argsort(user[real], kind="stable")]
    core, first = np.unique(user[order], return_index=True)
    return Changes(
        np.append(first, len(order)).astype(np.int64),
        core,
        package[order],
        cost[order],
        value[order],
        loss[order],
    )
