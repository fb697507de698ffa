import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
import pytest

from metneed.models.arrays import picked
from metneed.models.errors import NumbersTooLargeError, OptionError
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.backend import ask_here
from metneed.solver.engines.frontier import Break, Frontier, frontier_of
from metneed.solver.engines.one_budget import dual_bound, mix_of
from metneed.solver.engines.program import formulate

Cases = Callable[..., Iterator[tuple[Menus, Choice, int]]]

D3_24THS = [0, 60, 120, 168, 216, 264, 300, 336, 368, 400, 432]
D3_24THS += [459, 486, 513, 540, 567, 594, 621, 648, 664, 680, 696]
"""Best met need of the three users, times 24, for a budget of 0, 1, 2 and so on up to 21."""


def exact_value(end: Break) -> Fraction:
    p, q = end.multiplier
    return end.value + Fraction(p * end.room, q)


def curve(frontier: Frontier, budgets: range) -> list[Fraction]:
    return [exact_value(frontier.break_at(budget)) for budget in budgets]


def test_three_users_have_the_curve_worked_out_by_hand(d3: Menus) -> None:
    frontier = frontier_of(d3, "at_most_one")

    assert curve(frontier, range(22)) == [Fraction(value, 24) for value in D3_24THS]
    assert [frontier.value_at(budget) for budget in (12, 21, 99)] == [20, 29, 29]


def test_the_steps_of_three_users_stand_in_the_order_of_their_slopes(d3: Menus) -> None:
    frontier = frontier_of(d3, "at_most_one")

    assert frontier.user.tolist() == [0, 1, 0, 1, 2, 0]
    assert frontier.spent.tolist() == [0, 2, 5, 7, 10, 18, 21]
    assert frontier.gained.tolist() == [0, 5, 11, 14, 18, 27, 29]


def test_the_break_of_three_users_splits_the_third(d3: Menus) -> None:
    frontier = frontier_of(d3, "at_most_one")
    end = frontier.break_at(12)
    mix = mix_of(d3, frontier.optimum_at(12))

    assert end == Break(count=4, spent=10, value=18, room=2, multiplier=(9, 8))
    assert frontier.picks(end.count).tolist() == [1, 5, -1]
    assert (mix.left.tolist(), mix.right.tolist()) == ([1, 5, -1], [1, 5, 7])
    assert mix.right_share.tolist() == [0, 0, 250_000_000]
    assert (mix.cost.tolist(), mix.value.tolist()) == ([4, 6, 2], [8, 10, 2])


def test_the_best_use_of_linear_needs_goes_to_the_best_rates(l3: Menus) -> None:
    mix = mix_of(l3, frontier_of(l3, "at_most_one").optimum_at(12))

    assert (mix.cost.tolist(), mix.value.tolist()) == ([4, 6, 2], [12, 12, 2])
    assert mix.value.sum() == 26


def test_the_last_and_the_next_pound_differ_only_at_corners(d3: Menus) -> None:
    frontier = frontier_of(d3, "at_most_one")

    assert frontier.marginal(0) == (None, Fraction(5, 2))
    assert frontier.marginal(1) == (Fraction(5, 2), Fraction(5, 2))
    assert frontier.marginal(10) == (Fraction(4, 3), Fraction(9, 8))
    assert frontier.marginal(21) == (Fraction(2, 3), 0)
    assert frontier.marginal(22) == (0, 0)


def test_below_what_everyone_must_have_there_is_no_frontier(d3: Menus) -> None:
    frontier = frontier_of(d3, "exactly_one")

    assert (frontier.base_cost, frontier.base_value) == (9, 15)
    assert (frontier.shortfall(7), frontier.shortfall(9)) == (2, 0)
    assert frontier.marginal(8) == (None, None)
    assert frontier.marginal(9) == (None, Fraction(3, 2))
    with pytest.raises(OptionError, match=r"a budget of 8 does not cover .* costs 9"):
        frontier.break_at(8)


def test_the_least_budget_for_a_value_is_the_first_that_reaches_it(d3: Menus) -> None:
    frontier = frontier_of(d3, "at_most_one")
    values = curve(frontier, range(22))

    for wanted in range(30):
        first = next(budget for budget, value in enumerate(values) if value >= wanted)
        assert frontier.least_budget(wanted) == first
    assert frontier.least_budget(30) is None
    assert frontier.least_budget(-5) == 0


def test_the_priority_list_needs_the_budget_of_a_corner(d3: Menus) -> None:
    frontier = frontier_of(d3, "at_most_one")

    assert [frontier.least_path_budget(value) for value in (0, 5, 6, 18, 19, 29)] == [
        *(0, 2, 5, 10, 18, 21)
    ]
    assert frontier.least_path_budget(30) is None


def test_corners_include_what_everyone_must_have(d3: Menus) -> None:
    budgets, values = frontier_of(d3, "exactly_one").corners()

    assert budgets.tolist() == [9, 11, 14, 18, 21]
    assert values.tolist() == [15, 18, 22, 27, 29]


