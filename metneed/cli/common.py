"""What several commands share: reading instances, options, JSON, progress, exit codes."""

import json
import math
import os
import sys
import tomllib
from collections.abc import Callable
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click
from click.core import ParameterSource

from metneed.models.allocation import Allocation, Infeasible, NotApplicable, Outcome
from metneed.models.errors import InputError, MissingExtraError, OptionError
from metneed.models.findings import SHOWN, Finding, Findings
from metneed.models.instance import Instance
from metneed.models.settings import Engine, Settings

if TYPE_CHECKING:
    from metneed.models.comparison import Comparison

F = TypeVar("F", bound=Callable[..., Any])

CAVEAT = "A scenario test: it never decides about a person."
DONE, BAD_INPUT, INFEASIBLE, LIMIT = 0, 2, 3, 4


class _InstancePath(click.Path):
    """A folder with the files of an instance, or one workbook."""

    name = "instance"

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        from metneed.instances.workbook import is_workbook  # noqa: PLC0415 - quick --help

        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path.is_file() and not is_workbook(path):
            self.fail(
                f"{path} is a file: give the folder of the instance, or a workbook (.xlsx, .ods)",
                param,
                ctx,
            )
        return path


def _workbook_path(ctx: click.Context, param: click.Parameter, path: Path | None) -> Path | None:
    """The path, once it is sure that a workbook can be written there when the work is done."""
    if path is not None:
        if path.suffix.lower() != ".xlsx":
            raise click.BadParameter(f"{path.name} does not end in .xlsx", ctx, param)
        if find_spec("xlsxwriter") is None:
            raise MissingExtraError("writing workbooks", "excel")
    return path


instance_argument = click.argument("instance", type=_InstancePath(exists=True, path_type=Path))
later_argument = click.argument(
    "later", required=False, type=_InstancePath(exists=True, path_type=Path)
)
xlsx_option = click.option(
    "--xlsx",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_workbook_path,
    help="Also write the result to this Excel workbook (.xlsx), formatted.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")
encoding_option = click.option(
    "--encoding", default="utf-8", show_default=True, help="Encoding of the CSV files."
)
rule_option = click.option(
    "--option",
    "pairs",
    multiple=True,
    help="Option of the rule, as name=value; a list or rows as in TOML: 'exclude=[\"ann\"]'.",
)
out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the results; it is made where it does not exist.",
)


def _usable_engine(ctx: click.Context, param: click.Parameter, engine: Engine) -> Engine:  # noqa: ARG001
    """The engine, once it is sure that it can be used here."""
    if engine == "numba":
        from metneed.models.menus import Menus  # noqa: PLC0415 - quick --help
        from metneed.solver.engines.kernels import chosen  # noqa: PLC0415

        chosen(Menus.of([0], [], []), engine)
    return engine


def _usable_solver(ctx: click.Context, param: click.Parameter, solver: str) -> str:
    """The solver; one that was asked for by name has to solve a small programme first."""
    if ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE:
        from metneed.models.menus import Menus  # noqa: PLC0415 - quick --help
        from metneed.solver.engines.backend import ask  # noqa: PLC0415
        from metneed.solver.engines.program import formulate  # noqa: PLC0415

        small = formulate(Menus.of([0, 1], [1], [1]), "at_most_one", 1, divisible=False)
        ask(small, solver)
    return solver


