"""The report of a build on a screen."""

from collections.abc import Iterator, Mapping
from typing import Any

from metneed.cli.screen import table
from metneed.models.findings import visible
from metneed.models.units import Units
from metneed.models.words import counted

RECORD = "build.json"


def screen(report: Mapping[str, Any], units: Units) -> str:
    """The report in tables and sentences; the menus and every source stand in the file."""
    parts = [_head(report, units), _menus(report)]
    if report["services"]:
        parts.append(_services(report))
    parts += [text for text in (_today(report), _responses(report), _disturbed(report)) if text]
    parts.append(_assumptions(report))
    return "\n\n".join(parts)


def _head(report: Mapping[str, Any], units: Units) -> str:
    level = report["evidence"]
    people = counted(report["people"], "person", "people")
    size = f"{people}, {counted(report['packages'], 'package')}"
    lines = [
        f"{visible(report['scenario'], 64)}: {size}, for a {report['period']}",
        f"Evidence {level['level']}: {level['meaning']}.",
    ]
    if report["people_without_a_package"]:
        without = counted(report["people_without_a_package"], "person has", "people have")
        lines.append(f"{without} no package at all.")
    if report["left_out"]["people"]:
        count = len(report["left_out"]["people"])
        without = counted(count, "person without needs is", "people without needs are")
        lines.append(f"{without} left out; {RECORD} names them.")
    stated = "" if report["budget"]["stated"] else " (not stated: today's cost)"
    lines.append(f"Budget {units.currency} {report['budget']['amount']}{stated}.")
    return "\n".join(lines)


def _menus(report: Mapping[str, Any]) -> str:
    rows = [
        [visible(row["package_id"]), *(f"{row[k]:,}" for k in ("people", "kept", "dominated"))]
        for row in report["menus"]
    ]
    return (
        "Menus: of how many people each package is, on how many menus it stands (equal ones "
        "are\nmerged under the first name), and on how many another one is better:\n"
        + table(["package", "people", "on menus", "dominated"], rows)
    )


def _services(report: Mapping[str, Any]) -> str:
    rows = report["services"]
    with_ledger = any("ledger_cost" in row for row in rows)
    heads = ["service", "people", "at list price", "as recorded"]
    heads += ["ledger", "people", ""] if with_ledger else []
    body = []
    for row in rows:
        cells = [visible(row["service_id"]), f"{row['people']:,}"]
        cells += [row["list_cost"], row["recorded_cost"]]
        if with_ledger:
            people = row["ledger_people"]
            cells += [row["ledger_cost"] or "-", "-" if people is None else f"{people:,}"]
            cells.append("over 1 %" if row["listed"] else "")
        body.append(cells)
    return "Today's services:\n" + table(heads, body)


def _today(report: Mapping[str, Any]) -> str:
    back, money = report["back_cast"], report["list_against_recorded"]
    if not back:
        return ""
    share = back["share_of_need_met"]
    half = back["people_under_half"]
    dear = back["people_over_120_percent_of_full"]
    lines = [
        f"Looking back: today's packages meet {share:.1%} of the need of {back['people']:,} people."
        if share is not None
        else f"Looking back: {back['people']:,} people have services and no need.",
        f"  {half:,} have less than half met, {dear:,} cost over 120 % of their full package.",
        "  Rank correlation of need with what is spent: "
        + _coefficient(back["rank_correlation_of_need_with_cost"]),
    ]
    if money["people_with_recorded_cost"]:
        lines.append(
            f"  Recorded costs less list prices are {money['difference']} for "
            f"{money['people_with_recorded_cost']:,} people "
            f"(rank correlation {_coefficient(money['rank_correlation'])}); "
            f"{money['people_off_by_over_5_percent']:,} differ by over 5 %."
        )
    return "\n".join(lines)


def _responses(report: Mapping[str, Any]) -> str:
    test = report.get("response_test")
    if test is None:
        return ""
    curves = list(dict.fromkeys(row["curve"] for row in test["rules"]))
    by_rule: dict[str, dict[str, Any]] = {}
    for row in test["rules"]:
        by_rule.setdefault(row["rule"], {})[row["curve"]] = row
    heads = ["rule", *(part for curve in curves for part in (curve, "nothing"))]
    body = [[rule, *_cells(found, curves)] for rule, found in by_rule.items()]
    changed = ", ".join(test["changed_places"]) or "none"
    return (
        "If half the support met half, 60 % or 75 % of a need: share of need met, and people "
        f"with nothing.\n{table(heads, body)}\nRules whose place among the others changes: "
        f"{changed}."
    )


def _cells(found: Mapping[str, Any], curves: list[str]) -> Iterator[str]:
    for curve in curves:
        row = found.get(curve)
        yield "-" if row is None else f"{row['share']:.1%}"
        yield "-" if row is None else f"{row['with_nothing']:,}"


def _disturbed(report: Mapping[str, Any]) -> str:
    tests = report.get("disturbed")
    if not tests:
        return ""
    lines = []
    error, shuffled = tests["error"], tests["shuffled"]
    if error is not None and error["undisturbed"]:
        kept = error["achieved"] / error["undisturbed"]
        lines.append(
            f"With scores off by {error['error']:.0%}, the priority list achieves {kept:.1%} of "
            "what it achieves with the scores as they are."
        )
    if shuffled is not None:
        lines.append(
            f"Its gain over the points rule is {shuffled['gain']:.1%}, and "
            f"{shuffled['shuffled_gain']:.1%} where people of similar need swap their costs."
        )
    return "\n".join(lines)


def _assumptions(report: Mapping[str, Any]) -> str:
    lines = [
        f"  {item['name']}: {item['value']} ({item['source']}).\n    A change: {item['effect']}."
        for item in report["assumptions"]
    ]
    return "\n".join(["Assumptions:", *lines])


def _coefficient(value: float | None) -> str:
    return "not known" if value is None else f"{value:.2f}"
