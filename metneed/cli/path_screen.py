"""A budget path for a screen: one block a figure, rules down and years across."""

from collections.abc import Callable
from decimal import Decimal

from metneed.cli.screen import table
from metneed.models.budget_path import BudgetPath
from metneed.models.path import Break, Path
from metneed.models.scenario import Scenario
from metneed.models.units import Units
from metneed.models.words import counted

SLICE_TO = {
    "saved": "saved",
    "contingency": "kept for contingencies: it pays what is overspent",
    "pooled_fund": "for pooled services: it pays their fixed costs",
    "administration": "for administration: it pays the overheads",
}

MONEY = {
    "budget": "total budget",
    "top_slice": "top slice",
    "overheads": "overheads",
    "held_back_so_far": "held back so far",
}
"""Money that is the same for every rule, with its headings."""

BLOCKS = {
    "price_per_point": "Money for each point",
    "share_of_need": "Share of need met",
    "met_need": "Met need",
    "users": "Users",
    "users_below_basic": "Users below basic need",
    "users_with_nothing": "Users with nothing",
    "users_losing": "Users with less than the year before",
    "users_gaining": "Users with more than the year before",
    "users_below_step": "Users whose money no longer pays for the package of the year before",
    "carried_in": "Money carried over from the year before",
    "allocable": "To allocate",
    "spent": "Spent",
    "reserve": "Kept in reserve",
    "unspent": "Unspent (over: more than there is to allocate)",
    "slice_used": "Taken from the top slice",
    "slice_short": "What the top slice would have to pay and cannot",
    "slice_left": "Left of the top slice, all years together",
}
"""Figures by rule and year, in order, with their titles."""

_EVERY_RULE_ALIKE = ("carried_in", "allocable", "users", "slice_used", "slice_short", "slice_left")
"""Figures of which one line does where all rules agree."""

_ONLY_WHERE_ANY = ("carried_in", "reserve", "slice_used", "slice_short", "users_below_step")
"""Figures that are left out where they are nothing throughout."""


def path_blocks(path: Path) -> list[str]:
    """All blocks in order."""
    blocks = [plan_lines(path.instance.scenario, path.plan), _money(path)]
    blocks += [block for name in BLOCKS if (block := _block(path, name))]
    return [*blocks, "\n".join(["First floor or limit to break", *_broken(path)]), *_notes(path)]


def plan_lines(scenario: Scenario, plan: BudgetPath) -> str:
    """What is asked of the years, in sentences."""
    first, last = plan.numbers[0], plan.numbers[-1]
    lines = [f"Year {plan.base_year} is the scenario's own; years {first} to {last} follow."]
    lines.append(_of_pot(plan))
    share = _percent(scenario.top_slice)
    if plan.reading == "slice_is_cut":
        lines.append("The top slice is the cut: what is sliced off is saved and does not return.")
    elif scenario.top_slice:
        lines.append(f"A top slice of {share} comes on top of that, {SLICE_TO[plan.slice_to]}.")
    if plan.price_inflation:
        lines.append(f"Prices rise by {_percent(plan.price_inflation)} a year; the pot does not.")
    if plan.leavers or plan.joiners:
        lines.append(
            f"{_percent(plan.leavers)} of the users leave each year and {_percent(plan.joiners)} "
            f"join, drawn with seed {scenario.seed}."
        )
    if plan.carry_over:
        lines.append(f"{_percent(plan.carry_over)} of unspent money is carried into the next year.")
    if plan.year:
        lines.append(
            f"Years with figures of their own: {', '.join(map(str, sorted(plan.listed)))}."
        )
    return "\n".join(lines)


def _of_pot(plan: BudgetPath) -> str:
    if plan.cut:
        return f"The pot is cut by {_percent(plan.cut)} of itself each year."
    return "The pot stays as it is, but for years with figures of their own."


def _percent(share: Decimal) -> str:
    return f"{share:.1%}".replace(".0%", "%")


def _money(path: Path) -> str:
    """The money that every rule has alike."""
    rule, units = path.rules[0], path.instance.scenario.units
    rows = []
    for measure, title in MONEY.items():
        values = [path.value(year, rule, measure) for year in path.years]
        if measure == "budget" or any(values):
            rows.append(
                [title, *(units.show_money(int(value or 0), rounded=True) for value in values)]
            )
    return "The money of each year\n" + table(["", *map(str, path.years)], rows)


