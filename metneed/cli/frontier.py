"""``metneed frontier``: what each budget buys, and the value of the last pound."""

from fractions import Fraction
from pathlib import Path

import click

from metneed.cli.common import (
    CAVEAT,
    DONE,
    LIMIT,
    emit,
    encoding_option,
    engine_option,
    instance_argument,
    json_option,
    load,
    out_option,
    xlsx_option,
)
from metneed.cli.screen import header, table
from metneed.models.errors import MissingExtraError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.settings import Engine, Settings
from metneed.models.sums import exact_sum


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
@engine_option
@encoding_option
@json_option
def command(
    instance: Path,
    points: int,
    out: Path | None,
    xlsx: Path | None,
    svg: Path | None,
    engine: Engine,
    encoding: str,
    as_json: bool,
) -> int:
    """The most met need for every budget of INSTANCE, part packages allowed.

    No way of rationing gets above this line; whole packages come close to it from below.
    """
    from metneed.instances.files import write_columns  # noqa: PLC0415

    read = load(instance, encoding, as_json=as_json)
    settings = Settings(engine=engine)
    curve = _Curve(read, Problem.of(read, settings), points)
    columns = curve.columns()
    if out is not None:
        write_columns(out / "frontier.csv", columns)
    if xlsx is not None:
        from metneed.instances.workbook_results import frontier_sheets  # noqa: PLC0415
        from metneed.instances.workbook_write import write_workbook  # noqa: PLC0415

        sheets = frontier_sheets(read, curve.problem, curve.budgets, curve.values, curve.slopes)
        write_workbook(xlsx, sheets)
        click.echo(f"Workbook written to {xlsx}.", err=as_json)
    code = DONE if svg is None else _draw(svg, read, settings)
    if as_json:
        emit([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)])
        return code
    click.echo(header(read))
    click.echo("The most met need for each budget, were part packages allowed:")
    click.echo(curve.table())
    click.echo(curve.place_of_the_money())
    click.echo(CAVEAT)
    return code


class _Curve:
    """The frontier at evenly spaced budgets, and at the money of the scenario."""

    def __init__(self, read: Instance, problem: Problem, points: int) -> None:
        from metneed.solver.engines.frontier import frontier_of  # noqa: PLC0415

        self.problem, self.units = problem, read.scenario.units
        self.need = exact_sum(read.users.need)
        self.frontier = frontier_of(problem.menus, problem.choice, problem.settings.engine)
        self.least = self.frontier.base_cost
        run = int(self.frontier.spent[-1])
        even = {self.least + run * i // (points - 1) for i in range(points)}
        money = problem.allocable
        self.budgets = sorted(even | ({money} if 0 <= money - self.least <= run else set()))
        self.values = [self.frontier.value_at(budget) for budget in self.budgets]

    @property
    def slopes(self) -> list[float | None]:
        """Need that the next unit of money would meet, at each budget."""
        # From smallest units of need per smallest unit of money.
        scale = Fraction(10) ** (self.units.money_decimals - self.units.need_decimals)
        slopes = [self.frontier.marginal(budget)[1] for budget in self.budgets]
        return [None if slope is None else float(slope * scale) for slope in slopes]

    def columns(self) -> dict[str, list[object]]:
        """The frontier as a file holds it."""
        return {
            "budget": [self.units.money(budget) for budget in self.budgets],
            "met_need": [self.units.need(value) for value in self.values],
            "share_of_need": [f"{v / self.need:.6f}" if self.need else "" for v in self.values],
            "value_of_next_pound": ["" if s is None else repr(s) for s in self.slopes],
        }

    def table(self) -> str:
        """The frontier as a screen shows it."""
        units, thousand = self.units, 1000 * 10**self.units.money_decimals
        more = f"met by {units.show_money(thousand, rounded=True)} more"
        rows = [
            [
                units.show_money(budget) + (" *" if budget == self.problem.allocable else "  "),
                units.show_need(value),
                f"{value / self.need:.1%}" if self.need else "",
                units.show_need(self.frontier.value_at(budget + thousand) - value),
            ]
            for budget, value in zip(self.budgets, self.values, strict=True)
        ]
        return table(["budget", "met need", "of need", more], rows, left=0)

    def place_of_the_money(self) -> str:
        """Where the money of the scenario stands on the frontier, in words."""
        if self.problem.allocable in self.budgets:
            return "* the money to allocate in this scenario."
        short = self.least - self.problem.allocable
        if short > 0:
            money = self.units.show_money(short)
            return f"The money to allocate is {money} too little for everyone's cheapest package."
        return "The money to allocate is more than everyone's fullest package costs."


def _draw(path: Path, read: Instance, settings: Settings) -> int:
    """The picture in its file; 4 where a limit ended the search for a rule that is drawn."""
    try:
        from metneed.report.frontier import draw_frontier  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("drawing pictures", "report") from error
    from metneed.solver.compare import compare  # noqa: PLC0415

    comparison = compare(read, settings=settings)
    draw_frontier(comparison, path)
    for what, limit in comparison.limits.items():
        click.echo(f"note: {what} was stopped by {limit}: the best known is drawn", err=True)
    return LIMIT if comparison.limits else DONE
