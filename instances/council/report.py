"""The report of a build as plain data: what was read, what was assumed, what it shows."""

from typing import Any

import numpy as np

from metneed.instances.build import Built
from metneed.instances.council.assumptions import assumptions
from metneed.instances.council.checks import (
    backcast,
    list_against_recorded,
    menu_table,
    services_table,
)
from metneed.instances.council.menus import Today
from metneed.instances.council.record import Council
from metneed.instances.evidence import WORDS
from metneed.instances.publish import versions

ROUNDING = (
    "Met need is exact and rounded down to the last decimal once a package. List prices are "
    "rounded up to the penny once a package, parts of a package up to the step of each service."
)


def build_report(council: Council, built: Built, today: Today | None) -> dict[str, Any]:
    """Everything about a build but the tests that run rules; amounts are exact decimal text."""
    scenario, units = council.scenario, council.scenario.units
    contributions = council.contributions
    return {
        "scenario": scenario.name,
        "evidence": {"level": council.evidence, "meaning": WORDS[council.evidence]},
        "period": scenario.period,
        "people": len(council),
        "packages": len(built.cost),
        "people_without_a_package": int((np.diff(built.offsets) == 0).sum()),
        "need": units.need(int(built.need.sum())),
        "basic_need": units.need(int(built.basic_need.sum())),
        "needs_not_eligible": council.ineligible,
        "left_out": {
            "people": list(council.left_out.ids),
            "cost_today": units.money(council.left_out.cost),
        },
        "budget": {
            "amount": units.money(scenario.total_budget),
            "stated": council.budget_stated,
        },
        "contributions": None
        if contributions is None
        else {
            "amount": units.money(int(contributions.sum())),
            "taken_off_costs": council.tables.contribution is not None,
        },
        "menus": menu_table(built),
        "services": services_table(council),
        "list_against_recorded": list_against_recorded(council, today),
        "back_cast": backcast(council, built, today),
        "assumptions": [item._asdict() for item in assumptions(council, built)],
        "rounding": ROUNDING,
        "tables": {
            name: {"rows": note.rows, "assumed": note.assumed, "sources": list(note.sources)}
            for name, note in council.notes.items()
        },
        "inputs": dict(council.inputs),
        "versions": versions(),
    }
