"""The price list of a return: what one unit of each service costs, and in what it is counted."""

from dataclasses import dataclass

import numpy as np

from metneed.instances.importers.cld_rows import MOST_A_WEEK, Rows
from metneed.instances.importers.codes import UNITS, ServiceMap
from metneed.instances.money_time import DECIMALS, PER_PENNY, pence
from metneed.models.arrays import BoolArray, IntArray

LEAST_ROWS = 10
"""A client group's own median needs so many rows: fewer would show what single people cost."""

SEVEN_DAYS = 7 * 10**DECIMALS
POUND = 100
"""What a pound costs, in pence."""


@dataclass(frozen=True, eq=False)
class PriceList:
    """What a unit costs: services by client groups.

    Parameters
    ----------
    unit
        For each service the place of its unit in `UNITS`.
    price
        Pence; 0 where nothing tells it.
    rows
        On how many rows of the return a price rests; 0 for one that was given.
    own
        Whether it is the client group's own median, not that of all.
    given
        For each service whether its unit and prices were given.
    """

    unit: IntArray
    price: IntArray
    rows: IntArray
    own: BoolArray
    given: BoolArray

    def is_unit(self, service: IntArray, name: str) -> BoolArray:
        """For rows of these services whether they are counted in that unit."""
        counted: BoolArray = (self.unit[service] == UNITS.index(name)) & (service >= 0)
        return counted


def no_prices(mapping: ServiceMap, groups: int) -> PriceList:
    """The services of a mapping with their units, before any price is known."""
    services = list(mapping.services.values())
    shape = (len(services), groups)
    return PriceList(
        unit=np.array([UNITS.index(service.unit) for service in services], dtype=np.int64),
        price=np.zeros(shape, dtype=np.int64),
        rows=np.zeros(shape, dtype=np.int64),
        own=np.zeros(shape, dtype=np.bool_),
        given=np.zeros(len(services), dtype=np.bool_),
    )


def settle_units(rows: Rows, prices: PriceList) -> PriceList:
    """Set aside rows whose cost is for another unit; count in pounds what no row gives a price.

    A service of which no row states a cost for its unit (all home care is paid by the week, say)
    has no price for it: it is counted in pounds a week instead.
    """
    service, kept = rows.service, rows.sieve.kept
    deduced = kept & rows.costs.by_period & ~_by_week(rows, prices) & (service >= 0)
    priced = np.bincount(service[kept & _direct(rows, prices)], minlength=len(prices.unit)) > 0
    asked = np.bincount(service[deduced], minlength=len(prices.unit)) > 0
    homeless = asked & ~priced & ~prices.given
    unit = np.where(homeless, UNITS.index("pound"), prices.unit)
    settled = PriceList(unit, prices.price, prices.rows, prices.own, prices.given)
    fits = (
        rows.costs.by_period
        | _direct(rows, settled)
        | _seven_days(rows, settled)
        | settled.is_unit(service, "pound")
    )
    rows.sieve.set_aside(~fits, "unit-disagrees")
    return settled


def derive_prices(rows: Rows, used: BoolArray, prices: PriceList, group: IntArray) -> PriceList:
    """The price list with medians where no price was given.

    Of an even number of rows the lower of the two in the middle counts, so that every price is
    one that is really paid. Where a client group has fewer than `LEAST_ROWS`, the median of all
    rows of the service stands in.

    Parameters
    ----------
    rows
        The return.
    used
        Which rows count.
    prices
        Units of services, and prices that were given.
    group
        For each row the place of the person's client group.
    """
    price, count, own = prices.price.copy(), prices.rows.copy(), prices.own.copy()
    direct, weekly = _direct(rows, prices), _by_week(rows, prices) | _seven_days(rows, prices)
    # Ten-thousandths of a pound to the nearest penny, halves up.
    paid = np.where(weekly, pence(rows.costs.weekly), (rows.costs.unit_cost + 50) // 100)
    counted = used & (direct | weekly)
    for service in np.flatnonzero(~prices.given):
        here = np.flatnonzero(counted & (rows.service == service))
        overall = _lower_median(paid[here])
        price[service], count[service] = overall, len(here)
        for place in range(price.shape[1]):
            mine = here[group[here] == place]
            if len(mine) >= LEAST_ROWS:
                price[service, place], own[service, place] = _lower_median(paid[mine]), True
                count[service, place] = len(mine)
    pounds = (prices.unit == UNITS.index("pound")) & ~prices.given
    price[pounds], count[pounds], own[pounds] = POUND, 0, False
    return PriceList(prices.unit, price, count, own, prices.given)


def weekly_units(rows: Rows, prices: PriceList, group: IntArray) -> tuple[IntArray, BoolArray]:
    """Units a week of each row, thousandths, and for which rows they are deduced from the cost.

    A cost by the hour has its planned hours; a care home paid by the month is one week of it; a
    service that is counted otherwise and paid by the week has as many units as its cost buys at
    the price list, to the nearest thousandth. 0 where no price is known.
    """
    service = rows.service
    direct, weekly = _direct(rows, prices), _by_week(rows, prices) | _seven_days(rows, prices)
    planned = (rows.costs.units + 5) // 10
    price = np.where(service >= 0, prices.price[service, group], 0) * PER_PENNY
    safe = np.maximum(price, 1)
    cost = np.minimum(rows.costs.weekly, MOST_A_WEEK * PER_PENNY)
    bought = (2000 * cost + safe) // (2 * safe)
    deduced = ~direct & ~weekly & ~prices.is_unit(service, "pound")
    units = np.where(direct, planned, np.where(weekly, 1000, np.where(price > 0, bought, 0)))
    return units, deduced


def _direct(rows: Rows, prices: PriceList) -> BoolArray:
    """Rows whose cost is for one unit of the service."""
    costs = rows.costs
    same = np.zeros(len(rows.service), dtype=np.bool_)
    for name in ("hour", "session", "day"):
        same |= costs.has_unit(name) & prices.is_unit(rows.service, name)
    direct: BoolArray = same & costs.by_unit
    return direct


def _by_week(rows: Rows, prices: PriceList) -> BoolArray:
    """Rows of a service by the week that are paid by the week, month or year."""
    by_week: BoolArray = rows.costs.by_period & prices.is_unit(rows.service, "week")
    return by_week


def _seven_days(rows: Rows, prices: PriceList) -> BoolArray:
    """Rows of a service by the week that are paid by the day, seven days a week."""
    every_day = rows.costs.has_unit("day") & (rows.costs.units == SEVEN_DAYS)
    every_week: BoolArray = every_day & prices.is_unit(rows.service, "week")
    return every_week


def _lower_median(values: IntArray) -> int:
    return int(np.sort(values)[(len(values) - 1) // 2]) if len(values) else 0
