"""A ring fence: at least, or at most, so much money for some of the packages.

In words: so much of the money goes to a group of people, to a service, to a form of care such as
direct payments, or comes from another payer; at least so much, at most so much, or both.

Formula: with C the cost of all chosen packages of that kind: at_least <= C <= at_most, each as an
amount or as a share of the allocable money (at_least rounded up, at_most down). One row each, the
"at least" negated. The kind is one of: the users with the values of a column of groups; packages
that use any of the services, with their whole cost; packages of the forms; and for a payer what it
adds to the packages, which this budget does not pay.

Source: ring-fenced grants and reserves, such as the minimum contributions to adult social care of
the Better Care Fund.

Ignores: what the money achieves. A package that uses several services counts with its whole cost
for each of them. What today's packages use is not known.
"""

from decimal import Decimal

import numpy as np
from pydantic import Field, model_validator

from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.problem import Problem
from metneed.models.scenario import Amount, Share
from metneed.models.sums import exact_sum
from metneed.solver.constraint import Constraint, Effect, Reading
from metneed.solver.engines.rows import Row
from metneed.solver.rule import Options
from metneed.solver.selection import (
    at_most_part_of,
    codes,
    exact,
    group_column,
    known,
    needed,
    part_of,
    place,
)


class SpendOptions(Options):
    """Which packages count, and how much money they take."""

    group: str | None = Field(
        default=None, description="column of users; the packages of those with the values count"
    )
    values: tuple[str, ...] = Field(default=(), description="values of that column")
    services: tuple[str, ...] = Field(
        default=(), description="or: service_ids; packages that use any of them count"
    )
    forms: tuple[str, ...] = Field(
        default=(), description="or: forms of care; packages of these forms count"
    )
    payer: str | None = Field(
        default=None, description='or: another payer; what it adds counts ("nhs" for paid_nhs)'
    )
    at_least: Amount | None = Field(
        json_schema_extra={"unit": "money"}, default=None, description="least money for the period"
    )
    at_least_share: Share | None = Field(
        json_schema_extra={"unit": "share"},
        default=None,
        description="or: least share of the allocable money",
    )
    at_most: Amount | None = Field(
        json_schema_extra={"unit": "money"}, default=None, description="most money for the period"
    )
    at_most_share: Share | None = Field(
        json_schema_extra={"unit": "share"},
        default=None,
        description="or: greatest share of the allocable money",
    )

    @model_validator(mode="after")
    def _of_one_kind(self) -> "SpendOptions":
        given = [bool(self.group), bool(self.services), bool(self.forms), bool(self.payer)]
        if sum(given) != 1:
            msg = "give one of group (with values), services, forms and payer"
            raise ValueError(msg)
        if (self.group is None) != (not self.values):
            msg = 'group and values go together: group = "area", values = ["north"]'
            raise ValueError(msg)
        for side in ("at_least", "at_most"):
            if getattr(self, side) is not None and getattr(self, f"{side}_share") is not None:
                msg = f"give either {side} or {side}_share"
                raise ValueError(msg)
        limits = (self.at_least, self.at_least_share, self.at_most, self.at_most_share)
        if all(limit is None for limit in limits):
            msg = "give at least one of at_least, at_least_share, at_most and at_most_share"
            raise ValueError(msg)
        return self


def apply(problem: Problem, name: str, options: SpendOptions) -> Effect:
    """A row for the least and a row for the most money."""
    base, today, users = _counted(problem, name, options)
    least = _limit(problem, name, "at_least", options.at_least, options.at_least_share)
    most = _limit(problem, name, "at_most", options.at_most, options.at_most_share)
    rows, readings = [], {}
    if least is not None:
        row = Row(f"{name}: at least", frozen(-base), -least)
        rows.append(row)
        readings[row.name] = Reading("money", 1, users, None if today is None else -today)
    if most is not None:
        row = Row(f"{name}: at most", base, most)
        rows.append(row)
        readings[row.name] = Reading("money", 1, users, today)
    return Effect(rows=tuple(rows), readings=readings)


def _limit(
    problem: Problem, name: str, side: str, amount: Decimal | None, share: Decimal | None
) -> int | None:
    if amount is not None:
        return exact(amount, problem.units.money_decimals, place(name, side))
    if share is None:
        return None
    return (part_of if side == "at_least" else at_most_part_of)(share, problem.allocable)


def _counted(
    problem: Problem, name: str, options: SpendOptions
) -> tuple[IntArray, int | None, int]:
    """What each package counts, what today's packages come to, and how many users it is about."""
    menus = problem.menus
    if options.group is not None:
        labels = group_column(problem, options.group, place(name, "group"))
        concerned = np.isin(labels.codes, codes(labels, name, options.values))
        previous = problem.previous
        today = None if previous is None else exact_sum(previous.cost[concerned])
        base = np.where(concerned[menus.user], menus.cost, 0)
        return frozen(base), today, int(concerned.sum())
    if options.payer is not None:
        paid = needed(problem.paid, name, "columns paid_... in packages")
        payer = options.payer.removeprefix("paid_")
        known(payer, paid, "payer", place(name, "payer"))
        base = paid[payer]
    elif options.services:
        base = np.where(_using(problem, name, options.services), menus.cost, 0)
    else:
        forms = needed(problem.forms, name, "the column form in packages")
        wanted = codes(forms, name, options.forms, "forms")
        base = np.where(np.isin(forms.codes, wanted), menus.cost, 0)
    return frozen(base), None, len(np.unique(menus.user[base > 0]))


def _using(problem: Problem, name: str, services: tuple[str, ...]) -> BoolArray:
    """For each package whether it uses any of the services."""
    table = needed(problem.services, name, "the table services")
    uses = needed(problem.uses, name, "the table uses")
    ids = table.ids.tolist()
    for service in services:
        known(service, ids, "service", place(name, "services"))
    of_them = np.isin(uses.service, [ids.index(service) for service in services])
    using = np.zeros(problem.menus.n_packages, dtype=np.bool_)
    using[uses.package[of_them]] = True
    return using


CONSTRAINT = Constraint(
    kind="spend",
    title="a ring fence: at least or at most so much money for some packages",
    apply=apply,
    options=SpendOptions,
)
