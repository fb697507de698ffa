"""Menus with limits on each person worked in: what is left to choose needs no limit any more.

Whole packages: those that break a limit are gone. Where part packages are allowed, a limit is for
a person's mix: whoever may not fall below a floor may still mix a package below it with one above.
The mixes that keep a limit are those of the packages that keep it and of one point between each
package that keeps it and each that does not, where the limit just holds. Such a point joins the
menu as one more package, and stands for its two packages when the answer is read.
"""

from dataclasses import dataclass, field

import numpy as np

from metneed.models.allocation import WHOLE, Parts
from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.limits import AMOUNT_LIMIT
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.solver.constraint import Each, Effect
from metneed.solver.engines.divide import billionths as part_in_billionths
from metneed.solver.engines.rows import Row

NOTHING = -1

FINER = 10**6
"""Rows count mixes in millionths of their unit at the finest, ..."""

ROOM = 10**12
"""... and less finely where their amounts would pass this."""


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
        For each user whether no choice is left.
    first
        For each package what comes before value, or None.
    package
        For each package of `menus` the positions in the menus of the problem that it is made of,
        -1 for none: one column a component.
    share
        Their shares in billionths; with that of nothing they add up to one.
    cheapest
        For each package the column of its cheapest component.
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

    def picks(self, picks: IntArray) -> IntArray:
        """Whole packages as positions in the menus of the problem; -1 stays nothing."""
        result = np.full(len(picks), NOTHING, dtype=np.int64)
        result[picks >= 0] = self.package[picks[picks >= 0], 0]
        return frozen(result)

    def parts(self, parts: Parts) -> Parts:
        """Parts of these packages as parts of the packages of the problem."""
        package = self.package[parts.package].ravel()
        user = np.repeat(parts.user, self.package.shape[1])
        share = self._shares(parts).ravel()
        held = (package != NOTHING) & (share > 0)
        order = np.lexsort((package[held], user[held]))
        user, package, share = (each[held][order] for each in (user, package, share))
        new = np.ones(len(package), dtype=np.bool_)
        new[1:] = package[1:] != package[:-1]
        total = np.zeros(int(new.sum()), dtype=np.int64)
        np.add.at(total, np.cumsum(new) - 1, share)
        return Parts(frozen(user[new]), frozen(package[new]), frozen(total))

    def _shares(self, parts: Parts) -> IntArray:
        """The share of each component of each part; what rounding leaves goes to the cheapest."""
        own = self.share[parts.package]
        share: IntArray = own * parts.share[:, None] // WHOLE
        share[np.arange(len(share)), self.cheapest[parts.package]] += parts.share - share.sum(
            axis=1
        )
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
    points = _Points.of(problem, effect)
    if problem.packages == "divisible":
        for limit in effect.each:
            if limit.binds:
                points = points.cut(limit)
    real = points.package[:, 0] != NOTHING
    users = np.arange(len(problem.users))
    out = ~np.isin(users, points.user)
    if effect.blocked is not None:
        out |= effect.blocked
    due = ~np.isin(users, points.user[~real])
    return _reduced(problem, effect, points.only(real), due, out)


def _reduced(
    problem: Problem, effect: Effect, points: "_Points", due: BoolArray, out: BoolArray
) -> Reduced:
    menus = problem.menus
    value = menus.value
    if effect.added is not None:
        value = frozen(value * effect.scale + effect.added)
    basic = menus.basic_met_need
    reduced = Menus.of(
        np.searchsorted(points.user, np.arange(len(problem.users) + 1)),
        points.amounts(menus.cost, up=True),
        points.amounts(menus.met_need),
        value=points.amounts(value),
        basic_met_need=None if basic is None else points.amounts(basic),
    )
    # Engines round the parts of split users to whole units of a row, mixes or not.
    finer = problem.packages == "divisible"
    per = tuple(points.per(row) if finer else 1 for row in effect.rows)
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
    )


