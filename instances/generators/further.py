"""Generated needs and small tables in memory: read by the same rules as their files."""

from collections.abc import Mapping

import numpy as np

from metneed.instances.needs import read_needs
from metneed.instances.reading import Reading
from metneed.instances.schemas import SCHEMAS, SMALL, UNIT_DECIMALS
from metneed.instances.small_tables import read_small_tables
from metneed.instances.tables import Table as Cells
from metneed.instances.tables import Text, Whole
from metneed.instances.users import UserRows
from metneed.models.arrays import IntArray, TextArray
from metneed.models.assessment import Assessment
from metneed.models.findings import Findings
from metneed.models.instance import Rows
from metneed.models.units import Units


def as_column(values: TextArray | IntArray, decimals: int = 0) -> Text | Whole:
    """A generated column as a reader has it: text, or whole numbers of so many decimals."""
    if np.issubdtype(values.dtype, np.integer):
        return Whole(values, decimals, np.zeros(len(values), dtype=np.bool_))
    return Text.of(values)


def assessed(
    tables: Mapping[str, Mapping[str, TextArray | IntArray]], ids: TextArray, units: Units
) -> tuple[Assessment | None, dict[str, Rows]]:
    """Assessed needs, None where there are none, and small tables by name.

    Parameters
    ----------
    tables
        Generated tables.
    ids
        Users in their order.
    units
        Decimals of the scenario.

    Raises
    ------
    ValueError
        Where a table has faults: a generator makes none.
    """
    findings, decimals = Findings(), _decimals(units)
    readings = {}
    for name in (*(name for name in ("users", "needs") if name in tables), *SMALL):
        if name not in tables:
            continue
        schema = SCHEMAS[name]
        columns = {
            heading: as_column(values, decimals.get(field.kind, 0) if field else 0)
            for heading, values in tables[name].items()
            for field in [schema.field(heading)]
        }
        size = len(next(iter(columns.values())))
        table = Cells(f"{name}.csv", columns, range(2, size + 2))
        readings[name] = Reading(table, schema, units, findings)
    users = UserRows(readings["users"], ids, np.arange(len(ids)), {}, {})
    needs = read_needs(readings["needs"], users) if "needs" in readings else None
    small = read_small_tables(readings)
    if findings.errors:
        raise ValueError(findings.summary())
    return None if needs is None else needs.assessment, small


def _decimals(units: Units) -> dict[str, int]:
    return {
        "money": units.money_decimals,
        "need": units.need_decimals,
        "units": UNIT_DECIMALS,
        "part": UNIT_DECIMALS,
    }
