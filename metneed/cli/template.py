"""``metneed template``: tables for a council to fill in."""

from pathlib import Path

import click

from metneed.cli.common import DONE


@click.command("template")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the CSV files."
)
@click.option(
    "--workbook",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one Excel workbook instead, with help and lists of choices at the cells.",
)
def command(out: Path | None, workbook: Path | None) -> int:
    """Write a council's tables with help, the ten Care Act outcomes and example rows.

    The examples are invented and build as they are:  metneed build DIR --out DIR2
    """
    from metneed.instances.council.template import (  # noqa: PLC0415
        write_template,
        write_template_workbook,
    )

    if out is None and workbook is None:
        raise click.UsageError("say where to write it: --out DIR, or --workbook FILE.xlsx")
    if out is not None:
        files = write_template(out)
        click.echo(f"Written to {out}: {', '.join(files)}.")
    if workbook is not None:
        write_template_workbook(workbook)
        click.echo(f"Written to {workbook}.")
    where = out or workbook
    click.echo("Replace the example rows with your own; HELP.txt, or the sheet help, explains all.")
    click.echo(f"Next:  metneed build {where} --out DIR")
    return DONE
