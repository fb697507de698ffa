"""The table needs, in every form that an instance can have."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pandas as pd
import pytest

from metneed.instances.read import examine, from_frames, read
from metneed.instances.workbook_pack import pack_workbook
from metneed.instances.workbook_unpack import unpack_workbook
from metneed.models.assessment import Assessment
from metneed.models.errors import InputError

Write: TypeAlias = Callable[..., Path]

NEEDS = (
    "user_id,outcome,severity,informal,eligible,instrument\n"
    "C3,eating,2,0.125,yes,\n"
    "A1,washing,severe,,,\n"
    "A1,stroke,2,1,no,conditions\n"
    "A1,eating,1,0.5,,\n"
)
HEAD = "user_id,outcome,severity\n"


def rows(assessment: Assessment | None) -> list[tuple[int, str, str, str, int, bool]]:
    """Every need as user, instrument, outcome, severity, informal and eligible."""
    assert assessment is not None
    columns = (assessment.instrument, assessment.outcome, assessment.severity)
    texts = zip(*(column.text().tolist() for column in columns), strict=True)
    return [
        (user, *text, informal, eligible)
        for user, text, informal, eligible in zip(
            assessment.user.tolist(),
            texts,
            assessment.informal.tolist(),
            assessment.eligible.tolist(),
            strict=True,
        )
    ]


ALL = [
    (0, "", "eating", "1", 500, True),
    (0, "", "washing", "severe", 0, True),
    (0, "conditions", "stroke", "2", 1000, False),
    (2, "", "eating", "2", 125, True),
]


def found(folder: Path) -> list[tuple[str, int, str, str]]:
    _, findings = examine(folder)
    return [(item.file, item.row, item.column, item.code) for item in findings.errors]


def test_needs_are_read_by_user_instrument_and_outcome(written: Write) -> None:
    instance = read(written(needs__csv=NEEDS))

    assert rows(instance.assessment) == ALL
    assert "needs.csv" in instance.inputs


def test_without_the_table_nothing_is_assessed(written: Write) -> None:
    assert read(written()).assessment is None


def test_three_columns_are_enough(written: Write) -> None:
    instance = read(written(needs__csv=HEAD + "B2,eating,1\n"))

    assert rows(instance.assessment) == [(1, "", "eating", "1", 0, True)]


def test_a_workbook_holds_the_same_needs_and_gives_them_back(
    written: Write, tmp_path: Path
) -> None:
    pack_workbook(written(needs__csv=NEEDS), tmp_path / "it.xlsx")
    unpack_workbook(tmp_path / "it.xlsx", tmp_path / "back")

    assert rows(read(tmp_path / "it.xlsx").assessment) == ALL
    assert rows(read(tmp_path / "back").assessment) == ALL


def test_parquet_and_frames_hold_the_same_needs_with_severities_as_numbers(
    written: Write, tmp_path: Path
) -> None:
    needs = pd.DataFrame({"user_id": ["C3", "A1"], "outcome": ["eating", "eating"]})
    needs = needs.assign(severity=[2, 1], informal=[0.125, 0.5])
    folder = written()
    needs.to_parquet(folder / "needs.parquet")
    users, packages = (
        pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("users", "packages")
    )
    scenario = {"schema_version": 1, "name": "x", "budget": "1"}
    framed = from_frames(users, packages, scenario, needs=needs)
    expected = [(0, "", "eating", "1", 500, True), (2, "", "eating", "2", 125, True)]

    assert rows(read(folder).assessment) == expected
    assert rows(framed.assessment) == expected


BAD = {
    "a user who is not there": ("Z9,eating,1\n", (2, "user_id", "unknown-user")),
    "a blank user": (",eating,1\n", (2, "user_id", "blank-id")),
    "a blank outcome": ("A1,,1\n", (2, "outcome", "blank")),
    "a blank severity": ("A1,eating,\n", (2, "severity", "blank")),
    "the same twice": ("A1,eating,1\nB2,eating,1\nA1,eating,2\n", (4, "outcome", "duplicate-need")),
    "spaces around an outcome": ("A1, eating,1\n", (2, "outcome", "spaces")),
}


@pytest.mark.parametrize("why", BAD)
def test_a_bad_row_is_named_with_its_column(written: Write, why: str) -> None:
    text, (row, column, code) = BAD[why]

    assert found(written(needs__csv=HEAD + text)) == [("needs.csv", row, column, code)]


BAD_CELLS = {
    "more than all": ("1.5,yes", "informal", "too-large"),
    "below nothing": ("-0.5,yes", "informal", "negative"),
    "four decimals": ("0.1234,yes", "informal", "too-many-decimals"),
    "a percentage": ("50%,yes", "informal", "percent"),
    "neither yes nor no": ("0.5,maybe", "eligible", "yes-or-no"),
}


@pytest.mark.parametrize("why", BAD_CELLS)
def test_a_bad_cell_is_named_with_its_row(written: Write, why: str) -> None:
    cells, column, code = BAD_CELLS[why]
    text = f"user_id,outcome,severity,informal,eligible\nA1,eating,1,{cells}\n"

    assert found(written(needs__csv=text)) == [("needs.csv", 2, column, code)]


def test_the_remedy_of_a_repeated_need_names_the_earlier_row(written: Write) -> None:
    _, findings = examine(written(needs__csv=HEAD + "A1,eating,1\nA1,eating,1\n"))

    assert findings.errors[0].problem == "the same outcome of the same user as in row 2"
    assert findings.errors[0].value == "eating"
    assert findings.errors[0].remedy == "Keep one of them"


def test_the_same_outcome_of_two_instruments_is_no_repetition(written: Write) -> None:
    text = "user_id,outcome,severity,instrument\nA1,eating,1,\nA1,eating,1,barthel\n"

    assert found(written(needs__csv=text)) == []


def test_headings_that_are_missing_or_misspelt_are_named(written: Write) -> None:
    assert found(written(needs__csv="user_id,outcome\nA1,eating\n")) == [
        ("needs.csv", 1, "severity", "missing-column")
    ]
    assert found(written(needs__csv="user_id,outcome,severty\nA1,eating,1\n")) == [
        ("needs.csv", 1, "severty", "misspelt-column")
    ]


def test_a_file_that_nearly_has_the_name_is_refused(written: Write) -> None:
    assert found(written(need__csv=HEAD + "A1,eating,1\n")) == [
        ("need.csv", 0, "", "misnamed-file")
    ]


def test_outcomes_that_look_alike_are_noted(written: Write) -> None:
    _, findings = examine(written(needs__csv=HEAD + "A1,Eating,1\nB2,eating,1\n"))

    assert [item.code for item in findings] == ["look-alike"]


def test_frames_name_the_table_and_the_row(written: Write) -> None:
    folder = written()
    users, packages = (
        pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("users", "packages")
    )
    needs = pd.DataFrame({"user_id": ["A1"], "outcome": ["eating"], "severity": [None]})
    with pytest.raises(InputError) as caught:
        from_frames(users, packages, {"schema_version": 1, "name": "x", "budget": "1"}, needs=needs)

    assert [(item.file, item.row, item.column) for item in caught.value.findings] == [
        ("needs", 2, "severity")
    ]
