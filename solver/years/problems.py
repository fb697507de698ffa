"""The problem of one year of a path: its people at its prices, before any rule has run."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel

from metneed.models.arrays import IntArray, frozen
from metneed.models.problem import Problem
from metneed.models.random_stream import LARGEST_SEED
from metneed.solver.years.held import inflated
from metneed.solver.years.people import People

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, eq=False)
class YearProblem:
    """One year before any rule has run.

    Parameters
    ----------
    people
        Who is there.
    factor
        Its prices as a multiple of the first year's.
    prices
        The cost of each package of the first year's menus in this year.
    origin
        For each package of this year's menus its position in the first year's.
    problem
        Users, menus and limits; money and what everyone had before are yet to be set.
    gone
        Identifiers of users of the instance who are not there.
    """

    people: People
    factor: Fraction
    prices: IntArray
    origin: IntArray
    problem: Problem
    gone: AbstractSet[str]


def year_problem(
    base: Problem, people: People, factor: Fraction, place: int, before: YearProblem | None
) -> YearProblem:
    """A year with these people and prices.

    Parameters
    ----------
    base
        The problem of the first year, with all users of the instance.
    people, factor
        Who is there, and this year's prices as a multiple of the first year's.
    place
        How many years after the first.
    before
        The year before: with the same people and prices, hulls and frontiers are used again.
    """
    seed = (base.seed + place) % (LARGEST_SEED + 1)
    if before is not None and before.factor == factor and _same(before.people, people):
        again = before.problem.replace(seed=seed)
        return YearProblem(people, factor, before.prices, before.origin, again, before.gone)
    prices = inflated(base.menus.cost, factor)
    dear = base
    if factor != 1:
        dear = _dearer(base, prices, factor)
    users = people.of(base.users)
    gone: frozenset[str] = frozenset()
    origin = np.arange(base.menus.n_packages, dtype=np.int64)
    if users is not base.users:
        gone = frozenset(base.users.ids.tolist()) - frozenset(people.ids.tolist())
        origin = base.menus.positions(people.rows)
        dear = dear.subset(people.rows).replace(
            users=users, constraints=without(base.constraints, gone)
        )
    return YearProblem(people, factor, prices, frozen(origin), dear.replace(seed=seed), gone)


def without(
    tables: Mapping[str, Mapping[str, Any]], gone: AbstractSet[str]
) -> dict[str, dict[str, Any]]:
    """Limits beside the budget that no longer name who has left.

    Pairs of packages of which one was theirs are void, and so is a limit of such pairs only.
    """
    kept: dict[str, dict[str, Any]] = {}
    for name, table in tables.items():
        pairs = {option for option, value in table.items() if _is_pairs(value)}
        left = {
            option: _pairs(value, gone) if option in pairs else _named(option, value, gone)
            for option, value in table.items()
        }
        if not pairs or any(left[option] for option in pairs):
            kept[name] = left
    return kept


def options_without(options: M, gone: AbstractSet[str]) -> M:
    """Options of a rule that no longer name who has left."""
    changes: dict[str, object] = {}
    for name, field in type(options).model_fields.items():
        value = getattr(options, name)
        if isinstance(value, BaseModel):
            changes[name] = options_without(value, gone)
        elif isinstance(value, tuple) and (field.description or "").startswith("user_ids"):
            changes[name] = tuple(item for item in value if item not in gone)
    return options.model_copy(update=changes)


def _dearer(base: Problem, prices: IntArray, factor: Fraction) -> Problem:
    """Everything that is paid for at other prices: packages, other payers' parts, fixed costs."""
    paid, services = base.paid, base.services
    if services is not None:
        services = replace(services, fixed_cost=inflated(services.fixed_cost, factor))
    return base.replace(
        menus=base.menus.replace(cost=prices),
        paid=None if paid is None else {payer: inflated(paid[payer], factor) for payer in paid},
        services=services,
    )


def _named(option: str, value: Any, gone: AbstractSet[str]) -> Any:  # noqa: ANN401 - as read
    if option != "exceptions" or not isinstance(value, list | tuple):
        return value
    return [user for user in value if user not in gone]


def _is_pairs(value: object) -> bool:
    """Whether an option is a list of lists: user, package, user, package."""
    return isinstance(value, list | tuple) and any(isinstance(item, list | tuple) for item in value)


def _pairs(value: Any, gone: AbstractSet[str]) -> list[Any]:  # noqa: ANN401 - as read
    return [
        item
        for item in value
        if not (isinstance(item, list | tuple) and gone & set(map(str, item[0:3:2])))
    ]


def _same(before: People, people: People) -> bool:
    return len(before) == len(people) and bool((before.ids == people.ids).all())
