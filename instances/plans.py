"""What each user would have of each service: the plans that menus are made from.

The plans are today's services, all needs met in full, parts of that, the basic needs alone,
templates, one service swapped for another, and each service that replaces all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.instances.met_need import WHOLE, Needs, Reckoner, stated_need
from metneed.models.arrays import BoolArray, IntArray

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
    least_need
        A service that replaces all others is offered by itself from this need on, smallest need
        units; None where it is offered to everybody.
    """

    ids: tuple[str, ...]
    price: IntArray
    step: IntArray
    least_units: IntArray
    replaces_all: BoolArray
    least_need: IntArray | None = None

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
    contribution
        What each user pays towards any package, as far as it costs that much; smallest money
        units. None where costs are gross.
    """

    needs: Needs
    reckoner: Reckoner
    services: Services
    price_list: IntArray
    contribution: IntArray | None = None


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
        Rows by services, thousandths of a unit; a user without any has no such package.
    rows
        The users of these rows, ascending; None where there is a row for each user.
    cost
        Of each row, smallest money units, where it is not the units' list price; -1 where it is.
    """

    package_id: str
    origin: str
    units: IntArray
    rows: IntArray | None = None
    cost: IntArray | None = None


def standard_plans(
    tables: Tables,
    *,
    current: IntArray | None = None,
    templates: Sequence[Plan] = (),
    swaps: Sequence[Swap] = (),
) -> list[Plan]:
    """The plans of the usual menu, in the order in which equal packages are kept.

    Parameters
    ----------
    tables
        What menus are built from.
    current
        Today's units, users by services, where they are known.
    templates
        Packages of fixed units for users they apply to.
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
    plans += templates
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
    services = tables.services
    each = tables.reckoner.units[:, service][tables.needs.level]
    units = np.zeros((len(each), len(services.ids)), dtype=np.int64)
    units[:, service] = each.max(axis=1, initial=0)
    if services.least_need is not None:
        need, _ = stated_need(tables.needs, tables.reckoner)
        units[need < services.least_need[service]] = 0
    origin = f"{services.ids[service]} in place of all other services"
    return Plan(services.ids[service], origin, services.to_step(units))


def _choice(reckoner: Reckoner, services: Services) -> IntArray:
    """Price lists by levels: the service that reaches the need best, then cheapest, then first."""
    able = (reckoner.units > 0) & ~services.replaces_all
    reach = np.where(able, reckoner.reach, -1)
    cost = reckoner.units * services.price[:, None, :]
    farthest = reach == reach.max(axis=1, keepdims=True)
    cost = np.where(farthest & able, cost, np.iinfo(np.int64).max)
    return np.where(able.any(axis=1), cost.argmin(axis=2), -1)
