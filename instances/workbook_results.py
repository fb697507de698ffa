"""Results as the sheets of a workbook: what a rule did, a comparison, a frontier, findings."""

from collections.abc import Mapping, Sequence

import numpy as np

from metneed.instances.results import NOTE, chosen_packages
from metneed.instances.workbook_write import Column, Kind, Sheet
from metneed.models.allocation import WHOLE, Allocation, Infeasible, Outcome
from metneed.models.comparison import Comparison, Figure, Unit
from metneed.models.findings import Findings
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.units import Units

_PRIVATE = "One row a person: keep this workbook as you keep the records that it was made from."


def solution_sheets(
    instance: Instance,
    problem: Problem,
    rule: str,
    options: Mapping[str, object],
    outcome: Outcome,
) -> list[Sheet]:
    """What a rule did: what was asked and achieved, and who gets what.

    Parameters
    ----------
    instance, problem
        What was solved, and its money.
    rule, options
        Name of the rule, and the options it ran with.
    outcome
        Only an allocation has rows for people.
    """
    units = problem.units
    facts = {"rule": rule, **{f"rules.{rule}.{key}": str(value) for key, value in options.items()}}
    if not isinstance(outcome, Allocation):
        ended = "infeasible" if isinstance(outcome, Infeasible) else "not applicable"
        facts |= {"outcome": ended, "reason": outcome.reason}
        return [_about(instance, problem, facts)]
    facts |= {
        "spent": units.show_money(outcome.total_cost),
        "unspent": units.show_money(problem.allocable - outcome.total_cost),
        "met need": units.show_need(outcome.total_met_need),
        "proof": outcome.certificate.words(),
        "personal data": _PRIVATE,
    }
    sheets = [_about(instance, problem, facts), _allocation(instance, problem, outcome)]
    if outcome.parts is not None:
        parts = outcome.parts
        columns = [
            Column("user_id", instance.users.ids[parts.user]),
            Column("package_id", instance.package_ids.text(parts.package)),
            Column("share", (parts.share / WHOLE).tolist(), "share", 1),
        ]
        sheets.append(Sheet("parts", columns, kept=2))
    return sheets


def comparison_sheets(comparison: Comparison, problem: Problem) -> list[Sheet]:
    """A comparison: a row a rule, overall and by each group; nothing about single people.

    Parameters
    ----------
    comparison, problem
        What was compared, and its money.
    """
    units = problem.units
    facts = {"baseline": comparison.baseline or "none"}
    for name, outcome in comparison.outcomes.items():
        if isinstance(outcome, Allocation):
            facts[name] = outcome.certificate.words()
        else:
            ended = "infeasible" if isinstance(outcome, Infeasible) else "not applicable"
            facts[name] = f"{ended}: {outcome.reason}"
    sheets = [_about(comparison.instance, problem, facts)]
    for group_by in dict.fromkeys(figure.group_by for figure in comparison.figures):
        figures = [figure for figure in comparison.figures if figure.group_by == group_by]
        name = f"by {group_by}" if group_by else "comparison"
        sheets.append(Sheet(name, _figures(figures, units, group_by), kept=2 if group_by else 1))
    if comparison.footing is not None:
        sheets.append(_footing(comparison, units))
    return sheets


def frontier_sheets(instance: Instance, problem: Problem, rows: Mapping[str, Sequence[object]]) -> list[Sheet]:
    """What each budget buys.

    Parameters
    ----------
    instance, problem
        What was solved, and its money.
    rows
        Columns ``budget`` and ``met_need`` in smallest units, ``share_of_need`` and
        ``value_of_next_pound`` as floats or None.
    """
