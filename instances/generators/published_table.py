"""Reading a published table: a CSV file with known columns, strictly."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from metneed.models.findings import Finding, Findings

Numbers: TypeAlias = dict[tuple[str, ...], Decimal]
"""Numbers by the cells that name them."""

_PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True)
class PublishedTable:
    """The rows of a file as text, by heading.

    Parameters
    ----------
    name
        Name of the file.
    rows
        Number of the row as a spreadsheet shows it, and its cells.
    """

    name: str
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    @classmethod
    def read(cls, path: Path, columns: Sequence[str], findings: Findings) -> "PublishedTable":
        """The table; what is wrong with the file as a whole is added to the findings."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                lines = list(csv.reader(file))
        except OSError as error:
            problem = f"the file cannot be read ({error.strerror})"
            return cls._unreadable(path, problem, "Give the path of a CSV file.", findings)
        except UnicodeDecodeError:
            problem = "the file is not text in UTF-8"
            return cls._unreadable(path, problem, "Save it as CSV UTF-8.", findings)
        except csv.Error as error:
            problem = f"the file is no CSV ({error})"
            return cls._unreadable(path, problem, "Save it as CSV UTF-8.", findings)
        heading = lines[0] if lines else []
        missing = [column for column in columns if column not in heading]
        if missing:
            problem = f"there is no column {' and no column '.join(missing)}"
            remedy = f"The first row must have the headings {', '.join(columns)}."
            findings.add(Finding(path.name, 1, "", "", problem, remedy, "missing-column"))
            return cls(path.name, ())
        rows = []
        for number, cells in enumerate(lines[1:], start=2):
            if len(cells) == len(heading):
                rows.append((number, dict(zip(heading, cells, strict=True))))
            elif cells:
                problem = f"{len(cells)} cells stand under {len(heading)} headings"
                remedy = "Give every row as many cells as there are headings."
                findings.add(Finding(path.name, number, "", "", problem, remedy, "ragged-row"))
        return cls(path.name, tuple(rows))

    @classmethod
    def _unreadable(
        cls, path: Path, problem: str, remedy: str, findings: Findings
    ) -> "PublishedTable":
        findings.add(Finding(path.name, 0, "", "", problem, remedy, "unreadable"))
        return cls(path.name, ())

    def values(self, column: str) -> set[str]:
        """Every text that stands in a column."""
        return {row[column] for _, row in self.rows}

    def numbers(
        self,
        where: Mapping[str, str],
        key: Sequence[str],
        column: str,
        findings: Findings,
    ) -> Numbers:
        """The numbers of a column in the rows that match, by the cells of the key.

        Empty cells are left out; text that is no number and rows that stand there twice are
        added to the findings.
        """
        found: Numbers = {}
        for number, row in self.rows:
            cell, place = row[column].strip(), tuple(row[part] for part in key)
            if any(row[name] != value for name, value in where.items()) or not cell:
                continue
            if not _PLAIN.fullmatch(cell):
                problem, code = "is not a plain number", "not-a-number"
                remedy = "Write digits with a decimal point, or leave the cell empty."
                findings.add(Finding(self.name, number, column, cell, problem, remedy, code))
            elif place in found:
                problem, code = f"is the second row of {', '.join(place)}", "duplicate-row"
                remedy = "Leave one of the two rows out."
                findings.add(Finding(self.name, number, column, cell, problem, remedy, code))
            else:
                found[place] = Decimal(cell)
        return found
