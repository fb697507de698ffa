"""What it costs to meet each user's need, or the basic part of it."""

from typing import Literal

import numpy as np

from metneed.models.arrays import IntArray, frozen, greatest, least
from metneed.models.errors import OptionError
from metneed.models.problem import Problem


def need_costs(problem: Problem, of: Literal["full", "basic"]) -> IntArray:
    """For each user the cost of the cheapest package that meets the need, 0 without a menu.

    Where no package meets all basic need it is the cheapest of those that meet the most of it.

    Raises
    ------
    OptionError
        Where the users have no basic need.
    """
    menus = problem.menus
    if of == "full":
        return menus.full_cost
    basic = problem.users.basic_need
    if basic is None:
        raise OptionError("costs of basic need take the column basic_need of users")
    met = menus.met_need if menus.basic_met_need is None else menus.basic_met_need
    reach = np.minimum(greatest(met, menus.offsets, 0), basic)
    # A package that does not reach as far never wins.
    cost = np.where(met >= reach[menus.user], menus.cost, np.iinfo(np.int64).max)
    cheapest = least(cost, menus.offsets, 0)
    return frozen(np.where(reach > 0, cheapest, 0))
