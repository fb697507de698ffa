"""Households: packages of two people that exclude or require each other.

In words: two people's packages depend on each other. Of a couple, not both can have the one place
of respite (incompatible); if one moves into the shared flat, the other does as well (required).

Formula: with x the share of a package that its user has. Incompatible: x_a + x_b <= 1. Required,
where the first package requires the second: x_a - x_b <= 0; for both directions write both. One
row a pair. For whole packages this is exact: both, or the first alone, cannot happen. With part
packages the parts of an incompatible pair together make at most one, which can be arranged one
after the other, and who requires has no greater part than who is required.

Source: households as in the multiple-choice knapsack problem with conflicts and precedence;
Kellerer, Pferschy and Pisinger 2004, Knapsack Problems.

Ignores: savings from serving two people at once, unless the packages' costs already have them; and
large households, where each pair is a row of its own.
"""

import numpy as np
from pydantic import Field, model_validator

from metneed.models.arrays import frozen
from metneed.models.errors import OptionError
from metneed.models.instance import Labels
from metneed.models.problem import Problem
from metneed.solver.constraint import Constraint, Effect, Reading
from metneed.solver.engines.rows import Row
from metneed.solver.rule import Options
from metneed.solver.selection import known, needed, place

MOST_PAIRS = 200
"""Each pair is a row; more of them are beyond what engines for a few rows are made for."""


class TogetherOptions(Options):
    """Pairs of packages, each as user_id, package_id, user_id, package_id."""

    incompatible: tuple[tuple[str, str, str, str], ...] = Field(
        default=(),
        description='not both: [["ann", "respite", "bea", "respite"]], up to 200 pairs',
    )
    required: tuple[tuple[str, str, str, str], ...] = Field(
        default=(),
        description="the first only with the second, written in the same way, up to 200 pairs",
    )

    @model_validator(mode="after")
    def _two_people(self) -> "TogetherOptions":
        pairs = [*self.incompatible, *self.required]
        if not pairs:
            msg = "give at least one pair in incompatible or required"
            raise ValueError(msg)
        if len(pairs) > MOST_PAIRS:
            msg = f"{len(pairs)} pairs are too many: {MOST_PAIRS} at most, each is a limit"
            raise ValueError(msg)
        alone = next((pair for pair in pairs if pair[0] == pair[2]), None)
        if alone is not None:
            msg = f"{list(alone)} names one user twice: a user has one package in any case"
            raise ValueError(msg)
        return self


def apply(problem: Problem, name: str, options: TogetherOptions) -> Effect:
    """One row for each pair of packages."""
    ids = needed(problem.package_ids, name, "identifiers of packages")
    row_of = {user: row for row, user in enumerate(problem.users.ids.tolist())}
    rows, readings = [], {}
    for option, second, limit in (("incompatible", 1, 1), ("required", -1, 0)):
        for pair in dict.fromkeys(getattr(options, option)):
            where = place(name, option)
            for user in (pair[0], pair[2]):
                known(user, row_of, "user", where)
            base = np.zeros(problem.menus.n_packages, dtype=np.int64)
            base[_position(problem, ids, row_of[pair[0]], pair[1], where)] = 1
            base[_position(problem, ids, row_of[pair[2]], pair[3], where)] = second
            joined = " and not " if option == "incompatible" else " only with "
            title = f"{name}: {pair[0]} {pair[1]}{joined}{pair[2]} {pair[3]}"
            row = Row(title, frozen(base), limit)
            rows.append(row)
            readings[title] = Reading("users", users=2)
    return Effect(rows=tuple(rows), readings=readings)


def _position(problem: Problem, ids: Labels, user: int, package: str, where: str) -> int:
    """Where a package of a user stands in the menus; OptionError where it is not on the menu."""
    first, end = map(int, problem.menus.offsets[user : user + 2])
    menu = ids.text(np.arange(first, end)).tolist()
    if package not in menu:
        offered = ", ".join(map(repr, menu[:20])) or "nothing"
        raise OptionError(
            f"{where}: user {problem.users.ids[user]!r} has no package {package!r}; the menu "
            f"has {offered}"
        )
    return first + int(menu.index(package))


CONSTRAINT = Constraint(
    kind="together",
    title="households: packages of two people that exclude or require each other",
    apply=apply,
    options=TogetherOptions,
)
