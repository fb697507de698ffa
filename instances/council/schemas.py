"""The columns of a council's tables: what the reader holds them to, and their published schemas."""

import json
from collections.abc import Mapping
from pathlib import Path

from metneed.instances.schemas import Field, Schema, frictionless

_USER = Field("user_id", "id", "The person, exactly as in the table users", required=True)
_SERVICE = Field("service_id", "id", "The service, as in the table services", required=True)
_OUTCOME = Field("outcome", "text", "The outcome that is hard to achieve", required=True)
_SEVERITY = Field("severity", "text", "How hard, in the council's own words", required=True)
_UNITS = Field("units", "units", "Units in a period, at most three decimals", required=True)
_ORIGIN = (
    Field("source", "text", "Where the row comes from"),
    Field("assumed", "text", "yes where somebody assumed it, no (the default) where it is known"),
)

USERS = Schema(
    "users",
    "People who draw on care; further columns of text are reported by",
    (
        Field("user_id", "id", "Identifier, kept exactly as written", required=True),
        Field("points", "need", "Total points; by default those of the needs"),
        Field("arrival", "whole", "Order of arrival, for first come, first served"),
        *_ORIGIN,
    ),
    key=("user_id",),
)

NEEDS = Schema(
    "needs",
    "What each person needs, outcome by outcome",
    (
        _USER,
        _OUTCOME,
        _SEVERITY,
        Field("informal", "part", "Share of the need that unpaid care meets; default 0"),
        Field("basic", "text", "yes or no; default by the outcome"),
        Field("eligible", "text", "yes (the default), or no: it does not count"),
        Field("order", "whole", "Needs of a lower number are served first, basic ones before all"),
        *_ORIGIN,
    ),
    key=("user_id", "outcome"),
    of_users=True,
)

POINTS = Schema(
    "points",
    "What each severity of each outcome counts",
    (
        _OUTCOME,
        _SEVERITY,
        Field("points", "need", "Points; for the outcome total the least of a band", required=True),
        *_ORIGIN,
    ),
    key=("outcome", "severity"),
)

RECKONER = Schema(
    "reckoner",
    "The ready reckoner: what services do for each severity of each outcome",
    (
        _OUTCOME,
        _SEVERITY,
        _SERVICE,
        Field("units", "units", "Units for the whole need by this service alone", required=True),
        Field("reach", "part", "The most of the need that the service meets", required=True),
        *_ORIGIN,
    ),
    key=("outcome", "severity", "service_id"),
)

SERVICES = Schema(
    "services",
    "The price list; units go to needs in the order of its rows",
    (
        Field("service_id", "id", "The service", required=True),
        Field("unit", "text", "What a unit is: hour, session, week"),
        Field("unit_cost", "money", "What a unit costs", required=True),
        Field("step", "units", "Units are offered in steps of so many; default 1"),
        Field("least_units", "units", "Least units that are offered; default 0"),
        Field("replaces_all", "text", "yes where nobody has another service beside it"),
        Field("least_need", "need", "Need from which such a service is offered; default 0"),
        Field("capacity", "units", "Units that there are of it; blank where there is no limit"),
        Field("fixed_cost", "money", "What opening it costs at all; default 0"),
        Field("least_members", "whole", "People without whom it does not open; default 0"),
        Field("paid_anyway", "text", "yes where the fixed cost is paid in any case"),
        Field("form", "text", "Form of care: care home, direct payment"),
        Field("client_group", "text", "Whom the price is for; blank or * for everybody"),
        *_ORIGIN,
    ),
)

RESPONSE = Schema(
    "response",
    "Knots of the curves from the share of a need that is supported to the share that is met",
    (
        Field("outcome", "text", "The outcome, or * for all without a curve", required=True),
        Field("support", "part", "Share of the need that is supported", required=True),
        Field("met", "part", "Share of the need that then counts as met", required=True),
        *_ORIGIN,
    ),
)

CURRENT = Schema(
    "current",
    "What each person has today, service by service",
    (
        _USER,
        _SERVICE,
        _UNITS,
        Field("recorded_cost", "money", "What the council's records say it costs"),
        Field("offered", "text", "no where it cannot go on as it is; default yes"),
        *_ORIGIN,
    ),
    key=("user_id", "service_id"),
    of_users=True,
)

TEMPLATES = Schema(
    "templates",
    "Packages offered to everybody whose columns in users match",
    (
        Field("template_id", "id", "What the package is called", required=True),
        _SERVICE,
        _UNITS,
        *_ORIGIN,
    ),
)

SWAPS = Schema(
    "swaps",
    "Services that may take the place of others in the full package",
    (
        Field("from", "id", "The service that is replaced", required=True),
        Field("to", "id", "The service in its place", required=True),
        Field("rate", "units", "Units of the new service for one of the old", required=True),
        Field("package_id", "id", "What the package is called; default TO_for_FROM"),
        Field("parts", "text", "Percentages of it that are offered too, such as 75 50"),
        *_ORIGIN,
    ),
    key=("from", "to"),
)

LEDGER = Schema(
    "ledger",
    "What was paid for each service in a period, as the accounts say",
    (
        _SERVICE,
        Field("cost", "money", "Pounds in a period", required=True),
        Field("people", "whole", "People who had the service"),
        *_ORIGIN,
    ),
    key=("service_id",),
)

CONTRIBUTIONS = Schema(
    "contributions",
    "What each person pays towards the own care",
    (
        _USER,
        Field("amount", "money", "Pounds in a period", required=True),
        *_ORIGIN,
    ),
    key=("user_id",),
    of_users=True,
)

COUNCIL_SCHEMAS: Mapping[str, Schema] = {
    schema.name: schema
    for schema in (
        USERS,
        NEEDS,
        POINTS,
        RECKONER,
        SERVICES,
        RESPONSE,
        CURRENT,
        TEMPLATES,
        SWAPS,
        LEDGER,
        CONTRIBUTIONS,
    )
}
"""Every table of a council by name."""


def council_schema_text(name: str) -> str:
    """The Frictionless Table Schema of a council's table, as the text of its file."""
    return json.dumps(frictionless(COUNCIL_SCHEMAS[name]), indent=2) + "\n"


def write_council_schemas(folder: Path) -> None:
    """Write the schema of every table of a council to a folder, as ``needs.json`` and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in COUNCIL_SCHEMAS:
        path = folder / f"{name}.json"
        path.write_text(council_schema_text(name), encoding="utf-8", newline="\n")
