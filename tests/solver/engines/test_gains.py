"""The table of gains has, for each choice of open services, the bound that it has by itself."""

from fractions import Fraction

import numpy as np
import pytest

from metneed.models.arrays import frozen
from metneed.models.errors import NumbersTooLargeError
from metneed.models.menus import Menus
from metneed.solver.engines import gains as module
from metneed.solver.engines.gains import (
    IMPOSSIBLE,
    Decided,
    Gains,
    Prices,
    Scale,
    all_kinds,
    undivided,
)
from metneed.solver.engines.kinds import kinds_of
from metneed.solver.engines.pool import opening
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import bound_at

from .pools import best_by_enumeration, pool, random_problem


def alone(given: tuple, is_open: tuple[int, ...], prices: Prices) -> int:  # type: ignore[type-arg]
    """The same bound of one opening, by the engine for rows."""
    menus, due, rows, pools = given
    problem = opening(menus, rows, pools, is_open, is_open)
    blocked = due & (np.diff(problem.menus.offsets) == 0)
    if blocked.any():
        return IMPOSSIBLE
    kinds = kinds_of(problem.menus, due, problem.rows)
    multipliers = (
        *prices.multipliers[: len(rows)],
        *(prices.multipliers[len(rows) + k] for k in is_open),
    )
    q, value = prices.denominator, kinds.value
    if not prices.valued:
        total = bound_at(kinds, multipliers, q, np.zeros_like(value)).total
        return IMPOSSIBLE if total < 0 else module.ROOM
    worth = sum(pools[k].worth for k in is_open)
    return bound_at(kinds, multipliers, q, value).value + worth


@pytest.mark.parametrize("seed", range(40))
def test_every_entry_is_the_bound_of_its_opening(seed: int) -> None:
    rng = np.random.default_rng(seed)
    given = random_problem(rng, services=int(rng.integers(0, 6)), rows=int(rng.integers(0, 3)))
    _, _, rows, pools = given
    gains = Gains(all_kinds(*given), pools, undivided(pools))
    for valued in (True, False):
        multipliers = tuple(rng.integers(0, 40, len(rows) + len(pools)).tolist())
        prices = Prices(multipliers, 16, valued)
        bounds = gains.bounds(prices)
        for entry, bound in enumerate(bounds.tolist()):
            assert bound == alone(given, gains.decided.is_open(entry), prices)


@pytest.mark.parametrize("cells", [1, 8, 40])
def test_with_few_cells_the_bounds_are_only_weaker(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        given = random_problem(rng, services=4)
        pools = given[3]
        prices = Prices((5, 1, 0, 2, 0), 4)
        exact = Gains(all_kinds(*given), pools, undivided(pools)).bounds(prices)
        monkeypatch.setattr(module, "CELLS", cells + given[0].n_users + 1)
        rough = Gains(all_kinds(*given), pools, undivided(pools)).bounds(prices)
        monkeypatch.undo()

        assert (rough >= exact).all()


def test_undecided_services_leave_a_bound_on_every_way_to_decide_them() -> None:
    sharper = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        given = random_problem(rng, services=4)
        pools = given[3]
        kinds, prices = all_kinds(*given), Prices((int(rng.integers(1, 9)), 0, 1, 0, 2), 4)
        every = Gains(kinds, pools, Decided((0, 1, 2, 3))).bounds(prices).reshape(4, 4)
        some = Gains(kinds, pools, Decided((0, 1), undecided=(2, 3))).bounds(prices)
        for more_open in range(4):
            opened = tuple(k for k in (2, 3) if more_open >> (k - 2) & 1)
            closed = tuple(k for k in (2, 3) if k not in opened)
            leaf = Gains(kinds, pools, Decided((0, 1), opened, closed)).bounds(prices)
            assert leaf.tolist() == every[more_open].tolist()
            assert (some >= leaf).all()
        free = [type(item)(item.needs, item.members) for item in pools]
        for_nothing = Gains(kinds, [*pools[:2], *free[2:]], Decided((0, 1), opened=(2, 3)))
        sharper += int(
            (some < for_nothing.bounds(Prices((*prices.multipliers[:3], 0, 0), 4))).sum()
        )

    # What those who gain by a service pay for it makes the bound better than if it were free.
    assert sharper > 0


def test_prices_are_as_fine_as_sums_in_64_bits_allow() -> None:
    menus = Menus.of([0, 1, 2], [2**40, 5], [2**38, 7])
    rows = [Row("budget", menus.cost, 2**41)]
    kinds = all_kinds(menus, np.zeros(2, dtype=np.bool_), rows, ())
    found = Scale(kinds, ()).prices([Fraction(1, 3)])

    assert found.denominator < 2**40
    assert abs(Fraction(found.multipliers[0], found.denominator) - Fraction(1, 3)) < Fraction(1, 9)
    with pytest.raises(NumbersTooLargeError, match="money_decimals or need_decimals"):
        Scale(kinds, ()).prices([Fraction(2**30)])
    huge = Prices((2**40,), 2**30)
    with pytest.raises(NumbersTooLargeError, match="too large"):
        Gains(kinds, (), undivided(())).bounds(huge)


def test_no_choice_of_packages_is_worth_more_than_the_table_says() -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        menus, due, rows, pools = random_problem(rng, services=3, rows=1)
        best = best_by_enumeration(menus, due, rows, pools)
        gains = Gains(all_kinds(menus, due, rows, pools), pools, undivided(pools))
        for _ in range(5):
            prices = Prices(tuple(rng.integers(0, 20, 5).tolist()), 8)
            assert best is None or int(gains.bounds(prices).max()) >= best[0]


def test_identical_users_are_merged_only_where_they_need_the_same() -> None:
    menus = Menus.of([0, 1, 2, 3], [4, 4, 4], [7, 7, 7])
    rows = [Row("budget", menus.cost, 9)]
    same = all_kinds(menus, np.zeros(3, dtype=np.bool_), rows, [pool("a", [True, True, False])])
    assert same.count.tolist() == [2, 1]

    # Of a mix so little may need a service that it is no member, as rounded.
    tiny = pool("a", [True, True, False])
    tiny = type(tiny)(tiny.needs, Row("a", frozen([0, -1, 0]), 0))
    apart = all_kinds(menus, np.zeros(3, dtype=np.bool_), rows, [tiny])
    assert apart.count.tolist() == [1, 1, 1]
