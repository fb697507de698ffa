"""``metneed check``: read an instance, list every fault, show what is in it."""

from pathlib import Path

import click
import numpy as np

from metneed.cli.common import (
    BAD_INPUT,
    CAVEAT,
    DONE,
    emit,
    encoding_option,
    finding_rows,
    instance_argument,
    json_option,
    out_option,
    xlsx_option,
)
from metneed.cli.further import further, further_lines
from metneed.cli.screen import header, table
from metneed.models.columns import Labels
from metneed.models.findings import SHOWN, Findings, visible
from metneed.models.instance import Instance
from metneed.models.sums import exact_sum
from metneed.models.words import counted


@click.command("check")
@instance_argument
@out_option
@xlsx_option
@encoding_option
@json_option
def command(
    instance: Path, out: Path | None, xlsx: Path | None, encoding: str, as_json: bool
) -> int:
    """List every fault of INSTANCE with its place and remedy, and show what is in it.

    With --out, all findings are also written to findings.csv, with --xlsx to a workbook.
    """
    from metneed.instances.files import defused, write_columns  # noqa: PLC0415
    from metneed.instances.read import examine  # noqa: PLC0415

    read, findings = examine(instance, encoding=encoding)
    if read is not None:
        findings.extend(option_findings(read))
    rows = finding_rows(findings)
    if out is not None:
        columns = {
            key: defused(np.array([str(row[key]) for row in rows], dtype=object))
            for key in _FINDING
        }
        write_columns(out / "findings.csv", columns)
    if xlsx is not None:
        from metneed.instances.workbook_results import findings_sheets  # noqa: PLC0415
        from metneed.instances.workbook_write import write_workbook  # noqa: PLC0415

        write_workbook(xlsx, findings_sheets(findings))
    if as_json:
        known = [None, None] if read is None else [totals(read), further(read)]
        emit({"findings": rows, "totals": known[0], "further": known[1]})
    else:
        _print(read, findings, instance)
        if out is not None:
            click.echo(f"{counted(len(rows), 'finding')} written to {out / 'findings.csv'}")
    return BAD_INPUT if findings.errors else DONE


def option_findings(instance: Instance) -> Findings:
    """Faults in the rules and options that the scenario names."""
    from metneed.models.errors import MetNeedError, UnknownNameError  # noqa: PLC0415
    from metneed.models.findings import Finding  # noqa: PLC0415
    from metneed.models.problem import Problem  # noqa: PLC0415
    from metneed.solver.rules import rule as rule_named  # noqa: PLC0415
    from metneed.solver.solve import bind  # noqa: PLC0415

    found, problem = Findings(), Problem.of(instance)
    named = {**instance.scenario.rules}
    if instance.scenario.baseline is not None:
        named.setdefault(instance.scenario.baseline, {})
    for name, given in named.items():
        try:
            bind(rule_named(name), given, instance).check(problem)
        except MetNeedError as error:
            found.add(
                Finding(
                    file=_scenario_place(instance),
                    row=0,
                    column=f"rules.{name}" if name in instance.scenario.rules else "baseline",
                    value=name,
                    problem=str(error).removeprefix(f"rule {name}: "),
                    remedy="See  metneed rules"
                    if isinstance(error, UnknownNameError)
                    else f"See  metneed rules {name}",
                    code="unknown-rule-or-option",
                )
            )
    found.extend(_limit_findings(instance))
    found.extend(_path_findings(instance))
    return found


def _limit_findings(instance: Instance) -> Findings:
    """Faults in the limits beside the budget, each tried alone on the instance."""
    from metneed.models.errors import MetNeedError  # noqa: PLC0415
    from metneed.models.findings import Finding  # noqa: PLC0415
    from metneed.models.problem import Problem  # noqa: PLC0415
    from metneed.solver.bound import bind_constraints, effects  # noqa: PLC0415

    found, problem = Findings(), Problem.of(instance)
    for name, given in instance.scenario.constraints.items():
        try:
            effects(problem, bind_constraints({name: given}))
        except MetNeedError as error:
            where = f"scenario.toml, [constraints.{name}]"
            found.add(
                Finding(
                    file=_scenario_place(instance),
                    row=0,
                    column=f"constraints.{name}",
                    value=str(given.get("kind", "")),
                    problem=str(error).removeprefix(where).lstrip(" :"),
                    remedy="docs/constraints.md has every kind and its options",
                    code="limit",
                )
            )
    return found


