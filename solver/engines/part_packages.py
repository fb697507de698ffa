"""Part packages: the answer of the core programme as shares of people's packages, in billionths.

Most people have a whole package; no more are split than there are limits. A split user's amounts
are rounded against the user: what is used up, what is met down. So the limits hold as stated.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metneed.models.allocation import WHOLE, Parts
from metneed.models.arrays import FloatArray, IntArray, frozen
from metneed.models.menus import Menus
from metneed.models.sums import exact_sum
from metneed.solver.engines.core_program import Core, CoreAnswer
from metneed.solver.engines.kinds import Kinds
from metneed.solver.engines.rows import Row

ATTEMPTS = 8
SNAP = 1e-7
"""A number of users this near a whole one is read as whole; what it changes is checked after."""


@dataclass(frozen=True, eq=False)
class PartPackages:
    """Shares of packages, what they are worth, and how far they pass each limit (0: kept)."""

    parts: Parts
    value: int
    excess: tuple[int, ...]


def part_packages(
    menus: Menus, kinds: Kinds, core: Core, answer: CoreAnswer, deadline: float = np.inf
) -> PartPackages:
    """The answer as shares that keep the limits also after rounding.

    Where rounding passes a limit, the core programme is solved again with that limit drawn in by
    as little; only limits that leave no room at all, such as two that together are an equation,
    may stay passed by a rounding, which is then told; or all where the deadline comes first.
    """
    best = _measured(menus, kinds.rows, _shares(menus, kinds, answer))
    latest, drawn_in = best, [0] * len(kinds.rows)
    # Rows that left no room when they were drawn in: they stay as they are.
    fixed: set[int] = set()
    for attempt in range(ATTEMPTS):
        if not any(more for k, more in enumerate(best.excess) if k not in fixed):
            break
        for k, (row, more) in enumerate(zip(kinds.rows, latest.excess, strict=True)):
            if more and k not in fixed:
                drawn_in[k] += more + 2**attempt * max(abs(weight) for weight in row.weights)
        shift = np.array([float(less) for less in drawn_in]) / core.dual.scale
        again = core.solve(core.dual.limits - shift, deadline)
        if again is None:
            break
        if again.missing.any():
            # Rows on shares of groups may together be equations, whichever of them it shows in.
            rigid = {k for k, row in enumerate(kinds.rows) if row.klass is not None and drawn_in[k]}
            fixed |= rigid or set(np.flatnonzero(again.missing).tolist())
            drawn_in = [0 if k in fixed else less for k, less in enumerate(drawn_in)]
            continue
        latest = _measured(menus, kinds.rows, _shares(menus, kinds, again))
        if _passed(latest, kinds.rows) < _passed(best, kinds.rows):
            best = latest
    return best


def _passed(found: PartPackages, rows: Sequence[Row]) -> tuple[int, float]:
    """How many rows are passed, and by how much for their size."""
    return sum(map(bool, found.excess)), sum(
        more / (abs(row.limit) + 1) for more, row in zip(found.excess, rows, strict=True)
    )


def total_of_parts(row: Row, parts: Parts) -> int:
    """What parts come to in a row, each split user's amount rounded up, what is met down.

    >>> parts = Parts(*(np.array(a) for a in ([0, 0], [0, 1], [5 * 10**8, 5 * 10**8])))
    >>> total_of_parts(Row("budget", np.array([2, 5]), 9), parts)
    4
    """
    whole = parts.share == WHOLE
    total = row.total(parts.package[whole])
    sums: dict[tuple[int, int], int] = {}
    for user, package, share in zip(
        *(column[~whole].tolist() for column in (parts.user, parts.package, parts.share)),
        strict=True,
    ):
        klass = 0 if row.klass is None else int(row.klass[package])
        sums[user, klass] = sums.get((user, klass), 0) + share * int(row.base[package])
    for (_, klass), amount in sums.items():
        weight = row.weights[klass]
        # Of what a weight below 0 counts, less is the safe side.
        total += weight * (-(-amount // WHOLE) if weight >= 0 else amount // WHOLE)
    return total


def value_of_parts(value: IntArray, parts: Parts) -> int:
    """What parts are worth, each split user's value rounded down."""
    whole = parts.share == WHOLE
    total = exact_sum(value[parts.package[whole]])
    sums: dict[int, int] = {}
    for user, package, share in zip(
        *(column[~whole].tolist() for column in (parts.user, parts.package, parts.share)),
        strict=True,
    ):
        sums[user] = sums.get(user, 0) + share * int(value[package])
    return total + sum(amount // WHOLE for amount in sums.values())


def _measured(menus: Menus, rows: Sequence[Row], parts: Parts) -> PartPackages:
    excess = tuple(max(0, total_of_parts(row, parts) - row.limit) for row in rows)
    return PartPackages(parts, value_of_parts(menus.value, parts), excess)


def _shares(menus: Menus, kinds: Kinds, answer: CoreAnswer) -> Parts:
    """Shares of packages: whole ones for the decided, those of undecided kinds dealt out."""
    option = answer.decided[kinds.kind]
    whole = np.flatnonzero(option >= 0)
    user = [whole]
    package = [_own(menus, kinds, whole, option[whole])]
    share = [np.full(len(whole), WHOLE, dtype=np.int64)]
    by_kind = np.argsort(kinds.kind, kind="stable")
    starts = np.concatenate([[0], np.cumsum(kinds.count)])
    owner = kinds.owner[answer.options]
    edges = np.flatnonzero(np.diff(owner, prepend=-1, append=-1))
    for first, end in itertools.pairwise(edges):
        kind = owner[first]
        members = by_kind[starts[kind] : starts[kind + 1]]
        given = answer.options[first:end]
        for row, part, amount in _dealt(
            _billionths(answer.users[first:end], len(members)), kinds.value[given], len(members)
        ):
            user.append(members[row])
            package.append(_own(menus, kinds, members[row], given[part]))
            share.append(np.full(len(members[row]), amount, dtype=np.int64))
    users, packages, shares = (np.concatenate(each) for each in (user, package, share))
    real = packages >= 0
    users, packages, shares = users[real], packages[real], shares[real]
    order = np.lexsort((packages, users))
    return Parts(frozen(users[order]), frozen(packages[order]), frozen(shares[order]))


def _own(menus: Menus, kinds: Kinds, users: IntArray, option: IntArray | np.int64) -> IntArray:
    """The users' own packages for options of their kinds."""
    package = np.broadcast_to(kinds.package[option], users.shape)
    first = kinds.first[kinds.kind[users]]
    moved: IntArray = np.where(
        package < 0, -1, package - menus.offsets[first] + menus.offsets[users]
    )
    return moved


def _billionths(users: FloatArray, count: int) -> list[int]:
    """Numbers of users in billionths that add up to all of them."""
    near = np.rint(users)
    users = np.clip(np.where(np.abs(users - near) < SNAP, near, users), 0, count)
    amounts = [round(number * WHOLE) for number in users.tolist()]
    # The largest takes the rounding: it is there to take.
    largest = max(range(len(amounts)), key=lambda i: (amounts[i] % WHOLE != 0, amounts[i]))
    amounts[largest] += count * WHOLE - sum(amounts)
    return amounts


def _dealt(amounts: list[int], value: IntArray, count: int) -> list[tuple[slice, int, int]]:
    """Which of the users get which option, and how much of it: the most valuable comes first."""
    dealt = []
    user, filled = 0, 0
    for option in sorted(range(len(amounts)), key=lambda i: (-int(value[i]), i)):
        left = amounts[option]
        while left > 0 and user < count:
            if filled == 0 and left >= WHOLE:
                many = left // WHOLE
                dealt.append((slice(user, user + many), option, WHOLE))
                user, left = user + many, left % WHOLE
                continue
            part = min(left, WHOLE - filled)
            dealt.append((slice(user, user + 1), option, part))
            left, filled = left - part, filled + part
            if filled == WHOLE:
                user, filled = user + 1, 0
    return dealt
