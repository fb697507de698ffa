"""Faults, and the findings they become once it is known where they stand."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from metneed.models.findings import Finding, Findings

Severity = Literal["error", "warning"]


class Fault(NamedTuple):
    """What is wrong: a short name for machines, words, and what to do about it."""

    code: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class FileFaults:
    """The faults of one file, which become findings under its name."""

    file: str
    findings: Findings

    def add(
        self,
        fault: Fault,
        column: str = "",
        value: str = "",
        *,
        row: int = 0,
        severity: Severity = "error",
    ) -> None:
        """Add a finding; without a row it is about the whole file."""
        self.findings.add(Finding(self.file, row, column, value, *fault[1:], fault.code, severity))
