"""``metneed split``: what of a change in awards comes from the budget, and what from the need."""

from collections.abc import Sequence
from itertools import pairwise
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
    later_argument,
    load,
    out_option,
    progress,
    reason,
    rule_option,
    rule_options,
)
from metneed.cli.screen import header
from metneed.cli.split_screen import Step, lines, people, record
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.solver.rules import rule as rule_named
from metneed.solver.studies.own_need import own_need
from metneed.solver.studies.split import State, split
from metneed.solver.studies.split_figures import split_figures
from metneed.solver.studies.split_states import RuleOf, path_of, two_instances


@click.command("split")
@instance_argument
@later_argument
@click.option("--rule", "rule_name", required=True, help="Name of the rule; see metneed rules.")
@rule_option
@click.option(
    "--rule-of",
    type=click.Choice(("before", "after")),
    help="Whose options of the rule hold for both, where they differ.",
)
@click.option("--budgets", help="Without LATER: total budgets, one a step, as 1000,800,640.")
@click.option("--points", help="Without LATER: columns of points of users, one a step.")
@click.option("--own", is_flag=True, help="Also tell one's own need from the needs of others.")
@click.option("--user", "users", multiple=True, help="With --own: only of this user; repeatable.")
@out_option
@encoding_option
@json_option
def command(
    instance: Path,
    later: Path | None,
    rule_name: str,
    pairs: tuple[str, ...],
    rule_of: RuleOf | None,
    budgets: str | None,
    points: str | None,
    own: bool,
    users: tuple[str, ...],
    out: Path | None,
    encoding: str,
    as_json: bool,
) -> int:
    """What of the change in people's awards from INSTANCE to LATER comes from the money.

    The rest comes from the need: points and menus, one's own and those of others. Without LATER,
    --budgets and --points make a path of one instance, and each step is taken apart by itself.
    """
    if later is not None and (budgets or points):
        raise OptionError("--budgets and --points go with one instance: leave them or LATER out")
    first = load(instance, encoding, as_json=as_json)
    read = [first] if later is None else [first, load(later, encoding, as_json=as_json)]
    options = rule_options(pairs)
    if later is None:
        states = path_of(first, rule_name, _listed(budgets), _listed(points), options)
    else:
        states = [*two_instances(first, read[1], rule_name, options, rule_of)]
    steps = _steps(states, rule_name, own or bool(users), users)
    if isinstance(steps, Infeasible | NotApplicable):
        if as_json:
            emit({"rule": rule_name, "outcome": reason(steps)})
        else:
            click.echo(f"{rule_name}: {reason(steps)}")
        return exit_code([steps]) if isinstance(steps, Infeasible) else BAD_INPUT
    code = LIMIT if any(step.found.stopped for step in steps) else DONE
    rows, document = _rows(first, steps), record(first, rule_name, steps)
    if out is not None:
        _write(out, read, steps, rows, document)
    if as_json:
        emit({**document, "figures": rows})
        return code
    click.echo(header(first))
    for step in steps:
        click.echo("")
        click.echo("\n".join(lines(step, rule_name, first.scenario.units)))
    if out is not None:
        click.echo(f"Written to {out}.")
    click.echo(CAVEAT)
    return code


def _rows(first: Instance, steps: Sequence[Step]) -> list[dict[str, str]]:
    """The figures of all steps."""
    from metneed.instances.figures_file import figure_rows  # noqa: PLC0415

    return [
        {"step": step.name, **row}
        for step in steps
        for row in figure_rows(split_figures(step.found, step.after[0]), first.scenario.units)
    ]


def _write(
    out: Path,
    read: Sequence[Instance],
    steps: Sequence[Step],
    rows: list[dict[str, str]],
    document: dict[str, object],
) -> None:
    """Both tables and the record, in a folder."""
    from metneed.instances.figures_file import write_figures  # noqa: PLC0415

    units = read[0].scenario.units
    everyone = [row for step in steps for row in people(step, units)]
    write_figures(out, "split", {"split": everyone, "split_groups": rows}, document, read)


def _listed(text: str | None) -> list[str]:
    return [] if text is None else text.split(",")


def _steps(
    states: Sequence[State], rule_name: str, own: bool, users: Sequence[str]
) -> list[Step] | Infeasible | NotApplicable:
    rule, steps = rule_named(rule_name), []
    for number, (before, after) in enumerate(pairwise(states), start=1):
        name = f"{number} to {number + 1}"
        progress(f"step {name}")
        found = split(before, after, rule)
        if isinstance(found, Infeasible | NotApplicable):
            return found
        parts = own_need(found, before, after, rule, users, progress) if own else None
        steps.append(Step(name, before, after, found, parts))
    return steps
