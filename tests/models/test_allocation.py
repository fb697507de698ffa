"""Allocations by hand, and every way in which one can contradict its problem."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from metneed.models.allocation import WHOLE, Allocation, Infeasible, NotApplicable, Parts
from metneed.models.arrays import IntArray
from metneed.models.certificate import Certificate
from metneed.models.errors import BrokenAllocationError
from metneed.models.menus import Menus
from metneed.models.problem import Problem

Change = Callable[[Allocation], Allocation]


def but(column: IntArray, row: int, value: int) -> IntArray:
    """The column with one row changed."""
    changed = column.copy()
    changed[row] = value
    return changed


@pytest.fixture
def whole(problem: Problem) -> Allocation:
    """Packages worth 8, 6 and nothing for 4.00, 3.00 and nothing, out of awards."""
    return Allocation.of_picks(problem, np.array([1, 3, -1]), award=np.array([500, 300, 400]))


@pytest.fixture
def divisible(problem: Problem) -> Problem:
    return problem.replace(packages="divisible")


@pytest.fixture
def mixed() -> Allocation:
    """Half of the packages for 2.00 and 4.00, and a quarter of the one for 8.00."""
    parts = Parts(
        user=np.array([0, 0, 2]),
        package=np.array([0, 1, 7]),
        share=np.array([WHOLE // 2, WHOLE // 2, WHOLE // 4]),
    )
    return Allocation(
        package=np.array([0, -1, 7]),
        share=np.array([WHOLE // 2, 0, WHOLE // 4]),
        cost=np.array([300, 0, 200]),
        met_need=np.array([6_500, 0, 2_250]),
        certificate=Certificate(value=8_750, upper_bound=8_750),
        parts=parts,
    )


@pytest.fixture
def today(problem: Problem) -> Allocation:
    assert problem.previous is not None
    return Allocation(
        package=np.array([0, -1, 2]),
        share=np.array([WHOLE, 0, WHOLE]),
        cost=problem.previous.cost,
        met_need=problem.previous.met_need,
        certificate=Certificate(value=18_500),
        from_previous=True,
    )


def test_picks_have_the_cost_and_met_need_of_their_packages(whole: Allocation) -> None:
    assert whole.cost.tolist() == [400, 300, 0]
    assert whole.met_need.tolist() == [8_000, 6_000, 0]
    assert whole.share.tolist() == [WHOLE, WHOLE, 0]
    assert (whole.total_cost, whole.total_met_need) == (700, 14_000)
    assert whole.certificate == Certificate(value=14_000)


def test_picks_may_come_with_a_certificate_and_without_awards(problem: Problem) -> None:
    certificate = Certificate(value=0, upper_bound=19_000)

    nothing = Allocation.of_picks(problem, np.array([-1, -1, -1]), certificate)

    assert nothing.certificate is certificate
    assert nothing.award is None


def test_nothing_can_be_picked_from_empty_menus(problem: Problem) -> None:
    empty = problem.replace(menus=Menus.of([0, 0, 0, 0], [], []))

    allocation = Allocation.of_picks(empty, np.array([-1, -1, -1]))

    allocation.check(empty)
    assert allocation.total_cost == 0


def test_an_allocation_that_agrees_with_its_problem_is_accepted(
    problem: Problem, whole: Allocation, divisible: Problem, mixed: Allocation, today: Allocation
) -> None:
    whole.check(problem)
    mixed.check(divisible)
    today.check(problem)


def test_no_parts_at_all_are_accepted(divisible: Problem, mixed: Allocation) -> None:
    nothing = np.zeros(3, dtype=np.int64)
    none = np.array([], dtype=np.int64)

    replace(
        mixed,
        package=nothing - 1,
        share=nothing,
        cost=nothing,
        met_need=nothing,
        parts=Parts(none, none, none),
    ).check(divisible)


def test_a_package_rule_must_give_everyone_one_package_where_that_is_due(
    problem: Problem, divisible: Problem, whole: Allocation, mixed: Allocation
) -> None:
    with pytest.raises(BrokenAllocationError, match="a user has not exactly one package"):
        replace(whole, award=None).check(problem.replace(choice="exactly_one"))
    with pytest.raises(BrokenAllocationError, match="a user has not exactly one package"):
        mixed.check(divisible.replace(choice="exactly_one"))


BROKEN_WHOLE: dict[str, Change] = {
    "package has not one row a user": lambda a: replace(a, package=a.package[:2]),
    "share has not one row a user": lambda a: replace(a, share=a.share[:2]),
    "cost has not one row a user": lambda a: replace(a, cost=a.cost[:2]),
    "met_need has not one row a user": lambda a: replace(a, met_need=a.met_need[:2]),
    "award has not one row a user": lambda a: replace(a, award=np.array([700, 0])),
    "a package is not on the user's menu": lambda a: replace(a, package=but(a.package, 0, 3)),
    "a whole package has a part share": lambda a: replace(a, share=but(a.share, 0, WHOLE // 2)),
    "a cost is not that of the package": lambda a: replace(a, cost=but(a.cost, 0, 399)),
    "a met need is not the package's": lambda a: replace(a, met_need=but(a.met_need, 0, 8_001)),
    "an award is negative": lambda a: replace(a, award=np.array([500, 300, -1])),
    "awards exceed what is allocable": lambda a: replace(a, award=np.array([500, 300, 401])),
    "a user costs more than the award": lambda a: replace(a, award=np.array([399, 300, 400])),
    "the bound is below the value": lambda a: replace(
        a, certificate=Certificate(value=14_000, upper_bound=13_999)
    ),
}


@pytest.mark.parametrize(("message", "change"), BROKEN_WHOLE.items())
def test_a_broken_allocation_is_refused_and_said_why(
    problem: Problem, whole: Allocation, message: str, change: Change
) -> None:
    with pytest.raises(BrokenAllocationError) as caught:
        change(whole).check(problem)

    assert str(caught.value) == message


@pytest.mark.parametrize("package", [2, 5, 8, 99, -2])
def test_a_package_beyond_the_user_s_menu_is_refused(
    problem: Problem, whole: Allocation, package: int
) -> None:
    broken = replace(whole, package=but(whole.package, 2, package))

    with pytest.raises(BrokenAllocationError):
        broken.check(problem)


def test_spending_more_than_is_allocable_is_refused(problem: Problem, whole: Allocation) -> None:
    with pytest.raises(BrokenAllocationError, match="more is spent than is allocable"):
        replace(whole, award=None).check(problem.replace(allocable=699))


BROKEN_MIX: dict[str, Change] = {
    "a part belongs to no user": lambda a: replace(
        a, parts=Parts(but(a.parts.user, 2, 3), a.parts.package, a.parts.share)
    ),
    "a part is not on the user's menu": lambda a: replace(
        a, parts=Parts(a.parts.user, but(a.parts.package, 2, 0), a.parts.share)
    ),
    "a part has no share": lambda a: replace(
        a, parts=Parts(a.parts.user, a.parts.package, but(a.parts.share, 2, 0))
    ),
    "the parts of a user exceed one package": lambda a: replace(
        a, parts=Parts(a.parts.user, a.parts.package, but(a.parts.share, 1, WHOLE // 2 + 1))
    ),
    "the parts are not in order": lambda a: replace(
        a, parts=Parts(a.parts.user, but(but(a.parts.package, 0, 1), 1, 0), a.parts.share)
    ),
    "a share is not that of the largest part": lambda a: replace(a, share=but(a.share, 2, WHOLE)),
    "a package is not that of the largest part": lambda a: replace(a, package=but(a.package, 2, 6)),
    "a cost is not its parts'": lambda a: replace(a, cost=but(a.cost, 0, 303)),
    "a need is not its parts'": lambda a: replace(a, met_need=but(a.met_need, 2, 2_253)),
}


@pytest.mark.parametrize("package", [-1, 0, 8, 99])
def test_a_part_beyond_the_user_s_menu_is_refused(
    divisible: Problem, mixed: Allocation, package: int
) -> None:
    parts = Parts(mixed.parts.user, but(mixed.parts.package, 2, package), mixed.parts.share)

    with pytest.raises(BrokenAllocationError, match="a part is not on the user's menu"):
        replace(mixed, parts=parts).check(divisible)


@pytest.mark.parametrize(("message", "change"), BROKEN_MIX.items())
def test_a_broken_mix_is_refused_and_said_why(
    divisible: Problem, mixed: Allocation, message: str, change: Change
) -> None:
    with pytest.raises(BrokenAllocationError) as caught:
        change(mixed).check(divisible)

    assert str(caught.value) == message


def test_part_packages_are_refused_where_only_whole_ones_are_allowed(
    problem: Problem, mixed: Allocation
) -> None:
    with pytest.raises(BrokenAllocationError, match="part packages, where only whole ones"):
        mixed.check(problem)


BROKEN_TODAY: dict[str, Change] = {
    "a package is not today's": lambda a: replace(a, package=but(a.package, 1, 1)),
    "a cost is not the recorded one": lambda a: replace(a, cost=but(a.cost, 0, 899)),
    "a met need is not the recorded": lambda a: replace(a, met_need=but(a.met_need, 0, 0)),
}


@pytest.mark.parametrize(("message", "change"), BROKEN_TODAY.items())
def test_a_wrong_copy_of_today_is_refused_and_said_why(
    problem: Problem, today: Allocation, message: str, change: Change
) -> None:
    with pytest.raises(BrokenAllocationError) as caught:
        change(today).check(problem)

    assert str(caught.value) == message


def test_today_s_packages_are_refused_where_none_are_known(
    problem: Problem, today: Allocation
) -> None:
    with pytest.raises(BrokenAllocationError, match="the problem has none"):
        today.check(problem.replace(previous=None))


def test_today_s_packages_may_cost_more_than_is_allocable(
    problem: Problem, today: Allocation
) -> None:
    assert today.total_cost > problem.allocable

    today.check(problem)


def test_infeasible_and_not_applicable_are_answers_with_reasons() -> None:
    assert Infeasible("11,200.00 short", shortfall=1_120_000, users=37).users == 37
    assert NotApplicable("there are no points").reason == "there are no points"
