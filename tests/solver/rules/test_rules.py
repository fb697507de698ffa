import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from metneed.models.allocation import Allocation, Infeasible, NotApplicable
from metneed.models.errors import UnknownNameError
from metneed.models.instance import Users
from metneed.models.problem import Problem
from metneed.models.settings import Settings
from metneed.solver.rules import rule, rules
from metneed.solver.solve import bind, run
from metneed.testing import check_rule


def met(problem: Problem, name: str, **options: object) -> tuple[list[int], int]:
    """Met need of each user and money spent; the allocation is checked on the way."""
    chosen = rule(name)
    outcome = run(chosen, problem, bind(chosen, options))
    assert isinstance(outcome, Allocation), outcome
    outcome.check(problem)
    return outcome.met_need.tolist(), outcome.total_cost


@pytest.mark.parametrize("name", rules())
def test_every_rule_keeps_what_every_rule_promises(name: str) -> None:
    assert check_rule(rule(name)) >= 10


@pytest.mark.parametrize("name", ["greatest_need", "first_come"])
def test_full_or_nothing_keeps_the_promises_too(name: str) -> None:
    chosen = rule(name)

    assert check_rule(chosen, bind(chosen, {"take": "full_or_nothing"})) >= 10


@pytest.mark.parametrize(
    ("name", "expected", "spent"),
    [
        ("points_proportional", [8, 6, 4], 11),
        ("proportional_cost", [8, 6, 4], 11),
        ("equal_money", [8, 6, 4], 11),
        ("met_need_whole", [5, 10, 4], 12),
        ("priority_list", [8, 10, 0], 10),
        ("first_come", [10, 7, 0], 12),
        ("greatest_need", [10, 0, 4], 11),
    ],
)
def test_whole_packages_of_three_users_by_hand(
    d3: Problem, name: str, expected: list[int], spent: int
) -> None:
    assert met(d3, name) == (expected, spent)


def test_a_cut_of_a_fifth_loses_more_than_half_of_the_met_need_of_the_points_rule(
    d3: Problem,
) -> None:
    tenths = d3.replace(
        menus=d3.menus.replace(cost=d3.menus.cost * 10), allocable=96, budget=120, packages="whole"
    )

    assert met(tenths, "points_proportional") == ([8, 0, 0], 40)
    assert sum(met(tenths, "met_need_whole")[0]) == 15


def test_the_linear_programme_splits_only_the_third_user(d3: Problem) -> None:
    outcome = run(rule("met_need_lp"), d3.replace(packages="divisible"))

    assert isinstance(outcome, Allocation)
    assert outcome.met_need.tolist() == [8, 10, 2]  # 20.25, rounded down
    assert outcome.certificate.multipliers == {"budget": (9, 8)}
    assert outcome.certificate.is_optimal
    assert outcome.parts is not None
    assert outcome.parts.share.tolist() == [10**9, 10**9, 250_000_000]


@pytest.mark.parametrize(
    ("name", "points", "expected"),
    [
        ("met_need_lp", [3, 4, 5], [12000, 12000, 2000]),
        ("equal_money", [3, 4, 5], [12000, 8000, 4000]),
        ("points_proportional", [3, 4, 5], [9000, 8000, 5000]),
        ("points_proportional", [2, 1, 1], [12000, 6000, 3000]),
        ("proportional_cost", [3, 4, 5], [6546, 6546, 6545]),
    ],
)
def test_divisible_packages_of_three_users_by_hand(
    l3: Problem, name: str, points: list[int], expected: list[int]
) -> None:
    problem = l3.replace(users=_with_points(l3, points))
    outcome = run(rule(name), problem)

    assert isinstance(outcome, Allocation)
    assert outcome.met_need.tolist() == pytest.approx(expected, abs=3)


def _with_points(problem: Problem, points: list[int]) -> Users:
    return replace(problem.users, points=np.array(points))


def test_unspent_awards_return_in_rounds_and_buy_more(l3: Problem) -> None:
    problem = l3.replace(users=_with_points(l3, [2, 1, 1]), leftover="rounds")
    outcome = run(rule("points_proportional"), problem)

    # The first user needs 4 of the 6 awarded; the 2 that are left go half and half.
    assert isinstance(outcome, Allocation)
    assert outcome.met_need.tolist() == [12000, 8000, 4000]
    assert outcome.award is not None
    assert outcome.award.tolist() == [4000, 4000, 4000]


def test_today_is_kept_even_over_budget(d3: Problem) -> None:
    assert met(d3, "current") == ([9, 10, 0], 15)


def test_an_equal_cut_takes_the_same_fraction_of_every_current_cost(d3: Problem) -> None:
    outcome = run(rule("equal_cut"), d3)

    assert isinstance(outcome, Allocation)
    assert outcome.award is not None
    assert outcome.award.tolist() == [5, 7, 0]  # 12 of 15: 4.8 and 7.2
    assert outcome.met_need.tolist() == [8, 10, 0]