def _path_findings(instance: Instance) -> Findings:
    """Faults in the years that follow: their money, and who joins and leaves."""
    from metneed.models.errors import MetNeedError  # noqa: PLC0415
    from metneed.models.findings import Finding  # noqa: PLC0415
    from metneed.models.year_money import PLACE, year_money  # noqa: PLC0415
    from metneed.solver.years.people import first_people  # noqa: PLC0415

    found, plan = Findings(), instance.scenario.path
    if plan is None:
        return found
    for look in (
        lambda: year_money(instance.scenario, plan),
        lambda: first_people(instance.users, plan),
    ):
        try:
            look()
        except MetNeedError as error:
            problem, _, remedy = str(error).removeprefix(PLACE).lstrip(" :").rpartition("; ")
            found.add(
                Finding(
                    file=_scenario_place(instance),
                    row=0,
                    column="path",
                    value="",
                    problem=problem,
                    remedy=remedy[0].upper() + remedy[1:],
                    code="path",
                )
            )
    return found


def _scenario_place(instance: Instance) -> str:
    """Where the scenario stands: in a file of its own, or in a sheet of a workbook."""
    books = [name for name in instance.inputs if name.lower().endswith((".xlsx", ".ods"))]
    return f"sheet scenario of {books[0]}" if books else "scenario.toml"


def _print(instance: Instance | None, findings: Findings, path: Path) -> None:
    if findings.errors:
        click.echo(findings.summary(), err=True)
    for warning in findings.warnings[:SHOWN]:
        click.echo(f"note: {warning}", err=True)
    if len(findings.warnings) > SHOWN:
        click.echo(f"note: ... and {len(findings.warnings) - SHOWN} more notes", err=True)
    if instance is None:
        return
    click.echo(header(instance))
    click.echo("\n" + _scenario_table(instance))
    for column, labels in ({"": None} | dict(instance.users.groups)).items():
        click.echo("\n" + _totals_table(instance, column, labels))
    if instance.previous is not None:
        units, allocable = instance.scenario.units, instance.scenario.allocable
        over = exact_sum(instance.previous.cost) - allocable
        words = "more than there is to allocate" if over > 0 else "less than there is to allocate"
        click.echo(f"\nToday's packages cost {units.show_money(abs(over))} {words}.")
    if instance.services is not None:
        used = 0 if instance.uses is None else len(instance.uses)
        click.echo(f"\nServices: {len(instance.services):,}; uses of them by packages: {used:,}.")
    if lines := further_lines(instance):
        click.echo("\n" + "\n".join(lines))
    if not findings.errors:
        click.echo(f"\nNo faults found. Next:  metneed compare {path} --out DIR")
    click.echo(CAVEAT)


def _scenario_table(instance: Instance) -> str:
    given = instance.scenario.model_fields_set
    rows = [
        [
            key,
            visible(str(value)) if value not in (None, "", {}) else "-",
            "" if key in given else "default",
            field.description or "",
        ]
        for key, field in type(instance.scenario).model_fields.items()
        for value in [getattr(instance.scenario, key)]
    ]
    return table(["scenario", "value", "", "what it is"], rows, left=4)


def totals(instance: Instance) -> dict[str, object]:
    """People and pounds, overall and by every group column, as plain data."""
    return {
        column or "all": {row[0]: dict(zip(_HEADS, row[1:], strict=True)) for row in rows}
        for column, labels in ({"": None} | dict(instance.users.groups)).items()
        for rows in [_totals_rows(instance, labels)]
    }


_FINDING = ("severity", "file", "row", "column", "cell", "value", "problem", "remedy", "code")
_HEADS = (
    "users",
    "points",
    "need",
    "packages",
    "cost of full need",
    "with a package",
    "cost now",
    "met need now",
)


def _totals_table(instance: Instance, column: str, labels: Labels | None) -> str:
    rows = _totals_rows(instance, labels)
    shown = len(_HEADS) if instance.previous is not None else len(_HEADS) - 3
    return table([column, *_HEADS[:shown]], [row[: shown + 1] for row in rows])


def _totals_rows(instance: Instance, labels: Labels | None) -> list[list[str]]:
    users, menus, units = instance.users, instance.menus, instance.scenario.units
    everyone = np.arange(len(users))
    groups = (
        [("all", everyone)]
        if labels is None
        else [(name, everyone[labels.codes == code]) for code, name in enumerate(labels.names)]
    )
    sizes, previous = np.diff(menus.offsets), instance.previous
    rows = []
    for name, chosen in groups:
        row = [
            visible(name),
            f"{len(chosen):,}",
            "-" if users.points is None else units.show_need(int(users.points[chosen].sum())),
            units.show_need(int(users.need[chosen].sum())),
            f"{int(sizes[chosen].sum()):,}",
            units.show_money(int(menus.full_cost[chosen].sum())),
        ]
        if previous is not None:
            row += [
                f"{int(previous.held[chosen].sum()):,}",
                units.show_money(int(previous.cost[chosen].sum())),
                units.show_need(int(previous.met_need[chosen].sum())),
            ]
        else:
            row += ["-", "-", "-"]
        rows.append(row)
    return rows
