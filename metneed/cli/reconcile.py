"""``metneed reconcile``: pounds and people by service against the ledger."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from metneed.cli.common import (
    BAD_INPUT,
    CAVEAT,
    DONE,
    emit,
    encoding_option,
    finding_rows,
    json_option,
)
from metneed.cli.screen import table
from metneed.models.findings import visible
from metneed.models.units import Units

if TYPE_CHECKING:
    from metneed.instances.ledger import Held
    from metneed.instances.reconcile import Line


@click.command("reconcile")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--ledger",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="CSV file with service_id, cost and perhaps people and period.",
)
@click.option(
    "--ledger-period",
    type=click.Choice(["week", "year"]),
    help="What the ledger is for, where its rows do not say; default: as the tables.",
)
@encoding_option
@json_option
def command(
    folder: Path,
    ledger: Path,
    ledger_period: Literal["week", "year"] | None,
    encoding: str,
    as_json: bool,
) -> int:
    """Hold the council's tables in FOLDER against the ledger, service by service.

    Differences of more than one per cent are listed. They do not change the exit code: it is 0
    when both sides could be read, and 2 when not.
    """
    from metneed.instances.ledger import reconcile_folder  # noqa: PLC0415
    from metneed.models.errors import InputError  # noqa: PLC0415

    try:
        held = reconcile_folder(folder, ledger, ledger_period=ledger_period, encoding=encoding)
    except InputError as error:
        if not as_json:
            raise
        emit({"findings": finding_rows(error.findings)})
        return BAD_INPUT
    if as_json:
        emit(_document(held))
    else:
        _print(held, ledger)
    return DONE


def _print(held: "Held", ledger: Path) -> None:
    for warning in held.warnings.warnings[:20]:
        click.echo(f"note: {warning}", err=True)
    found = held.found
    totals = [line for line in (found.gross, found.contributions, found.net) if line is not None]
    heads = ["service", "recorded", "ledger", "difference", "people", "ledger people", ""]
    rows = [_row(line) for line in [*found.lines, *totals]]
    click.echo(f"Pounds a {held.period}, gross, against {visible(ledger.name)}\n")
    click.echo(table(heads, rows))
    for sentence in _notes(held):
        click.echo(sentence)
    listed = found.differences
    if not listed:
        click.echo("\nNothing differs by more than 1 %.")
    else:
        click.echo("\nDiffers by more than 1 %:")
        for line in listed:
            click.echo(f"  {visible(line.name)}: {_words(line)}")
        click.echo("Odd rows that an import has set aside are the first place to look.")
    click.echo(CAVEAT)


def _row(line: "Line") -> list[str]:
    units, share = Units(), line.cost_share
    return [
        visible(line.name),
        units.show_money(line.cost),
        "-" if line.ledger_cost is None else units.show_money(line.ledger_cost),
        "-" if share is None else f"{share:+.1%}",
        "-" if line.people is None else f"{line.people:,}",
        "-" if line.ledger_people is None else f"{line.ledger_people:,}",
        "over 1 %" if line.cost_differs or line.people_differ else "",
    ]


def _words(line: "Line") -> str:
    units, parts = Units(), []
    if line.ledger_cost is None:
        parts.append(f"{units.show_money(line.cost)} recorded, no line in the ledger")
    elif line.cost_differs:
        more = line.cost - line.ledger_cost
        word = "more" if more > 0 else "less"
        parts.append(f"{units.show_money(abs(more))} {word} recorded than in the ledger")
    if line.people_differ:
        more = (line.people or 0) - (line.ledger_people or 0)
        word = "more" if more > 0 else "fewer"
        parts.append(f"{abs(more):,} {word} people recorded than in the ledger")
    return ", ".join(parts)


def _notes(held: "Held") -> list[str]:
    found = []
    if held.converted:
        found.append(
            f"Lines of the ledger that are for another period: {held.converted} (a year has "
            f"{held.weeks_per_year} weeks)."
        )
    if held.at_list_price:
        found.append(f"Rows without a recorded cost, taken at list price: {held.at_list_price:,}.")
    return found


def _document(held: "Held") -> dict[str, object]:
    found = held.found

    def line(one: "Line") -> dict[str, object]:
        return {
            "service_id": one.name,
            "recorded": Units().money(one.cost),
            "ledger": None if one.ledger_cost is None else Units().money(one.ledger_cost),
            "difference": one.cost_share,
            "people": one.people,
            "ledger_people": one.ledger_people,
            "over_one_per_cent": one.cost_differs or one.people_differ,
        }

    return {
        "period": held.period,
        "weeks_per_year": held.weeks_per_year,
        "lines_of_another_period": held.converted,
        "rows_at_list_price": held.at_list_price,
        "services": [line(one) for one in found.lines],
        "gross": line(found.gross),
        "contributions": None if found.contributions is None else line(found.contributions),
        "net": None if found.net is None else line(found.net),
        "notes": [str(item) for item in held.warnings.warnings],
    }
