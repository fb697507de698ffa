"""Menus with limits on each person worked in: what is left to choose needs no limit any more.

Whole packages: those that break a limit are gone. Where part packages are allowed, a limit is for
a person's mix: whoever may not fall below a floor may still mix a package below it with one above.
The mixes that keep a limit are those of the packages that keep it and of one point between each
package that keeps it and each that does not, where the limit just holds. Such a point joins the
menu as one more package, and stands for its two packages when the answer is read.

Households are one user each, whose menu is the plans that all its members can have together. For
them every plan keeps the limits on each person, also where part packages are allowed.
"""

from dataclasses import dataclass

import numpy as np

from metneed.models.allocation import WHOLE, Parts
from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.solver.constraint import Effect
from metneed.solver.engines.pool import Pool
from metneed.solver.engines.rows import Row
from metneed.solver.households import NOTHING
from metneed.solver.menu_points import Points


@dataclass(frozen=True, eq=False)
class Reduced:
    """What is left to choose.

    Parameters
    ----------
    menus
        The packages that are left; `value` has what the constraints add to it, times their scale.
        The cost of a mix is rounded up, its need and value down.
    rows
        The limits on everybody, on these packages; a mix counts rounded up.
    per
        For each row how many of its units make one unit of the row it was: more than 1 where
        part packages are allowed, so that rounding them does not matter. A multiplier of the row
        times this is one of the row it was.
    due
        For each user whether nothing may not be chosen.
    blocked
        For each user of the problem whether no choice is left.
    first
        For each package what comes before value, or None.
    package
        For each package of `menus` the positions in the menus of the problem that it is made of,
        -1 for none: one column a component.
    share
        Their shares in billionths; with that of nothing they add up to one for each member.
    cheapest
        For each package the column of its cheapest component.
    owner
        For each package of the problem its user.
    home
        For each user of the problem the user of `menus` who decides for them.
    pools
        The services that are open or closed as a whole, on these packages; a mix needs what any of
        its packages needs, and counts as a member in part, rounded down.
    pool_per
        For each of them how many units of its members' row make one member.
    """

    menus: Menus
    rows: tuple[Row, ...]
    per: tuple[int, ...]
    due: BoolArray
    blocked: BoolArray
    first: IntArray | None
    package: IntArray
    share: IntArray
    cheapest: IntArray
    owner: IntArray
    home: IntArray
    pools: tuple[Pool, ...] = ()
    pool_per: tuple[int, ...] = ()

    @property
    def due_users(self) -> int:
        """How many users of the problem must have something, members of such a household all."""
        return int(self.due[self.home].sum())

    def picks(self, picks: IntArray) -> IntArray:
        """Whole packages as positions in the menus of the problem; -1 stays nothing."""
        result = np.full(len(self.home), NOTHING, dtype=np.int64)
        package = self.package[picks[picks >= 0]].ravel()
        package = package[package != NOTHING]
        result[self.owner[package]] = package
        return frozen(result)

    def parts(self, parts: Parts) -> Parts:
        """Parts of these packages as parts of the packages of the problem."""
        package = self.package[parts.package].ravel()
        share = self._shares(parts).ravel()
        held = (package != NOTHING) & (share > 0)
        order = np.argsort(package[held], kind="stable")
        package, share = package[held][order], share[held][order]
        new = np.ones(len(package), dtype=np.bool_)
        new[1:] = package[1:] != package[:-1]
        total = np.zeros(int(new.sum()), dtype=np.int64)
        np.add.at(total, np.cumsum(new) - 1, share)
        return Parts(frozen(self.owner[package[new]]), frozen(package[new]), frozen(total))

    def _shares(self, parts: Parts) -> IntArray:
        """The share of each component of each part; what rounding leaves goes to the cheapest."""
        own = self.share[parts.package]
        share: IntArray = own * parts.share[:, None] // WHOLE
        members = own.sum(axis=1) // WHOLE
        left = parts.share * members - share.sum(axis=1)
        share[np.arange(len(share)), self.cheapest[parts.package]] += left
        return share


def reduce(problem: Problem, effect: Effect) -> Reduced:
    """The menus of a problem with the limits on each person worked in.

    Parameters
    ----------
    problem
        Users and menus.
    effect
        What its constraints do, as `effects` gives it.
    """
    points, homes = Points.of(problem, effect), effect.households
    plans = None if homes is None else points.of_households(problem, effect, homes)
    if homes is not None:
        points = points.only(~homes.shared[points.user])
    if problem.packages == "divisible":
        for limit in effect.each:
            if limit.binds:
                points = points.cut(limit)
    home = np.arange(len(problem.users))
    if homes is not None and plans is not None:
        home = homes.home
        points = Points(home[points.user], points.package, points.share).joined(plans)
    real = (points.package != NOTHING).any(axis=1)
    out = ~np.isin(home, points.user)
    if effect.blocked is not None:
        out |= effect.blocked
    due = ~np.isin(np.arange(int(home.max(initial=-1)) + 1), points.user[~real])
    return _reduced(problem, effect, points.only(real), home, due, out)


def _reduced(  # noqa: PLR0913, PLR0917 - what is left, and for whom
    problem: Problem,
    effect: Effect,
    points: Points,
    home: IntArray,
    due: BoolArray,
    out: BoolArray,
) -> Reduced:
    menus = problem.menus
    value = menus.value
    if effect.added is not None:
        value = frozen(value * effect.scale + effect.added)
    worth = points.amounts(value)
    if effect.households is not None:
        worth = frozen(worth + effect.scale * effect.households.adds(points.package))
    basic = menus.basic_met_need
    reduced = Menus.of(
        np.searchsorted(points.user, np.arange(len(due) + 1)),
        points.amounts(menus.cost, up=True),
        points.amounts(menus.met_need),
        value=worth,
        basic_met_need=None if basic is None else points.amounts(basic),
    )
    # Engines round the parts of split users to whole units of a row, mixes or not.
    finer = problem.packages == "divisible"
    per = tuple(points.per(row) if finer else 1 for row in effect.rows)
    pools = [item.pool for item in effect.pooled]
    pool_per = tuple(points.per(pool.members) if finer else 1 for pool in pools)
    return Reduced(
        menus=reduced,
        rows=tuple(points.row(row, more) for row, more in zip(effect.rows, per, strict=True)),
        per=per,
        due=due,
        blocked=out,
        first=None if effect.first is None else points.amounts(effect.first),
        package=frozen(points.package),
        share=frozen(points.share),
        cheapest=points.cheapest(menus.cost),
        owner=menus.user,
        home=frozen(home),
        pools=tuple(points.pool(*pair) for pair in zip(pools, pool_per, strict=True)),
        pool_per=pool_per,
    )
