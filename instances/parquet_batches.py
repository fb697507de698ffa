"""Reading a Parquet file in batches of rows, several stretches of it at once."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from metneed.instances.parquet_columns import Filling

BATCH_ROWS = 1 << 18
"""Rows that are held at once as the file has them."""

STRETCH_ROWS = 1 << 20
"""Row groups up to so many rows are read one after the other."""

Metadata: TypeAlias = Any
"""What the footer of a Parquet file says: pyarrow is untyped."""


@dataclass(frozen=True)
class _Stretch:
    """Neighbouring row groups, the first row of them, and the first row after them."""

    groups: Sequence[int]
    start: int
    end: int


def fill(
    path: Path, metadata: Metadata, columns: Mapping[str, Filling], texts: Sequence[str]
) -> set[str]:
    """Fill columns from a Parquet file.

    Parameters
    ----------
    path, metadata
        The file, and what its footer says.
    columns
        What is filled, by heading.
    texts
        Headings of columns of text.

    Returns
    -------
    set
        Headings of columns with cells that did not fit.

    Raises
    ------
    ValueError, pyarrow.ArrowException, OSError
        Where the file is damaged.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    stretches = list(
        _stretches([metadata.row_group(g).num_rows for g in range(metadata.num_row_groups)])
    )
    workers = max(1, min(pa.cpu_count(), len(stretches)))

    def read(stretch: _Stretch) -> set[str]:
        at, unfit = stretch.start, set()
        # Every thread opens the file for itself: a reader has a place in it.
        with pq.ParquetFile(
            path, metadata=metadata, read_dictionary=texts, page_checksum_verification=True
        ) as file:
            for batch in file.iter_batches(
                BATCH_ROWS, stretch.groups, columns=list(columns), use_threads=workers == 1
            ):
                # A damaged file can name texts that its dictionary has not.
                batch.validate(full=True)
                unfit |= {n for n, c in columns.items() if not c.put(at, batch.column(n))}
                at += len(batch)
        if at != stretch.end:
            raise ValueError("rows are missing")
        return unfit

    with ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(read, stretch) for stretch in stretches]
        try:
            return set().union(*(task.result() for task in waiting))
        finally:
            # After a fault, or Ctrl-C, what has not begun need not begin.
            for task in waiting:
                task.cancel()


def _stretches(sizes: Sequence[int]) -> Iterator[_Stretch]:
    groups: list[int] = []
    start = end = 0
    for group, rows in enumerate(sizes):
        if groups and end + rows - start > STRETCH_ROWS:
            yield _Stretch(groups, start, end)
            groups, start = [], end
        groups.append(group)
        end += rows
    if groups:
        yield _Stretch(groups, start, end)