def test_an_equal_cut_cuts_nothing_where_the_money_is_enough(d3: Problem) -> None:
    outcome = run(rule("equal_cut"), d3.replace(allocable=20))

    assert isinstance(outcome, Allocation)
    assert outcome.award is not None
    assert outcome.award.tolist() == [6, 9, 0]


def test_greatest_need_can_go_by_need_and_ties_go_by_identifier(d3: Problem) -> None:
    assert met(d3, "greatest_need", by="need") == ([10, 7, 0], 12)


def test_full_or_nothing_passes_over_those_whose_full_package_does_not_fit(d3: Problem) -> None:
    # 7 for the first, 6 does not fit in 5, 8 neither.
    assert met(d3, "first_come", take="full_or_nothing") == ([10, 0, 0], 7)


def test_divisible_queues_end_with_a_part_package(d3: Problem) -> None:
    problem = d3.replace(packages="divisible", allocable=9)

    assert met(problem, "first_come") == ([10, 4, 0], 9)


def test_everyone_keeps_the_cheapest_package_in_a_queue_where_exactly_one_is_due(
    d3: Problem,
) -> None:
    problem = d3.replace(choice="exactly_one", allocable=11)

    # 2 + 3 + 4 are due; 2 are left, which lift the first user from (2, 5) to (4, 8).
    assert met(problem, "first_come") == ([8, 6, 4], 11)


@pytest.mark.parametrize("name", ["met_need_whole", "priority_list", "first_come", "greatest_need"])
def test_too_little_for_the_cheapest_packages_is_answered_in_pounds_and_people(
    d3: Problem, name: str
) -> None:
    outcome = run(rule(name), d3.replace(choice="exactly_one", allocable=5))

    assert outcome == Infeasible(
        reason="the cheapest packages of 3 users cost £9, the money to allocate is £5: £4 short",
        shortfall=4,
        users=3,
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("points_proportional", "no points"),
        ("greatest_need", "no points"),
        ("current", "previous packages"),
        ("equal_cut", "previous packages"),
        ("first_come", "arrival"),
        ("met_need_lp", "divisible"),
    ],
)
def test_a_rule_without_what_it_needs_says_what_is_missing(
    d3: Problem, name: str, words: str
) -> None:
    bare = replace(d3.users, points=None, arrival=None)
    outcome = run(rule(name), d3.replace(users=bare, previous=None))

    assert isinstance(outcome, NotApplicable)
    assert words in outcome.reason


def test_the_points_rule_has_no_price_where_nobody_has_points(d3: Problem) -> None:
    outcome = run(rule("points_proportional"), d3.replace(users=_with_points(d3, [0, 0, 0])))

    assert isinstance(outcome, NotApplicable)
    assert outcome.reason.startswith("nobody has any points, so there is no price per point: ")


def test_costs_that_are_all_nothing_make_no_claims(d3: Problem) -> None:
    free = d3.menus.replace(cost=d3.menus.cost * 0)

    assert isinstance(run(rule("proportional_cost"), d3.replace(menus=free)), NotApplicable)


def test_the_best_whole_packages_may_take_from_somebody_when_the_budget_grows(
    d3: Problem,
) -> None:
    assert met(d3.replace(allocable=10), "met_need_whole")[0] == [8, 10, 0]
    assert met(d3.replace(allocable=12), "met_need_whole")[0] == [5, 10, 4]


def test_every_rule_explains_itself_and_says_where_it_comes_from() -> None:
    for item in rules().values():
        text = sys.modules[item.run.__module__].__doc__ or ""
        for heading in ("In words:", "Formula:", "Source:", "Ignores:"):
            assert heading in text, f"{item.name} lacks {heading}"


def test_a_misspelt_rule_is_answered_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownNameError, match="did you mean points_proportional"):
        rule("points_proportionl")


def test_both_programmes_can_be_written_out(d3: Problem, tmp_path: Path) -> None:
    for packages, name in (("whole", "met_need_whole"), ("divisible", "met_need_lp")):
        file = tmp_path / f"{name}.lp"
        problem = d3.replace(packages=packages, settings=Settings(write_lp=file))
        assert isinstance(run(rule(name), problem), Allocation)

        text = file.read_text()
        assert "budget:" in text
        assert ("Generals" in text or "Binaries" in text) == (packages == "whole")


@pytest.mark.parametrize("name", ["met_need_lp", "first_come"])
def test_too_little_for_the_cheapest_packages_is_told_of_part_packages_too(
    d3: Problem, name: str
) -> None:
    problem = d3.replace(packages="divisible", choice="exactly_one", allocable=5)

    assert isinstance(run(rule(name), problem), Infeasible)
