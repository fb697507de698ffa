"""Writing an instance: its tables, and the scenario that makes them one."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from metneed.instances.cells import arrow_decimals
from metneed.instances.files import decimal_column, write_columns, write_text
from metneed.instances.publish import staging_in
from metneed.instances.scenario_file import as_scenario
from metneed.instances.scenario_text import scenario_text
from metneed.instances.schemas import SCHEMAS, UNIT_DECIMALS
from metneed.models.arrays import IntArray, TextArray
from metneed.models.errors import OutputError
from metneed.models.services import NO_LIMIT
from metneed.models.units import Units

Columns: TypeAlias = Mapping[str, Sequence[object] | TextArray | IntArray]


def write_instance(
    folder: Path,
    tables: Mapping[str, Columns],
    scenario: Mapping[str, object],
    *,
    parquet: bool = False,
    beside: Collection[str] = (),
) -> None:
    """Write an instance to a folder that `read` accepts.

    Parameters
    ----------
    folder
        Made where it is missing.
    tables
        Columns of ``users``, ``packages`` and so on. In columns of money, need and quantities,
        integer arrays are smallest units (pence, thousandths), as everywhere inside metneed, and
        a capacity of -1 is no limit; text is written as it is.
    scenario
        Keys of the scenario; what is left out takes its default.
    parquet
        Write Parquet instead of CSV.
    beside
        Names of tables that may stand in the folder already and belong to this instance.

    Raises
    ------
    InputError
        Where the scenario has faults.
    OutputError
        Where the folder cannot be written, or holds other tables that would mix with these.
    """
    stated = as_scenario(scenario)
    suffix = ".parquet" if parquet else ".csv"
    with staging_in(folder) as staging:
        _refuse_mixture(folder, {name + suffix for name in tables}, beside)
        for name, columns in tables.items():
            cells = {
                heading: _cells(name, heading, values, stated.units, parquet)
                for heading, values in columns.items()
            }
            write_columns(staging / f"{name}{suffix}", cells)
        write_text(staging / "scenario.toml", scenario_text(stated))
        # The scenario comes last: without it a folder is no instance.
        for path in sorted(staging.iterdir(), key=lambda path: path.name == "scenario.toml"):
            path.replace(folder / path.name)


def _refuse_mixture(folder: Path, written: set[str], beside: Collection[str]) -> None:
    # Services that nothing uses change nothing, and may be the price list of a council.
    has_uses = any(name.startswith("uses.") for name in written)
    others = {*beside, *(() if has_uses else ("services",))}
    tables = [name for name in SCHEMAS if name not in others]
    files = {name + suffix for name in tables for suffix in (".csv", ".parquet")} - written
    found = sorted(name for name in files if (folder / name).exists())
    if found:
        raise OutputError(
            f"{folder} holds {', '.join(found)} of another instance: write to another folder"
        )


def _cells(table: str, heading: str, values: Any, units: Units, parquet: bool) -> Any:  # noqa: ANN401
    field = SCHEMAS[table].field(heading)
    decimals = {
        "money": units.money_decimals,
        "need": units.need_decimals,
        "quantity": units.quantity_decimals,
        "units": UNIT_DECIMALS,
        "part": UNIT_DECIMALS,
    }
    kept = decimals.get(field.kind) if field else None
    if kept is None or not np.issubdtype(np.asarray(values).dtype, np.integer):
        return values
    amounts = np.asarray(values, dtype=np.int64)
    if field is not None and field.kind == "quantity" and (amounts == NO_LIMIT).any():
        # Text in either form: a column of numbers has no blank cells.
        return np.where(amounts == NO_LIMIT, "", decimal_column(amounts, kept))
    return arrow_decimals(amounts, kept) if parquet else decimal_column(amounts, kept)
