"""At the size of a council every row stays exact: 20,000 users, need in thousandths."""

from decimal import Decimal
from fractions import Fraction
from math import ceil

import numpy as np
import pytest

from metneed.models.allocation import WHOLE, Allocation
from metneed.models.arrays import frozen
from metneed.models.problem import Problem
from metneed.models.units import Units
from metneed.solver.bound import Bound, bind_constraints
from metneed.solver.breaches import breaches
from metneed.solver.reduction import reduce

from .brute import Tables, previous, problem

USERS = 20_000
AREAS = ("east", "north", "south", "west")
TABLES: Tables = {
    "share": {"kind": "group_share", "group": "area", "at_least": Decimal("0.987654321")},
    "gap": {"kind": "group_gap", "group": "area", "at_most": Decimal("0.000123456")},
}


@pytest.fixture(scope="module")
def council() -> Problem:
    """Five packages each: up to 200,000.00 for up to 1,000.000 of need."""
    rng = np.random.default_rng(5)
    cost = rng.integers(1, 2 * 10**7, (USERS, 5))
    need = rng.integers(1, 10**6, (USERS, 5))
    menus = [
        list(zip(*menu, strict=True)) for menu in zip(cost.tolist(), need.tolist(), strict=True)
    ]
    return problem(
        menus,
        10**11,
        groups={"area": [AREAS[row % 4 if row % 3 else 0] for row in range(USERS)]},
        units=Units("GBP", 2, 3),
        previous=previous(cost[:, 0].tolist(), need[:, 0].tolist()),
    )


def shares(case: Problem, picks: np.ndarray) -> tuple[list[Fraction], Fraction, list[int]]:
    """Share of need met in each area and in all, and the need of each area, as fractions."""
    met = np.where(picks >= 0, case.menus.met_need[picks], 0).tolist()
    area = case.users.groups["area"].codes.tolist()
    need = case.users.need.tolist()
    v, n = [0] * 4, [0] * 4
    for user in range(USERS):
        v[area[user]] += met[user]
        n[area[user]] += need[user]
    return [Fraction(a, b) for a, b in zip(v, n, strict=True)], Fraction(sum(v), sum(n)), n


def test_rows_of_groups_say_what_fractions_say(council: Problem) -> None:
    rng = np.random.default_rng(6)
    picks = council.menus.offsets[:-1] + rng.integers(0, 5, USERS)
    north = council.users.groups["area"].codes == 1
    picks = np.where(north & (rng.random(USERS) < 0.1), -1, picks)
    by_area, overall, need = shares(council, picks)
    fraction, gap = Fraction("0.987654321"), Fraction("0.000123456")

    expected = {}
    for h, name in enumerate(AREAS):
        short = fraction * overall - by_area[h]
        if short > 0:
            expected[f"share: {name}"] = ceil(short * need[h])
        for g, other in enumerate(AREAS):
            wide = by_area[h] - by_area[g] - gap
            if g != h and wide > 0:
                expected[f"gap: {name} over {other}"] = ceil(wide * need[g])
    found = breaches(council, bind_constraints(TABLES), Allocation.of_picks(council, frozen(picks)))

    assert expected
    assert {item.limit: item.need for item in found} == expected


def test_rows_of_groups_do_pass_64_bits_and_are_exact_all_the_same(council: Problem) -> None:
    row = bind_constraints(TABLES)[0].effect(council).rows[0]
    best = council.menus.offsets[1:] - 1

    assert max(map(abs, row.weights)) * int(council.menus.met_need.sum()) > 2**63
    by_hand = sum(
        row.weights[klass] * need
        for klass, need in zip(
            council.users.groups["area"].codes.tolist(),
            council.menus.met_need[best].tolist(),
            strict=True,
        )
    )
    assert row.total(best) == by_hand


def test_part_packages_of_a_council_are_cut_within_its_menus(council: Problem) -> None:
    given = council.replace(packages="divisible")
    bound: tuple[Bound, ...] = bind_constraints(
        {"floor": {"kind": "floor", "base": "need", "share": Decimal("0.3333")}}
    )
    left = reduce(given, bound[0].effect(given))
    floor = -bound[0].effect(given).each[0].limit

    assert bool((left.menus.met_need >= floor[left.menus.user]).all())
    assert bool((left.share.sum(axis=1) <= WHOLE).all())
    assert bool(left.due.all())
    assert not left.blocked.any()
    # Every mix costs what its parts cost, rounded up.
    mixes = np.flatnonzero(left.share[:, 0] < WHOLE)[:1000].tolist()
    assert mixes
    for row in mixes:
        parts = zip(left.package[row].tolist(), left.share[row].tolist(), strict=True)
        exact = sum(int(given.menus.cost[p]) * s for p, s in parts if p >= 0)

        assert left.menus.cost[row] == -(-exact // WHOLE)
