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
from metneed.models.settings import Engine
from metneed.solver.engines.kernels import kernels_for


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

    def copies(self) -> IntArray:
        """For each core user how many earlier ones have just the same single change.

        0 for users with several changes. Of users who are the same, an allocation may be taken to
        change the earlier ones first.
        """
        result = np.zeros(len(self.user), dtype=np.int64)
        single = np.flatnonzero(np.diff(self.offsets) == 1)
        rows = self.offsets[:-1][single]
        order = np.lexsort((self.value[rows], self.cost[rows]))
        cost, value = self.cost[rows[order]], self.value[rows[order]]
        new = np.ones(len(order), dtype=np.bool_)
        new[1:] = (np.diff(cost) != 0) | (np.diff(value) != 0)
        place = np.arange(len(order))
        result[single[order]] = place - np.maximum.accumulate(np.where(new, place, 0))
        return result

    def within(self, slack: int) -> "Changes":
        """The changes that lose no more than a slack."""
        rows = np.flatnonzero(self.loss <= slack)
        owner = np.repeat(np.arange(len(self.user)), np.diff(self.offsets))[rows]
        return _grouped(
            self.user[owner],
            self.package[rows],
            self.cost[rows],
            self.value[rows],
            self.loss[rows],
        )

    @classmethod
    def none(cls) -> "Changes":
        """No changes of anyone."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(np.zeros(1, dtype=np.int64), empty, empty, empty, empty, empty)

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


def changes_within(  # noqa: PLR0913, PLR0917 - the problem, the start, and how to run
    menus: Menus,
    choice: Choice,
    picks: IntArray,
    multiplier: tuple[int, int],
    slack: int,
    engine: Engine = "auto",
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
    engine
        What the pass over all packages runs on.
    """
    p, q = multiplier
    surplus = q * picked(menus.value, picks) - p * picked(menus.cost, picks)
    package = kernels_for(menus, engine).near(menus, picks, multiplier, slack)
    user = np.searchsorted(menus.offsets, package, side="right") - 1
    if choice == "at_most_one":
        giving_up = np.flatnonzero((picks >= 0) & (surplus <= slack))
        user = np.concatenate([giving_up, user])
        package = np.concatenate([np.full(len(giving_up), -1), package])
    cost, value = (
        picked(column, package) - picked(column, picks[user])
        for column in (menus.cost, menus.value)
    )
    # A change that costs and is worth no more, or saves and is worth no less, is the pick again.
    rows = np.flatnonzero((np.sign(cost) == np.sign(value)) & (cost != 0))
    rows = rows[np.argsort(user[rows], kind="stable")]
    cost, value = cost[rows], value[rows]
    return _grouped(user[rows], package[rows], cost, value, p * cost - q * value)


def _grouped(
    user: IntArray, package: IntArray, cost: IntArray, value: IntArray, loss: IntArray
) -> Changes:
    """Changes sorted by user, with where those of each user begin."""
    first = np.flatnonzero(np.diff(user, prepend=-1))
    offsets = np.append(first, len(user)).astype(np.int64)
    return Changes(offsets, user[first], package, cost, value, loss)
