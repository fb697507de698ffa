"""Columns of a Parquet file, filled batch by batch and without a Python object for each row."""

from decimal import Decimal
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from metneed.instances.tables import Column, Floats, Text, Whole
from metneed.models.arrays import BoolArray, IntArray, TextArray

Cells: TypeAlias = Any
"""An Arrow array: pyarrow is untyped."""

_DEEPEST = 18
"""Decimals of so many places are held as whole numbers of 64 bits."""


class Filling(Protocol):
    """A column of which some rows are here already. Different rows may be put at once."""

    def put(self, start: int, cells: Cells) -> bool:
        """Put the cells of a batch that begins at row `start`; False where they do not fit."""

    def column(self) -> Column:
        """The column, once all rows are here."""


def filling(kind: Any, rows: int) -> Filling | None:  # noqa: ANN401
    """What a column of a type of Arrow is filled into; None where no table has such columns."""
    import pyarrow.types as pt  # noqa: PLC0415 - an extra

    if is_text(kind):
        return _Texts(rows)
    if pt.is_floating(kind):
        return _Floats(rows)
    if pt.is_integer(kind):
        return _Integers(rows)
    if pt.is_decimal(kind):
        return _Decimals(rows, kind.scale) if 0 <= kind.scale <= _DEEPEST else _Digits(rows)
    return None


def digits(rows: int) -> Filling:
    """What numbers are filled into that are too large for 64 bits: they keep all their digits."""
    return _Digits(rows)


def is_text(kind: Any) -> bool:  # noqa: ANN401
    """Whether a type of Arrow is text in any of its forms."""
    import pyarrow.types as pt  # noqa: PLC0415 - an extra

    if pt.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


class _Integers:
    scale = 0

    def __init__(self, rows: int) -> None:
        self.values = np.empty(rows, dtype=np.int64)
        # Pages of zeros that nobody writes to take no memory.
        self.missing = np.zeros(rows, dtype=np.bool_)

    def put(self, start: int, cells: Cells) -> bool:
        end = start + len(cells)
        missing = None
        if cells.null_count:
            missing = self.missing[start:end] = np.asarray(cells.is_null())
        values, fits = self.whole(cells, missing)
        self.values[start:end] = values
        return fits

    def whole(self, cells: Cells, missing: BoolArray | None) -> tuple[IntArray, bool]:
        import pyarrow.types as pt  # noqa: PLC0415 - an extra

        filled = cells if missing is None else cells.fill_null(0)
        values = np.asarray(filled.cast("int64", safe=False))
        # Beyond int64 the sign changes.
        return values, not pt.is_uint64(cells.type) or bool((values >= 0).all())

    def column(self) -> Column:
        return Whole(self.values, self.scale, self.missing)


class _Decimals(_Integers):
    def __init__(self, rows: int, scale: int) -> None:
        super().__init__(rows)
        self.scale = scale

    def whole(self, cells: Cells, missing: BoolArray | None) -> tuple[IntArray, bool]:
        # A decimal is its low 64 bits, then higher ones: all sign where it fits in 64.
        words = _words(cells)
        if missing is not None:
            words = np.where(missing[:, None], 0, words)
        low = words[:, 0]
        sign = low >> 63
        return low, all((high == sign).all() for high in words[:, 1:].T)


