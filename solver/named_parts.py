"""The constraints of a problem as named parts, for finding out which are in conflict."""

from dataclasses import replace

import numpy as np

from metneed.models.arrays import BoolArray
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.solver.bound import bind_constraints, effects
from metneed.solver.constraint import Effect
from metneed.solver.engines.infeasible import Part
from metneed.solver.engines.rows import Row
from metneed.solver.households import NOTHING, Households
from metneed.solver.menu_points import Points
from metneed.solver.pairs import ADDS

BUDGET = "budget"


def named_parts(problem: Problem) -> tuple[Menus, list[Part]]:
    """The budget and each constraint as named parts of what is asked for, for whole packages.

    With the menus that they speak of, from which nothing is removed yet: those of the problem, or
    with plans of households where constraints join users.
    """
    whole = problem.replace(packages="whole")
    bound = bind_constraints(problem.constraints)
    homes = effects(whole, bound).households
    named = [(BUDGET, Effect(rows=(Row(BUDGET, problem.menus.cost, problem.allocable),)))]
    if problem.choice == "exactly_one":
        named.append(("exactly_one", Effect(due=np.diff(problem.menus.offsets) > 0)))
    named += [(item.name, item.effect(whole)) for item in bound]
    if homes is None:
        every = problem.menus.n_packages
        return problem.menus, [
            Part(
                name,
                (*one.rows, *_pairs_apart(one, None, every)),
                one.removed,
                one.due,
                tuple(item.pool for item in one.pooled),
                one.paid_anyway,
                is_budget=name == BUDGET,
            )
            for name, one in named
        ]
    plans = _Plans(whole, homes)
    return plans.menus, [plans.part(name, effect) for name, effect in named]


def _pairs_apart(effect: Effect, homes: Households | None, n_packages: int) -> tuple[Row, ...]:
    """The limits for pairs of people who are not decided together."""
    pairs = effect.pairs
    if pairs is None:
        return ()
    apart = pairs.kind != ADDS
    if homes is not None:
        apart &= ~homes.shared[homes.owner[pairs.first]]
    return pairs.only(apart).rows(n_packages)


class _Plans:
    """All plans of households and all packages of others, whatever the constraints remove."""

    def __init__(self, problem: Problem, homes: Households) -> None:
        self.homes = homes
        free = problem.replace(choice="at_most_one")
        points = Points.of(free, Effect())
        nobody = np.zeros(len(homes.pairs), dtype=np.bool_)
        plans = points.of_households(free, Effect(), replace(homes, pairs=homes.pairs.only(nobody)))
        alone = points.only(~homes.shared[points.user])
        every = Points(homes.home[alone.user], alone.package, alone.share).joined(plans)
        self.points = every.only((every.package != NOTHING).any(axis=1))
        self.n_packages = problem.menus.n_packages
        self.menus = Menus.of(
            np.searchsorted(self.points.user, np.arange(len(homes.size) + 1)),
            self.points.amounts(problem.menus.cost),
            self.points.amounts(problem.menus.met_need),
        )

    def part(self, name: str, effect: Effect) -> Part:
        """What a constraint does, said of plans."""
        rows = (*effect.rows, *_pairs_apart(effect, self.homes, self.n_packages))
        removed = np.zeros(len(self.points.user), dtype=np.bool_)
        due = None
        if effect.removed is not None:
            removed |= np.append(effect.removed, False)[self.points.package].any(axis=1)
        if effect.due is not None:
            removed |= self._without(effect.due)
            due = np.zeros(len(self.homes.size), dtype=np.bool_)
            due[self.homes.home[effect.due]] = True
        if effect.pairs is not None:
            mine = self.homes.shared[self.homes.owner[effect.pairs.first]]
            homes = replace(self.homes, pairs=effect.pairs.only(mine))
            removed |= homes.forbidden(self.points.package)
        return Part(
            name,
            tuple(self.points.row(row, 1) for row in rows),
            removed if removed.any() else None,
            due,
            tuple(self.points.pool(item.pool, 1) for item in effect.pooled),
            effect.paid_anyway,
            is_budget=name == BUDGET,
        )

    def _without(self, due: BoolArray) -> BoolArray:
        """Plans in which a member has nothing who may not."""
        width = self.points.package.shape[1]
        must = np.zeros((len(self.homes.size), width), dtype=np.bool_)
        must[self.homes.home[due], self.homes.rank[due]] = True
        without: BoolArray = (must[self.points.user] & (self.points.package == NOTHING)).any(axis=1)
        return without
