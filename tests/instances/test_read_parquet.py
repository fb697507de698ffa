"""Parquet: the same instance as CSV, whatever exact type a column has."""

import runpy
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from metneed.instances.parquet_file import MOST_ROWS
from metneed.instances.read import examine, read
from metneed.models.findings import Finding

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "cases.py"))
Write: TypeAlias = Callable[..., Path]

IDS = ["A1", "B2", "C3"]
MENU = {
    "user_id": ["A1", "A1", "B2", "C3"],
    "package_id": ["home", "day", "home", "home"],
    "cost": [Decimal("10.50"), Decimal("4.00"), Decimal("20.00"), Decimal("5.25")],
    "met_need": [3.0, 1.5, 4.0, 0.125],
}


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Write the sound instance with users or packages of these columns, and say where it is."""

    def write(users: Any = None, packages: Any = None, **options: Any) -> Path:
        (tmp_path / "scenario.toml").write_text(CORPUS["SCENARIO"])
        for name, columns in {"users": users, "packages": packages}.items():
            if columns is None:
                (tmp_path / f"{name}.csv").write_text(CORPUS["SOUND"][f"{name}.csv"])
            else:
                pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet", **options)
        return tmp_path

    return write


def places(findings: Iterable[Finding]) -> list[tuple[str, int, str, str]]:
    return [(f.file, f.row, f.column, f.code) for f in findings]


@pytest.mark.parametrize(
    "points",
    [
        pa.array([10, 5, 7], pa.int64()),
        pa.array([10, 5, 7], pa.uint8()),
        pa.array([10, 5, 7], pa.uint64()),
        pa.array([10, 5, 7], pa.float64()),
        pa.array([10, 5, 7], pa.float32()),
        pa.array([10, 5, 7], pa.decimal128(5, 0)),
        pa.array(["10", "5", "7.0"], pa.string()),
        pa.array(["10", "5", "7.0"], pa.large_string()),
        pa.array(["10", "5", "7.0"], pa.string_view()),
        pa.array(["10", "5", "7.0"]).dictionary_encode(),
        pa.array([Decimal("10.0000"), Decimal(5), Decimal(7)], pa.decimal128(30, 4)),
        pa.array([Decimal("10.0000"), Decimal(5), Decimal(7)], pa.decimal256(60, 20)),
    ],
    ids=lambda array: str(array.type),
)
def test_every_exact_type_gives_the_same_points(written: Write, points: Any) -> None:
    folder = written(users={"user_id": IDS, "points": points})

    assert read(folder).users.points.tolist() == [10_000, 5_000, 7_000]


def test_parquet_gives_the_same_menus_as_csv(written: Write, tmp_path: Path) -> None:
    instance = read(written(packages=MENU))

    assert instance.menus.cost.tolist() == [400, 1050, 2000, 525]
    assert instance.menus.met_need.tolist() == [1500, 3000, 4000, 125]
    assert set(instance.inputs) == {"scenario.toml", "users.csv", "packages.parquet"}


def test_columns_in_many_chunks_are_put_together(written: Write) -> None:
    menu = {name: values * 1 for name, values in MENU.items()}

    assert read(written(packages=menu, row_group_size=1)).menus.cost.tolist() == [
        400,
        1050,
        2000,
        525,
    ]


def test_a_float_is_taken_for_the_shortest_decimal_it_is_nearest_to(written: Write) -> None:
    points = [0.1, 0.3, 123456789.123]
    folder = written(users={"user_id": IDS, "points": points})

    assert read(folder).users.points.tolist() == [100, 300, 123_456_789_123]


def test_a_large_float_that_is_whole_is_kept(written: Write) -> None:
    folder = written(users={"user_id": IDS, "points": [1e12, 2.0**39 + 1, 0.0]})
    (folder / "scenario.toml").write_text(CORPUS["SCENARIO"] + "need_decimals = 6\n")

    assert read(folder).users.points.tolist() == [10**18, (2**39 + 1) * 10**6, 0]


def test_cells_that_do_not_fit_are_found_by_row(written: Write) -> None:
    folder = written(
        users={
            "user_id": IDS,
            "points": [0.1 + 0.2, float("nan"), float("inf")],
            "need": pa.array([None, -5, 4]),
            "weight": pa.array([Decimal("0.0001"), None, Decimal(1)], pa.decimal128(10, 4)),
            "arrival": pa.array([2**63, 2, 3], pa.uint64()),
        }
    )

    assert sorted(places(examine(folder)[1])) == [
        ("users.parquet", 2, "arrival", "too-large"),
        ("users.parquet", 2, "need", "blank"),
        ("users.parquet", 2, "points", "too-many-decimals"),
        ("users.parquet", 2, "weight", "too-many-decimals"),
        ("users.parquet", 3, "need", "negative"),
        ("users.parquet", 3, "points", "blank"),
        ("users.parquet", 3, "weight", "blank"),
        ("users.parquet", 4, "points", "no-number"),
    ]


@pytest.mark.parametrize(
    "points",
    [
        pa.array([[1], [2], [3]]),
        pa.array([b"1", b"2", b"3"]),
        pa.array([True, False, True]),
        pa.array([1, 2, 3], pa.timestamp("s")),
        pa.array([None, None, None]),
    ],
    ids=lambda array: str(array.type),
)
def test_a_column_of_another_type_is_refused_as_a_whole(written: Write, points: Any) -> None:
    folder = written(users={"user_id": IDS, "points": points, "area": ["x", "x", "y"]})

    assert places(examine(folder)[1]) == [("users.parquet", 0, "points", "wrong-type")]


@pytest.mark.parametrize("ids", [[1, 2, 3], [1.0, 2.0, 3.0]])
def test_identifiers_that_are_numbers_are_refused(written: Write, ids: list[str]) -> None:
    folder = written(users={"user_id": ids, "points": [1, 2, 3]})

    assert places(examine(folder)[1]) == [("users.parquet", 0, "user_id", "wrong-type")]


def test_missing_identifiers_are_found_by_row(written: Write) -> None:
    folder = written(packages={**MENU, "user_id": ["A1", "A1", None, "C3"]})

    assert places(examine(folder)[1]) == [("packages.parquet", 4, "user_id", "blank-id")]


def test_columns_nobody_reads_may_be_anything(written: Write) -> None:
    extra = {"history": pa.array([[1], [2], [3], [4]]), "note": pa.array([b"x"] * 4)}

    assert read(written(packages={**MENU, **extra})).menus.n_packages == 4


def test_texts_that_only_the_dictionary_holds_are_no_users(written: Write) -> None:
    everyone = pa.DictionaryArray.from_arrays(pa.array([3, 0, 1]), pa.array([*IDS, "A0", " odd"]))
    folder = written(
        users={"user_id": everyone, "points": [1, 2, 3]},
        packages={name: values[:1] for name, values in MENU.items()},
    )

    assert read(folder).users.ids.tolist() == ["A0", "A1", "B2"]


def test_a_heading_twice_or_no_rows_are_found(written: Write) -> None:
    twice = pa.Table.from_arrays([pa.array(IDS), pa.array(IDS)], names=["user_id", "user_id"])
    folder = written(users={"user_id": pa.array([], pa.string())})
    assert ("users.parquet", 0, "", "no-rows") in places(examine(folder)[1].errors)

    pq.write_table(twice, folder / "users.parquet")
    assert places(examine(folder)[1]) == [("users.parquet", 0, "user_id", "duplicate-column")]


def test_a_file_that_claims_too_many_rows_is_not_read(
    written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_ROWS > 10**8
    monkeypatch.setattr("metneed.instances.parquet_file.MOST_ROWS", 2)

    folder = written(users={"user_id": IDS, "points": [1, 2, 3]})
    assert places(examine(folder)[1]) == [("users.parquet", 0, "", "too-large-file")]


def test_a_decimal_of_many_digits_is_read_exactly(written: Write) -> None:
    points = pa.array([Decimal("999999999999.999"), Decimal(1), None], pa.decimal128(38, 25 - 9))
    folder = written(users={"user_id": IDS, "points": points})
    (finding,) = examine(folder)[1]
    assert (finding.row, finding.code) == (4, "blank")

    points = pa.array([Decimal(10) ** 30, Decimal(1), Decimal(2)], pa.decimal128(38, 3))
    pq.write_table(pa.table({"user_id": IDS, "points": points}), folder / "users.parquet")
    (finding,) = examine(folder)[1]
    assert (finding.row, finding.code) == (2, "too-large")


def test_a_file_with_a_changed_page_is_refused(written: Write) -> None:
    folder = written(
        users={"user_id": IDS, "points": np.array([1, 2, 3])}, write_page_checksum=True
    )
    path = folder / "users.parquet"
    data = bytearray(path.read_bytes())
    data[data.index(b"B2")] ^= 1
    path.write_bytes(data)

    assert places(examine(folder)[1]) == [("users.parquet", 0, "", "not-parquet")]
