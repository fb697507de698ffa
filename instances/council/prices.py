"""The price list of a council: services in the order of the table, prices by client group."""

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
from metneed.instances.council.stock import Stock, read_stock
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids, check_look_alikes
from metneed.instances.matching import EVERYONE
from metneed.instances.plans import Services
from metneed.instances.reading import Reading
from metneed.instances.reconcile import CONTRIBUTIONS
from metneed.instances.users import UserRows
from metneed.models.arrays import IntArray

GROUP = "client_group"
MOST_PRICE = 100_000
"""Pounds that a unit costs at most: beyond, the arithmetic of a package would not fit."""


@dataclass(frozen=True, eq=False)
class Prices:
    """The price list, and whose prices each person has.

    Parameters
    ----------
    services
        The services, with one row of prices a client group.
    price_list
        For each person the row of prices.
    unit
        What a unit of each service is, in words; empty where not said.
    stock
        How much there is of each service, and what form of care it is.
    """

    services: Services
    price_list: IntArray
    unit: tuple[str, ...]
    stock: Stock

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers of the services."""
        return self.services.ids


def read_prices(reading: Reading, people: UserRows | None) -> Prices | None:
    """The price list of a table, None where its services cannot be told apart."""
    check_headings(reading)
    cost = reading.numbers("unit_cost")
    step, least = numbers_or(reading, "step", 1000), numbers_or(reading, "least_units", 0)
    replaces = flags(reading, "replaces_all", default=False)
    least_need = numbers_or(reading, "least_need", 0)
    checked = check_ids(reading, "service_id")
    named = None if checked is None else Names(reading, "service_id", checked[0])
    if checked is None or named is None or cost is None:
        return None
    check_look_alikes(reading, "service_id", *checked)
    _check_numbers(reading, cost.units, step.units)
    fault = Fault("taken-name", "what people pay, in a ledger", "Give it another name")
    contributions = np.flatnonzero(named.text.distinct == CONTRIBUTIONS)
    reading.cells("service_id", named.text.rows_of(contributions), fault)
    ids = named.distinct()
    if not ids:
        # The reader of the file has said that there are no rows.
        return None
    place = named.places(ids, not_among("service_id", reading.table.file, ids, "unknown-service"))
    group, groups, list_of = _groups(reading, people)
    twice = check_twice(
        reading,
        "service_id",
        joined(place, group + 1, len(groups) + 1),
        Fault("duplicate-service", "the same service for the same people", "Keep one price"),
    )
    same = {"step": step, "least_units": least, "least_need": least_need}
    for heading, numbers in same.items():
        _check_same(reading, place, heading, numbers.units)
    _check_same(reading, place, "replaces_all", replaces.astype(np.int64))
    good = np.flatnonzero((place >= 0) & ~twice)
    price = np.full((len(groups) + 1, len(ids)), -1, dtype=np.int64)
    price[group[good] + 1, place[good]] = cost.units[good]
    # The first row is everybody's price; groups without their own have that one.
    price = np.where(price < 0, price[0], price)
    if cost.good.all():
        _check_prices(reading, people, ids, groups, price)
    first = np.array([int(np.flatnonzero(place == k)[0]) for k in range(len(ids))], dtype=np.int64)
    stock, said = read_stock(reading, first)
    for heading, values in said.items():
        _check_same(reading, place, heading, values)
    return Prices(
        Services(
            ids=tuple(ids),
            price=np.maximum(price, 0),
            step=np.maximum(step.units[first], 1),
            least_units=least.units[first],
            replaces_all=replaces[first],
            least_need=least_need.units[first],
        ),
        list_of,
        _units(reading, first),
        stock,
    )


def _groups(reading: Reading, people: UserRows | None) -> tuple[IntArray, list[str], IntArray]:
    """Group of each row of prices (-1 for everybody), the groups, and each person's row."""
    size = len(reading.table)
    n_people = 0 if people is None else len(people)
    nobody: list[str] = []
    everybody = np.full(size, -1, dtype=np.int64), nobody, np.zeros(n_people, dtype=np.int64)
    column = reading.text(GROUP)
    if column is None or people is None:
        return everybody
    values = np.append(column.distinct, "")[column.codes]
    names = [name for name in map(str, column.distinct) if name not in EVERYONE]
    if not names:
        return everybody
    if GROUP not in people.groups:
        file = people.reading.table.file
        fault = Fault("no-group-column", f"{file} has no column {GROUP}", "Add it there")
        reading.cells(GROUP, np.flatnonzero(~np.isin(values, EVERYONE)), fault)
        return everybody
    labels = people.groups[GROUP]
    groups = list(labels.names)
    found = Names(reading, GROUP, column).places(
        [*groups, *EVERYONE],
        not_among(GROUP, people.reading.table.file, groups, "unknown-value"),
        "warning",
    )
    # Prices of groups that nobody is in go to a row of their own, which nobody has.
    row = np.where(found >= len(groups), -1, np.where(found < 0, len(groups), found))
    row[np.isin(values, EVERYONE)] = -1
    return row, [*groups, ""], labels.codes.astype(np.int64) + 1


def _check_numbers(reading: Reading, cost: IntArray, step: IntArray) -> None:
    most = MOST_PRICE * 10**reading.units.money_decimals
    problem = f"more than {MOST_PRICE:,} for a unit"
    fault = Fault("too-large", problem, "Check the price and its unit")
    reading.cells("unit_cost", np.flatnonzero(cost > most), fault)
    fault = Fault("no-step", "a step of nothing", "Give the least by which units can differ")
    reading.cells("step", np.flatnonzero(step == 0), fault)


def _check_same(reading: Reading, place: IntArray, heading: str, values: IntArray) -> None:
    """Findings where rows of one service disagree in what is not a price."""
    known = np.flatnonzero(place >= 0)
    _, first, back = np.unique(place[known], return_index=True, return_inverse=True)
    expected = values[known][first][back]
    fault = Fault(
        "contradiction",
        "not the same as in the first row of this service",
        "Only prices differ by client group; write the others the same way",
    )
    reading.cells(heading, known[values[known] != expected], fault)


def _check_prices(
    reading: Reading,
    people: UserRows | None,
    ids: list[str],
    groups: list[str],
    price: IntArray,
) -> None:
    """Findings for services that have no price for the people of a client group."""
    if people is None or not len(people):
        return
    for place in np.unique(people.groups[GROUP].codes) + 1 if len(groups) else [0]:
        for service in np.flatnonzero(price[place] < 0):
            whose = f" for {groups[place - 1]}" if place else ""
            problem = f"{ids[service]} has no price{whose}"
            remedy = f"Add a row with that {GROUP}, or one with it left blank"
            reading.about(Fault("no-price", problem, remedy), GROUP)


def _units(reading: Reading, first: IntArray) -> tuple[str, ...]:
    column = reading.text("unit")
    if column is None:
        return ("",) * len(first)
    return tuple(column.shown(int(row)) for row in first)
