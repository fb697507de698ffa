"""The table [path] on disk: read, written and refused with its place and remedy."""

from decimal import Decimal
from pathlib import Path

import pytest

from metneed.instances.path_keys import line_of
from metneed.instances.read import examine, read
from metneed.instances.scenario_text import scenario_text
from metneed.models.findings import Finding

SCENARIO = 'schema_version = 1\nname = "three"\nbudget = 10\n'
TABLES = {
    "users.csv": "user_id,joins\nann,\nbea,2027\n",
    "packages.csv": "user_id,package_id,cost,met_need\nann,a,2,5\nbea,a,3,6\n",
}


def folder(tmp_path: Path, path: str) -> Path:
    for name, text in {**TABLES, "scenario.toml": SCENARIO + path}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def fault(tmp_path: Path, path: str) -> Finding:
    _, findings = examine(folder(tmp_path, path))
    (error,) = findings.errors
    assert error.file == "scenario.toml"
    return error


def test_a_path_is_read_with_its_listed_years(tmp_path: Path) -> None:
    text = (
        "[path]\nbase_year = 2026\ncut = 0.20\n[[path.year]]\nyear = 2027\nbudget = 9.50\n"
        "[[path.year]]\nyear = 2028\ncut = 0.1\n"
    )
    plan = read(folder(tmp_path, text)).scenario.path

    assert plan is not None
    assert plan.numbers == (2027, 2028)
    assert plan.listed[2027].budget == Decimal("9.50")
    assert plan.of(2028, "cut") == Decimal("0.1")


def test_a_scenario_with_a_path_is_written_as_it_was_read(tmp_path: Path) -> None:
    text = '[path]\nyears = 3\ncut = 0.2\nslice_to = "contingency"\nyear = [{year = 2, cut = 0}]\n'
    first = read(folder(tmp_path, text)).scenario
    (tmp_path / "scenario.toml").write_text(scenario_text(first), encoding="utf-8")

    # Every default is written out, so that nothing is left to be assumed.
    assert read(tmp_path).scenario == first
    assert "carry_over = 0" in scenario_text(first)


@pytest.mark.parametrize(
    ("path", "row", "column", "value", "problem", "remedy"),
    [
        ("[path]\ncut = 1.2\n", 5, "path.cut", "1.2", "less than or equal to 1", "0.2 is 20 %"),
        ("[path]\ncut = -1\n", 5, "path.cut", "-1", "greater than or equal to 0", "0 to 1"),
        ("[path]\n\nleavers = 2\n", 6, "path.leavers", "2", "less than", "who leave each year"),
        ("[path]\ncut = [0.1]\n", 5, "path.cut", "[0.1]", "not one number", "[[path.year]]"),
        ("[path]\ncuts = 0.2\n", 5, "path.cuts", "", "no such key", "Did you mean cut?"),
        ("[path]\ncut = true\n", 5, "path.cut", "True", "not a yes or no", "0 to 1"),
        ("path = 5\n", 4, "path", "", "should be a table", "Write a table [path]"),
        ('[path]\nreading = "x"\n', 5, "path.reading", "x", "'slice_is_cut'", "is the cut itself"),
        (
            "[path]\n[[path.year]]\nyear = 1\n[[path.year]]\nyear = 1\n",
            4,
            "path",
            "",
            "year 1 is listed twice",
            "Keep one table for each year",
        ),
        (
            "[path]\n[[path.year]]\nyear = 1\n[[path.year]]\nyear = 2\ncut = 1.2\n",
            9,
            "path.year.2.cut",
            "1.2",
            "less than or equal to 1",
            "share of the pot cut in this year",
        ),
        (
            "[path]\n[[path.year]]\nyear = 2\ncut = 0.1\nbudget = 5\n",
            5,
            "path.year.2",
            "",
            "year 2 has a budget and a cut",
            "Give one of them",
        ),
        ("[[path.year]]\ncut = 0\n", 4, "path.year.0.year", "", "missing", "Give year: which"),
        (
            "[path]\n[[path.year]]\nyear = 1\nbudget = 1.001\n",
            4,
            "path",
            "",
            "a budget for year 1 that cannot be kept: 1.001 has more than 2 decimals",
            "",
        ),
    ],
)
def test_a_fault_in_the_path_names_line_key_value_and_what_to_do(  # noqa: PLR0917
    tmp_path: Path, path: str, row: int, column: str, value: str, problem: str, remedy: str
) -> None:
    found = fault(tmp_path, path)

    assert (found.row, found.column) == (row, column)
    assert value in found.value
    assert problem in found.problem
    assert remedy in found.remedy


def test_the_line_of_a_key_is_found_in_every_form_of_the_table() -> None:
    assert line_of(["path", "cut"], "a = 1\npath.cut = 0.2\n") == 2
    assert line_of(["path", "cut"], "path = {cut = 0.2}\n") == 1
    assert line_of(["path", "cut"], "[path]\n# a\n cut = 2\n") == 3
    assert line_of(["path", "cut"], "[path]\n[rules.x]\ncut = 2\n") == 1
    assert line_of(["path", "year", "1"], "[[path.year]]\nyear = 1\n[[ path.year ]]\n") == 3
    assert line_of(["path", "cut"], "a = 1\n") == 0


def test_columns_that_say_who_joins_are_numbers_of_users(tmp_path: Path) -> None:
    users = read(folder(tmp_path, "")).users

    assert users.numbers["joins"].values.tolist() == [0, 2027]
    assert users.numbers["joins"].stated.tolist() == [False, True]
