"""Small tables that options of rules are read from, in every form that an instance can have."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pandas as pd
import pytest

from metneed.instances.read import examine, from_frames, read
from metneed.instances.workbook_pack import pack_workbook
from metneed.instances.workbook_unpack import unpack_workbook
from metneed.instances.write import write_instance
from metneed.models.errors import OutputError, UnknownNameError

Write: TypeAlias = Callable[..., Path]

GOOD = {
    "points": "outcome,severity,points\neating,1,2\neating,2,4.5\n",
    "bands": "from,to,amount\n70,115,500\n116,130,1000.00\n131,,1500\n",
    "rates": "service_id,rate,market_rate\nhome,15.30,\nday,40,44.50\n",
    "reckoner": "outcome,severity,service_id,units\neating,1,home,1.75\neating,2,day,1\n",
    "tariff": "condition,severity,amount\nstroke,mild,60\nstroke,severe,260\n",
    "ages": "from,to,factor\n18,64,1\n65,,1.125\n",
    "shares": "group,share\nNorth,0.55\nSouth,0.45\n",
    "sample": "points,cost,area,age\n7,67.68,North,71\n8.5,85,South,\n",
}
ROWS = {
    "points": (
        {"outcome": "eating", "severity": "1", "points": "2"},
        {"outcome": "eating", "severity": "2", "points": "4.5"},
    ),
    "bands": (
        {"from": "70", "to": "115", "amount": "500"},
        {"from": "116", "to": "130", "amount": "1000.00"},
        {"from": "131", "amount": "1500"},
    ),
    "rates": (
        {"service_id": "home", "rate": "15.30"},
        {"service_id": "day", "rate": "40", "market_rate": "44.50"},
    ),
    "reckoner": (
        {"outcome": "eating", "severity": "1", "service_id": "home", "units": "1.75"},
        {"outcome": "eating", "severity": "2", "service_id": "day", "units": "1"},
    ),
    "tariff": (
        {"condition": "stroke", "severity": "mild", "amount": "60"},
        {"condition": "stroke", "severity": "severe", "amount": "260"},
    ),
    "ages": (
        {"from": "18", "to": "64", "factor": "1"},
        {"from": "65", "factor": "1.125"},
    ),
    "shares": ({"group": "North", "share": "0.55"}, {"group": "South", "share": "0.45"}),
    "sample": (
        {"points": "7", "cost": "67.68", "area": "North", "age": "71"},
        {"points": "8.5", "cost": "85", "area": "South"},
    ),
}
KEYS = {"schema_version": 1, "name": "x", "budget": "1"}


def files(**tables: str) -> dict[str, str]:
    return {f"{name}__csv": text for name, text in tables.items()}


def found(folder: Path) -> list[tuple[str, int, str, str]]:
    _, findings = examine(folder)
    return [(item.file, item.row, item.column, item.code) for item in findings.errors]


def test_every_table_is_read_as_rows_of_text_without_blank_cells(written: Write) -> None:
    instance = read(written(**files(**GOOD)))

    assert dict(instance.tables) == ROWS
    assert {f"{name}.csv" for name in GOOD} <= set(instance.inputs)


def test_a_workbook_holds_the_same_tables_and_gives_them_back(
    written: Write, tmp_path: Path
) -> None:
    pack_workbook(written(**files(**GOOD)), tmp_path / "it.xlsx")
    unpack_workbook(tmp_path / "it.xlsx", tmp_path / "back")

    for instance in (read(tmp_path / "it.xlsx"), read(tmp_path / "back")):
        assert instance.tables.keys() == GOOD.keys()
        for name, rows in instance.tables.items():
            assert [row.keys() for row in rows] == [row.keys() for row in ROWS[name]]
        assert instance.tables["rates"][0]["rate"] in {"15.3", "15.30"}


def test_frames_and_parquet_hold_the_same_tables(written: Write) -> None:
    folder = written()
    users, packages = (
        pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("users", "packages")
    )
    bands = pd.DataFrame({"from": [0, 10], "to": [9, 20], "amount": [100.5, 200.0]})
    bands.to_parquet(folder / "bands.parquet")
    framed = from_frames(users, packages, KEYS, tables={"bands": bands})

    assert framed.tables == read(folder).tables
    assert framed.tables["bands"][0] == {"from": "0", "to": "9", "amount": "100.5"}
    with pytest.raises(UnknownNameError, match="did you mean bands"):
        from_frames(users, packages, KEYS, tables={"band": bands})


def test_columns_of_a_councils_tables_are_left_alone(written: Write) -> None:
    folder = written(
        points__csv="outcome,severity,points,source,assumed\neating,1,2,panel,yes\n",
        reckoner__csv="outcome,severity,service_id,units,reach,source\neating,1,home,1,0.5,x\n",
        services__csv="service_id,unit,unit_cost\nhome,hour,20.00\n",
    )
    instance, findings = examine(folder)

    assert instance is not None
    assert [item.code for item in findings] == ["not-read"]
    assert instance.tables["points"] == ({"outcome": "eating", "severity": "1", "points": "2"},)
    assert "reach" not in instance.tables["reckoner"][0]


BAD = {
    "negative points": ("points", "outcome,severity,points\ne,1,-2\n", (2, "points", "negative")),
    "blank points": ("points", "outcome,severity,points\ne,1,\n", (2, "points", "blank")),
    "a blank severity": ("points", "outcome,severity,points\ne,,2\n", (2, "severity", "blank")),
    "the same answer twice": (
        "points",
        "outcome,severity,points\ne,1,2\nf,1,2\ne,1,3\n",
        (4, "severity", "duplicate-row"),
    ),
    "a negative amount": ("bands", "from,to,amount\n0,9,-1\n", (2, "amount", "negative")),
    "an amount in pounds": ("bands", "from,to,amount\n0,9,£5\n", (2, "amount", "currency")),
    "bands that overlap": (
        "bands",
        "from,to,amount\n0,10,5\n10,20,6\n",
        (3, "from", "bands-overlap"),
    ),
    "bands with a gap": ("bands", "from,to,amount\n0,9,5\n12,20,6\n", (3, "from", "bands-gap")),
    "a band inside another": (
        "bands",
        "from,to,amount\n0,30,5\n10,20,6\n31,40,7\n",
        (3, "from", "bands-overlap"),
    ),
    "an endless band below another": (
        "bands",
        "from,to,amount\n10,20,6\n0,,5\n",
        (2, "from", "bands-overlap"),
    ),
    "a band that ends before it begins": (
        "bands",
        "from,to,amount\n10,5,6\n",
        (2, "to", "band-order"),
    ),
    "the same service twice": (
        "rates",
        "service_id,rate\nhome,1\nhome,2\n",
        (3, "service_id", "duplicate-row"),
    ),
    "a blank service": ("rates", "service_id,rate\n,1\n", (2, "service_id", "blank-id")),
    "a rate in thousandths": (
        "rates",
        "service_id,rate\nhome,1.005\n",
        (2, "rate", "too-many-decimals"),
    ),
    "units with four decimals": (
        "reckoner",
        "outcome,severity,service_id,units\ne,1,home,0.1234\n",
        (2, "units", "too-many-decimals"),
    ),
    "the same condition twice": (
        "tariff",
        "condition,severity,amount\ns,mild,1\ns,mild,2\n",
        (3, "severity", "duplicate-row"),
    ),
    "ages with a gap": ("ages", "from,to,factor\n18,64,1\n66,90,2\n", (3, "from", "bands-gap")),
    "half an age": ("ages", "from,to,factor\n18.5,64,1\n", (2, "from", "too-many-decimals")),
    "a factor with seven decimals": (
        "ages",
        "from,to,factor\n18,64,1.0000001\n",
        (2, "factor", "too-many-decimals"),
    ),
    "a share above 1": ("shares", "group,share\nNorth,1.5\n", (2, "share", "too-large")),
    "the same group twice": (
        "shares",
        "group,share\nNorth,0.5\nNorth,0.5\n",
        (3, "group", "duplicate-row"),
    ),
    "a blank cost": ("sample", "points,cost\n7,\n", (2, "cost", "blank")),
    "an invisible character": (
        "sample",
        "points,cost,area\n7,1,N\u200b\n",
        (2, "area", "invisible"),
    ),
    "no amount": ("bands", "from,to\n0,9\n", (1, "amount", "missing-column")),
    "a misspelt heading": ("bands", "from,to,amounts\n0,9,5\n", (1, "amounts", "misspelt-column")),
}


@pytest.mark.parametrize("why", BAD)
def test_what_is_wrong_in_a_table_is_named_with_file_row_and_column(
    written: Write, why: str
) -> None:
    name, text, (row, column, code) = BAD[why]

    assert found(written(**files(**{name: text}))) == [(f"{name}.csv", row, column, code)]


def test_both_rows_of_an_overlap_or_a_gap_are_named_with_their_bands(written: Write) -> None:
    text = "from,to,amount\n30,40,1\n0,9,5\n12,20,6\n15,29,7\n"
    _, findings = examine(written(bands__csv=text))

    assert [(item.row, item.value, item.problem) for item in findings.errors] == [
        (4, "12", "leaves a gap after row 3 (0 to 9)"),
        (5, "15", "overlaps row 4 (12 to 20)"),
    ]
    assert all("70 to 115, then 116 to 130" in item.remedy for item in findings.errors)


def test_bands_may_stand_in_any_order_and_begin_less_than_one_point_later(written: Write) -> None:
    assert found(written(bands__csv="from,to,amount\n10.5,20,6\n0,10,5\n")) == []


def test_an_answer_that_counts_and_has_no_points_is_named_with_its_users(written: Write) -> None:
    needs = (
        "user_id,outcome,severity,eligible\n"
        "A1,eating,1,yes\nB2,eating,3,yes\nA1,washng,2,yes\nC3,washng,2,yes\nC3,work,1,no\n"
    )
    points = "outcome,severity,points\neating,1,2\neating,2,4\nwashing,2,3\n"
    _, findings = examine(written(needs__csv=needs, points__csv=points))
    first, second = findings.errors

    assert (first.file, first.row, first.column, first.value) == ("needs.csv", 3, "severity", "3")
    assert first.problem == (
        "points.csv has no points for outcome 'eating' of severity '3', which 1 user has (B2)"
    )
    assert first.remedy.endswith("Add the row there, with 0 points where it counts nothing")
    assert (second.row, second.column, second.value) == (4, "outcome", "washng")
    assert second.problem.endswith("which 2 users have (A1, C3)")
    assert "Did you mean 'washing'?" in second.remedy


def test_questionnaires_without_points_are_left_alone(written: Write) -> None:
    needs = "user_id,outcome,severity,instrument\nA1,eating,1,\nA1,stroke,2,conditions\n"
    points = "outcome,severity,points,instrument\neating,1,2,\n"

    assert found(written(needs__csv=needs, points__csv=points)) == []
    points += "stroke,1,2,conditions\n"
    assert found(written(needs__csv=needs, points__csv=points)) == [
        ("needs.csv", 3, "severity", "no-points-for")
    ]


def test_a_service_in_use_without_a_rate_is_named_once(written: Write) -> None:
    reckoner = (
        "outcome,severity,service_id,units\n"
        "eating,1,home,1\neating,2,hom,2\nwashing,1,hom,1\nwashing,2,day,0\n"
    )
    folder = written(reckoner__csv=reckoner, rates__csv="service_id,rate\nhome,15\n")
    _, findings = examine(folder)

    assert found(folder) == [("reckoner.csv", 3, "service_id", "no-rate")]
    assert findings.errors[0].problem == "rates.csv has no rate for this service"
    assert findings.errors[0].remedy == "Did you mean 'home'?"


def test_names_that_nearly_are_a_small_table_are_only_noted(written: Write) -> None:
    instance, findings = examine(written(dates__csv="day\n2026-01-01\n", bands__xlsx="PK"))

    assert instance is not None
    assert [(item.file, item.code, item.severity) for item in findings] == [
        ("bands.xlsx", "misnamed-file", "warning"),
        ("dates.csv", "misnamed-file", "warning"),
    ]


def test_a_table_of_another_instance_is_never_mixed_in(written: Write, tmp_path: Path) -> None:
    tables = {
        "users": {"user_id": ["a"]},
        "packages": {"user_id": ["a"], "package_id": ["x"], "cost": ["1"], "met_need": ["1"]},
    }
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "bands.csv").write_text(GOOD["bands"], encoding="utf-8")

    with pytest.raises(OutputError, match=r"bands\.csv of another instance"):
        write_instance(tmp_path / "new", tables, KEYS)
    write_instance(tmp_path / "new", tables, KEYS, beside=("bands",))
    assert read(tmp_path / "new").tables["bands"] == ROWS["bands"]


def test_what_a_table_stands_in_is_named_as_its_file_or_its_sheet(
    written: Write, tmp_path: Path
) -> None:
    folder = written(**files(**GOOD))
    pack_workbook(folder, tmp_path / "it.xlsx")

    assert read(folder).place_of("bands") == "bands.csv"
    assert read(tmp_path / "it.xlsx").place_of("bands") == "sheet bands of it.xlsx"
