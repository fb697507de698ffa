"""Tables and sentences for a screen, in a commissioner's words."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from metneed.instances.evidence import lowest, sentence
from metneed.models.comparison import Comparison, Figure, Number, Unit
from metneed.models.findings import visible
from metneed.models.instance import Instance
from metneed.models.scenario import Scenario
from metneed.models.units import Units
from metneed.models.words import counted

PACKAGES = {"whole": "whole packages only", "divisible": "part packages allowed"}
CHOICE = {"at_most_one": "at most one package each", "exactly_one": "exactly one package each"}
LEFTOVER = {
    "kept": "unspent awards stay unspent",
    "rounds": "unspent awards are shared out again in rounds",
}

COLUMNS = {
    "share_of_need": "need met",
    "spent": "spent",
    "reserved": "in reserve",
    "unspent": "unspent",
    "users_with_nothing": "nothing",
    "users_fully_met": "fully met",
    "users_below_basic": "below basic",
    "worst_off_share": "worst off",
    "gini": "Gini",
}
"""Columns of the short table, in order, with their headings; no reserve where nobody keeps any."""

BANDS = {
    "users_lost_over_5": "lose over 5",
    "users_lost": "lose less",
    "users_same": "same",
    "users_gained": "gain less",
    "users_gained_over_5": "gain over 5",
}
"""People by change in share of need met, with their headings."""

CHANGES = {
    "cost, losers": ("money_lost_over_5", "money_lost"),
    "cost, same": ("money_same",),
    "cost, gainers": ("money_gained", "money_gained_over_5"),
}
"""Change in the cost of those who lose, stay and gain, with their headings."""


FORMATS: dict[Unit, Callable[[float, Units], str]] = {
    "money": lambda value, units: units.show_money(int(value), rounded=True),
    "need": lambda value, units: units.show_need(int(value)),
    "users": lambda value, _: f"{int(value):,}",
    "share": lambda value, _: f"{value:.1%}",
    "need per money": lambda value, _: f"{value:.4f}",
    "index": lambda value, _: f"{value:.3f}",
}
"""How a figure of each unit is shown."""


def header(instance: Instance) -> str:
    """What is compared: people, packages, money and how packages may be chosen."""
    scenario, units = instance.scenario, instance.scenario.units
    users = counted(len(instance.users), "user")
    people = f"{users}, {counted(instance.menus.n_packages, 'package')}"
    money = (
        f"Total budget {_given(scenario)}{units.show_money(scenario.total_budget)} a "
        f"{scenario.period}, held back "
        f"{units.show_money(scenario.held_back)}, to allocate "
        f"{units.show_money(scenario.allocable)}."
    )
    lines = [f"{visible(scenario.name, 64)}: {people}", money, f"{choices(scenario)}."]
    return "\n".join([*lines, *evidence_lines(instance)])


def _given(scenario: Scenario) -> str:
    """The budget as it was given, where it was for another period."""
    if scenario.budget_period in {None, scenario.period}:
        return ""
    given = scenario.units.show_money(scenario.units.read_money(scenario.budget))
    return f"{given} a {scenario.budget_period} ({scenario.weeks_per_year} weeks), which is "


def evidence_lines(instance: Instance) -> list[str]:
    """What met need was derived from, where the instance says so."""
    level = lowest([instance.evidence or ""])
    return [] if level is None else [sentence(level)]


def choices(scenario: Scenario) -> str:
    """How packages may be chosen and what happens to unspent awards, in words."""
    words = (PACKAGES[scenario.packages], CHOICE[scenario.choice], LEFTOVER[scenario.leftover])
    return ", ".join(words).capitalize()


def figure_text(value: Number, unit: Unit, units: Units) -> str:
    """One figure for a screen."""
    if value is None:
        return "not known"
    return FORMATS[unit](value, units)


def comparison_table(comparison: Comparison, group_by: str = "") -> str:
    """One row a rule (and group), the figures that a meeting asks for first."""
    units = comparison.instance.scenario.units

    def cell(row: Mapping[str, Figure], key: str) -> str:
        figure = row.get(key)
        if figure is None:
            return ""
        if key == "unspent" and figure.value is not None and figure.value < 0:
            return f"over by {figure_text(-figure.value, figure.unit, units)}"
        return figure_text(figure.value, figure.unit, units)

    rows = _rows(comparison, group_by)
    columns = {"users": "users", **COLUMNS} if group_by else COLUMNS

    def is_shown(key: str) -> bool:
        figures = [row[key] for row in rows.values() if key in row]
        return any(figure.value for figure in figures) if key == "reserved" else bool(figures)

    shown = {key: head for key, head in columns.items() if is_shown(key)}
    return _rule_table(rows, list(shown.values()), lambda row: [cell(row, k) for k in shown])


def winners_table(comparison: Comparison, group_by: str = "") -> str:
    """One row a rule (and group): people who lose and gain against the baseline, with pounds."""
    units = comparison.instance.scenario.units
    rows = _rows(comparison, group_by)
    # Against itself a rule changes nothing.
    rows = {key: row for key, row in rows.items() if key[0] != comparison.baseline}
    if (
        not comparison.baseline
        or not rows
        or not all(key in row for row in rows.values() for key in BANDS)
    ):
        return ""

    def cells(row: Mapping[str, Figure]) -> list[str]:
        people = [figure_text(row[key].value, "users", units) for key in BANDS]
        pounds = [
            units.show_money(sum(int(row[key].value or 0) for key in keys), rounded=True)
            for keys in CHANGES.values()
        ]
        return people + pounds

    return _rule_table(rows, [*BANDS.values(), *CHANGES], cells)


_Rows: TypeAlias = dict[tuple[str, str], dict[str, Figure]]


def _rows(comparison: Comparison, group_by: str) -> _Rows:
    rows: _Rows = {}
    for item in comparison.figures:
        if item.group_by == group_by:
            rows.setdefault((item.rule, item.group), {})[item.measure] = item
    return rows


def _rule_table(
    rows: _Rows, heads: list[str], cells: Callable[[Mapping[str, Figure]], list[str]]
) -> str:
    grouped = any(group for _, group in rows)
    names = ["rule", "group"] if grouped else ["rule"]
    body = [
        [rule, *([visible(group)] if grouped else []), *cells(row)]
        for (rule, group), row in rows.items()
    ]
    return table([*names, *heads], body, left=len(names))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Columns of text, the first `left` of them to the left and the rest to the right."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(_width(cell) for cell in column) for column in columns]
    lines = [
        "  ".join(
            cell + " " * (width - _width(cell)) if i < left else " " * (width - _width(cell)) + cell
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [heads, *rows]
    ]
    rule = "-" * max(map(_width, lines))
    return "\n".join([lines[0], rule, *lines[1:]])


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.combining(char) != 0 for char in text)
    return len(text) + wide - marks
