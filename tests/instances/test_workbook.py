"""Reading workbooks: the same instance as from a folder, and nothing of a cell is lost."""

import csv
import hashlib
import io
import runpy
import tempfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.generators import generate
from metneed.instances.grammar import parse
from metneed.instances.read import examine, read
from metneed.instances.schemas import SCHEMAS
from metneed.instances.workbook_pack import pack_workbook
from metneed.instances.workbook_sheets import read_sheets
from metneed.instances.workbook_table import text_of
from metneed.instances.workbook_tables import keys_sheet, table_sheet
from metneed.instances.workbook_unpack import unpack_workbook
from metneed.instances.workbook_write import write_workbook
from metneed.instances.write import write_instance
from metneed.models.errors import InputError, OptionError, OutputError
from metneed.models.findings import Findings
from metneed.models.instance import Instance
from metneed.models.scenario import Scenario

pytest.importorskip("python_calamine", reason="the extra excel is not installed")

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "workbooks.py"))["EVERYTHING"]
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


def test_a_folder_is_packed_and_unpacked_without_loss(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    unpack_workbook(saved(tmp_path, excel(SOUND)), folder)
    scenario = (folder / "scenario.toml").read_text(encoding="utf-8")
    options = '\n[rules.greatest_need]\nby = "need"\nsteps = [1, 2.50, "a"]\nstrict = true\n'
    (folder / "scenario.toml").write_text(f'groups = ["area"]\n{scenario}{options}')
    pack_workbook(folder, tmp_path / "packed.xlsx")
    instance = read(tmp_path / "packed.xlsx")

    assert same(instance, read(folder))
    assert instance.scenario.groups == ["area"]
    assert instance.scenario.rules["greatest_need"]["steps"] == [1, Decimal("2.5"), "a"]


def test_the_example_workbook_says_what_its_folder_says() -> None:
    examples = Path(__file__).parents[2] / "docs" / "examples"

    assert same(read(examples / "small-council.xlsx"), read(examples / "small-council"))


def test_a_folder_with_faulty_files_is_not_packed(tmp_path: Path) -> None:
    unpack_workbook(saved(tmp_path, excel(SOUND)), tmp_path / "folder")
    (tmp_path / "folder" / "users.csv").write_bytes(b"\0")

    with pytest.raises(InputError):
        pack_workbook(tmp_path / "folder", tmp_path / "packed.xlsx")
    assert not (tmp_path / "packed.xlsx").exists()


def test_parquet_tables_are_not_packed(tmp_path: Path) -> None:
    (tmp_path / "users.parquet").write_bytes(b"PAR1")

    with pytest.raises(OptionError, match="only CSV files"):
        pack_workbook(tmp_path, tmp_path / "packed.xlsx")


@pytest.mark.parametrize("data", [excel(SOUND), CORPUS["old_excel"]()])
def test_a_workbook_under_the_name_of_a_csv_file_is_named(data: bytes, tmp_path: Path) -> None:
    unpack_workbook(saved(tmp_path, excel(SOUND)), tmp_path / "folder")
    saved(tmp_path / "folder", data, "users.csv")
    _, findings = examine(tmp_path / "folder")

    assert ("users.csv", "not-csv") in [(f.file, f.code) for f in findings]


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
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ids.xlsx"
        columns = {"user_id": ids, "points": ["1"] * len(ids)}
        write_workbook(path, [table_sheet(columns, SCHEMAS["users"])])
        return column_of(path.read_bytes(), "user_id")


def column_of(data: bytes, heading: str) -> list[str]:
    """A column of the sheet users, as text."""
    with tempfile.TemporaryDirectory() as folder:
        sheets = read_sheets(saved(Path(folder), data), Findings(), SCHEMAS)
    assert sheets is not None
    column = sheets.tables["users"].columns[heading]
    return [column.shown(row) for row in range(len(column))]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.decimals(0, 10**12, places=2, allow_nan=False, allow_infinity=False))
def test_a_typed_amount_is_read_to_the_penny(amount: Decimal) -> None:
    units, good = parse(np.array([text_of(float(amount))], dtype=object), 2)

    assert good.all()
    assert units[0] == int(amount * 100)


