"""Generalised assignment, as OR-Library has it: every job to exactly one agent.

The file has the number of problems and for each: agents, jobs, a row of costs for each agent, a
row of resource use for each agent, and the capacities. A job becomes a user, an agent a service
with its capacity and, for every job, a package that uses it.
"""

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from metneed.instances.faults import Fault
from metneed.instances.importers.published import (
    LIMITS,
    NO_CURRENCY,
    ProblemFormat,
    ProblemOptions,
    Published,
    numbered,
    scenario_name,
)
from metneed.instances.importers.tokens import Tokens, exact, fitting, refuse
from metneed.instances.schemas import MOST_DECIMALS
from metneed.instances.write import Columns
from metneed.models.arrays import IntArray
from metneed.models.units import decimal_text


class Options(ProblemOptions):
    """Options of the format."""

    objective: Literal["minimise", "maximise"] = Field(
        default="minimise", description="whether the file gives costs or profits: the file is mute"
    )


def run(file: Path, options: Options) -> list[Published]:
    """Every problem of a file.

    Raises
    ------
    InputError
        Where the file is something else, or not whole.
    """
    tokens = Tokens(file)
    count = tokens.whole("the number of problems")
    numbers = numbered("", count) if count > 1 else [""]
    found = [_problem(file, tokens, number, options) for number in numbers]
    if not tokens.is_at_end:
        remedy = "Check that it is the right file and format, and that it is whole"
        problem = f"there are more numbers after {count} problems"
        refuse(file.name, Fault("not-this-format", problem, remedy))
    return found


FORMAT = ProblemFormat("gap", "Generalised assignment (OR-Library)", run, Options)


def _problem(file: Path, tokens: Tokens, number: str, options: Options) -> Published:
    agents = tokens.whole("the number of agents")
    jobs = tokens.whole("the number of jobs")
    objective = tokens.amounts(agents * jobs, "a cost or profit")
    used = tokens.amounts(agents * jobs, "a use")
    capacities = tokens.amounts(agents, "a capacity")
    most = min(MOST_DECIMALS[key] for key in ("need_decimals", "money_decimals"))
    decimals = fitting(file.name, objective, most, "costs")
    kept = fitting(file.name, [*used, *capacities], MOST_DECIMALS["quantity_decimals"], "uses")
    # A row a job, a column an agent: the order of packages.
    amounts = _by_job(exact(objective, decimals), jobs)
    uses = _by_job(exact(used, kept), jobs)
    minimise = options.objective == "minimise"
    cost = amounts if minimise else np.zeros_like(amounts)
    top = int(amounts.max())
    budget = int(cost.max(axis=1).sum())
    names = np.array(numbered("agent ", agents), dtype=object)
    users = np.repeat(np.array(numbered("job ", jobs), dtype=object), agents)
    packages = np.tile(names, jobs)
    rows = np.flatnonzero(uses.ravel())
    tables: dict[str, Columns] = {
        "users": {"user_id": numbered("job ", jobs)},
        "packages": {
            "user_id": users,
            "package_id": packages,
            "cost": cost.ravel(),
            "met_need": (top - amounts if minimise else amounts).ravel(),
        },
        "services": {"service_id": names, "capacity": exact(capacities, kept)},
        "uses": {
            "user_id": users[rows],
            "package_id": packages[rows],
            "service_id": packages[rows],
            "amount": uses.ravel()[rows],
        },
    }
    shown = decimal_text(top, decimals)
    note = "profits are met need; packages cost 0 and the budget is 0"
    if minimise:
        note = (
            f"met need is {shown} less the cost, so that the most met need is the least cost: "
            f"{jobs} x {shown} less what is spent; the budget never binds"
        )
    scenario = {
        "schema_version": 1,
        "name": scenario_name(file, number),
        "description": f"generalised assignment: a user is a job; {note}",
        "budget": decimal_text(budget, decimals),
        "currency": NO_CURRENCY,
        "money_decimals": decimals,
        "need_decimals": decimals,
        "quantity_decimals": kept,
        "choice": "exactly_one",
        "constraints": LIMITS,
    }
    return Published(number, tables, scenario, [note])


def _by_job(of_agents: IntArray, jobs: int) -> IntArray:
    """A row for each job of what the file has as a row for each agent."""
    return np.ascontiguousarray(of_agents.reshape(-1, jobs).T)
