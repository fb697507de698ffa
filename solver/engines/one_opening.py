"""One opening: the problem with its open services decided, handed to the engine that fits it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from metneed.models.allocation import WHOLE, Parts
from metneed.models.arrays import BoolArray, IntArray, frozen, picked
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.models.sums import exact_sum
from metneed.solver.engines.exact import Whole, whole_optimum
from metneed.solver.engines.lagrangian import RowsOptimum, relax, rows_optimum
from metneed.solver.engines.one_budget import linear_optimum
from metneed.solver.engines.part_packages import total_of_parts
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.pool import Opening, Pool, opening
from metneed.solver.engines.rows import Row
from metneed.solver.engines.rows_whole import rows_whole_optimum
from metneed.solver.engines.shortfall import Shortfall
from metneed.solver.engines.weak_duality import Bound
from metneed.solver.engines.whole_answer import NoWholeAnswer, RowsWhole

BUDGET_ONLY = 1
"""Rows up to which the engines for one budget serve."""


def with_nothing(menus: Menus, due: BoolArray) -> tuple[Menus, IntArray]:
    """Menus from which everyone takes exactly one, nothing being one where it is allowed.

    With, for each entry, its position in the menus given, -1 for nothing.
    """
    sizes = np.diff(menus.offsets)
    first = menus.offsets[:-1][~due]
    package = np.insert(np.arange(menus.n_packages), first, -1)
    offsets = np.concatenate([[0], np.cumsum(sizes + ~due)])
    columns = (picked(column, package) for column in (menus.cost, menus.met_need))
    full = Menus.of(offsets, *columns, value=picked(menus.value, package))
    return full, package


@dataclass(frozen=True, eq=False)
class Task:
    """Packages, whom nothing is no choice for, limits, services, and how to run.

    Parameters
    ----------
    menus, due
        The packages, and for each user whether nothing is no choice.
    rows
        The limits. Where services cost anything the first of them is the budget.
    pools
        The services that are open or closed.
    divisible
        Whether part packages are allowed.
    settings
        Limits of time and memory for all together.
    deadline
        Of the clock `time.monotonic`.
    """

    menus: Menus
    due: BoolArray
    rows: tuple[Row, ...]
    pools: tuple[Pool, ...]
    divisible: bool
    settings: Settings
    deadline: float

    @property
    def budget_only(self) -> bool:
        """Whether the first row is the cost of packages, and there is no other."""
        return len(self.rows) == BUDGET_ONLY and self.rows[0].base is self.menus.cost

    def left(self) -> Settings:
        """The settings with the time that is left."""
        seconds = max(0.01, self.deadline - time.monotonic())
        return self.settings.model_copy(update={"time_limit": seconds, "write_lp": None})


@dataclass(frozen=True, eq=False)
class Answer:
    """The best packages with some services open.

    Parameters
    ----------
    found
        The engine's answer; positions in the menus of the task.
    value
        What it is worth, open services included.
    upper_bound
        Nothing with these services open is worth more.
    cost
        What it counts in the first row, services that are used included.
    used
        The services that somebody's packages need.
    least
        The services whose least members were asked for.
    rows
        The limits that the answer keeps, as the engine saw them but for all packages.
    """

    found: RowsWhole | RowsOptimum
    value: int
    upper_bound: int
    cost: int
    used: tuple[int, ...]
    least: tuple[int, ...]
    rows: tuple[Row, ...]


def dual_prices(
    task: Task, is_open: Sequence[int], least: Sequence[int]
) -> tuple[list[Fraction], bool]:
    """Prices of all rows where the linear programme of an opening has its optimum.

    And whether values count in them: where not, they show that the limits cannot be kept.
    """
    problem = opening(task.menus, task.rows, task.pools, is_open, least)
    if task.budget_only and not least:
        return _budget_price(task, problem)
    found = relax(problem.menus, task.due, problem.rows or _no_limit(problem), task.deadline)
    n_rows, n_pools = len(task.rows), len(task.pools)
    if found is None or isinstance(found, RowsInfeasible):
        certificate = None if found is None else found.certificate
        return spread(n_rows, n_pools, least, certificate), False
    return spread(n_rows, n_pools, least, found.bound), True


def _budget_price(task: Task, problem: Opening) -> tuple[list[Fraction], bool]:
    full, _ = with_nothing(problem.menus, task.due)
    limit = problem.rows[0].limit
    if limit >= 0:
        linear = linear_optimum(full, "exactly_one", limit, task.settings.engine)
        if not isinstance(linear, Shortfall):
            p, q = linear.multiplier
            return spread(1, len(task.pools), (), Bound((p,), q, 0)), True
    return spread(1, len(task.pools), (), Bound((1,), 1, 0)), False


def spread(n_rows: int, n_pools: int, least: Sequence[int], found: Bound | None) -> list[Fraction]:
    """The prices of one opening's rows as prices of all rows and of all services' members."""
    multipliers = () if found is None else found.multipliers
    q = 1 if found is None else found.denominator
    result = [Fraction(0)] * (n_rows + n_pools)
    places = [*range(n_rows), *(n_rows + k for k in least)]
    # An opening without any limit has a row that limits nothing, at no price.
    for place, p in zip(places, multipliers, strict=False):
        result[place] = Fraction(p, q)
    return result


def best_with(
    task: Task, is_open: Sequence[int], least: Sequence[int]
) -> Answer | RowsInfeasible | NoWholeAnswer:
    """The best packages with these services open, those in `least` with their least members.

    Raises
    ------
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    """
    problem = opening(task.menus, task.rows, task.pools, is_open, least)
    rows = problem.rows or _no_limit(problem)
    found: RowsWhole | RowsOptimum | RowsInfeasible | NoWholeAnswer
    if task.divisible:
        found = rows_optimum(problem.menus, task.due, rows, task.left())
    elif task.budget_only and not least:
        found = _within_budget(task, problem)
    else:
        found = rows_whole_optimum(problem.menus, task.due, rows, task.left())
    if isinstance(found, RowsInfeasible | NoWholeAnswer):
        return found
    return _answer(task, problem, is_open, least, found)


def _within_budget(task: Task, problem: Opening) -> RowsWhole | RowsInfeasible:
    """Whole packages where only the budget limits them."""
    nobody = np.zeros(0, dtype=np.int64)
    limit = problem.rows[0].limit
    if limit < 0:
        return RowsInfeasible(None, (-limit,), nobody)
    full, package = with_nothing(problem.menus, task.due)
    found = whole_optimum(full, "exactly_one", limit, task.left())
    if not isinstance(found, Whole):
        return RowsInfeasible(None, (found.shortfall,), nobody)
    p, q = found.multiplier
    return RowsWhole(
        frozen(picked(package, found.picks, nothing=-1)),
        found.value,
        found.upper_bound,
        Bound((p,), q, found.upper_bound * q),
        found.proof,
        found.least_cost,
        found.stopped,
        0,
    )


def _answer(
    task: Task,
    problem: Opening,
    is_open: Sequence[int],
    least: Sequence[int],
    found: RowsWhole | RowsOptimum,
) -> Answer:
    if isinstance(found, RowsWhole):
        picks = frozen(picked(problem.position, found.picks, nothing=-1))
        held = picks[picks >= 0]
        moved: RowsWhole | RowsOptimum = replace(found, picks=picks)
        cost = task.rows[0].total(picks) if task.rows else 0
        bound = found.upper_bound
    else:
        parts = Parts(
            found.parts.user, frozen(problem.position[found.parts.package]), found.parts.share
        )
        held, moved = parts.package, replace(found, parts=parts)
        cost = total_of_parts(task.rows[0], parts) if task.rows else 0
        bound = found.bound.value
    used = tuple(k for k in is_open if task.pools[k].needs[held].any())
    # A service that nobody uses costs nothing: it is not open at all.
    unused = set(is_open) - set(used)
    worth = problem.worth - sum(task.pools[k].worth for k in unused)
    first = sum(task.pools[k].cost for k in used)
    rows = [*task.rows, *(task.pools[k].members for k in least)]
    if task.rows and (taken := sum(task.pools[k].cost for k in is_open)):
        rows[0] = replace(rows[0], limit=rows[0].limit - taken)
    return Answer(
        moved,
        found.value + worth,
        max(bound + problem.worth, found.value + worth),
        cost + first,
        used,
        tuple(least),
        tuple(rows),
    )


def too_few(task: Task, answer: Answer) -> tuple[int, ...]:
    """The services in use that have fewer members than the least."""
    return tuple(k for k in answer.used if _is_short(task.pools[k].members, answer.found))


def _is_short(members: Row, found: RowsWhole | RowsOptimum) -> bool:
    if isinstance(found, RowsWhole):
        return not members.is_kept(found.picks)
    own = found.parts
    total = sum(
        int(amount) * share
        for amount, share in zip(
            members.base[own.package].tolist(), own.share.tolist(), strict=True
        )
    )
    # Shares are rounded to billionths.
    return bool(total > members.limit * WHOLE + exact_sum(np.abs(members.base[own.package])))


def _no_limit(problem: Opening) -> tuple[Row, ...]:
    return (Row("no limit", np.zeros(problem.menus.n_packages, dtype=np.int64), 0),)
