"""What was found about two stages, in words for a meeting and as plain data."""

from collections.abc import Iterator

from metneed.cli.screen import table
from metneed.models.comparison import Figure, Number, Unit
from metneed.models.findings import visible
from metneed.models.instance import Instance
from metneed.models.units import Units
from metneed.models.words import counted
from metneed.solver.rules import rule as rule_named
from metneed.solver.studies.gain_parts import Crossed, Supposed
from metneed.solver.studies.no_upfront import Way, WithoutUpfront
from metneed.solver.studies.resampling import LEAST_SAMPLE, Interval
from metneed.solver.studies.stage_report import StageReport
from metneed.solver.studies.telling import Anchored, Difference, Told

HEADS = {
    "users": "users",
    "indicative": "indicative",
    "final": "final",
    "bias": "of final",
    "median_error": "middle error",
    "mean_error_share": "mean error",
    "within_10_per_cent": "within 10 %",
    "within_20_per_cent": "within 20 %",
    "rank_correlation": "same order",
    "users_final_above": "final above",
    "users_final_below": "final below",
}
"""Columns of the table of errors, with their headings."""

TOLD = {
    "users": "people",
    "bias": "indicative of final",
    "mean_error": "error on average",
    "mean_error_share": "error as a share of final",
    "within_10_per_cent": "within 10 %",
    "within_20_per_cent": "within 20 %",
    "mean_share_of_need": "need met by final plans",
    "median_days_to_plan": "days to the plan, middle",
    "mean_days_to_plan": "days to the plan, on average",
}
"""Rows of the table of those told and not told."""

WITHIN = {
    "ratio": "every plan paid the same part",
    "points": "plans paid in the order of points, the most first",
    "arrival": "plans paid in the order of arrival",
    "random": "plans paid in an order drawn by lot",
}


def lines(instance: Instance, rule: str, found: StageReport) -> Iterator[str]:
    """The report as a screen shows it."""
    units = instance.scenario.units
    yield (
        f"Indicative: {rule} ({rule_named(rule).title}). Final: {found.stages.source}. "
        "Neither is worked out from the other."
    )
    if found.stages.left_out:
        yield f"Left out, without a final cost: {counted(found.stages.left_out, 'user')}."
    yield ""
    yield _errors(found, units)
    yield "Errors are indicative less final: below zero where the plan costs more."
    yield ""
    yield from _error_words(found, units)
    if found.told is not None:
        yield ""
        yield from _told(found.told, units)
    if found.anchored is not None:
        yield ""
        yield from _anchored(found.anchored, units)
    yield ""
    if found.without is None:
        yield (
            f"Fewer than {LEAST_SAMPLE} people have a need: whether it would have gone as well "
            "without the indicative budget cannot be told."
        )
    else:
        yield from _without(found.without, units)
    if found.supposed is not None:
        yield ""
        yield from _supposed(found.supposed, units)
    if found.crossed is not None:
        yield ""
        yield from _crossed(found.crossed)


def _errors(found: StageReport, units: Units) -> str:
    parts: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in found.figures:
        parts.setdefault((figure.group_by, figure.group), {})[figure.measure] = figure
    body = [
        [visible(group_by), visible(group) if group_by else "everyone"]
        + [show(row[name].value, row[name].unit, units) for name in HEADS]
        for (group_by, group), row in parts.items()
    ]
    return table(["by", "group", *HEADS.values()], body, left=2)


def _error_words(found: StageReport, units: Units) -> Iterator[str]:
    of = {f.measure: f for f in found.figures if not f.group_by}

    def said(name: str) -> str:
        return show(of[name].value, of[name].unit, units)

    yield (
        f"Of {counted(len(found.stages.final), 'person', 'people')}, {said('within_10_per_cent')} "
        f"have a final budget within 10 % of the indicative one, {said('within_20_per_cent')} "
        "within 20 %."
    )
    if of["bias"].value is not None:
        yield f"All indicative budgets together are {said('bias')} of all final ones."
    zero = int(of["users_final_zero"].value or 0)
    if zero:
        yield (
            f"The final cost of {counted(zero, 'person', 'people')} is nothing: they have no error "
            "as a share of it, and count as within 10 % only where the indicative budget is "
            "nothing too."
        )
    above = int(of["users_final_above"].value or 0)
    if above:
        yield (
            f"For {counted(above, 'person', 'people')} the plan costs more than the indicative "
            f"budget, {said('overrides')} in all. That contingency would have been enough "
            f"({said('contingency_share')} of the indicative budgets); were the {said('returned')} "
            f"given back by those whose plans cost less, {said('contingency_share_if_returned')}."
        )


def _told(told: Told, units: Units) -> Iterator[str]:
    yield "Those who were told the indicative budget, and those who were not:"
    rows = []
    for name, head in TOLD.items():
        if name not in told.told:
            continue
        values = [show(*side[name], units) for side in (told.told, told.not_told)]
        difference = told.differences.get(name)
        rows.append([head, *values, *_difference(difference, units)])
    yield table(["", "told", "not told", "difference", "by chance alone", ""], rows)
    yield (
        "By chance alone: where 95 in 100 differences lie if lots decide who counts as told. "
        "People who were told may differ from the others in more than that."
    )


