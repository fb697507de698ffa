"""Multiple-choice knapsack with one budget: a CSV file of class, item, value and weight.

A class becomes a user, an item a package whose weight is its cost. The file does not say how
much there is to spend: the option `budget` does.
"""

from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from metneed.instances.council.columns import check_twice, joined
from metneed.instances.csv_file import read_csv
from metneed.instances.faults import Fault
from metneed.instances.headings import check_headings
from metneed.instances.identifiers import check_ids
from metneed.instances.importers.published import (
    NO_CURRENCY,
    ProblemFormat,
    ProblemOptions,
    Published,
    scenario_name,
)
from metneed.instances.importers.tokens import decimals_of, refuse
from metneed.instances.reading import Reading
from metneed.instances.schemas import MOST_DECIMALS, Schema
from metneed.instances.schemas import Field as Column
from metneed.instances.tables import Table, Text
from metneed.models.errors import InputError, OptionError
from metneed.models.findings import Findings
from metneed.models.scenario import Amount, Choice
from metneed.models.units import Units

SCHEMA = Schema(
    "mckp",
    "Items of classes",
    (
        Column("class", "id", "The class", required=True),
        Column("item", "id", "The item; unique within a class", required=True),
        Column("value", "need", "What it is worth", required=True),
        Column("weight", "money", "What it takes of the budget", required=True),
    ),
    key=("class", "item"),
)

_MOST_MONEY = MOST_DECIMALS["money_decimals"]


class Options(ProblemOptions):
    """Options of the format."""

    budget: Amount | None = Field(
        default=None, description="what may be spent: the capacity, which the file does not say"
    )
    choice: Choice = Field(
        default="exactly_one", description="exactly one item of each class, or at most one"
    )


def run(file: Path, options: Options) -> list[Published]:
    """The one problem of a file.

    Raises
    ------
    InputError
        Where the file is something else, or has faults.
    OptionError
        Where no budget is given, or it has too many decimals.
    """
    if options.budget is None:
        raise OptionError(
            "the format mckp says nothing of a budget: give it as  --option budget=NUMBER"
        )
    budget = format(options.budget, "f")
    findings = Findings()
    try:
        table = read_csv(file, SCHEMA, findings)
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        refuse(file.name, Fault("unreadable", problem, "Check that you may read it"))
    if table is None:
        raise InputError(findings)
    money = min(max(_decimals(table, "weight"), decimals_of([budget])), _MOST_MONEY)
    need = min(_decimals(table, "value"), MOST_DECIMALS["need_decimals"])
    reading = Reading(table, SCHEMA, Units(NO_CURRENCY, money, need), findings)
    columns = _columns(reading)
    if columns is None or findings.errors:
        raise InputError(findings)
    scenario = {
        "schema_version": 1,
        "name": scenario_name(file),
        "description": "multiple-choice knapsack: a user is a class",
        "budget": budget,
        "currency": NO_CURRENCY,
        "money_decimals": money,
        "need_decimals": need,
        "choice": options.choice,
    }
    users = {"user_id": list(dict.fromkeys(columns["user_id"]))}
    return [Published("", {"users": users, "packages": columns}, scenario)]


FORMAT = ProblemFormat(
    "mckp", "Multiple-choice knapsack (CSV: class, item, value, weight)", run, Options
)


def _decimals(table: Table, heading: str) -> int:
    column = table.columns.get(heading)
    return decimals_of(column.distinct.tolist()) if isinstance(column, Text) else 0


def _columns(reading: Reading) -> dict[str, Any] | None:
    """The menus, in the order of the file; None where they cannot be read."""
    check_headings(reading)
    value, weight = reading.numbers("value"), reading.numbers("weight")
    classes, items = check_ids(reading, "class"), check_ids(reading, "item")
    if value is None or weight is None or classes is None or items is None:
        return None
    user, package = classes[0], items[0]
    key = joined(
        user.codes.astype(np.int64), package.codes.astype(np.int64), len(package.distinct) + 1
    )
    check_twice(reading, "item", key, Fault("duplicate-item", "the same item", "Delete one"))
    return {
        "user_id": np.append(user.distinct, "")[user.codes],
        "package_id": np.append(package.distinct, "")[package.codes],
        "cost": weight.units,
        "met_need": value.units,
    }
