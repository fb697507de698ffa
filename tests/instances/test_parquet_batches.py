"""Parquet in batches: wherever a file is cut, the instance and the findings are the same."""

import runpy
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metneed.instances import parquet_batches
from metneed.instances.parquet_batches import BATCH_ROWS, STRETCH_ROWS
from metneed.instances.read import examine, read
from metneed.models.findings import Finding
from metneed.models.instance import Instance

pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
pq = pytest.importorskip("pyarrow.parquet")

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "cases.py"))
Columns: TypeAlias = dict[str, Any]
Same: TypeAlias = Callable[[Instance, Instance], bool]

USERS: Columns = {"user_id": ["007", "1e5", "NA", "null"], "points": [3, 1, 2, 4]}
MENU: Columns = {
    "user_id": ["007", "007", "007", "1e5", "NA", "NA", "null"],
    "package_id": ["1", "2", "NA", "1", "1", "3", "2"],
    "cost": [Decimal(n) for n in ("1.00", "2.50", "3.00", "0.00", "4.25", "5.00", "6.00")],
    "met_need": [1.5, 2.0, 3.125, 0.0, 4.0, 5.0, 6.0],
}


@pytest.fixture(params=[(1, 1), (1, 100), (2, 3), (3, 1), (4, 4), (100, 2)], ids=str)
def cut(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From here on, read files in batches and stretches of so many rows."""

    def set_rows() -> None:
        batch, stretch = request.param
        monkeypatch.setattr(parquet_batches, "BATCH_ROWS", batch)
        monkeypatch.setattr(parquet_batches, "STRETCH_ROWS", stretch)

    return set_rows


def written(folder: Path, users: Columns, packages: Columns, **options: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "scenario.toml").write_text(CORPUS["SCENARIO"])
    pq.write_table(pa.table(users), folder / "users.parquet", **options)
    pq.write_table(pa.table(packages), folder / "packages.parquet", **options)
    return folder


def picked(columns: Columns, rows: Iterable[int]) -> Columns:
    return {name: [column[row] for row in rows] for name, column in columns.items()}


def found(folder: Path) -> list[Finding]:
    return list(examine(folder)[1])


@pytest.mark.parametrize("group", [1, 2, 3, 100])
def test_the_instance_does_not_depend_on_where_the_file_is_cut(
    tmp_path: Path,
    same: Same,
    cut: Callable[[], None],
    group: int,
) -> None:
    whole = read(written(tmp_path / "whole", USERS, MENU))
    folder = written(tmp_path / "groups", USERS, MENU, row_group_size=group)
    cut()

    assert same(read(folder), whole)
    assert whole.users.ids.tolist() == ["007", "1e5", "NA", "null"]
    assert whole.package_ids.text().tolist() == ["1", "2", "NA", "1", "1", "3", "2"]
    assert whole.menus.cost.tolist() == [100, 250, 300, 0, 425, 500, 600]


def test_rows_in_another_order_give_the_same_instance(
    tmp_path: Path, same: Same, cut: Callable[[], None]
) -> None:
    whole = read(written(tmp_path / "whole", USERS, MENU))
    users, menu = picked(USERS, [2, 0, 3, 1]), picked(MENU, [6, 2, 4, 0, 3, 5, 1])
    folder = written(tmp_path / "mixed", users, menu, row_group_size=2)
    cut()

    assert same(read(folder), whole)


@pytest.mark.parametrize("kind", ["string", "large_string", "dictionary", "string_view"])
def test_every_form_of_text_gives_the_same_instance(
    tmp_path: Path,
    same: Same,
    cut: Callable[[], None],
    kind: str,
) -> None:
    whole = read(written(tmp_path / "whole", USERS, MENU))

    def column(texts: list[str]) -> Any:
        if kind == "dictionary":
            # Values in an order of their own, one of them twice and one of them nobody's.
            values = ["zz", *sorted(set(texts), reverse=True), texts[0]]
            return pa.DictionaryArray.from_arrays([values.index(t) for t in texts], values)
        return pa.array(texts, getattr(pa, kind)())

    def texts(columns: Columns) -> Columns:
        return {k: column(v) if k.endswith("_id") else v for k, v in columns.items()}

    folder = written(tmp_path / kind, texts(USERS), texts(MENU), row_group_size=3)
    cut()

    assert same(read(folder), whole)


FAULTY = {
    "user_id": [*MENU["user_id"], "nobody", None, "null", "NA"],
    "package_id": [*MENU["package_id"], "1", "1", " 3", "3"],
    "cost": [*MENU["cost"], None, Decimal(1), Decimal(2), Decimal("9999999999999.00")],
    "met_need": [*MENU["met_need"], 1.0, 0.1 + 0.2, 1.0, float("nan")],
}


def test_faults_in_the_last_batch_are_found_in_their_rows(
    tmp_path: Path, cut: Callable[[], None]
) -> None:
    whole = found(written(tmp_path / "same", USERS, FAULTY))
    folder = written(tmp_path / "same", USERS, FAULTY, row_group_size=2)
    cut()

    assert found(folder) == whole
    assert {(f.row, f.column, f.code) for f in whole} == {
        (9, "cost", "blank"),
        (9, "user_id", "unknown-user"),
        (10, "user_id", "blank-id"),
        (10, "met_need", "too-many-decimals"),
        (11, "package_id", "spaces"),
        (12, "cost", "too-large"),
        (12, "met_need", "blank"),
        (12, "package_id", "duplicate-package"),
    }


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        (pa.uint64(), 2**64 - 1),
        (pa.decimal128(38, 2), Decimal("123456789012345678901234.56")),
        (pa.decimal128(38, 2), Decimal(2**64).scaleb(-2)),
        (pa.decimal256(70, 2), Decimal("9" * 60 + ".25")),
        (pa.decimal128(38, 20), Decimal("0." + 19 * "0" + "1")),
    ],
    ids=str,
)
def test_one_number_beyond_64_bits_in_the_last_batch_changes_no_other(
    tmp_path: Path,
    cut: Callable[[], None],
    kind: Any,
    most: Any,
) -> None:
    points = pa.array([1, None, 3, most], kind)
    folder = written(tmp_path / "large", {**USERS, "points": points}, MENU, row_group_size=1)
    cut()
    findings = {f.row: (f.code, f.value) for f in found(folder) if f.column == "points"}

    large = "too-many-decimals" if most < 1 else "too-large"
    assert findings == {3: ("blank", ""), 5: (large, format(Decimal(most), "f"))}


def test_what_can_be_kept_exactly_is_kept_beside_numbers_of_many_digits(
    tmp_path: Path, cut: Callable[[], None]
) -> None:
    points = pa.array([Decimal(1), Decimal("2.5"), Decimal(3), Decimal(4)], pa.decimal128(38, 20))
    folder = written(tmp_path / "deep", {**USERS, "points": points}, MENU, row_group_size=1)
    cut()

    assert read(folder).users.points.tolist() == [1000, 2500, 3000, 4000]


def test_a_file_without_rows_is_one_finding(tmp_path: Path, cut: Callable[[], None]) -> None:
    nothing = pa.table(MENU).slice(0, 0).to_pydict()
    columns = {name: pa.array(v, pa.table(MENU).column(name).type) for name, v in nothing.items()}
    folder = written(tmp_path / "empty", USERS, columns)
    cut()

    assert [(f.file, f.code) for f in found(folder) if f.severity == "error"] == [
        ("packages.parquet", "no-rows")
    ]


def test_the_usual_batches_are_cut_within_a_million_rows(tmp_path: Path, same: Same) -> None:
    """A file longer than several batches, with every user cut somewhere or not, as in memory."""
    n = 2 * STRETCH_ROWS // 7
    ids = np.array([f"U{u:07d}" for u in range(n)], dtype=object)
    menu = {
        "user_id": np.repeat(ids, 9),
        "package_id": np.tile([f"p{j}" for j in range(9)], n),
        "cost": np.arange(9 * n),
        "met_need": np.arange(9 * n) % 1000,
    }
    folder = written(tmp_path / "long", {"user_id": ids, "points": np.arange(n)}, menu)
    assert BATCH_ROWS < STRETCH_ROWS < 9 * n
    instance = read(folder)

    assert instance.users.ids.tolist() == ids.tolist()
    assert (instance.menus.offsets == np.arange(n + 1) * 9).all()
    assert (instance.menus.cost == np.arange(9 * n) * 100).all()
    assert (instance.package_ids.codes == np.tile(np.arange(9), n)).all()


TEXTS = st.sampled_from(["u1", "u2", "u3", "U1", "é", "e\u0301", " u", "total", "", "007", None])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    users=st.lists(TEXTS, min_size=1, max_size=8),
    rows=st.lists(
        st.tuples(TEXTS, TEXTS, st.integers(-1, 5), st.sampled_from([0.5, 0.0001, -1.0, 2.0])),
        min_size=1,
        max_size=20,
    ),
    group=st.integers(1, 8),
    batch=st.integers(1, 8),
    stretch=st.integers(1, 8),
)
def test_whatever_is_wrong_the_findings_do_not_depend_on_the_cuts(  # noqa: PLR0917
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    users: list[str | None],
    rows: list[tuple[str | None, str | None, int, float]],
    group: int,
    batch: int,
    stretch: int,
) -> None:
    people = {"user_id": pa.array(users, pa.string()), "area": pa.array(users, pa.string())}
    ids, names, cost, need = zip(*rows, strict=True)
    menu = {
        "user_id": pa.array(ids, pa.string()),
        "package_id": pa.array(names, pa.string()),
        "cost": cost,
        "met_need": need,
    }
    whole = found(written(tmp_path / "same", people, menu))
    with monkeypatch.context() as patch:
        patch.setattr(parquet_batches, "BATCH_ROWS", batch)
        patch.setattr(parquet_batches, "STRETCH_ROWS", stretch)

        assert found(written(tmp_path / "same", people, menu, row_group_size=group)) == whole
