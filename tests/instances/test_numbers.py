"""Further columns of numbers of users: which columns count as such, and that they are exact."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metneed.instances.numbers import as_numbers
from metneed.instances.read import examine, from_frames, read
from metneed.instances.tables import Text
from metneed.instances.workbook_pack import pack_workbook
from metneed.models.columns import Numbers
from metneed.models.instance import Instance

Write: TypeAlias = Callable[..., Path]


def users(column: str, *cells: str) -> str:
    """The sound users with one more column."""
    lines = ("A1,10,North", "B2,5.5,South", "C3,0.125,North")
    rows = [f"{line},{cell}" for line, cell in zip(lines, cells, strict=True)]
    return "\n".join([f"user_id,points,area,{column}", *rows, ""])


def plain(column: Numbers) -> list[Decimal | None]:
    """The numbers as decimals, None where nothing is stated."""
    units = column.units(6).tolist()
    pairs = zip(units, column.stated.tolist(), strict=True)
    return [Decimal(unit).scaleb(-6) if stated else None for unit, stated in pairs]


def test_numbers_are_exact_and_have_as_many_decimals_as_they_need(written: Write) -> None:
    instance = read(written(users__csv=users("hours", "12.5", "0", "7.250")))

    assert plain(instance.users.numbers["hours"]) == [Decimal("12.5"), 0, Decimal("7.25")]
    assert instance.users.numbers["hours"].decimals == 2
    assert list(instance.users.groups) == ["area"]


def test_a_blank_cell_says_that_nothing_is_known(written: Write) -> None:
    instance = read(written(users__csv=users("age", "71", "", "34")))

    assert plain(instance.users.numbers["age"]) == [71, None, 34]
    assert instance.users.numbers["age"].decimals == 0


@pytest.mark.parametrize(
    "cells",
    [
        ("007", "1", "2"),
        ("1", "two", "3"),
        ("1", "-2", "3"),
        ("1", "2.0000001", "3"),
        ("1", "1,000", "3"),
        ("1", "2", "1234567890123"),
        ("", "", ""),
    ],
)
def test_other_columns_are_no_numbers_and_no_fault(
    written: Write, cells: tuple[str, str, str]
) -> None:
    quoted = [f'"{cell}"' for cell in cells]
    instance, findings = examine(written(users__csv=users("code", *quoted)))

    assert instance is not None
    assert findings.errors == []
    assert "code" not in instance.users.numbers


def test_telephone_numbers_harm_nobody(written: Write) -> None:
    instance, findings = examine(
        written(users__csv=users("phone", "447700900123", "07700900124", ""))
    )

    assert findings.errors == []
    assert instance is not None
    assert instance.users.numbers == {}


def test_a_column_of_numbers_that_the_scenario_names_is_a_group_too(written: Write) -> None:
    scenario = 'schema_version = 1\nname = "x"\nbudget = 1\ngroups = ["ward"]\n'
    instance = read(written(users__csv=users("ward", "1", "2", "1"), scenario__toml=scenario))

    assert list(instance.users.groups) == ["ward"]
    assert plain(instance.users.numbers["ward"]) == [1, 2, 1]


def test_numbers_follow_their_users_in_any_order_of_rows(written: Write) -> None:
    text = "user_id,points,age\nC3,0.125,30\nA1,10,10\nB2,5.5,20\n"

    assert plain(read(written(users__csv=text)).users.numbers["age"]) == [10, 20, 30]


def _in_all_forms(folder: Path, frame: pd.DataFrame) -> list[Instance]:
    packages = pd.read_csv(folder / "packages.csv", dtype=str)
    framed = from_frames(frame, packages, {"schema_version": 1, "name": "x", "budget": "1"})
    pack_workbook(folder, folder / "it.xlsx")
    book = read(folder / "it.xlsx")
    (folder / "users.csv").unlink()
    frame.to_parquet(folder / "users.parquet")
    return [framed, book, read(folder)]


def test_every_form_of_an_instance_gives_the_same_numbers(written: Write) -> None:
    folder = written(users__csv=users("hours", "12.5", "", "7.25"))
    frame = pd.DataFrame(
        {"user_id": ["A1", "B2", "C3"], "points": ["10", "5.5", "0.125"], "area": ["N", "S", "N"]}
    ).assign(hours=[12.5, np.nan, 7.25])

    for instance in _in_all_forms(folder, frame):
        assert plain(instance.users.numbers["hours"]) == [Decimal("12.5"), None, Decimal("7.25")]


def test_numbers_are_given_in_more_decimals_and_never_in_fewer() -> None:
    column = as_numbers(Text.of(["1.25", "3"]))

    assert column is not None
    assert column.units(2).tolist() == [125, 300]
    assert column.units(4).tolist() == [12500, 30000]
    with pytest.raises(ValueError, match="numbers with 2 decimals do not fit into 1"):
        column.units(1)


@given(st.lists(st.decimals(0, 10**9, places=6), min_size=1))
def test_any_decimals_up_to_six_places_come_back_exactly(values: list[Decimal]) -> None:
    column = as_numbers(Text.of([format(value, "f") for value in values]))

    assert column is not None
    assert plain(column) == values
    assert column.decimals == max(
        -min(value.normalize().as_tuple().exponent, 0) for value in values
    )


def test_a_cell_that_keeps_a_column_from_being_numbers_is_named(written: Write) -> None:
    people = [f"P{number:02d},1,North,{number}" for number in range(20)]
    people[4] = "P04,1,North,-4"
    table = "\n".join(["user_id,points,area,hours", *people, ""])
    offers = "\n".join(
        ["user_id,package_id,cost,met_need", *(f"P{n:02d},full,10,5" for n in range(20)), ""]
    )
    instance, findings = examine(written(users__csv=table, packages__csv=offers))

    assert instance is not None
    assert "hours" not in instance.users.numbers
    (found,) = [item for item in findings if item.column == "hours"]
    assert (found.severity, found.row, found.value) == ("warning", 6, "-4")


def test_a_column_of_names_and_some_numbers_is_left_alone(written: Write) -> None:
    instance, findings = examine(written(users__csv=users("room", "12", "b", "c")))

    assert instance is not None
    assert not [item for item in findings if item.column == "room"]
