"""Every class of bad and awkward input, with the exact findings it must give."""

import runpy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from metneed.instances.read import examine, read
from metneed.models.errors import InputError
from metneed.models.findings import Finding

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "cases.py"))
CASES = CORPUS["CASES"]


def places(findings: Iterable[Finding]) -> list[tuple[str, int, str, str]]:
    return sorted((item.file, item.row, item.column, item.code) for item in findings)


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    for name, data in request.param.files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "case"),
    [(case, case) for case in CASES],
    ids=[case.name for case in CASES],
    indirect=["folder"],
)
def test_every_case_gives_exactly_the_findings_it_must(folder: Path, case: Any) -> None:
    instance, findings = examine(folder)

    assert places(findings.errors) == sorted(case.errors)
    assert places(findings.warnings) == sorted(case.warnings)
    assert (instance is None) == bool(case.errors)
    for finding in findings:
        assert finding.problem
        assert finding.remedy
        assert str(finding).isprintable()
    if case.errors:
        with pytest.raises(InputError) as caught:
            read(folder)
        assert len(str(caught.value).splitlines()) <= 22


def test_the_names_of_cases_are_all_different() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
