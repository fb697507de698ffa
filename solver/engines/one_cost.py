"""Whether what packages are worth says what they cost: then the greatest value has one cost."""

import numpy as np

from metneed.models.arrays import BoolArray
from metneed.models.menus import Menus

EXACT = 2**62


def one_cost(menus: Menus, due: BoolArray) -> bool:
    """Whether all choices of the same value cost the same.

    They do where a package that is worth so much more than another of the same person always
    costs proportionally more, or less: costs are a multiple of value, or what value falls short of
    something.

    Parameters
    ----------
    menus, due
        The packages, and for each user whether nothing is no choice; it is worth and costs 0.

    >>> one_cost(Menus.of([0, 2, 3], [3, 6, 9], [5, 4, 3]), np.array([True, True]))
    True
    >>> one_cost(Menus.of([0, 2, 3], [3, 6, 9], [5, 4, 3]), np.array([True, False]))
    False
    """
    starts = np.repeat(menus.offsets[:-1], np.diff(menus.offsets))
    least = due[menus.user]
    cost = menus.cost - np.where(least, menus.cost[starts], 0)
    value = menus.value - np.where(least, menus.value[starts], 0)
    at = int(np.abs(value).argmax()) if len(value) else 0
    if not len(value) or value[at] == 0:
        return not cost.any()
    per_cost, per_value = int(cost[at]), int(value[at])
    if max(int(np.abs(cost).max()), abs(per_cost)) * abs(per_value) >= EXACT:
        return bool((cost.astype(object) * per_value == value.astype(object) * per_cost).all())
    return bool((cost * per_value == value * per_cost).all())
