"""Columns of results: CSV and Parquet hold the same text."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from metneed.instances.cells import cells_for

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")

CSV, PARQUET = cells_for(".csv"), cells_for(".parquet")


@given(
    amounts=st.lists(st.integers(-(2**62), 2**62) | st.integers(0, 2000), max_size=30),
    decimals=st.integers(0, 9),
)
@example(amounts=[0, 1, -1, 999_999_999, 10**9], decimals=9)
@example(amounts=[0, 1, -1, 999_999, 10**6], decimals=6)
def test_decimals_are_the_same_text_in_both(amounts: list[int], decimals: int) -> None:
    column = np.array(amounts, dtype=np.int64)

    exact = [
        f"{'-' * (n < 0)}{abs(n) // 10**decimals}"
        + (f".{abs(n) % 10**decimals:0{decimals}d}" if decimals else "")
        for n in amounts
    ]
    assert CSV.decimals(column, decimals).tolist() == exact
    assert PARQUET.decimals(column, decimals).to_pylist() == exact


def test_names_stand_for_codes_and_nothing_for_minus_one() -> None:
    codes = np.array([1, -1, 0, 1], dtype=np.int8)

    assert CSV.named(["a", "=b"], codes).tolist() == ["'=b", "", "a", "'=b"]
    assert PARQUET.named(("a", "=b"), codes).to_pylist() == ["=b", "", "a", "=b"]


def test_rows_are_taken_in_the_order_given() -> None:
    texts, rows = np.array(["u", "v", "w"], dtype=object), np.array([2, 0, 0])

    assert CSV.taken(CSV.text(texts), rows).tolist() == ["w", "u", "u"]
    assert PARQUET.taken(PARQUET.text(texts), rows).to_pylist() == ["w", "u", "u"]


def test_blank_columns_hold_empty_text() -> None:
    assert CSV.blank(2).tolist() == ["", ""]
    assert PARQUET.blank(2).to_pylist() == ["", ""]
