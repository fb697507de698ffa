"""Form and other payers of packages, in every form that an instance can have."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from metneed.instances.generators import generate
from metneed.instances.read import examine, from_frames, read
from metneed.instances.workbook_pack import pack_workbook
from metneed.instances.workbook_unpack import unpack_workbook
from metneed.instances.write import write_instance
from metneed.models.instance import Instance
from metneed.models.problem import Problem

Write: TypeAlias = Callable[..., Path]

HEADINGS = "user_id,package_id,cost,met_need,form,paid_nhs,paid_user\n"
SORTED = (
    "A1,day,4,1.5,day centre,,1\n"
    "A1,home,10.50,3,,2.50,0\n"
    "B2,home,20,4,home care,7,2\n"
    "C3,home,5.25,0.125,day centre,,0.01\n"
)
UNSORTED = "".join(f"{SORTED.splitlines()[row]}\n" for row in (2, 1, 3, 0))
ALL = [
    ("A1", "day", "day centre", 0, 100),
    ("A1", "home", "", 250, 0),
    ("B2", "home", "home care", 700, 200),
    ("C3", "home", "day centre", 0, 1),
]


def notes(about: Instance | Problem) -> list[tuple[str, str, str, int, int]]:
    """Every package as user, package, form, and what the NHS and the user add."""
    ids, forms, paid = about.package_ids, about.forms, about.paid
    assert ids is not None
    assert forms is not None
    assert paid is not None
    assert list(paid) == ["nhs", "user"]
    return list(
        zip(
            about.users.ids[about.menus.user].tolist(),
            ids.text().tolist(),
            forms.text().tolist(),
            paid["nhs"].tolist(),
            paid["user"].tolist(),
            strict=True,
        )
    )


def found(folder: Path) -> list[tuple[str, int, str, str]]:
    _, findings = examine(folder)
    return [(item.file, item.row, item.column, item.code) for item in findings.errors]


def parquet(folder: Path, packages: pa.Table) -> Path:
    (folder / "packages.csv").unlink()
    pq.write_table(packages, folder / "packages.parquet", row_group_size=2)
    return folder


@pytest.mark.parametrize("rows", [SORTED, UNSORTED], ids=["sorted", "unsorted"])
def test_notes_stay_with_their_packages_whatever_the_order_of_rows(
    rows: str, written: Write
) -> None:
    instance = read(written(packages__csv=HEADINGS + rows))

    assert notes(instance) == ALL
    assert instance.forms is not None
    assert instance.forms.names == ("", "day centre", "home care")
    assert instance.forms.codes.dtype == np.int8


@pytest.mark.parametrize("rows", [SORTED, UNSORTED], ids=["sorted", "unsorted"])
@pytest.mark.parametrize("kind", ["text", "decimals", "floats"])
def test_notes_of_a_parquet_file_are_those_of_the_csv_file(
    kind: str, rows: str, written: Write
) -> None:
    cells = zip(*(line.split(",") for line in rows.splitlines()), strict=True)
    columns = dict(zip(HEADINGS.strip().split(","), map(list, cells), strict=True))
    table = {name: pa.array([cell or None for cell in column]) for name, column in columns.items()}
    types = {"decimals": pa.decimal128(9, 2), "floats": pa.float64(), "text": pa.string()}
    for payer in ("paid_nhs", "paid_user"):
        table[payer] = table[payer].cast(types[kind])
    table["form"] = table["form"].dictionary_encode()

    assert notes(read(parquet(written(), pa.table(table)))) == ALL


def test_notes_go_into_a_workbook_and_come_back(written: Write, tmp_path: Path) -> None:
    folder = written(packages__csv=HEADINGS + UNSORTED)
    pack_workbook(folder, tmp_path / "it.xlsx")
    unpack_workbook(tmp_path / "it.xlsx", tmp_path / "back")

    assert notes(read(tmp_path / "it.xlsx")) == ALL
    assert notes(read(tmp_path / "back")) == ALL


def test_data_frames_hold_notes_too() -> None:
    instance = from_frames(
        pd.DataFrame({"user_id": ["a"]}),
        pd.DataFrame(
            {
                "user_id": ["a", "a"],
                "package_id": ["y", "x"],
                "cost": [1, 2],
                "met_need": [1, 2],
                "form": ["direct", None],
                "paid_nhs": [np.nan, 2.5],
                "paid_user": [3, 4],
            }
        ),
        {"schema_version": 1, "name": "it", "budget": "3"},
    )

    assert notes(instance) == [("a", "x", "", 250, 400), ("a", "y", "direct", 0, 300)]


def test_a_row_of_a_catalogue_gives_its_notes_to_everyone_who_is_offered_it(
    written: Write,
) -> None:
    catalogue = (
        "area,package_id,cost,met_need,form,paid_nhs,paid_user\n"
        "*,home,10,3,home care,,2\n"
        "North,day,4,1,,1.25,\n"
    )
    instance = read(written(packages__csv=None, catalogue__csv=catalogue))

    assert notes(instance) == [
        ("A1", "day", "", 125, 0),
        ("A1", "home", "home care", 0, 200),
        ("B2", "home", "home care", 0, 200),
        ("C3", "day", "", 125, 0),
        ("C3", "home", "home care", 0, 200),
    ]


def test_without_the_columns_there_are_no_notes(written: Write) -> None:
    instance = read(written())

    assert instance.forms is None
    assert instance.paid is None
    assert Problem.of(instance).forms is None
    assert Problem.of(instance).paid is None


def test_a_column_of_a_parquet_file_without_any_value_states_nothing(written: Write) -> None:
    folder = written()
    table = {
        "user_id": ["B2", "A1", "C3"],
        "package_id": ["home"] * 3,
        "cost": [1, 2, 3],
        "met_need": [1, 1, 1],
        "form": pa.nulls(3),
        "paid_nhs": pa.nulls(3),
        "paid_user": [5, 6, 7],
    }

    assert notes(read(parquet(folder, pa.table(table)))) == [
        ("A1", "home", "", 0, 600),
        ("B2", "home", "", 0, 500),
        ("C3", "home", "", 0, 700),
    ]


def test_forms_of_another_type_than_text_are_refused(written: Write) -> None:
    table = {
        "user_id": ["A1"],
        "package_id": ["home"],
        "cost": [1],
        "met_need": [1],
        "form": [True],
    }

    assert found(parquet(written(), pa.table(table))) == [
        ("packages.parquet", 0, "form", "wrong-type")
    ]


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        (("7,2\n", "x,2\n"), (4, "paid_nhs", "not-a-number")),
        (("7,2\n", "-7,2\n"), (4, "paid_nhs", "negative")),
        (("7,2\n", "7.005,2\n"), (4, "paid_nhs", "too-many-decimals")),
        (("home care", "home care "), (4, "form", "spaces")),
        (("home care", "home\u200bcare"), (4, "form", "invisible")),
    ],
)
def test_a_faulty_note_is_found_in_its_place(
    changed: tuple[str, str], finding: tuple[int, str, str], written: Write
) -> None:
    folder = written(packages__csv=HEADINGS + SORTED.replace(*changed))

    assert found(folder) == [("packages.csv", *finding)]


def test_forms_that_differ_by_a_capital_letter_give_a_warning(written: Write) -> None:
    folder = written(packages__csv=HEADINGS + SORTED.replace("home care", "Day centre"))
    instance, findings = examine(folder)

    assert instance is not None
    assert ("form", "look-alike") in {(item.column, item.code) for item in findings}


def test_amounts_of_payers_that_are_too_large_for_exact_sums_are_found(written: Write) -> None:
    folder = written(packages__csv=HEADINGS + SORTED.replace("7,2\n", "1000000000000,2\n"))
    with (folder / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write("money_decimals = 4\n")

    assert found(folder) == [("packages.csv", 0, "paid_nhs", "numbers-too-large")]


@pytest.mark.parametrize("as_parquet", [False, True])
def test_what_is_written_is_read_again_notes_and_all(tmp_path: Path, *, as_parquet: bool) -> None:
    tables = {
        "users": {"user_id": ["a", "b"]},
        "packages": {
            "user_id": ["b", "a"],
            "package_id": ["x", "x"],
            "cost": np.array([100, 200]),
            "met_need": np.array([1000, 1000]),
            "form": ["direct", ""],
            "paid_nhs": np.array([50, 0]),
            "paid_user": np.array([0, 75]),
        },
    }
    keys = {"schema_version": 1, "name": "it", "budget": "3"}
    write_instance(tmp_path, tables, keys, parquet=as_parquet)

    assert notes(read(tmp_path)) == [("a", "x", "", 0, 75), ("b", "x", "direct", 50, 0)]


def test_a_generated_council_has_the_forms_that_it_writes(tmp_path: Path) -> None:
    made = generate("council", users=30, seed=2)
    write_instance(tmp_path, made.tables, made.scenario)
    instance, again = made.instance(), read(tmp_path)

    assert instance.forms is not None
    assert again.forms is not None
    assert again.forms.text().tolist() == instance.forms.text().tolist()
    assert again.forms.names == instance.forms.names


def test_a_part_of_the_users_keeps_the_notes_of_its_packages(written: Write) -> None:
    problem = Problem.of(read(written(packages__csv=HEADINGS + UNSORTED)))

    assert notes(problem) == ALL
    assert notes(problem.subset(np.array([2, 0]))) == [ALL[3], ALL[0], ALL[1]]
