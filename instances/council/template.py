"""Tables for a council to fill in: every column, the ten outcomes, and rows that are examples.

The examples build into a valid instance as they are. Every figure in them is invented, says so,
and is to be replaced.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from metneed.instances.council.schemas import COUNCIL_SCHEMAS
from metneed.instances.council.settings import CARE_ACT, Settings
from metneed.instances.council.settings import FILE as SETTINGS_FILE
from metneed.instances.council.write import write_council
from metneed.instances.generators.bundled import bundled
from metneed.instances.scenario_file import FILE as SCENARIO_FILE
from metneed.instances.schemas import UNIT_DECIMALS, Field
from metneed.instances.workbook_write import Column, Sheet, write_workbook
from metneed.instances.write import Columns
from metneed.models.units import Units, read_decimal

EXAMPLE = "example, invented: replace"
HELP = "HELP.txt"

_PRICES = {
    "day_care": "45.00",
    "home_care": "22.00",
    "direct_payment": "16.00",
    "residential": "750.00",
    "nursing": "950.00",
}
_YES_NO = ("yes", "no")
_FLAGS = ("assumed", "basic", "eligible", "replaces_all", "offered")
_EMPTY_ROWS = 500

_PEOPLE = (
    ("EXAMPLE-1", "group A", "north", "1"),
    ("EXAMPLE-2", "group A", "south", "2"),
    ("EXAMPLE-3", "group B", "north", "3"),
)
_NEEDS = (
    ("EXAMPLE-1", "nutrition", "2", "", "", "", ""),
    ("EXAMPLE-1", "hygiene", "2", "0.5", "", "", ""),
    ("EXAMPLE-1", "relationships", "1", "", "no", "", ""),
    ("EXAMPLE-2", "hygiene", "3", "", "", "", "1"),
    ("EXAMPLE-2", "toilet", "3", "", "", "", "2"),
    ("EXAMPLE-2", "home_safely", "2", "0.25", "", "", ""),
    ("EXAMPLE-2", "work", "1", "", "", "no", ""),
    ("EXAMPLE-3", "habitable_home", "2", "", "", "", ""),
    ("EXAMPLE-3", "community", "2", "", "", "", ""),
)
_CURRENT = (
    ("EXAMPLE-1", "home_care", "5", "115.50", "yes"),
    ("EXAMPLE-1", "day_care", "1", "45.00", "yes"),
    ("EXAMPLE-2", "home_care", "14", "308.00", "yes"),
    ("EXAMPLE-3", "direct_payment", "6", "100.00", "yes"),
)

SCENARIO_TEXT = """schema_version = 1
name = "Example council"
description = "Made-up rows of the template; not a real person among them"

