"""The menu of each user, built from plans: what each of them costs and how much need it meets.

What a package meets follows from its units by the one definition in `met_need`, whatever plan it
came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.instances.met_need import met_need, stated_need
from metneed.instances.plans import (
    PARTS,
    Plan,
    Services,
    Swap,
    Tables,
    in_full,
    standard_plans,
    swapped,
)
from metneed.models.arrays import BoolArray, IntArray, owners

__all__ = [
    "PARTS",
    "Built",
    "Plan",
    "Services",
    "Swap",
    "Tables",
    "build",
    "in_full",
    "standard_plans",
    "swapped",
]


@dataclass(frozen=True, eq=False)
class Built:
    """Needs and menus; one row a user, or one row a package by user and package identifier.

    Parameters
    ----------
    need, basic_need
        Of each user, smallest need units.
    offsets
        Where each user's packages begin, one more than there are users.
    plan
        For each package the position of its plan.
    origin
        For each package how it came about, as a position in `origins`.
    units
        Packages by services, thousandths of a unit.
    cost, met_need, basic_met_need
        Of each package, smallest units; cost after what the user pays.
    paid
        What the user pays towards each package, smallest money units.
    dominated
        Whether the user has a package that costs no more and meets no less, and is better in one
        of the two.
    plans
        The plans that packages were made from.
    origins
        In words: the plan, and those whose packages were the same.
    """

    need: IntArray
    basic_need: IntArray
    offsets: IntArray
    plan: IntArray
    origin: IntArray
    units: IntArray
    cost: IntArray
    paid: IntArray
    met_need: IntArray
    basic_met_need: IntArray
    dominated: BoolArray
    plans: tuple[Plan, ...]
    origins: tuple[str, ...]

    @property
    def user(self) -> IntArray:
        """For each package the row of its user."""
        return owners(self.offsets)


def build(tables: Tables, plans: Sequence[Plan], *, apart: bool = False) -> Built:
    """Needs and menus of all users.

    Of packages that agree in cost, met need and basic met need only the first plan's is kept,
    and its origin names the others; dominated ones are kept and marked.

    Parameters
    ----------
    tables
        What menus are built from.
    plans
        What packages are made from.
    apart
        Whether packages that agree are kept apart where they use other services.

    Raises
    ------
    ValueError
        Where two plans have the same package identifier.
    """
    name = _places([plan.package_id for plan in plans])
    user, plan, units, gross = _packages(tables, plans)
    met, basic = met_need(tables.needs, tables.reckoner, user, units)
    paid = np.zeros_like(gross)
    if tables.contribution is not None:
        paid = np.minimum(gross, tables.contribution[user])
    cost = gross - paid
    others = [user, cost, met, basic, *(units.T if apart else ())]
    kept, same = _first_of_equals(plan, others)
    origin, origins = _origins(plan, kept, same, plans)
    order = np.lexsort((name[plan[kept]], user[kept]))
    kept, origin = kept[order], origin[order]
    user, cost, met = user[kept], cost[kept], met[kept]
    need, basic_need = stated_need(tables.needs, tables.reckoner)
    return Built(
        need=need,
        basic_need=basic_need,
        offsets=np.searchsorted(user, np.arange(len(tables.needs) + 1)).astype(np.int64),
        plan=plan[kept],
        origin=origin,
        units=units[kept],
        cost=cost,
        paid=paid[kept],
        met_need=met,
        basic_met_need=basic[kept],
        dominated=_dominated(user, cost, met),
        plans=tuple(plans),
        origins=origins,
    )


def _places(ids: Sequence[str]) -> IntArray:
    """For each identifier its place in code-point order."""
    if len(set(ids)) < len(ids):
        raise ValueError("two plans have the same package identifier")
    return np.argsort(np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64))


def _packages(
    tables: Tables, plans: Sequence[Plan]
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """User, plan, units and gross cost of every package, by user and plan."""
    users, of_plan, units, stated = [], [], [], []
    for position, plan in enumerate(plans):
        rows = np.flatnonzero(plan.units.any(axis=1))
        users.append(rows if plan.rows is None else plan.rows[rows])
        of_plan.append(np.full(len(rows), position))
        units.append(plan.units[rows])
        stated.append(np.full(len(rows), -1) if plan.cost is None else plan.cost[rows])
    user, plan_of = np.concatenate(users), np.concatenate(of_plan)
    order = np.lexsort((plan_of, user))
    user, plan_of = user[order], plan_of[order]
    every, cost = np.concatenate(units)[order], np.concatenate(stated)[order]
    listed = tables.services.cost(tables.price_list[user], every)
    return user, plan_of, every, np.where(cost < 0, listed, cost)


def _first_of_equals(plan: IntArray, others: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """The packages that are kept, and for each package the place of its equal among them.

    Equal are those of the same user that agree in all other columns, the user being the first.
    """
    order = np.lexsort((plan, *reversed(others)))
    columns = np.stack(others)[:, order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (columns[:, 1:] != columns[:, :-1]).any(axis=0)
    same = np.empty(len(order), dtype=np.int64)
    same[order] = np.cumsum(new) - 1
    return order[new], same


def _origins(
    plan: IntArray, kept: IntArray, same: IntArray, plans: Sequence[Plan]
) -> tuple[IntArray, tuple[str, ...]]:
    """For each kept package a position in a list of words: its plan, and plans that agree."""
    place = plan[kept].copy()
    merged = np.ones(len(plan), dtype=bool)
    merged[kept] = False
    others = np.flatnonzero(merged)
    words = [each.origin for each in plans]
    if not len(others):
        return place, tuple(words)
    # Plans that agree with a kept one, as bits of as many whole numbers as they need.
    keepers, mine = np.unique(same[others], return_inverse=True)
    bits = np.zeros((len(keepers), 1 + len(plans) // 62), dtype=np.int64)
    np.bitwise_or.at(bits, (mine, plan[others] // 62), 1 << (plan[others] % 62))
    combinations, back = np.unique(
        np.column_stack([place[keepers], bits]), axis=0, return_inverse=True
    )
    place[keepers] = len(words) + back.reshape(-1)
    for first, *masks in combinations.tolist():
        agreeing = [
            other.package_id
            for position, other in enumerate(plans)
            if masks[position // 62] >> (position % 62) & 1
        ]
        words.append(f"{plans[first].origin}; the same as {', '.join(agreeing)}")
    return place, tuple(words)


def _dominated(user: IntArray, cost: IntArray, met: IntArray) -> BoolArray:
    """Whether a package of the same user is no dearer and no worse, and better in one."""
    order = np.lexsort((-met, cost, user))
    # Users are told apart in one running maximum by a step that no met need can climb.
    step = int(met.max(initial=0)) + 1
    height = met[order] + user[order] * step
    before = np.maximum.accumulate(np.concatenate([[-1], height[:-1]]))
    # Packages equal in both are not better than each other: they share the fate of the first.
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(height) != 0) | (np.diff(cost[order]) != 0)
    first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    dominated = np.zeros(len(order), dtype=bool)
    dominated[order] = (before >= height)[first]
    return dominated
