"""What a rule left each user with, carried into the next year and at the next year's prices."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from metneed.models.allocation import WHOLE, Allocation, Parts
from metneed.models.arrays import BoolArray, IntArray, TextArray, frozen, picked
from metneed.models.columns import AWARD_BEFORE, Numbers
from metneed.models.errors import NumbersTooLargeError
from metneed.models.instance import Previous, Users
from metneed.models.limits import AMOUNT_LIMIT
from metneed.models.problem import Problem
from metneed.models.units import Units
from metneed.solver.years.people import NEW, People


@dataclass(frozen=True, eq=False)
class Held:
    """What each user has at the end of a year, one row a user of that year.

    Packages are positions in the menus of the first year, whatever the prices.

    Parameters
    ----------
    today
        Whether it still is the package recorded before the first year.
    package
        The package (of the largest part), -1 for nothing and for recorded ones.
    parts
        All parts where packages are divisible, else None.
    cost, met_need, basic_met_need
        As allocated; of the basic part None where it is not known.
    award
        The money it was bought with, None where the rule gave none.
    ids
        Identifier of the package, empty for nothing.
    factor
        The prices that `cost` is counted at, as a multiple of the first year's.
    """

    today: BoolArray
    package: IntArray
    parts: Parts | None
    cost: IntArray
    met_need: IntArray
    basic_met_need: IntArray | None
    award: IntArray | None
    ids: TextArray
    factor: Fraction

    @property
    def held(self) -> BoolArray:
        """Whether the user has anything."""
        some: BoolArray = self.today | (self.package >= 0)
        return some

    @property
    def previous(self) -> Previous:
        """The same as a problem of the next year holds it."""
        return Previous(
            frozen(self.held, np.bool_),
            self.ids,
            frozen(self.cost),
            frozen(self.met_need),
            None if self.basic_met_need is None else frozen(self.basic_met_need),
        )


def recorded(base: Problem, people: People) -> Held | None:
    """What is recorded before the first year; None where nothing is."""
    if base.previous is None:
        return None
    previous = base.previous.subset(people.rows)
    return Held(
        today=previous.held,
        package=frozen(np.full(len(people), -1)),
        parts=None,
        cost=previous.cost,
        met_need=previous.met_need,
        basic_met_need=previous.basic_met_need,
        award=None,
        ids=previous.package_ids,
        factor=Fraction(1),
    )


def left_with(
    base: Problem, problem: Problem, origin: IntArray, factor: Fraction, done: Allocation
) -> Held:
    """What an allocation leaves everyone with.

    Parameters
    ----------
    base, problem
        The problems of the first year and of this one.
    origin
        For each package of this year's menus its position in the first year's.
    factor
        This year's prices as a multiple of the first year's.
    done
        The allocation, not one of packages recorded before.
    """
    package = picked(origin, done.package, -1)
    ids = np.full(len(package), "", dtype=object)
    if base.package_ids is not None:
        has = package >= 0
        ids[has] = base.package_ids.text(package[has])
    parts, basic, own = None, None, problem.menus.basic_met_need
    if done.parts is not None:
        parts = Parts(done.parts.user, frozen(origin[done.parts.package]), done.parts.share)
    if own is not None:
        one = picked(own, done.package)
        basic = one if done.parts is None else mixed(own, done.parts, len(package))
    return Held(
        today=np.zeros(len(package), dtype=np.bool_),
        package=package,
        parts=parts,
        cost=done.cost,
        met_need=done.met_need,
        basic_met_need=basic,
        award=done.award,
        ids=ids,
        factor=factor,
    )


def carried(held: Held, people: People) -> Held:
    """The same for the users of the next year; who is new has nothing."""
    before = people.before
    if len(before) == len(held.cost) and bool((before == np.arange(len(before))).all()):
        return held
    has = before != NEW

    def taken(column: IntArray | None, nothing: int = 0) -> IntArray | None:
        return None if column is None else picked(column, before, nothing)

    ids = np.full(len(before), "", dtype=object)
    ids[has] = held.ids[before[has]]
    parts = held.parts
    if parts is not None:
        place = np.full(len(held.cost), NEW)
        place[before[has]] = np.flatnonzero(has)
        kept = place[parts.user] != NEW
        parts = Parts(place[parts.user[kept]], parts.package[kept], parts.share[kept])
    return replace(
        held,
        today=has & picked(held.today.astype(np.int64), before).astype(np.bool_),
        package=picked(held.package, before, -1),
        parts=parts,
        cost=picked(held.cost, before),
        met_need=picked(held.met_need, before),
        basic_met_need=taken(held.basic_met_need),
        award=taken(held.award),
        ids=ids,
    )


def at_prices(
    held: Held, base: Problem, people: People, prices: IntArray, factor: Fraction
) -> Held:
    """The same at other prices: what the packages would cost this year.

    Parameters
    ----------
    held, people
        What everyone has, and who they are, in the same order.
    base
        The problem of the first year.
    prices, factor
        The cost of each package of the first year's menus, and the multiple that it is.
    """
    if held.factor == factor:
        return held
    if held.parts is None:
        cost = picked(prices, held.package)
    else:
        cost = mixed(prices, held.parts, len(people), up=True)
    if base.previous is not None:
        risen = inflated(base.previous.cost, factor)[people.rows]
        cost = np.where(held.today, risen, cost)
    return replace(held, cost=cost, factor=factor)


def with_awards(users: Users, held: Held | None, units: Units) -> Users:
    """The users with the money that each was given the year before, where that is known."""
    if held is None:
        return users
    numbers = {name: column for name, column in users.numbers.items() if name != AWARD_BEFORE}
    if held.award is not None:
        stated = np.ones(len(users), dtype=np.bool_)
        numbers[AWARD_BEFORE] = Numbers(frozen(held.award), units.money_decimals, stated)
    return replace(users, numbers=numbers)


def inflated(cost: IntArray, factor: Fraction) -> IntArray:
    """Costs times a factor, each rounded up to the smallest unit.

    Raises
    ------
    NumbersTooLargeError
        Where a cost is too large for exact arithmetic then.
    """
    if factor == 1:
        return cost
    numerator, denominator = factor.as_integer_ratio()
    # Factors of many years have many digits, while the same costs come again and again.
    distinct, codes = np.unique(cost, return_inverse=True)
    risen = [-(-amount * numerator // denominator) for amount in distinct.tolist()]
    if risen and risen[-1] >= AMOUNT_LIMIT:
        raise NumbersTooLargeError(
            f"prices {float(factor):,.3g} times as high are too large for exact arithmetic; set "
            "money_decimals lower in scenario.toml, or price_inflation lower in [path]"
        )
    return frozen(np.array(risen, dtype=np.int64)[codes])


def mixed(amounts: IntArray, parts: Parts, users: int, *, up: bool = False) -> IntArray:
    """What mixes come to for each user, rounded down, or up where said."""
    total, billionths = np.zeros((2, users), dtype=np.int64)
    # amount x share may pass 2^63: wholes and rests over WHOLE are multiplied apart.
    whole, rest = np.divmod(amounts[parts.package], WHOLE)
    np.add.at(total, parts.user, whole * parts.share)
    np.add.at(billionths, parts.user, rest * parts.share)
    result: IntArray = total + (-(-billionths // WHOLE) if up else billionths // WHOLE)
    return result
