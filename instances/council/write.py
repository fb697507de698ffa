"""An instance as a council's tables make it, and a council's tables as files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from metneed.instances.build import Built
from metneed.instances.council.menus import CLOSED, Today
from metneed.instances.council.record import Council
from metneed.instances.council.schemas import COUNCIL_SCHEMAS
from metneed.instances.council.uses import forms_of, uses_tables
from metneed.instances.files import decimal_column, write_columns, write_text
from metneed.instances.publish import staging_in
from metneed.instances.schemas import UNIT_DECIMALS
from metneed.instances.write import Columns
from metneed.models.arrays import TextArray
from metneed.models.errors import OutputError
from metneed.models.units import Units

_YES = np.array(["no", "yes"], dtype=object)
_STANDARD = ("user_id", "points", "need", "basic_need", "arrival")


def instance_tables(council: Council, built: Built, today: Today | None) -> dict[str, Columns]:
    """The tables of the instance: users, packages, services, and what people have today."""
    ids = council.ids
    users: dict[str, Any] = {
        "user_id": ids,
        "points": built.need if council.points is None else council.points,
        "need": built.need,
        "basic_need": built.basic_need,
    }
    if council.arrival is not None:
        users["arrival"] = council.arrival
    users |= {name: text for name, text in council.columns.items() if name not in _STANDARD}
    names = np.array([plan.package_id for plan in built.plans], dtype=object)
    packages: dict[str, Any] = {
        "user_id": ids[built.user],
        "package_id": names[built.plan],
        "cost": built.cost,
        "met_need": built.met_need,
        "basic_met_need": built.basic_met_need,
        "evidence": np.full(len(built.cost), council.evidence, dtype=object),
        "origin": np.array(built.origins, dtype=object)[built.origin],
        "dominated": _YES[built.dominated.astype(np.int64)],
    }
    if council.tables.contribution is not None:
        packages["paid_user"] = built.paid
    if (forms := forms_of(council, built)) is not None:
        packages["form"] = forms
    tables: dict[str, Columns] = {"users": users, "packages": packages}
    tables |= uses_tables(council, built)
    if today is not None and len(today.rows):
        tables["previous"] = {
            "user_id": ids[today.rows],
            "package_id": np.where(today.closed, CLOSED, "current").astype(object),
            "cost": today.cost,
            "met_need": today.met_need,
            "basic_met_need": today.basic_met_need,
        }
    return tables | _assessment(council)


def _assessment(council: Council) -> dict[str, Columns]:
    """Needs and their points, for rules that go from needs to points; none where unknown."""
    needs, levels = council.tables.needs, council.levels
    if not levels:
        return {}
    outcomes, severities = (np.array(names, dtype=object) for names in zip(*levels, strict=True))
    user, outcome = np.nonzero(needs.level)
    level = needs.level[user, outcome] - 1
    return {
        "needs": {
            "user_id": council.ids[user],
            "outcome": outcomes[level],
            "severity": severities[level],
            "informal": needs.informal[user, outcome],
        },
        "points": {
            "outcome": outcomes,
            "severity": severities,
            "points": council.tables.reckoner.points[1:],
        },
    }


def write_council(
    folder: Path,
    tables: Mapping[str, Columns],
    texts: Mapping[str, str],
    units: Units | None = None,
) -> None:
    """Write a council's tables as CSV to a folder that `read_council` accepts.

    Parameters
    ----------
    folder
        Made where it is missing.
    tables
        Columns by table. Whole numbers are smallest units in columns of money and need, and
        thousandths in columns of units and parts; text is written as it is.
    texts
        Further files by name: scenario.toml, build.toml.
    units
        Decimals of money and need.

    Raises
    ------
    OutputError
        Where the folder cannot be written, or holds other tables that would mix with these.
    """
    kept = units or Units()
    with staging_in(folder) as staging:
        written = {f"{name}.csv" for name in tables}
        others = {name + end for name in COUNCIL_SCHEMAS for end in (".csv", ".parquet")} - written
        found = sorted(name for name in others if (folder / name).exists())
        if found:
            raise OutputError(
                f"{folder} holds {', '.join(found)} of another council: write to another folder"
            )
        for name, columns in tables.items():
            cells = {
                heading: _cells(name, heading, values, kept) for heading, values in columns.items()
            }
            write_columns(staging / f"{name}.csv", cells)
        for name, text in texts.items():
            write_text(staging / name, text)
        for path in sorted(staging.iterdir(), key=lambda path: path.suffix == ".toml"):
            path.replace(folder / path.name)


def _cells(table: str, heading: str, values: Any, units: Units) -> TextArray:  # noqa: ANN401
    column = np.asarray(values)
    if not np.issubdtype(column.dtype, np.integer):
        return column
    field = COUNCIL_SCHEMAS[table].field(heading)
    decimals = {
        "money": units.money_decimals,
        "need": units.need_decimals,
        "units": UNIT_DECIMALS,
        "part": UNIT_DECIMALS,
    }
    kept = decimals.get(field.kind, 0) if field else 0
    return decimal_column(column.astype(np.int64), kept)