@pytest.mark.parametrize(
    ("value", "text"),
    [(7.0, "7"), (0.1, "0.1"), (1e15, "1000000000000000"), (-2.5, "-2.5"), (True, "TRUE")],
)
def test_a_cell_becomes_the_shortest_text_that_says_the_same(value: object, text: str) -> None:
    assert text_of(value) == text


def test_what_arithmetic_leaves_behind_the_pennies_is_not_rounded_away(tmp_path: Path) -> None:
    rows = [*PACKAGES[:1], ("A1", "home", 0.1 + 0.2, 1), *PACKAGES[3:]]
    _, findings = examine(saved(tmp_path, excel(with_pages(packages=rows))))

    assert [(f.cell, f.value, f.code) for f in findings] == [
        ("C2", "0.30000000000000004", "too-many-decimals")
    ]


def test_numbers_in_a_column_of_text_are_read_as_they_are_typed(tmp_path: Path) -> None:
    rows = [("user_id", "band"), ("A1", 1), ("B2", 2.5), ("C3", "high")]
    instance = read(saved(tmp_path, excel(with_pages(users=rows))))

    assert instance.users.groups["band"].text().tolist() == ["1", "2.5", "high"]


SETTINGS: Mapping[str, tuple[Sequence[Sequence[object]], Mapping[str, object]]] = {
    "numbers": (
        [("top_slice", 0.2), ("need_decimals", 4)],
        {"top_slice": "0.2", "need_decimals": 4},
    ),
    "numbers as text": (
        [("top_slice", "0.20"), ("need_decimals", "4"), ("seed", "12")],
        {"top_slice": "0.2", "need_decimals": 4, "seed": 12},
    ),
    "text that looks like a number": ([("weeks_per_year", 52)], {"weeks_per_year": "52"}),
    "a blank for the default": ([("description", ""), ("baseline", None)], {}),
    "a list with commas": ([("groups", "area , band")], {"groups": ["area", "band"]}),
    "a list as in the file": ([("groups", '["area", "band"]')], {"groups": ["area", "band"]}),
    "options of rules": (
        [
            ("rules.greatest_need.by", "need"),
            ("rules.greatest_need.limit", 3),
            ("rules.greatest_need.share", 0.25),
            ("rules.greatest_need.strict", True),
            ("rules.greatest_need.steps", "[1, 2.5]"),
            ("rules.equal_cut.name", "1e"),
        ],
        {
            "rules": {
                "greatest_need": {
                    "by": "need",
                    "limit": 3,
                    "share": Decimal("0.25"),
                    "strict": True,
                    "steps": [1, Decimal("2.5")],
                },
                "equal_cut": {"name": "1e"},
            }
        },
    ),
    "years that follow": (
        [
            ("path.years", 3),
            ("path.cut", 0.2),
            ("path.slice_to", "contingency"),
            ("path.year", "[{year = 2, budget = 80.5}]"),
        ],
        {
            "path": {
                "years": 3,
                "cut": Decimal("0.2"),
                "slice_to": "contingency",
                "year": [{"year": 2, "budget": Decimal("80.5")}],
            }
        },
    ),
}


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(("file", "make"), FORMS)
def test_a_sheet_of_keys_is_equal_to_the_scenario_file(
    name: str, file: str, make: Make, tmp_path: Path
) -> None:
    rows, wanted = SETTINGS[name]
    users = [(*line, "b" if n else "band") for n, line in enumerate(USERS)]
    pages = {**scenario_with(*rows), "users": CORPUS["Page"](users)}
    instance = read(saved(tmp_path, make(pages), file))

    assert instance.scenario == Scenario.model_validate(
        {"schema_version": 1, "name": "small", "budget": 100, **wanted}
    )


def test_cells_that_hold_nothing_do_not_make_a_sheet_large(tmp_path: Path) -> None:
    far = '<c r="{ref}" s="0"/></row><row r="1048576"><c r="XFD1048576" s="0"/>'
    pages = CORPUS["users_with"](4, 3, CORPUS["Raw"](far))

    assert len(read(saved(tmp_path, excel(pages))).users) == 3
