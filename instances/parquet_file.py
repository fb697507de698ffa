"""Parquet files as tables: whole numbers, decimals, exact floats and text."""

from pathlib import Path

from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import duplicate, first_of_each
from metneed.instances.parquet_batches import fill
from metneed.instances.parquet_columns import digits, filling, is_text
from metneed.instances.schemas import Schema
from metneed.instances.tables import Column, Opaque, Table
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
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    with pq.ParquetFile(path) as file:
        metadata, kinds = file.metadata, file.schema_arrow
    rows = metadata.num_rows
    if rows > MOST_ROWS:
        problem = f"claims {rows:,} rows, more than {MOST_ROWS:,}"
        faults.add(Fault("too-large-file", problem, "Check the file, or split the instance"))
        return None
    if rows == 0:
        faults.add(Fault("no-rows", "there are no rows", "Add the rows"))
    places, twice = first_of_each(list(kinds.names))
    for heading in twice:
        faults.add(duplicate(heading, places), heading)
    if twice:
        return None
    types = {name: kinds.field(name).type for name in places}
    columns: dict[str, Column] = {name: Opaque(str(kind), rows) for name, kind in types.items()}
    wanted = {
        name: made
        for name, kind in types.items()
        if not schema.of_users or schema.field(name) is not None
        if (made := filling(kind, rows)) is not None
    }
    # Of most texts there are few, in many rows; users are many, and stand in neighbouring rows.
    texts = [name for name in wanted if is_text(types[name]) and name not in schema.key[:1]]
    unfit = fill(path, metadata, wanted, texts) if wanted else ()
    if unfit:
        wanted |= {name: digits(rows) for name in unfit}
        fill(path, metadata, {name: wanted[name] for name in unfit}, [])
    columns |= {name: made.column() for name, made in wanted.items()}
    # Arrow keeps what it has freed for a next time, which need not come.
    pa.default_memory_pool().release_unused()
    return Table(faults.file, columns, range(2, rows + 2))
