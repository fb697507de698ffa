"""Rounding: good whole packages, from where the steps of the frontier stop fitting."""

import numpy as np

from metneed.models.arrays import IntArray, picked
from metneed.models.menus import Menus
from metneed.solver.engines.frontier import Break, Frontier


def fill(frontier: Frontier, end: Break) -> IntArray:
    """Whole packages that go on past steps that do not fit, as long as any step fits.

    A user one of whose steps does not fit takes none of the later ones.

    Parameters
    ----------
    frontier
        All steps.
    end
        Where the budget ends on the list.

    Returns
    -------
    IntArray
        For each user the position in the menus, -1 for nothing.
    """
    points, room = frontier.points(end.count), end.room
    steps = np.arange(end.count, frontier.n_steps)
    passed = np.zeros(frontier.hulls.n_users, dtype=np.bool_)
    while True:
        fits = frontier.cost[steps] <= room
        passed[frontier.user[steps[~fits]]] = True
        steps = steps[fits & ~passed[frontier.user[steps]]]
        if not len(steps):
            return frontier.hulls.package[points]
        spent = np.cumsum(frontier.cost[steps])
        taken = int(np.searchsorted(spent, room, side="right"))
        np.add.at(points, frontier.user[steps[:taken]], 1)
        room -= int(spent[taken - 1])
        steps = steps[taken:]


def improve(menus: Menus, picks: IntArray, room: int) -> IntArray:
    """The same packages after the best change of one user's package, and so on while any helps.

    Parameters
    ----------
    menus
        All packages.
    picks
        For each user the position in the menus, -1 for nothing.
    room
        Money still left, smallest units.
    """
    picks = picks.copy()
    while menus.n_packages:
        more = menus.cost - picked(menus.cost, picks)[menus.user]
        gain = menus.value - picked(menus.value, picks)[menus.user]
        open_to = np.flatnonzero((more <= room) & ((gain > 0) | ((gain == 0) & (more < 0))))
        if not len(open_to):
            break
        best = open_to[np.lexsort((more[open_to], -gain[open_to]))[0]]
        picks[menus.user[best]] = best
        room -= int(more[best])
    return picks
