"""Whole packages where everything is equal, empty, useless, free, or at the edge of 64 bits.

Each of these has an answer that can be worked out by hand, whatever the number of people.
"""

import numpy as np
import pytest

from metneed.models.allocation import Allocation, Infeasible, Outcome
from metneed.models.arrays import IntArray
from metneed.models.errors import NumbersTooLargeError
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.scenario import Choice
from metneed.models.settings import Settings
from metneed.solver.engines.exact import Shortfall, Whole, whole_optimum
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.rules import rule
from metneed.solver.solve import run

from .conftest import make_problem

BOTH = pytest.mark.parametrize("choice", ["at_most_one", "exactly_one"])
MANY = 20_000


def proved(menus: Menus, choice: Choice, budget: int) -> Whole:
    found = whole_optimum(menus, choice, budget)
    assert isinstance(found, Whole)
    assert (found.proof, found.least_cost, found.stopped) == ("proved", True, "finished")
    assert found.value == found.upper_bound
    return found


def solved(problem: Problem) -> Outcome:
    """What the rule says, and what the frontier bounds it by."""
    outcome = run(rule("met_need_whole"), problem)
    if isinstance(outcome, Allocation):
        bound = frontier_of(problem.menus, problem.choice).value_at(problem.allocable)
        assert outcome.total_met_need <= bound
        assert outcome.total_cost <= problem.allocable
    return outcome


def alike(cost: list[int], met_need: list[int], users: int = MANY) -> Menus:
    """The same menu for everyone."""
    offsets = np.arange(users + 1) * len(cost)
    return Menus.of(offsets, np.tile(cost, users), np.tile(met_need, users))


# Empty and useless menus.


@BOTH
def test_where_nobody_is_offered_anything_nobody_gets_anything(choice: Choice) -> None:
    best = proved(Menus.of(np.zeros(MANY + 1), [], []), choice, 10)

    assert (best.value, best.cost, best.multiplier) == (0, 0, (0, 1))
    assert (best.picks == -1).all()


def test_who_is_offered_nothing_makes_no_budget_too_small() -> None:
    menus = Menus.of([0, 0, 2, 2], [5, 9], [1, 2])

    assert proved(menus, "exactly_one", 5).picks.tolist() == [-1, 0, -1]
    assert whole_optimum(menus, "exactly_one", 4) == Shortfall(1)


@BOTH
def test_a_package_that_beats_all_others_is_given_to_everyone(choice: Choice) -> None:
    best = proved(alike([4, 7, 4, 13], [5, 4, 3, 5]), choice, 4 * MANY)

    assert (best.picks == np.arange(MANY) * 4).all()
    assert (best.value, best.cost) == (5 * MANY, 4 * MANY)


def test_packages_that_meet_no_need_are_not_bought_unless_everyone_must_have_one() -> None:
    menus = alike([4, 3, 9], [0, 0, 0])

    assert (proved(menus, "at_most_one", 10**9).picks == -1).all()
    forced = proved(menus, "exactly_one", 10**9)
    assert (forced.value, forced.cost) == (0, 3 * MANY)


# Ties of everybody with everybody.


def test_at_one_cost_for_everything_the_money_goes_to_the_greatest_needs() -> None:
    met_need = np.random.default_rng(1).integers(0, 10**6, (MANY, 3))
    menus = Menus.of(np.arange(MANY + 1) * 3, np.full(3 * MANY, 11), met_need.ravel())
    helped = MANY // 3

    best = proved(menus, "at_most_one", 11 * helped + 10)

    assert best.value == np.sort(met_need.max(axis=1))[-helped:].sum()
    assert best.cost == 11 * helped
    assert proved(menus, "exactly_one", 11 * MANY).value == met_need.max(axis=1).sum()
    assert whole_optimum(menus, "exactly_one", 11 * MANY - 1) == Shortfall(1)


@pytest.mark.parametrize(("cost", "met_need"), [(7, 5), (7_000_003, 5_000_011), (10**9, 1)])
def test_identical_packages_are_given_to_as_many_as_the_money_reaches(
    cost: int, met_need: int
) -> None:
    helped = MANY // 3

    best = proved(alike([cost], [met_need]), "at_most_one", cost * (helped + 1) - 1)

    assert (best.value, best.cost) == (met_need * helped, cost * helped)


@BOTH
def test_identical_menus_are_climbed_together_one_step_after_the_other(choice: Choice) -> None:
    # Everyone gets 7 for 5. Six more lift someone to 13 for 3 more; one penny is left in the end.
    lifted = MANY // 3
    best = proved(alike([4, 7, 13], [3, 5, 8]), choice, 7 * MANY + 6 * lifted + 1)

    assert best.value == 5 * MANY + 3 * lifted
    assert best.cost == 7 * MANY + 6 * lifted


# Budgets at both ends.


@BOTH
def test_without_money_only_what_is_free_is_given(choice: Choice) -> None:
    menus = Menus.of([0, 2, 4, 4], [0, 3, 0, 0], [0, 9, 2, 5])

    best = proved(menus, choice, 0)

    assert (best.value, best.cost) == (5, 0)
    assert best.picks.tolist() == [0 if choice == "exactly_one" else -1, 3, -1]


