"""``metneed import``: extracts as councils' tables, published problems as instances."""

from collections.abc import Mapping, Sequence
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
    parse_options,
    progress,
)
from metneed.cli.screen import table
from metneed.models.findings import visible
from metneed.models.units import Units

if TYPE_CHECKING:
    from metneed.instances.importers import Imported, Problems, Tally
    from metneed.models.instance import Instance

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("format_", metavar="FORMAT")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--points", type=_FILE, help="cld: points export of the assessments (needed).")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="cld: the day whose services are today's, as 2025-03-31 (needed).",
)
@click.option(
    "--option", "pairs", multiple=True, help="Problems: an option of the format, as name=value."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder to write to; it is made where it does not exist.",
)
@click.option("--mapping", type=_FILE, help="cld: which service a combination of codes is (CSV).")
@click.option(
    "--tables",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="cld: folder with your own points, reckoner, services, ...: they go along.",
)
@encoding_option
@json_option
def command(
    format_: str,
    file: Path,
    points: Path | None,
    on: datetime | None,
    pairs: tuple[str, ...],
    out: Path,
    mapping: Path | None,
    tables: Path | None,
    encoding: str,
    as_json: bool,
) -> int:
    """Make a council's tables of an extract, or an instance of a published problem.

    FORMAT is cld (Client Level Data), which needs --points and --on; or gap, hbp, mckp,
    mmkp or pabulib: problems with known answers, with the options of docs/importers.md.
    A FILE of several problems gives a folder for each, numbered as in the file.

    Of cld, --points is a CSV file with user_id, outcome, severity (needs by outcome),
    or with user_id, points (totals only).
    Every row of FILE is used or set aside for a reason that is told. Rows in which
    something is wrong are listed in odd_rows.csv and never corrected. NHS numbers and
    names are dropped unread, and dates of birth become age bands.
    """
    from metneed.instances.importers import problem_formats  # noqa: PLC0415
    from metneed.models.errors import InputError  # noqa: PLC0415

    given = {"--points": points, "--on": on, "--mapping": mapping, "--tables": tables}
    try:
        if format_ in problem_formats():
            strange = [name for name, value in given.items() if value is not None]
            if strange:
                raise click.UsageError(f"{strange[0]} is for cld only, not for {format_}")
            _problems(format_, file, parse_options(pairs), out, as_json=as_json)
        else:
            if pairs:
                raise click.UsageError(f"--option is for problems only, not for {format_}")
            day = None if on is None else on.date()
            _extract(format_, file, points, day, out, mapping, tables, encoding, as_json)
    except InputError as error:
        if not as_json:
            raise
        emit({"findings": finding_rows(error.findings)})
        return BAD_INPUT
    return DONE


def _extract(
    format_: str,
    file: Path,
    points: Path | None,
    on: date | None,
    out: Path,
    mapping: Path | None,
    tables: Path | None,
    encoding: str,
    as_json: bool,
) -> None:
    from metneed.instances.importers import formats, import_extract  # noqa: PLC0415

    if format_ in formats():
        if points is None or on is None:
            missing = "--points" if points is None else "--on"
            raise click.UsageError(f"Missing option '{missing}', which {format_} needs.")
        if file.is_dir():
            raise click.UsageError(f"{file} is a folder, and {format_} is a file.")
    progress("reading the extract")
    day = on or date.min
    made = import_extract(
        format_, file, points or file, day, mapping=mapping, tables=tables, encoding=encoding
    )
    progress("writing the tables")
    made.write(out)
    if as_json:
        emit(made.document())
    else:
        _print(made, day, out)


def _problems(
    format_: str, file: Path, options: Mapping[str, object], out: Path, *, as_json: bool
) -> None:
    """A published problem, or all of a file, as instances."""
    from metneed.instances.importers import import_problems  # noqa: PLC0415

    progress("reading the problem")
    made = import_problems(format_, file, **options)
    progress("writing the instance")
    instances = made.write(out)
    if as_json:
        emit({"problems": [made.document(problem) for problem in made.problems]})
    else:
        _print_problems(made, instances, out)


def _print_problems(made: "Problems", instances: Mapping[str, "Instance"], out: Path) -> None:
    """What each problem became, what a reader must know, and what to do next."""
    notes = dict.fromkeys(note for problem in made.problems for note in problem.notes)
    # Of what reading them back finds, commands that follow repeat only what concerns them.
    found = (instance.warnings.warnings for instance in instances.values())
    notes |= dict.fromkeys(str(warning) for warnings in found for warning in warnings)
    for note in notes:
        click.echo(f"note: {visible(note, 1000)}", err=True)
    heads = ["instance", "users", "packages", "services", "uses", "budget"]
    rows = []
    for number, instance in instances.items():
        services, uses = instance.services, instance.uses
        units = instance.scenario.units
        rows.append(
            [
                visible(str(out / number)),
                f"{len(instance.users):,}",
                f"{instance.menus.n_packages:,}",
                "-" if services is None else f"{len(services):,}",
                "-" if uses is None else f"{len(uses):,}",
                units.show_money(instance.scenario.total_budget),
            ]
        )
    click.echo(table(heads, rows))
    click.echo(f"\nNext:  metneed check {out / next(iter(instances))}")
    click.echo(CAVEAT)


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
