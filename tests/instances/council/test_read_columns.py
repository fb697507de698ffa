"""What a council's tables hold, once they are read: text as it stands, from any kind of file."""

import pandas as pd
import pytest

from metneed.instances.council.menus import council_menus
from metneed.instances.council.read import read_council

from .conftest import Write


def test_identifiers_and_other_columns_are_kept_exactly(write: Write) -> None:
    council = read_council(
        write(
            users="user_id,postcode,points\n007,E1 2AB,9\n",
            needs="user_id,outcome,severity\n007,hygiene,2\n",
            current=None,
        )
    )

    assert council.ids.tolist() == ["007"]
    assert {name: column.tolist() for name, column in council.columns.items()} == {
        "postcode": ["E1 2AB"]
    }
    assert council.points is not None
    assert council.points.tolist() == [9_000]


def test_a_table_says_how_many_rows_are_assumed_and_where_they_come_from(write: Write) -> None:
    needs = (
        "user_id,outcome,severity,source,assumed\nann,hygiene,2,panel,yes\n"
        "ann,relationships,1,review,no\n"
    )
    note = read_council(write(needs=needs)).notes["needs"]

    assert (note.rows, note.assumed, note.sources) == (2, 1, ("panel", "review"))


def test_parquet_tables_are_read_like_csv_ones(write: Write) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    folder = write()
    expected = council_menus(read_council(folder))
    for name in ("needs", "points", "reckoner", "services", "current"):
        path = folder / f"{name}.csv"
        # Severities become whole numbers, units and prices floats.
        pd.read_csv(path).to_parquet(folder / f"{name}.parquet")
        path.unlink()
    built = council_menus(read_council(folder))

    assert built.cost.tolist() == expected.cost.tolist()
    assert built.met_need.tolist() == expected.met_need.tolist()
