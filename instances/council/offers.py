"""Packages that a council offers beside those that follow from needs: templates and swaps."""

from collections.abc import Collection

import numpy as np

from metneed.instances.council.columns import (
    Names,
    joined,
    not_among,
)
from metneed.instances.council.prices import Prices
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids
from metneed.instances.matching import matches
from metneed.instances.plans import PARTS, Plan, Swap
from metneed.instances.reading import Reading
from metneed.instances.users import UserRows
from metneed.models.arrays import IntArray

_PLANS = ("current", "closed", "full", "basic", *(f"full_{percent}" for percent in PARTS))


def reserved(prices: Prices) -> set[str]:
    """Package identifiers of the usual menu, which no template or swap may have."""
    alone = {
        name
        for name, replaces in zip(prices.ids, prices.services.replaces_all, strict=True)
        if replaces
    }
    return {*_PLANS, *alone}


def read_templates(
    reading: Reading, people: UserRows | None, prices: Prices | None
) -> tuple[Plan, ...]:
    """One plan a template, for the people whose columns match its rows."""
    in_users = [] if people is None else list(people.reading.table.columns)
    check_headings(reading, exempt=in_users)
    units = reading.numbers("units")
    checked = check_ids(reading, "template_id")
    service = Names.of(reading, "service_id")
    if people is None or prices is None or units is None or checked is None or service is None:
        return ()
    place = service.places(
        prices.ids, not_among("service_id", "the price list", prices.ids, "unknown-service")
    )
    named = Names(reading, "template_id", checked[0])
    templates = named.distinct()
    _check_taken(reading, "template_id", named, reserved(prices))
    pairs = matches(reading, people)
    if pairs is None:
        return ()
    row, user = pairs
    template = named.places(templates, not_among("template", "", templates, "blank"))
    _check_rows(reading, row, user, (template, place), prices)
    good = (place[row] >= 0) & (template[row] >= 0)
    row, user = row[good], user[good]
    plans = []
    for position, name in enumerate(templates):
        mine = np.flatnonzero(template[row] == position)
        rows, back = np.unique(user[mine], return_inverse=True)
        given = np.zeros((len(rows), len(prices.ids)), dtype=np.int64)
        given[back, place[row[mine]]] = units.units[row[mine]]
        plans.append(Plan(name, f"the template {name}", given, rows=rows))
    return tuple(plans)


def read_swaps(reading: Reading, prices: Prices | None, taken: Collection[str]) -> tuple[Swap, ...]:
    """The swaps of a table, in its order; `taken` are identifiers that they cannot have."""
    check_headings(reading)
    rate = reading.numbers("rate")
    old, new = Names.of(reading, "from"), Names.of(reading, "to")
    if prices is None or rate is None or old is None or new is None:
        return ()
    unknown = not_among("service_id", "the price list", prices.ids, "unknown-service")
    before, after = old.places(prices.ids, unknown), new.places(prices.ids, unknown)
    good = rate.good & (before >= 0) & (after >= 0)
    itself = np.flatnonzero(good & (before == after))
    fault = Fault("swap-to-itself", "a service in its own place", "Name another, or delete it")
    reading.cells("to", itself, fault)
    fault = Fault("no-rate", "nothing in its place", "Give the units for one unit of the old")
    reading.cells("rate", np.flatnonzero(good & (rate.units == 0)), fault)
    alone = np.append(prices.services.replaces_all, False)
    problem = "replaces all services, not one"
    fault = Fault("swap-replaces-all", problem, "Such a service has a package of its own")
    reading.cells("to", np.flatnonzero(good & alone[after]), fault)
    swaps: dict[str, Swap] = {}
    for position in np.flatnonzero(good & (before != after)).tolist():
        source, target = int(before[position]), int(after[position])
        name = _shown(reading, "package_id", position)
        name = name or f"{prices.ids[target]}_for_{prices.ids[source]}"
        parts = _parts(reading, position)
        if {name, *(f"{name}_{part}" for part in parts)} & {*taken, *swaps}:
            problem = f"{name} is the name of another package"
            fault = Fault("taken-name", problem, "Give a package_id of its own")
            reading.cells("package_id", np.array([position]), fault)
            continue
        swaps[name] = Swap(name, source, target, int(rate.units[position]), parts)
    return tuple(swaps.values())


def _shown(reading: Reading, heading: str, row: int) -> str:
    column = reading.text(heading) if reading.column(heading) is not None else None
    return "" if column is None else column.shown(row)


def _parts(reading: Reading, row: int) -> tuple[int, ...]:
    """Percentages in a cell, separated by spaces."""
    text = _shown(reading, "parts", row)
    percents = tuple(int(part) for part in text.split() if part.isascii() and part.isdigit())
    valid = len(percents) == len(text.split()) == len(set(percents))
    if not valid or any(not 0 < percent < 100 for percent in percents):
        problem = "not a list of percentages between 0 and 100"
        fault = Fault("bad-parts", problem, "Write whole numbers with spaces between: 75 50")
        reading.cells("parts", np.array([row]), fault)
        return ()
    return percents


def _check_taken(reading: Reading, heading: str, named: Names, taken: Collection[str]) -> None:
    codes = [code for code, name in enumerate(named.text.distinct) if name in taken]
    fault = Fault("taken-name", "the name of another package", "Give it another name")
    reading.cells(heading, named.text.rows_of(codes), fault)


def _check_rows(
    reading: Reading,
    row: IntArray,
    user: IntArray,
    columns: tuple[IntArray, IntArray],
    prices: Prices,
) -> None:
    """Findings for rows that give one person the same service twice, or two that replace all."""
    template, place = columns
    one = joined(user, template[row], int(template.max(initial=0)) + 1)
    faults = (
        (
            joined(one, place[row], len(prices.ids)),
            Fault("duplicate-service", "the same service twice for somebody", "Keep one row"),
        ),
        (
            np.where(np.append(prices.services.replaces_all, False)[place[row]], one, -1),
            Fault(
                "two-that-replace-all",
                "a second service that replaces all others for somebody",
                "Make two templates of them",
            ),
        ),
    )
    for keys, fault in faults:
        again = np.ones(len(keys), dtype=np.bool_)
        again[np.unique(keys, return_index=True)[1]] = False
        reading.cells("service_id", np.unique(row[again & (keys >= 0)]), fault)
