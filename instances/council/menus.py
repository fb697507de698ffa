"""The menus of a council: plans of every person, and what they cost and meet."""

from dataclasses import dataclass, replace

import numpy as np

from metneed.instances.build import Built, build
from metneed.instances.council.record import Council
from metneed.instances.council.uses import has_uses
from metneed.instances.met_need import WHOLE, met_need
from metneed.instances.plans import PARTS, Plan, standard_plans
from metneed.models.arrays import BoolArray, IntArray

CLOSED = "closed"
"""Today's package of people for whom it cannot go on as it is: it is on no menu."""


@dataclass(frozen=True, eq=False)
class Today:
    """Today's package of everybody who has one, whether it is on the menu or not.

    Parameters
    ----------
    rows
        The people, ascending.
    closed
        Whether it cannot go on as it is.
    cost, listed
        Smallest money units: as it counts, after what the person pays; and at list price, before.
    met_need, basic_met_need
        Smallest need units.
    """

    rows: IntArray
    closed: BoolArray
    cost: IntArray
    listed: IntArray
    met_need: IntArray
    basic_met_need: IntArray


def council_menus(council: Council) -> Built:
    """Needs and menus of everybody, by the council's own tables."""
    return build(council.tables, council_plans(council), apart=has_uses(council))


def council_plans(council: Council) -> list[Plan]:
    """The plans of the council's menus, in the order in which equal packages are kept."""
    tables = council.tables
    units = todays_units(council)
    if units is not None and council.current is not None:
        units = np.where(council.current.ends[:, None], 0, units)
    if council.evidence == "C":
        assert units is not None
        return _shares_of_today(units)
    plans = standard_plans(tables, current=units, templates=council.templates, swaps=council.swaps)
    if units is not None and council.settings.cost_current == "recorded":
        plans[0] = replace(
            plans[0], origin="today's services, at their recorded cost", cost=council.today_cost
        )
    return plans


def todays_units(council: Council) -> IntArray | None:
    """Units of today, people by services of the tables that menus are built from, or None."""
    if council.current is None:
        return None
    units = council.current.matrix(len(council.prices.ids))
    if council.evidence != "C":
        return units
    return np.where(units.any(axis=1, keepdims=True), WHOLE, 0)


def today_of(council: Council) -> Today | None:
    """What people have today, by the same arithmetic as their menus; None where not known."""
    units, current, tables = todays_units(council), council.current, council.tables
    if units is None or current is None:
        return None
    rows = np.flatnonzero(units.any(axis=1))
    met, basic = met_need(tables.needs, tables.reckoner, rows, units[rows])
    cost = council.today_cost[rows]
    if tables.contribution is not None:
        cost = cost - np.minimum(cost, tables.contribution[rows])
    prices = council.prices
    listed = prices.services.cost(prices.price_list, current.matrix(len(prices.ids)))
    return Today(rows, current.ends[rows], cost, listed[rows], met, basic)


def _shares_of_today(units: IntArray) -> list[Plan]:
    """Today's package and parts of it: where nothing is known but what it costs."""
    plans = [Plan("current", "today's package, taken to meet all points", units)]
    for percent in PARTS:
        origin = f"{percent} % of today's package, taken to meet {percent} % of the points"
        plans.append(Plan(f"current_{percent}", origin, units * percent // 100))
    return plans
