"""Codes of a return, whatever their case and spacing, and the services that they stand for."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from metneed.instances.csv_file import read_csv
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.money_time import frequencies, letters
from metneed.instances.schemas import Field, Schema
from metneed.instances.tables import Text
from metneed.models.arrays import IntArray
from metneed.models.findings import Findings

UNITS = ("hour", "session", "day", "week", "pound")
"""What a service can be counted in; pounds where nothing else is the same for everyone."""

ANY, UNMAPPED, LEFT_OUT = "*", "?", "-"
"""Cells of a mapping: every value; no service known; deliberately no service of this budget."""

KEYS = ("service_type", "service_component", "delivery_mechanism")

_MAPPING = Schema(
    "mapping",
    "Which service a combination of codes is",
    tuple(
        Field(name, "text", name, required=name in {"service_component", "service_id"})
        for name in (*KEYS, "service_id", "unit", "step", "replaces_all", "source")
    ),
)


@dataclass(frozen=True)
class Service:
    """A service as the mapping describes it.

    Parameters
    ----------
    service_id
        Its identifier.
    unit
        What it is counted in: one of `UNITS`.
    step
        Units are offered in whole steps, as decimal text.
    replaces_all
        Whether nobody has another service beside it (a care home).
    """

    service_id: str
    unit: str
    step: str
    replaces_all: bool


@dataclass(frozen=True)
class ServiceMap:
    """Rows that say which service a combination is; the row that says most holds.

    Parameters
    ----------
    rows
        Keys as letters (`ANY` for every value) and the service_id, the user's own rows first.
    services
        Services by identifier, in the order of the price list.
    """

    rows: tuple[tuple[tuple[str, ...], str], ...]
    services: Mapping[str, Service]

    def service_of(self, *key: str) -> str:
        """The service_id of a combination; `UNMAPPED` where no row fits."""
        spelt = tuple(map(letters, key))
        best, weight = UNMAPPED, -1
        for wanted, service in self.rows:
            fits = all(w in (ANY, s) for w, s in zip(wanted, spelt, strict=True))
            # Delivery mechanism says more than component, component more than type.
            says = sum(2**place for place, w in enumerate(wanted) if w != ANY)
            if fits and says > weight:
                best, weight = service, says
        return best


@cache
def meanings(field: str) -> Mapping[str, str]:
    """What the codes of a field mean, by their letters."""
    return {letters(row["value"]): row["meaning"] for row in _bundled("codes", field)}


def spellings(field: str) -> tuple[str, ...]:
    """The codes of a field as the specification spells them."""
    if field == "frequency":
        return tuple(one.name for one in frequencies().values())
    if field == "service_component":
        return tuple(row[field] for row in _bundled("services") if row[field] != ANY)
    return tuple(row["value"] for row in _bundled("codes", field))


def meant(text: Text, field: str) -> tuple[IntArray, tuple[str, ...]]:
    """For each row the place of what its code means; -1 blank, -2 no known code."""
    known = meanings(field)
    names = tuple(dict.fromkeys(known.values()))
    place = {name: i for i, name in enumerate(names)}
    of_each = [
        -1 if not value.strip() else place.get(known.get(letters(value), ""), -2)
        for value in text.distinct
    ]
    return np.array([*of_each, -1], dtype=np.int64)[text.codes], names


@cache
def bundled_mapping() -> ServiceMap:
    """The mapping that comes with metneed."""
    return _mapping(_bundled("services"))


def read_mapping(path: Path, findings: Findings, encoding: str = "utf-8") -> ServiceMap:
    """The rows of a file ahead of those that come with metneed; its faults are findings.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    table = read_csv(path, _MAPPING, findings, encoding)
    if table is None:
        return bundled_mapping()
    faults = FileFaults(table.file, findings)
    for name in ("service_component", "service_id"):
        if name not in table.columns:
            remedy = f"Give the columns {', '.join(_MAPPING.names)}"
            faults.add(Fault("missing-column", "the column is missing", remedy), name, row=1)
            return bundled_mapping()
    own = [
        {name: _cell(table.columns.get(name), row) for name in _MAPPING.names}
        for row in range(len(table))
    ]
    good = [
        row
        for row, number in zip(own, table.rows, strict=True)
        if row["service_id"] != UNMAPPED and _is_good(row, number, faults)
    ]
    return _mapping([*good, *_bundled("services")])


def _is_good(row: Mapping[str, str], number: int, faults: FileFaults) -> bool:
    known = bundled_mapping().services
    service, unit = row["service_id"], row["unit"]
    if not service or service != service.strip():
        remedy = f"Name a service; {LEFT_OUT} leaves the combination out, {UNMAPPED} says unknown"
        faults.add(Fault("no-service", "no service_id", remedy), "service_id", service, row=number)
        return False
    if unit not in UNITS and (unit or (service not in known and service != LEFT_OUT)):
        fault = Fault("unknown-unit", "not a unit of services", f"Write one of {', '.join(UNITS)}")
        faults.add(fault, "unit", unit, row=number)
        return False
    if row["replaces_all"] not in {"", "yes", "no"}:
        fault = Fault("yes-or-no", "neither yes nor no", "Write yes for a care home, else no")
        faults.add(fault, "replaces_all", row["replaces_all"], row=number)
        return False
    return True


def _mapping(rows: Sequence[Mapping[str, str]]) -> ServiceMap:
    services: dict[str, Service] = {}
    for row in rows:
        name = row["service_id"]
        before = services.get(name) or _known_service(name)
        if name not in services and name != LEFT_OUT:
            services[name] = Service(
                service_id=name,
                unit=row["unit"] or (before.unit if before else "pound"),
                step=row["step"] or (before.step if before else "1"),
                replaces_all=(
                    row["replaces_all"] == "yes"
                    if row["replaces_all"]
                    else bool(before and before.replaces_all)
                ),
            )
    keyed = tuple((tuple(_key(row[name]) for name in KEYS), row["service_id"]) for row in rows)
    order = {row["service_id"]: i for i, row in reversed(list(enumerate(_bundled("services"))))}
    places = sorted(services, key=lambda name: order.get(name, len(order)))
    return ServiceMap(keyed, {name: services[name] for name in places})


def _known_service(name: str) -> Service | None:
    for row in _bundled("services"):
        if row["service_id"] == name:
            return Service(name, row["unit"], row["step"], row["replaces_all"] == "yes")
    return None


def _key(cell: str) -> str:
    return ANY if cell.strip() in {"", ANY} else letters(cell)


def _cell(column: object, row: int) -> str:
    return column.shown(row) if isinstance(column, Text) else ""


@cache
def _bundled(table: str, field: str = "") -> tuple[Mapping[str, str], ...]:
    path = files("metneed.instances") / "data" / "cld" / f"{table}.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return tuple(row for row in rows if not field or row["field"] == field)
