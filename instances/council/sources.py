"""Where a council's tables stand: a folder, or one workbook with sheets of the same names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from metneed.instances.council.folder import council_files, read_table
from metneed.instances.council.schemas import COUNCIL_SCHEMAS
from metneed.instances.council.settings import FILE as SETTINGS_FILE
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.files import sha256
from metneed.instances.scenario_file import FILE as SCENARIO_FILE
from metneed.instances.scenario_file import raw_keys
from metneed.instances.tables import Table
from metneed.instances.workbook import is_workbook
from metneed.instances.workbook_sheets import Sheets, read_sheets
from metneed.models.findings import Findings


@dataclass
class Source:
    """What there is to read, not yet looked at.

    Parameters
    ----------
    tables
        By name.
    keys
        Of scenario.toml and build.toml, as they give them; a file that is not there has none.
    text
        Of scenario.toml, to find the line of a key.
    inputs
        sha256 of each file, by its name.
    complete
        Whether every table that is there could be read.
    sheets
        The workbook, where it is one.
    """

    tables: dict[str, Table] = field(default_factory=dict)
    keys: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    text: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    complete: bool = True
    sheets: Sheets | None = None

    def arrange(self, findings: Findings) -> None:
        """Put findings in order of file and row, with the cells of a workbook."""
        if self.sheets is not None:
            self.sheets.name_cells(findings)
        findings.items.sort(key=lambda item: (item.file, item.row))


def open_source(path: Path, findings: Findings, encoding: str) -> Source | None:
    """The tables and keys of a folder or workbook, None where it cannot be opened.

    Raises
    ------
    MissingExtraError
        Where a table needs an extra that is not installed.
    """
    try:
        if path.is_file() and is_workbook(path):
            return _workbook(path, findings)
        return _folder(path, findings, encoding)
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        fault = Fault("unreadable", problem, "Check its name, and that you may read it")
        FileFaults(str(error.filename or path), findings).add(fault)
        return None


def _folder(folder: Path, findings: Findings, encoding: str) -> Source | None:
    source = Source()
    files = council_files(folder, findings)
    if not files and findings.errors:
        return None
    for name, file in files.items():
        source.inputs[file.name] = sha256(file)
        if name in COUNCIL_SCHEMAS:
            table = read_table(name, file, findings, encoding)
            if table is None:
                source.complete = False
            else:
                source.tables[name] = table
            continue
        raw, text = raw_keys(file, FileFaults(file.name, findings))
        source.keys[file.name] = raw or {}
        source.text = text if file.name == SCENARIO_FILE else source.text
        source.complete &= raw is not None
    return source


def _workbook(path: Path, findings: Findings) -> Source | None:
    sheets = read_sheets(path, findings, COUNCIL_SCHEMAS, [SCENARIO_FILE, SETTINGS_FILE])
    if sheets is None:
        return None
    return Source(
        tables=dict(sheets.tables),
        keys={name: keys.raw for name, keys in sheets.keys.items()},
        inputs=dict(sheets.inputs),
        complete=(sheets.names & set(COUNCIL_SCHEMAS)) <= set(sheets.tables),
        sheets=sheets,
    )
