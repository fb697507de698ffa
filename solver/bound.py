"""The constraints of a scenario: checked, and put together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np
from pydantic import ValidationError

from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.errors import NumbersTooLargeError, OptionError, UnknownNameError
from metneed.models.limits import AMOUNT_LIMIT
from metneed.models.problem import Problem
from metneed.solver.constraint import Constraint, Effect, PooledService
from metneed.solver.constraints import constraint, constraints
from metneed.solver.households import households
from metneed.solver.pairs import Pairs
from metneed.solver.personal import blocked
from metneed.solver.rule import Options
from metneed.solver.selection import place

TAKEN = ("budget", "exactly_one")
"""Names of limits that every problem has."""


@dataclass(frozen=True)
class Bound:
    """One constraint of a scenario with its checked options.

    Parameters
    ----------
    name
        Name of its table in the scenario.
    constraint
        Its kind.
    options
        Its options.
    """

    name: str
    constraint: Constraint
    options: Options

    def effect(self, problem: Problem) -> Effect:
        """What it alone does to a problem.

        Raises
        ------
        OptionError
            Where the problem has not what the constraint needs, or an option names a user, group,
            service or package that is not there.
        """
        for need in self.constraint.needs:
            if getattr(problem, need, None) is None:
                raise OptionError(
                    f"{place(self.name)}: the kind {self.constraint.kind} needs the table {need}, "
                    f"and the instance has none; add {need}, or leave this limit out"
                )
        return self.constraint.apply(problem, self.name, self.options)


def bind_constraints(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Bound, ...]:
    """The constraints of a scenario, in the order of its tables.

    Parameters
    ----------
    tables
        The tables ``[constraints.NAME]`` as read.

    Raises
    ------
    OptionError
        Where a table has no kind or an unknown one, or an option is unknown, of the wrong kind or
        out of range.
    """
    return tuple(_bind(name, table) for name, table in tables.items())


def effects(problem: Problem, bound: Iterable[Bound]) -> Effect:
    """What all constraints together do to a problem.

    Parameters
    ----------
    problem
        Users, menus and tables.
    bound
        The constraints, as `bind_constraints` gives them.

    Returns
    -------
    Effect
        A package is removed, and nothing is not allowed, where one of the constraints says so;
        all rows hold; what is added to values is added up.

    Raises
    ------
    OptionError
        Where one of the constraints cannot be applied to the problem.
    NumbersTooLargeError
        Where penalties make the values too large for exact arithmetic.
    """
    return combined(problem, [item.effect(problem) for item in bound])


def combined(problem: Problem, single: Sequence[Effect]) -> Effect:
    """Several effects as one."""
    removed = _any(effect.removed for effect in single)
    due = _any(effect.due for effect in single)
    out = _any(effect.blocked for effect in single)
    if removed is not None or due is not None:
        # Two limits may block a user together whom neither blocks alone.
        packages = np.zeros(problem.menus.n_packages, dtype=np.bool_)
        users = np.zeros(len(problem.users), dtype=np.bool_)
        together = blocked(
            problem,
            packages if removed is None else removed,
            users if due is None else due,
        )
        out = together if out is None else out | together
    added, scale = _added(problem, single)
    firsts = [effect.first for effect in single if effect.first is not None]
    rows = tuple(row for effect in single for row in effect.rows)
    joined, homes = [effect.pairs for effect in single if effect.pairs is not None], None
    pairs = Pairs.together(joined) if joined else None
    if pairs is not None:
        homes, rest = households(problem, pairs)
        rows += rest.rows(problem.menus.n_packages)
    return Effect(
        rows=rows,
        removed=removed,
        due=due,
        blocked=out,
        each=tuple(limit for effect in single for limit in effect.each),
        added=added,
        scale=scale,
        first=frozen(np.sum(firsts, axis=0)) if firsts else None,
        readings={name: item for effect in single for name, item in effect.readings.items()},
        pairs=pairs,
        households=homes,
        pooled=_pooled(single),
    )


def _pooled(single: Sequence[Effect]) -> tuple[PooledService, ...]:
    """The pooled services of all effects; one that two constraints name is the same service."""
    found: dict[int, PooledService] = {}
    for effect in single:
        for item in effect.pooled:
            found.setdefault(item.service, item)
    return tuple(found[service] for service in sorted(found))


def _bind(name: str, table: Mapping[str, Any]) -> Bound:
    known = ", ".join(constraints())
    where = place(name)
    if name in TAKEN:
        raise OptionError(f"{where}: the name is taken by a limit that every problem has")
    given = dict(table)
    kind = given.pop("kind", None)
    if not isinstance(kind, str):
        wrong = "there is no kind" if kind is None else f"kind = {kind!r} is no text"
        raise OptionError(f'{where}: {wrong}; write kind = "floor", or another of: {known}')
    try:
        chosen = constraint(kind)
    except UnknownNameError as error:
        raise OptionError(f"{where}: {error}; the kinds are: {known}") from error
    try:
        return Bound(name, chosen, chosen.options.model_validate(given))
    except ValidationError as error:
        options = ", ".join(chosen.options.model_fields) or "none"
        faults = "; ".join(map(_fault, error.errors()))
        raise OptionError(f"{where}: {faults}; the options of {kind}: {options}") from error


def _fault(fault: Any) -> str:  # noqa: ANN401 - a fault as pydantic words it
    said = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"]:
        return str(said)
    option = ".".join(map(str, fault["loc"]))
    given = "" if fault["type"] == "missing" else f" (given {_plain(fault['input'])})"
    return f"{option}: {said[0].lower()}{said[1:]}{given}"


def _plain(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)


def _any(masks: Iterable[BoolArray | None]) -> BoolArray | None:
    known = [mask for mask in masks if mask is not None]
    result: BoolArray | None = np.logical_or.reduce(known) if known else None
    return result


def _added(problem: Problem, single: Sequence[Effect]) -> tuple[IntArray | None, int]:
    """What is added to values by all together, over the least scale that suits all."""
    given = [(effect.added, effect.scale) for effect in single if effect.added is not None]
    if not given:
        return None, 1
    scale = lcm(*(own for _, own in given))
    greatest = int(problem.menus.value.max(initial=0)) * scale
    greatest += sum(int(added.max(initial=0)) * (scale // own) for added, own in given)
    if greatest >= AMOUNT_LIMIT:
        raise NumbersTooLargeError(
            "the penalties of the floors make the values too large for exact arithmetic; write "
            "penalties with fewer decimals, or set need_decimals lower in scenario.toml"
        )
    total = sum(added * (scale // own) for added, own in given)
    return frozen(np.asarray(total)), scale
