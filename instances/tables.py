"""Tables as they stand in a file: columns that nobody has converted yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import lt
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from metneed.instances.grammar import parse
from metneed.instances.schemas import LARGEST
from metneed.models.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    Positions,
    TextArray,
    frozen,
)

_EXACT = 2**52
"""Up to here the product of a float and a power of ten rounds to the right whole number."""

_PIECE = 1 << 16
"""Rows that are converted at once: they stay in the cache of a processor."""


@dataclass(frozen=True, eq=False)
class Text:
    """A column of text: for each row the position of its text among the distinct ones.

    Parameters
    ----------
    codes
        One position a row, -1 where there is nothing.
    distinct
        The distinct texts, in any order.
    """

    codes: Positions
    distinct: TextArray

    @classmethod
    def of(cls, cells: Sequence[str | None] | TextArray) -> "Text":
        """The column of these cells; None stands for nothing."""
        column = np.empty(len(cells), dtype=object)
        column[:] = cells
        codes, distinct = pd.factorize(column)
        return cls(codes, distinct)

    @classmethod
    def joined(cls, parts: Sequence["Text"]) -> "Text":
        """One column below the other."""
        if not parts:
            return cls.of([])
        if len(parts) == 1:
            return parts[0]
        merged, distinct = pd.factorize(np.concatenate([part.distinct for part in parts]))
        merged = merged.astype(np.int32)
        starts = np.cumsum([0, *(len(part.distinct) for part in parts)])
        # The last place answers for code -1, nothing.
        codes = [
            np.append(merged[start : start + len(part.distinct)], np.int32(-1))[part.codes]
            for part, start in zip(parts, starts[:-1], strict=True)
        ]
        return cls(np.concatenate(codes), distinct)

    def __len__(self) -> int:
        return len(self.codes)

    def shown(self, row: int) -> str:
        """What stands in a row, as text; empty for nothing."""
        code = self.codes[row]
        return "" if code < 0 else str(self.distinct[code])

    def units(self, decimals: int, largest: int = LARGEST) -> tuple[IntArray, BoolArray]:
        """Smallest units of each row, and which rows hold a number that fits."""
        units, good = parse(self.distinct, decimals, largest)
        # The last place answers for code -1, nothing.
        return np.append(units, 0)[self.codes], np.append(good, False)[self.codes]

    def labels(self) -> "Text":
        """The column as text, which it is."""
        return self

    def looked_up(self, places: Positions) -> Positions:
        """For each row what `places` says of its text, -1 for nothing."""
        if np.array_equal(places, np.arange(len(places))):
            return self.codes
        return np.append(places, places.dtype.type(-1))[self.codes]

    def first_rows(self) -> IntArray:
        """For each of the distinct texts the first row that holds it."""
        first = np.full(len(self.distinct), -1, dtype=np.int64)
        held = np.flatnonzero(self.codes >= 0)[::-1]
        first[self.codes[held]] = held
        return first

    def rows_of(self, chosen: npt.ArrayLike) -> IntArray:
        """The rows that hold one of the distinct texts at these positions."""
        wanted = np.zeros(len(self.distinct) + 1, dtype=np.bool_)
        wanted[np.asarray(chosen, dtype=np.int64)] = True
        return np.flatnonzero(wanted[self.codes])


@dataclass(frozen=True, eq=False)
class Whole:
    """A column of whole numbers, or of decimals kept as whole numbers of their last place.

    Parameters
    ----------
    values
        The numbers times ten to the `scale`.
    scale
        How many decimals they have.
    missing
        Which rows hold nothing.
    """

    values: IntArray
    scale: int
    missing: BoolArray

    def __len__(self) -> int:
        return len(self.values)

    def shown(self, row: int) -> str:
        """What stands in a row, as text; empty for nothing."""
        if self.missing[row]:
            return ""
        return format(Decimal(int(self.values[row])).scaleb(-self.scale), "f")

    def units(self, decimals: int, largest: int = LARGEST) -> tuple[IntArray, BoolArray]:
        """Smallest units of each row, and which rows hold a number that fits."""
        if self.scale == decimals and self._all_fit(largest * 10**decimals):
            return frozen(self.values), np.ones(len(self), dtype=np.bool_)
        return _in_pieces(len(self), lambda rows: self._units(rows, decimals, largest))

    def _all_fit(self, most: int) -> bool:
        least = self.values.min(initial=0)
        return bool(least >= 0 and self.values.max(initial=0) <= most and not self.missing.any())

    def _units(self, rows: slice, decimals: int, largest: int) -> tuple[IntArray, BoolArray]:
        values = self.values[rows]
        good = ~self.missing[rows] & (values >= 0)
        if self.scale > decimals:
            values, rest = np.divmod(values, 10 ** (self.scale - decimals))
            good &= rest == 0
            good &= values <= largest * 10**decimals
        else:
            good &= values <= largest * 10**self.scale
            values = np.where(good, values, 0) * 10 ** (decimals - self.scale)
        return np.where(good, values, 0), good

    def labels(self) -> Text:
        """The same numbers as text."""
        return _labels(self, self.values, self.missing)


@dataclass(frozen=True, eq=False)
class Floats:
    """A column of binary floats, each taken for the shortest decimal that it is nearest to."""

    values: FloatArray

    def __len__(self) -> int:
        return len(self.values)

    def shown(self, row: int) -> str:
        """What stands in a row, as text; empty for nothing."""
        value = float(self.values[row])
        return "" if np.isnan(value) else float_text(value)

    def units(self, decimals: int, largest: int = LARGEST) -> tuple[IntArray, BoolArray]:
        """Smallest units of each row, and which rows hold a number that fits.

        A float fits where it is the nearest one to a decimal with that many places: the quotient
        of two whole numbers below 2^53 is correctly rounded, so dividing back tells.
        """
        return _in_pieces(len(self), lambda rows: self._units(rows, decimals, largest))

    def _units(self, rows: slice, decimals: int, largest: int) -> tuple[IntArray, BoolArray]:
        values, scale = self.values[rows], 10.0**decimals
        usable = (values >= 0) & (values <= largest)
        product = np.rint(np.where(usable, values, 0) * scale)
        good = usable & (product <= _EXACT) & (product / scale == values)
        units = np.where(good, product, 0).astype(np.int64)
        large = np.flatnonzero(usable & (product > _EXACT))
        texts = np.array([float_text(value) for value in values[large]], dtype=object)
        units[large], good[large] = parse(texts, decimals, largest)
        return units, good

    def labels(self) -> Text:
        """The same numbers as text."""
        return _labels(self, self.values, np.isnan(self.values))


@dataclass(frozen=True, eq=False)
class Opaque:
    """A column of a type that no table of ours has; nothing of it is read.

    Parameters
    ----------
    kind
        Name of the type.
    length
        How many rows there are.
    """

    kind: str
    length: int

    def __len__(self) -> int:
        return self.length


Readable: TypeAlias = Text | Whole | Floats
Column: TypeAlias = Readable | Opaque


@dataclass(frozen=True, eq=False)
class Table:
    """A table as it stands in a file.

    Parameters
    ----------
    file
        Name of the file, for findings.
    columns
        By heading, in the order of the file.
    rows
        Number of each row as a spreadsheet shows it (the headings are row 1).
    complete
        Whether every row of the file is here; one that is too short or broken is not.
    letters
        Letters of the columns by heading, where the file is a workbook.
    """

    file: str
    columns: Mapping[str, Column]
    rows: Sequence[int]
    complete: bool = True
    letters: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)


def float_text(value: float) -> str:
    """The shortest decimal that stands for a float, without an exponent."""
    return format(Decimal(repr(float(value))), "f") if np.isfinite(value) else repr(float(value))


def in_order(texts: TextArray) -> IntArray:
    """The positions of texts, in code-point order of the texts."""
    values = texts.tolist()
    if all(map(lt, values, values[1:])):
        return np.arange(len(values))
    return np.array(sorted(range(len(values)), key=values.__getitem__), dtype=np.int64)


def _in_pieces(
    rows: int, convert: Callable[[slice], tuple[IntArray, BoolArray]]
) -> tuple[IntArray, BoolArray]:
    """Units and which are good, made piece by piece: what lies between never takes much memory."""
    units, good = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.bool_)
    for start in range(0, rows, _PIECE):
        piece = slice(start, start + _PIECE)
        units[piece], good[piece] = convert(piece)
    return units, good


def _labels(column: Whole | Floats, values: npt.NDArray[Any], missing: BoolArray) -> Text:
    distinct, first, codes = np.unique(values, return_index=True, return_inverse=True)
    texts = np.empty(len(distinct), dtype=object)
    texts[:] = [column.shown(int(row)) for row in first]
    return Text(np.where(missing, -1, codes), texts)