def _difference(difference: Difference | None, units: Units) -> list[str]:
    if difference is None:
        return ["", "", ""]
    if difference.value is None or difference.chance is None:
        return ["not known", "", ""]
    unit, chance = difference.unit, difference.chance
    value = show(difference.value, unit, units, signed=True)
    word = "more than chance" if difference.beyond_chance else "could be chance"
    return [value, _interval(chance, unit, units), word]


def _anchored(found: Anchored, units: Units) -> Iterator[str]:
    (plans, moved), (spent, then), (met, later) = found.plans, found.spent, found.met_need
    yield (
        f"Supposed: plans of those told move {float(found.share):.0%} of the way to the indicative "
        f"budget. {counted(found.users, 'plan')} would change, all plans cost "
        f"{units.show_money(moved)} instead of {units.show_money(plans)}, the best packages within "
        f"them {units.show_money(then)} instead of {units.show_money(spent)}, and meet "
        f"{units.show_need(later)} instead of {units.show_need(met)}."
    )


def _without(found: WithoutUpfront, units: Units) -> Iterator[str]:
    yield (
        f"Would it have gone as well without the indicative budget? The same people and money, "
        f"{units.show_money(found.money)}; {WITHIN[found.within]}:"
    )
    rows = [
        _way("indicative budget first", found.first, units),
        _way("plans only", found.plans_only, units),
    ]
    yield table(["", "spent", "met need", "share met, on average", "with nothing"], rows)
    if found.paid < found.plans:
        yield (
            f"All plans cost {units.show_money(found.plans)}; the money pays for "
            f"{units.show_money(found.paid)} of that."
        )
    margin = f"{float(found.margin) * 100:.3g} percentage points"
    words = {
        "no larger difference": f"No difference larger than {margin} was found",
        "larger difference": f"A difference larger than {margin} was found",
        "cannot be told": f"Whether there is a difference larger than {margin} cannot be told",
    }
    yield (
        f"{words[found.verdict]}: without the indicative budget the mean share of need met changes "
        f"by {_points(found.difference)} percentage points, and by "
        f"{_points(found.interval.low)} to {_points(found.interval.high)} for 95 in 100 draws of "
        "these people."
    )


def _way(name: str, way: Way, units: Units) -> list[str]:
    share = show(way.mean_share, "share", units)
    met = units.show_need(way.met_need)
    return [name, units.show_money(way.spent), met, share, f"{way.users_with_nothing:,}"]


def _supposed(found: Supposed, units: Units) -> Iterator[str]:
    gains = [part - found.plain for part in (found.choice, found.known, found.both)]
    choice, known, both = (units.show_need(gain) for gain in gains)
    yield (
        f"Supposed gains: the final plans meet {units.show_need(found.plain)}; choice would add "
        f"{choice}, knowing the budget {known}, both together {both}"
        + (f" ({units.show_need(found.overlap)} less: needs fully met)." if found.overlap else ".")
    )


def _crossed(found: Crossed) -> Iterator[str]:
    def text(value: float) -> str:
        return f"{value:.1%}" if found.unit == "share" else f"{value:.3g}"

    def effect(name: str, value: float, interval: Interval | None) -> str:
        between = ""
        if interval is not None:
            between = f" (95 in 100 draws: {text(interval.low)} to {text(interval.high)})"
        return f"  {name}: {'+' if value >= 0 else ''}{text(value)}{between}"

    yield f"Telling and choice taken apart, by {found.outcome}:"
    rows = [
        [
            "told" if cell.told else "not told",
            "with choice" if cell.choice else "without choice",
            f"{cell.users:,}",
            text(cell.mean),
        ]
        for cell in found.cells
    ]
    yield table(["", "", "people", "mean"], rows, left=2)
    known, choice, more = found.intervals or (None, None, None)
    yield effect("being told, on average over both", found.known, known)
    yield effect("choice, on average over both", found.choice, choice)
    yield effect("how much more telling does where there is choice", found.interaction, more)
    if found.intervals is None:
        yield "  One of the groups is too small to say how sure that is."


def _points(share: float) -> str:
    return f"{share * 100:+.1f}"


def _interval(interval: Interval, unit: Unit, units: Units) -> str:
    low, high = (show(end, unit, units, signed=True) for end in (interval.low, interval.high))
    return f"{low} to {high}"


def show(value: Number, unit: Unit, units: Units, *, signed: bool = False) -> str:
    """A figure for this screen; money in full, other numbers short."""
    if value is None:
        return "not known"
    plus = "+" if signed and value > 0 else ""
    match unit:
        case "money":
            return plus + units.show_money(round(value))
        case "need":
            return plus + units.show_need(round(value))
        case "users":
            return f"{plus}{int(value):,}"
        case "share":
            return f"{plus}{value:.1%}"
        case _:
            return f"{plus}{value:.2f}"
