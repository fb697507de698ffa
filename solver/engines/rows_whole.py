"""Several limits and whole packages: a good answer, a proved bound, and often the proved optimum.

The linear programme is rounded down, filled up and improved by exchanges; meeting in the middle
over near ties finds better answers, and proves the best where it can list everything that could be
better. For the rest an outside solver may look among near ties. Answers are added up in integers.
"""

import time
from collections.abc import Sequence

import numpy as np

from metneed.models.arrays import BoolArray, frozen
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines.lagrangian import relax
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import Bound
from metneed.solver.engines.whole_answer import NoWholeAnswer, RowsWhole
from metneed.solver.engines.whole_search import WholeSearch


def rows_whole_optimum(
    menus: Menus,
    due: BoolArray | None,
    rows: Sequence[Row],
    settings: Settings | None = None,
) -> RowsWhole | NoWholeAnswer | RowsInfeasible:
    """The whole packages of greatest value that keep every row, or the best found.

    Parameters
    ----------
    menus
        The packages that are allowed.
    due
        For each user whether nothing is no choice; None where everybody may have nothing.
    rows
        The limits, the budget first: of packages worth the same, those that count least in the
        first row are chosen.
    settings
        Time and memory that the search may take, and the outside solver.

    Raises
    ------
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    """
    settings = settings or Settings()
    deadline = time.monotonic() + settings.time_limit
    needed = np.zeros(menus.n_users, dtype=np.bool_) if due is None else due
    # The search leans on a first row; one that counts nothing changes nothing.
    rows = rows or (Row("no limit", np.zeros(menus.n_packages, dtype=np.int64), 0),)
    relaxed = relax(menus, needed, rows, deadline)
    if isinstance(relaxed, RowsInfeasible):
        return relaxed
    if relaxed is None:
        nobody, none = frozen(np.zeros(0, dtype=np.int64)), Bound((0,) * len(rows), 1, 0)
        if any(row.limit < 0 for row in rows):
            return NoWholeAnswer(none, proved=True, stopped="finished")
        return RowsWhole(
            nobody, 0, 0, none, "proved", least_cost=True, stopped="finished", states=0
        )
    return WholeSearch(menus, needed, rows, relaxed, settings, deadline).answer()
