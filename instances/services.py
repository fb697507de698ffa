"""The table of services: what packages are made of, and how much there is of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from metneed.instances.council.columns import flags, numbers_or
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids, check_look_alikes, check_texts, one_row_each
from metneed.instances.reading import Reading
from metneed.instances.tables import Table, in_order
from metneed.models.arrays import TextArray, frozen
from metneed.models.limits import AMOUNT_LIMIT, SUM_LIMIT
from metneed.models.services import NO_LIMIT, Services
from metneed.models.sums import exact_sum

PRICE = "unit_cost"
"""A column that the price list among a council's tables has, and this table has not."""


def is_price_list(tables: Mapping[str, Table]) -> bool:
    """Whether the table of services is the price list of a council that stands in the folder.

    Nothing here asks for services unless packages use them, so such a list is left alone.
    """
    return "services" in tables and "uses" not in tables and PRICE in tables["services"].columns


def report_price_list(reading: Reading) -> None:
    """Add a note that a council's price list is not read as services."""
    problem = f"a price list ({PRICE}), and without the table uses nothing needs it"
    fault = Fault("not-read", problem, "Nothing needs to be done")
    reading.about(fault, severity="warning")


def read_services(reading: Reading) -> Services | None:
    """The services of a table, in code-point order; None where they cannot be told apart."""
    check_headings(reading)
    capacity = numbers_or(reading, "capacity", NO_LIMIT)
    fixed_cost = numbers_or(reading, "fixed_cost", 0)
    least_members = numbers_or(reading, "least_members", 0)
    paid_anyway = flags(reading, "paid_anyway", default=False)
    unit = _units(reading)
    checked = check_ids(reading, "service_id")
    if checked is None:
        return None
    text, usable = checked
    check_look_alikes(reading, "service_id", text, usable)
    rows = one_row_each(reading, "service_id", text)
    chosen = np.flatnonzero(usable)
    order = in_order(text.distinct[chosen])
    rows = rows[chosen][order]
    services = Services(
        ids=frozen(text.distinct[chosen][order], object),
        unit=frozen(unit[rows], object),
        capacity=frozen(capacity.units[rows]),
        fixed_cost=frozen(fixed_cost.units[rows]),
        least_members=frozen(least_members.units[rows]),
        paid_anyway=frozen(paid_anyway[rows], np.bool_),
    )
    _check_magnitude(reading, services)
    return services


def note_not_counted(
    reading: Reading, services: Services, constraints: Mapping[str, Mapping[str, Any]]
) -> None:
    """Add a note where services have a fixed cost or least members that no limit counts."""
    pooled = (services.fixed_cost > 0) | (services.least_members > 0)
    for table in constraints.values():
        if table.get("kind") == "pooled":
            named = table.get("services") or services.ids.tolist()
            pooled &= ~np.isin(services.ids, np.array(named, dtype=object))
    if pooled.any():
        named = ", ".join(map(str, services.ids[pooled][:3]))
        problem = f"no limit of the scenario counts the fixed costs and least members of {named}"
        remedy = 'To count them add a table with kind = "pooled" to the constraints'
        reading.about(Fault("not-counted", problem, remedy), severity="warning")


def _units(reading: Reading) -> TextArray:
    """What each row is counted in, empty where it does not say."""
    text = reading.text("unit")
    if text is None:
        return np.full(len(reading.table), "", dtype=object)
    check_texts(reading, "unit", text)
    units: TextArray = np.append(text.distinct, "").astype(object)[text.codes]
    return units


def _check_magnitude(reading: Reading, services: Services) -> None:
    largest = max(int(services.capacity.max(initial=0)), int(services.fixed_cost.max(initial=0)))
    if largest >= AMOUNT_LIMIT or exact_sum(services.fixed_cost) >= SUM_LIMIT:
        problem = "capacities or fixed costs are too large for exact arithmetic"
        remedy = "Write them in larger units, or with fewer decimals in scenario.toml"
        reading.about(Fault("numbers-too-large", problem, remedy))
