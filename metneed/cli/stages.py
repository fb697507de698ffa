"""``metneed stages``: the indicative budget of a money rule beside the final cost of the plan."""

from pathlib import Path
from typing import Any

import click

from metneed.cli.common import (
    BAD_INPUT,
    CAVEAT,
    DONE,
    LIMIT,
    emit,
    encoding_option,
    exit_code,
    instance_argument,
    json_option,
    load,
    out_option,
    progress,
    reason,
    rule_option,
    rule_options,
)
from metneed.cli.screen import header
from metneed.models.allocation import Infeasible, NotApplicable

WITHIN = ("ratio", "points", "arrival", "random")


@click.command("stages")
@instance_argument
@click.option("--rule", "rule_name", required=True, help="The rule that divides the money first.")
@rule_option
@click.option(
    "--final",
    default="plan_cost",
    show_default=True,
    help="Where final costs come from: a column of numbers of users, previous, or the name of a "
    "rule that chooses packages.",
)
@click.option("--leave-out", is_flag=True, help="Leave out users who have no final cost.")
@click.option(
    "--bands",
    type=click.IntRange(1, 20),
    default=5,
    show_default=True,
    help="Bands of about as many users each.",
)
@click.option(
    "--band-by",
    type=click.Choice(("points", "indicative")),
    default="points",
    show_default=True,
    help="What the bands are of.",
)
@click.option("--told", help="Column of users, yes or no: who was told the indicative budget.")
@click.option("--days", help="Column of users: days until the plan was agreed; goes with --told.")
@click.option(
    "--anchor",
    help="Suppose that plans of those told (everyone, without --told) move by this share, 0 to 1, "
    "of the way to the indicative budget.",
)
@click.option(
    "--within",
    type=click.Choice(WITHIN),
    default="ratio",
    show_default=True,
    help="How plans without an indicative budget are kept within the same money.",
)
@click.option(
    "--margin",
    default="0.02",
    show_default=True,
    help="Difference in the mean share of need met that is taken as small.",
)
@click.option("--choice", help="Column of users, yes or no: who had choice and flexibility.")
@click.option("--outcome", help="Column of users: outcome that --told and --choice are held to.")
@click.option("--g-known", help="Suppose that knowing the budget adds this share of the met need.")
@click.option("--g-choice", help="Suppose that choice adds this share of the met need.")
@click.option("--resamples", default=1000, show_default=True, help="Draws behind each interval.")
@click.option("--seed", type=int, help="Seed of the draws; default: that of the scenario.")
@out_option
@encoding_option
@json_option
def command(
    instance: Path,
    rule_name: str,
    pairs: tuple[str, ...],
    out: Path | None,
    encoding: str,
    as_json: bool,
    **asked: Any,  # noqa: ANN401 - the options of `Asked`
) -> int:
    """How far the indicative budgets of a rule are from final costs, in INSTANCE.

    Neither is worked out from the other. Figures are of everyone, of groups and of bands; groups
    of a few people are shown as they are.
    """
    from metneed.cli.stages_record import record, rows  # noqa: PLC0415
    from metneed.cli.stages_screen import lines  # noqa: PLC0415
    from metneed.instances.figures_file import figure_rows, write_figures  # noqa: PLC0415
    from metneed.solver.studies.stage_report import Asked, stage_report  # noqa: PLC0415

    wanted = Asked(**asked)
    read = load(instance, encoding, as_json=as_json)
    found = stage_report(read, rule_name, wanted, options=rule_options(pairs), progress=progress)
    if isinstance(found, Infeasible | NotApplicable):
        why = reason(found)
        if as_json:
            emit({"rule": rule_name, "outcome": why})
        else:
            click.echo(f"{rule_name}: {why}")
        return exit_code([found]) if isinstance(found, Infeasible) else BAD_INPUT
    code = LIMIT if found.stages.stopped else DONE
    units = read.scenario.units
    table = figure_rows(rows(found), units)
    document = record(read, rule_name, found.options, wanted, found)
    if out is not None:
        write_figures(out, "stages", {"stages": table}, document, [read])
    if as_json:
        emit({**document, "figures": table})
        return code
    click.echo(header(read))
    click.echo("\n".join(lines(read, rule_name, found)))
    if out is not None:
        click.echo(f"Written to {out}.")
    click.echo(CAVEAT)
    return code
