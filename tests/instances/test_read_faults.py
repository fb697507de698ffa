"""How faults are gathered, placed and counted."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from metneed.instances.read import examine, read
from metneed.models.errors import OptionError
from metneed.models.findings import Findings

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "cases.py"))
Write: TypeAlias = Callable[..., Path]


def codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings]


def test_25_faults_in_a_file_are_25_findings_with_row_and_column(written: Write) -> None:
    cells = ["x", "-1", "1e3", "£5", "", "1.2345"] * 5
    users = "user_id,points\n" + "".join(f"U{i},{cell}\n" for i, cell in enumerate(cells[:25]))
    packages = "user_id,package_id,cost,met_need\nU0,home,1,1\n"
    _, findings = examine(written(users__csv=users, packages__csv=packages))

    assert [(f.row, f.column) for f in findings] == [(row, "points") for row in range(2, 27)]


def test_three_bad_files_are_reported_in_one_run(written: Write) -> None:
    folder = written(
        scenario__toml=CORPUS["SCENARIO"].replace("100.00", "-1"),
        users__csv=CORPUS["USERS"].replace("5.5", "x"),
        packages__csv=CORPUS["PACKAGES"].replace("20,4", "20,y"),
    )
    _, findings = examine(folder)

    assert {f.file for f in findings} == {"scenario.toml", "users.csv", "packages.csv"}


def test_twenty_thousand_bad_rows_are_all_counted_and_few_are_shown(written: Write) -> None:
    rows = "".join(f"U{i},x\n" for i in range(20_000))
    folder = written(
        users__csv="user_id,points\n" + rows,
        packages__csv="user_id,package_id,cost,met_need\nU0,home,1,1\n",
    )
    _, findings = examine(folder)

    assert len(findings.errors) == 20_000
    assert len(findings.summary().splitlines()) < 50


def test_beyond_a_hundred_thousand_rows_one_finding_counts_the_rest(written: Write) -> None:
    rows = "".join(f"U{i},x\n" for i in range(100_010))
    folder = written(
        users__csv="user_id,points\n" + rows,
        packages__csv="user_id,package_id,cost,met_need\nU0,home,1,1\n",
    )
    _, findings = examine(folder)

    assert len(findings) == 100_001
    assert findings.items[-1].problem.startswith("10 rows from here on")
    assert findings.items[-1].row == 100_002


def test_rows_are_numbered_as_a_spreadsheet_shows_them(written: Write) -> None:
    users = 'user_id,points,note\nA1,1,"two\nlines"\nB2,1,"three\n\nlines"\nC3,x,z\n'
    _, findings = examine(written(users__csv=users))

    assert [(f.row, f.column) for f in findings] == [(4, "points")]


def test_cp1252_is_read_where_it_is_named(written: Write) -> None:
    folder = written()
    text = CORPUS["USERS"].replace("North", "Nørth £")
    (folder / "users.csv").write_bytes(text.encode("cp1252"))

    assert codes(examine(folder)[1].errors) == ["bad-encoding", "bad-encoding"]
    assert "Nørth £" in read(folder, encoding="windows-1252").users.groups["area"].names


def test_an_encoding_that_there_is_not_is_refused_with_those_that_there_are(written: Write) -> None:
    with pytest.raises(OptionError, match="utf-8, utf-16, cp1252"):
        read(written(), encoding="rot13")


@pytest.mark.parametrize("place", ["missing", "users.csv", "a\0b", "x" * 5000])
def test_what_is_no_folder_is_a_finding(written: Write, place: str) -> None:
    folder = written()
    instance, findings = examine(folder / place)

    assert instance is None
    assert codes(findings) in (["no-folder"], ["unreadable"])


def test_a_table_that_is_a_folder_is_a_missing_file(written: Write) -> None:
    folder = written(users__csv=None)
    (folder / "users.csv").mkdir()

    assert codes(examine(folder)[1]) == ["missing-file"]


def test_numbers_that_are_too_large_together_name_decimals_that_fit(written: Write) -> None:
    packages = CORPUS["PACKAGES"].replace("10.50,3", "9000000000,2000000")
    _, findings = examine(written(packages__csv=packages))
    (finding,) = findings.errors

    assert finding.code == "numbers-too-large"
    assert "money_decimals = 2 and need_decimals = 0" in finding.remedy
    toml = CORPUS["SCENARIO"] + "need_decimals = 0\n"
    rounded = packages.replace(",0.125", ",1").replace(",1.5", ",1")
    users = "user_id,points\nA1,1\nB2,1\nC3,1\n"
    folder = written(scenario__toml=toml, users__csv=users, packages__csv=rounded)
    assert read(folder).menus.cost.max() == 900_000_000_000


def test_a_previous_package_never_meets_more_than_the_need(written: Write) -> None:
    folder = written(
        users__csv="user_id,points,need\nA1,1,5\nB2,1,6\nC3,1,7\n",
        previous__csv="user_id,package_id,cost,met_need\nB2,old,1,6.001\n",
    )

    assert codes(examine(folder)[1].errors) == ["above-need"]
