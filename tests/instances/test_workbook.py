"""Reading workbooks: the same instance as from a folder, and nothing of a cell is lost."""

import csv
import hashlib
import io
import runpy
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("python_calamine", reason="the extra excel is not installed")

from metneed.instances.generators import generate
from metneed.instances.grammar import parse
from metneed.instances.read import examine, read
from metneed.instances.schemas import SCHEMAS
from metneed.instances.workbook_table import text_of
from metneed.instances.workbook_tables import keys_sheet, table_sheet
from metneed.instances.workbook_unpack import unpack_workbook
from metneed.instances.workbook_write import write_workbook
from metneed.instances.write import write_instance
from metneed.models.errors import InputError, MissingExtraError, OutputError
from metneed.models.instance import Instance
from metneed.models.scenario import Scenario

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "workbooks.py"))
SOUND, USERS, PACKAGES = CORPUS["SOUND"], CORPUS["USERS"], CORPUS["PACKAGES"]
excel, open_document = CORPUS["excel"], CORPUS["open_document"]
with_pages, scenario_with = CORPUS["with_pages"], CORPUS["scenario_with"]
FORMS = [("council.xlsx", excel), ("council.ods", open_document)]
Make = Callable[..., bytes]


def saved(folder: Path, data: bytes, name: str = "council.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def as_workbook(folder: Path, path: Path) -> Path:
    """The CSV files of a folder as a workbook, as a person would paste them."""
    sheets = []
    for name, schema in SCHEMAS.items():
        file = folder / f"{name}.csv"
        if file.exists():
            headings, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))
            columns = {heading: [row[k] for row in rows] for k, heading in enumerate(headings)}
            sheets.append(table_sheet(columns, schema))
    lines = (folder / "scenario.toml").read_text(encoding="utf-8").splitlines()
    keys = dict(line.split(" = ") for line in lines)
    plain = {key: (value.strip('"'), "") for key, value in keys.items()}
    write_workbook(path, [*sheets, keys_sheet("scenario", plain)])
    return path


def same(one: Instance, other: Instance) -> bool:
    arrays = [
        (one.menus.cost, other.menus.cost),
        (one.menus.met_need, other.menus.met_need),
        (one.menus.offsets, other.menus.offsets),
        (one.users.ids, other.users.ids),
        (one.users.need, other.users.need),
        (one.users.points, other.users.points),
        (one.package_ids.text(), other.package_ids.text()),
    ]
    groups = [set(each.users.groups) for each in (one, other)]
    return (
        one.scenario == other.scenario
        and all(np.array_equal(a, b) for a, b in arrays if a is not None or b is not None)
        and groups[0] == groups[1]
        and all(
            np.array_equal(labels.text(), other.users.groups[name].text())
            for name, labels in one.users.groups.items()
        )
        and (one.previous is None) == (other.previous is None)
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_a_council_in_a_workbook_is_the_council_in_its_folder(seed: int, tmp_path: Path) -> None:
    made = generate("council", users=60, seed=seed)
    folder = tmp_path / "council"
    write_instance(folder, made.tables, {"schema_version": 1, "name": "small", "budget": "50000"})
    workbook = read(as_workbook(folder, tmp_path / "council.xlsx"))
    previous = workbook.previous

    assert same(workbook, read(folder))
    assert previous is not None
    assert np.array_equal(previous.package_ids, read(folder).previous.package_ids)  # type: ignore[union-attr]
    assert np.array_equal(previous.cost, read(folder).previous.cost)  # type: ignore[union-attr]


@pytest.mark.parametrize(("name", "make"), FORMS)
def test_a_workbook_unpacks_to_a_folder_that_is_the_same_instance(
    name: str, make: Make, tmp_path: Path
) -> None:
    path = saved(tmp_path, make(SOUND), name)
    files = unpack_workbook(path, tmp_path / "folder")

    assert sorted(files) == ["packages.csv", "scenario.toml", "users.csv"]
    assert same(read(tmp_path / "folder"), read(path))


def test_a_faulty_workbook_is_not_unpacked(tmp_path: Path) -> None:
    path = saved(tmp_path, excel(with_pages(users=None)))

    with pytest.raises(InputError):
        unpack_workbook(path, tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_a_workbook_is_not_unpacked_over_an_instance(tmp_path: Path) -> None:
    path = saved(tmp_path, excel(SOUND))
    unpack_workbook(path, tmp_path / "folder")

    with pytest.raises(OutputError, match="holds an instance already"):
        unpack_workbook(path, tmp_path / "folder")


@pytest.mark.parametrize(("name", "make"), FORMS)
def test_both_forms_are_read_as_what_they_show(name: str, make: Make, tmp_path: Path) -> None:
    instance = read(saved(tmp_path, make(SOUND), name))

    assert instance.users.ids.tolist() == ["A1", "B2", "C3"]
    assert instance.users.points is not None
    assert instance.users.points.tolist() == [10_000, 5_500, 125]
    assert instance.users.groups["area"].text().tolist() == ["North", "South", "North"]
    assert instance.menus.cost.tolist() == [400, 1050, 2000, 525]
    assert instance.package_ids.text().tolist() == ["day", "home", "home", "home"]


def test_the_instance_names_the_workbook_and_its_digest(tmp_path: Path) -> None:
    data = excel(SOUND)

    assert read(saved(tmp_path, data)).inputs == {"council.xlsx": hashlib.sha256(data).hexdigest()}


def test_a_workbook_is_known_by_what_it_is_and_not_by_its_name(tmp_path: Path) -> None:
    swapped = saved(tmp_path, open_document(SOUND), "council.xlsx")

    assert same(read(swapped), read(saved(tmp_path, excel(SOUND), "council.ods")))


def test_a_workbook_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    instance, findings = examine(tmp_path / "council.xlsx")

    assert instance is None
    assert [finding.code for finding in findings] == ["unreadable"]


IDS = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip())


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(IDS, min_size=20, max_size=30, unique=True))
def test_identifiers_survive_writing_and_reading_character_by_character(ids: list[str]) -> None:
    ids = ["007", "7", "NA", "null", "1e3", "=1+1", "'x", "_x0041_", "12345678901234567890", *ids]
    wanted = sorted(set(ids))

    assert written_and_read(wanted) == wanted


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(IDS, min_size=20, max_size=30, unique=True))
def test_identifiers_survive_in_an_open_document_too(ids: list[str]) -> None:
    rows = [("user_id", "points"), *((text, 1) for text in ids)]

    assert column_of(open_document({"users": CORPUS["Page"](rows)}), "user_id") == ids


def written_and_read(ids: Sequence[str]) -> list[str]:
    """The identifiers of a users table that was written as a workbook."""
    with pytest.MonkeyPatch.context() as patch:
        folder = Path(patch_folder(patch))
        path = folder / "ids.xlsx"
        columns = {"user_id": ids, "points": ["1"] * len(ids)}
        write_workbook(path, [table_sheet(columns, SCHEMAS["users"])])
        data = path.read_bytes()
        path.unlink()
    return column_of(data, "user_id")