def _block(path: Path, measure: str) -> str:
    """One figure, rules down and years across; empty where there is nothing to show."""
    rows = {rule: [path.value(year, rule, measure) for year in path.years] for rule in path.rules}
    rows = {rule: values for rule, values in rows.items() if any(v is not None for v in values)}
    if not rows or (measure in _ONLY_WHERE_ANY and not any(map(any, rows.values()))):
        return ""
    if measure.startswith("slice_") and path.plan.slice_to == "saved":
        return ""
    if measure == "users" and len({value for values in rows.values() for value in values}) == 1:
        return ""
    alike = len(rows) > 1 and len({tuple(values) for values in rows.values()}) == 1
    if alike and measure in _EVERY_RULE_ALIKE:
        rows = {"every rule": next(iter(rows.values()))}
    show, units = _FORMATS[measure], path.instance.scenario.units
    cells = [
        [rule, *("-" if value is None else show(value, units) for value in values)]
        for rule, values in rows.items()
    ]
    return f"{BLOCKS[measure]}\n" + table(["rule", *map(str, path.years)], cells)


def _rounded(value: float, units: Units) -> str:
    return units.show_money(int(value), rounded=True)


def _unspent(value: float, units: Units) -> str:
    return f"over {_rounded(-value, units)}" if value < 0 else _rounded(value, units)


def _price(value: float, units: Units) -> str:
    return units.show_money(round(value * 10**units.money_decimals))


def _count(value: float, _: Units) -> str:
    return f"{int(value):,}"


def _need(value: float, units: Units) -> str:
    return units.show_need(int(value))


def _share(value: float, _: Units) -> str:
    return f"{value:.1%}"


_FORMATS: dict[str, Callable[[float, Units], str]] = {
    **dict.fromkeys(BLOCKS, _rounded),
    **{name: _count for name in BLOCKS if name.startswith("users")},
    "unspent": _unspent,
    "price_per_point": _price,
    "met_need": _need,
    "share_of_need": _share,
}


def _broken(path: Path) -> list[str]:
    """For each rule the floors and limits that it breaks, with the first year and the people."""
    lines = []
    for rule in path.rules:
        broken = [item for item in path.breaks if item.rule == rule]
        if broken:
            said = "; ".join(_of_break(item, path.years[0]) for item in broken)
            lines.append(f"{rule}: {said}.")
        elif any(path.value(year, rule, "spent") is not None for year in path.years):
            lines.append(f"{rule}: none in these years.")
    if path.instance.users.basic_need is None:
        lines.append("The users have no column basic_need, so that no floor under it is counted.")
    return lines


def _of_break(item: Break, first: int) -> str:
    """``basic need in year 3 (12 users)``."""
    already = "already " if item.year == first else ""
    users = f" ({counted(item.users, 'user')})" if item.users else ""
    return f"{item.limit} {already}in year {item.year}{users}"


def _notes(path: Path) -> list[str]:
    """What rules overspend, where they have no allocation, and what a limit ended."""
    lines, units = [], path.instance.scenario.units
    for rule in path.rules:
        over = [min(int(path.value(year, rule, "unspent") or 0), 0) for year in path.years]
        if any(over):
            lines.append(
                f"{rule} overspends: {units.show_money(-sum(over), rounded=True)} more than there "
                "is to allocate, all years together."
            )
        lines += _without(path, rule)
    for (year, rule), limit in path.limits.items():
        lines.append(f"{rule} in year {year} was stopped by {limit}: the best known is shown.")
    return ["\n".join(lines)] if lines else []


def _without(path: Path, rule: str) -> list[str]:
    """Why there is no allocation, once for all years with the same reason."""
    years: dict[str, list[int]] = {}
    for (year, name), reason in path.reasons.items():
        if name == rule:
            kind = "infeasible" if (year, name) in path.infeasible else "not applicable"
            years.setdefault(f"{kind}: {reason}", []).append(year)
    return [
        f"{rule} in {'year' if len(found) == 1 else 'years'} {', '.join(map(str, found))} is "
        f"{said}."
        for said, found in years.items()
    ]