def _words(cells: Cells) -> IntArray:
    """The bits of decimals in pieces of 64, one row a decimal."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if cells.type.bit_width < 128:
        cells = cells.cast(pa.decimal128(38, cells.type.scale))
    width = cells.type.bit_width // 64
    words = np.frombuffer(cells.buffers()[1], dtype=np.int64).reshape(-1, width)
    return words[cells.offset : cells.offset + len(cells)]


class _Floats:
    def __init__(self, rows: int) -> None:
        self.values = np.empty(rows, dtype=np.float64)

    def put(self, start: int, cells: Cells) -> bool:
        values = cells.cast("double").to_numpy(zero_copy_only=False)
        self.values[start : start + len(cells)] = values
        return True

    def column(self) -> Column:
        return Floats(self.values)


class _Texts:
    """Each batch has a dictionary of its own; at the end they become one."""

    def __init__(self, rows: int) -> None:
        self.codes = np.empty(rows, dtype=np.int32)
        self.parts: dict[int, Cells] = {}

    def put(self, start: int, cells: Cells) -> bool:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.types as pt  # noqa: PLC0415

        end = start + len(cells)
        if pt.is_dictionary(cells.type):
            codes = np.asarray(cells.indices.cast("int32").fill_null(-1))
            self.codes[start:end], used = _by_appearance(codes, len(cells.dictionary))
            self.parts[start] = self.texts(cells.dictionary.take(used))
        else:
            texts = self.texts(cells)
            first = _run_starts(texts)
            self.codes[start:end] = np.cumsum(first, dtype=np.int32) - np.int32(1)
            self.parts[start] = texts.filter(pa.array(first))
        return True

    def texts(self, values: Cells) -> Cells:
        import pyarrow as pa  # noqa: PLC0415 - an extra

        # Text that is a view of other memory has to become text of its own first.
        own = values.cast("string") if pa.types.is_string_view(values.type) else values
        return own.cast("large_string")

    def column(self) -> Column:
        import pyarrow as pa  # noqa: PLC0415 - an extra

        starts = sorted(self.parts)
        parts = [self.parts.pop(start) for start in starts]
        places, distinct = _merged(pa.chunked_array(parts, pa.large_string()))
        first = 0
        for start, end, part in zip(starts, [*starts, len(self.codes)][1:], parts, strict=True):
            # The last place answers for code -1, nothing.
            place = np.append(places[first : first + len(part)], np.int32(-1))
            self.codes[start:end] = place[self.codes[start:end]]
            first += len(part)
        return Text(self.codes, distinct)


class _Digits(_Texts):
    """Numbers as text, each distinct one of a batch written out once."""

    def put(self, start: int, cells: Cells) -> bool:
        return super().put(start, cells.dictionary_encode())

    def texts(self, values: Cells) -> Cells:
        import pyarrow as pa  # noqa: PLC0415 - an extra

        texts = [None if n is None else format(Decimal(n), "f") for n in values.to_pylist()]
        return pa.array(texts, pa.large_string())


def _by_appearance(
    codes: npt.NDArray[np.int32], size: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Codes in order of first appearance, and the old codes that they stand for.

    Order of appearance does not depend on where a file is cut into batches.
    """
    n = len(codes)
    first = np.full(size + 1, n, dtype=np.int32)
    first[codes[::-1]] = np.arange(n - 1, -1, -1, dtype=np.int32)
    used = np.flatnonzero(first[:-1] < n)
    seen = first[used]
    if not (seen[1:] > seen[:-1]).all():
        used = used[np.argsort(seen)]
    place = np.full(size + 1, -1, dtype=np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return place[codes], used


def _merged(texts: Cells) -> tuple[npt.NDArray[np.int32], TextArray]:
    """For each text its place among the distinct ones, -1 for nothing, and the distinct ones."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415

    if not len(texts):
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=object)
    if not texts.null_count and pc.all(pc.less_equal(texts[:-1], texts[1:])).as_py():
        # Identifiers in order need no table of all of them.
        first = _run_starts(texts)
        distinct = texts.filter(pa.array(first)).to_numpy(zero_copy_only=False)
        return np.cumsum(first, dtype=np.int32) - np.int32(1), distinct
    chunks = texts.dictionary_encode().chunks
    places = [np.asarray(chunk.indices.cast("int32").fill_null(-1)) for chunk in chunks]
    # Every chunk has the whole dictionary.
    return np.concatenate(places), chunks[-1].dictionary.to_numpy(zero_copy_only=False)


def _run_starts(texts: Cells) -> BoolArray:
    """Which texts are other ones than those before them."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    starts = np.ones(len(texts), dtype=np.bool_)
    starts[1:] = pc.not_equal(texts[:-1], texts[1:]).fill_null(fill_value=True)
    return starts
