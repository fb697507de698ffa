"""The menu of each user, built from needs, a price list and a ready reckoner.

Packages come from plans: what each user would have of each service. The plans are today's
services, all needs met in full, parts of that, the basic needs alone, one service swapped for
another, and each service that replaces all others. What a package meets follows from its units by
the one definition in `met_need`, whatever plan it came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.instances.met_need import WHOLE, Needs, Reckoner, met_need, stated_need
from metneed.models.arrays import BoolArray, IntArray, owners

PARTS = (75, 50, 25)
"""Percentages of the full package that are offered too."""


@dataclass(frozen=True, eq=False)
class Services:
    """The price list.

    Parameters
    ----------
    ids
        Identifiers, in the order in which their units go to needs.
    price
        Price lists by services: smallest money units for one unit.
    step, least_units
        Units are offered in whole steps, and not below the least; thousandths of a unit.
    replaces_all
        Whether nobody has another service beside it (a care home).
    """

    ids: tuple[str, ...]
    price: IntArray
    step: IntArray
    least_units: IntArray
    replaces_all: BoolArray

    def to_step(self, units: IntArray) -> IntArray:
        """Units rounded up to the step, and to the least units where there are any."""
        stepped = np.maximum(-(-units // self.step) * self.step, self.least_units)
        return np.where(units > 0, stepped, 0)

    def cost(self, price_list: IntArray, units: IntArray) -> IntArray:
        """Cost of units at list price, smallest money units, rounded up once a package."""
        exact: IntArray = (units * self.price[price_list]).sum(axis=1)
        return -(-exact // WHOLE)


@dataclass(frozen=True, eq=False)
class Tables:
    """What menus are built from.

    Parameters
    ----------
    needs
        What users need: one row a user.
    reckoner
        What each level of need counts, and what services do for it.
    services
        The price list.
    price_list
        For each user the row of prices that holds (by client group).
    """

    needs: Needs
    reckoner: Reckoner
    services: Services
    price_list: IntArray


@dataclass(frozen=True)
class Swap:
    """A service that can take the place of another in the full package.

    Parameters
    ----------
    package_id
        What the package is called.
    old, new
        Positions of the services in the price list.
    rate
        Units of the new service for a unit of the old, thousandths.
    parts
        Percentages of the package that are offered too.
    """

    package_id: str
    old: int
    new: int
    rate: int = WHOLE
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Plan:
    """One package for each user.

    Parameters
    ----------
    package_id
        What the package is called.
    origin
        How it came about, in words.
    units
        Users by services, thousandths of a unit; a user without any has no such package.
    """

    package_id: str
    origin: str
    units: IntArray


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
    units
        Packages by services, thousandths of a unit.
    cost, met_need, basic_met_need
        Of each package, smallest units.
    dominated
        Whether the user has a package that costs no more and meets no less, and is better in one
        of the two.
    plans
        The plans that packages were made from.
    """

    need: IntArray
    basic_need: IntArray
    offsets: IntArray
    plan: IntArray
    units: IntArray
    cost: IntArray
    met_need: IntArray
    basic_met_need: IntArray
    dominated: BoolArray
    plans: tuple[Plan, ...]

    @property
    def user(self) -> IntArray:
        """For each package the row of its user."""
        return owners(self.offsets)


def standard_plans(
    tables: Tables, *, current: IntArray | None = None, swaps: Sequence[Swap] = ()
) -> list[Plan]:
    """The plans of the usual menu, in the order in which equal packages are kept.

    Parameters
    ----------
    tables
        What menus are built from.
    current
        Today's units, users by services, where they are known.
    swaps
        Services that may take the place of others.
    """
    services = tables.services
    full = in_full(tables)
    plans = [] if current is None else [Plan("current", "today's services", current)]
    plans.append(Plan("full", "each need met in full, where it is reached best", full))
    plans += _parts(services, plans[-1], PARTS)
    basic = in_full(tables, basic_only=True)
    plans.append(Plan("basic", "the basic needs met in full, nothing else", basic))
    for swap in swaps:
        origin = f"full, with {services.ids[swap.new]} for {services.ids[swap.old]}"
        plans.append(Plan(swap.package_id, origin, swapped(full, services, swap)))
        plans += _parts(services, plans[-1], swap.parts)
    plans += [_alone(tables, int(service)) for service in np.flatnonzero(services.replaces_all)]
    return plans


