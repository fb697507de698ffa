"""Writing files whole or not at all, and columns of exact decimals."""

import csv
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from metneed.models.arrays import IntArray, TextArray
from metneed.models.errors import MissingExtraError, OutputError

ESCAPED = ("=", "+", "-", "@", "\t", "\r", "'")
"""First characters that make a spreadsheet run a cell, and the mark that defuses them."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file beside `path`, which takes its place only when all went well.

    Raises
    ------
    OutputError
        Where the folder cannot be written or the disk is full; the old file stays as it was.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".metneed-", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if isinstance(error, OutputError | MissingExtraError):
            raise
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8 with line ends of one character, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_columns(path: Path, columns: Mapping[str, Sequence[object] | TextArray]) -> None:
    """Write columns of equal length as CSV, or as Parquet where the name ends in ``.parquet``.

    Cells are written as they are; text of users goes through `defused` first for CSV.
    """
    with replacing(path) as temporary:
        if path.suffix == ".parquet":
            _write_parquet(temporary, columns)
            return
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))


def _write_parquet(path: Path, columns: Mapping[str, Sequence[object] | TextArray]) -> None:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("writing Parquet files", "parquet") from error
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    pq.write_table(table, path)


def decimal_column(amounts: IntArray, decimals: int) -> TextArray:
    """Integers of smallest units as exact decimal text, one cell each."""
    if len(amounts) == 0:
        return np.array([], dtype=object)
    # Few amounts are written out: the same ones stand in many rows.
    amounts, back = np.unique(amounts, return_inverse=True)
    magnitude = np.abs(amounts)
    text = np.char.mod("%d", magnitude // 10**decimals)
    if decimals:
        part = np.char.mod(f"%0{decimals}d", magnitude % 10**decimals)
        text = np.char.add(np.char.add(text, "."), part)
    signed = np.where(amounts < 0, np.char.add("-", text), text)
    texts: TextArray = signed.astype(object)[back]
    return texts


def defused(cells: TextArray) -> TextArray:
    """Text cells that no spreadsheet runs as a formula: a leading ``'`` marks such a cell.

    It can be undone: exactly one leading ``'`` is taken off a cell that has one.
    """
    first = np.array([cell[:1] for cell in cells], dtype=object)
    risky = np.isin(first.astype("U1"), ESCAPED) if len(cells) else np.array([], dtype=bool)
    if not risky.any():
        return cells
    result = cells.copy()
    result[risky] = "'" + result[risky]
    return result


def sha256(path: Path) -> str:
    """The sha256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
