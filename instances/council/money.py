"""What the accounts say of services, and what people pay themselves."""

import numpy as np

from metneed.instances.council.columns import Names, check_twice, not_among, numbers_or
from metneed.instances.council.prices import Prices
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids
from metneed.instances.reading import Reading
from metneed.instances.reconcile import CONTRIBUTIONS, NOT_KNOWN, Accounts
from metneed.instances.users import UserRows
from metneed.models.arrays import IntArray

PERIOD = "period"


def read_ledger(reading: Reading, prices: Prices | None, period: str) -> Accounts | None:
    """The accounts in a table, for the same period as the other tables.

    Parameters
    ----------
    reading, prices
        The table, and the price list that knows the services.
    period
        What the other tables are for.
    """
    check_headings(reading)
    cost, people = reading.numbers("cost"), numbers_or(reading, "people", NOT_KNOWN)
    service = Names.of(reading, "service_id")
    if prices is None or cost is None or service is None:
        return None
    known = (*prices.ids, CONTRIBUTIONS)
    unknown = not_among("service_id", "the price list", known, "unknown-service")
    service.places(known, unknown, "warning")
    names = service.distinct()
    place = service.places(names, unknown)
    fault = Fault("duplicate-service", "the same service", "Add them up in one row")
    twice = check_twice(reading, "service_id", place, fault)
    _check_period(reading, period)
    rows = np.flatnonzero((place >= 0) & ~twice)
    return Accounts(
        [names[position] for position in place[rows]], cost.units[rows], people.units[rows]
    )


def _check_period(reading: Reading, period: str) -> None:
    """Findings for rows that say another period than the tables have."""
    column = reading.text(PERIOD)
    if column is None:
        return
    others = [code for code, word in enumerate(column.distinct) if word not in ("", period)]
    problem = f"the tables are for a {period}"
    remedy = f"Write it for a {period}, or keep the ledger apart and use  metneed reconcile"
    fault = Fault("other-period", problem, remedy)
    reading.cells(PERIOD, column.rows_of(others), fault)


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
