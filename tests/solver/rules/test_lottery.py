from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.arrays import frozen
from metneed.models.errors import NumbersTooLargeError, OptionError
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.solver.engines.serial import serve
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run
from metneed.testing import check_rule

from .claims_problem import account, bare, five, lines, reasons, solved

NAME = "lottery"
PLACE = "place in the draw"


def places(problem: Problem, **options: object) -> list[int]:
    """Everyone's place in the draw."""
    return account(problem, NAME, **options).columns[PLACE][0].tolist()


def alike(money: int) -> Problem:
    """Three users, each with one package that costs 4."""
    problem = five(money).subset(np.arange(3))
    return problem.replace(menus=Menus.of([0, 1, 2, 3], [4, 4, 4], [9, 9, 9]))


def test_of_three_alike_two_are_served_and_each_as_often_as_the_others() -> None:
    times, served = 1500, Counter[int]()
    for seed in range(times):
        found = solved(alike(8), NAME, seed=seed, take="full_or_nothing")
        assert found.total_cost == 8
        served.update(np.flatnonzero(found.cost).tolist())

    # Five standard errors of a count at a chance of two thirds.
    assert all(abs(served[user] - times * 2 / 3) < 5 * (times * 2 / 9) ** 0.5 for user in range(3))


def test_the_draw_is_told_with_its_seed_and_can_be_followed_by_hand() -> None:
    problem = five(45).replace(seed=11)
    found = solved(problem, NAME)
    left, place = 45, places(problem)

    assert sorted(place) == [1, 2, 3, 4, 5]
    assert lines(problem, NAME) == {"seed of the draw": "11", "chances": "equal"}
    for user in np.argsort(place).tolist():
        menu = [(4, 10), (6, 20), (15, 30), (25, 40), ()][user]
        taken = max((cost for cost in menu if cost <= left), default=0)
        assert found.cost[user] == taken
        left -= taken


def test_the_option_take_says_whether_less_than_the_full_package_is_taken() -> None:
    problem = five(45)
    order = np.argsort(places(problem))
    best, full = (
        solved(problem, NAME, take=take) for take in ("best_affordable", "full_or_nothing")
    )

    assert full.met_need.tolist() != best.met_need.tolist()
    assert set(full.met_need.tolist()) <= {0, 2}
    expected = serve(problem.menus, "at_most_one", 45, order, full_only=True)
    assert full.package.tolist() == np.asarray(expected).tolist()


def test_the_option_seed_draws_another_order_and_the_scenario_gives_it_otherwise() -> None:
    problem = five(45).replace(seed=3)

    assert places(problem, seed=3) == places(problem)
    assert len({tuple(places(problem, seed=seed)) for seed in range(30)}) > 20
    assert lines(problem, NAME, seed=4)["seed of the draw"] == "4"


@pytest.mark.parametrize(
    ("options", "first"),
    [
        ({"weights": "points"}, [0.1, 0.2, 0.3, 0.4, 0]),
        ({"weights": "weight"}, [1 / 8, 1 / 8, 3 / 8, 1 / 8, 2 / 8]),
        ({"weights": "column", "weight_column": "priority"}, [1 / 9, 5 / 9, 0, 2 / 9, 1 / 9]),
        ({}, [0.2] * 5),
    ],
)
def test_the_option_weights_says_whose_chance_to_be_first_is_how_great(
    options: dict[str, str], first: list[float]
) -> None:
    times, problem, drawn = 1000, five(45), Counter[int]()
    for seed in range(times):
        drawn[places(problem, seed=seed, **options).index(1)] += 1

    # Five standard errors of a count.
    for user, chance in enumerate(first):
        assert abs(drawn[user] - times * chance) <= 5 * (times * chance * (1 - chance)) ** 0.5


def test_weights_are_told_with_the_draw() -> None:
    assert lines(five(45), NAME, weights="points")["chances"] == "in proportion to points"
    by_column = {"weights": "column", "weight_column": "priority"}
    assert lines(five(45), NAME, **by_column)["chances"] == "in proportion to priority"
    told = account(five(45), NAME, weights="points").columns["weight in the draw"]
    assert (told[0].tolist(), told[1]) == ([1, 2, 3, 4, 0], "points")


def test_whoever_has_no_weight_is_drawn_last() -> None:
    assert all(places(five(45), seed=seed, weights="points")[4] == 5 for seed in range(30))


def test_the_reasons_say_for_whom_the_money_did_not_reach() -> None:
    problem = five(45)
    found, why = solved(problem, NAME), reasons(problem, NAME)

    for user in range(4):
        met = int(found.met_need[user])
        assert (
            why[user]
            == {
                0: "at this place in the draw the money left paid for nothing on the menu",
                1: "at this place in the draw the money left paid for less than the full need",
                2: "",
            }[met]
        )
    assert {0, 1, 2} == set(found.met_need.tolist())
    assert why[4] == ""  # There is nothing on the last user's menu to pay for.


def test_the_draw_does_not_depend_on_the_order_of_rows() -> None:
    for options in ({}, {"weights": "weight"}):
        turned = places(five(45).subset(np.arange(5)[::-1]), **options)

        assert turned[::-1] == places(five(45), **options)


def test_a_council_with_too_little_for_everyones_cheapest_package_is_told_so() -> None:
    assert run(rule(NAME), five(45).replace(choice="exactly_one")) == Infeasible(
        reason="the cheapest packages of 4 users cost £50, the money to allocate is £45: £5 short",
        shortfall=5,
        users=4,
    )


@pytest.mark.parametrize("weights", ["points", "weight"])
def test_weights_that_are_not_there_do_not_apply(weights: str) -> None:
    chosen = rule(NAME)

    assert isinstance(
        run(chosen, bare(five(45)), bind(chosen, {"weights": weights})), NotApplicable
    )


def test_options_that_cannot_be_used_are_refused() -> None:
    chosen = rule(NAME)
    with pytest.raises(OptionError, match='weights = "column" needs weight_column as well'):
        bind(chosen, {"weights": "column"})
    with pytest.raises(OptionError, match="less than or equal to 9223372036854775807"):
        bind(chosen, {"seed": 2**63})
    with pytest.raises(OptionError, match="no column of numbers 'prio'"):
        run(chosen, five(45), bind(chosen, {"weights": "column", "weight_column": "prio"}))


def test_weights_too_large_for_exact_arithmetic_are_refused() -> None:
    problem, chosen = five(45), rule(NAME)
    users = replace(problem.users, weight=frozen([2**62] * 5))

    with pytest.raises(NumbersTooLargeError, match="set need_decimals lower"):
        run(chosen, problem.replace(users=users), bind(chosen, {"weights": "weight"}))


@pytest.mark.parametrize("take", ["best_affordable", "full_or_nothing"])
@pytest.mark.parametrize("weights", ["none", "points", "weight"])
def test_every_lottery_keeps_what_every_rule_promises(take: str, weights: str) -> None:
    chosen = rule(NAME)
    # Points may all be 0 in a problem of the suite, and then the rule does not apply there.
    assert check_rule(chosen, bind(chosen, {"take": take, "weights": weights})) >= 10
