r"""Met need of a package: what the units of its services do for each need of a user.

A user's need d has points p_d, and unpaid carers meet the share i_d of it. Let y_d be the share
that is still open, 1 - i_d to begin with. The services of a package are taken in the order of
the price list. A service that would need r_d units for the whole of need d by itself is asked for
r_d y_d units; its units go to the basic needs first, and within a tier in proportion to what is
asked for, so that each need of the tier gets the same part f (0 to 1) of what it asks for. Where
the service reaches at most the share a_d of a need,

    y_d becomes y_d (1 - a_d f).

A service that replaces all others is not divided: a week in a care home is a week for each need.
Met need is the sum of p_d (1 - i_d - y_d), the need itself the sum of p_d (1 - i_d). All of it is
exact: integers over one common denominator a package, rounded down at the very end.

Because units go to what is asked for, not to what they were bought for, services that serve few
needs should stand before those that serve many.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from metneed.models.arrays import BoolArray, IntArray

WHOLE = 1000
"""Shares (unpaid care, reach) and units of services are integer thousandths."""

_CHUNK = 100_000
_ROOM = float(2**61)

_Numbers = npt.NDArray[Any]
"""int64, or Python integers where int64 is too small."""


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
    """

    level: IntArray
    informal: IntArray
    basic: BoolArray

    def __len__(self) -> int:
        return len(self.level)

    def subset(self, rows: IntArray) -> "Needs":
        """The needs of the users in these rows."""
        return Needs(self.level[rows], self.informal[rows], self.basic[rows])


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

    def __post_init__(self) -> None:
        if self.reach.min(initial=0) < 0 or self.reach.max(initial=0) > WHOLE:
            raise ValueError("a reach is not between 0 and 1")
        if self.points.min(initial=0) < 0 or self.units.min(initial=0) < 0:
            raise ValueError("points or units are negative")
        if self.points[0] or self.units[0].any():
            raise ValueError("row 0 of the reckoner means no need and must be 0")
        if self.reach[self.units == 0].any():
            raise ValueError("a service reaches a need for which it has no units")


def stated_need(needs: Needs, reckoner: Reckoner) -> tuple[IntArray, IntArray]:
    """Need and basic need of each user after unpaid care, smallest need units, rounded down."""
    wanted = reckoner.points[needs.level] * (WHOLE - needs.informal)
    basic = np.where(needs.basic, wanted, 0)
    return wanted.sum(axis=1) // WHOLE, basic.sum(axis=1) // WHOLE


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


def _met(needs: Needs, reckoner: Reckoner, units: IntArray) -> IntArray:
    met, fits = _counted(needs, reckoner, units, np.dtype(np.int64))
    if not fits.all():
        # Packages of several services that all fall short have denominators beyond 64 bits.
        large = np.flatnonzero(~fits)
        met[:, large], _ = _counted(needs.subset(large), reckoner, units[large], np.dtype(object))
    return met


def _counted(
    needs: Needs, reckoner: Reckoner, units: IntArray, kind: np.dtype[Any]
) -> tuple[IntArray, BoolArray]:
    """Met need and met basic need, and for which packages the numbers were large enough."""
    ledger = _Ledger(needs, kind)
    for service in range(units.shape[1]):
        ledger.supply(reckoner, service, units[:, service].astype(kind))
    points = reckoner.points[needs.level].astype(kind)
    met = [ledger.met(points), ledger.met(np.where(needs.basic, points, 0))]
    return np.array(met).astype(np.int64), ledger.fits


class _Ledger:
    """The share of each need that is still open: `open` over `scale`, exactly.

    Rows whose numbers would not fit are taken out of `fits` and hold no meaning from then on.
    """

    def __init__(self, needs: Needs, kind: np.dtype[Any]) -> None:
        self.needs = needs
        self.kind = kind
        self.fits: BoolArray = np.ones(len(needs), dtype=bool)
        self.open: _Numbers = (WHOLE - needs.informal).astype(kind)
        self.scale: _Numbers = np.full(len(needs), WHOLE).astype(kind)
        self._reduce(np.arange(len(needs)))

    def supply(self, reckoner: Reckoner, service: int, given: _Numbers) -> None:
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
            part, whole = _divided(given[rows] * self.scale[rows], asked, self.needs.basic[rows])
        reach = reckoner.reach[:, service]
        unit = int(np.gcd(np.gcd.reduce(reach), WHOLE))
        self._keep(rows, whole, WHOLE // unit)
        factor = whole * (WHOLE // unit)
        met = part * (reach // unit)[self.needs.level[rows]].astype(self.kind)
        self.open[rows] *= factor[:, None] - met
        self.scale[rows] *= factor
        self._reduce(rows)

    def met(self, points: _Numbers) -> _Numbers:
        """The sum of points times the share met by services, rounded down."""
        self._keep(np.arange(len(points)), points.sum(axis=1), WHOLE)
        wanted = (points * (WHOLE - self.needs.informal).astype(self.kind)).sum(axis=1)
        still = (points * self.open).sum(axis=1) * WHOLE
        scale = np.where(self.fits, self.scale, np.ones_like(self.scale))
        met: _Numbers = (wanted * scale - still) // (WHOLE * scale)
        return met

    def _undivided(
        self, rows: IntArray, given: _Numbers, in_full: _Numbers
    ) -> tuple[_Numbers, _Numbers]:
        """The part of what each need asks for that it gets where none shares with another."""
        asked = np.where(in_full > 0, in_full, np.ones_like(in_full))
        part = np.minimum(given[:, None], asked)
        common = np.gcd(part, asked)
        part, asked = part // common, asked // common
        if self.kind != np.dtype(object):
            self._keep(rows, asked.astype(np.float64).prod(axis=1))
        whole = np.lcm.reduce(asked, axis=1)
        return part * (whole[:, None] // asked), whole

    def _keep(self, rows: IntArray, factor: _Numbers, times: int = 1) -> None:
        """Give up the rows where the scale times two factors would not fit 64 bits."""
        if self.kind != np.dtype(object):
            product = self.scale[rows].astype(np.float64) * factor.astype(np.float64) * times
            self.fits[rows] &= product < _ROOM

    def _reduce(self, rows: IntArray) -> None:
        common = np.gcd(np.gcd.reduce(self.open[rows], axis=1), self.scale[rows])
        common = np.where(common == 0, np.ones_like(common), common)
        self.open[rows] //= common[:, None]
        self.scale[rows] //= common


def _divided(supply: _Numbers, asked: _Numbers, basic: BoolArray) -> tuple[_Numbers, _Numbers]:
    """For each need the part of what it asks for that it gets, over a number for the row."""
    zero, one = np.zeros_like(supply), np.ones_like(supply)
    first = np.where(basic, asked, 0).sum(axis=1)
    second = asked.sum(axis=1) - first
    left = supply - first
    short, tight = left < 0, left < second
    whole = np.where(short, first, np.where(tight, second, one))
    to_basic = np.where(short, supply, whole)
    to_other = np.where(short, zero, np.where(tight, left, one))
    common = np.gcd(np.gcd(to_basic, to_other), whole)
    to_basic, to_other, whole = to_basic // common, to_other // common, whole // common
    return np.where(basic, to_basic[:, None], to_other[:, None]), whole
