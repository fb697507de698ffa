"""The columns of each table: what the reader holds files to, and their published schemas."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal[
    "id", "text", "money", "need", "quantity", "whole", "share", "units", "part", "number"
]
"""Identifier, other text, decimal money, need and quantity of a service, whole number, share from
0 to 1; units of a service and parts from 0 to 1, both with three decimals; any other number."""

LARGEST = 10**12
"""No amount is greater, in pounds or points."""

SHARE_DECIMALS = 9
"""Shares are kept in billionths."""

UNIT_DECIMALS = 3
"""Units of services, and parts of a need, are kept in thousandths."""

NUMBER_DECIMALS = 6
"""Numbers that are no amounts, such as factors, have at most so many decimals."""

MOST_UNITS = 100_000
"""No one has more units of a service."""

MOST_DECIMALS = {"money_decimals": 4, "need_decimals": 6, "quantity_decimals": 4}
"""The greatest value of the scenario's keys that say how many decimals are kept."""


@dataclass(frozen=True)
class Field:
    """A standard column.

    Parameters
    ----------
    name
        Heading; one that ends in ``_`` stands for every heading that begins so.
    kind
        What its cells hold.
    description
        A sentence for readers of the schema.
    required
        Whether the table must have it.
    """

    name: str
    kind: Kind
    description: str
    required: bool = False

    @property
    def is_prefix(self) -> bool:
        """Whether this is a family of columns, such as ``paid_nhs``."""
        return self.name.endswith("_")


@dataclass(frozen=True)
class Schema:
    """The standard columns of a table, what identifies its rows, and whose users it speaks of.

    A small table is one that options of rules can be read from.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    of_users: bool = False
    is_small: bool = False

    def field(self, heading: str) -> Field | None:
        """The standard column of that heading, or None."""
        for field in self.fields:
            if heading == field.name or (field.is_prefix and heading.startswith(field.name)):
                return field
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """Headings of the standard columns, families left out."""
        return tuple(field.name for field in self.fields if not field.is_prefix)


_USER = Field("user_id", "id", "The user, exactly as in the table users", required=True)
_PACKAGE = Field("package_id", "id", "The package; unique within a user", required=True)
_SERVICE = Field("service_id", "id", "The service", required=True)
_OUTCOME = Field("outcome", "text", "What was asked about: an outcome, an item", required=True)
_SEVERITY = Field("severity", "text", "What was found: severity, level", required=True)
_COST = Field("cost", "money", "What the package costs this budget", required=True)
_MET_NEED = Field("met_need", "need", "How much need the package meets", required=True)
_BASIC = Field("basic_met_need", "need", "How much of it is basic need")
_ABOUT = (
    Field("form", "text", "Kind of package: home care, direct payment"),
    Field("evidence", "text", "Where cost and met need come from"),
    Field("paid_", "money", "What another payer adds: paid_nhs, paid_user"),
)

SCHEMAS: Mapping[str, Schema] = {
    schema.name: schema
    for schema in (
        Schema(
            "users",
            "People who draw on care",
            (
                Field("user_id", "id", "Identifier, kept exactly as written", required=True),
                Field("points", "need", "Assessed points, which money rules divide by"),
                Field("need", "need", "Need; by default the greatest met need on the menu"),
                Field("basic_need", "need", "Need that counts as basic"),
                Field("band", "text", "Band of need; a group to report by"),
                Field("arrival", "whole", "Order of arrival, for first come, first served"),
                Field("weight", "need", "Priority weight"),
            ),
            key=("user_id",),
        ),
        Schema(
            "packages",
            "The menu of each user",
            (_USER, _PACKAGE, _COST, _MET_NEED, _BASIC, *_ABOUT),
            key=("user_id", "package_id"),
            of_users=True,
        ),
        Schema(
            "catalogue",
            "Packages offered to everyone whose columns in users match",
            (
                Field("package_id", "id", "The package; a user may match it once", required=True),
                _COST,
                Field("met_need", "need", "How much need it meets; or give share_of_need"),
                Field("share_of_need", "share", "Share of the user's need that it meets"),
                _BASIC,
                Field("share_of_basic_need", "share", "Share of the user's basic need it meets"),
                *_ABOUT,
            ),
        ),
        Schema(
            "previous",
            "What each user has now; users who have nothing are left out",
            (
                _USER,
                Field("package_id", "id", "Today's package; may be off the menu", required=True),
                Field("cost", "money", "Its recorded cost; by default that on the menu"),
                Field("met_need", "need", "Its recorded met need; by default that on the menu"),
                _BASIC,
            ),
            key=("user_id",),
            of_users=True,
        ),
        Schema(
            "services",
            "What packages are made of, and how much there is of it",
            (
                Field("service_id", "id", "The service, once each", required=True),
                Field("unit", "text", "What it is counted in: hours, places, visits"),
                Field("capacity", "quantity", "How much there is; blank where there is no limit"),
                Field("fixed_cost", "money", "What it costs to open it at all; default 0"),
                Field("least_members", "whole", "Users without whom it does not open; default 0"),
                Field("paid_anyway", "text", "yes where the fixed cost is paid in any case"),
            ),
            key=("service_id",),
        ),
        Schema(
            "uses",
            "How much of each service a package uses",
            (
                Field("user_id", "id", "The user; without the column, all who have the package"),
                Field("package_id", "id", "A package on the user's menu", required=True),
                Field("service_id", "id", "A service of the table services", required=True),
                Field("amount", "quantity", "How much of it the package uses", required=True),
            ),
            key=("user_id", "package_id", "service_id"),
            of_users=True,
        ),
        Schema(
            "needs",
            "What has been found about the needs of each user",
            (
                _USER,
                _OUTCOME,
                _SEVERITY,
                Field("informal", "part", "Share of the need that unpaid care meets; default 0"),
                Field("eligible", "text", "yes (the default), or no: it does not count"),
                Field("instrument", "text", "The questionnaire, where there are several"),
            ),
            key=("user_id", "instrument", "outcome"),
            of_users=True,
        ),
        Schema(
            "points",
            "What each severity of each outcome counts",
            (
                _OUTCOME,
                _SEVERITY,
                Field("points", "need", "Points that it counts", required=True),
                Field("instrument", "text", "The questionnaire, where there are several"),
            ),
            key=("instrument", "outcome", "severity"),
            is_small=True,
        ),
        Schema(
            "bands",
            "What is given from so many points on",
            (
                Field("from", "need", "The fewest points of the band", required=True),
                Field("to", "need", "Where it ends; blank for the last, which may have no end"),
                Field("amount", "money", "What a user in the band is given", required=True),
            ),
            key=("from",),
            is_small=True,
        ),
        Schema(
            "rates",
            "What a unit of each service costs",
            (
                _SERVICE,
                Field("rate", "money", "What the council pays for a unit", required=True),
                Field("market_rate", "money", "What users pay for it themselves"),
            ),
            key=("service_id",),
            is_small=True,
        ),
        Schema(
            "reckoner",
            "The ready reckoner: units of services for each severity of each outcome",
            (
                _OUTCOME,
                _SEVERITY,
                _SERVICE,
                Field("units", "units", "Units for the whole need in a period", required=True),
            ),
            key=("outcome", "severity", "service_id"),
            is_small=True,
        ),
        Schema(
            "tariff",
            "What the treatment of each condition costs",
            (
                Field("condition", "text", "The condition", required=True),
                Field("severity", "text", "How severe it is", required=True),
                Field("amount", "money", "What it costs in a period", required=True),
            ),
            key=("condition", "severity"),
            is_small=True,
        ),
        Schema(
            "ages",
            "What amounts are multiplied by at each age",
            (
                Field("from", "whole", "The youngest age of the band", required=True),
                Field("to", "whole", "Where it ends; blank for the last, which may have no end"),
                Field("factor", "number", "What amounts are multiplied by", required=True),
            ),
            key=("from",),
            is_small=True,
        ),
        Schema(
            "shares",
            "What part of the money each group of users has",
            (
                Field("group", "text", "The group, as a column of users has it", required=True),
                Field("share", "share", "Its part of the money", required=True),
            ),
            key=("group",),
            is_small=True,
        ),
        Schema(
            "sample",
            "Points and costs of people whose plans are known; further columns are kept as text",
            (
                Field("points", "need", "Points of one person", required=True),
                Field("cost", "money", "What the person's plan costs", required=True),
            ),
            is_small=True,
        ),
    )
}

SMALL = tuple(name for name, schema in SCHEMAS.items() if schema.is_small)
"""Names of the small tables, which options of rules can be read from."""


def table_schema(name: str) -> dict[str, Any]:
    """The Frictionless Table Schema of a table, for other people's tools."""
    return frictionless(SCHEMAS[name])


