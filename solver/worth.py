"""What packages are worth to the objective, with what those of a household add to each other."""

import numpy as np

from metneed.models.allocation import WHOLE, Parts
from metneed.models.arrays import BoolArray, IntArray, frozen, picked
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.constraint import Effect
from metneed.solver.engines.arrange import greatest
from metneed.solver.engines.part_packages import value_of_parts
from metneed.solver.households import NOTHING, Households


def worth(problem: Problem, effect: Effect, parts: Parts) -> int | None:
    """What parts are worth, each split user's or household's value rounded down.

    The parts of a household are arranged as the mix of plans that is worth most. None where they
    are no mix of plans that keep all pairs.
    """
    value = problem.menus.value
    if effect.added is not None:
        value = frozen(value * effect.scale + effect.added)
    homes = effect.households
    if homes is None:
        return value_of_parts(value, parts)
    shared = homes.shared[parts.user]
    total = value_of_parts(value, _only(parts, ~shared))
    ours = _only(parts, shared)
    split = np.zeros(len(homes.size), dtype=np.bool_)
    split[homes.home[ours.user[ours.share < WHOLE]]] = True
    mixed = split[homes.home[ours.user]]
    whole = _whole(value, effect.scale, homes, _only(ours, ~mixed))
    if whole is None:
        return None
    total += whole
    ours = _only(ours, mixed)
    for home in np.flatnonzero(split).tolist():
        users = np.flatnonzero(homes.home == home)
        mine = _only(ours, homes.home[ours.user] == home)
        best = _mixed(value, effect.scale, homes, users, mine)
        if best is None:
            return None
        total += best
    return total


def _only(parts: Parts, which: BoolArray) -> Parts:
    return Parts(parts.user[which], parts.package[which], parts.share[which])


def _whole(value: IntArray, scale: int, homes: Households, parts: Parts) -> int | None:
    """What households without a split member have, a plan each."""
    plan = np.full((len(homes.size), int(homes.size.max(initial=1))), NOTHING, dtype=np.int64)
    plan[homes.home[parts.user], homes.rank[parts.user]] = parts.package
    if homes.forbidden(plan).any():
        return None
    return exact_sum(value[parts.package]) + scale * exact_sum(homes.adds(plan))


def _mixed(
    value: IntArray, scale: int, homes: Households, users: IntArray, parts: Parts
) -> int | None:
    """What a household's parts are worth, arranged as the best mix of plans; None for none."""
    rest = np.array([WHOLE - int(parts.share[parts.user == user].sum()) for user in users])
    left = rest > 0
    user = np.concatenate([parts.user, users[left]])
    package = np.concatenate([parts.package, np.full(int(left.sum()), NOTHING)])
    share = np.concatenate([parts.share, rest[left]])
    if (rest < 0).any():
        return None
    order = np.argsort(user, kind="stable")
    user, package, share = user[order], package[order], share[order]
    row = {
        (rank, held): place
        for place, (rank, held) in enumerate(
            zip(homes.rank[user].tolist(), package.tolist(), strict=True)
        )
    }
    _, plan = homes.plans(user, package)
    plan = plan[:, : len(users)]
    of_plan = picked(value, plan.ravel()).reshape(plan.shape).sum(axis=1) + scale * homes.adds(plan)
    rows = [[row[rank, held] for rank, held in enumerate(each)] for each in plan.tolist()]
    found = greatest(of_plan.tolist(), rows, share.tolist())
    return None if found is None else int(found // WHOLE)