# Pounds for budget_period. Left out, the budget is what today's services cost by the records.
budget = 25000.00
budget_period = "year"
"""

_SCENARIO = (
    ("schema_version", "1", "Version of this format"),
    ("name", "Example council", "Name of the scenario"),
    ("budget", "25000.00", "Pounds; blank: what today's services cost by the records"),
    ("budget_period", "year", "What the budget is for: year or week"),
)


def template_tables() -> dict[str, dict[str, list[str]]]:
    """Every table of a council with all its columns; cells are text."""
    points = [(row["outcome"], row["severity"], row["points"]) for row in bundled("points")]
    reckoner = [
        tuple(row[name] for name in ("outcome", "severity", "service_id", "units", "reach"))
        for row in bundled("reckoner")
        if row["service_id"] in _PRICES
    ]
    services = [
        (
            row["service_id"],
            row["unit"],
            _PRICES[row["service_id"]],
            row["step"],
            row["least_units"],
            row["replaces_all"],
            _least_need(row),
            *("", "", "", "", ""),
            "",
        )
        for row in bundled("services")
        if row["service_id"] in _PRICES
    ]
    rows: dict[str, tuple[Sequence[str], Sequence[Sequence[str]]]] = {
        "users": (("user_id", "client_group", "locality", "arrival"), _PEOPLE),
        "needs": (_names("needs"), _NEEDS),
        "points": (_names("points"), points),
        "reckoner": (_names("reckoner"), reckoner),
        "services": (_names("services"), services),
        "response": (_names("response"), [("*", "0.5", "0.5")]),
        "current": (_names("current"), _CURRENT),
        "templates": (
            ("template_id", "service_id", "units", "client_group"),
            [("three_visits", "home_care", "3", "group A")],
        ),
        "swaps": (
            _names("swaps"),
            [("home_care", "direct_payment", "1", "direct_payment", "75 50")],
        ),
        "ledger": (
            _names("ledger"),
            [
                ("day_care", "45.00", "1"),
                ("home_care", "430.00", "2"),
                ("direct_payment", "96.00", "1"),
            ],
        ),
        "contributions": (_names("contributions"), [("EXAMPLE-2", "20.00")]),
    }
    tables = {}
    for name, (headings, cells) in rows.items():
        columns = {heading: [row[k] for row in cells] for k, heading in enumerate(headings)}
        tables[name] = columns | {
            "source": [EXAMPLE] * len(cells),
            "assumed": ["yes"] * len(cells),
        }
    return tables


def write_template(folder: Path) -> list[str]:
    """Write the template to a folder; the names of its files.

    Raises
    ------
    OutputError
        Where the folder cannot be written.
    """
    tables: Mapping[str, Columns] = template_tables()
    texts = {SCENARIO_FILE: SCENARIO_TEXT, SETTINGS_FILE: settings_text(), HELP: help_text()}
    write_council(folder, tables, texts)
    return [*(f"{name}.csv" for name in tables), *texts]


def write_template_workbook(path: Path) -> None:
    """Write the template as one workbook, with help and lists of choices at the cells.

    Raises
    ------
    MissingExtraError
        Where XlsxWriter is not installed.
    OutputError
        Where the file cannot be written.
    """
    keys = list(zip(*_SCENARIO, strict=True))
    sheets = [
        Sheet("help", [Column("help", help_text().splitlines())], note=""),
        _key_sheet("scenario", keys),
        _key_sheet("build", list(zip(*_setting_rows(), strict=True))),
    ]
    for name, table in template_tables().items():
        columns = [_column(name, heading, cells) for heading, cells in table.items()]
        sheets.append(Sheet(name, columns, note="", empty_rows=_EMPTY_ROWS))
    write_workbook(path, sheets, "Tables of a council")


def settings_text() -> str:
    """The settings of a build with their defaults, as comments to be taken out."""
    lines = ["# How menus are built. Each line that begins with # states the default."]
    for key, value, meaning in _setting_rows():
        lines += ["", f"# {meaning}", f"# {key} = {value or '...'}"]
    return "\n".join(lines) + "\n"


def help_text() -> str:
    """What every table and column is, for the person who fills it in."""
    lines = [
        "Tables of a council, for  metneed build",
        "",
        "Units and pounds are for a week unless build.toml says otherwise.",
        f"Rows whose source says {EXAMPLE!r} are examples: take their place, or delete them.",
        "Only users, needs, points, reckoner, services and scenario are needed; delete the others",
        "where you have nothing for them, and optional columns that you do not use.",
    ]
    for name, schema in COUNCIL_SCHEMAS.items():
        lines += ["", f"{name}: {schema.title}"]
        lines += [
            f"  {field.name}{' (needed)' if field.required else ''}: {field.description}"
            for field in schema.fields
        ]
    lines += ["", "Outcomes: " + ", ".join(CARE_ACT)]
    return "\n".join(lines) + "\n"


def _names(table: str) -> tuple[str, ...]:
    """The columns of a table but those that every table has."""
    schema = COUNCIL_SCHEMAS[table]
    return tuple(name for name in schema.names if name not in ("source", "assumed"))


def _least_need(row: Mapping[str, str]) -> str:
    return "25" if row["replaces_all"] == "yes" else ""


def _setting_rows() -> list[tuple[str, str, str]]:
    """Key, default as TOML, and meaning of each setting."""
    rows = []
    for key, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        match default:
            case None:
                value = ""
            case str():
                value = f'"{default}"'
            case _:
                value = "[" + ", ".join(f'"{name}"' for name in default) + "]"
        rows.append((key, value, field.description or ""))
    return rows


def _key_sheet(name: str, columns: Sequence[Sequence[str]]) -> Sheet:
    """A sheet of keys, values and what they are; settings keep their defaults where blank."""
    key, value, meaning = columns
    values = value if name == "scenario" else [""] * len(key)
    return Sheet(
        name,
        [Column("key", key), Column("value", values), Column("help", meaning)],
        note="",
    )


def _column(table: str, heading: str, cells: Sequence[str]) -> Column:
    """A column of a sheet: numbers as numbers, with help and choices at its cells."""
    field = COUNCIL_SCHEMAS[table].field(heading)
    meaning = "A column of your own, to report by" if field is None else field.description
    decimals = None if field is None else _decimals(field)
    if decimals is None:
        return Column(heading, cells, help=meaning, choices=_choices(heading))
    amounts = [read_decimal(Decimal(cell), decimals) if cell else None for cell in cells]
    return Column(heading, amounts, kind="amount", decimals=decimals, help=meaning)


def _choices(heading: str) -> tuple[str, ...]:
    if heading in _FLAGS:
        return _YES_NO
    return tuple(CARE_ACT) if heading == "outcome" else ()


def _decimals(field: Field) -> int | None:
    units = Units()
    return {
        "money": units.money_decimals,
        "need": units.need_decimals,
        "units": UNIT_DECIMALS,
        "part": UNIT_DECIMALS,
        "whole": 0,
    }.get(field.kind)
