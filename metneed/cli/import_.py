"""``metneed import``: from an extract that a council has to the tables that menus are made of."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from metneed.cli.common import (
    BAD_INPUT,
    CAVEAT,
    DONE,
    emit,
    encoding_option,
    finding_rows,
    json_option,
    progress,
)
from metneed.cli.screen import table
from metneed.models.findings import visible
from metneed.models.units import Units

if TYPE_CHECKING:
    from metneed.instances.importers import Imported, Tally

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("format_", metavar="FORMAT")
@click.argument("file", type=_FILE)
@click.option("--points", type=_FILE, required=True, help="Points export of the assessments.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The day whose services are today's, as 2025-03-31.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the council's tables; it is made where it does not exist.",
)
@click.option("--mapping", type=_FILE, help="Which service a combination of codes is (CSV).")
@click.option(
    "--tables",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with your own points, reckoner, services, ...: they go along.",
)
@encoding_option
@json_option
def command(
    format_: str,
    file: Path,
    points: Path,
    on: datetime,
    out: Path,
    mapping: Path | None,
    tables: Path | None,
    encoding: str,
    as_json: bool,
) -> int:
    """Make a council's tables from the extract FILE; FORMAT is cld (Client Level Data).

    --points is a CSV file with user_id, outcome, severity (needs by outcome),
    or with user_id, points (totals only).
    Every row of FILE is used or set aside for a reason that is told. Rows in which
    something is wrong are listed in odd_rows.csv and never corrected. NHS numbers and
    names are dropped unread, and dates of birth become age bands.
    """
    from metneed.instances.importers import import_extract  # noqa: PLC0415
    from metneed.models.errors import InputError  # noqa: PLC0415

    progress("reading the extract")
    try:
        made = import_extract(
            format_,
            file,
            points,
            on.date(),
            mapping=mapping,
            tables=tables,
            encoding=encoding,
        )
    except InputError as error:
        if not as_json:
            raise
        emit({"findings": finding_rows(error.findings)})
        return BAD_INPUT
    progress("writing the tables")
    made.write(out)
    if as_json:
        emit(made.document())
    else:
        _print(made, on.date(), out)
    return DONE


def _print(made: "Imported", on: date, out: Path) -> None:
    """The fate of all rows, today's services, what is assumed, and what to do next."""
    for note in made.notes:
        click.echo(f"note: {visible(note, 1000)}", err=True)
    rows = {
        name: len(columns["user_id"]) for name, columns in made.tables.items() if name == "users"
    }
    odd = len(made.odd_rows["row"])
    click.echo(f"{rows['users']:,} users with a long-term service on {on.isoformat()}")
    for file, tallies in made.tallies.items():
        click.echo(f"\n{_fates(file, tallies)}")
    if odd:
        click.echo(f"\n{odd:,} odd rows are listed with their remedies in {out / 'odd_rows.csv'}")
    click.echo(f"\n{_services(made)}")
    click.echo("\nassumed:")
    for item in made.assumptions:
        click.echo(f"  {item.name}: {item.value}. Matters: {item.effect}")
    if "needs" in made.tables and not (out / "reckoner.csv").exists():
        click.echo(f"\nCopy your points.csv and reckoner.csv to {out}: see  metneed template")
    click.echo(f"\nNext:  metneed reconcile {out} --ledger FILE")
    click.echo(f"then   metneed build {out} --out DIR")
    click.echo(CAVEAT)


def _fates(file: str, tallies: Sequence["Tally"]) -> str:
    has_cost = any(tally.cost for tally in tallies)
    heads = [visible(file), "", "rows", "people", *(["pounds a week"] if has_cost else [])]
    body = [
        [
            tally.words,
            "odd" if tally.odd else "",
            f"{tally.rows:,}",
            f"{tally.people:,}",
            *([_pounds(tally.cost, once=tally.code == "one-off")] if has_cost else []),
        ]
        for tally in tallies
    ]
    total = sum(tally.rows for tally in tallies)
    body.append(["all rows", "", f"{total:,}", "", *([""] if has_cost else [])])
    return table(heads, body, left=2)


def _pounds(cost: int, *, once: bool) -> str:
    if not cost:
        return "-"
    return Units().show_money(cost) + (" once" if once else "")


def _services(made: "Imported") -> str:
    listed = made.record["services"]
    assert isinstance(listed, list)
    return table(
        ["service", "unit", "people", "rows", "pounds a week"],
        [
            [
                visible(row["service_id"]),
                row["unit"],
                f"{row['people']:,}",
                f"{row['rows']:,}",
                Units().show_money(Units().read_money(row["pounds_a_week"])),
            ]
            for row in listed
        ],
        left=2,
    )
