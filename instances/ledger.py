"""A council's tables held against its ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from metneed.instances.council.current import NOT_RECORDED, Current, read_current
from metneed.instances.council.folder import council_files, read_table
from metneed.instances.council.money import read_contributions
from metneed.instances.council.people import read_people
from metneed.instances.council.prices import Prices, read_prices
from metneed.instances.council.schemas import COUNCIL_SCHEMAS, LEDGER
from metneed.instances.council.settings import Settings, read_settings
from metneed.instances.csv_bytes import known_encoding
from metneed.instances.csv_file import read_csv
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import check_headings
from metneed.instances.money_time import in_period
from metneed.instances.reading import Reading
from metneed.instances.reconcile import NOT_KNOWN, Accounts, Reconciliation, Records, reconcile
from metneed.instances.scenario_file import raw_keys
from metneed.instances.schemas import Field
from metneed.instances.tables import Text
from metneed.models.arrays import IntArray
from metneed.models.errors import InputError
from metneed.models.findings import Findings
from metneed.models.scenario import Period
from metneed.models.units import Units

NEEDED = ("services", "current")
_READ = ("users", "services", "current", "contributions")

_SCHEMA = replace(
    LEDGER, fields=(*LEDGER.fields, Field("period", "text", "What the cost is for: week or year"))
)


@dataclass(frozen=True)
class Held:
    """A reconciliation, and what was taken for granted.

    Parameters
    ----------
    found
        The reconciliation.
    period
        What its amounts are for.
    weeks_per_year
        How a ledger of another period was converted.
    converted
        How many lines of the ledger were for another period.
    at_list_price
        How many rows of today's services had no recorded cost and were taken at list price.
    warnings
        What was found that stops nothing.
    """

    found: Reconciliation
    period: Period
    weeks_per_year: str
    converted: int
    at_list_price: int
    warnings: Findings


def reconcile_folder(
    folder: Path, ledger: Path, *, ledger_period: Period | None = None, encoding: str = "utf-8"
) -> Held:
    """A council's tables held against a ledger.

    Parameters
    ----------
    folder
        The tables services and current, perhaps users and contributions.
    ledger
        CSV file with service_id, cost, perhaps people and period.
    ledger_period
        What the ledger is for where its rows do not say; by default what the tables are for.
    encoding
        Of CSV files that do not say it themselves.

    Raises
    ------
    InputError
        Where anything is wrong; its findings name every fault.
    """
    findings = Findings()
    encoding = known_encoding(encoding)
    try:
        settings, readings = _opened(folder, findings, encoding)
        accounts, converted = _read_ledger(ledger, settings, ledger_period, findings, encoding)
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        remedy = "Check its name, and that you may read it"
        FileFaults(str(error.filename), findings).add(Fault("unreadable", problem, remedy))
        raise InputError(findings) from error
    people = read_people(readings)
    prices = read_prices(readings["services"], people) if "services" in readings else None
    current = read_current(readings["current"], people, prices) if "current" in readings else None
    paid = None
    if "contributions" in readings:
        paid = read_contributions(readings["contributions"], people)
    if findings.errors or current is None or prices is None or accounts is None:
        raise InputError(findings)
    period, weeks = _time(settings)
    return Held(
        found=reconcile(
            Records(
                current.user,
                [prices.ids[place] for place in current.service],
                _costs(current, prices),
            ),
            accounts,
            None if paid is None else int(paid.sum()),
        ),
        period=period,
        weeks_per_year=weeks,
        converted=converted,
        at_list_price=int((current.recorded == NOT_RECORDED).sum()),
        warnings=Findings(list(findings.warnings)),
    )


def _opened(
    folder: Path, findings: Findings, encoding: str
) -> tuple[Settings, Mapping[str, Reading]]:
    """The settings and the tables that are compared; missing ones are findings."""
    files = council_files(folder, findings)
    settings = read_settings(files.get("build"), findings)
    if "scenario" in files:
        raw, _ = raw_keys(files["scenario"], FileFaults(files["scenario"].name, findings))
        stated = {key: (raw or {}).get(key) for key in ("period", "weeks_per_year")}
        given = settings.model_dump(exclude_none=True)
        settings = Settings.model_validate(
            {key: value for key, value in stated.items() if value is not None} | given
        )
    readings = {}
    for name in _READ:
        if name in files:
            table = read_table(name, files[name], findings, encoding)
            if table is not None:
                readings[name] = Reading(table, COUNCIL_SCHEMAS[name], Units(), findings)
        elif name in NEEDED and folder.is_dir():
            fault = Fault("missing-file", "the file is missing", "Add it, or import an extract")
            FileFaults(f"{name}.csv", findings).add(fault)
    return settings, readings


def _time(settings: Settings) -> tuple[Period, str]:
    return settings.period or "week", settings.weeks_per_year or "365/7"


def _costs(current: Current, prices: Prices) -> IntArray:
    """Recorded costs, list prices where none is recorded; smallest money units."""
    listed = current.list_cost(prices.services, prices.price_list)
    return np.where(current.recorded == NOT_RECORDED, listed, current.recorded)


def _read_ledger(
    path: Path, settings: Settings, period: Period | None, findings: Findings, encoding: str
) -> tuple[Accounts | None, int]:
    """The ledger in the period of the tables, and how many rows were for another one.

    Amounts of another period become the nearest penny of this one.
    """
    table = read_csv(path, _SCHEMA, findings, encoding)
    if table is None:
        return None, 0
    reading = Reading(table, _SCHEMA, Units(), findings)
    check_headings(reading)
    cost, people = reading.numbers("cost"), reading.numbers("people", blank=True)
    service, periods = reading.text("service_id"), reading.text("period")
    if service is None or cost is None:
        return None, 0
    _check_names(reading, service)
    mine, weeks = _time(settings)
    stated = [periods.shown(row).strip() if periods else "" for row in range(len(table))]
    wrong = [row for row, word in enumerate(stated) if word not in {"", "week", "year"}]
    fault = Fault("unknown-period", "neither week nor year", "Write week or year")
    reading.cells("period", np.array(wrong, dtype=np.int64), fault)
    theirs = [word or period or mine for word in stated]
    amounts = [
        _nearest(in_period(amount, one, mine, weeks))
        for amount, one in zip(cost.units.tolist(), theirs, strict=True)
    ]
    counted = np.full(len(table), NOT_KNOWN, dtype=np.int64)
    if people is not None:
        counted = np.where(reading.filled("people"), people.units, NOT_KNOWN)
    names = [service.shown(row) for row in range(len(table))]
    if len(set(names)) < len(names):
        return None, 0
    accounts = Accounts(names, np.array(amounts, dtype=np.int64), counted)
    return accounts, sum(one != mine for one in theirs)


def _check_names(reading: Reading, service: Text) -> None:
    names = [service.shown(row) for row in range(len(service))]
    blank = np.array([row for row, name in enumerate(names) if not name.strip()], dtype=np.int64)
    fault = Fault("blank", "blank", "Name the service; if this is a row of totals, delete it")
    reading.cells("service_id", blank, fault)
    again = [row for row, name in enumerate(names) if name in names[:row]]
    fault = Fault("duplicate-service", "the same service as in an earlier row", "Add them up")
    reading.cells("service_id", np.array(again, dtype=np.int64), fault)


def _nearest(exact: Fraction) -> int:
    return int((exact + Fraction(1, 2)) // 1)
