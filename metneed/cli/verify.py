"""``metneed verify``: re-check a result, number by number, without the solver."""

import filecmp
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

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
from metneed.models.settings import Settings
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
    from metneed.instances.awards_check import check_awards  # noqa: PLC0415
    from metneed.solver.limits_check import BY_SEARCH  # noqa: PLC0415

    if BEYOND in not_shown and not failures:
        shown, wrong = _within_limits(result, instance, encoding, as_json=as_json)
        failures += wrong
        if shown:
            not_shown = [line for line in not_shown if line != BEYOND]
            not_shown += [f"the bound: {line}" for line in shown if line == BY_SEARCH]
            checked += [line for line in shown if line != BY_SEARCH]
    if not failures:
        shown, failures = check_awards(result)
        checked += shown
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
        _tell(checked, not_shown, failures)
    return BAD_INPUT if failures else DONE


def _tell(checked: Sequence[str], not_shown: Sequence[str], failures: Sequence[str]) -> None:
    """What was found, a line each, and the verdict."""
    for line in checked:
        click.echo(f"checked: {line}")
    for line in not_shown:
        click.echo(f"not shown: {line}")
    for line in failures[:SHOWN]:
        click.echo(f"WRONG: {line}")
    if len(failures) > SHOWN:
        click.echo(f"... and {len(failures) - SHOWN} more")
    click.echo("refused" if failures else "verified")


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
    from metneed.models.certificate import OpeningBound  # noqa: PLC0415
    from metneed.models.problem import Problem  # noqa: PLC0415
    from metneed.solver.limits_check import Claim, check_limits  # noqa: PLC0415

    record = json.loads((result / "result.json").read_text(encoding="utf-8"))
    if record["outcome"] != "allocation":
        return [], []
    read = load(instance, encoding, as_json=as_json)
    said = record["certificate"]
    try:
        multipliers = _pairs(said["multipliers"])
        openings = tuple(
            OpeningBound(valued=each["valued"], multipliers=_pairs(each["multipliers"]))
            for each in said.get("openings", [])
        )
        value, bound = int(said["value"]), int(said["upper_bound"])
        claim = Claim(value, bound, multipliers, openings, record)
        parts = parts_of(result, read)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return [], [f"result: {error}"]
    return check_limits(Problem.of(read), parts, claim)


def _pairs(said: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, int]]:
    return {name: (int(p), int(q)) for name, (p, q) in said.items()}


def _settings(record: Mapping[str, Any]) -> Settings:
    """How the result says that it was run; as usual where it does not."""
    try:
        return Settings.model_validate(record.get("settings", {}))
    except ValidationError as error:
        fault = error.errors()[0]
        place, said = ".".join(map(str, ("settings", *fault["loc"]))), fault["msg"].lower()
        raise OptionError(f"result.json, {place}: {said}; solve anew to repeat it") from error


def _differing(result: Path, instance: Path, encoding: str, *, as_json: bool) -> list[str]:
    """Names of the tables that come out otherwise when the rule runs again."""
    from metneed.instances.results import write_solution  # noqa: PLC0415
    from metneed.models.problem import Problem  # noqa: PLC0415
    from metneed.solver.rules import rule as rule_named  # noqa: PLC0415
    from metneed.solver.solve import bind, run  # noqa: PLC0415

    record = json.loads((result / "result.json").read_text(encoding="utf-8"))
    read = load(instance, encoding, as_json=as_json)
    problem, rule = Problem.of(read, _settings(record)), rule_named(record["rule"])
    options = bind(rule, record["options"])
    parquet = (result / "allocation.parquet").exists()
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "again"
        outcome = run(rule, problem, options)
        dumped = options.model_dump(mode="json")
        write_solution(again, read, problem, rule.name, dumped, outcome, parquet=parquet)
        names = sorted(path.name for path in again.iterdir() if path.name != "result.json")
        _, wrong, missing = filecmp.cmpfiles(result, again, names, shallow=False)
        repeated = json.loads((again / "result.json").read_text(encoding="utf-8"))
    keys = ["outcome", "account", "missing_for"]
    if "missing_for" in repeated:
        # A funding gap of awards stands in the record alone.
        keys += ["reason", "shortfall", "users_concerned"]
    wrong += [f"result.json ({key})" for key in keys if record.get(key) != repeated.get(key)]
    return sorted([*wrong, *missing])
