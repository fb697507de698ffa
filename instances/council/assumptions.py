"""Every assumption of a build: its value, where it comes from, and what a change of it does."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from metneed.instances.build import Built
from metneed.instances.council.current import NOT_RECORDED
from metneed.instances.council.record import Council
from metneed.instances.council.settings import FILE
from metneed.instances.council.tables import today_costs
from metneed.instances.evidence import WORDS
from metneed.instances.met_need import stated_need
from metneed.instances.plans import PARTS
from metneed.instances.scenario_file import FILE as SCENARIO

DEFAULT = "default"


class Assumption(NamedTuple):
    """One assumption.

    Parameters
    ----------
    name, value
        What is assumed.
    source
        A file, or ``default``.
    effect
        What a change of it does, in words and where possible in figures.
    """

    name: str
    value: str
    source: str
    effect: str


def assumptions(council: Council, built: Built) -> list[Assumption]:
    """Every assumption of a build, in the order in which they enter it."""
    return [
        *_of_money(council),
        *_of_need(council, built),
        *_of_menus(council),
        *_of_people(council),
    ]


def _of_money(council: Council) -> Iterator[Assumption]:
    scenario, settings = council.scenario, council.settings
    units = scenario.units
    if not council.budget_stated:
        yield Assumption(
            "budget",
            f"{units.show_money(scenario.total_budget)} a {scenario.period}: what today's "
            "services cost, as recorded where that is known",
            DEFAULT,
            f"each per cent more or less is {units.show_money(scenario.total_budget // 100)}",
        )
    stated = settings.period is not None
    yield Assumption(
        "period",
        f"units, costs and contributions are for a {scenario.period}",
        FILE if stated else f"{SCENARIO} or default",
        "were they for another period, every cost and the budget would be off by the same times",
    )
    if scenario.budget_period not in (None, scenario.period):
        others = {
            weeks: scenario.model_copy(update={"weeks_per_year": weeks}).total_budget
            for weeks in ("365/7", "52", "364/7")
        }
        shown = ", ".join(f"{weeks}: {units.show_money(v)}" for weeks, v in others.items())
        yield Assumption(
            "weeks_per_year",
            scenario.weeks_per_year,
            SCENARIO if "weeks_per_year" in scenario.model_fields_set else DEFAULT,
            f"the budget for a {scenario.period} would be {shown}",
        )
    if council.current is not None:
        yield from _of_costs(council)
    yield Assumption(
        "basis",
        f"costs are {scenario.basis} of what people pay",
        SCENARIO if "basis" in scenario.model_fields_set else DEFAULT,
        _contributed(council),
    )


def _of_costs(council: Council) -> Iterator[Assumption]:
    units, current = council.scenario.units, council.current
    assert current is not None
    recorded = today_costs(current, council.prices, recorded=True)
    listed = today_costs(current, council.prices, recorded=False)
    stated = "cost_current" in council.settings.model_fields_set
    difference = int(recorded.sum() - listed.sum())
    yield Assumption(
        "cost_current",
        f"today's package costs its {council.settings.cost_current} price",
        FILE if stated else DEFAULT,
        f"by the records today's packages cost {units.show_money(abs(difference))} "
        f"{'less' if difference < 0 else 'more'} than at list price in all",
    )
    unknown = int(
        (
            current.matrix(len(council.prices.ids)).any(axis=1)
            & (current.recorded_cost() == NOT_RECORDED)
        ).sum()
    )
    if unknown and council.settings.cost_current == "recorded":
        yield Assumption(
            "costs not recorded",
            f"{unknown:,} people have a service without a recorded cost: list price counts",
            "current",
            "with their recorded costs, their package of today would cost other sums",
        )


def _contributed(council: Council) -> str:
    if council.contributions is None:
        return "no contributions are known, so gross and net are the same"
    total = council.scenario.units.show_money(int(council.contributions.sum()))
    return f"people pay {total} a {council.scenario.period} in all, as far as packages cost that"


def _of_need(council: Council, built: Built) -> Iterator[Assumption]:
    units, tables = council.scenario.units, council.tables
    yield Assumption(
        "evidence",
        f"{council.evidence}: {WORDS[council.evidence]}",
        FILE if council.settings.evidence else "the tables there are",
        "weaker evidence makes people of the same need look alike, or ranks them by past cost",
    )
    yield Assumption(
        "points",
        "the need, after unpaid care" if council.points is None else "the points in users",
        DEFAULT if council.points is None else "users",
        "rules that divide money by points would divide it otherwise; met need stays",
    )
    if council.evidence == "C":
        return
    curves = tables.reckoner.response
    yield Assumption(
        "response",
        "straight: half the support meets half the need"
        if curves.is_straight
        else "as the table response says",
        "response" if "response" in council.notes else DEFAULT,
        "see the response test",
    )
    if council.evidence == "A":
        yield from _of_outcomes(council)
        plain, _ = stated_need(
            replace(tables.needs, informal=np.zeros_like(tables.needs.informal)), tables.reckoner
        )
        helped = int((tables.needs.informal > 0).sum())
        if not helped:
            yield Assumption(
                "unpaid care",
                "nobody has any",
                "needs",
                "what unpaid carers meet would be taken off need, and off every package",
            )
            return
        yield Assumption(
            "unpaid care",
            f"{helped:,} needs are met in part by unpaid carers, who go on as they do",
            "needs",
            f"without them need would be {units.show_need(int((plain - built.need).sum()))} "
            f"points more than {units.show_need(int(built.need.sum()))}",
        )


def _of_outcomes(council: Council) -> Iterator[Assumption]:
    basic, level = council.tables.needs.basic, council.tables.needs.level
    stated = "basic_outcomes" in council.settings.model_fields_set
    yield Assumption(
        "basic outcomes",
        ", ".join(name for name in council.outcomes if name in council.settings.basic_outcomes)
        or "none",
        FILE if stated else DEFAULT,
        f"{int(basic.sum()):,} of {int((level > 0).sum()):,} needs count as basic: units go to "
        "them first, and the package basic meets them alone",
    )
    if council.ineligible:
        yield Assumption(
            "eligibility",
            f"{council.ineligible:,} needs are not eligible and do not count",
            "needs",
            "counted, they would add points, and packages would cost more",
        )


def _of_menus(council: Council) -> Iterator[Assumption]:
    if council.evidence == "C":
        yield Assumption(
            "shares",
            f"{', '.join(map(str, PARTS))} % of today's package meet the same shares of points",
            DEFAULT,
            "nobody knows what less would meet; any other share is as likely",
        )
        return
    yield Assumption(
        "order of services",
        ", ".join(council.prices.ids),
        "services",
        "units of a service go to what those before it leave open: put first what serves few needs",
    )
    yield Assumption(
        "full package",
        "for each need the service of greatest reach, of these the cheapest",
        DEFAULT,
        "a dearer service that reaches as far is offered only by template, swap or today's package",
    )
    yield Assumption(
        "sizes on the menu",
        f"{', '.join(map(str, PARTS))} % of full, up to the step of each service",
        DEFAULT,
        "more sizes let rules that choose packages fit the budget more closely",
    )


def _of_people(council: Council) -> Iterator[Assumption]:
    if council.left_out.ids:
        cost = council.scenario.units.show_money(council.left_out.cost)
        yield Assumption(
            "people without needs",
            f"{len(council.left_out.ids):,} people are left out; today they cost {cost}",
            FILE,
            "assessed, they would compete for the same budget, unless it pays for them apart",
        )
    for name, note in council.notes.items():
        if note.assumed:
            yield Assumption(
                f"rows of {name}",
                f"{note.assumed:,} of {note.rows:,} rows are marked as assumed",
                name,
                "they are the ones to ask about first",
            )
