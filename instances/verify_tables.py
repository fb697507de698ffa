"""Parquet tables as blocks of text: the verifier itself reads CSV and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from metneed.instances.tables import float_text
from metneed.models.errors import MissingExtraError

_ROWS = 1 << 18
_OF_PACKAGES = ("user_id", "package_id", "cost", "met_need")
"""Columns of the largest table that the verifier looks at."""


def tables(path: Path) -> Iterator[dict[str, list[str]]]:
    """The columns of a Parquet file as text, in blocks of rows; empty for what is missing.

    Decimals and whole numbers are written out as they are, floats as the shortest decimal.

    Raises
    ------
    MissingExtraError
        Where pyarrow is not installed.
    ValueError
        Where the file is damaged.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("reading Parquet files", "parquet") from error
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            names = file.schema_arrow.names
            if len(set(names)) < len(names):
                raise ValueError("a heading stands twice")
            if path.stem == "packages":
                names = [name for name in names if name in _OF_PACKAGES]
            yield {name: [] for name in names}
            for batch in file.iter_batches(_ROWS, columns=names):
                yield {name: _text(batch.column(name)) for name in names}
    except pa.ArrowException as error:
        raise ValueError(str(error).splitlines()[0]) from error


def _text(column: Any) -> list[str]:  # noqa: ANN401 - pyarrow is untyped
    """Each distinct value is turned into text once: most stand in many rows."""
    encoded = column if hasattr(column, "dictionary") else column.dictionary_encode()
    texts = [_cell(value) for value in encoded.dictionary.to_pylist()]
    # The last place answers for code -1, nothing.
    texts.append("")
    return [texts[code] for code in np.asarray(encoded.indices.fill_null(-1)).tolist()]


def _cell(value: object) -> str:
    return float_text(value) if isinstance(value, float) else str(value)
