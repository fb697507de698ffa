"""A council's own tables beside an import: its price list first of all."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from metneed.instances.council.schemas import SERVICES
from metneed.instances.csv_file import read_csv
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import check_headings
from metneed.instances.importers.codes import UNITS
from metneed.instances.importers.imported import TABLES
from metneed.instances.importers.prices import PriceList
from metneed.instances.matching import EVERYONE
from metneed.instances.reading import Reading
from metneed.instances.tables import Opaque
from metneed.models.arrays import TextArray
from metneed.models.findings import Findings
from metneed.models.units import Units

OTHER_UNIT = -1
"""A unit that no frequency of a return is for: units are deduced from costs."""

_SPELLINGS = {
    "hour": ("hour", "hours", "hr", "hrs"),
    "session": ("session", "sessions"),
    "day": ("day", "days"),
    "week": ("week", "weeks"),
    "pound": ("pound", "pounds", "£", "gbp"),
}
assert tuple(_SPELLINGS) == UNITS


def own_tables(folder: Path | None, findings: Findings) -> dict[str, Path]:
    """The council's own tables of a folder by name; a folder without any is a finding."""
    if folder is None:
        return {}
    found = {name: folder / f"{name}.csv" for name in TABLES if (folder / f"{name}.csv").is_file()}
    if not found:
        wanted = ", ".join(f"{name}.csv" for name in TABLES)
        fault = Fault("no-tables", "none of a council's own tables is there", f"Give {wanted}")
        FileFaults(str(folder), findings).add(fault)
    return found


def read_services(path: Path, findings: Findings, encoding: str) -> dict[str, TextArray] | None:
    """The columns of a price list as text; None where it cannot be read.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    before = len(findings.errors)
    table = read_csv(path, SERVICES, findings, encoding)
    if table is None:
        return None
    reading = Reading(table, SERVICES, Units(), findings)
    check_headings(reading)
    reading.numbers("unit_cost")
    if len(findings.errors) > before:
        return None
    return {
        heading: np.append(column.labels().distinct, "")[column.labels().codes]
        for heading, column in table.columns.items()
        if not isinstance(column, Opaque)
    }


def with_given(
    prices: PriceList, names: list[str], groups: list[str], services: dict[str, TextArray]
) -> PriceList:
    """The price list with the units and prices that a council gives.

    Parameters
    ----------
    prices
        So far.
    names, groups
        Services and client groups, in the order of the price list.
    services
        Columns of the council's own price list.
    """
    unit, price = prices.unit.copy(), prices.price.copy()
    given = prices.given.copy()
    spelt = {word: name for name, words in _SPELLINGS.items() for word in words}
    blank = np.full(len(services["service_id"]), "", dtype=object)
    rows = zip(
        services["service_id"],
        services.get("unit", blank),
        services["unit_cost"],
        services.get("client_group", blank),
        strict=True,
    )
    # Prices for everybody come first, so that those of a client group hold.
    for name, counted, cost, group in sorted(rows, key=lambda row: row[3] not in EVERYONE):
        if name not in names:
            continue
        place = names.index(name)
        given[place] = True
        word = spelt.get(str(counted).strip().casefold())
        unit[place] = OTHER_UNIT if word is None else UNITS.index(word)
        amount = Units().read_money(str(cost))
        if group in EVERYONE:
            price[place, :] = amount
        elif group in groups:
            price[place, groups.index(group)] = amount
    return replace(prices, unit=unit, price=price, given=given)
