from collections.abc import Callable, Iterator

import numpy as np

from metneed.models.arrays import picked
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.engines.rounding import fill, improve

Cases = Callable[..., Iterator[tuple[Menus, Choice, int]]]


def totals(menus: Menus, picks: np.ndarray) -> tuple[int, int]:
    return int(picked(menus.value, picks).sum()), int(picked(menus.cost, picks).sum())


def test_steps_that_do_not_fit_are_passed_over() -> None:
    menus = Menus.of([0, 1, 2, 3, 4], [4, 9, 3, 2], [40, 80, 20, 10])
    frontier = frontier_of(menus, "at_most_one")

    picks = fill(frontier, frontier.break_at(9))

    assert frontier.picks(frontier.break_at(9).count).tolist() == [0, -1, -1, -1]
    assert picks.tolist() == [0, -1, 2, 3]


def test_a_user_who_was_passed_over_takes_no_later_step() -> None:
    menus = Menus.of([0, 2, 3], [5, 6, 4], [50, 51, 36])
    frontier = frontier_of(menus, "at_most_one")

    assert fill(frontier, frontier.break_at(4)).tolist() == [-1, 2]
    assert fill(frontier, frontier.break_at(10)).tolist() == [1, 2]


def test_the_best_change_of_one_user_is_made_first_and_the_cheapest_of_the_best() -> None:
    menus = Menus.of([0, 2, 3, 5], [3, 5, 2, 4, 3], [3, 9, 3, 9, 9])

    assert improve(menus, np.array([0, -1, -1]), 3).tolist() == [0, -1, 4]
    assert improve(menus, np.array([0, -1, -1]), 5).tolist() == [1, -1, 4]
    assert improve(menus, np.array([0, -1, -1]), 1).tolist() == [0, -1, -1]


def test_the_same_need_for_less_money_is_an_improvement() -> None:
    menus = Menus.of([0, 2, 3], [5, 3, 2], [4, 4, 1])

    assert improve(menus, np.array([0, -1]), 0).tolist() == [1, 2]


def test_no_packages_are_as_good_as_they_get() -> None:
    menus = Menus.of([0, 0], [], [])

    assert improve(menus, np.array([-1]), 5).tolist() == [-1]
    frontier = frontier_of(menus, "at_most_one")
    assert fill(frontier, frontier.break_at(5)).tolist() == [-1]


def test_rounding_keeps_the_budget_and_loses_nothing(small_cases: Cases) -> None:
    for menus, choice, budget in small_cases(500, seed=41, users=12):
        frontier = frontier_of(menus, choice)
        if frontier.shortfall(budget):
            continue
        end = frontier.break_at(budget)
        filled = fill(frontier, end)
        value, cost = totals(menus, filled)
        assert end.value <= value <= end.bound
        assert cost <= budget
        better = improve(menus, filled, budget - cost)
        assert totals(menus, better)[0] >= value
        assert totals(menus, better)[1] <= budget
        assert not ((better < 0) & (filled >= 0)).any()
