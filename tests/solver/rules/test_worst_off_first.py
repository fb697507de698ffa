from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metneed.models.allocation import Allocation, Infeasible
from metneed.models.arrays import frozen
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.solve import run

from ..conftest import make_problem


def met(problem: Problem) -> list[int]:
    outcome = run(rule("worst_off_first"), problem)
    assert isinstance(outcome, Allocation), outcome
    outcome.check(problem)
    return outcome.met_need.tolist()


def test_three_users_by_hand_in_whole_packages(d3: Problem) -> None:
    # The lowest share can be 4/10 or 4/9 at most; with that, 5 + 10 + 4 is the most.
    assert met(d3) == [5, 10, 4]


def test_three_users_by_hand_in_part_packages_have_equal_shares(l3: Problem) -> None:
    # 12 pounds, at 4, 6 and 12 for all of it: 6/11 of the need of each, 6545.45 of 12,000; the
    # part pounds that are left raise the first two to the next whole one.
    assert met(l3) == [6546, 6546, 6545]


def test_a_user_at_the_end_of_the_menu_holds_nobody_back() -> None:
    problem = make_problem([0, 1, 2], [10, 10], [1, 10], 20)
    both = problem.replace(users=problem.users.__class__(problem.users.ids, frozen([10, 10])))

    assert met(both) == [1, 10]


def test_whoever_needs_nothing_takes_nothing_from_the_others() -> None:
    problem = make_problem([0, 1, 2], [10, 10], [5, 10], 10)
    none = problem.replace(users=problem.users.__class__(problem.users.ids, frozen([0, 10])))

    assert met(none) == [0, 10]


def test_too_little_for_the_cheapest_packages_is_infeasible(d3: Problem) -> None:
    outcome = run(rule("worst_off_first"), d3.replace(choice="exactly_one", allocable=8))

    assert isinstance(outcome, Infeasible)
    assert outcome.shortfall == 1


users = st.lists(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12)), max_size=4), min_size=1, max_size=4
)


@given(rows=users, budget=st.integers(0, 30), must=st.booleans())
def test_no_whole_packages_have_a_higher_lowest_share_or_more_need_at_it(
    rows: list[list[tuple[int, int]]], budget: int, must: bool
) -> None:
    offsets = np.cumsum([0, *map(len, rows)]).tolist()
    flat = [item for row in rows for item in row]
    problem = make_problem(offsets, [c for c, _ in flat], [v for _, v in flat], budget)
    problem = problem.replace(choice="exactly_one" if must else "at_most_one")
    need = problem.users.need.tolist()

    def key(choice: tuple[tuple[int, int], ...]) -> tuple[Fraction, int]:
        # Whoever has the best there is counts as if at any level.
        shares = [
            Fraction(value, n)
            for (_, value), n, best in zip(choice, need, need, strict=True)
            if n and value < best
        ]
        return min(shares, default=Fraction(2)), sum(value for _, value in choice)

    nothing = [] if must else [(0, 0)]
    options = [row + nothing if row else [(0, 0)] for row in rows]
    fitting = [key(c) for c in product(*options) if sum(cost for cost, _ in c) <= budget]
    outcome = run(rule("worst_off_first"), problem)

    if not fitting:
        assert isinstance(outcome, Infeasible)
        return
    assert isinstance(outcome, Allocation)
    outcome.check(problem)
    found = tuple(zip(outcome.cost.tolist(), outcome.met_need.tolist(), strict=True))
    assert key(found)[0] == max(fitting)[0]
    level = max(fitting)[0]
    assert key(found)[1] == max(total for lowest, total in fitting if lowest == level)


dear = st.lists(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 12)), max_size=4), min_size=1, max_size=4
)


@given(rows=dear, budget=st.integers(0, 30))
def test_part_packages_below_the_best_have_the_same_share_to_the_rounding(
    rows: list[list[tuple[int, int]]], budget: int
) -> None:
    offsets = np.cumsum([0, *map(len, rows)]).tolist()
    flat = [item for row in rows for item in row]
    costs, needs = [c * 10_000 for c, _ in flat], [v * 1000 for _, v in flat]
    problem = make_problem(offsets, costs, needs, budget * 10_000, packages="divisible")
    found, need = np.array(met(problem)), problem.users.need
    below = found < need

    shares = found[below] / need[below]
    assert shares.max(initial=0) - shares.min(initial=1) <= 0.003 or not below.any()


@pytest.mark.parametrize("packages", ["whole", "divisible"])
def test_money_for_everything_buys_the_best_of_everyone(d3: Problem, packages: str) -> None:
    assert met(d3.replace(allocable=100, packages=packages)) == [10, 10, 9]
