"""Ways to come: in what order the core is searched, and how far its later users can still reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from metneed.models.arrays import BoolArray, IntArray
from metneed.solver.engines.changes import Changes
from metneed.solver.engines.slopes import slope_order

_FAR = 2**61

Targets: TypeAlias = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Ways:
    """The steepest change upwards and the flattest downwards among users still to come.

    Each is a pair of value and cost, both positive; (0, 1) where nothing goes up, (1, 0) where
    nothing goes down.
    """

    up: tuple[int, int]
    down: tuple[int, int]

    def may_reach(self, targets: Targets, cost: IntArray, value: IntArray) -> BoolArray:
        """Whether the users to come might bring each state to one of the targets.

        A target is a greatest cost with a least value. In integers, and True where unsure.

        No change up is steeper than any change down, because the multiplier lies between them:
        going down to go up elsewhere gains nothing.
        """
        reached = np.zeros(len(cost), dtype=np.bool_)
        for most_cost, least_value in targets:
            room, missing = most_cost - cost, least_value - value
            upwards = _at_least(self.up[0], room, self.up[1], missing)
            downwards = _at_least(self.down[1], -missing, self.down[0], -room)
            reached |= np.where(room >= 0, upwards, downwards)
        return reached


def _at_least(a: int, x: IntArray, b: int, y: IntArray) -> BoolArray:
    """Whether a x >= b y, or perhaps so where the products may leave 64 bits; a, b at least 0."""
    most_x, most_y = _FAR // max(a, 1), _FAR // max(b, 1)
    surely = (x > most_x) | (y < -most_y)
    # Faster than np.clip, which asks for the limits of the type each time.
    x, y = (np.maximum(np.minimum(z, most), -most) for z, most in ((x, most_x), (y, most_y)))
    close: BoolArray = a * x >= b * y
    return surely | close


def in_order(changes: Changes) -> tuple[IntArray, list[Ways]]:
    """Core users in the order of the search, and what is still to come after each.

    Users alternate between the steepest way up and the flattest way down, which bring the
    totals to the budget soonest and leave the least to those to come.
    """
    owner = np.repeat(np.arange(len(changes.user)), np.diff(changes.offsets))
    up = np.flatnonzero(changes.cost > 0)
    down = np.flatnonzero(changes.cost < 0)
    up = up[slope_order(changes.value[up], changes.cost[up])]
    down = down[slope_order(-changes.value[down], -changes.cost[down])][::-1]
    best_up, best_down = (_first_of(owner[rows], len(changes.user)) for rows in (up, down))
    # A user stands where the better of the two comes; those up go before those down.
    never = 2 * len(owner) + 2
    place = np.minimum(
        np.where(best_up >= 0, 2 * best_up, never),
        np.where(best_down >= 0, 2 * best_down + 1, never),
    )
    order = np.argsort(place, kind="stable")
    after_up = _least_after(np.where(best_up >= 0, best_up, never)[order], never)
    after_down = _least_after(np.where(best_down >= 0, best_down, never)[order], never)
    ways = [
        Ways(
            (int(changes.value[up[u]]), int(changes.cost[up[u]])) if u < never else (0, 1),
            (-int(changes.value[down[d]]), -int(changes.cost[down[d]])) if d < never else (1, 0),
        )
        for u, d in zip(after_up.tolist(), after_down.tolist(), strict=True)
    ]
    return order, ways


def _first_of(owner: IntArray, users: int) -> IntArray:
    """For each user the place of the first entry, -1 for none."""
    first = np.full(users, -1, dtype=np.int64)
    found, place = np.unique(owner, return_index=True)
    first[found] = place
    return first


def _least_after(places: IntArray, never: int) -> IntArray:
    """For each entry the least of all later ones."""
    return np.append(np.minimum.accumulate(places[::-1])[::-1][1:], never)[: len(places)]
