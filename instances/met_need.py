r"""Met need of a package: what the units of its services do for each need of a user.

A user's need d has points p_d, and unpaid carers meet the share i_d of it. Let y_d be the share
that is still open, 1 - i_d to begin with. The services of a package are taken in the order of
the price list. A service that would need r_d units for the whole of need d by itself is asked for
r_d y_d units; its units go to the basic needs first, and within a tier in proportion to what is
asked for, so that each need of the tier gets the same part f (0 to 1) of what it asks for. Where
the service reaches at most the share a_d of a need,

    y_d becomes y_d (1 - a_d f).

A service that replaces all others is not divided: a week in a care home is a week for each need.
With the response curve R_d, met need is the sum of p_d (R_d(1 - y_d) - R_d(i_d)), the need itself
the sum of p_d (1 - R_d(i_d)). All of it is exact: integers over one common denominator a package,
rounded down at the very end.

Because units go to what is asked for, not to what they were bought for, services that serve few
needs should stand before those that serve many.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from metneed.instances.response import WHOLE, Numbers, Response
from metneed.models.arrays import BoolArray, IntArray

__all__ = ["WHOLE", "Needs", "Reckoner", "met_need", "stated_need"]

_CHUNK = 10_000
"""Packages that are worked on at one time: as many as stay near the processor."""

_ROOM = float(2**61)


@dataclass(frozen=True, eq=False)
class Needs:
    """Needs of users: one row a user, one column an outcome.

    Parameters
    ----------
    level
        Row of the reckoner: outcome and severity; 0 for no need.
    informal
        Share met by unpaid carers, thousandths, 0 to 1000.
    basic
        Whether the need is basic.
    points
        Points of each need, smallest need units, where they are the user's own; otherwise those
        of the level.
    order
        Among basic needs, and among the others, those of a lower number are served first; None
        where all are served alike.
    """

    level: IntArray
    informal: IntArray
    basic: BoolArray
    points: IntArray | None = None
    order: IntArray | None = None

    def __len__(self) -> int:
        return len(self.level)

    def subset(self, rows: IntArray) -> "Needs":
        """The needs of the users in these rows."""
        return Needs(
            self.level[rows],
            self.informal[rows],
            self.basic[rows],
            None if self.points is None else self.points[rows],
            None if self.order is None else self.order[rows],
        )

    def tiers(self) -> tuple[IntArray, int]:
        """For each need the tier in which it is served, from 0, and how many tiers there are."""
        later = (~self.basic).astype(np.int64)
        if self.order is None:
            return later, 2
        ranks, tier = np.unique(
            later * (int(self.order.max(initial=0)) + 1) + self.order, return_inverse=True
        )
        return tier.reshape(later.shape), len(ranks)


@dataclass(frozen=True, eq=False)
class Reckoner:
    """What each level of need counts, and what each service does for it.

    A level is one outcome at one severity; row 0 is "no need" and holds zeros.

    Parameters
    ----------
    points
        Points of each level, smallest need units.
    units
        Levels by services: units for the whole need by this service alone, thousandths;
        0 where it does nothing for the need.
    reach
        Levels by services: the most of the need that the service can meet, thousandths.
    replaces_all
        For each service whether it gives each need its units undivided (a care home).
    response
        What share of each need counts as met for the share that is supported.

    Raises
    ------
    ValueError
        Where a reach is not between 0 and 1 or stands without units, a number is negative, or
        row 0 is not empty.
    """

    points: IntArray
    units: IntArray
    reach: IntArray
    replaces_all: BoolArray
    response: Response = field(default_factory=Response)

    def __post_init__(self) -> None:
        if self.reach.min(initial=0) < 0 or self.reach.max(initial=0) > WHOLE:
            raise ValueError("a reach is not between 0 and 1")
        if self.points.min(initial=0) < 0 or self.units.min(initial=0) < 0:
            raise ValueError("points or units are negative")
        if self.points[0] or self.units[0].any():
            raise ValueError("row 0 of the reckoner means no need and must be 0")
        if self.reach[self.units == 0].any():
            raise ValueError("a service reaches a need for which it has no units")

    def points_of(self, needs: Needs) -> IntArray:
        """Users by needs: the points of each need, smallest need units."""
        return self.points[needs.level] if needs.points is None else needs.points


def stated_need(needs: Needs, reckoner: Reckoner) -> tuple[IntArray, IntArray]:
    """Need and basic need of each user after unpaid care, smallest need units, rounded down."""
    need, basic = _met(needs, reckoner, None)
    return need, basic


def met_need(
    needs: Needs, reckoner: Reckoner, user: IntArray, units: IntArray
) -> tuple[IntArray, IntArray]:
    """Met need and met basic need of packages, smallest need units, rounded down.

    Parameters
    ----------
    needs, reckoner
        What users need, and what services do.
    user
        For each package the row of its user.
    units
        Packages by services: units, thousandths.
    """
    met = np.zeros((2, len(user)), dtype=np.int64)
    for start in range(0, len(user), _CHUNK):
        rows = slice(start, start + _CHUNK)
        met[:, rows] = _met(needs.subset(user[rows]), reckoner, units[rows])
    return met[0], met[1]


def _met(needs: Needs, reckoner: Reckoner, units: IntArray | None) -> IntArray:
    met, fits = _counted(needs, reckoner, units, np.dtype(np.int64))
    if not fits.all():
        # Packages of several services that all fall short have denominators beyond 64 bits.
        large = np.flatnonzero(~fits)
        given = None if units is None else units[large]
        met[:, large], _ = _counted(needs.subset(large), reckoner, given, np.dtype(object))
    return met


def _counted(
    needs: Needs, reckoner: Reckoner, units: IntArray | None, kind: np.dtype[Any]
) -> tuple[IntArray, BoolArray]:
    """Met need and met basic need, and for which packages the numbers were large enough.

    Without units everything is met in full, whatever could meet it.
    """
    ledger = _Ledger(needs, kind)
    if units is None:
        ledger.close()
    else:
        for service in range(units.shape[1]):
            ledger.supply(reckoner, service, units[:, service].astype(kind))
    return ledger.met(reckoner).astype(np.int64), ledger.fits


class _Ledger:
    """The share of each need that is still open: `open` over `scale`, exactly.

    Rows whose numbers would not fit are taken out of `fits` and hold no meaning from then on.
    """

    def __init__(self, needs: Needs, kind: np.dtype[Any]) -> None:
        self.needs = needs
        self.kind = kind
        self.tier, self.tiers = needs.tiers()
        self.fits: BoolArray = np.ones(len(needs), dtype=bool)
        self.open: Numbers = (WHOLE - needs.informal).astype(kind)
        self.scale: Numbers = np.full(len(needs), WHOLE).astype(kind)
        self._reduce(np.arange(len(needs)))

    def close(self) -> None:
        """Let nothing be left open."""
        self.open, self.scale = np.zeros_like(self.open), np.ones_like(self.scale)

    def supply(self, reckoner: Reckoner, service: int, given: Numbers) -> None:
        """Let each package have its units of a service."""
        in_full = reckoner.units[:, service][self.needs.level].astype(self.kind)
        self._keep(np.arange(len(given)), np.maximum(given, in_full.sum(axis=1)))
        rows = np.flatnonzero(self.fits & (given > 0) & (in_full > 0).any(axis=1))
        if not len(rows):
            return
        if reckoner.replaces_all[service]:
            part, whole = self._undivided(rows, given[rows], in_full[rows])
        else:
            asked = in_full[rows] * self.open[rows]
            part, whole = _divided(
                given[rows] * self.scale[rows], asked, self.tier[rows], self.tiers
            )
        reach = reckoner.reach[:, service]
        unit = int(np.gcd(np.gcd.reduce(reach), WHOLE))
        self._keep(rows, whole, WHOLE // unit)
        factor = whole * (WHOLE // unit)
        met = part * (reach // unit)[self.needs.level[rows]].astype(self.kind)
        self.open[rows] *= factor[:, None] - met
        self.scale[rows] *= factor
        self._reduce(rows)

    def met(self, reckoner: Reckoner) -> Numbers:
        """Met need and met basic need of each row, rounded down."""
        needs, response = self.needs, reckoner.response
        points = reckoner.points_of(needs)
        rows = np.arange(len(points))
        self._keep(rows, np.maximum(points.sum(axis=1), 1), WHOLE * response.greatest)
        if not self.fits.any():
            return np.zeros((2, len(points)), dtype=self.kind)
        scale = np.where(self.fits, self.scale, np.ones_like(self.scale))
        still = np.where(self.fits[:, None], self.open, np.zeros_like(self.open))
        unpaid = (WHOLE - needs.informal).astype(self.kind)
        now = response.met(needs.level, still, scale)
        before = response.met(needs.level, unpaid, np.full_like(scale, WHOLE))
        met = []
        for counted in (points, np.where(needs.basic, points, 0)):
            counts = counted.astype(self.kind)
            gained = (counts * now).sum(axis=1) * WHOLE - (counts * before).sum(axis=1) * scale
            met.append(gained // (WHOLE * response.scale * scale))
        return np.array(met)

    def _undivided(
        self, rows: IntArray, given: Numbers, in_full: Numbers
    ) -> tuple[Numbers, Numbers]:
        """The part of what each need asks for that it gets where none shares with another."""
        asked = np.where(in_full > 0, in_full, np.ones_like(in_full))
        part = np.minimum(given[:, None], asked)
        common = np.gcd(part, asked)
        part, asked = part // common, asked // common
        if self.kind != np.dtype(object):
            self._keep(rows, asked.astype(np.float64).prod(axis=1))
        whole = np.lcm.reduce(asked, axis=1)
        return part * (whole[:, None] // asked), whole

    def _keep(self, rows: IntArray, factor: Numbers, times: int = 1) -> None:
        """Give up the rows where the scale times two factors would not fit 64 bits."""
        if self.kind != np.dtype(object):
            product = self.scale[rows].astype(np.float64) * factor.astype(np.float64)
            product *= min(times, 2**62)
            self.fits[rows] &= product < _ROOM

    def _reduce(self, rows: IntArray) -> None:
        common = np.gcd(np.gcd.reduce(self.open[rows], axis=1), self.scale[rows])
        common = np.where(common == 0, np.ones_like(common), common)
        self.open[rows] //= common[:, None]
        self.scale[rows] //= common


def _divided(
    supply: Numbers, asked: Numbers, tier: IntArray, tiers: int
) -> tuple[Numbers, Numbers]:
    """For each need the part of what it asks for that it gets, over a number for the row.

    Tier by tier, until one asks for more than is left: its needs share that.
    """
    part, whole = np.ones_like(supply), np.ones_like(supply)
    last = np.full(len(supply), tiers)
    left = supply
    for current in range(tiers):
        wanted = np.where(tier == current, asked, 0).sum(axis=1)
        short = (last == tiers) & (left < wanted)
        part, whole = np.where(short, left, part), np.where(short, wanted, whole)
        last[short] = current
        left = left - wanted
    common = np.gcd(part, whole)
    part, whole = part // common, whole // common
    before, here = tier < last[:, None], tier == last[:, None]
    nothing = np.zeros_like(asked)
    return np.where(before, whole[:, None], np.where(here, part[:, None], nothing)), whole
