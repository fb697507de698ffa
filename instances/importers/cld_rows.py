"""The rows of a return: what each costs a week, and whether it is used or set aside."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from metneed.instances.importers.codes import LEFT_OUT, UNMAPPED, ServiceMap, meant
from metneed.instances.importers.dates import Read, read_dates
from metneed.instances.importers.fields import Columns
from metneed.instances.importers.reasons import REASONS
from metneed.instances.importers.sieve import Sieve
from metneed.instances.money_time import (
    DECIMALS,
    LARGEST_COST,
    LARGEST_UNITS,
    PER_PENNY,
    WEEKS,
    agrees,
    exact_weekly_cost,
    frequencies,
    letters,
)
from metneed.instances.tables import Text
from metneed.models.arrays import BoolArray, IntArray

MOST_A_WEEK = 10_000_000
"""Pence: a service that costs more a week is a slip (a year's cost, stated by the week)."""

_ONCE, _UNIT, _PERIOD = 1, 2, 3


@dataclass(frozen=True, eq=False)
class Costs:
    """What the rows of a return cost.

    Parameters
    ----------
    unit_cost
        Ten-thousandths of a pound; 0 where it could not be read.
    units
        Planned units a week, ten-thousandths; 0 where it could not be read.
    unit
        Place of what is paid for (an hour, a week, a month) in `unit_names`; -1 not known.
    unit_names
        Names of units.
    by_unit, by_period
        Whether the cost is paid for each unit planned, or so often a week.
    weekly
        Cost of a week, of which `PER_PENNY` make a penny; 0 where it could not be told.
    """

    unit_cost: IntArray
    units: IntArray
    unit: IntArray
    unit_names: tuple[str, ...]
    by_unit: BoolArray
    by_period: BoolArray
    weekly: IntArray

    def has_unit(self, name: str) -> BoolArray:
        """Which rows are paid for this unit."""
        place = self.unit_names.index(name) if name in self.unit_names else -2
        found: BoolArray = self.unit == place
        return found


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a return, and their fates so far.

    Parameters
    ----------
    sieve
        Their fates.
    person
        Identifiers.
    costs
        What they cost.
    in_force
        Whether the row is a person's long-term service on the day, paid again and again and not
        left out by the mapping, whatever else is odd about it.
    service
        Place of the service among those of the mapping, -1 for none.
    """

    sieve: Sieve
    person: Text
    costs: Costs
    in_force: BoolArray
    service: IntArray


def sift(columns: Columns, mapping: ServiceMap, on: date) -> Rows:
    """The rows of a return, each set aside as far as the row alone can tell.

    What other rows, the price list and the points export have to say comes later.

    Parameters
    ----------
    columns
        The return.
    mapping
        Which service a combination of codes is.
    on
        The day on which services must be in force: begun, and not ended before it.
    """
    sieve = Sieve(len(columns), REASONS)
    person = columns.text("LA Person Unique Identifier")
    _set_aside_kinds(sieve, columns, person)
    in_force = _set_aside_dates(sieve, columns, on)
    costs = _set_aside_costs(sieve, columns)
    service = _set_aside_codes(sieve, columns, mapping)
    content = [columns.text(name).codes.astype(np.int64) for name in columns.used]
    sieve.set_aside(_again(sieve.kept, content), "same-row")
    sieve.set_aside(costs.weekly > MOST_A_WEEK * PER_PENNY, "too-large")
    in_force &= ~sieve.has("one-off") & ~sieve.has("left-out")
    return Rows(sieve, person, costs, in_force, service)


def usable_ids(person: Text) -> BoolArray:
    """Which rows have an identifier: not blank, no spaces around it, nothing that is not seen."""
    good = [bool(v) and v == v.strip() and v.isprintable() for v in person.distinct]
    usable: BoolArray = np.array([*good, False])[person.codes]
    return usable


def _set_aside_kinds(sieve: Sieve, columns: Columns, person: Text) -> None:
    """Rows that are no long-term service of a person who draws on care."""
    sieve.set_aside(~usable_ids(person), "no-person")
    client, kinds = meant(columns.text("Client Type"), "client_type")
    sieve.set_aside(client == kinds.index("carer"), "carer")
    if "Client Type" in columns.used:
        sieve.set_aside(client < 0, "unknown-client-type")
    event, kinds = meant(columns.text("Event Type"), "event_type")
    sieve.set_aside(event < 0, "unknown-event")
    sieve.set_aside(event != kinds.index("service"), "no-service")
    kind, kinds = meant(columns.text("Service Type"), "service_type")
    sieve.set_aside(kind < 0, "unknown-service-type")
    sieve.set_aside(kind == kinds.index("carer"), "carer-support")
    sieve.set_aside(kind == kinds.index("short-term"), "short-term")


def _set_aside_dates(sieve: Sieve, columns: Columns, on: date) -> BoolArray:
    """Rows not in force on the day; which of the others are."""
    start, end = (read_dates(columns.text(f"Event {name} Date")) for name in ("Start", "End"))
    death = read_dates(columns.text("Date of Death"))
    read = np.stack([start.read, end.read, death.read])
    sieve.set_aside(start.read == Read.BLANK, "no-start")
    sieve.set_aside((read == Read.UNREADABLE).any(axis=0), "bad-date")
    sieve.set_aside((read == Read.AMBIGUOUS).any(axis=0), "ambiguous-date")
    ends = end.read == Read.GOOD
    sieve.set_aside(ends & (end.day < start.day), "ends-before-start")
    sieve.set_aside((death.read == Read.GOOD) & (death.day < on.toordinal()), "died")
    sieve.set_aside(ends & (end.day < on.toordinal()), "ended")
    sieve.set_aside(start.day > on.toordinal(), "not-begun")
    return sieve.kept


def _set_aside_costs(sieve: Sieve, columns: Columns) -> Costs:
    """Rows whose cost of a week cannot be told; what all others cost."""
    frequency, known = columns.text("Cost Frequency (Unit Type)"), frequencies()
    found = [known.get(letters(value)) for value in frequency.distinct]
    names = tuple(dict.fromkeys(one.unit for one in known.values() if one.unit))
    kinds = {"once": _ONCE, "unit": _UNIT, "period": _PERIOD}
    blank = np.array([*(not value.strip() for value in frequency.distinct), True])
    kind = np.array([*(kinds[one.kind] if one else 0 for one in found), 0])[frequency.codes]
    place = [names.index(one.unit) if one and one.unit else -1 for one in found]
    rate = np.array([*(int(one.per_week * WEEKS) if one else 0 for one in found), 0])
    rate = rate[frequency.codes]

    sieve.set_aside(kind == _ONCE, "one-off")
    sieve.set_aside(blank[frequency.codes], "no-frequency")
    sieve.set_aside(kind == 0, "unknown-frequency")
    cost, has_cost, no_cost, _ = _numbers(columns.text("Unit Cost"), LARGEST_COST)
    sieve.set_aside(no_cost, "no-cost")
    sieve.set_aside(~has_cost, "bad-cost")
    units, has_units, no_units, decimals = _numbers(
        columns.text("Planned units per week"), LARGEST_UNITS
    )
    sieve.set_aside((kind == _UNIT) & no_units, "no-units")
    sieve.set_aside(~has_units & ~no_units, "bad-units")
    # No units planned for a weekly cost says nothing, and contradicts nothing.
    sieve.set_aside(
        (kind == _PERIOD) & has_units & ~agrees(units, decimals, rate), "units-disagree"
    )
    return Costs(
        unit_cost=cost,
        units=units,
        unit=np.array([*place, -1])[frequency.codes],
        unit_names=names,
        by_unit=kind == _UNIT,
        by_period=kind == _PERIOD,
        weekly=np.where(kind > _ONCE, exact_weekly_cost(cost, rate, units), 0),
    )


def _numbers(text: Text, largest: int) -> tuple[IntArray, BoolArray, BoolArray, IntArray]:
    """Ten-thousandths, whether it is a number above 0, whether it is blank or 0, its decimals."""
    # Every cell is looked at as text without spaces: what stands around a number is harmless.
    stripped = Text(text.codes, np.array([value.strip() for value in text.distinct], dtype=object))
    number, good = stripped.units(DECIMALS, largest)
    blank = np.array([*(not value for value in stripped.distinct), True])[text.codes]
    places = [len(value.partition(".")[2].rstrip("0")) for value in stripped.distinct]
    decimals = np.array([*places, 0], dtype=np.int64)[text.codes]
    nothing = blank | (good & (number == 0))
    return number, good & (number > 0), nothing, np.minimum(decimals, DECIMALS)


def _set_aside_codes(sieve: Sieve, columns: Columns, mapping: ServiceMap) -> IntArray:
    """Rows without a service; for the others its place among the services of the mapping."""
    keys = [
        columns.text(name) for name in ("Service Type", "Service Component", "Delivery Mechanism")
    ]
    codes = np.stack([key.codes for key in keys], axis=1).astype(np.int64)
    distinct, row = np.unique(codes, axis=0, return_inverse=True)
    places = {name: i for i, name in enumerate(mapping.services)}
    service = np.empty(len(distinct), dtype=np.int64)
    for i, combination in enumerate(distinct):
        cells = ("" if c < 0 else key.distinct[c] for key, c in zip(keys, combination, strict=True))
        name = mapping.service_of(*cells)
        service[i] = {UNMAPPED: -1, LEFT_OUT: -2}.get(name, places.get(name, -1))
    found: IntArray = service[row.ravel()] if len(distinct) else np.zeros(0, dtype=np.int64)
    sieve.set_aside(found == -1, "unmapped")
    sieve.set_aside(found == -2, "left-out")
    return found


def _again(among: BoolArray, columns: list[IntArray]) -> BoolArray:
    """Which of these rows say nothing that an earlier one of them does not."""
    rows = np.flatnonzero(among)
    _, first = np.unique(np.stack(columns, axis=1)[rows], axis=0, return_index=True)
    again = among.copy()
    again[rows[first]] = False
    return again
