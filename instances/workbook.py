"""Workbooks as tables: sheets of .xlsx and .ods files, by the same rules as CSV files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeAlias

from metneed.instances.faults import Fault
from metneed.instances.workbook_excel import ExcelBook
from metneed.instances.workbook_form import SheetForm
from metneed.instances.workbook_guard import (
    SUFFIXES,
    Package,
    RefusedWorkbookError,
    damaged,
    missing_extra,
)
from metneed.instances.workbook_ods import OpenDocumentBook
from metneed.models.findings import Finding, Findings

OTHERS = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ots", ".fods", ".numbers")
"""Endings of other spreadsheets, which are refused with advice."""

Cell: TypeAlias = Any
"""Text, float, bool, date, time or duration; the empty text for nothing."""


class Book(Protocol):
    """A workbook of either form."""

    names: Sequence[str]
    hidden: Sequence[str]
    def form(self, name: str) -> SheetForm: ...
