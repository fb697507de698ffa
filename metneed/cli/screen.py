"""Tables and sentences for a screen, in a commissioner's words."""

import shutil
import unicodedata
from collections.abc import Callable, Sequence

from metneed.models.comparison import Comparison, Number, Unit
from metneed.models.findings import visible
from metneed.models.instance import Instance
from metneed.models.scenario import Scenario
from metneed.models.units import Units

PACKAGES = {"whole": "whole packages only", "divisible": "part packages allowed"}
CHOICE = {"at_most_one": "at most one package each", "exactly_one": "exactly one package each"}
LEFTOVER = {
    "kept": "unspent awards stay unspent",
    "rounds": "unspent awards are shared out again in rounds",
}

COLUMNS = {
    "share_of_need": "need met",
    "spent": "spent",
    "unspent": "unspent",
    "users_with_nothing": "nothing",
    "users_fully_met": "fully met",
    "users_below_basic": "below basic",
    "worst_off_share": "worst off",
    "gini": "Gini",
}
"""Columns of the short table, in order, with their headings."""

BANDS = {
    "users_lost_over_5": "lose >5",
    "users_lost": "lose",
    "users_same": "same",
    "users_gained": "gain",
    "users_gained_over_5": "gain >5",
}


FORMATS: dict[Unit, Callable[[float, Units], str]] = {
    "money": lambda value, units: units.show_money(int(value)),
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
    people = f"{len(instance.users):,} users, {instance.menus.n_packages:,} packages"
    money = (
        f"Total budget {units.show_money(scenario.total_budget)} a {scenario.period}, held back "
        f"{units.show_money(scenario.held_back)}, to allocate "
        f"{units.show_money(scenario.allocable)}."
    )
    return f"{visible(scenario.name, 64)}: {people}\n{money}\n{choices(scenario)}."


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
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for item in comparison.figures:
        if item.group_by == group_by:
            row = cells.setdefault((item.rule, item.group), {})
            row[item.measure] = figure_text(item.value, item.unit, units)
    shown = {**COLUMNS, **(BANDS if comparison.baseline else {})}
    shown = {key: head for key, head in shown.items() if any(key in row for row in cells.values())}
    heads = ["rule", *([group_by] if group_by else []), *shown.values()]
    rows = [
        [rule, *([visible(group)] if group_by else []), *(row.get(key, "") for key in shown)]
        for (rule, group), row in cells.items()
    ]
    return table(heads, rows, left=2 if group_by else 1)


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
    rule = "-" * min(max(map(_width, lines)), shutil.get_terminal_size((160, 40)).columns)
    return "\n".join([lines[0], rule, *lines[1:]])


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.combining(char) != 0 for char in text)
    return len(text) + wide - marks
