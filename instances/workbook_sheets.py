"""All the sheets of a workbook that a set of tables has names for, in one pass."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from metneed.instances.faults import Fault, FileFaults, Severity
from metneed.instances.files import sha256
from metneed.instances.headings import near_misses
from metneed.instances.schemas import Schema
from metneed.instances.tables import Table
from metneed.instances.workbook import Workbook, open_workbook
from metneed.instances.workbook_keys import Keys, read_keys
from metneed.instances.workbook_refusal import RefusedWorkbookError
from metneed.instances.workbook_table import read_sheet, report_refused
from metneed.models.findings import Finding, Findings, visible

_SHOWN = 8


@dataclass
class Sheets:
    """What the sheets of a workbook hold.

    Parameters
    ----------
    inputs
        sha256 of the workbook by its name.
    names
        The sheets of known names that it has, well formed or not, and those that were meant.
    others
        The sheets of other names.
    tables
        The tables by name, as far as they could be read.
    keys
        The sheets of keys, by the name of the file that holds the same in a folder.
    """

    inputs: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    others: tuple[str, ...] = ()
    tables: dict[str, Table] = field(default_factory=dict)
    keys: dict[str, Keys] = field(default_factory=dict)

    def name_cells(self, findings: Findings) -> None:
        """Give findings the names of their cells, and speak of sheets where they speak of files."""
        letters = {table.file: table.letters for table in self.tables.values()}
        findings.items[:] = [self._placed(item, letters) for item in findings]

    def _placed(self, item: Finding, letters: Mapping[str, Mapping[str, str]]) -> Finding:
        if item.file in self.keys:
            return self.keys[item.file].placed(item)
        for file in self.keys:
            if file in item.remedy:
                sheet = f"the sheet {file.partition('.')[0]}"
                item = replace(item, remedy=item.remedy.replace(file, sheet))
        letter = letters.get(item.file, {}).get(item.column, "")
        if item.cell or not letter:
            return item
        return replace(item, cell=f"{letter}{item.row or ''}")


def read_sheets(
    path: Path,
    findings: Findings,
    schemas: Mapping[str, Schema],
    key_files: Sequence[str] = (),
    later: Collection[str] = (),
) -> Sheets | None:
    """The tables and the keys in a workbook; None, with a finding, where it cannot be opened.

    Sheets of other names are left alone, but for names that nearly are one of these.

    Parameters
    ----------
    path
        The workbook.
    findings
        Where faults go.
    schemas
        The tables by the names of their sheets.
    key_files
        Files such as ``scenario.toml``, which a workbook has as sheets of keys and values.
    later
        Sheets whose names are kept for tables that nobody reads yet.

    Raises
    ------
    MissingExtraError
        Where python-calamine or defusedxml is not installed.
    OSError
        Where the file cannot be read.
    """
    with open_workbook(path, findings) as workbook:
        if workbook is None:
            return None
        known = {**dict.fromkeys(schemas, ""), **{Path(file).stem: file for file in key_files}}
        others = tuple(name for name in workbook.book.names if name not in known)
        names = _known_names(workbook, [*known], later, schemas)
        found = Sheets({path.name: sha256(path)}, names, others)
        for name in workbook.book.names:
            if name in known:
                _read(workbook, name, schemas.get(name), known[name], found)
    return found


def _read(
    workbook: Workbook, name: str, schema: Schema | None, key_file: str, found: Sheets
) -> None:
    """Read one sheet, as a table where it has a schema and as keys where it has none."""
    sheet = None
    try:
        sheet = workbook.sheet(name)
        if schema is None:
            found.keys[key_file] = read_keys(sheet)
        elif (table := read_sheet(sheet, schema)) is not None:
            found.tables[name] = table
    except RefusedWorkbookError as refused:
        if sheet is not None and sheet.form.refused:
            # Some errors of newer spreadsheets are more than the library can read.
            report_refused(sheet, {})
        else:
            FileFaults(workbook.place(name), workbook.findings).add(refused.fault)


def _known_names(
    workbook: Workbook, known: Sequence[str], later: Collection[str], schemas: Mapping[str, Schema]
) -> set[str]:
    """The known names that there are or that were meant; findings for those that are neither."""
    names = workbook.book.names
    meant = near_misses([name for name in names if name not in later], known)
    for name, sheet in meant.items():
        # Small tables have short names: a sheet of dates is no slip of rates.
        small = name in schemas and schemas[name].is_small
        severity: Severity = "warning" if small else "error"
        problem = f"looks like {name}, and is not read"
        remedy = f"Call the sheet {name}, or something that cannot be taken for it"
        fault = Fault("misnamed-sheet", problem, remedy)
        FileFaults(workbook.place(sheet), workbook.findings).add(fault, severity=severity)
    for name in names:
        if name in later:
            fault = Fault("not-read", "this version does not read it", "Nothing needs to be done")
            FileFaults(workbook.place(name), workbook.findings).add(fault, severity="warning")
    hidden = [name for name in names if name in workbook.book.hidden and name not in known]
    if hidden:
        are = "1 hidden sheet is" if len(hidden) == 1 else f"{len(hidden):,} hidden sheets are"
        shown = ", ".join(f"{visible(name)!r}" for name in hidden[:_SHOWN])
        shown += " ..." if len(hidden) > _SHOWN else ""
        remedy = "Look at what is hidden before you pass the workbook on"
        fault = Fault("hidden-sheet", f"{are} not read: {shown}", remedy)
        FileFaults(workbook.file, workbook.findings).add(fault, severity="warning")
    return {*(name for name in names if name in known), *meant}
