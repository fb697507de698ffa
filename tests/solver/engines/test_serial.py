from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.serial import best_within, serve

packages = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=4)
populations = st.lists(packages, min_size=1, max_size=5)
CHOICES: tuple[Choice, ...] = ("at_most_one", "exactly_one")


def menus_of(population: list[list[tuple[int, int]]]) -> Menus:
    flat = [package for menu in population for package in menu]
    offsets = np.concatenate([[0], np.cumsum([len(menu) for menu in population])])
    return Menus.of(offsets, [cost for cost, _ in flat], [need for _, need in flat])


def best_by_hand(menu: list[tuple[int, int]], money: int, choice: Choice) -> int:
    """Position on the menu of the best affordable package, -1 for none."""
    affordable = [
        (-need, cost, place)
        for place, (cost, need) in enumerate(menu)
        if cost <= money and (need > 0 or choice == "exactly_one")
    ]
    return min(affordable)[2] if affordable else -1


def test_the_best_purchase_is_most_need_then_cheaper_then_first() -> None:
    menus = Menus.of([0, 5], [4, 3, 3, 9, 1], [5, 5, 5, 9, 2])

    assert best_within(menus, "at_most_one", np.array([8])).tolist() == [1]
    assert best_within(menus, "at_most_one", np.array([9])).tolist() == [3]
    assert best_within(menus, "at_most_one", np.array([0])).tolist() == [-1]


def test_nothing_is_preferred_to_a_package_that_meets_no_need() -> None:
    menus = Menus.of([0, 1], [0], [0])

    assert best_within(menus, "at_most_one", np.array([5])).tolist() == [-1]
    assert best_within(menus, "exactly_one", np.array([5])).tolist() == [0]


def test_menus_without_any_packages_serve_nobody() -> None:
    menus = Menus.of([0, 0, 0], [], [])

    assert best_within(menus, "at_most_one", np.array([5, 5])).tolist() == [-1, -1]
    assert np.array_equal(serve(menus, "exactly_one", 5, np.array([1, 0])), [-1, -1])


def test_missing_money_for_the_cheapest_packages_is_told() -> None:
    assert serve(Menus.of([0, 1, 2], [4, 5], [1, 1]), "exactly_one", 7, np.array([0, 1])) == 2


@pytest.mark.parametrize(("choice", "full_only"), [*product(CHOICES, (False, True))])
@settings(deadline=None, derandomize=True, max_examples=150)
@given(population=populations, budget=st.integers(0, 25), data=st.data())
def test_serving_in_order_is_what_doing_it_one_by_one_gives(
    choice: Choice,
    full_only: bool,
    population: list[list[tuple[int, int]]],
    budget: int,
    data: st.DataObject,
) -> None:
    order = data.draw(st.permutations(range(len(population))))
    menus = menus_of(population)
    result = serve(menus, choice, budget, np.array(order), full_only=full_only)

    floors = [min((c for c, _ in menu), default=0) for menu in population]
    floors = floors if choice == "exactly_one" else [0] * len(population)
    left = budget - sum(floors)
    if left < 0:
        assert result == -left
        return
    for user in order:
        menu = population[user]
        if full_only and menu:
            need = max(need for _, need in menu)
            full = min(cost for cost, n in menu if n == need), need
            due = floors[user] if choice == "exactly_one" else -1
            menu = [p if p == full or p[0] == due else (10**6, 0) for p in menu]
        place = best_by_hand(menu, floors[user] + left, choice)
        expected = menus.offsets[user] + place if place >= 0 else -1
        assert not isinstance(result, int)
        assert result[user] == expected
        left -= menu[place][0] - floors[user] if place >= 0 else 0
