"""Every class of bad and awkward workbook, with the exact findings it must give."""

import runpy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from metneed.instances.read import examine, read
from metneed.models.errors import InputError
from metneed.models.findings import Finding

pytest.importorskip("python_calamine", reason="the extra excel is not installed")

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "workbooks.py"))["EVERYTHING"]
CASES = CORPUS["CASES"]


def places(findings: Iterable[Finding]) -> list[tuple[str, int, str, str, str]]:
    return sorted((item.file, item.row, item.column, item.code, item.cell) for item in findings)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_case_gives_exactly_the_findings_it_must(case: Any, tmp_path: Path) -> None:
    path = tmp_path / case.file
    path.write_bytes(case.data)
    instance, findings = examine(path)

    assert places(findings.errors) == sorted(case.errors)
    assert places(findings.warnings) == sorted(case.warnings)
    assert (instance is None) == bool(case.errors)
    for finding in findings:
        assert finding.problem
        assert finding.remedy
        assert str(finding).isprintable()
    if case.errors:
        with pytest.raises(InputError):
            read(path)


def test_the_names_of_cases_are_all_different() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
