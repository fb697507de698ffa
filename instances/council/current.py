"""What people have today: units of each service, and what the council's records say it costs."""

from dataclasses import dataclass

import numpy as np

from metneed.instances.council.columns import (
    Names,
    check_twice,
    flags,
    joined,
    not_among,
    numbers_or,
)
from metneed.instances.council.prices import Prices
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids
from metneed.instances.plans import Services
from metneed.instances.reading import Reading
from metneed.instances.users import UserRows
from metneed.models.arrays import BoolArray, IntArray

NOT_RECORDED = -1


@dataclass(frozen=True, eq=False)
class Current:
    """Today's services, one row a person and service.

    Parameters
    ----------
    user, service
        Row of the person, position of the service in the price list.
    units
        Thousandths.
    recorded
        Recorded cost, smallest money units, `NOT_RECORDED` where there is none.
    ends
        For each person whether anything of it cannot go on as it is.
    """

    user: IntArray
    service: IntArray
    units: IntArray
    recorded: IntArray
    ends: BoolArray

    def matrix(self, services: int) -> IntArray:
        """People by services: units, thousandths."""
        units = np.zeros((len(self.ends), services), dtype=np.int64)
        units[self.user, self.service] = self.units
        return units

    def recorded_cost(self) -> IntArray:
        """What each person's services cost as recorded, `NOT_RECORDED` unless all of them are."""
        cost = np.zeros(len(self.ends), dtype=np.int64)
        np.add.at(cost, self.user, np.maximum(self.recorded, 0))
        has = np.zeros(len(self.ends), dtype=np.bool_)
        has[self.user] = True
        has[self.user[self.recorded == NOT_RECORDED]] = False
        return np.where(has, cost, NOT_RECORDED)

    def list_cost(self, services: Services, price_list: IntArray) -> IntArray:
        """List price of each row, smallest money units, rounded up."""
        exact = self.units * services.price[price_list[self.user], self.service]
        return -(-exact // 1000)

    def kept(self, chosen: IntArray) -> "Current":
        """The same for the people in these rows only, in the order given."""
        place = np.full(len(self.ends), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        rows = np.flatnonzero(place[self.user] >= 0)
        return Current(
            place[self.user[rows]],
            self.service[rows],
            self.units[rows],
            self.recorded[rows],
            self.ends[chosen],
        )


def read_current(
    reading: Reading, people: UserRows | None, prices: Prices | None
) -> Current | None:
    """What people have today, None where people or services could not be read."""
    check_headings(reading)
    units = reading.numbers("units")
    recorded = numbers_or(reading, "recorded_cost", NOT_RECORDED)
    offered = flags(reading, "offered", default=True)
    service = Names.of(reading, "service_id")
    if people is None:
        check_ids(reading, "user_id")
        return None
    user = people.find(reading)
    if user is None or service is None or units is None or prices is None:
        return None
    place = service.places(
        prices.ids, not_among("service_id", "the price list", prices.ids, "unknown-service")
    )
    remedy = "Add their units up in one row, or keep one of them"
    fault = Fault("duplicate-service", "the same service of the same person", remedy)
    twice = check_twice(reading, "service_id", joined(user, place, len(prices.ids)), fault)
    rows = np.flatnonzero((user >= 0) & (place >= 0) & ~twice)
    _check_together(reading, rows, user, place, prices.services)
    _check_nothing(reading, rows, units.units, recorded.units)
    ends = np.zeros(len(people), dtype=np.bool_)
    ends[user[rows[~offered[rows]]]] = True
    return Current(user[rows], place[rows], units.units[rows], recorded.units[rows], ends)


def _check_together(
    reading: Reading, rows: IntArray, user: IntArray, place: IntArray, services: Services
) -> None:
    """Findings for services that replace all others and do not stand alone."""
    alone = rows[services.replaces_all[place[rows]]]
    fault = Fault(
        "two-that-replace-all",
        "a second service that replaces all others, for the same person",
        "Keep the one that the person has",
    )
    check_twice(reading, "service_id", _keys(len(user), alone, user), fault)
    others = rows[~services.replaces_all[place[rows]]]
    beside = others[np.isin(user[others], user[alone])]
    problem = "stands beside a service that replaces all others"
    fault = Fault("beside-replaces-all", problem, "Check that the person has both; both count")
    reading.cells("service_id", beside, fault, "warning")


def _keys(size: int, rows: IntArray, user: IntArray) -> IntArray:
    keys = np.full(size, -1, dtype=np.int64)
    keys[rows] = user[rows]
    return keys


def _check_nothing(reading: Reading, rows: IntArray, units: IntArray, recorded: IntArray) -> None:
    empty = rows[(units[rows] == 0) & (recorded[rows] > 0)]
    problem = "a recorded cost for no units: it meets nothing"
    fault = Fault("cost-without-units", problem, "Give the units, or delete the row")
    reading.cells("units", empty, fault, "warning")
