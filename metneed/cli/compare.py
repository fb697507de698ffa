"""``metneed compare``: several rules on the same people and money."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from metneed.cli.account import account_lines
from metneed.cli.common import (
    CAVEAT,
    comparison_code,
    emit,
    encoding_option,
    instance_argument,
    json_option,
    load,
    out_option,
    progress,
    reason,
    settings,
    settings_options,
    xlsx_option,
)
from metneed.cli.headline import five_lines, footing_lines, robustness_lines
from metneed.cli.limits import limit_blocks, limit_document
from metneed.cli.screen import comparison_table, header, winners_table
from metneed.instances.awards_file import account_record
from metneed.instances.evidence import sentence
from metneed.instances.results import best_known
from metneed.models.allocation import Allocation
from metneed.models.comparison import Breach, Comparison
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.settings import Engine
from metneed.models.units import Units
from metneed.models.words import counted
from metneed.solver.studies.robustness import Robustness


@click.command("compare")
@instance_argument
@click.option(
    "--rules",
    "rule_names",
    help="Rules to compare, separated by commas; default: the usual ones, and those that the "
    "scenario has options for.",
)
@click.option("--measures", "measure_names", help="Measures to show, separated by commas.")
@click.option("--by", "group_by", help="Also show the table by this column of the users.")
@click.option(
    "--score-error",
    type=float,
    help="Disturb the met-need scores by this share of themselves, 0 to 2 (0.2 is 20 %); show what "
    "choosing on wrong scores achieves; also shuffles costs among people of similar need.",
)
@click.option(
    "--accept-cheapness",
    is_flag=True,
    help="Compare although met need is known from today's packages only (evidence C).",
)
@click.option("--draws", default=20, show_default=True, help="How many disturbed sets of scores.")
@out_option
@xlsx_option
@settings_options
@encoding_option
@json_option
def command(
    instance: Path,
    rule_names: str | None,
    measure_names: str | None,
    group_by: str | None,
    score_error: float | None,
    accept_cheapness: bool,
    draws: int,
    out: Path | None,
    xlsx: Path | None,
    solver: str,
    time_limit: float,
    memory_limit: float,
    engine: Engine,
    encoding: str,
    as_json: bool,
) -> int:
    """Run several rules on INSTANCE and show them on the same footing."""
    from metneed.solver.compare import compare  # noqa: PLC0415
    from metneed.solver.limit_costs import limit_costs  # noqa: PLC0415
    from metneed.solver.studies.robustness import robustness  # noqa: PLC0415

    read = load(instance, encoding, as_json=as_json)
    refuse_cheapness(read, accepted=accept_cheapness)
    if group_by is not None and group_by not in read.users.groups:
        known = ", ".join(read.users.groups) or "none"
        raise OptionError(f"the users have no group column {group_by!r}; there are: {known}")
    run_settings = settings(solver, time_limit, memory_limit, engine)
    comparison = compare(
        read,
        rules=_names(rule_names),
        measures=_names(measure_names),
        settings=run_settings,
        progress=progress,
    )
    problem, tests = Problem.of(read, run_settings), None
    if score_error is not None:
        progress("disturbed scores and shuffled costs")
        tests = robustness(problem, score_error, draws)
        if tests.error is None:
            click.echo("note: scores cannot be disturbed: see the infeasible rules", err=True)
    limits = limit_costs(problem, progress) if problem.constraints else None
    if out is not None:
        _write(out, comparison, problem, tests)
    if xlsx is not None:
        _write_workbook(xlsx, comparison, problem, as_json=as_json)
    if as_json:
        costs = {} if limits is None else {"limit_costs": limit_document(*limits, problem.units)}
        emit(document(comparison, tests) | costs)
        return comparison_code(comparison)
    click.echo(header(read))
    click.echo("\n" + "\n".join(shown(comparison, tests, group_by)))
    if limits is not None:
        click.echo("\n" + "\n\n".join(limit_blocks(*limits, problem.units)))
    if out is not None:
        first = out / "rules" / next(iter(comparison.outcomes))
        click.echo(f"\nWritten to {out}. To re-check a rule:  metneed verify {first} {instance}")
    click.echo(CAVEAT)
    return comparison_code(comparison)


def _write_workbook(xlsx: Path, comparison: Comparison, problem: Problem, *, as_json: bool) -> None:
    """The comparison as a workbook."""
    from metneed.instances.workbook_results import comparison_sheets  # noqa: PLC0415
    from metneed.instances.workbook_write import write_workbook  # noqa: PLC0415

    write_workbook(xlsx, comparison_sheets(comparison, problem))
    click.echo(f"Workbook written to {xlsx}.", err=as_json)


def _write(out: Path, comparison: Comparison, problem: Problem, tests: Robustness | None) -> None:
    """The comparison in a folder, with what disturbed scores and shuffled costs say."""
    from metneed.instances.files import write_text  # noqa: PLC0415
    from metneed.instances.results import write_comparison  # noqa: PLC0415

    write_comparison(
        out,
        comparison,
        problem,
        parquet=any(name.endswith(".parquet") for name in comparison.instance.inputs),
        solve_options=comparison.options,
    )
    if tests is not None:
        found = robustness_document(tests, problem.units)
        write_text(out / "robustness.json", json.dumps(found, indent=2) + "\n")


def shown(
    comparison: Comparison, tests: Robustness | None, group_by: str | None = None
) -> list[str]:
    """A comparison for a screen: the headline, tables, and what stands under them."""
    blocks = ["\n".join(five_lines(comparison, tests))]
    if any(isinstance(outcome, Allocation) for outcome in comparison.outcomes.values()):
        blocks += tables(comparison)
    blocks.append("\n".join(notes(comparison)))
    if accounts := account_notes(comparison):
        blocks.append("\n".join(accounts))
    if group_by is not None:
        blocks += tables(comparison, group_by)
    if tests is not None:
        blocks.append("\n".join(robustness_lines(tests)))
    return "\n\n".join(blocks).splitlines()


def refuse_cheapness(instance: Instance, *, accepted: bool) -> None:
    """Stop before people are ranked by how cheaply they were served, unless that is accepted.

    Raises
    ------
    OptionError
        Where the evidence is C and nobody has accepted what that means.
    """
    if instance.evidence != "C":
        return
    meaning = f"{sentence('C')} What differs between rules is then owed to past spending."
    if not accepted:
        raise OptionError(
            f"{meaning} Build with needs or points (see metneed build --help), or say "
            "--accept-cheapness"
        )
    click.echo(f"note: {meaning}", err=True)


def tables(comparison: Comparison, group_by: str = "") -> list[str]:
    """The tables of a comparison: figures, then winners and losers; overall or by group."""
    winners = winners_table(comparison, group_by)
    if not winners:
        return [comparison_table(comparison, group_by)]
    words = (
        f"People by change in the share of their need that is met, against {comparison.baseline}; "
        "over 5 is by more than 5 hundredths of their need:\n"
    )
    return [comparison_table(comparison, group_by), words + winners]


def notes(comparison: Comparison) -> list[str]:
    """What stands under the tables: footing, proofs, and rules without an allocation."""
    lines = footing_lines(comparison)
    lines += [breach_line(item, comparison.instance.scenario.units) for item in comparison.breaches]
    breaking = {item.rule for item in comparison.breaches}
    for name, outcome in comparison.outcomes.items():
        if not isinstance(outcome, Allocation):
            lines.append(f"{name}: {reason(outcome)}.")
        elif outcome.certificate.proof != "arithmetic":
            without = ", of choices that need not keep what it breaks" if name in breaking else ""
            lines.append(f"{name}: {outcome.certificate.words()}{without}.")
    lines += [
        f"{what}: {certificate.words()}."
        for what, certificate in comparison.beside.items()
        if certificate.stopped != "finished"
    ]
    return lines


def account_notes(comparison: Comparison) -> list[str]:
    """For each rule that says so, how its awards came about."""
    lines, units = [], comparison.instance.scenario.units
    for name, outcome in comparison.outcomes.items():
        told = account_lines(outcome.account, units) if isinstance(outcome, Allocation) else []
        if told:
            lines += [f"How the awards of {name} came about:", *told]
    return lines


def robustness_document(tests: Robustness, units: Units) -> dict[str, object]:
    """Both tests as plain data; met need as decimal text, means rounded to its smallest unit."""
    error = None if tests.error is None else asdict(tests.error)
    for key in ("undisturbed", "claimed", "achieved", "worst", "points"):
        if error is not None and error[key] is not None:
            error[key] = units.need(round(error[key]))
    return {
        "score_error": error,
        "shuffled_costs": None if tests.shuffled is None else asdict(tests.shuffled),
    }


def _limit_line(breach: Breach, units: Units) -> str:
    """A constraint that a rule does not keep: for how many users, and by how much."""
    amounts = [
        units.show_money(breach.money) if breach.money else "",
        f"{units.need(breach.need)} of need" if breach.need else "",
        f"{units.quantity(breach.quantity)} of the service" if breach.quantity else "",
        counted(breach.members, "member") if breach.members else "",
    ]
    by = ", by ".join(["", *filter(None, amounts)])
    return f"{breach.rule} does not keep {breach.limit}: {counted(breach.users, 'user')}{by}."


def breach_line(breach: Breach, units: Units) -> str:
    """A limit that a rule does not keep, in people and pounds."""
    money = units.show_money(breach.money)
    users = counted(breach.users, "user has", "users have")
    ones = "one for that user" if breach.users == 1 else "ones for them"
    if breach.limit not in {"budget", "exactly_one"}:
        return _limit_line(breach, units)
    if breach.limit == "budget":
        return f"{breach.rule} breaks the budget: it costs {money} more than there is to allocate."
    return (
        f"{breach.rule} breaks exactly_one: {users} no package; the cheapest {ones} would cost "
        f"{money}."
    )


def document(comparison: Comparison, tests: Robustness | None = None) -> dict[str, object]:
    """A comparison as plain data; money and need as exact decimal text."""
    units = comparison.instance.scenario.units
    exact = {"money": units.money, "need": units.need}
    footing = comparison.footing
    return {
        "scenario": comparison.instance.scenario.name,
        "evidence": comparison.instance.evidence,
        "baseline": comparison.baseline,
        "footing": footing
        and {
            "points_kept_met_need": units.need(footing.kept[0]),
            "points_kept_spent": units.money(footing.kept[1]),
            "points_rounds_met_need": units.need(footing.rounds[0]),
            "points_rounds_spent": units.money(footing.rounds[1]),
            **best_known(footing, units),
            "lost_by_not_spending": units.need(footing.not_spent),
            "lost_by_spending_otherwise": units.need(footing.spent_otherwise),
            "bound_with_part_packages": units.need(footing.lp_bound),
        },
        "breaches": [
            {
                **asdict(item),
                "money": units.money(item.money),
                "need": units.need(item.need),
                "quantity": units.quantity(item.quantity),
            }
            for item in comparison.breaches
        ],
        "limits": comparison.limits,
        "robustness": None if tests is None else robustness_document(tests, units),
        "outcomes": {
            name: reason(outcome) or "allocation" for name, outcome in comparison.outcomes.items()
        },
        "accounts": {
            name: account_record(outcome.account, units)["account"]
            for name, outcome in comparison.outcomes.items()
            if isinstance(outcome, Allocation) and outcome.account is not None
        },
        "figures": [
            {
                "rule": item.rule,
                "group_by": item.group_by,
                "group": item.group,
                "measure": item.measure,
                "value": exact[item.unit](int(item.value))
                if item.value is not None and item.unit in exact
                else item.value,
                "unit": item.unit,
            }
            for item in comparison.figures
        ],
    }


def _names(text: str | None) -> list[str] | None:
    return [name.strip() for name in text.split(",") if name.strip()] if text else None
