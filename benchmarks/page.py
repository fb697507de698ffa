"""The page of results, made from the records and nothing else."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.records import Record, StatedTarget, number
from benchmarks.registry import Case

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

_HEAD = """# Benchmarks

How fast metneed is, and where it falls short of what it is meant to reach.
This page is made by `make bench` from the records in `benchmarks/results`, never by hand.
What is counted and how is in [the protocol](../benchmarks/protocol.md).
Times are of the clock on the wall, in seconds, on the machine named below each table.
Ratios are taken within one run on one machine, so they say more than times.
"""


def page(cases: Mapping[str, Case], records: Mapping[str, Record]) -> str:
    """The text of the page: shortfalls first, then each case with all its figures."""
    ran = {name: records[name] for name in cases if name in records}
    parts = [_HEAD, _summary(cases, ran)]
    parts += [_section(case, ran.get(name)) for name, case in cases.items()]
    return "\n".join(parts)


def _summary(cases: Mapping[str, Case], ran: Mapping[str, Record]) -> str:
    stated = [target for record in ran.values() for target in record.targets]
    met = sum(target.met is True for target in stated)
    lines = ["## In short", "", f"{met} of {len(stated)} targets are met."]
    short = [(name, target) for name, record in ran.items() for target in record.fell_short]
    if short:
        lines += ["Not met:", ""]
        lines += [f"- {_shortfall(cases[name], ran[name], target)}" for name, target in short]
    idle = [name for name in cases if name not in ran or ran[name].missing]
    if idle:
        lines += ["", f"Not measured: {', '.join(idle)}."]
    return "\n".join([*lines, ""])


def _shortfall(case: Case, record: Record, target: StatedTarget) -> str:
    found = record.figures[target.figure]
    return (
        f"{case.title}: {target.figure} is {number(found.value)} {found.unit}, "
        f"meant to be {target.bound} {number(target.value)}"
    )


def _section(case: Case, record: Record | None) -> str:
    lines = [f"## {case.title}", "", case.counts.replace(". ", ".\n"), ""]
    if record is None:
        return "\n".join([*lines, "Not measured yet.", ""])
    if record.missing:
        return "\n".join([*lines, f"Not measured: {', '.join(record.missing)} missing.", ""])
    lines += ["| figure | measured | meant to be | |", "|---|---:|---:|---|"]
    stated = {target.figure: target for target in record.targets}
    for name, figure in record.figures.items():
        target = stated.get(name)
        meant = f"{target.bound} {number(target.value)}" if target else ""
        verdict = "" if target is None else ("met" if target.met else "**not met**")
        lines.append(f"| {name} | {number(figure.value)} {figure.unit} | {meant} | {verdict} |")
    return "\n".join([*lines, "", _footnote(record), ""])


def _footnote(record: Record) -> str:
    used = ", ".join(f"{name} {number}" for name, number in record.versions.items())
    users = f"{record.users:,} users, " if record.users else ""
    times = "once" if record.repeats == 1 else f"medians of {record.repeats}"
    return (
        f"`{record.case}`: {users}{times}; {record.date}, {record.machine}, "
        f"load before {record.load:g}; {used}."
    )
