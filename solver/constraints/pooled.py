"""Pooled services: open only for enough members and at a cost, or not at all.

In words: a day centre has staff and premises to pay, whoever comes. It opens if enough people
choose packages that use it; when it is closed those packages cannot be chosen. What it costs to
have at all comes out of the same money as the packages. A block contract is paid whether it is
used or not.

Formula: y = 1 where a service is open. Packages: x <= y for each package that uses it. Members: the
sum of x over these packages >= least members x y. Money: the costs of packages and the sum of
fixed cost x y <= the allocable money; the fixed costs of what is paid anyway leave it first, and y
costs nothing more there.

Source: clubbing together and the day centre that closes, in the debate on personal budgets: a
centre with fixed cost F whose members bring a each, at v a head, needs F / (a - v) of them. As a
programme it is facility location with a budget.

Ignores: what a service costs for each member, which is in the costs of the packages; and whether
members would still come if friends did not. Where part packages are allowed, a part of a package
counts as a member in part: two people for half the year each are one member.
"""

import numpy as np
from pydantic import Field

from metneed.models.arrays import frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.services import Services
from metneed.solver.constraint import Constraint, Effect, PooledService
from metneed.solver.engines.pool import Pool
from metneed.solver.engines.rows import Row
from metneed.solver.rule import Options
from metneed.solver.selection import known, needed, place


class PooledOptions(Options):
    """Which services open only as a whole."""

    services: tuple[str, ...] = Field(
        default=(), description="service_ids; default: all with a fixed cost or least members"
    )


def apply(problem: Problem, name: str, options: PooledOptions) -> Effect:
    """One service after the other, with the packages that use it."""
    services = needed(problem.services, name, "the table services")
    uses = needed(problem.uses, name, "the table uses")
    found = []
    for row in _chosen(services, name, options):
        needs = np.zeros(problem.menus.n_packages, dtype=np.bool_)
        needs[uses.package[uses.service == row]] = True
        title = f"{name}: {services.ids[row]}"
        fixed, anyway = int(services.fixed_cost[row]), bool(services.paid_anyway[row])
        members = Row(f"{title}, members", frozen(-1 * needs), -int(services.least_members[row]))
        pool = Pool(frozen(needs, np.bool_), members, 0 if anyway else fixed)
        found.append(PooledService(title, row, pool, fixed if anyway else 0))
    return Effect(pooled=tuple(found))


def _chosen(services: Services, name: str, options: PooledOptions) -> list[int]:
    """The rows of the services that are meant."""
    pooled = (services.fixed_cost > 0) | (services.least_members > 0)
    if not options.services:
        if not pooled.any():
            raise OptionError(
                f"{place(name)}: no service has a fixed cost or least members; fill in the columns "
                "fixed_cost and least_members of services, or leave the limit out"
            )
        return [int(row) for row in np.flatnonzero(pooled)]
    ids, where = services.ids.tolist(), place(name, "services")
    for service in options.services:
        known(service, ids, "service", where)
        if not pooled[ids.index(service)]:
            raise OptionError(
                f"{where}: the service {service!r} has neither a fixed cost nor least members; "
                "fill in the column fixed_cost or least_members of services, or leave it out"
            )
    return sorted({ids.index(service) for service in options.services})


CONSTRAINT = Constraint(
    kind="pooled",
    title="pooled services: open only for enough members, and at a cost",
    apply=apply,
    options=PooledOptions,
    needs=("services", "uses"),
)
