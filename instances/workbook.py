"""Workbooks: .xlsx and .ods files, opened behind the guard and read sheet by sheet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from metneed.instances.faults import Fault, FileFaults, Severity
from metneed.instances.workbook_excel import ExcelBook
from metneed.instances.workbook_form import SheetForm, cell
from metneed.instances.workbook_guard import SUFFIXES, Package
from metneed.instances.workbook_ods import OpenDocumentBook
from metneed.instances.workbook_refusal import RefusedWorkbookError, damaged, missing_extra
from metneed.models.findings import Finding, Findings, visible

OTHER_SUFFIXES = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ots", ".fods", ".numbers")
"""Endings of spreadsheets that are refused with advice."""

Cell: TypeAlias = Any
"""Text, a float, yes or no, a date, a time or a duration; the empty text for nothing."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet of a workbook, and where its faults go.

    Parameters
    ----------
    file
        Its name for findings: ``sheet users of council.xlsx``.
    form
        What stands there besides values.
    cells
        The rows from row 1 to the last that holds anything, each as wide as the widest.
    findings
        Where faults go.
    """

    file: str
    form: SheetForm
    cells: Iterator[list[Cell]]
    findings: Findings

    def about(self, fault: Fault, severity: Severity = "error") -> None:
        """Add a finding about the sheet as a whole."""
        FileFaults(self.file, self.findings).add(fault, severity=severity)

    def at(  # noqa: PLR0913 - a place has a row, a column and a heading
        self,
        fault: Fault,
        row: int,
        column: int,
        *,
        heading: str = "",
        value: str = "",
        severity: Severity = "error",
    ) -> None:
        """Add a finding about a cell, whose row and column are counted from 1."""
        code, problem, remedy = fault
        place = cell(row, column)
        finding = Finding(self.file, row, heading, value, problem, remedy, code, severity, place)
        self.findings.add(finding)


@dataclass(frozen=True, eq=False)
class Workbook:
    """A workbook that is open.

    Parameters
    ----------
    file
        Name of the file.
    book
        Its sheets, as its form has them.
    findings
        Where faults go.
    """

    file: str
    book: ExcelBook | OpenDocumentBook
    findings: Findings

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name; what its reader may not see, such as hidden rows, is a warning.

        Raises
        ------
        RefusedWorkbookError
            Where it cannot be read; so may the first look at its cells.
        """
        form = self.book.form(name)
        faults = FileFaults(self.place(name), self.findings)
        for note in form.notes():
            faults.add(note, severity="warning")
        # Some versions of the library stumble over a sheet that holds nothing.
        cells = _cells(*self.book.alone(name)) if form.rows else iter(())
        return Sheet(faults.file, form, cells, self.findings)

    def place(self, name: str) -> str:
        """How findings call a sheet."""
        return f"sheet {visible(name)} of {self.file}"


def _cells(file: BytesIO, place: int) -> Iterator[list[Cell]]:
    """The rows of a sheet.

    Raises
    ------
    RefusedWorkbookError
        Where they cannot be read.
    """
    try:
        from python_calamine import CalamineError, load_workbook  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing_extra() from error
    try:
        yield from load_workbook(file).get_sheet_by_index(place).iter_rows()
    except CalamineError as error:
        raise damaged(f"its cells cannot be read ({str(error)[:80]})") from error
    except BaseException as error:
        # A cell that its library gives up on, such as a date in another geological age.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(f"it has a cell that cannot be read ({str(error)[:80]})") from error


def is_workbook(path: Path) -> bool:
    """Whether a path is that of a workbook, or of one that must be saved in another form."""
    return path.suffix.lower() in {*SUFFIXES, *OTHER_SUFFIXES} and not path.is_dir()


@contextmanager
def open_workbook(path: Path, findings: Findings) -> Iterator[Workbook | None]:
    """The workbook of a file; None, with a finding that says why, where it is refused.

    Parameters
    ----------
    path
        The file; whether it is .xlsx or .ods is seen from its parts, not from its name.
    findings
        Where faults go.

    Raises
    ------
    MissingExtraError
        Where python-calamine or defusedxml is not installed.
    OSError
        Where the file cannot be read.
    """
    package = None
    try:
        package = Package(path)
        workbook = Workbook(path.name, _book(package), findings)
    except RefusedWorkbookError as refused:
        FileFaults(path.name, findings).add(refused.fault)
        yield None
    else:
        yield workbook
    finally:
        if package is not None:
            package.close()


def _book(package: Package) -> ExcelBook | OpenDocumentBook:
    if "mimetype" in package:
        return OpenDocumentBook(package)
    if "_rels/.rels" in package:
        return ExcelBook(package)
    remedy = "Give the workbook itself (.xlsx or .ods)"
    raise RefusedWorkbookError(Fault("not-a-workbook", "a zip file, but not a workbook", remedy))
