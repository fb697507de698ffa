"""What the best whole packages are worth and cost, told by means that know nothing of ours.

Three dynamic programmes as textbooks have them, and HiGHS: each gives the greatest value and (not
HiGHS) the least cost of that value, or None where the budget does not cover what all must have.
"""

from itertools import pairwise
from math import gcd

import highspy
import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
from metneed.models.scenario import Choice

NEVER = 2**61
Best = tuple[int, int] | None


def options_of(menus: Menus, choice: Choice) -> list[list[tuple[int, int]]]:
    """For each user the pairs of cost and value to choose one from, nothing being (0, 0)."""
    pairs = list(zip(menus.cost.tolist(), menus.value.tolist(), strict=True))
    found = [pairs[first:last] for first, last in pairwise(menus.offsets.tolist())]
    return [menu if menu and choice == "exactly_one" else [(0, 0), *menu] for menu in found]


def by_budget(menus: Menus, choice: Choice, budget: int) -> Best:
    """The greatest value for every exact cost up to the budget, user after user."""
    unit = gcd(*menus.cost.tolist()) or 1
    size = budget // unit + 1
    value = np.full(size, -NEVER)
    value[0] = 0
    for menu in options_of(menus, choice):
        before, value = value, np.full(size, -NEVER)
        for cost, need in menu:
            at = cost // unit
            if at < size:
                np.maximum(value[at:], before[: size - at] + need, out=value[at:])
    cost = int(value.argmax())
    return (int(value[cost]), cost * unit) if value[cost] >= 0 else None


def by_value(menus: Menus, choice: Choice, budget: int) -> Best:
    """The least cost of every exact value, user after user."""
    size = 1 + sum(max(need for _, need in menu) for menu in options_of(menus, choice))
    cost = np.full(size, NEVER)
    cost[0] = 0
    for menu in options_of(menus, choice):
        before, cost = cost, np.full(size, NEVER)
        for more, need in menu:
            np.minimum(cost[need:], before[: size - need] + more, out=cost[need:])
    within = np.flatnonzero(cost <= budget)
    return (int(within[-1]), int(cost[within[-1]])) if len(within) else None


def by_list(menus: Menus, choice: Choice, budget: int) -> Best:
    """All pairs of cost and value that no other pair beats, user after user."""
    cost = value = np.zeros(1, dtype=np.int64)
    for menu in options_of(menus, choice):
        costs, needs = (np.array(column)[:, None] for column in zip(*menu, strict=True))
        cost, value = (costs + cost).ravel(), (needs + value).ravel()
        within = np.flatnonzero(cost <= budget)
        within = within[np.lexsort((-value[within], cost[within]))]
        highest = np.maximum.accumulate(np.append(-1, value[within]))
        kept = within[value[within] > highest[:-1]]
        cost, value = cost[kept], value[kept]
        if not len(cost):
            return None
    return int(value[-1]), int(cost[-1])


class Highs:
    """HiGHS with no gap allowed, on one thread.

    Its tolerances stay what they are: asked for 1e-9, version 1.15 now and then stops short of the
    greatest value. Whatever it gives is rounded and checked in integers.
    """

    def __init__(self, nodes: int = 5_000) -> None:
        self.solver = highspy.Highs()
        for name, wanted in {
            "output_flag": False,
            "threads": 1,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.0,
            "mip_max_nodes": nodes,
        }.items():
            self.solver.setOptionValue(name, wanted)

    def between(self, menus: Menus, choice: Choice, budget: int) -> tuple[int, int] | None:
        """The value of its packages and its bound, which are equal unless it ran out of nodes."""
        filled = np.flatnonzero(np.diff(menus.offsets))
        rows = len(filled) + 1
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = menus.n_packages, rows
        programme.sense_ = highspy.ObjSense.kMaximize
        programme.col_cost_ = menus.value.astype(np.float64)
        programme.col_lower_ = np.zeros(menus.n_packages)
        programme.col_upper_ = np.ones(menus.n_packages)
        programme.integrality_ = [highspy.HighsVarType.kInteger] * menus.n_packages
        one = np.full(len(filled), 1.0 if choice == "exactly_one" else -highspy.kHighsInf)
        programme.row_lower_ = np.append(one, -highspy.kHighsInf)
        programme.row_upper_ = np.append(np.ones(len(filled)), float(budget))
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        columns = np.arange(menus.n_packages)
        programme.a_matrix_.start_ = np.append(
            menus.offsets[filled], [len(columns), 2 * len(columns)]
        )
        programme.a_matrix_.index_ = np.tile(columns, 2)
        programme.a_matrix_.value_ = np.append(np.ones(len(columns)), menus.cost)
        self.solver.passModel(programme)
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        given = np.rint(np.array(self.solver.getSolution().col_value)).astype(np.int64)
        assert_whole(menus, choice, budget, given)
        value = int(given @ menus.value)
        if status == highspy.HighsModelStatus.kSolutionLimit:
            return value, int(np.floor(self.solver.getInfo().mip_dual_bound + 1e-6))
        assert status in {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty}
        return value, value


def assert_whole(menus: Menus, choice: Choice, budget: int, given: IntArray) -> None:
    """Packages are whole, at most or exactly one a user, and within the budget, in integers."""
    assert ((given == 0) | (given == 1)).all()
    each = np.bincount(menus.user, weights=given, minlength=menus.n_users)
    assert (each <= 1).all()
    if choice == "exactly_one":
        assert (each == (np.diff(menus.offsets) > 0)).all()
    assert int(given @ menus.cost) <= budget
