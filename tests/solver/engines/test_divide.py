from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.menus import Menus
from metneed.solver.engines.divide import Mix, billionths, divide_hull
from metneed.solver.engines.hull import upper_hulls


def divided(menus: Menus, money: list[int]) -> Mix:
    return divide_hull(upper_hulls(menus, "at_most_one"), np.array(money, dtype=np.int64))


def test_money_between_two_packages_buys_a_part_of_the_larger(d3: Menus) -> None:
    mix = divided(d3, [3, 5, 2])

    assert mix.left.tolist() == [0, 3, -1]
    assert mix.right.tolist() == [1, 5, 7]
    assert mix.right_share.tolist() == [500_000_000, 666_666_666, 250_000_000]
    assert mix.cost.tolist() == [3, 5, 2]
    assert mix.value.tolist() == [6, 8, 2]


def test_money_for_exactly_one_package_buys_that_package_whole(d3: Menus) -> None:
    mix = divided(d3, [4, 6, 0])

    assert mix.left.tolist() == mix.right.tolist() == [1, 5, -1]
    assert (mix.right_share == 0).all()
    assert (mix.cost.tolist(), mix.value.tolist()) == ([4, 6, 0], [8, 10, 0])


def test_more_money_than_the_best_package_costs_is_not_spent(d3: Menus) -> None:
    mix = divided(d3, [100, 7, 9])

    assert (mix.cost.tolist(), mix.value.tolist()) == ([7, 6, 8], [10, 10, 9])


def test_too_little_for_the_cheapest_of_those_one_must_have_buys_nothing(d3: Menus) -> None:
    mix = divide_hull(upper_hulls(d3, "exactly_one"), np.array([1, 3, 5]))

    assert mix.left.tolist() == [-1, 3, 6]
    assert (mix.cost.tolist(), mix.value.tolist()) == ([0, 3, 5], [0, 6, 5])
    assert mix.right.tolist() == [-1, 3, 7]


def test_nobody_gets_nothing() -> None:
    assert len(divided(Menus.of([0], [], []), []).cost) == 0


@settings(deadline=None, derandomize=True, max_examples=200)
@given(data=st.data(), menu=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8))
def test_the_value_is_the_hull_at_that_money_rounded_down(
    data: st.DataObject, menu: list[tuple[int, int]]
) -> None:
    money = data.draw(st.integers(0, 50))
    cost, value = ([pair[i] for pair in menu] for i in (0, 1))
    mix = divided(Menus.of([0, len(menu)], cost, value), [money])

    free = max((v for c, v in [(0, 0), *menu] if c == 0), default=0)
    best = Fraction(free)
    for low_cost, low in [(0, free), *menu]:
        for high_cost, high in menu:
            if low_cost <= money <= high_cost and low_cost < high_cost:
                part = Fraction(money - low_cost, high_cost - low_cost)
                best = max(best, low + part * (high - low))
        if low_cost <= money:
            best = max(best, Fraction(low))
    assert mix.value[0] == best // 1
    assert mix.cost[0] <= money


@settings(deadline=None, derandomize=True, max_examples=200)
@given(data=st.data(), whole=st.integers(1, 2**53 - 1))
def test_billionths_are_exact_for_every_size(data: st.DataObject, whole: int) -> None:
    part = data.draw(st.integers(0, whole - 1))

    assert billionths(np.array([part]), np.array([whole]))[0] == part * 10**9 // whole
