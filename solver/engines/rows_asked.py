"""Asking an outside solver about the users nearest a tie, everybody else as they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines.backend import ask
from metneed.solver.engines.near_ties import NearTies
from metneed.solver.engines.program import formulate_rows, whole_picks
from metneed.solver.engines.rows import Row


@dataclass(frozen=True, eq=False)
class Asked:
    """What an outside solver says, read as packages of everybody; None where it has none."""

    picks: IntArray | None
    finished: bool
    everything: bool


def ask_near_ties(
    menus: Menus, rows: Sequence[Row], near: NearTies, settings: Settings, seconds: float
) -> Asked:
    """The whole packages an outside solver gives; who has only one in question is not asked about.

    Raises
    ------
    OptionError
        Where the solver of the settings is not available.
    SolverError
        Where it failed.
    """
    position = np.flatnonzero(near.allowed)
    counts = np.bincount(menus.user[position], minlength=menus.n_users)
    decided = (counts + ~near.due) == 1
    fixed = np.full(menus.n_users, -1, dtype=np.int64)
    alone = decided[menus.user[position]]
    fixed[menus.user[position[alone]]] = position[alone]
    inner = position[~alone]
    users = np.flatnonzero(~decided)
    offsets = np.concatenate([[0], np.cumsum(counts[users])])
    small = Menus.of(offsets, menus.cost[inner], menus.value[inner], value=menus.value[inner])
    shrunk = [
        replace(
            row,
            base=row.base[inner],
            klass=None if row.klass is None else row.klass[inner],
            limit=row.limit - row.total(fixed),
        )
        for row in rows
    ]
    problem = formulate_rows(small, near.due[users], shrunk, divisible=False)
    answer = ask(problem, settings.solver, seconds)
    found = whole_picks(small, answer)
    picks = None
    if found is not None:
        picks = fixed.copy()
        picks[users] = np.where(found >= 0, inner[found], -1) if len(inner) else -1
    finished = answer.stopped == "finished" and answer.claim == "Optimal Solution Found"
    return Asked(picks, finished, near.everything)
