"""Ready reckoner: hours of each service times its rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError
from metneed.solver.tables.rounding import Rounding, rounded_one, scaled


@dataclass(frozen=True)
class Rate:
    """What one unit of a service counts.

    Parameters
    ----------
    service
        Name of the service.
    rate
        Smallest money units for one unit, 0 or more; None where there is none.
    rounding
        How each item of this service is rounded.
    market
        What providers ask for one unit, where that is known; the rate where it is not.
    times
        How often the quantity occurs in the period of the amounts: 52 for weekly hours and a year,
        364 for daily ones.
    """

    service: str
    rate: int | None
    rounding: Rounding = "nearest"
    market: int | None = None
    times: Fraction = Fraction(1)


@dataclass(frozen=True, eq=False)
class Reckoned:
    """Amounts by user and service, smallest money units.

    Parameters
    ----------
    items
        Users by services, each rounded by itself.
    amount
        The items of each user added up.
    shortfall
        For each user what the same hours would cost more in the market than the items come to,
        services whose rate is above the market counting 0.
    """

    items: IntArray
    amount: IntArray
    shortfall: IntArray


def reckon(
    quantity: IntArray,
    rates: Sequence[Rate],
    *,
    per: int = 100,
    whole: int = 100,
) -> Reckoned:
    """Hours times rates, item by item.

    Parameters
    ----------
    quantity
        Users by services: units of each, times `per`.
    rates
        One a service.
    per
        Parts of one unit that quantities count.
    whole
        Smallest units of one pound.

    Raises
    ------
    OptionError
        Where a service that somebody uses has no rate, or something is negative.

    >>> reckon(np.array([[1050]]), [Rate("home care", 1416)]).amount.tolist()
    [14868]
    """
    _check(quantity, rates)
    items = np.zeros(quantity.shape, dtype=np.int64)
    market = np.zeros(quantity.shape, dtype=np.int64)
    for place, rate in enumerate(rates):
        if rate.rate is None:
            continue
        hours, each = quantity[:, place], rate.times / per
        items[:, place] = scaled(hours, each * rate.rate, rate.rounding, whole=whole)
        asked = rate.rate if rate.market is None else max(rate.rate, rate.market)
        market[:, place] = scaled(hours, each * asked, rate.rounding, whole=whole)
    return Reckoned(items, items.sum(axis=1), (market - items).sum(axis=1))


def raised(rate: int, share: Fraction, how: Rounding, whole: int = 100) -> int:
    """A rate raised by a share of itself (lowered where negative), rounded in its own way.

    >>> raised(1416, Fraction(4, 100), "down"), raised(39600, Fraction(4, 100), "whole_nearest")
    (1472, 41200)
    """
    return rounded_one(rate * (1 + share), how, whole)


def _check(quantity: IntArray, rates: Sequence[Rate]) -> None:
    if quantity.shape[1] != len(rates):
        raise ValueError(f"{quantity.shape[1]} columns of quantities for {len(rates)} rates")
    for place, rate in enumerate(rates):
        hours = quantity[:, place]
        if len(hours) and int(hours.min()) < 0:
            raise OptionError(
                f"service {rate.service!r} has a negative quantity: quantities are 0 or more"
            )
        if any(each is not None and each < 0 for each in (rate.rate, rate.market)):
            raise OptionError(f"service {rate.service!r} has a negative rate: rates are 0 or more")
        if rate.times < 0:
            raise OptionError(f"service {rate.service!r} occurs {rate.times} times: say 0 or more")
        users = int(np.count_nonzero(hours))
        if rate.rate is None and users:
            raise OptionError(
                f"service {rate.service!r} is in use by {users} users and has no rate: add one, "
                "0 where it is free"
            )