@BOTH
@pytest.mark.parametrize("more", [0, 1, 2**62, 2**80])
def test_with_more_money_than_everything_costs_the_rest_is_left(choice: Choice, more: int) -> None:
    menus = Menus.of([0, 3, 6, 8], [2, 4, 7, 3, 5, 6, 4, 8], [5, 8, 10, 6, 7, 10, 4, 9])

    best = proved(menus, choice, 21 + more)

    assert (best.value, best.cost, best.multiplier) == (29, 21, (0, 1))


def test_what_exactly_one_package_each_costs_too_much_is_said_in_pounds() -> None:
    problem = make_problem(
        [0, 2, 3, 4], [40_000, 50_000, 21_199, 1], [1, 9, 2, 1], 50_000, choice="exactly_one"
    )

    assert solved(problem) == Infeasible(
        "the cheapest packages of 3 users cost £61,200, the money to allocate is £50,000: "
        "£11,200 short",
        11_200,
        3,
    )
    assert isinstance(solved(problem.replace(allocable=61_200)), Allocation)


# The edge of 64 bits.


@BOTH
@pytest.mark.parametrize(
    ("cost", "met_need", "fewer"),
    [
        (2**31, 2**30, "1 decimal"),
        (2**53, 1, "1 decimal"),
        (1, 2**53, "1 decimal"),
        (2**40, 2**40, "6 decimals"),
        (2**62, 2**62, "19 decimals"),
    ],
)
def test_just_beyond_the_edge_the_amounts_and_the_decimals_that_fit_are_named(
    choice: Choice, cost: int, met_need: int, fewer: str
) -> None:
    menus = Menus.of([0, 1], [cost], [met_need])

    with pytest.raises(NumbersTooLargeError) as caught:
        whole_optimum(menus, choice, cost)

    assert str(caught.value) == (
        f"the greatest cost is {cost} and the greatest value {met_need} in smallest units, too "
        f"large for exact 64-bit arithmetic; with {fewer} fewer in money_decimals and "
        "need_decimals together, or amounts in larger units, they fit"
    )


@BOTH
@pytest.mark.parametrize(
    ("cost", "met_need"),
    [(2**31 - 1, 2**30), (2**31, 2**30 - 1), (2**53 - 1, 255), (127, 2**53 - 1)],
)
def test_just_within_the_edge_the_best_of_two_is_exact(
    choice: Choice, cost: int, met_need: int
) -> None:
    # The second is worth one less for one less; both together are one more than there is.
    menus = Menus.of([0, 2, 4], [1, cost, 1, cost - 1], [1, met_need, 1, met_need - 1])

    best = proved(menus, choice, 2 * cost - 2)

    assert (best.value, best.cost) == (met_need + 1, cost + 1)
    both = proved(menus, choice, 2 * cost - 1)
    assert (both.value, both.cost) == (2 * met_need - 1, 2 * cost - 1)


@pytest.mark.parametrize("column", ["cost", "met_need"])
def test_sums_may_come_up_to_the_edge_and_no_further(column: str) -> None:
    def menus(users: int) -> Menus:
        # 1,024 times 2^53 - 1 is a little less than 2^63.
        large, small = np.full(users, 2**53 - 1), np.full(users, 3)
        pair = (large, small) if column == "cost" else (small, large)
        return Menus.of(np.arange(users + 1), *pair)

    most = menus(1024)
    best = proved(most, "at_most_one", 2**63)

    assert best.cost == 1024 * int(most.cost[0])
    assert best.value == 1024 * int(most.value[0])
    half = proved(most, "at_most_one", best.cost // 2 + 1)
    assert (half.value, half.cost) == (best.value // 2, best.cost // 2)
    with pytest.raises(NumbersTooLargeError, match="with 1 decimal fewer"):
        whole_optimum(menus(1025), "at_most_one", 2**63)


# Limits.


@pytest.fixture
def hard() -> Menus:
    """Few users, large numbers without structure, needs nearly in proportion to costs."""
    rng = np.random.default_rng(8)
    cost = rng.integers(1, 10**9, 200)
    return Menus.of(np.arange(21) * 10, cost, cost + rng.integers(-10, 11, 200))


@BOTH
def test_at_a_limit_of_time_the_best_known_stands_beside_a_proved_bound(
    hard: Menus, choice: Choice
) -> None:
    problem = make_problem(
        hard.offsets.tolist(), hard.cost.tolist(), hard.met_need.tolist(), 9 * 10**9, choice=choice
    )

    outcome = solved(problem.replace(settings=Settings(time_limit=0.01)))

    assert isinstance(outcome, Allocation)
    certificate = outcome.certificate
    assert certificate.stopped == "time limit"
    assert not certificate.is_optimal
    assert "optimal" not in certificate.words()
    assert certificate.upper_bound == frontier_of(hard, choice).value_at(9 * 10**9)
    assert certificate.value == outcome.total_met_need
    assert 0 < (certificate.gap or 0) < certificate.value // 1000
    assert whole(outcome.package, hard, choice)


def whole(picks: IntArray, menus: Menus, choice: Choice) -> bool:
    """Whether each pick is one of its user's packages."""
    own = (picks >= menus.offsets[:-1]) & (picks < menus.offsets[1:])
    return bool((own | ((picks == -1) & (choice == "at_most_one"))).all())
