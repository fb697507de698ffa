"""Reading instances: every fault of every file in one pass, or an instance free of errors."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from metneed.instances.catalogue import read_catalogue
from metneed.instances.csv_bytes import known_encoding
from metneed.instances.csv_file import read_csv
from metneed.instances.evidence import lowest
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.files import sha256
from metneed.instances.folder import find_files
from metneed.instances.frames import read_frame
from metneed.instances.magnitude import check_magnitude
from metneed.instances.menu_rows import build_menus, in_order_of_menus
from metneed.instances.needs import read_needs
from metneed.instances.packages import read_packages
from metneed.instances.parquet_file import read_parquet
from metneed.instances.previous import read_previous
from metneed.instances.reading import Reading
from metneed.instances.scenario_file import ScenarioKeys, check_keys, read_scenario
from metneed.instances.schemas import SCHEMAS, SMALL
from metneed.instances.services import (
    is_price_list,
    note_not_counted,
    read_services,
    report_price_list,
)
from metneed.instances.small_tables import check_together, read_small_tables
from metneed.instances.tables import Table, Text
from metneed.instances.users import UserRows, read_users
from metneed.instances.uses import read_uses
from metneed.instances.workbook import is_workbook
from metneed.instances.workbook_instance import read_instance_sheets
from metneed.instances.workbook_sheets import Sheets
from metneed.models.arrays import frozen
from metneed.models.columns import Labels
from metneed.models.errors import InputError, UnknownNameError
from metneed.models.findings import Findings
from metneed.models.instance import Instance, Users
from metneed.models.menus import Menus
from metneed.models.scenario import Scenario
from metneed.models.services import Services, Uses


def read(path: str | Path, *, encoding: str = "utf-8") -> Instance:
    """The instance in a folder or a workbook.

    Parameters
    ----------
    path
        Folder with ``scenario.toml``, ``users`` and ``packages`` or ``catalogue``, and perhaps
        ``previous``, ``services``, ``uses``, ``needs`` and small tables, as CSV or Parquet; or a
        workbook (.xlsx, .ods) with sheets of these names: see docs/file-formats.md.
    encoding
        Of CSV files that do not say it themselves: ``utf-8``, ``cp1252``, ...

    Raises
    ------
    InputError
        Where anything is wrong; its findings name every fault of every file.
    MissingExtraError
        Where a table is Parquet, or the instance a workbook, and its library is not installed.
    OptionError
        Where there is no such encoding.
    """
    instance, findings = examine(path, encoding=encoding)
    if instance is None:
        raise InputError(findings)
    return instance


def examine(path: str | Path, *, encoding: str = "utf-8") -> tuple[Instance | None, Findings]:
    """The instance in a folder or workbook, None where it has errors, and all findings.

    Parameters
    ----------
    path, encoding
        As for `read`.

    Raises
    ------
    MissingExtraError
        Where a table is Parquet, or the instance a workbook, and its library is not installed.
    OptionError
        Where there is no such encoding.
    """
    encoding = known_encoding(encoding)
    findings = Findings()
    folder = Path(path)
    if is_workbook(folder):
        return _of_workbook(folder, findings)
    keys, tables, inputs = None, {}, {}
    try:
        files = find_files(folder, findings) or {}
    except OSError as error:
        _unreadable(FileFaults(str(folder), findings), error)
        files = {}
    for name, file in files.items():
        try:
            inputs[file.name] = sha256(file)
            if name == "scenario":
                keys = read_scenario(file, findings)
            else:
                table = _table(name, file, findings, encoding)
                if table is not None:
                    tables[name] = table
        except OSError as error:
            _unreadable(FileFaults(file.name, findings), error)
    instance = _instance(keys or ScenarioKeys(), tables, findings, inputs)
    return instance, findings


def from_frames(  # noqa: PLR0913 - one argument a table
    users: pd.DataFrame,
    packages: pd.DataFrame,
    scenario: Scenario | Mapping[str, object],
    previous: pd.DataFrame | None = None,
    *,
    services: pd.DataFrame | None = None,
    uses: pd.DataFrame | None = None,
    needs: pd.DataFrame | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> Instance:
    """The instance that DataFrames hold, by the same rules as files.

    Parameters
    ----------
    users, packages, previous, services, uses, needs
        Columns as in the files; identifiers are text, numbers may be whole numbers, decimals,
        text, or floats that are the nearest ones to a decimal with the kept places.
    scenario
        A scenario, or its keys.
    tables
        Small tables by name: ``points``, ``bands`` and so on.

    Raises
    ------
    InputError
        Where anything is wrong; its findings number rows as a spreadsheet would (from 2).
    UnknownNameError
        Where there is no small table of a name.
    """
    for name in tables or {}:
        if name not in SMALL:
            raise UnknownNameError("small table", name, SMALL)
    findings = Findings()
    if isinstance(scenario, Scenario):
        groups = None if scenario.groups is None else tuple(scenario.groups)
        keys = ScenarioKeys(scenario, scenario.units, groups)
    else:
        keys = check_keys(scenario, FileFaults("scenario", findings))
    frames = {
        "users": users,
        "packages": packages,
        "previous": previous,
        "services": services,
        "uses": uses,
        "needs": needs,
        **(tables or {}),
    }
    read_tables = {
        name: read_frame(frame, SCHEMAS[name], findings)
        for name, frame in frames.items()
        if frame is not None
    }
    instance = _instance(keys, read_tables, findings, {})
    if instance is None:
        raise InputError(findings)
    return instance


def _of_workbook(path: Path, findings: Findings) -> tuple[Instance | None, Findings]:
    try:
        keys, sheets = read_instance_sheets(path, findings)
    except OSError as error:
        _unreadable(FileFaults(path.name, findings), error)
        return None, findings
    instance = _instance(keys, sheets.tables, findings, sheets.inputs, sheets)
    return instance, findings


def _table(name: str, file: Path, findings: Findings, encoding: str) -> Table | None:
    if file.suffix == ".parquet":
        return read_parquet(file, SCHEMAS[name], findings)
    return read_csv(file, SCHEMAS[name], findings, encoding)


def _unreadable(faults: FileFaults, error: OSError) -> None:
    problem = f"cannot be read: {error.strerror or error}"
    faults.add(Fault("unreadable", problem, "Check its name, and that you may read it"))


def _instance(
    keys: ScenarioKeys,
    tables: Mapping[str, Table],
    findings: Findings,
    inputs: Mapping[str, str],
    sheets: Sheets | None = None,
) -> Instance | None:
    """The instance of these tables, or None where any finding is an error."""
    of_form = len(findings)
    readings = {
        name: Reading(table, SCHEMAS[name], keys.units, findings) for name, table in tables.items()
    }
    users = read_users(readings["users"], keys.groups) if "users" in readings else None
    offers = None
    if "packages" in readings:
        offers = read_packages(readings["packages"], users)
    elif "catalogue" in readings:
        offers = read_catalogue(readings["catalogue"], users)
    menu, forms, paid = None, None, None
    if users is not None and offers is not None:
        offers = in_order_of_menus(offers, users)
        menu = build_menus(offers, users)
        _check_amounts(offers.reading, users, menu[0])
        forms, paid = offers.notes.of(offers.row)
    previous = None
    if "previous" in readings:
        previous = read_previous(readings["previous"], users, menu)
    services, uses = _services(readings, users, menu)
    if services is not None and keys.scenario is not None:
        note_not_counted(readings["services"], services, keys.scenario.constraints)
    needs = read_needs(readings["needs"], users) if "needs" in readings else None
    small = read_small_tables(readings)
    check_together(readings, needs, users)
    if users is not None and menu is not None and not findings.errors:
        _warn_of_empty_menus(users, menu[0], keys.scenario)
    _arrange(findings, of_form)
    if sheets is not None:
        sheets.name_cells(findings)
    if findings.errors or keys.scenario is None or users is None or menu is None:
        return None
    return Instance(
        scenario=keys.scenario,
        users=_users(users, menu[0]),
        menus=menu[0],
        package_ids=menu[1],
        previous=previous,
        inputs=dict(inputs),
        warnings=Findings(list(findings)),
        evidence=_evidence(offers.reading if offers is not None else None),
        services=services,
        uses=uses,
        forms=forms,
        paid=paid,
        assessment=None if needs is None else needs.assessment,
        tables=small,
    )


def _services(
    readings: Mapping[str, Reading], users: UserRows | None, menu: tuple[Menus, Labels] | None
) -> tuple[Services | None, Uses | None]:
    """What packages are made of, and how much each uses, as far as it can be read."""
    services = None
    if is_price_list({name: reading.table for name, reading in readings.items()}):
        report_price_list(readings["services"])
    elif "services" in readings:
        services = read_services(readings["services"])
    if "uses" not in readings:
        return services, None
    if "services" not in readings:
        problem = "there is no table services that says what is used"
        readings["uses"].about(Fault("no-services", problem, "Add services with one row a service"))
    return services, read_uses(readings["uses"], users, menu, services)


def _evidence(reading: Reading | None) -> str | None:
    """The weakest level of evidence of any package, None where the table does not say."""
    column = None if reading is None else reading.column("evidence")
    return lowest(column.distinct) if isinstance(column, Text) else None


def _users(users: UserRows, menus: Menus) -> Users:
    columns = {name: frozen(column) for name, (column, _) in users.numbers.items()}
    return Users(
        ids=frozen(users.ids, object),
        need=columns.get("need", menus.best_met_need),
        points=columns.get("points"),
        basic_need=columns.get("basic_need"),
        weight=columns.get("weight"),
        arrival=columns.get("arrival"),
        groups=dict(users.groups),
        numbers=dict(users.further),
    )


def _check_amounts(reading: Reading, users: UserRows, menus: Menus) -> None:
    stated = {name: column for name, (column, _) in users.numbers.items() if name != "arrival"}
    check_magnitude(reading, {"cost": menus.cost}, {"met_need": menus.met_need, **stated})


def _warn_of_empty_menus(users: UserRows, menus: Menus, scenario: Scenario | None) -> None:
    empty = np.sort(users.rows[np.diff(menus.offsets) == 0])
    problem = "no package is offered to this user"
    if scenario is not None and scenario.choice == "exactly_one":
        problem += ", who gets nothing although everyone must have exactly one"
    fault = Fault("no-package", problem, "Add one, if there is any")
    users.reading.cells("user_id", empty, fault, "warning")


def _arrange(findings: Findings, of_form: int) -> None:
    """Put findings in order of file and row, and none about what a cell holds that was refused.

    The first `of_form` findings are about the form of files: a cell whose bytes are no text, or
    that a spreadsheet shows as an error, holds nothing that could be looked at.
    """
    items = findings.items
    refused = {(f.file, f.row, f.column) for f in items[:of_form] if f.severity == "error"}
    kept = [
        f
        for place, f in enumerate(items)
        if place < of_form or not f.row or not f.column or (f.file, f.row, f.column) not in refused
    ]
    items[:] = sorted(kept, key=lambda finding: (finding.file, finding.row))