def in_full(tables: Tables, *, basic_only: bool = False) -> IntArray:
    """Units that meet every need in full by the service that reaches it best.

    Of services that reach a need equally far the cheapest is taken, of equally cheap ones the
    first. What unpaid carers do is not planned for again.

    Parameters
    ----------
    tables
        What menus are built from.
    basic_only
        Whether only the basic needs are planned for.

    Returns
    -------
    Users by services, thousandths of a unit, up to the step.
    """
    needs, reckoner, services = tables.needs, tables.reckoner, tables.services
    choice = _choice(reckoner, services)[tables.price_list[:, None], needs.level]
    if basic_only:
        choice = np.where(needs.basic, choice, -1)
    units = np.zeros((len(needs), len(services.ids)), dtype=np.int64)
    for service in range(len(services.ids)):
        asked = reckoner.units[:, service][needs.level] * (WHOLE - needs.informal)
        exact = np.where(choice == service, asked, 0).sum(axis=1)
        units[:, service] = -(-exact // WHOLE)
    return services.to_step(units)


def swapped(units: IntArray, services: Services, swap: Swap) -> IntArray:
    """The same units with one service in the place of another; nothing where there is none."""
    changed = units.copy()
    changed[:, swap.new] += -(-units[:, swap.old] * swap.rate // WHOLE)
    changed[:, swap.old] = 0
    return np.where(units[:, [swap.old]] > 0, services.to_step(changed), 0)


def build(tables: Tables, plans: Sequence[Plan]) -> Built:
    """Needs and menus of all users.

    Of packages that agree in cost, met need and basic met need only the first plan's is kept;
    dominated ones are kept and marked.

    Parameters
    ----------
    tables
        What menus are built from.
    plans
        What packages are made from.
    """
    every = np.stack([plan.units for plan in plans], axis=1)
    user, plan = np.nonzero(every.any(axis=2))
    units = every[user, plan]
    met, basic = met_need(tables.needs, tables.reckoner, user, units)
    cost = tables.services.cost(tables.price_list[user], units)
    kept = _first_of_equals(user, plan, cost, met, basic)
    name = np.argsort(np.argsort([plan.package_id for plan in plans], kind="stable"))
    kept = kept[np.lexsort((name[plan[kept]], user[kept]))]
    user, cost, met = user[kept], cost[kept], met[kept]
    need, basic_need = stated_need(tables.needs, tables.reckoner)
    return Built(
        need=need,
        basic_need=basic_need,
        offsets=np.searchsorted(user, np.arange(len(tables.needs) + 1)).astype(np.int64),
        plan=plan[kept],
        units=units[kept],
        cost=cost,
        met_need=met,
        basic_met_need=basic[kept],
        dominated=_dominated(user, cost, met),
        plans=tuple(plans),
    )


def _parts(services: Services, plan: Plan, percents: Sequence[int]) -> list[Plan]:
    """Parts of a plan, each service up to its step."""
    return [
        Plan(
            f"{plan.package_id}_{percent}",
            f"{percent} % of {plan.package_id}, up to the step",
            services.to_step(-(-plan.units * percent // 100)),
        )
        for percent in percents
    ]


def _alone(tables: Tables, service: int) -> Plan:
    """One service for all needs: as many units as the need that takes most, undivided."""
    each = tables.reckoner.units[:, service][tables.needs.level]
    units = np.zeros((len(each), len(tables.services.ids)), dtype=np.int64)
    units[:, service] = each.max(axis=1, initial=0)
    return Plan(tables.services.ids[service], "one service for all needs", units)


def _choice(reckoner: Reckoner, services: Services) -> IntArray:
    """Price lists by levels: the service that reaches the need best, then cheapest, then first."""
    able = (reckoner.units > 0) & ~services.replaces_all
    reach = np.where(able, reckoner.reach, -1)
    cost = reckoner.units * services.price[:, None, :]
    farthest = reach == reach.max(axis=1, keepdims=True)
    cost = np.where(farthest & able, cost, np.iinfo(np.int64).max)
    return np.where(able.any(axis=1), cost.argmin(axis=2), -1)


def _first_of_equals(
    user: IntArray, plan: IntArray, cost: IntArray, met: IntArray, basic: IntArray
) -> IntArray:
    order = np.lexsort((plan, basic, met, cost, user))
    columns = np.stack([user, cost, met, basic])[:, order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (columns[:, 1:] != columns[:, :-1]).any(axis=0)
    return order[new]


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
