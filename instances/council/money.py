"""What the accounts say of services, and what people pay themselves."""

from dataclasses import dataclass

import numpy as np

from metneed.instances.council.columns import Names, check_twice, not_among, numbers_or
from metneed.instances.council.prices import Prices
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids
from metneed.instances.reading import Reading
from metneed.instances.users import UserRows
from metneed.models.arrays import IntArray

NOT_KNOWN = -1


@dataclass(frozen=True, eq=False)
class Ledger:
    """What was paid for each service, and for how many people.

    Parameters
    ----------
    service
        Position in the price list.
    cost
        Smallest money units.
    people
        `NOT_KNOWN` where the accounts do not say.
    """

    service: IntArray
    cost: IntArray
    people: IntArray


def read_ledger(reading: Reading, prices: Prices | None) -> Ledger | None:
    """The accounts in a table, None where services could not be read."""
    check_headings(reading)
    cost, people = reading.numbers("cost"), numbers_or(reading, "people", NOT_KNOWN)
    service = Names.of(reading, "service_id")
    if prices is None or cost is None or service is None:
        return None
    place = service.places(
        prices.ids, not_among("service_id", "the price list", prices.ids, "unknown-service")
    )
    fault = Fault("duplicate-service", "the same service", "Add them up in one row")
    twice = check_twice(reading, "service_id", place, fault)
    rows = np.flatnonzero((place >= 0) & ~twice)
    return Ledger(place[rows], cost.units[rows], people.units[rows])


def read_contributions(reading: Reading, people: UserRows | None) -> IntArray | None:
    """What each person pays, smallest money units, 0 where the table does not say."""
    check_headings(reading)
    amount = reading.numbers("amount")
    if people is None:
        check_ids(reading, "user_id")
        return None
    user = people.find(reading)
    if user is None or amount is None:
        return None
    fault = Fault("duplicate-user", "the same person", "Keep one row a person")
    twice = check_twice(reading, "user_id", user, fault)
    rows = np.flatnonzero((user >= 0) & ~twice)
    paid = np.zeros(len(people), dtype=np.int64)
    paid[user[rows]] = amount.units[rows]
    return paid
