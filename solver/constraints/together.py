"""Households: packages of two people that exclude, require or add to each other.

In words: two people's packages depend on each other. Of a couple, not both can have the one place
of respite (incompatible); if one moves into the shared flat, the other does as well (required);
and going to the day centre together does more for both than going there alone (bonus).

Formula: the people whom pairs join are a household, whose choice is a plan: one package or nothing
for each member. Plans that break a pair are no choice. A bonus of b for two packages adds b to the
worth of every plan with both (complements), or takes from it where b is below 0 (substitutes); the
met need recorded for each person stays that of the own package. Where part packages are allowed, a
household has a mix of plans: so much of the time this plan, so much of it that one.

Where the members' menus make too many plans to list, each pair is a limit on a sum instead. With x
the share of a package that its user has: x_a + x_b <= 1 for an incompatible pair, x_a - x_b <= 0
where the first package requires the second. For whole packages that says the same.

Source: households as in the multiple-choice knapsack problem with conflicts and precedence;
Kellerer, Pferschy and Pisinger 2004, Knapsack Problems. Complements and substitutes as values of
bundles: de Vries and Vohra 2003, Combinatorial auctions, INFORMS Journal on Computing 15(3).

Ignores: savings in money from serving two people at once, unless the packages' costs have them.
"""

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from pydantic import Field, model_validator

from metneed.models.arrays import IntArray, frozen
from metneed.models.columns import Labels
from metneed.models.errors import OptionError
from metneed.models.limits import AMOUNT_LIMIT
from metneed.models.problem import Problem
from metneed.solver.constraint import Constraint, Effect, Reading
from metneed.solver.pairs import ADDS, EXCLUDES, REQUIRES, Pairs
from metneed.solver.rule import Options
from metneed.solver.selection import exact, known, needed, place

JOINED = {"incompatible": "and not", "required": "only with", "bonus": "with"}


class TogetherOptions(Options):
    """Pairs of packages, each as user_id, package_id, user_id, package_id."""

    incompatible: tuple[tuple[str, str, str, str], ...] = Field(
        default=(),
        description='not both: [["ann", "respite", "bea", "respite"]]',
    )
    required: tuple[tuple[str, str, str, str], ...] = Field(
        default=(),
        description="the first only with the second, written in the same way",
    )
    bonus: tuple[tuple[str, str, str, str, Decimal], ...] = Field(
        default=(),
        description="what both together add to what counts, below 0 for what they take from it: "
        '[["ann", "day centre", "bea", "day centre", "0.5"]]',
        json_schema_extra={"unit": "need"},
    )

    @model_validator(mode="after")
    def _two_people(self) -> "TogetherOptions":
        pairs = [*self.incompatible, *self.required, *(row[:4] for row in self.bonus)]
        if not pairs:
            msg = "give at least one pair in incompatible, required or bonus"
            raise ValueError(msg)
        alone = next((pair for pair in pairs if pair[0] == pair[2]), None)
        if alone is not None:
            msg = f"{list(alone)} names one user twice: a user has one package in any case"
            raise ValueError(msg)
        return self


def apply(problem: Problem, name: str, options: TogetherOptions) -> Effect:
    """The pairs by the positions of their packages."""
    found = _Found(problem, name)
    columns = [
        *found.rows("incompatible", EXCLUDES, options.incompatible),
        *found.rows("required", REQUIRES, options.required),
        *found.rows("bonus", ADDS, options.bonus),
    ]
    first, second, kind, adds, titles = zip(*columns, strict=True)
    pairs = Pairs(frozen(first), frozen(second), frozen(kind), frozen(adds), titles)
    readings = {
        title: Reading("users", users=2)
        for title, what in zip(titles, kind, strict=True)
        if what != ADDS
    }
    return Effect(readings=readings, pairs=pairs)


class _Found:
    """Positions of packages by the identifiers of users and packages."""

    def __init__(self, problem: Problem, name: str) -> None:
        self.problem, self.name = problem, name
        self.ids: Labels = needed(problem.package_ids, name, "identifiers of packages")
        self.row = {user: row for row, user in enumerate(problem.users.ids.tolist())}

    def rows(
        self, option: str, kind: int, pairs: tuple[tuple[str | Decimal, ...], ...]
    ) -> Iterator[tuple[int, int, int, int, str]]:
        """Each pair: two positions, its kind, what it adds, and what it is called."""
        where = place(self.name, option)
        for pair in dict.fromkeys(pairs):
            one, package, other, with_package = map(str, pair[:4])
            title = f"{self.name}: {one} {package} {JOINED[option]} {other} {with_package}"
            first = self._position(one, package, where)
            second = self._position(other, with_package, where)
            adds = 0
            if kind == ADDS:
                adds = exact(Decimal(pair[4]), self.problem.units.need_decimals, where)
                if abs(adds) >= AMOUNT_LIMIT:
                    raise OptionError(f"{where}: {pair[4]} is too large for exact arithmetic")
            yield first, second, kind, adds, title

    def _position(self, user: str, package: str, where: str) -> int:
        """Where a package of a user stands; OptionError where it is not on the menu."""
        if user not in self.row:
            known(user, self.row, "user", where)
        row = self.row[user]
        first, end = map(int, self.problem.menus.offsets[row : row + 2])
        positions: IntArray = np.arange(first, end)
        menu = self.ids.text(positions).tolist()
        if package not in menu:
            offered = ", ".join(map(repr, menu[:20])) or "nothing"
            raise OptionError(
                f"{where}: user {user!r} has no package {package!r}; the menu has {offered}"
            )
        return first + int(menu.index(package))


CONSTRAINT = Constraint(
    kind="together",
    title="households: packages of two people that exclude, require or add to each other",
    apply=apply,
    options=TogetherOptions,
)
