"""``metneed measures``: list the figures that comparisons show."""

import click

from metneed.cli.common import emit, json_option
from metneed.cli.screen import table
from metneed.solver.measures import measures


@click.command("measures")
@json_option
def command(as_json: bool) -> None:
    """List all measures with their figures and units."""
    if as_json:
        emit(
            [
                {
                    "name": item.name,
                    "title": item.title,
                    "figures": dict(item.units),
                    "by_group": item.by_group,
                }
                for item in measures().values()
            ]
        )
        return
    rows = [
        [
            figure,
            item.title if len(item.units) == 1 else f"{item.title}: {figure.replace('_', ' ')}",
            unit,
            "yes" if item.by_group else "no",
        ]
        for item in measures().values()
        for figure, unit in item.units.items()
    ]
    click.echo(table(["figure", "in words", "unit", "by group"], rows, left=4))
