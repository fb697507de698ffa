"""Which constraints an allocation does not keep: for how many users, and by how much."""

from collections.abc import Iterator, Sequence

import numpy as np

from metneed.models.allocation import WHOLE, Allocation, Parts
from metneed.models.arrays import IntArray, picked
from metneed.models.comparison import Breach
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.bound import Bound
from metneed.solver.constraint import Counted, Each, Effect, Reading
from metneed.solver.engines.rows import Row
from metneed.solver.pairs import Pairs
from metneed.solver.pooled_breaches import pooled_breaches

MOST_PAIRS_NAMED = 10
"""Broken pairs that are named one by one; of more only their number is said."""


def breaches(
    problem: Problem, bound: Sequence[Bound], allocation: Allocation, rule: str = ""
) -> list[Breach]:
    """What an allocation does not keep, constraint by constraint.

    Soft floors and floors that are only counted are among them. Shares of part packages are
    rounded to billionths: what such rounding alone may cause is no breach. Of today's packages
    nobody recorded the services that they use, nor whether they stand on the menu: limits on
    these are left out for them.

    Parameters
    ----------
    problem
        The problem that the allocation answers.
    bound
        Its constraints.
    allocation
        What is looked at, by whatever rule it came about.
    rule
        Name of that rule, for the breaches.
    """
    found: list[Breach] = []
    for item in bound:
        effect = item.effect(problem)
        for limit in effect.each:
            found += _of_each(problem, limit, allocation, rule)
        if not effect.each:
            found += _of_menus(problem, item.name, effect, allocation, rule)
        if effect.pairs is not None:
            found += _of_pairs(problem, item.name, effect.pairs, allocation, rule)
        found += pooled_breaches(problem, effect, allocation, rule)
        for row in effect.rows:
            reading = effect.readings.get(row.name, Reading("users"))
            found += _of_row(row, reading, allocation, rule)
    return found


def _breach(rule: str, limit: str, users: int, unit: Counted, amount: int) -> Breach:
    by_unit = {} if unit == "users" else {unit: amount}
    return Breach(rule, limit, users, **by_unit)


def _of_each(problem: Problem, limit: Each, allocation: Allocation, rule: str) -> Iterator[Breach]:
    """Users over their limit, and by how much all of them together."""
    room: IntArray = np.zeros(len(problem.users), dtype=np.int64)
    if allocation.from_previous:
        if limit.today is None:
            return
        amounts = limit.today
    elif allocation.parts is None:
        amounts = picked(limit.base, allocation.package)
    else:
        amounts, room = _of_parts(problem, limit.base, allocation)
    excess = amounts - limit.limit
    broken = limit.held & (excess > room)
    if broken.any():
        users = int(broken.sum())
        yield _breach(rule, limit.name, users, limit.unit, exact_sum(excess[broken]))


def _of_parts(
    problem: Problem, base: IntArray, allocation: Allocation
) -> tuple[IntArray, IntArray]:
    """For each user the amount of the mix, rounded down, and what rounding of shares may do."""
    parts, n = allocation.parts, len(problem.users)
    assert parts is not None
    amounts, billionths, room = np.zeros((3, n), dtype=np.int64)
    own = base[parts.package]
    # amount x share may pass 2^63: wholes and rests over WHOLE are multiplied apart.
    whole, rest = np.divmod(own, WHOLE)
    np.add.at(amounts, parts.user, whole * parts.share)
    np.add.at(billionths, parts.user, rest * parts.share)
    partly = parts.share < WHOLE
    np.add.at(room, parts.user[partly], np.abs(own[partly]) // WHOLE + 1)
    return amounts + billionths // WHOLE, room


def _of_menus(
    problem: Problem, name: str, effect: Effect, allocation: Allocation, rule: str
) -> Iterator[Breach]:
    """Users with a package that is no choice, or with nothing where that is none."""
    if allocation.from_previous:
        return
    broken = np.zeros(len(problem.users), dtype=np.bool_)
    if effect.due is not None:
        broken |= effect.due & (allocation.share == 0)
    if effect.removed is not None:
        if allocation.parts is None:
            users = np.flatnonzero(allocation.package >= 0)
            packages = allocation.package[users]
        else:
            users, packages = allocation.parts.user, allocation.parts.package
        broken[users[effect.removed[packages]]] = True
    if broken.any():
        yield Breach(rule, name, int(broken.sum()))


def _of_row(row: Row, reading: Reading, allocation: Allocation, rule: str) -> Iterator[Breach]:
    """By how much a limit on everybody is passed, in what it counts, rounded up."""
    if allocation.from_previous and reading.today is None:
        return
    if allocation.from_previous:
        total, room = (reading.today or 0) * WHOLE, 0
    elif allocation.parts is None:
        total, room = row.total(allocation.package) * WHOLE, 0
    else:
        total, room = billionths_of(row, allocation.parts)
    excess = total - row.limit * WHOLE
    if excess <= room:
        return
    amount = -(-excess // (WHOLE * reading.per))
    users = amount * reading.users if reading.unit == "users" else reading.users
    yield _breach(rule, row.name, users, reading.unit, amount)


def _of_pairs(
    problem: Problem, name: str, pairs: Pairs, allocation: Allocation, rule: str
) -> Iterator[Breach]:
    """Pairs that are not kept, one by one while they are few."""
    if allocation.from_previous:
        return
    parts = allocation.parts
    if parts is None:
        users = np.flatnonzero(allocation.package >= 0)
        parts = Parts(users, allocation.package[users], allocation.share[users])
    broken = pairs.broken(parts, problem.menus.n_packages)
    titles = [pairs.titles[k] for k in np.flatnonzero(broken)]
    if len(titles) <= MOST_PAIRS_NAMED:
        yield from (Breach(rule, title, 2) for title in titles)
        return
    users = np.unique(pairs.only(broken).users(problem))
    yield Breach(rule, f"{name}: {len(titles):,} pairs", len(users))


def billionths_of(row: Row, parts: Parts) -> tuple[int, int]:
    """The billionths of a row's amount, and how many of them rounding of shares may cause."""
    klass = np.zeros(len(parts.share), dtype=np.int64)
    if row.klass is not None:
        klass = row.klass[parts.package]
    total = room = 0
    own = row.base[parts.package]
    partly = parts.share < WHOLE
    for code, weight in enumerate(row.weights):
        mine = klass == code
        full, part = own[mine & ~partly], own[mine & partly]
        shares = parts.share[mine & partly].tolist()
        mixed = sum(amount * share for amount, share in zip(part.tolist(), shares, strict=True))
        total += weight * (exact_sum(full) * WHOLE + mixed)
        room += abs(weight) * exact_sum(np.abs(part))
    return total, room
