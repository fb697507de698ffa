"""What an import reads, and what it has once every row has its fate."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from metneed.instances.importers.cld_rows import Rows
from metneed.instances.importers.codes import ServiceMap
from metneed.instances.importers.fields import Columns
from metneed.instances.importers.people import People
from metneed.instances.importers.points import Points
from metneed.instances.importers.prices import PriceList
from metneed.models.arrays import BoolArray, IntArray, TextArray
from metneed.models.findings import Findings


@dataclass(frozen=True)
class Request:
    """What is to be imported.

    Parameters
    ----------
    file, points
        The extract and the points export.
    on
        The day whose services are today's.
    mapping
        Rows that say which service a combination of codes is.
    tables
        Folder of the council's own tables that go along.
    encoding
        Of CSV files that do not say it themselves.
    """

    file: Path
    points: Path
    on: date
    mapping: Path | None = None
    tables: Path | None = None
    encoding: str = "utf-8"


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything that was read.

    Parameters
    ----------
    columns
        The return.
    points
        The points export.
    mapping
        Which service a combination of codes is.
    tables
        The council's own tables by name.
    services
        Columns of its own price list, or None.
    warnings
        What was found that stops nothing.
    """

    columns: Columns
    points: Points
    mapping: ServiceMap
    tables: dict[str, Path]
    services: dict[str, TextArray] | None
    warnings: Findings


@dataclass(frozen=True, eq=False)
class Sifted:
    """A return after every row has its fate.

    Parameters
    ----------
    rows
        The rows and their fates.
    people
        Everyone with a long-term service on the day.
    users
        Which of them have points.
    groups
        Client groups, in code-point order.
    prices
        The price list: services of the mapping by client groups.
    units
        Units a week of each row, thousandths.
    deduced
        For which rows they are deduced from the cost.
    """

    rows: Rows
    people: People
    users: BoolArray
    groups: list[str]
    prices: PriceList
    units: IntArray
    deduced: BoolArray
