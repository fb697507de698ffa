"""``metneed verify``: re-check a result, number by number, without the solver."""

import filecmp
import json
import tempfile
from pathlib import Path

import click

from metneed.cli.common import (
    BAD_INPUT,
    DONE,
    emit,
    encoding_option,
    instance_argument,
    json_option,
    load,
)
from metneed.models.errors import OptionError
from metneed.models.findings import SHOWN
from metneed.solver.verify import BEYOND, Report, verify

BY_REPEATING = "that the rule gives this"
"""How the verifier begins what only another run of the rule can show."""


@click.command("verify")
@click.argument("result", type=click.Path(exists=True, file_okay=False, path_type=Path))
@instance_argument
@click.option(
    "--rerun",
    is_flag=True,
    help="Also run the rule again and compare the files: the only proof of an award.",
)
@encoding_option
@json_option
def command(result: Path, instance: Path, rerun: bool, encoding: str, as_json: bool) -> int:
    """Re-check RESULT, a folder written by solve, against its INSTANCE.

    Every cost, met need, sum and bound is recomputed from the files in whole numbers, without
    the code that made them.
    """
    report = _report(result, instance)
    failures = list(report.failures)
    checked, not_shown = list(report.checked), list(report.open)
    from metneed.solver.limits_check import BY_SEARCH  # noqa: PLC0415

    if BEYOND in not_shown and not failures:
        shown, wrong = _within_limits(result, instance, encoding, as_json=as_json)
        failures += wrong
        if shown:
            not_shown = [line for line in not_shown if line != BEYOND]
            not_shown += [f"the bound: {line}" for line in shown if line == BY_SEARCH]
            checked += [line for line in shown if line != BY_SEARCH]
    if rerun and not failures:
        differing = _differing(result, instance, encoding, as_json=as_json)
        if differing:
            failures.append(f"running the rule again gives other files: {', '.join(differing)}")
        else:
            checked.append("running the rule again gives the same files, byte for byte")
            not_shown = [line for line in not_shown if not line.startswith(BY_REPEATING)]
    if as_json:
        emit(
            {
                "ok": not failures,
                "checked": checked,
                "not_shown": not_shown,
                "failures": failures,
            }
        )
    else:
        for line in checked:
            click.echo(f"checked: {line}")
        for line in not_shown:
            click.echo(f"not shown: {line}")
        for line in failures[:SHOWN]:
            click.echo(f"WRONG: {line}")
        if len(failures) > SHOWN:
            click.echo(f"... and {len(failures) - SHOWN} more")
        click.echo("refused" if failures else "verified")
    return BAD_INPUT if failures else DONE


def _report(result: Path, instance: Path) -> Report:
    """What the verifier finds; a workbook is taken apart for it."""
    if not (result / "result.json").exists():
        raise OptionError(
            f"{result} holds no result.json: give the folder that solve wrote, then the instance"
        )
    from metneed.instances.verify_tables import tables  # noqa: PLC0415
    from metneed.instances.workbook import is_workbook  # noqa: PLC0415
    from metneed.instances.workbook_verify import unpacked  # noqa: PLC0415

    if not is_workbook(instance):
        return verify(result, instance, tables=tables)
    with unpacked(result, instance) as folders:
        report = verify(folders.result, folders.instance, tables=tables)
    checked = [f"sha256 of {instance.name}, whose sheets follow as CSV files", *report.checked]
    return Report(checked, [*folders.failures, *report.failures], report.open)


def _within_limits(
    result: Path, instance: Path, encoding: str, *, as_json: bool
) -> tuple[list[str], list[str]]:
    """What was shown of an allocation under limits beside the budget, and what is wrong."""
    from metneed.instances.allocation_read import parts_of  # noqa: PLC0415
    from metneed.models.problem import Problem  # noqa: PLC0415
    from metneed.solver.limits_check import Claim, check_limits  # noqa: PLC0415

    record = json.loads((result / "result.json").read_text(encoding="utf-8"))
    if record["outcome"] != "allocation":
        return [], []
    read = load(instance, encoding, as_json=as_json)
    said = record["certificate"]
    try:
        multipliers = {name: (int(p), int(q)) for name, (p, q) in said["multipliers"].items()}
        claim = Claim(int(said["value"]), int(said["upper_bound"]), multipliers)
        parts = parts_of(result, read)
    except (ValueError, KeyError, TypeError) as error:
        return [], [f"result: {error}"]
    return check_limits(Problem.of(read), parts, claim)


def _differing(result: Path, instance: Path, encoding: str, *, as_json: bool) -> list[str]:
    """Names of the tables that come out otherwise when the rule runs again."""
    from metneed.instances.results import write_solution  # noqa: PLC0415
    from metneed.models.problem import Problem  # noqa: PLC0415
    from metneed.solver.rules import rule as rule_named  # noqa: PLC0415
    from metneed.solver.solve import bind, run  # noqa: PLC0415

    record = json.loads((result / "result.json").read_text(encoding="utf-8"))
    read = load(instance, encoding, as_json=as_json)
    problem, rule = Problem.of(read), rule_named(record["rule"])
    options = bind(rule, record["options"])
    parquet = (result / "allocation.parquet").exists()
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "again"
        outcome = run(rule, problem, options)
        dumped = options.model_dump(mode="json")
        write_solution(again, read, problem, rule.name, dumped, outcome, parquet=parquet)
        names = sorted(path.name for path in again.iterdir() if path.name != "result.json")
        _, wrong, missing = filecmp.cmpfiles(result, again, names, shallow=False)
    return sorted([*wrong, *missing])
