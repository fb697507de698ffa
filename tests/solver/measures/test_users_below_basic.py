from collections.abc import Sequence

import numpy as np
import pytest

from metneed.models.allocation import WHOLE, Allocation, Parts
from metneed.models.certificate import Certificate
from metneed.models.instance import Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.solver.measure import Context
from metneed.solver.measures import measure


def below_basic(
    allocation: Allocation, problem: Problem, rows: Sequence[int] = (0, 1, 2)
) -> int | None:
    users = np.array(rows, dtype=np.int64)
    figures = measure("users_below_basic").compute(allocation, Context(problem), users)
    return figures["users_below_basic"]


@pytest.fixture
def problem() -> Problem:
    """Three users with two packages each; the second meets the basic need of 4."""
    menus = Menus.of([0, 2, 4, 6], [1, 2] * 3, [6, 9] * 3, basic_met_need=[2, 4] * 3)
    need, basic_need = np.full(3, 10), np.full(3, 4)
    users = Users(np.array(["a", "b", "c"], dtype=object), need, basic_need=basic_need)
    return Problem(users, menus, budget=100, allocable=100, packages="divisible")


def test_it_is_not_known_without_a_basic_need(d3: Problem, d3_points: Allocation) -> None:
    assert below_basic(d3_points, d3) is None


def test_met_basic_need_is_that_of_the_package_chosen(problem: Problem) -> None:
    allocation = Allocation.of_picks(problem, np.array([0, 3, -1]))

    assert below_basic(allocation, problem) == 2
    assert below_basic(allocation, problem, [1]) == 0
    assert below_basic(allocation, problem, [2]) == 1


def test_all_met_need_counts_where_packages_do_not_say(problem: Problem) -> None:
    menus = problem.menus.replace(basic_met_need=None)
    allocation = Allocation.of_picks(problem, np.array([0, 3, -1]))

    assert below_basic(allocation, problem.replace(menus=menus)) == 1


def mixed(shares: list[tuple[int, int, int]]) -> Allocation:
    user, package, share = np.array(shares, dtype=np.int64).reshape(-1, 3).T
    nothing = np.zeros(3, dtype=np.int64)
    parts = Parts(user, package, share)
    return Allocation(nothing, nothing, nothing, nothing, Certificate(value=0), parts=parts)


def test_met_basic_need_of_a_mix_is_that_of_its_parts(problem: Problem) -> None:
    half = WHOLE // 2
    allocation = mixed([(0, 0, half), (0, 1, half), (2, 5, WHOLE)])

    assert below_basic(allocation, problem) == 2
    assert below_basic(allocation, problem, [2]) == 0
    assert below_basic(allocation, problem, [2, 0]) == 1


def test_met_basic_need_of_a_mix_is_rounded_down(problem: Problem) -> None:
    users = problem.users
    lower = Users(users.ids, users.need, basic_need=np.full(3, 3))
    mixture = [(0, 0, WHOLE // 2), (0, 1, WHOLE - WHOLE // 2), (1, 3, WHOLE * 3 // 4 - 1)]

    assert below_basic(mixed(mixture), problem.replace(users=lower), [0, 1]) == 1


def test_a_mix_of_enormous_amounts_does_not_overflow(problem: Problem) -> None:
    large = 2**60
    menus = problem.menus.replace(basic_met_need=np.full(6, large))
    users = Users(problem.users.ids, np.full(3, large), basic_need=np.full(3, large // 2))
    allocation = mixed([(0, 0, WHOLE // 2), (1, 2, WHOLE // 2 - 1)])

    assert below_basic(allocation, problem.replace(menus=menus, users=users), [0, 1]) == 1


def test_nobody_is_served_by_no_parts(problem: Problem) -> None:
    assert below_basic(mixed([]), problem) == 3


@pytest.mark.parametrize(("recorded", "expected"), [(None, 1), ([5, 3, 0], 2)])
def test_today_s_packages_count_as_they_are_recorded(
    problem: Problem, recorded: list[int] | None, expected: int
) -> None:
    basic = None if recorded is None else np.array(recorded)
    met_need = np.array([5, 4, 0])
    previous = Previous(
        held=np.array([True, True, False]),
        package_ids=np.array(["x", "y", ""], dtype=object),
        cost=np.array([1, 1, 0]),
        met_need=met_need,
        basic_met_need=basic,
    )
    allocation = Allocation(
        package=np.array([0, 1, -1]),
        share=np.array([WHOLE, WHOLE, 0]),
        cost=previous.cost,
        met_need=met_need,
        certificate=Certificate(value=9),
        from_previous=True,
    )

    assert below_basic(allocation, problem.replace(previous=previous)) == expected
