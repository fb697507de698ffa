"""Upper hulls: the steps by which each user's met need can grow, best value for money first."""

from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import IntArray, frozen, greatest, picked
from metneed.models.errors import NumbersTooLargeError
from metneed.models.limits import AMOUNT_LIMIT, PRODUCT_LIMIT, SUM_LIMIT
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Engine
from metneed.models.sums import exact_sum
from metneed.solver.engines.kernels import kernels_for


@dataclass(frozen=True, eq=False)
class Hulls:
    """The strict upper hull of each menu, as flat arrays with the base of each user first.

    Parameters
    ----------
    offsets
        Where each user's points begin, one more than there are users; every user has a point.
    package
        Position of the package in the menus, -1 for nothing.
    cost, value
        Smallest units; within a user both rise strictly and their slopes fall strictly.
    """

    offsets: IntArray
    package: IntArray
    cost: IntArray
    value: IntArray

    @property
    def n_users(self) -> int:
        """How many users there are."""
        return len(self.offsets) - 1


def upper_hulls(menus: Menus, choice: Choice, engine: Engine = "auto") -> Hulls:
    """The upper hull of every menu, from the base of its user on.

    The base is what a user has when no money can be saved any more. Under ``at_most_one`` it is
    nothing, or the best package that costs nothing; under ``exactly_one`` it is the cheapest
    package, of most value where several are. An empty menu has nothing. Among identical packages
    the first is taken.

    Parameters
    ----------
    menus
        Costs 0 or more.
    choice
        Whether a user may go without.

    Raises
    ------
    NumbersTooLargeError
        Where exact arithmetic in 64 bits is not sure.

    Notes
    -----
    From each point the hull goes on to the package with the steepest slope, the farthest of
    several. Whether slopes are equal is decided in integers, so that nothing is rounded.
    """
    check_magnitudes(menus)
    counts, package = kernels_for(menus, engine).hull_points(menus, choice)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    cost, value = (picked(column, package) for column in (menus.cost, menus.value))
    return Hulls(frozen(offsets), frozen(package), frozen(cost), frozen(value))


def check_magnitudes(menus: Menus) -> None:
    """Refuse costs and values whose products or sums may leave 64 bits.

    Raises
    ------
    NumbersTooLargeError
        The message says how many decimals must go for the numbers to fit.
    """
    cost, low, high = magnitudes(menus)
    value, total = high - low, menus.memo("most in all", lambda: _most_in_all(menus))
    drop = 0
    while (
        cost * value >= PRODUCT_LIMIT * 10**drop
        or max(cost, value) >= AMOUNT_LIMIT * 10**drop
        or total >= SUM_LIMIT * 10**drop
    ):
        drop += 1
    if drop:
        decimals = "1 decimal" if drop == 1 else f"{drop} decimals"
        raise NumbersTooLargeError(
            f"the greatest cost is {cost} and the greatest value {value} in smallest units, too "
            f"large for exact 64-bit arithmetic; with {decimals} fewer in money_decimals and "
            "need_decimals together, or amounts in larger units, they fit"
        )


def magnitudes(menus: Menus) -> tuple[int, int, int]:
    """The greatest cost (at least 1), the least value (at most 0) and the greatest (at least 1)."""
    return menus.memo(
        "magnitudes",
        lambda: (
            int(menus.cost.max(initial=1)),
            int(menus.value.min(initial=0)),
            int(menus.value.max(initial=1)),
        ),
    )


def _most_in_all(menus: Menus) -> int:
    """No sum over users of costs or of values is above this."""
    cost, low, high = magnitudes(menus)
    total = max(cost, high, -low) * menus.n_users
    if total < SUM_LIMIT:
        return total
    # Only now a closer look is worth its time.
    columns = (menus.cost, menus.value)
    per_user = (greatest(np.abs(column), menus.offsets, 0) for column in columns)
    return max(exact_sum(column) for column in per_user)
