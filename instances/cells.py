"""Columns of results as they are written: text for CSV, the same text in Arrow for Parquet."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

from metneed.instances.files import decimal_column, defused
from metneed.models.arrays import IntArray, Positions, TextArray
from metneed.models.errors import MissingExtraError

Column: TypeAlias = Any
"""An object array of text, or an Arrow array, which is untyped."""

_ZEROS = 6
"""Arrow writes a decimal with an exponent where more zeros than this follow the point."""


class Cells(Protocol):
    """One way to make columns of text."""

    def text(self, texts: TextArray) -> Column:
        """Text as it is, but nothing that a spreadsheet would run."""

    def named(self, names: Sequence[str], codes: Positions) -> Column:
        """For each code the name that it stands for, empty for -1."""

    def decimals(self, amounts: IntArray, decimals: int) -> Column:
        """Amounts of smallest units as exact decimals."""

    def blank(self, rows: int) -> Column:
        """Nothing in any row."""

    def taken(self, column: Column, rows: IntArray) -> Column:
        """These rows of a column, in the order given."""


def cells_for(suffix: str) -> Cells:
    """The cells of files with this ending.

    Raises
    ------
    MissingExtraError
        Where pyarrow is not installed and Parquet is asked for.
    """
    return _Parquet() if suffix == ".parquet" else _Csv()


class _Csv:
    def text(self, texts: TextArray) -> Column:
        return defused(texts)

    def named(self, names: Sequence[str], codes: Positions) -> Column:
        # The last place answers for code -1.
        return defused(np.array([*names, ""], dtype=object))[codes]

    def decimals(self, amounts: IntArray, decimals: int) -> Column:
        return decimal_column(amounts, decimals)

    def blank(self, rows: int) -> Column:
        return np.full(rows, "", dtype=object)

    def taken(self, column: Column, rows: IntArray) -> Column:
        return column[rows]


class _Parquet:
    """Arrow arrays: a row never becomes a Python object."""

    def __init__(self) -> None:
        try:
            import pyarrow as pa  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise MissingExtraError("writing Parquet files", "parquet") from error
        self.arrow = pa

    def text(self, texts: TextArray) -> Column:
        return self.arrow.array(texts, self.arrow.string())

    def named(self, names: Sequence[str], codes: Positions) -> Column:
        texts = self.arrow.array([*names, ""], self.arrow.string())
        return texts.take(np.where(codes < 0, len(names), codes))

    def decimals(self, amounts: IntArray, decimals: int) -> Column:
        if decimals <= _ZEROS:
            return arrow_decimals(amounts, decimals).cast(self.arrow.string())
        distinct, codes = np.unique(amounts, return_inverse=True)
        return self.named(decimal_column(distinct, decimals).tolist(), codes)

    def blank(self, rows: int) -> Column:
        return self.arrow.repeat("", rows)

    def taken(self, column: Column, rows: IntArray) -> Column:
        return column.take(rows)


def arrow_decimals(amounts: IntArray, decimals: int) -> Column:
    """Amounts of smallest units as decimals of Arrow.

    Raises
    ------
    MissingExtraError
        Where pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("writing Parquet files", "parquet") from error
    # A 128-bit decimal is its low 64 bits, then the sign in all bits of the high 64.
    halves = np.empty((len(amounts), 2), dtype=np.int64)
    halves[:, 0], halves[:, 1] = amounts, amounts >> 63
    buffers = [None, pa.py_buffer(halves)]
    return pa.Array.from_buffers(pa.decimal128(19, decimals), len(amounts), buffers)
