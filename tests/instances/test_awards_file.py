"""Awards on disk: every step for every user, the account of the whole, and that both re-check."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from metneed.instances.read import read
from metneed.instances.results import write_solution
from metneed.instances.workbook_results import solution_sheets
from metneed.instances.workbook_write import write_workbook
from metneed.models.account import Account, Line
from metneed.models.allocation import Allocation
from metneed.models.arrays import frozen
from metneed.models.columns import Labels
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.solver.purchase import buy
from metneed.solver.verify import verify

Write: TypeAlias = Callable[..., Path]

AWARD = [1100, 2000, 0]
ACCOUNT = Account(
    lines=(
        Line("price per point", 2.5, "number"),
        Line("amounts together", 3600, "money"),
        Line("points together", 15_625, "points"),
        Line("users in a band", 3, "users"),
        Line("part that is paid", 1e-7, "share"),
        Line("seed", "7", "text"),
    ),
    columns={
        "points": (frozen([10_000, 5_500, 125]), "points"),
        "amount": (frozen([1100, 2500, 0]), "money"),
        "band": (frozen([2, 3, -1]), "number"),
    },
    reasons=Labels(frozen([0, 2, 1]), ("", "=excluded", "held at the cap")),
    reserve=500,
)


@pytest.fixture
def folder(written: Write) -> Path:
    """Three users and a budget of 50 a year, a tenth of it held back."""
    scenario = 'schema_version = 1\nname = "awards"\nbudget = 50.00\ntop_slice = 0.1\n'
    return written(scenario__toml=scenario)


def bought(instance: Instance, account: Account | None = ACCOUNT) -> Allocation:
    return buy(Problem.of(instance), frozen(AWARD), account)


def solved(
    folder: Path, account: Account | None = ACCOUNT, *, parquet: bool = False
) -> tuple[Path, Any]:
    """The folder of the result, and its record."""
    instance, out = read(folder), folder / "result"
    outcome = bought(instance, account)
    problem = Problem.of(instance)
    write_solution(out, instance, problem, "trial", {}, outcome, parquet=parquet)
    return out, json.loads((out / "result.json").read_text(encoding="utf-8"))


def test_awards_has_every_step_the_award_and_the_reason(folder: Path) -> None:
    out, _ = solved(folder)
    rows = list(csv.reader((out / "awards.csv").read_text(encoding="utf-8").splitlines()))

    assert rows == [
        ["user_id", "points", "amount", "band", "award", "reason"],
        ["A1", "10.000", "11.00", "2", "11.00", ""],
        ["B2", "5.500", "25.00", "3", "20.00", "held at the cap"],
        ["C3", "0.125", "0.00", "-1", "0.00", "'=excluded"],
    ]


def test_without_reasons_the_column_is_blank(folder: Path) -> None:
    out, _ = solved(folder, replace(ACCOUNT, reasons=None))
    rows = list(csv.reader((out / "awards.csv").read_text(encoding="utf-8").splitlines()))

    assert rows[1] == ["A1", "10.000", "11.00", "2", "11.00", ""]
    assert {row[-1] for row in rows[1:]} == {""}


def test_where_there_are_neither_steps_nor_reasons_the_allocation_says_it_all(
    folder: Path,
) -> None:
    out, record = solved(folder, replace(ACCOUNT, reasons=None, columns={}))

    assert not (out / "awards.csv").exists()
    assert record["account"]["reserve"] == "5.00"


def test_parquet_holds_the_same_text(folder: Path) -> None:
    out, record = solved(folder, parquet=True)
    frame = pd.read_parquet(out / "awards.parquet")

    assert list(frame.columns) == ["user_id", "points", "amount", "band", "award", "reason"]
    assert frame["award"].tolist() == ["11.00", "20.00", "0.00"]
    assert frame["reason"].tolist() == ["", "held at the cap", "=excluded"]
    assert "awards.parquet" in record["outputs"]


def test_the_record_has_the_account_with_values_as_decimal_text(folder: Path) -> None:
    _, record = solved(folder)

    assert record["account"] == {
        "lines": [
            {"name": "price per point", "value": "2.5", "unit": "number"},
            {"name": "amounts together", "value": "36.00", "unit": "money"},
            {"name": "points together", "value": "15.625", "unit": "points"},
            {"name": "users in a band", "value": "3", "unit": "users"},
            {"name": "part that is paid", "value": "0.0000001", "unit": "share"},
            {"name": "seed", "value": "7", "unit": "text"},
        ],
        "reserve": "5.00",
        "by_purchase": False,
    }


def test_held_back_spent_reserved_and_unspent_add_up_to_the_budget(folder: Path) -> None:
    _, record = solved(folder)
    named = [record[name] for name in ("budget", "held_back", "spent", "reserved", "unspent")]

    assert named == ["50.00", "5.00", "30.50", "5.00", "9.50"]


def test_a_rule_that_says_nothing_writes_no_awards_and_reserves_nothing(folder: Path) -> None:
    solved(folder)
    out, record = solved(folder, None)

    assert not (out / "awards.csv").exists()
    assert "account" not in record
    assert (record["reserved"], record["unspent"]) == ("0.00", "14.50")


def test_the_result_is_verified_with_its_awards(folder: Path) -> None:
    out, _ = solved(folder)
    report = verify(out, folder)

    assert report.failures == []
    assert "sha256 of allocation.csv, awards.csv" in report.checked


def test_changed_awards_are_refused(folder: Path) -> None:
    out, _ = solved(folder)
    path = out / "awards.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("11.00", "12.00"), encoding="utf-8")

    assert "awards.csv" in verify(out, folder).failures[0]


def test_what_is_kept_in_reserve_cannot_be_awarded_too(folder: Path) -> None:
    out, _ = solved(folder, replace(ACCOUNT, reserve=1400))

    assert verify(out, folder).failures == []
    out, _ = solved(folder, replace(ACCOUNT, reserve=1401))
    assert verify(out, folder).failures == ["0.01 more than is allocable"]


def test_awards_that_were_settled_by_what_they_buy_may_exceed_the_money(folder: Path) -> None:
    # 31.00 is awarded and 30.50 spent; 14.50 in reserve leave 30.50.
    out, _ = solved(folder, replace(ACCOUNT, reserve=1450, by_purchase=True))

    assert verify(out, folder).failures == []
    out, _ = solved(folder, replace(ACCOUNT, reserve=1451, by_purchase=True))
    assert verify(out, folder).failures == ["0.01 more than is allocable"]


def test_the_workbook_has_a_sheet_of_awards(folder: Path, tmp_path: Path) -> None:
    instance = read(folder)
    problem, outcome = Problem.of(instance), bought(instance)
    path = tmp_path / "result.xlsx"
    write_workbook(path, solution_sheets(instance, problem, "trial", {}, outcome))
    book = CalamineWorkbook.from_path(str(path))
    about = dict(row[:2] for row in book.get_sheet_by_name("about").to_python())

    assert book.sheet_names == ["about", "allocation", "awards"]
    assert book.get_sheet_by_name("awards").to_python()[1:] == [
        ["user_id", "points", "amount", "band", "award", "reason"],
        ["A1", 10.0, 11.0, 2.0, 11.0, ""],
        ["B2", 5.5, 25.0, 3.0, 20.0, "held at the cap"],
        ["C3", 0.125, 0.0, -1.0, 0.0, "=excluded"],
    ]
    assert about["account: price per point"] == "2.5"
    assert (about["reserved"], about["unspent"]) == ("£5.00", "£9.50")


def test_figures_of_a_column_keep_the_decimals_of_the_scenario(written: Write) -> None:
    scenario = (
        'schema_version = 1\nname = "fine"\nbudget = 50\nmoney_decimals = 4\nneed_decimals = 6\n'
    )
    instance = read(written(scenario__toml=scenario))
    problem = Problem.of(instance)
    account = Account(columns={"points": (frozen([1, 2, 3]), "points")})
    outcome = buy(problem, np.zeros(3, dtype=np.int64), account)
    out = written() / "fine"
    write_solution(out, instance, problem, "trial", {}, outcome)

    assert (out / "awards.csv").read_text(encoding="utf-8").splitlines()[1] == "A1,0.000001,0.0000,"
