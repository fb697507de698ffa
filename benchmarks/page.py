"""The page of results, made from the records and nothing else."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.picture_data import POINTS
from benchmarks.records import Record, StatedTarget, number
from benchmarks.registry import Case
from benchmarks.tables import tables

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

_HEAD = """# Benchmarks

How fast metneed is, and where it falls short of what it is meant to reach.
This page is made by `make bench` from the records in `benchmarks/results`, never by hand.
What is counted and how is in [the protocol](../benchmarks/protocol.md).
Times are of the clock on the wall, in seconds, on the machine named below each table.
Ratios are taken within one run on one machine, so they say more than times.
"""

PICTURES = {
    "time-whole": "Time for whole packages by the number of users, both scales by factors of ten: "
    "a triangle is an answer at the limit, or none.",
    "time-lp": "Time for part packages by the number of users: the linear programme.",
    "gap": "True gaps of whole packages by the time they took: how far each answer really is "
    "below the proven optimum; answers that may not be given are left out.",
    "memory": "Memory by the number of users: Python, the solver and all it starts.",
}
"""Pictures by name, as they are explained on the page."""


def page(cases: Mapping[str, Case], records: Mapping[str, Record]) -> str:
    """The text of the page: shortfalls first, then each case with all its figures."""
    ran = {name: records[name] for name in cases if name in records}
    parts = [_HEAD, _summary(cases, ran), _pictures(ran)]
    parts += [_section(case, ran.get(name)) for name, case in cases.items()]
    return "\n".join(part for part in parts if part)


def _summary(cases: Mapping[str, Case], ran: Mapping[str, Record]) -> str:
    stated = [target for record in ran.values() for target in record.targets]
    met = sum(target.met is True for target in stated)
    lines = ["## In short", "", f"{met} of {len(stated)} targets are met."]
    short = [(name, target) for name, record in ran.items() for target in record.fell_short]
    if short:
        lines += ["Not met:", ""]
        lines += [f"- {_shortfall(cases[name], ran[name], target)}" for name, target in short]
    absent = sorted(
        {
            f"{entry.title} ({entry.why})"
            for record in ran.values()
            for entry in record.entries
            if entry.state == "missing"
        }
    )
    if absent:
        lines += ["", f"Competitors that are missing: {', '.join(absent)}."]
    idle = [name for name in cases if name not in ran or ran[name].missing]
    if idle:
        lines += ["", f"Not measured: {', '.join(idle)}."]
    return "\n".join([*lines, ""])


def _pictures(ran: Mapping[str, Record]) -> str:
    """The pictures that are drawn, each with its explanation."""
    shown = [(name, words) for name, words in PICTURES.items() if POINTS[name](ran)]
    if not shown:
        return ""
    lines = ["## In pictures", ""]
    for name, words in shown:
        lines += [words, "", f"![{words.partition(':')[0]}](benchmarks/{name}.svg)", ""]
    return "\n".join(lines)


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
    lines += tables(record.entries)
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
