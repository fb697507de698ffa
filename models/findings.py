"""Findings: faults in the input, each with its place and what to do about it."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

SHOWN = 20
"""How many findings a screen shows; the rest is counted, and written where asked."""

VALUE_LENGTH = 40


@dataclass(frozen=True, order=True)
class Finding:
    """One fault in the input.

    Parameters
    ----------
    file
        Name of the file (or sheet) as the user wrote it.
    row
        Row as a spreadsheet shows it (the header is row 1); 0 for the whole file.
    column
        Column heading, or the key of a scenario; empty for the whole row.
    value
        What stood there, as text; empty where nothing did.
    problem
        What is wrong, in words.
    remedy
        What to do about it, in words.
    code
        Short name of the class of fault, for machines (``not-a-number``).
    severity
        ``error`` stops the reading of the instance, ``warning`` does not.
    cell
        Name of the cell in a workbook (``C5``), or of the column for a whole column (``C``);
        empty for other files.
    """

    file: str
    row: int
    column: str
    value: str
    problem: str
    remedy: str
    code: str
    severity: Literal["error", "warning"] = "error"
    cell: str = ""

    def __str__(self) -> str:
        named = f"column {visible(self.column)}" if self.column else ""
        if self.cell:
            named = f"{named} ({self.cell})" if named else f"cell {self.cell}"
        row = f"row {self.row}" if self.row else ""
        place = ", ".join(part for part in (self.file, row, named) if part)
        value = f": {visible(self.value)!r}" if self.value else ""
        return f"{place}{value}: {self.problem}. {self.remedy}"


@dataclass
class Findings:
    """All findings of one reading, in order of file and row."""

    items: list[Finding] = field(default_factory=list)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def add(self, finding: Finding) -> None:
        """Add one finding."""
        self.items.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Add several findings."""
        self.items.extend(findings)

    @property
    def errors(self) -> list[Finding]:
        """The findings that stop the reading."""
        return [item for item in self.items if item.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """The findings that the user should know and that stop nothing."""
        return [item for item in self.items if item.severity == "warning"]

    def summary(self, shown: int = SHOWN) -> str:
        """The errors in words: the first `shown` of them, and how many there are."""
        errors = self.errors
        count = len(errors)
        lines = [f"{count} fault{'' if count == 1 else 's'} in the input"]
        lines += [f"  {item}" for item in errors[:shown]]
        if count > shown:
            lines.append(f"  ... and {count - shown} more")
        return "\n".join(lines)


def visible(text: str, length: int = VALUE_LENGTH) -> str:
    """The text cut to a length, with control and format characters written as codes."""
    shown = text if len(text) <= length else text[:length] + "..."
    return "".join(
        f"<U+{ord(char):04X}>" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"} else char
        for char in shown
    )
