"""Capacities: no more of a service is used than there is.

In words: there are only so many home care hours, day centre places, visits. All packages together
use no more of a service than its capacity, or than the share of it that may be planned for.

Formula: for each service, the sum over users of what their packages use of it <= share x capacity,
rounded down. One row a service: with the budget, the multiple-choice multi-dimensional knapsack
problem.

Source: services and uses of the instance. The health benefit packages of Malawi and Uganda hold
the minutes of each cadre of staff in the same way.

Ignores: travel, rotas and times of the day; what it costs to open a service; and what today's
packages use, which the table of previous packages does not say.
"""

from decimal import Decimal

import numpy as np
from pydantic import Field

from metneed.models.arrays import frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.scenario import Share
from metneed.models.services import NO_LIMIT, Services
from metneed.solver.constraint import Constraint, Effect, Reading
from metneed.solver.engines.rows import Row
from metneed.solver.rule import Options
from metneed.solver.selection import at_most_part_of, known, needed, place


class CapacityOptions(Options):
    """Which services are limited, and how much of them may be planned."""

    services: tuple[str, ...] = Field(
        default=(), description="service_ids; default: all that have a capacity"
    )
    share: Share = Field(
        json_schema_extra={"unit": "share"},
        default=Decimal(1),
        description="share of the capacity that may be used",
    )


def apply(problem: Problem, name: str, options: CapacityOptions) -> Effect:
    """One row for each service with a capacity."""
    services = needed(problem.services, name, "the table services")
    uses = needed(problem.uses, name, "the table uses")
    rows, readings = [], {}
    for service in _limited(services, name, options):
        used = np.zeros(problem.menus.n_packages, dtype=np.int64)
        of_it = uses.service == service
        np.add.at(used, uses.package[of_it], uses.amount[of_it])
        limit = at_most_part_of(options.share, int(services.capacity[service]))
        row = Row(f"{name}: {services.ids[service]}", frozen(used), limit)
        rows.append(row)
        users = len(np.unique(problem.menus.user[used > 0]))
        readings[row.name] = Reading("quantity", users=users)
    return Effect(rows=tuple(rows), readings=readings)


def _limited(services: Services, name: str, options: CapacityOptions) -> list[int]:
    """The rows of the services that are limited."""
    capacity = services.capacity
    if not options.services:
        limited = np.flatnonzero(capacity != NO_LIMIT).tolist()
        if not limited:
            raise OptionError(
                f"{place(name)}: no service has a capacity; fill in the column capacity of "
                "services, or leave the limit out"
            )
        return limited
    ids = services.ids.tolist()
    for service in options.services:
        where = place(name, "services")
        known(service, ids, "service", where)
        if capacity[ids.index(service)] == NO_LIMIT:
            raise OptionError(
                f"{where}: the service {service!r} has no capacity; fill it in in the column "
                "capacity of services, or leave the service out"
            )
    return sorted({ids.index(service) for service in options.services})


CONSTRAINT = Constraint(
    kind="capacity",
    title="capacities: no more of a service than there is",
    apply=apply,
    options=CapacityOptions,
    needs=("services", "uses"),
)
