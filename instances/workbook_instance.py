"""An instance in one workbook: its sheets are named as the CSV files of a folder."""

from pathlib import Path

from metneed.instances.faults import Fault, FileFaults
from metneed.instances.folder import LATER
from metneed.instances.scenario_file import FILE, ScenarioKeys
from metneed.instances.schemas import SCHEMAS
from metneed.instances.workbook_keys import scenario_of
from metneed.instances.workbook_sheets import Sheets, read_sheets
from metneed.models.findings import Findings, visible

_SHOWN = 5


def read_instance_sheets(path: Path, findings: Findings) -> tuple[ScenarioKeys, Sheets]:
    """The scenario and the tables of an instance, as far as they can be read.

    Parameters
    ----------
    path
        The workbook.
    findings
        Where faults go, those about missing sheets among them.

    Raises
    ------
    MissingExtraError
        Where python-calamine or defusedxml is not installed.
    OSError
        Where the file cannot be read.
    """
    sheets = read_sheets(path, findings, SCHEMAS, [FILE], LATER)
    if sheets is None:
        return ScenarioKeys(), Sheets()
    _check_missing(sheets, FileFaults(path.name, findings))
    if {"packages", "catalogue"} <= sheets.names:
        fault = Fault("two-menus", "packages are given user by user, too", "Keep one of the two")
        FileFaults(f"sheet catalogue of {path.name}", findings).add(fault)
    if FILE not in sheets.keys:
        return ScenarioKeys(), sheets
    return scenario_of(sheets.keys[FILE], findings), sheets


def _check_missing(sheets: Sheets, faults: FileFaults) -> None:
    others = ", ".join(f"{visible(name)!r}" for name in sheets.others[:_SHOWN])

    def missing(name: str, remedy: str) -> None:
        problem = f"the sheet {name} is missing" + (f" among {others}" if others else "")
        faults.add(Fault("missing-sheet", problem, remedy))

    if "scenario" not in sheets.names:
        missing("scenario", "Add it with the columns key and value: schema_version, name, budget")
    if "users" not in sheets.names:
        missing("users", "Add it with one row a user")
    if not {"packages", "catalogue"} & sheets.names:
        missing("packages", "Add the menu of each user, or the sheet catalogue for all of them")
