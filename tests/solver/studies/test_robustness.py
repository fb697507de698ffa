import numpy as np
import pytest

from metneed.models.arrays import frozen
from metneed.models.errors import OptionError
from metneed.models.instance import Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.random_stream import RandomStream
from metneed.solver.studies.robustness import (
    MOST_ERROR,
    Robustness,
    _cells,
    _shuffled,
    robustness,
    score_error,
    shuffled_costs,
)


def population(costs_follow_need: bool, users: int = 300) -> Problem:
    """Three packages each, a third, two thirds and all of a need; points equal to need.

    Costs are one price per need for all, or a price that differs from person to person.
    """
    stream = RandomStream.of(7, "population")
    need = stream.between(20, 60, users) * 300
    price = np.full(users, 10) if costs_follow_need else stream.between(4, 40, users)
    met_need = (need[:, None] * np.array([1, 2, 3]) // 3).ravel()
    cost = met_need * np.repeat(price, 3) // 10
    menus = Menus.of(np.arange(users + 1) * 3, cost, met_need)
    budget = int(menus.full_cost.sum()) // 2
    return Problem(
        users=Users(
            ids=np.array([f"{row:04d}" for row in range(users)], dtype=object),
            need=menus.best_met_need,
            points=frozen(need),
        ),
        menus=menus,
        budget=budget,
        allocable=budget,
        leftover="rounds",
    )


def test_exact_scores_achieve_what_they_claim() -> None:
    found = score_error(population(costs_follow_need=False), 0.0, draws=3)

    assert found.claimed == found.achieved == found.undisturbed == found.worst


@pytest.mark.parametrize("packages", ["whole", "divisible"])
def test_the_more_wrong_the_scores_the_less_is_achieved(packages: str) -> None:
    problem = population(costs_follow_need=False).replace(packages=packages)
    little, much = score_error(problem, 0.1, draws=5), score_error(problem, 0.8, draws=5)

    assert little.undisturbed > little.achieved > much.achieved
    assert much.claimed != much.achieved
    assert much.worst <= much.achieved


def test_wrong_scores_promise_more_than_they_hold_where_there_is_room_below_need() -> None:
    problem = population(costs_follow_need=False)
    roomy = Users(problem.users.ids, problem.users.need * 3, points=problem.users.points)
    found = score_error(problem.replace(users=roomy), 0.3, draws=5)

    assert found.claimed > found.undisturbed > found.achieved


def test_no_disturbed_score_passes_the_need() -> None:
    menus = Menus.of([0, 1, 2], [10, 10], [10, 10])
    users = Users(np.array(["a", "b"], dtype=object), frozen([10, 10]), points=frozen([1, 1]))
    found = score_error(Problem(users=users, menus=menus, budget=20, allocable=20), 0.5)

    assert found.claimed <= 20


def test_part_packages_are_tested_with_the_linear_programme() -> None:
    menus = Menus.of([0, 1, 2], [10, 10], [10_000, 9_000])
    users = Users(np.array(["a", "b"], dtype=object), menus.met_need, points=frozen([1, 1]))
    problem = Problem(users=users, menus=menus, budget=15, allocable=15, packages="divisible")

    # The programme meets 10 and half of 9; awards of 8 and 7 meet 8.0 and 6.3.
    found = score_error(problem, 0.0, draws=1)
    assert (found.undisturbed, found.points) == (14_500, 14_300)
    gain = shuffled_costs(problem)
    assert gain is not None
    assert gain.gain == pytest.approx(14_500 / 14_300 - 1)


def test_where_the_cheapest_packages_cost_too_much_neither_test_applies() -> None:
    problem = population(costs_follow_need=True, users=5)
    found = robustness(problem.replace(choice="exactly_one", allocable=0), 0.1)

    assert (found.error, found.shuffled) == (None, None)


def test_the_break_even_error_is_where_the_points_rule_does_as_well() -> None:
    # Money for every other user. Those with points could meet 290, those without 310, and
    # everyone has a worse package at the same cost that wrong scores may prefer.
    n = 100
    best = np.where(np.arange(n) % 2, 310, 290)
    menus = Menus.of(
        np.arange(n + 1) * 2, np.full(2 * n, 10), np.column_stack([best, best - 200]).ravel()
    )
    users = Users(
        np.array([f"{row:04d}" for row in range(n)], dtype=object),
        menus.best_met_need,
        points=frozen(1 - np.arange(n) % 2),
    )
    problem = Problem(users=users, menus=menus, budget=10 * n // 2, allocable=10 * n // 2)
    found = score_error(problem, 0.2, draws=5)

    assert (found.undisturbed, found.points) == (310 * n // 2, 290 * n // 2)
    assert found.break_even is not None
    assert 0.05 < found.break_even < MOST_ERROR
    assert score_error(problem, found.break_even - 0.03, draws=5).achieved > found.points
    assert score_error(problem, found.break_even + 0.01, draws=5).achieved <= found.points


def test_no_break_even_is_claimed_where_costs_alone_decide() -> None:
    # One package each: whatever the scores say, the cheap half is served first by any order.
    menus = Menus.of([0, 1, 2], [3, 100], [50, 50])
    users = Users(np.array(["a", "b"], dtype=object), frozen([50, 50]), points=frozen([1, 9]))
    problem = Problem(users=users, menus=menus, budget=5, allocable=5)
    found = score_error(problem, 0.2, draws=4)

    assert found.points == 0
    assert found.break_even is None


def test_a_choice_no_better_than_the_points_rule_is_level_without_any_error() -> None:
    menus = Menus.of([0, 1], [5], [50])
    users = Users(np.array(["a"], dtype=object), frozen([50]), points=frozen([1]))
    found = score_error(Problem(users=users, menus=menus, budget=5, allocable=5), 0.2, draws=4)

    assert found.break_even == 0


def test_without_points_nothing_is_broken_even_with() -> None:
    problem = population(costs_follow_need=False)
    bare = Users(problem.users.ids, problem.users.need)
    found = robustness(problem.replace(users=bare), 0.2, draws=2)

    assert found.error is not None
    assert found.error.points is None
    assert found.error.break_even is None
    assert found.shuffled is None


def test_the_same_seed_disturbs_alike_and_another_one_otherwise() -> None:
    problem = population(costs_follow_need=False)

    assert score_error(problem, 0.3, 2) == score_error(problem, 0.3, 2)
    assert score_error(problem, 0.3, 2) != score_error(problem.replace(seed=1), 0.3, 2)


@pytest.mark.parametrize(
    ("error", "draws", "words"),
    [(-0.1, 5, "between 0 and 2"), (MOST_ERROR + 1, 5, "between 0 and 2"), (0.2, 0, "1 or more")],
)
def test_an_error_or_number_of_draws_out_of_range_is_refused(
    error: float, draws: int, words: str
) -> None:
    with pytest.raises(OptionError, match=words):
        score_error(population(costs_follow_need=True, users=5), error, draws)


def test_a_budget_below_the_cheapest_packages_is_refused_in_words() -> None:
    problem = population(costs_follow_need=True, users=5)

    with pytest.raises(OptionError, match="cheapest packages"):
        score_error(problem.replace(choice="exactly_one", allocable=0), 0.1)


def test_shuffling_keeps_a_gain_that_owes_nothing_to_the_person() -> None:
    found = shuffled_costs(population(costs_follow_need=False), draws=5)

    # Prices are drawn without regard to the person, so swapping them changes little.
    assert found is not None
    assert found.moved > 0.9
    assert found.gain > 0.05
    assert found.shuffled_gain == pytest.approx(found.gain, rel=0.25)


def test_shuffling_makes_a_gain_where_costs_followed_need_exactly() -> None:
    found = shuffled_costs(population(costs_follow_need=True), draws=5)

    # Everyone costs the same per need: there is next to nothing to gain until costs are swapped.
    assert found is not None
    assert found.shuffled_gain > found.gain


def test_shuffling_swaps_costs_only_within_bands_of_need_and_menu_size() -> None:
    problem = population(costs_follow_need=False)
    cells = _cells(problem)
    shuffled = _shuffled(problem.menus, cells, RandomStream.of(1, "trial"))

    for cell in np.unique(cells):
        rows = problem.menus.positions(np.flatnonzero(cells == cell))
        before, after = np.sort(problem.menus.cost[rows]), np.sort(shuffled.cost[rows])
        assert np.array_equal(before, after)
    assert not np.array_equal(problem.menus.cost, shuffled.cost)
    assert np.array_equal(problem.menus.met_need, shuffled.met_need)


def test_where_the_points_rule_reaches_nothing_there_is_no_gain_to_speak_of() -> None:
    problem = population(costs_follow_need=True, users=5).replace(allocable=0)

    assert shuffled_costs(problem) is None


def test_beside_limits_every_choice_keeps_them_whatever_the_scores_say() -> None:
    plain = population(costs_follow_need=False).replace(packages="divisible")
    cap = {"most": {"kind": "cap", "times_median": "1"}}
    limited = plain.replace(constraints=cap)
    few = limited.replace(constraints={"none": {"kind": "cap", "amount": 0}})

    exact = score_error(limited, 0.0, draws=2)
    wrong, free = score_error(limited, 0.5, draws=4), score_error(plain, 0.5, draws=4)
    assert exact.claimed == exact.achieved == exact.undisturbed == exact.worst
    assert exact.undisturbed < free.undisturbed
    assert wrong.worst <= wrong.achieved < exact.undisturbed
    assert wrong.achieved < free.undisturbed
    nothing = score_error(few, 0.5, draws=2)
    assert (nothing.undisturbed, nothing.claimed, nothing.achieved) == (0, 0.0, 0.0)


def test_a_floor_is_judged_by_the_scores_as_they_are() -> None:
    # Everyone must have two thirds of their need, whatever an error would make of the scores.
    floor = {"basic": {"kind": "floor", "base": "need", "share": "0.66"}}
    problem = population(costs_follow_need=False).replace(constraints=floor)
    rich = problem.replace(allocable=int(problem.menus.full_cost.sum()))
    found = robustness(rich, 1.0, draws=2)

    assert found.shuffled is None
    assert found.error is not None
    assert found.error.worst >= int(rich.users.need.sum()) * 66 // 100
    assert robustness(problem.replace(allocable=10), 1.0, draws=2) == Robustness(None, None)
    with pytest.raises(OptionError, match="cost"):
        score_error(problem.replace(allocable=10), 1.0, draws=2)