def frictionless(schema: Schema) -> dict[str, Any]:
    """The Frictionless Table Schema that says the same as a schema of ours."""
    described: dict[str, Any] = {
        "name": schema.name,
        "title": schema.title,
        "fieldsMatch": "partial",
        "fields": [_described(field) for field in schema.fields if not field.is_prefix],
        "missingValues": [""],
    }
    if schema.key:
        described["primaryKey"] = list(schema.key)
    if schema.of_users:
        reference = {"resource": "users", "fields": ["user_id"]}
        described["foreignKeys"] = [{"fields": ["user_id"], "reference": reference}]
    return described


def schema_text(name: str) -> str:
    """The schema as the text of its file."""
    return json.dumps(table_schema(name), indent=2) + "\n"


def write_schemas(folder: Path) -> None:
    """Write the schema of every table to a folder, as ``users.json`` and so on."""
    for name in SCHEMAS:
        (folder / f"{name}.json").write_text(schema_text(name), encoding="utf-8", newline="\n")


def _described(field: Field) -> dict[str, Any]:
    types = {"id": "string", "text": "string", "whole": "integer"}
    constraints: dict[str, Any] = {"required": True} if field.required else {}
    if field.kind not in {"id", "text"}:
        largest = {"share": 1, "part": 1, "units": MOST_UNITS}.get(field.kind, LARGEST)
        constraints |= {"minimum": 0, "maximum": largest}
    return {
        "name": field.name,
        "type": types.get(field.kind, "number"),
        "description": field.description,
        **({"constraints": constraints} if constraints else {}),
    }
