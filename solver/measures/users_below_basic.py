"""Users below basic need: how many people do not even have their basic need met."""

from collections.abc import Mapping

import numpy as np

from metneed.models.allocation import WHOLE, Allocation, Parts
from metneed.models.arrays import IntArray, picked
from metneed.models.comparison import Number
from metneed.models.problem import Problem
from metneed.solver.measure import Context, Measure


def users_below_basic(
    allocation: Allocation, context: Context, users: IntArray
) -> Mapping[str, Number]:
    """The number of users whose met basic need is below their basic need.

    None where the users have no basic need.
    """
    basic_need = context.problem.users.basic_need
    if basic_need is None:
        return {"users_below_basic": None}
    met = _met_basic_need(allocation, context.problem, users)
    return {"users_below_basic": int(np.count_nonzero(met < basic_need[users]))}


def _met_basic_need(allocation: Allocation, problem: Problem, users: IntArray) -> IntArray:
    """Met basic need as recorded for the packages; where it is not, all met need counts."""
    held = problem.previous if allocation.from_previous else problem.menus
    basic = None if held is None else held.basic_met_need
    if basic is None:
        return allocation.met_need[users]
    if allocation.parts is not None:
        return _of_parts(allocation.parts, basic, users)
    return picked(basic, allocation.package[users])


def _of_parts(parts: Parts, basic: IntArray, users: IntArray) -> IntArray:
    """The met basic need of mixes, rounded down, in integers."""
    first = np.searchsorted(parts.user, users, side="left")
    count = np.searchsorted(parts.user, users, side="right") - first
    row = np.repeat(np.arange(len(users)), count)
    begin = np.cumsum(count) - count
    part = np.repeat(first - begin, count) + np.arange(len(row))
    # basic x share may pass 2^63: whole and rest of basic over WHOLE are multiplied apart.
    whole, rest = np.divmod(basic[parts.package[part]], WHOLE)
    met, billionths = np.zeros((2, len(users)), dtype=np.int64)
    np.add.at(met, row, whole * parts.share[part])
    np.add.at(billionths, row, rest * parts.share[part])
    result: IntArray = met + billionths // WHOLE
    return result


MEASURE = Measure(
    name="users_below_basic",
    title="users below basic need",
    units={"users_below_basic": "users"},
    compute=users_below_basic,
)
