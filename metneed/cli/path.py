"""``metneed path``: rules over several years of cuts."""

from collections.abc import Sequence
from pathlib import Path

import click
from pydantic import ValidationError

from metneed.cli.common import (
    CAVEAT,
    DONE,
    INFEASIBLE,
    LIMIT,
    emit,
    encoding_option,
    instance_argument,
    json_option,
    load,
    out_option,
    progress,
    settings,
    settings_options,
    xlsx_option,
)
from metneed.cli.compare import refuse_cheapness
from metneed.cli.path_screen import path_blocks
from metneed.cli.screen import header
from metneed.models.budget_path import BudgetPath
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.models.path import Path as BudgetYears
from metneed.models.settings import Engine, Settings


@click.command("path")
@instance_argument
@click.option(
    "--rules",
    "rule_names",
    help="Rules to run, separated by commas; default: the usual ones, and those that the "
    "scenario has options for.",
)
@click.option("--years", type=int, help="How many years follow the scenario's own.")
@click.option("--cut", help="Share of the pot cut each year, 0 to 1 (0.2 is 20 %).")
@click.option(
    "--keep-years", is_flag=True, help="With --out, also write every year's result of every rule."
)
@click.option(
    "--accept-cheapness",
    is_flag=True,
    help="Go on although met need is known from today's packages only (evidence C).",
)
@out_option
@xlsx_option
@settings_options
@encoding_option
@json_option
def command(
    instance: Path,
    rule_names: str | None,
    years: int | None,
    cut: str | None,
    keep_years: bool,
    accept_cheapness: bool,
    out: Path | None,
    xlsx: Path | None,
    solver: str,
    time_limit: float,
    memory_limit: float,
    engine: Engine,
    encoding: str,
    as_json: bool,
) -> int:
    """Run rules on INSTANCE over several years, each from what they gave the year before.

    The table [path] of scenario.toml says how budget, prices and people go on; --years and --cut
    stand in for what it says.
    """
    if keep_years and out is None:
        raise OptionError("--keep-years writes to a folder: say --out DIR as well")
    read = load(instance, encoding, as_json=as_json)
    refuse_cheapness(read, accepted=accept_cheapness)
    plan = _plan(read, years, cut)
    names = [name.strip() for name in (rule_names or "").split(",") if name.strip()]
    run_settings = settings(solver, time_limit, memory_limit, engine)
    found = _run(read, plan, names, run_settings, out, keep_years)
    if xlsx is not None:
        from metneed.instances.workbook_path import path_sheets  # noqa: PLC0415
        from metneed.instances.workbook_write import write_workbook  # noqa: PLC0415

        write_workbook(xlsx, path_sheets(found))
        click.echo(f"Workbook written to {xlsx}.", err=as_json)
    if as_json:
        emit(_document(found))
        return _code(found)
    click.echo(header(read))
    click.echo("\n" + "\n\n".join(path_blocks(found)))
    if out is not None:
        click.echo(f"\nWritten to {out}.")
        if keep_years:
            kept = out / "years" / str(found.years[0]) / "rules" / found.rules[0]
            click.echo(f"To re-check a year:  metneed verify {kept} {kept / 'instance'}")
    click.echo(CAVEAT)
    return _code(found)


def _plan(read: Instance, years: int | None, cut: str | None) -> BudgetPath:
    """The path of the scenario with what the command line says instead.

    Raises
    ------
    OptionError
        Where that is no path.
    """
    given = {} if read.scenario.path is None else read.scenario.path.model_dump(exclude_unset=True)
    if years is not None:
        given["years"] = years
    if cut is not None:
        given["cut"] = cut
    try:
        return BudgetPath.model_validate(given)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        message = fault["msg"].removeprefix("Value error, ").replace("Input should", "it should")
        option = f"--{fault['loc'][0]} " if fault["loc"] else ""
        value = f"{fault['input']!r}: " if fault["loc"] else ""
        raise OptionError(f"{option}{value}{message}") from error


def _run(
    read: Instance,
    plan: BudgetPath,
    names: list[str],
    run_settings: Settings,
    out: Path | None,
    keep_years: bool,
) -> BudgetYears:
    """The path, written as a whole where a folder is given."""
    from metneed.instances.path_results import writing_path  # noqa: PLC0415
    from metneed.solver.rules import rule as rule_named  # noqa: PLC0415
    from metneed.solver.years.path import YearOfRule, path  # noqa: PLC0415

    if out is None:
        return path(read, plan=plan, rules=names, settings=run_settings, progress=progress)
    parquet = any(name.endswith(".parquet") for name in read.inputs)
    with writing_path(out, parquet=parquet) as writer:

        def keep(done: YearOfRule) -> None:
            if not _can_be_files(done.instance, rule_named(done.rule).needs):
                return
            options = done.options.model_dump(mode="json")
            writer.keep(
                done.year,
                done.rule,
                instance=done.instance,
                problem=done.problem,
                options=options,
                outcome=done.outcome,
            )

        found = path(
            read,
            plan=plan,
            rules=names,
            settings=run_settings,
            progress=progress,
            keep=keep if keep_years else None,
        )
        writer.finish(found)
    return found


def _can_be_files(year: Instance, needs: Sequence[str]) -> bool:
    """Whether a year can be written: a table without rows would be refused as forgotten."""
    looks_back = "previous" in needs or bool(year.scenario.constraints)
    nobody_had = year.previous is not None and not year.previous.held.any()
    return len(year.users) > 0 and not (looks_back and nobody_had)


def _document(found: BudgetYears) -> dict[str, object]:
    """A path as plain data; money and need as exact decimal text."""
    from metneed.instances.path_results import path_record  # noqa: PLC0415
    from metneed.models.comparison import number_text  # noqa: PLC0415

    units = found.instance.scenario.units
    exact = ("money", "need")
    return path_record(found) | {
        "figures": [
            {
                "year": item.year,
                "rule": item.rule,
                "measure": item.measure,
                "value": number_text(item.value, item.unit, units)
                if item.value is not None and item.unit in exact
                else item.value,
                "unit": item.unit,
            }
            for item in found.figures
        ]
    }


def _code(found: BudgetYears) -> int:
    """A limit before infeasible before done."""
    if found.limits:
        return LIMIT
    return INFEASIBLE if found.infeasible else DONE
