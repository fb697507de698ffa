"""``metneed build``: an instance from a council's own tables, with every assumption stated."""

import json
from pathlib import Path
from typing import Any

import click

from metneed.cli.build_screen import RECORD, screen
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
from metneed.models.findings import SHOWN, Findings

COUNCIL_TABLES = ("needs", "points", "reckoner")
"""Tables that instances have under the same names as councils, and that mean the same."""


@click.command("build")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the instance and its report, build.json.",
)
@click.option("--parquet", is_flag=True, help="Write Parquet files instead of CSV.")
@click.option("--no-tests", is_flag=True, help="Leave out the tests that run rules.")
@encoding_option
@json_option
def command(
    folder: Path, out: Path | None, parquet: bool, no_tests: bool, encoding: str, as_json: bool
) -> int:
    """Build an instance from the council's tables in DIR: menus, today's packages, scenario.

    DIR holds services, needs, points, reckoner and so on: see docs/council-tables.md, or begin
    with  metneed template --out DIR
    """
    from metneed.instances.council.instance import instance_of  # noqa: PLC0415
    from metneed.instances.council.menus import council_menus, today_of  # noqa: PLC0415
    from metneed.instances.council.read import examine_council  # noqa: PLC0415
    from metneed.instances.council.report import build_report  # noqa: PLC0415
    from metneed.instances.council.write import instance_tables  # noqa: PLC0415
    from metneed.instances.files import write_text  # noqa: PLC0415
    from metneed.instances.write import write_instance  # noqa: PLC0415

    if out is None:
        raise click.UsageError("say where to write the instance: --out DIR")
    progress("reading the tables")
    council, findings = examine_council(folder, encoding=encoding)
    if council is None:
        _refuse(findings, as_json=as_json)
        return BAD_INPUT
    progress("building the menus")
    built, today = council_menus(council), today_of(council)
    report = build_report(council, built, today)
    if not no_tests:
        progress("testing responses, scores and costs")
        report |= _tests(council, instance_of(council, built, today))
    progress("writing the instance")
    tables, beside = instance_tables(council, built, today), tuple[str, ...]()
    if out.exists() and out.samefile(folder):
        # The council's own tables stay as they are, and are read with the instance.
        beside = COUNCIL_TABLES
        tables = {name: tables[name] for name in tables if name not in beside}
    write_instance(out, tables, council.scenario.model_dump(), parquet=parquet, beside=beside)
    write_text(out / RECORD, json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    if as_json:
        emit(report | {"findings": finding_rows(findings)})
        return DONE
    _tell(findings)
    click.echo(screen(report, council.scenario.units))
    click.echo(f"\nWritten to {out}, with everything above and more in {out / RECORD}.")
    accept = " --accept-cheapness" if council.evidence == "C" else ""
    click.echo(f"Next:  metneed check {out}   and   metneed compare {out}{accept} --out RESULTS")
    click.echo(CAVEAT)
    return DONE


def _tests(council: Any, instance: Any) -> dict[str, Any]:  # noqa: ANN401 - imported when used
    """The tests that run rules, as plain data."""
    from dataclasses import asdict  # noqa: PLC0415

    from metneed.sensitivity import changed_places, disturbed, response_test  # noqa: PLC0415

    responses = response_test(council, instance)
    robust = disturbed(instance)
    return {
        "response_test": {
            "rules": [asdict(result) for result in responses],
            "changed_places": changed_places(responses),
        },
        "disturbed": None if robust is None else asdict(robust),
    }


def _refuse(findings: Findings, *, as_json: bool) -> None:
    if as_json:
        emit({"findings": finding_rows(findings)})
    else:
        click.echo(findings.summary(), err=True)
        click.echo("All of them, for machines:  metneed build DIR --out DIR --json", err=True)


def _tell(findings: Findings) -> None:
    for warning in findings.warnings[:SHOWN]:
        click.echo(f"note: {warning}", err=True)
    hidden = len(findings.warnings) - SHOWN
    if hidden > 0:
        click.echo(f"note: ... and {hidden} more notes; --json shows them all", err=True)
