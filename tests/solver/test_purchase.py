import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metneed.models.allocation import Allocation, Infeasible, NotApplicable
from metneed.models.arrays import IntArray, frozen
from metneed.models.instance import Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.solver.purchase import buy, spend
from metneed.solver.rules import rule
from metneed.solver.solve import run


def test_an_award_buys_the_best_whole_package_and_the_rest_is_kept(d3: Problem) -> None:
    bought = buy(d3, np.array([5, 3, 4]))

    assert bought.package.tolist() == [1, 3, 6]
    assert bought.cost.tolist() == [4, 3, 4]
    assert bought.total_met_need == 18


def test_a_divisible_award_buys_a_mix_on_the_hull(d3: Problem) -> None:
    bought = buy(d3.replace(packages="divisible"), np.array([3, 12, 2]))

    # Half way from (2, 5) to (4, 8); more than the dearest needs; a quarter of (8, 9).
    assert bought.met_need.tolist() == [6, 10, 2]
    assert bought.cost.tolist() == [3, 6, 2]
    assert bought.parts is not None
    assert bought.parts.package.tolist() == [0, 1, 5, 7]
    assert bought.parts.share.tolist() == [500_000_000, 500_000_000, 10**9, 250_000_000]
    assert bought.package.tolist() == [0, 5, 7]
    bought.check(d3.replace(packages="divisible", allocable=17))


def test_a_divisible_award_below_the_cheapest_package_buys_nothing_where_one_is_due(
    d3: Problem,
) -> None:
    problem = d3.replace(packages="divisible", choice="exactly_one")
    bought = buy(problem, np.array([1, 3, 6]))

    assert bought.met_need.tolist() == [0, 6, 6]
    assert bought.package.tolist() == [-1, 3, 6]


def test_rounds_stop_where_nothing_more_can_be_bought(d3: Problem) -> None:
    def equally(problem: Problem) -> IntArray:
        n = len(problem.users)
        return np.full(n, problem.allocable // n)

    kept = spend(d3, equally)
    shared = spend(d3.replace(leftover="rounds", allocable=15), equally)

    assert isinstance(kept, Allocation)
    assert kept.cost.tolist() == [4, 3, 4]
    # 5 each buys 4, 5 and 4; 2 are left for three people, which is 0 each.
    assert isinstance(shared, Allocation)
    assert shared.cost.tolist() == [4, 5, 4]


def test_rounds_go_on_while_packages_change_at_the_same_met_need() -> None:
    menus = Menus.of([0, 2, 4, 5], [2, 4, 8, 11, 8], [4, 1, 0, 4, 5])
    users = Users(
        np.array(["a", "b", "c"], dtype=object), menus.best_met_need, points=frozen([5, 4, 2])
    )
    problem = Problem(
        users=users, menus=menus, budget=16, allocable=16, choice="exactly_one", leftover="rounds"
    )
    outcome = run(rule("points_proportional"), problem)

    # Awards of 7, 6 and 3 buy 2, nothing and nothing. Of the 14 left, 9 buy the second user the
    # package for 8 that meets nothing and is due; of the 6 left then, 4 lift it to the one for 11.
    assert isinstance(outcome, Allocation)
    assert outcome.cost.tolist() == [2, 11, 0]
    assert outcome.met_need.tolist() == [4, 4, 0]


def test_an_equal_cut_never_raises_anyone_above_the_current_cost_in_rounds() -> None:
    menus = Menus.of([0, 2, 4], [80, 200, 80, 300], [5, 9, 5, 9])
    users = Users(np.array(["a", "b"], dtype=object), menus.best_met_need)
    held = np.array([True, True])
    today = Previous(held, np.array(["x", "y"], dtype=object), frozen([100, 100]), frozen([5, 5]))
    problem = Problem(
        users=users, menus=menus, budget=1000, allocable=1000, leftover="rounds", previous=today
    )
    outcome = run(rule("equal_cut"), problem)

    assert isinstance(outcome, Allocation)
    assert outcome.award is not None
    assert (outcome.award <= 100).all()


@pytest.mark.parametrize("why", [NotApplicable("no points"), Infeasible("too little", 5, 1)])
def test_a_rule_that_cannot_divide_is_passed_on(
    d3: Problem, why: NotApplicable | Infeasible
) -> None:
    assert spend(d3, lambda _: why) is why


def test_a_rule_that_cannot_divide_what_is_left_ends_the_rounds(d3: Problem) -> None:
    first = np.array([5, 3, 4])

    def once(problem: Problem) -> IntArray | NotApplicable:
        return first if problem.allocable == 12 else NotApplicable("only once")

    outcome = spend(d3.replace(leftover="rounds"), once)

    assert isinstance(outcome, Allocation)
    assert outcome.cost.tolist() == [4, 3, 4]


@settings(
    deadline=None,
    derandomize=True,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(awards=st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_more_money_never_buys_less(d3: Problem, awards: list[int]) -> None:
    for reading in ("whole", "divisible"):
        reads = d3.replace(packages=reading, allocable=100)
        poor, rich = buy(reads, np.array(awards)), buy(reads, np.array(awards) + 1)

        poor.check(reads)
        assert (poor.met_need <= rich.met_need).all()