class _Limit(click.FloatRange):
    """A limit: a number above 0, however large, but a number."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True)

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as click has it
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is no number that can be a limit", param, ctx)
        return number


engine_option = click.option(
    "--engine",
    type=click.Choice(get_args(Engine)),
    default="auto",
    show_default=True,
    callback=_usable_engine,
    help="What goes through all packages; the answer is the same. numba is faster on millions of "
    "packages and needs the extra speed; auto takes it there where it is installed.",
)
_HOW_TO_RUN = (
    click.option(
        "--solver",
        default="HiGHS",
        show_default=True,
        callback=_usable_solver,
        help="The outside solver that is asked where our own search reaches a limit, by its name "
        "in PuLP.",
    ),
    click.option(
        "--time-limit",
        type=_Limit(),
        metavar="SECONDS",
        default=60.0,
        show_default=True,
        help="Seconds that the search for the best whole packages may take, each time, the "
        "outside solver included; then the best known is given, with how far it may be from the "
        "best.",
    ),
    click.option(
        "--memory-limit",
        type=_Limit(),
        metavar="GIB",
        default=0.5,
        show_default=True,
        help="Memory in GiB, about, that this search may take beside what the instance takes.",
    ),
    engine_option,
)


def settings_options(command: F) -> F:
    """Options that say how to run: the engine, the outside solver, and the limits."""
    for option in reversed(_HOW_TO_RUN):
        command = option(command)
    return command


def settings(
    solver: str,
    time_limit: float,
    memory_limit: float,
    engine: Engine,
    write_lp: Path | None = None,
) -> Settings:
    """Settings from the command line."""
    return Settings(
        solver=solver,
        time_limit=time_limit,
        memory_limit=memory_limit,
        engine=engine,
        write_lp=write_lp,
    )


def load(path: Path, encoding: str, *, as_json: bool) -> Instance:
    """The instance; warnings go to stderr, faults end the command with code 2."""
    from metneed.instances.read import read  # noqa: PLC0415 - pandas is slow to import

    try:
        instance = read(path, encoding=encoding)
    except InputError as error:
        if as_json:
            emit({"findings": finding_rows(error.findings)})
        else:
            click.echo(str(error), err=True)
            click.echo(f"To write them all to a file:  metneed check {path} --out DIR", err=True)
        raise click.exceptions.Exit(BAD_INPUT) from error
    warnings = _to_the_point(instance)
    for warning in warnings[:SHOWN]:
        click.echo(f"note: {warning}", err=True)
    hidden = len(warnings) - SHOWN
    if hidden > 0:
        click.echo(f"note: ... and {hidden} more; see metneed check", err=True)
    return instance


def _to_the_point(instance: Instance) -> list[Finding]:
    """The warnings, without missing points where the scenario names no rule that needs them.

    A comparison says of each rule whether it applies, and check lists all warnings.
    """
    from metneed.solver.rules import rules  # noqa: PLC0415 - quick --help

    scenario = instance.scenario
    named = {*scenario.rules, scenario.baseline}
    needed = any("points" in rule.needs for name, rule in rules().items() if name in named)
    return [
        warning for warning in instance.warnings.warnings if needed or warning.code != "no-points"
    ]


def finding_rows(findings: Findings) -> list[dict[str, object]]:
    """Findings as plain rows, for JSON and CSV."""
    return [
        {
            "severity": item.severity,
            "file": item.file,
            "row": item.row or "",
            "column": item.column,
            "cell": item.cell,
            "value": item.value,
            "problem": item.problem,
            "remedy": item.remedy,
            "code": item.code,
        }
        for item in findings
    ]


def emit(document: object) -> None:
    """Print a JSON document, amounts as exact decimal text."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def progress(text: str) -> None:
    """One line on stderr, where a person is watching."""
    if sys.stderr.isatty():
        click.echo(f"  {text} ...", err=True)


def parse_options(pairs: tuple[str, ...]) -> dict[str, str]:
    """``name=value`` pairs of the command line as a table."""
    table = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise OptionError(f"--option {pair!r} is not of the form name=value")
        table[name.strip()] = value.strip()
    return table


def rule_options(pairs: tuple[str, ...]) -> dict[str, object]:
    """``name=value`` pairs as options of a rule: lists and tables as scenarios write them.

    Raises
    ------
    OptionError
        Where a value begins like a list or a table of TOML and is none.
    """
    return {name: _toml(name, value) for name, value in parse_options(pairs).items()}


def _toml(name: str, value: str) -> object:
    """What a list or table stands for; any other text as it is."""
    if not value.startswith(("[", "{")):
        return value
    try:
        return tomllib.loads(f"x = {value}", parse_float=Decimal)["x"]
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise OptionError(
            f"--option {name}: {value} is no list or table of TOML ({error}): write it as "
            '["a", "b"] or [{from = 0, to = 9, amount = 10}]'
        ) from error


def exit_code(outcomes: list[Outcome]) -> int:
    """The exit code that outcomes call for: a limit before infeasible before done."""
    if any(isinstance(o, Allocation) and o.certificate.stopped != "finished" for o in outcomes):
        return LIMIT
    return INFEASIBLE if any(isinstance(o, Infeasible) for o in outcomes) else DONE


def comparison_code(comparison: "Comparison") -> int:
    """The exit code of a comparison: a limit counts also in what it needed beside its rules."""
    return LIMIT if comparison.limits else exit_code(list(comparison.outcomes.values()))


def reason(outcome: Outcome) -> str:
    """Why there is no allocation, in words; empty where there is one."""
    match outcome:
        case Infeasible(reason=text):
            return f"infeasible: {text}"
        case NotApplicable(reason=text):
            return f"not applicable: {text}"
        case _:
            return ""
