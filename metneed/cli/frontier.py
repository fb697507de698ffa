"""``metneed frontier``: what each budget buys, and the value of the last pound."""

from fractions import Fraction
from pathlib import Path

import click

from metneed.cli.common import (
    CAVEAT,
    emit,
    encoding_option,
    instance_argument,
    json_option,
    load,
    out_option,
    xlsx_option,
)
from metneed.cli.screen import header, table
from metneed.models.errors import MissingExtraError


@click.command("frontier")
@instance_argument
@click.option(
    "--points",
    type=click.IntRange(2, 10_000),
    default=21,
    show_default=True,
    help="How many budgets to show, evenly spaced up to what meets everyone's full need.",
)
@out_option
@xlsx_option
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also draw the frontier, with the rules under it, to this SVG file.",
)
@encoding_option
@json_option
def command(
    instance: Path,
    points: int,
    out: Path | None,
    xlsx: Path | None,
    svg: Path | None,
    encoding: str,
    as_json: bool,
) -> int:
    """The most met need for every budget of INSTANCE, part packages allowed.

    No way of rationing gets above this line; whole packages come close to it from below.
    """
    from metneed.instances.files import write_columns  # noqa: PLC0415
    from metneed.models.problem import Problem  # noqa: PLC0415
    from metneed.solver.engines.frontier import frontier_of  # noqa: PLC0415

    read = load(instance, encoding, as_json=as_json)
    units, problem = read.scenario.units, Problem.of(read)
    curve = frontier_of(problem.menus, problem.choice)
    least, most = curve.base_cost, curve.base_cost + int(curve.spent[-1])
    budgets = sorted(
        {least + (most - least) * i // (points - 1) for i in range(points)}
        | ({problem.allocable} if least <= problem.allocable <= most else set())
    )
    need = int(read.users.need.sum())
    slopes = [curve.marginal(budget)[1] for budget in budgets]
    # Need per pound, from smallest units of need per smallest unit of money.
    per_pound = Fraction(10) ** (units.money_decimals - units.need_decimals)
    values = [curve.value_at(budget) for budget in budgets]
    columns: dict[str, list[object]] = {
        "budget": [units.money(b) for b in budgets],
        "met_need": [units.need(v) for v in values],
        "share_of_need": [f"{v / need:.6f}" if need else "" for v in values],
        "value_of_next_pound": [
            "" if slope is None else repr(float(slope * per_pound)) for slope in slopes
        ],
    }
    if out is not None:
        write_columns(out / "frontier.csv", columns)
    if xlsx is not None:
        from metneed.instances.workbook_results import frontier_sheets  # noqa: PLC0415
        from metneed.instances.workbook_write import write_workbook  # noqa: PLC0415

        next_pound = [None if slope is None else float(slope * per_pound) for slope in slopes]
        write_workbook(xlsx, frontier_sheets(read, problem, budgets, values, next_pound))
        click.echo(f"Workbook written to {xlsx}.", err=as_json)
    if svg is not None:
        _draw(svg, read)
    if as_json:
        emit([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)])
        return 0
    click.echo(header(read))
    click.echo("The most met need for each budget, were part packages allowed:")
    thousand = 1000 * 10**units.money_decimals
    rows = [
        [
            units.show_money(b) + (" *" if b == problem.allocable else "  "),
            units.show_need(v),
            f"{v / need:.1%}" if need else "",
            units.show_need(curve.value_at(b + thousand) - v),
        ]
        for b, v in zip(budgets, values, strict=True)
    ]
    click.echo(
        table(
            [
                "budget",
                "met need",
                "of need",
                f"met by {units.show_money(thousand, rounded=True)} more",
            ],
            rows,
            left=0,
        )
    )
    if problem.allocable in budgets:
        click.echo("* the money to allocate in this scenario.")
    elif problem.allocable < least:
        short = units.show_money(least - problem.allocable)
        click.echo(f"The money to allocate is {short} too little for everyone's cheapest package.")
    else:
        click.echo("The money to allocate is more than everyone's fullest package costs.")
    click.echo(CAVEAT)
    return 0


def _draw(path: Path, read: object) -> None:
    try:
        from metneed.report.frontier import draw_frontier  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("drawing pictures", "report") from error
    from metneed.solver.compare import compare  # noqa: PLC0415

    draw_frontier(compare(read), path)  # type: ignore[arg-type]
