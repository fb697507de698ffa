"""Everyone's money cut by a stated share: worked out by hand."""

from decimal import Decimal

import numpy as np
import pytest

from metneed.models.account import Line
from metneed.models.allocation import Allocation, Infeasible, NotApplicable
from metneed.models.arrays import frozen
from metneed.models.columns import AWARD_BEFORE, Numbers
from metneed.models.errors import OptionError
from metneed.models.instance import Previous
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run
from metneed.testing import check_rule

from ..years.path_cases import make_instance, row
from ..years.path_cases import run as run_path

RULE = rule("package_cut")


def problem(*today: tuple[int, int], budget: int = 100, **keys: object) -> Problem:
    """People who have today what is given, with steps of 5 on their menus."""
    menu = [(cost, cost) for cost in range(0, 31, 5)]
    return Problem.of(make_instance([menu] * len(today), previous=[*today], budget=budget, **keys))


def allocation(of: Problem, cut: str = "0.2") -> Allocation:
    outcome = run(RULE, of, bind(RULE, {"cut": cut}))
    assert isinstance(outcome, Allocation)
    return outcome


def test_everyone_keeps_the_same_share_of_the_money_rounded_down() -> None:
    done = allocation(problem((20, 20), (10, 10), (4, 4), (0, 0)))

    assert done.award is not None
    assert done.award.tolist() == [16, 8, 3, 0]
    assert done.cost.tolist() == [15, 5, 0, 0]


@pytest.mark.parametrize(("cut", "left"), [("0", 20), ("0.25", 15), ("0.5", 10), ("1", 0)])
def test_a_greater_cut_leaves_less(cut: str, left: int) -> None:
    assert allocation(problem((20, 20)), cut).total_cost == left


def test_the_account_says_what_is_saved_and_who_falls_below_their_package() -> None:
    account = allocation(problem((20, 20), (10, 10), (0, 0))).account

    assert account is not None
    assert account.lines == (
        Line("cut off everyone's money", 0.2, "share"),
        Line("saved by the cut", 6, "money"),
        Line("users who can no longer pay for their package", 2, "users"),
    )
    assert account.columns["money before the cut"][0].tolist() == [20, 10, 0]


def test_who_had_nothing_gets_nothing_and_is_told_why() -> None:
    done = allocation(problem((20, 20), (0, 0)))

    assert done.account is not None
    assert done.account.reasons is not None
    assert done.account.reasons.text().tolist() == [
        "",
        "no money the year before, so there is nothing to cut",
    ]


def test_a_cut_that_is_too_small_for_the_pot_says_which_would_do() -> None:
    outcome = run(RULE, problem((20, 20), (10, 10), budget=21), bind(RULE, {"cut": "0.1"}))

    assert isinstance(outcome, Infeasible)
    assert (outcome.shortfall, outcome.users) == (6, 2)
    assert "£6 short; a cut of 30.0% would do" in outcome.reason
    assert allocation(problem((20, 20), (10, 10), budget=21), "0.3").total_cost == 15


def test_what_was_awarded_is_cut_where_it_is_known() -> None:
    of = problem((20, 20), (10, 10))
    given = Numbers(frozen([30, 0]), 0, frozen([True, False], np.bool_))
    known = of.replace(users=_with(of, given))

    done = allocation(known)
    assert done.award is not None
    assert done.award.tolist() == [24, 8]


def test_awards_with_more_decimals_than_money_has_are_refused() -> None:
    of = problem((20, 20))
    given = Numbers(frozen([205]), 1, frozen([True], np.bool_))
    with pytest.raises(OptionError, match="column award_before"):
        run(RULE, of.replace(users=_with(of, given)))


def test_without_today_there_is_nothing_to_cut() -> None:
    assert isinstance(run(RULE, problem((5, 5)).replace(previous=None)), NotApplicable)


def test_over_several_years_the_money_is_cut_and_not_what_it_bought() -> None:
    menu = [(cost, cost) for cost in range(0, 31, 5)]
    instance = make_instance(
        [menu], {"years": 3}, previous=[(30, 30)], budget=30, rules={"package_cut": {"cut": "0.2"}}
    )
    found = run_path(instance, "package_cut")

    # 24, 19, 15 and 12 buy 20, 15, 15 and 10; cut off the packages it would be 24, 16, 12 and 8.
    assert row(found, "package_cut", "spent") == [20, 15, 15, 10]
    assert row(found, "package_cut", "users_below_step") == [1, 1, 0, 1]


def test_rounds_give_no_more_than_the_cut_leaves() -> None:
    assert allocation(problem((20, 20), leftover="rounds")).total_cost == 15


def test_it_keeps_what_every_rule_promises() -> None:
    assert check_rule(RULE, RULE.options(cut=Decimal("0.4"))) > 5


def _with(of: Problem, given: Numbers) -> object:
    users = of.users
    return type(users)(ids=users.ids, need=users.need, numbers={AWARD_BEFORE: given})


def test_part_packages_are_cut_to_the_penny() -> None:
    done = allocation(problem((20, 20), (7, 7), packages="divisible"))

    assert done.cost.tolist() == [16, 5]


def test_today_need_not_be_on_the_menu() -> None:
    of = problem((27, 20))
    off = Previous(
        of.previous.held if of.previous else frozen([True]),
        frozen(np.array(["closed"], dtype=object), object),
        frozen([27]),
        frozen([20]),
    )

    assert allocation(of.replace(previous=off)).total_cost == 20