@dataclass(frozen=True, eq=False)
class _Points:
    """Choices of users, nothing among them, sorted by user: packages, and mixes of packages."""

    user: IntArray
    package: IntArray
    share: IntArray
    _memo: dict[object, tuple[IntArray, IntArray]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, problem: Problem, effect: Effect) -> "_Points":
        """Every package that is not removed, and nothing where it may be chosen."""
        menus, n = problem.menus, len(problem.users)
        kept = np.ones(menus.n_packages, dtype=np.bool_)
        if effect.removed is not None:
            kept &= ~effect.removed
        due = np.zeros(n, dtype=np.bool_) if effect.due is None else effect.due
        if problem.choice == "exactly_one":
            due = due | (np.diff(menus.offsets) > 0)
        package = np.concatenate([np.flatnonzero(kept), np.full(int((~due).sum()), NOTHING)])
        user = np.concatenate([menus.user[kept], np.flatnonzero(~due)])
        order = np.argsort(user, kind="stable")
        share = np.full((len(package), 1), WHOLE, dtype=np.int64)
        return cls(user[order], package[order][:, None], share)

    def only(self, kept: BoolArray) -> "_Points":
        return _Points(self.user[kept], self.package[kept], self.share[kept])

    def cut(self, limit: Each) -> "_Points":
        """The points that keep a limit, and those between one that does and one that does not."""
        units, billionths = self._exact(limit.base)
        units, billionths = units + billionths // WHOLE, billionths % WHOLE
        room = limit.limit[self.user] - units
        broken = limit.held[self.user] & ((room < 0) | ((room == 0) & (billionths > 0)))
        if not broken.any():
            return self
        good, bad = _pairs(self.user, broken)
        # Of the package that breaks the limit so large a part as the limit allows, rounded down.
        part = _part(room[good], units[bad] - units[good], billionths[good], billionths[bad])
        some = part > 0
        good, bad, part = good[some], bad[some], part[some]
        of_good = self.share[good] * (WHOLE - part)[:, None] // WHOLE
        of_bad = self.share[bad] * part[:, None] // WHOLE
        # What rounding leaves goes to the one that keeps the limit.
        of_good[:, 0] += WHOLE - of_good.sum(axis=1) - of_bad.sum(axis=1)
        mixed = _Points(
            self.user[good],
            np.hstack([self.package[good], self.package[bad]]),
            np.hstack([of_good, of_bad]),
        )
        return self.only(~broken).widened().joined(mixed.led_by_a_package())

    def widened(self) -> "_Points":
        """The same with room for twice as many components."""
        none = np.full(self.package.shape, NOTHING, dtype=np.int64)
        return _Points(
            self.user,
            np.hstack([self.package, none]),
            np.hstack([self.share, np.zeros_like(self.share)]),
        )

    def led_by_a_package(self) -> "_Points":
        """The same with packages before nothing, so that the first component tells them apart."""
        order = np.argsort(self.package == NOTHING, axis=1, kind="stable")
        return _Points(
            self.user,
            np.take_along_axis(self.package, order, axis=1),
            np.take_along_axis(self.share, order, axis=1),
        )

    def joined(self, other: "_Points") -> "_Points":
        user = np.concatenate([self.user, other.user])
        order = np.argsort(user, kind="stable")
        return _Points(
            user[order],
            np.vstack([self.package, other.package])[order],
            np.vstack([self.share, other.share])[order],
        )

    def amounts(self, base: IntArray, *, up: bool = False, per: int = 1) -> IntArray:
        """The amount of each point times `per`, rounded down, or up where said."""
        # Rows on groups share one base: what it comes to is worked out once.
        key = (id(base), up, per)
        if key not in self._memo:
            units, billionths = self._exact(base * per)
            part = -(-billionths // WHOLE) if up else billionths // WHOLE
            # With the amounts the base is kept, so that no other takes its place in memory.
            self._memo[key] = frozen(units + part), base
        return self._memo[key][0]

    def _exact(self, base: IntArray) -> tuple[IntArray, IntArray]:
        """The amount of each point, in whole units and billionths."""
        own = np.append(base, 0)
        units, billionths = own[self.package[:, 0]], np.zeros(len(self.user), dtype=np.int64)
        mixed = np.flatnonzero(self.share[:, 0] != WHOLE)
        share = self.share[mixed]
        # amount x share may pass 2^63: wholes and rests over WHOLE are multiplied apart.
        whole, rest = np.divmod(own[self.package[mixed]], WHOLE)
        units[mixed] = (whole * share).sum(axis=1)
        billionths[mixed] = (rest * share).sum(axis=1)
        return units, billionths

    def cheapest(self, cost: IntArray) -> IntArray:
        """For each point the column of its cheapest component."""
        own = np.append(cost, 0)[self.package]
        return frozen(np.where(self.share > 0, own, np.iinfo(np.int64).max).argmin(axis=1))

    def per(self, row: Row) -> int:
        """How much finer a row must count, in tens; 1 for needs, which are fine enough."""
        if row.klass is not None:
            return 1
        greatest = max(1, int(np.abs(row.base).max(initial=0)))
        return int(min(FINER, 10 ** max(0, len(str(ROOM // greatest)) - 1)))

    def row(self, row: Row, per: int) -> Row:
        """A limit on everybody, on these points; a mix never counts less than its parts."""
        limit = row.limit * per
        if row.klass is None:
            base = self.amounts(row.base, up=row.weights[0] >= 0, per=per)
            return Row(row.name, base, limit, None, row.weights)
        klass = self._klass(row.klass)
        rises = np.array([weight >= 0 for weight in row.weights])[klass]
        base = np.where(rises, self.amounts(row.base, up=True), self.amounts(row.base))
        return Row(row.name, frozen(base), limit, frozen(klass), row.weights)

    def _klass(self, klass: IntArray) -> IntArray:
        """The class of each point: that of its first package; classes are those of users."""
        result: IntArray = klass[self.package[:, 0]]
        return result


def _pairs(user: IntArray, broken: BoolArray) -> tuple[IntArray, IntArray]:
    """For each user every pair of a point that keeps a limit and one that breaks it."""
    good, bad = np.flatnonzero(~broken), np.flatnonzero(broken)
    first = np.searchsorted(user[good], user[bad], side="left")
    count = np.searchsorted(user[good], user[bad], side="right") - first
    begin = np.cumsum(count) - count
    place = np.repeat(first - begin, count) + np.arange(int(count.sum()))
    return good[place], np.repeat(bad, count)


def _part(room: IntArray, rise: IntArray, at_good: IntArray, at_bad: IntArray) -> IntArray:
    """The room over the rise in billionths, rounded down; both may have billionths of their own."""
    part: IntArray = np.zeros(len(room), dtype=np.int64)
    odd = (at_good > 0) | (at_bad > 0) | (rise >= AMOUNT_LIMIT)
    part[~odd] = part_in_billionths(room[~odd], rise[~odd])
    if odd.any():
        left = room[odd].astype(object) * WHOLE - at_good[odd]
        part[odd] = left * WHOLE // (rise[odd].astype(object) * WHOLE + at_bad[odd] - at_good[odd])
    return part
