"""``metneed noise``: what the assessor's error does to what people get."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

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
from metneed.cli.screen import header, table
from metneed.cli.stages_screen import show
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.findings import visible
from metneed.models.instance import Instance
from metneed.models.words import counted
from metneed.solver.studies.disturbance import Disturbance
from metneed.solver.studies.noise import UNITS, Noise, Spread

HEADS = {
    "users": "users",
    "award": "award, no error",
    "mean_change": "off by, on average",
    "share_changed_much": "off by much",
    "share_other_package": "other package",
    "share_of_need_lost": "of need lost",
    "money_gained": "gains",
}
"""Columns of the table, with their headings."""


@click.command("noise")
@instance_argument
@click.option("--rule", "rule_name", required=True, help="Name of the rule; see metneed rules.")
@rule_option
@click.option(
    "--error",
    type=float,
    default=None,
    help="Error of each person's points, as a share of them (standard deviation); default: 0.1 "
    "where no other error is given.",
)
@click.option("--assessor", help="Column of users: who assessed them; goes with --bias.")
@click.option(
    "--bias",
    type=float,
    default=0.0,
    help="Error that everyone of one assessor shares, as a share of the points.",
)
@click.option(
    "--severity-error",
    type=float,
    default=0.0,
    help="Share of the assessed needs that are one severity too high or too low.",
)
@click.option(
    "--instrument", default="", help="Questionnaire that is disturbed, if not the rule's."
)
@click.option("--draws", default=50, show_default=True, help="How often errors are drawn.")
@click.option(
    "--over",
    default="0.1",
    show_default=True,
    help="An award that is off by more than this share of it is off by much.",
)
@click.option("--seed", type=int, help="Seed of the draws; default: that of the scenario.")
@out_option
@encoding_option
@json_option
def command(
    instance: Path,
    rule_name: str,
    pairs: tuple[str, ...],
    error: float | None,
    assessor: str | None,
    bias: float,
    severity_error: float,
    instrument: str,
    draws: int,
    over: str,
    seed: int | None,
    out: Path | None,
    encoding: str,
    as_json: bool,
) -> int:
    """What the rule gives in INSTANCE when assessments are off, beside what it gives as it is.

    What people buy meets what it meets without the error: only who gets which money changes.
    """
    from metneed.instances.figures_file import figure_rows, write_figures  # noqa: PLC0415
    from metneed.solver.studies.noise import noise_on  # noqa: PLC0415

    if error is None:
        error = 0.0 if bias or severity_error else 0.1
    read = load(instance, encoding, as_json=as_json)
    found = noise_on(
        read,
        rule_name,
        Disturbance(error, assessor, bias, severity_error, instrument, seed),
        options=rule_options(pairs),
        draws=draws,
        much=over,
        progress=progress,
    )
    if isinstance(found, Infeasible | NotApplicable):
        if as_json:
            emit({"rule": rule_name, "outcome": reason(found)})
        else:
            click.echo(f"{rule_name}: {reason(found)}")
        return exit_code([found]) if isinstance(found, Infeasible) else BAD_INPUT
    rows = figure_rows(found.rows(), read.scenario.units)
    document = _record(read, rule_name, found)
    if out is not None:
        write_figures(out, "noise", {"noise": rows}, document, [read])
    if as_json:
        emit({**document, "figures": rows})
        return LIMIT if found.stopped else DONE
    click.echo(header(read))
    click.echo("\n".join(_lines(read, rule_name, found)))
    if out is not None:
        click.echo(f"Written to {out}.")
    click.echo(CAVEAT)
    return LIMIT if found.stopped else DONE


def _lines(instance: Instance, rule: str, found: Noise) -> Iterator[str]:
    units = instance.scenario.units

    def said(name: str, of: tuple[str, str] = ("", "")) -> str:
        spread, unit = found.figures[of][name], UNITS[name]
        low, high = (show(end, unit, units) for end in _ends(spread))
        return f"{show(spread.mean, unit, units)} ({low} to {high})"

    yield f"{rule}, {_disturbed(found.disturbance)}; {counted(found.draws, 'draw')}."
    if found.failed:
        yield f"In {counted(found.failed, 'more draw')} nobody had any points left."
    if found.stopped:
        yield f"A limit ended the search {counted(found.stopped, 'time')}: the best known counts."
    if found.fixed:
        yield f"{counted(found.fixed, 'answer has', 'answers have')} no order and stay as they are."
    yield "In brackets: where nine in ten draws lie."
    yield ""
    yield f"A person's award is off by {said('mean_change')} on average."
    yield (
        f"Off by more than {float(found.much):.0%}: the awards of {said('share_changed_much')} of "
        f"people; {said('share_other_package')} get another package."
    )
    yield (
        f"Need met that the error costs: {said('met_need_lost')}, {said('share_of_need_lost')} of "
        "all need. Below zero the error happened to help."
    )
    yield f"Money that goes to other people than without the error: {said('money_moved')}."
    for column, group in found.figures:
        if column and not group:
            name = "money_moved_between"
            yield f"Of it between groups, by {visible(column)}: {said(name, (column, ''))}."
    parts = [part for part in found.figures if not part[0] or part[1]]
    rows = [
        [visible(column), visible(group) if column else "everyone"]
        + [show(found.figures[column, group][name].mean, UNITS[name], units) for name in HEADS]
        for column, group in parts
    ]
    yield ""
    yield table(["by", "group", *HEADS.values()], rows, left=2)


def _ends(spread: Spread) -> tuple[float, float]:
    return spread.interval.low, spread.interval.high


def _disturbed(disturbance: Disturbance) -> str:
    """What is off, in words."""
    words = []
    if disturbance.error:
        words.append(f"points of each person off by {disturbance.error:.0%}")
    if disturbance.bias:
        words.append(
            f"those of one assessor (column {disturbance.assessor}) together by "
            f"{disturbance.bias:.0%}"
        )
    if disturbance.severity_error:
        words.append(f"{disturbance.severity_error:.0%} of severities off by one")
    return ", ".join(words) or "nothing off"


def _record(instance: Instance, rule: str, found: Noise) -> dict[str, object]:
    units = instance.scenario.units
    return {
        "scenario": instance.scenario.name,
        "rule": rule,
        "options": dict(found.options),
        **asdict(found.disturbance),
        "draws": found.draws,
        "draws_without_points": found.failed,
        "searches_ended_by_a_limit": found.stopped,
        "answers_without_order": found.fixed,
        "over": str(found.much),
        "currency": units.currency,
        "period": units.period,
    }