def test_of_equal_slopes_the_earlier_user_comes_first() -> None:
    menus = Menus.of([0, 1, 3, 4], [2, 4, 6, 1], [4, 8, 9, 2])
    frontier = frontier_of(menus, "at_most_one")

    assert frontier.user.tolist() == [0, 1, 2, 1]
    assert frontier.picks(2).tolist() == [0, 1, -1]


def test_a_frontier_is_made_once_for_the_same_menus(d3: Menus) -> None:
    assert frontier_of(d3, "at_most_one") is frontier_of(d3, "at_most_one")
    assert frontier_of(d3, "at_most_one") is not frontier_of(d3, "exactly_one")


def test_without_packages_every_budget_buys_nothing() -> None:
    frontier = frontier_of(Menus.of([0, 0, 0], [], []), "exactly_one")

    assert frontier.picks(frontier.break_at(7).count).tolist() == [-1, -1]
    assert (frontier.value_at(7), frontier.marginal(7)) == (0, (0, 0))
    assert frontier_of(Menus.of([0], [], []), "at_most_one").value_at(3) == 0


def test_a_budget_of_any_size_is_read() -> None:
    frontier = frontier_of(Menus.of([0, 1], [2], [3]), "at_most_one")

    assert frontier.value_at(10**30) == 3


def test_weak_duality_gives_exactly_the_optimum_of_the_programme(small_cases: Cases) -> None:
    for menus, choice, budget in small_cases(1000, seed=31):
        frontier = frontier_of(menus, choice)
        if frontier.shortfall(budget):
            continue
        end = frontier.break_at(budget)
        p, q = end.multiplier
        assert dual_bound(menus, choice, budget, p, q) == q * end.value + p * end.room


def test_any_multiplier_gives_a_bound_that_is_no_smaller(d3: Menus) -> None:
    for p in range(6):
        for q in range(1, 6):
            bound = Fraction(dual_bound(d3, "at_most_one", 12, p, q), q)
            assert bound >= Fraction(81, 4)
    assert dual_bound(d3, "at_most_one", 12, 9, 8) == 8 * Fraction(81, 4)


def test_a_multiplier_too_large_for_64_bits_is_refused(d3: Menus) -> None:
    with pytest.raises(NumbersTooLargeError, match="multiplier 1/"):
        dual_bound(d3, "at_most_one", 12, 1, 2**61)


@pytest.mark.parametrize("choice", ["at_most_one", "exactly_one"])
def test_a_solver_finds_the_same_value_of_the_programme(small_cases: Cases, choice: Choice) -> None:
    compared = 0
    for menus, _, budget in small_cases(600, seed=32, users=6):
        frontier = frontier_of(menus, choice)
        if frontier.shortfall(budget) or not menus.n_packages:
            continue
        answer = ask_here(formulate(menus, choice, budget, divisible=True))
        assert answer.values is not None
        expected = exact_value(frontier.break_at(budget))
        assert answer.values @ menus.value == pytest.approx(float(expected), rel=1e-9, abs=1e-6)
        compared += 1
    assert compared > 200


def test_the_parts_given_cost_the_budget_and_are_worth_the_bound(small_cases: Cases) -> None:
    for menus, choice, budget in small_cases(500, seed=33):
        frontier = frontier_of(menus, choice)
        if frontier.shortfall(budget):
            continue
        mix, end = mix_of(menus, frontier.optimum_at(budget)), frontier.break_at(budget)
        most = frontier.base_cost + int(frontier.spent[-1])
        assert mix.cost.sum() == min(budget, most)
        assert mix.value.sum() == end.bound
        assert (mix.right_share > 0).sum() <= 1
        picks = frontier.picks(end.count)
        assert (picked(menus.cost, picks).sum(), picked(menus.value, picks).sum()) == (
            end.spent,
            end.value,
        )


def test_more_money_is_worth_more_and_ever_less_more(small_cases: Cases) -> None:
    for menus, choice, _ in small_cases(100, seed=34):
        frontier = frontier_of(menus, choice)
        first = frontier.base_cost
        most = first + int(frontier.spent[-1])
        values = curve(frontier, range(first, most + 3, max(1, (most - first) // 40)))
        gains = [after - before for before, after in itertools.pairwise(values)]
        assert all(gain >= 0 for gain in gains)
        assert gains == sorted(gains, reverse=True)


def test_twice_the_people_and_the_money_meet_exactly_twice_the_need(small_cases: Cases) -> None:
    for menus, choice, budget in small_cases(200, seed=35):
        frontier = frontier_of(menus, choice)
        if frontier.shortfall(budget):
            continue
        everyone = np.arange(menus.n_users)
        twice = frontier_of(menus.subset(np.concatenate([everyone, everyone])), choice)
        assert exact_value(twice.break_at(2 * budget)) == 2 * exact_value(frontier.break_at(budget))


def test_other_units_scale_the_whole_frontier(d3: Menus) -> None:
    frontier = frontier_of(d3, "at_most_one")
    scaled = frontier_of(d3.replace(cost=d3.cost * 100, value=d3.value * 1000), "at_most_one")

    for budget in range(22):
        assert exact_value(scaled.break_at(100 * budget)) == 1000 * exact_value(
            frontier.break_at(budget)
        )
