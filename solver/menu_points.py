"""Points: what people may choose, packages and mixes of packages, and what they amount to."""

from dataclasses import dataclass, field

import numpy as np

from metneed.models.allocation import WHOLE
from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.errors import NumbersTooLargeError
from metneed.models.limits import AMOUNT_LIMIT, PRODUCT_LIMIT
from metneed.models.problem import Problem
from metneed.solver.constraint import Each, Effect
from metneed.solver.engines.divide import billionths as part_in_billionths
from metneed.solver.engines.pool import Pool
from metneed.solver.engines.rows import Row
from metneed.solver.households import NOTHING, Households
from metneed.solver.personal import breaking

FINER = 10**6
"""Rows count mixes in millionths of their unit at the finest, ..."""

ROOM = 10**12
"""... and less finely where their amounts would pass this."""


@dataclass(frozen=True, eq=False)
class Points:
    """Choices of users, nothing among them, sorted by user: packages, and mixes of packages."""

    user: IntArray
    package: IntArray
    share: IntArray
    _memo: dict[object, tuple[IntArray, IntArray]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, problem: Problem, effect: Effect) -> "Points":
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

    def of_households(self, problem: Problem, effect: Effect, homes: Households) -> "Points":
        """The plans of households, every one of which keeps the limits on each person."""
        package, kept = self.package[:, 0], homes.shared[self.user]
        for limit in effect.each:
            if limit.binds:
                must = limit.held & (limit.limit < 0)
                broken = np.append(breaking(problem, limit), False)[package]
                kept &= ~broken & ~((package == NOTHING) & must[self.user])
        home, plan = homes.plans(self.user[kept], package[kept])
        # A column beyond the members of a household is no part of its plan.
        share = np.where(np.arange(plan.shape[1]) < homes.size[home][:, None], WHOLE, 0)
        return Points(home, plan, share.astype(np.int64))

    def only(self, kept: BoolArray) -> "Points":
        """Those of a mask."""
        return Points(self.user[kept], self.package[kept], self.share[kept])

    def cut(self, limit: Each) -> "Points":
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
        mixed = Points(
            self.user[good],
            np.hstack([self.package[good], self.package[bad]]),
            np.hstack([of_good, of_bad]),
        )
        return self.only(~broken).widened().joined(mixed.led_by_a_package())

    def widened(self) -> "Points":
        """The same with room for twice as many components."""
        none = np.full(self.package.shape, NOTHING, dtype=np.int64)
        return Points(
            self.user,
            np.hstack([self.package, none]),
            np.hstack([self.share, np.zeros_like(self.share)]),
        )

    def led_by_a_package(self) -> "Points":
        """The same with packages before nothing, so that the first component tells them apart."""
        order = np.argsort(self.package == NOTHING, axis=1, kind="stable")
        return Points(
            self.user,
            np.take_along_axis(self.package, order, axis=1),
            np.take_along_axis(self.share, order, axis=1),
        )

    def joined(self, other: "Points") -> "Points":
        """Both together, in the order of users."""
        user = np.concatenate([self.user, other.user])
        order = np.argsort(user, kind="stable")
        columns = max(self.package.shape[1], other.package.shape[1])
        package, share = (
            np.vstack(
                [
                    np.pad(side, ((0, 0), (0, columns - side.shape[1])), constant_values=empty)
                    for side in sides
                ]
            )
            for sides, empty in (
                ((self.package, other.package), NOTHING),
                ((self.share, other.share), 0),
            )
        )
        return Points(user[order], package[order], share[order])

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
        whole = self.share == WHOLE
        units = np.where(whole, own[self.package], 0).sum(axis=1)
        billionths = np.zeros(len(self.user), dtype=np.int64)
        mixed = np.flatnonzero(~whole[:, 0])
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
        klass, apart = self._klass(row.klass)
        rises = np.array([weight >= 0 for weight in row.weights])[klass]
        base = np.where(rises, self.amounts(row.base, up=True), self.amounts(row.base))
        weights = row.weights
        if apart.any():
            # The members of a household may be of different classes: such a plan has its own.
            base[apart], klass[apart] = self._weighed(row, apart), len(weights)
            weights = (*weights, 1)
        return Row(row.name, frozen(base), limit, frozen(klass), weights)

    def pool(self, pool: Pool, per: int) -> Pool:
        """A service that is open or closed as a whole, on these points."""
        needs = (np.append(pool.needs, False)[self.package] & (self.share > 0)).any(axis=1)
        members = self.row(pool.members, per)
        return Pool(frozen(needs, np.bool_), members, pool.cost, pool.worth)

    def _klass(self, klass: IntArray) -> tuple[IntArray, BoolArray]:
        """The class of each point, that of its first package, and where others differ from it."""
        own, real = klass[self.package], self.package != NOTHING
        first = np.take_along_axis(own, real.argmax(axis=1)[:, None], axis=1)
        return first[:, 0].astype(np.int64), (real & (own != first)).any(axis=1)

    def _weighed(self, row: Row, which: BoolArray) -> IntArray:
        """What plans count in a row with all weights worked in."""
        assert row.klass is not None
        package = self.package[which]
        weights = np.array([*row.weights, 0], dtype=object)
        klass = np.append(row.klass, len(row.weights))[package]
        total = (weights[klass] * np.append(row.base, 0)[package].astype(object)).sum(axis=1)
        if max(map(abs, total.tolist()), default=0) >= PRODUCT_LIMIT:
            raise NumbersTooLargeError(
                f"{row.name}: the members of a household are in different groups, which makes the "
                "numbers of this limit too large for exact arithmetic; set need_decimals lower in "
                "scenario.toml"
            )
        result: IntArray = total.astype(np.int64)
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
