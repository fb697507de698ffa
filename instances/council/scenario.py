"""The scenario of a build: the period of the tables, and a budget where none is stated."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from metneed.instances.council.settings import Settings
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.scenario_file import FILE, ScenarioKeys, check_keys
from metneed.instances.schemas import UNIT_DECIMALS
from metneed.models.findings import Findings
from metneed.models.scenario import Scenario

_NO_BUDGET = 10**12
"""Stands for the budget until it is known what today's services cost."""

_YEARLY = (30, 80)
"""A week's budget between so many times today's cost is likely to be a year's."""


def scenario_keys(
    raw: Mapping[str, Any] | None, text: str, settings: Settings, findings: Findings
) -> tuple[ScenarioKeys, bool]:
    """The scenario in the period of the tables, and whether it states a budget."""
    if raw is None:
        return ScenarioKeys(), False
    given = dict(raw)
    faults = FileFaults(FILE, findings)
    stated_period = given.get("period")
    period = settings.period or stated_period or "week"
    if stated_period is not None and stated_period != period:
        problem = f"the tables are for a {period}, as build.toml says"
        remedy = "Leave it out; write budget_period for what the budget is for"
        faults.add(Fault("two-periods", problem, remedy), "period", str(stated_period))
    given["period"] = period
    if settings.weeks_per_year is not None:
        given.setdefault("weeks_per_year", settings.weeks_per_year)
    # Units of services have three decimals in the tables.
    given.setdefault("quantity_decimals", UNIT_DECIMALS)
    stated = "budget" in given
    if not stated:
        given["budget"] = _NO_BUDGET
        given.pop("budget_period", None)
    return check_keys(given, faults, text), stated


def with_budget(
    scenario: Scenario, today: int, findings: Findings, *, stated: bool
) -> Scenario | None:
    """The scenario with its budget, as stated or what today's services cost; None without either.

    Parameters
    ----------
    scenario
        With the stated budget, or with one that stands for it.
    today
        What today's services cost as recorded, smallest money units.
    findings
        Where faults go.
    stated
        Whether the budget is stated.
    """
    faults = FileFaults(FILE, findings)
    if stated:
        _check_period(scenario, today, faults)
        return scenario
    if not today:
        problem = "there is no budget, and nobody has services today that could stand for it"
        faults.add(Fault("no-budget", problem, "Write budget = ... in pounds"), "budget")
        return None
    budget = Decimal(today).scaleb(-scenario.money_decimals)
    keys = scenario.model_dump(exclude_unset=True) | {"budget": budget}
    return check_keys(keys, faults).scenario


def _check_period(scenario: Scenario, today: int, faults: FileFaults) -> None:
    """Warn of a budget that is about a year's, where it is taken for a week's."""
    if scenario.period != "week" or scenario.budget_period is not None:
        return
    if today and _YEARLY[0] < scenario.total_budget / today < _YEARLY[1]:
        times = scenario.total_budget // today
        problem = f"{times} times what today's services cost a week: is it for a year?"
        fault = Fault("yearly-budget", problem, 'If so, write budget_period = "year"')
        faults.add(fault, "budget", str(scenario.budget), severity="warning")
