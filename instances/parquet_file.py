"""Parquet files as tables: whole numbers, decimals, exact floats and text."""

from pathlib import Path
from typing import Any

import numpy as np

from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import duplicate, first_of_each
from metneed.instances.schemas import Schema
from metneed.instances.tables import Column, Floats, Opaque, Table, Text, Whole
from metneed.models.arrays import BoolArray
from metneed.models.errors import MissingExtraError
from metneed.models.findings import Findings, visible

MOST_ROWS = 200_000_000
"""Rows that are read at most: a small file can claim any number of them."""

_MAGIC = b"PAR1"
_DAMAGED = "Write the file anew: it is cut off, damaged or something else"


def read_parquet(path: Path, schema: Schema, findings: Findings) -> Table | None:
    """The table of a Parquet file, or None where it cannot be read.

    Of tables with a row a package only standard columns are read, of others every column.

    Parameters
    ----------
    path
        The file.
    schema
        The table it should be.
    findings
        Where faults go.

    Raises
    ------
    MissingExtraError
        Where pyarrow is not installed.
    OSError
        Where the file cannot be opened.
    """
    faults = FileFaults(path.name, findings)
    if not _has_magic(path):
        faults.add(Fault("not-parquet", "not a whole Parquet file", _DAMAGED))
        return None
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("reading Parquet files", "parquet") from error
    try:
        return _table(path, schema, faults)
    except (pa.ArrowException, OSError, ValueError, TypeError, MemoryError) as error:
        # What pyarrow raises for a damaged file depends on where the damage is.
        reason = visible((str(error).splitlines() or ["damaged"])[0], 80)
        problem = f"not a whole Parquet file ({reason})"
        faults.add(Fault("not-parquet", problem, _DAMAGED))
        return None


def _has_magic(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(0, 2)
        if file.tell() < 2 * len(_MAGIC):
            return False
        file.seek(-4, 2)
        return head == file.read(4) == _MAGIC


def _table(path: Path, schema: Schema, faults: FileFaults) -> Table | None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        rows, kinds = file.metadata.num_rows, file.schema_arrow
        headings = list(kinds.names)
        if rows > MOST_ROWS:
            problem = f"claims {rows:,} rows, more than {MOST_ROWS:,}"
            faults.add(Fault("too-large-file", problem, "Check the file, or split the instance"))
            return None
        if rows == 0:
            faults.add(Fault("no-rows", "there are no rows", "Add the rows"))
        places, twice = first_of_each(headings)
        for heading in twice:
            faults.add(duplicate(heading, places), heading)
        if twice:
            return None
    wanted = [name for name in places if _is_wanted(name, kinds.field(name).type, schema)]
    texts = [name for name in wanted if _is_text(kinds.field(name).type)]
    with pq.ParquetFile(path, read_dictionary=texts, page_checksum_verification=True) as file:
        read = file.read(columns=wanted)
    # A damaged file can name texts that its dictionary has not.
    read.validate(full=True)
    columns = {
        name: _column(read.column(name)) if name in wanted else Opaque(str(kind), rows)
        for name, kind in ((name, kinds.field(name).type) for name in places)
    }
    return Table(faults.file, columns, range(2, rows + 2))


def _is_wanted(name: str, kind: Any, schema: Schema) -> bool:  # noqa: ANN401 - pyarrow is untyped
    import pyarrow.types as pt  # noqa: PLC0415 - an extra

    readable = _is_text(kind) or pt.is_integer(kind) or pt.is_decimal(kind) or pt.is_floating(kind)
    return readable and (not schema.of_users or schema.field(name) is not None)


def _is_text(kind: Any) -> bool:  # noqa: ANN401
    import pyarrow.types as pt  # noqa: PLC0415 - an extra

    if pt.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def _column(chunks: Any) -> Column:  # noqa: ANN401
    import pyarrow.types as pt  # noqa: PLC0415 - an extra

    if _is_text(chunks.type):
        return _text(chunks)
    array = chunks.combine_chunks()
    missing = np.asarray(array.is_null())
    if pt.is_floating(array.type):
        return Floats(array.cast("double").to_numpy(zero_copy_only=False))
    if pt.is_decimal(array.type):
        return _decimals(array, missing)
    if pt.is_uint64(array.type):
        # Numbers beyond int64 are far too large, and keep their digits as text.
        return _column_of_text(array)
    return Whole(array.fill_null(0).cast("int64").to_numpy(), 0, missing)


def _text(chunks: Any) -> Text:  # noqa: ANN401
    """A column of text, by way of one dictionary for all chunks."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if not chunks.num_chunks:
        return Text.of([])
    if pa.types.is_string_view(chunks.type):
        chunks = chunks.cast("string")
    encoded = chunks if pa.types.is_dictionary(chunks.type) else chunks.dictionary_encode()
    encoded = encoded.unify_dictionaries()
    codes = np.concatenate(
        [np.asarray(chunk.indices.fill_null(-1).cast("int32")) for chunk in encoded.chunks]
    )
    dictionary = encoded.chunk(0).dictionary
    texts = np.empty(len(dictionary), dtype=object)
    texts[:] = dictionary.to_pylist()
    return Text.used(codes, texts)


def _decimals(array: Any, missing: BoolArray) -> Column:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415 - an extra

    scale = array.type.scale
    is_wide = pa.types.is_decimal128(array.type)
    wide = array if is_wide else array.cast(pa.decimal128(38, scale))
    # A 128-bit decimal is its low 64 bits, then its high ones: all sign where it fits in 64.
    halves = np.frombuffer(wide.buffers()[1], dtype=np.int64).reshape(-1, 2)
    low, high = halves[wide.offset : wide.offset + len(wide)].T
    fits = missing | (high == low >> 63)
    if not fits.all() or scale < 0 or scale > 18:
        return _column_of_text(array)
    return Whole(np.where(missing, 0, low), scale, missing)


def _column_of_text(array: Any) -> Text:  # noqa: ANN401
    cells = [None if cell is None else format(cell, "f") for cell in array.to_pylist()]
    return Text.of(cells)
