"""``metneed solve``: run one rule and write who gets what."""

from pathlib import Path

import click

from metneed.cli.account import account_lines
from metneed.cli.common import (
    BAD_INPUT,
    CAVEAT,
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
    settings,
    settings_options,
    xlsx_option,
)
from metneed.cli.screen import header
from metneed.models.allocation import Allocation, NotApplicable, Outcome
from metneed.models.certificate import Certificate
from metneed.models.errors import OptionError
from metneed.models.findings import visible
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.settings import Engine

PROGRAMMES = ("met_need_lp", "met_need_whole")
"""Rules that are a linear programme."""


@click.command("solve")
@instance_argument
@click.option("--rule", "rule_name", required=True, help="Name of the rule; see metneed rules.")
@rule_option
@out_option
@xlsx_option
@click.option(
    "--write-lp",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the linear programme to this file.",
)
@settings_options
@encoding_option
@json_option
def command(
    instance: Path,
    rule_name: str,
    pairs: tuple[str, ...],
    out: Path | None,
    xlsx: Path | None,
    write_lp: Path | None,
    solver: str,
    time_limit: float,
    memory_limit: float,
    engine: Engine,
    encoding: str,
    as_json: bool,
) -> int:
    """Run one rule on INSTANCE and write allocation.csv and result.json to --out."""
    from metneed.instances.results import write_solution  # noqa: PLC0415
    from metneed.solver.rules import rule as rule_named  # noqa: PLC0415
    from metneed.solver.solve import bind, bind_all, run  # noqa: PLC0415

    rule = rule_named(rule_name)
    if write_lp is not None and rule_name not in PROGRAMMES:
        raise OptionError(f"--write-lp goes with --rule {' or '.join(PROGRAMMES)}, not {rule_name}")
    read = load(instance, encoding, as_json=as_json)
    problem = Problem.of(read, settings(solver, time_limit, memory_limit, engine, write_lp))
    bind_all(read.scenario.rules, [], read)
    options = bind(rule, {**read.scenario.rules.get(rule_name, {}), **rule_options(pairs)}, read)
    progress(rule.title)
    outcome = run(rule, problem, options)
    if out is not None:
        write_solution(
            out,
            read,
            problem,
            rule_name,
            options.model_dump(mode="json"),
            outcome,
            parquet=any(name.endswith(".parquet") for name in read.inputs),
        )
    if xlsx is not None:
        from metneed.instances.workbook_results import solution_sheets  # noqa: PLC0415
        from metneed.instances.workbook_write import write_workbook  # noqa: PLC0415

        dumped = options.model_dump(mode="json")
        write_workbook(xlsx, solution_sheets(read, problem, rule_name, dumped, outcome))
        click.echo(f"Workbook written to {xlsx}.", err=as_json)
    if as_json:
        emit(summary(read, rule_name, outcome))
    else:
        click.echo(header(read))
        click.echo("\n".join(result_lines(read, rule_name, outcome)))
        if out is not None:
            click.echo(f"Written to {out}. To re-check it:  metneed verify {out} {instance}")
        click.echo(CAVEAT)
    return BAD_INPUT if isinstance(outcome, NotApplicable) else exit_code([outcome])


def result_lines(instance: Instance, rule: str, outcome: Outcome) -> list[str]:
    """An outcome in two or three lines, one for each pooled service, and how awards came about."""
    if not isinstance(outcome, Allocation):
        return [f"{rule}: {reason(outcome)}"]
    units, scenario = instance.scenario.units, instance.scenario
    need = int(instance.users.need.sum())
    share = f" ({outcome.total_met_need / need:.1%} of need)" if need else ""
    spent, kept = outcome.total_cost, outcome.reserved
    over = " (over budget)" if spent > scenario.allocable else ""
    reserved = f"in reserve {units.show_money(kept)}, " if kept else ""
    line = (
        f"{rule}: met need {units.show_need(outcome.total_met_need)}{share}, spent "
        f"{units.show_money(spent)}, {reserved}"
        f"unspent {units.show_money(scenario.allocable - spent - kept)}{over}."
    )
    pooled, table = outcome.pooled, instance.services
    told = {} if pooled is None or table is None else pooled.words(table, units)
    services = [f"{visible(service, 64)}: {words}." for service, words in told.items()]
    account = account_lines(outcome.account, units)
    proof = f"Proof: {outcome.certificate.words()}."
    return [line, *_counted(outcome.certificate), *services, *account, proof]


def _counted(told: Certificate) -> list[str]:
    """What was made as great as possible, where it is more than met need."""
    if told.objective == "met need":
        return []
    return [f"What counted was {told.objective}: {told.value / told.scale:,.1f}."]


def summary(instance: Instance, rule: str, outcome: Outcome) -> dict[str, object]:
    """An outcome as plain data, amounts as exact decimal text."""
    from metneed.instances.awards_file import account_record  # noqa: PLC0415

    units, scenario = instance.scenario.units, instance.scenario
    if not isinstance(outcome, Allocation):
        return {"rule": rule, "outcome": reason(outcome)}
    certificate = outcome.certificate
    return {
        "rule": rule,
        "outcome": "allocation",
        "budget": units.money(scenario.total_budget),
        "allocable": units.money(scenario.allocable),
        "held_back": units.money(scenario.held_back),
        "spent": units.money(outcome.total_cost),
        "reserved": units.money(outcome.reserved),
        "unspent": units.money(scenario.allocable - outcome.total_cost - outcome.reserved),
        "met_need": units.need(outcome.total_met_need),
        "need": units.need(int(instance.users.need.sum())),
        "claim": certificate.claim,
        "proof": certificate.proof,
        "gap": None if certificate.gap is None else units.need(certificate.gap),
        "stopped": certificate.stopped,
        **account_record(outcome.account, units),
    }
