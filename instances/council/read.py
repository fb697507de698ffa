"""Reading a council's tables: every fault of every table in one pass, or a council free of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from metneed.instances.council.columns import flags
from metneed.instances.council.people import text_columns
from metneed.instances.council.record import Council, LeftOut, TableNote
from metneed.instances.council.scenario import scenario_keys, with_budget
from metneed.instances.council.schemas import COUNCIL_SCHEMAS
from metneed.instances.council.settings import FILE as SETTINGS_FILE
from metneed.instances.council.settings import Settings, settings_of
from metneed.instances.council.sources import Source, open_source
from metneed.instances.council.stock import not_used
from metneed.instances.council.tables import (
    Parts,
    announce_unused,
    assembled,
    evidence_of,
    needed_tables,
    read_parts,
    today_costs,
)
from metneed.instances.csv_bytes import known_encoding
from metneed.instances.evidence import Evidence
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.plans import Tables
from metneed.instances.reading import Reading
from metneed.instances.scenario_file import FILE, ScenarioKeys
from metneed.models.arrays import BoolArray
from metneed.models.errors import InputError
from metneed.models.findings import Findings
from metneed.models.scenario import Scenario

MOST_SOURCES = 20
"""Of each table so many sources are reported."""


@dataclass(frozen=True, eq=False)
class _Files:
    """What the folder holds, as far as it could be opened."""

    readings: Mapping[str, Reading]
    keys: ScenarioKeys
    settings: Settings
    budget_stated: bool
    inputs: Mapping[str, str]


def read_council(path: str | Path, *, encoding: str = "utf-8") -> Council:
    """The council whose tables stand in a folder.

    Parameters
    ----------
    path
        Folder with ``services``, ``needs`` and so on as CSV or Parquet, ``scenario.toml`` and
        perhaps ``build.toml``, or one workbook with sheets of these names: see
        docs/council-tables.md.
    encoding
        Of CSV files that do not say it themselves.

    Raises
    ------
    InputError
        Where anything is wrong; its findings name every fault of every table.
    MissingExtraError
        Where a table is Parquet and pyarrow is not installed.
    OptionError
        Where there is no such encoding.
    """
    council, findings = examine_council(path, encoding=encoding)
    if council is None:
        raise InputError(findings)
    return council


def examine_council(
    path: str | Path, *, encoding: str = "utf-8"
) -> tuple[Council | None, Findings]:
    """The council in a folder, None where it has errors, and all findings either way.

    Parameters
    ----------
    path, encoding
        As for `read_council`.

    Raises
    ------
    MissingExtraError
        Where a table is Parquet and pyarrow is not installed.
    OptionError
        Where there is no such encoding.
    """
    findings = Findings()
    source = open_source(Path(path), findings, known_encoding(encoding))
    if source is None:
        return None, findings
    files = _files(source, findings)
    council = None if files is None else _council(files, findings)
    source.arrange(findings)
    if council is None or findings.errors:
        return None, findings
    return replace(council, warnings=Findings(list(findings))), findings


def _files(source: Source, findings: Findings) -> _Files | None:
    """The tables with what they should hold and the settings; None where a part is beyond it."""
    settings = settings_of(source.keys.get(SETTINGS_FILE, {}), findings)
    raw = source.keys.get(FILE)
    if raw is None:
        fault = Fault("missing-file", "the file is missing", "Add it with schema_version and name")
        FileFaults(FILE, findings).add(fault)
    keys, stated = scenario_keys(raw, source.text, settings, findings)
    readings = {
        name: Reading(table, COUNCIL_SCHEMAS[name], keys.units, findings)
        for name, table in source.tables.items()
    }
    if not source.complete:
        return None
    return _Files(readings, keys, settings, stated, source.inputs)


def _council(files: _Files, findings: Findings) -> Council | None:
    """The council of these files, None where a part is missing; all faults are findings."""
    scenario = files.keys.scenario
    period = "week" if scenario is None else scenario.period
    parts = read_parts(files.readings, files.settings, period)
    notes = {name: _note(reading) for name, reading in files.readings.items()}
    level = evidence_of(files.readings, files.settings, findings)
    if level is None or not _has_tables(level, files.readings, findings):
        return None
    if level == "C" and parts.prices is not None and parts.prices.stock.limited:
        not_used(files.readings["services"])
    announce_unused(files.readings, level, files.settings)
    people, prices = parts.people, parts.prices
    if people is None or prices is None:
        return None
    recorded = files.settings.cost_current == "recorded"
    today = today_costs(parts.current, prices, recorded=recorded)
    made = assembled(parts, level, today, files.readings)
    unassessed = _unassessed(parts, level, files.settings)
    if made is None or scenario is None or findings.errors:
        return None
    chosen = np.flatnonzero(~unassessed)
    by_records = today_costs(parts.current, prices, recorded=True)[chosen]
    scenario = with_budget(scenario, int(by_records.sum()), findings, stated=files.budget_stated)
    if scenario is None:
        return None
    council = Council(
        scenario=scenario,
        settings=files.settings,
        evidence=level,
        ids=people.ids,
        columns=text_columns(people),
        points=people.column("points"),
        arrival=people.column("arrival"),
        tables=_net(made[0], scenario, parts),
        outcomes=made[1],
        prices=prices,
        current=parts.current,
        today_cost=today,
        templates=() if level == "C" else parts.templates,
        swaps=() if level == "C" else parts.swaps,
        ledger=parts.ledger,
        contributions=parts.contributions,
        ineligible=0 if parts.needs is None or level != "A" else parts.needs.ineligible,
        left_out=LeftOut(tuple(people.ids[unassessed]), int(today[unassessed].sum())),
        budget_stated=files.budget_stated,
        levels=parts.levels.names if level == "A" and parts.levels is not None else (),
        notes=notes,
        inputs=files.inputs,
    )
    return council.kept(chosen) if unassessed.any() else council


def _note(reading: Reading) -> TableNote:
    """How many rows a table has, how many are assumed, and the sources that it names."""
    source = reading.text("source")
    named = [] if source is None else sorted({str(text) for text in source.distinct if text})
    assumed = int(flags(reading, "assumed", default=False).sum())
    return TableNote(len(reading.table), assumed, tuple(named[:MOST_SOURCES]))


def _has_tables(level: Evidence, readings: Mapping[str, Reading], findings: Findings) -> bool:
    """Whether every table of a level is there; a missing one is a finding."""
    missing = [name for name in needed_tables(level) if name not in readings]
    for name in missing:
        problem = f"the file is missing, and evidence {level} needs it"
        fault = Fault("missing-file", problem, "Add it: see docs/council-tables.md")
        FileFaults(f"{name}.csv", findings).add(fault)
    return not missing


def _unassessed(parts: Parts, level: Evidence, settings: Settings) -> BoolArray:
    """Which people have no row in needs at all: findings, unless they are to be left out."""
    people = parts.people
    assert people is not None
    if level != "A" or parts.needs is None:
        return np.zeros(len(people), dtype=np.bool_)
    without = ~parts.needs.assessed
    if settings.unassessed == "refuse":
        remedy = 'Add the needs, or write unassessed = "leave_out" in build.toml'
        fault = Fault("no-needs", "needs has no row for this person", remedy)
        people.reading.cells("user_id", np.sort(people.rows[without]), fault)
    return without


def _net(tables: Tables, scenario: Scenario, parts: Parts) -> Tables:
    """The same tables, with what people pay taken off where costs are to be net of it."""
    return replace(tables, contribution=parts.contributions) if scenario.basis == "net" else tables
