"""Input tables as the sheets of a workbook, which people fill in and `read` takes back."""

from collections.abc import Mapping, Sequence

from metneed.instances.grammar import PLAIN
from metneed.instances.schemas import Schema
from metneed.instances.workbook_write import Column, Sheet

_MOST_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; longer ones are written as text."""


def table_sheet(
    columns: Mapping[str, Sequence[str]],
    schema: Schema,
    choices: Mapping[str, Sequence[str]] | None = None,
    empty_rows: int = 1000,
) -> Sheet:
    """The sheet of an input table: headings in row 1, identifiers and other text as text.

    Parameters
    ----------
    columns
        Cells as they stand in a CSV file, by heading.
    schema
        The table: it says which columns are numbers, and what is shown at the cells for help.
    choices
        For some columns what their cells may hold.
    empty_rows
        So many rows below the table have help and choices too.
    """
    return Sheet(
        schema.name,
        [_column(name, cells, schema, choices or {}) for name, cells in columns.items()],
        note="",
        empty_rows=empty_rows,
    )


def keys_sheet(name: str, keys: Mapping[str, tuple[str, str]]) -> Sheet:
    """The sheet that stands for a TOML file: a key, its value and what it is in each row.

    Parameters
    ----------
    name
        Of the sheet.
    keys
        Value, empty for the default, and explanation of each key.
    """
    values, help_ = ([pair[which] for pair in keys.values()] for which in (0, 1))
    columns = [Column("key", list(keys)), Column("value", values), Column("what it is", help_)]
    return Sheet(name, columns, note="")


def _column(
    heading: str, cells: Sequence[str], schema: Schema, choices: Mapping[str, Sequence[str]]
) -> Column:
    field = schema.field(heading)
    about = field.description if field else ""
    offered = tuple(choices.get(heading, ()))
    if field is None or field.kind in {"id", "text"} or not all(map(_is_number, cells)):
        return Column(heading, cells, help=about, choices=offered)
    places = max((len(cell.partition(".")[2]) for cell in cells), default=0)
    numbers = [float(cell) if cell else None for cell in cells]
    return Column(heading, numbers, "figure", places, about, offered)


def _is_number(cell: str) -> bool:
    return not cell or (len(cell) <= _MOST_DIGITS and PLAIN.fullmatch(cell) is not None)
