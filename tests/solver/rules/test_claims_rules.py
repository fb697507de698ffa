from dataclasses import replace

import numpy as np
import pytest

from metneed.models.allocation import NotApplicable
from metneed.models.arrays import frozen
from metneed.models.errors import NumbersTooLargeError, OptionError
from metneed.models.problem import Problem
from metneed.models.units import Units
from metneed.solver.engines.claims import divided
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run
from metneed.testing import check_rule

from .claims_problem import (
    CLAIMS,
    EXTRA,
    WEIGHTS,
    account,
    awards,
    bare,
    crowd,
    five,
    lines,
    reasons,
    solved,
)

METHODS = {
    "proportional_cost": "proportional",
    "equal_awards": "equal_awards",
    "equal_losses": "equal_losses",
    "talmud": "talmud",
    "piniles": "piniles",
}
EVERY = [*METHODS, "random_arrival", "claims_rule"]
DIVISIONS = (
    "adjusted_proportional",
    "average",
    "constrained_egalitarian",
    "reverse_talmud",
    "minimal_overlap",
    "dominguez_thomson",
)


@pytest.mark.parametrize(
    ("name", "money", "expected"),
    [
        # Half of all claims: half of each.
        ("proportional_cost", 50, [5, 10, 15, 20, 0]),
        # The first is paid in full; the other three share 40, and the penny over goes to one.
        ("equal_awards", 50, [10, 14, 13, 13, 0]),
        # 50 are missing: 10 from the first, and 13 1/3 from each of the others.
        ("equal_losses", 50, [0, 7, 17, 26, 0]),
        # Half of the first claim is 5; the others share 25.
        ("talmud", 30, [5, 9, 8, 8, 0]),
        ("piniles", 30, [5, 9, 8, 8, 0]),
        # 30 are missing: half of the first claim, and 8 1/3 from each of the others.
        ("talmud", 70, [5, 12, 22, 31, 0]),
        # Half of each claim is 50 in all; of the 20 that are left everyone gets 5.
        ("piniles", 70, [10, 15, 20, 25, 0]),
    ],
)
def test_five_users_by_hand(name: str, money: int, expected: list[int]) -> None:
    assert awards(five(money), name) == expected


@pytest.mark.parametrize(
    ("name", "money", "expected"),
    [
        # 10, 2 x 20, 3 x 30 and 4 x 40 are 300 in all: a sixth of each.
        ("proportional_cost", 50, [2, 7, 15, 26, 0]),
        # Everyone claims 10 times the points.
        ("equal_awards", 50, [5, 10, 15, 20, 0]),
        # 50 are missing: all 10 of the first; 1/2, 1/3 and 1/4 parts of the others: 18.46, 12.31,
        # 9.23.
        ("equal_losses", 50, [0, 1, 18, 31, 0]),
        ("talmud", 30, [3, 6, 9, 12, 0]),
        # 30 are missing: all of half the first, of the other 25 6/13, 4/13 and 3/13, but half of
        # the second claim is 10, so that the others lose 15 as 4 to 3.
        ("talmud", 70, [5, 10, 21, 34, 0]),
        ("piniles", 70, [7, 14, 21, 28, 0]),
    ],
)
def test_five_users_weighted_by_points_by_hand(name: str, money: int, expected: list[int]) -> None:
    assert awards(five(money), name, weights="points") == expected


def test_random_arrival_of_three_users_by_hand() -> None:
    # The Talmud's 100, 200 and 300 on 200, by tens: 3 1/3, 8 1/3 and 8 1/3.
    problem = five(20).subset(np.arange(3))

    assert awards(problem, "random_arrival") == [4, 8, 8]


@pytest.mark.parametrize("name", METHODS)
def test_three_users_with_whole_packages_all_end_where_points_times_price_does(
    d3: Problem, name: str
) -> None:
    outcome = solved(d3, name)

    assert outcome.met_need.tolist() == [8, 6, 4]
    assert outcome.total_met_need == 18
    assert outcome.total_cost == 11


@pytest.mark.parametrize(
    ("name", "options", "spend", "met"),
    [
        ("proportional_cost", {}, [24 / 11, 36 / 11, 72 / 11], [72 / 11] * 3),
        ("equal_awards", {}, [4, 4, 4], [12, 8, 4]),
        ("equal_losses", {}, [2 / 3, 8 / 3, 26 / 3], [2, 16 / 3, 26 / 3]),
        ("talmud", {}, [2, 3, 7], [6, 6, 7]),
        ("random_arrival", {}, [2, 3, 7], [6, 6, 7]),
        ("claims_rule", {}, [2, 3, 7], [6, 6, 7]),
        ("piniles", {}, [7 / 3, 10 / 3, 19 / 3], [7, 20 / 3, 19 / 3]),
    ],
)
def test_three_users_with_linear_menus_get_what_the_formulas_say(
    l3: Problem, name: str, options: dict[str, str], spend: list[float], met: list[float]
) -> None:
    outcome = solved(l3, name, **options)

    # Thousandths: money by largest remainder, need rounded down, at 3 units of it for one of money.
    assert (outcome.cost / 1000).tolist() == pytest.approx(spend, abs=0.001)
    assert (outcome.met_need / 1000).tolist() == pytest.approx(met, abs=0.003)


@pytest.mark.parametrize(
    ("division", "expected"),
    [
        ("adjusted_proportional", [2000, 3000, 7000]),
        ("average", [2334, 3333, 6333]),
        ("constrained_egalitarian", [3000, 3000, 6000]),
        ("reverse_talmud", [2334, 3333, 6333]),
        ("minimal_overlap", [1334, 2333, 8333]),
        ("dominguez_thomson", [2518, 3630, 5852]),
    ],
)
def test_the_option_division_says_how_the_money_is_divided(
    l3: Problem, division: str, expected: list[int]
) -> None:
    # Thousandths of what test_claims.py has by hand; the last are 2518.52, 3629.63 and 5851.85.
    assert awards(l3, "claims_rule", division=division) == expected


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("claim", CLAIMS)
def test_the_option_claim_says_what_is_claimed(name: str, claim: str) -> None:
    options = {"claim": claim, **EXTRA.get(claim, {})}
    told = account(five(20), name, **options)

    assert told.columns["claim"][0].tolist() == CLAIMS[claim]
    assert told.columns["claim"][1] == "money"
    if name in METHODS:
        expected = divided(METHODS[name], np.array(CLAIMS[claim]), 20).units(20)
        assert awards(five(20), name, **options) == expected.tolist()
    # What is claimed is all that anyone gets, except that the proportional rule divides the rest.
    enough = awards(five(90), name, **options)
    assert name == "proportional_cost" or claim == "full_cost" or enough == CLAIMS[claim]


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("weights", WEIGHTS)
def test_the_option_weights_says_whose_claims_weigh_more(name: str, weights: str) -> None:
    options = {"weights": weights}
    if weights == "column":
        options["weight_column"] = "priority"
    weight, claims = np.array(WEIGHTS[weights]), np.array(CLAIMS["full_cost"])
    found = awards(five(35), name, **options)

    assert found == divided(METHODS[name], claims, 35, weight).units(35).tolist()
    assert found != awards(five(35), name)
    assert account(five(35), name, **options).columns["weight"][0].tolist() == weight.tolist()


@pytest.mark.parametrize(("price", "expected"), [("1.99", [1, 3, 5, 7, 0]), ("2", [2, 4, 6, 8, 0])])
def test_the_option_price_says_what_a_point_claims_and_claims_are_rounded_down(
    price: str, expected: list[int]
) -> None:
    options = {"claim": "points_price", "price": price}

    assert awards(five(90), "equal_awards", **options) == expected


def test_a_price_is_for_a_whole_point_in_whole_pounds_whatever_their_decimals() -> None:
    problem = five(10**9).replace(units=Units("GBP", 2, 3))

    # Points of 0.001 to 0.004 at £12,345 each: 12.345 and so on, in pence.
    options = {"claim": "points_price", "price": "12345"}
    assert awards(problem, "talmud", **options) == [1234, 2469, 3703, 4938, 0]


@pytest.mark.parametrize("name", EVERY)
def test_where_the_money_covers_all_claims_only_the_proportional_rule_gives_out_the_rest(
    name: str,
) -> None:
    expected = [20, 40, 60, 80, 0] if name == "proportional_cost" else [10, 20, 30, 40, 0]

    assert awards(five(200), name) == expected
    assert lines(five(200), name)["more than all claims"] == 100
    assert rule(name).divides_all == (name == "proportional_cost")


def test_the_account_tells_claims_what_is_missing_and_who_gets_how_much_of_the_claim() -> None:
    assert lines(five(50), "equal_losses") == {
        "claims together": 100,
        "missing for all claims": 50,
        "part of all claims that is paid": 0.5,
        "greatest award": 26,
        "greatest loss": 14,
    }
    assert reasons(five(50), "equal_losses") == ["the claim is lost", "", "", "", "no claim"]
    assert reasons(five(50), "equal_awards") == [
        "the claim is paid in full",
        "",
        "",
        "",
        "no claim",
    ]
    without_the_last = five(100).subset(np.arange(4))
    assert account(without_the_last, "equal_awards").reasons is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"claim": "basic_cost"}, "no column basic_need"),
        ({"claim": "previous_cost"}, "no table of previous packages"),
        ({"claim": "points_price", "price": "5"}, "no points"),
    ],
)
@pytest.mark.parametrize("name", EVERY)
def test_a_claim_on_what_is_not_there_does_not_apply(
    name: str, options: dict[str, str], words: str
) -> None:
    chosen = rule(name)
    outcome = run(chosen, bare(five(50)), bind(chosen, options))

    assert isinstance(outcome, NotApplicable)
    assert words in outcome.reason


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("weights", ["points", "weight"])
def test_weights_that_are_not_there_do_not_apply(name: str, weights: str) -> None:
    chosen = rule(name)
    outcome = run(chosen, bare(five(50)), bind(chosen, {"weights": weights}))

    missing = {"points": "points", "weight": "column weight"}[weights]
    assert outcome == NotApplicable(f"the users have no {missing} to weigh by")


def test_weights_of_nothing_for_everyone_do_not_apply() -> None:
    problem = five(50)
    users = replace(problem.users, weight=frozen(np.zeros(5)))
    chosen = rule("talmud")
    outcome = run(chosen, problem.replace(users=users), bind(chosen, {"weights": "weight"}))

    assert outcome == NotApplicable("nobody's weight is above 0, so there is nothing to weigh by")


@pytest.mark.parametrize("name", EVERY)
def test_costs_that_are_all_nothing_make_no_claims(name: str) -> None:
    problem = five(50)
    free = problem.replace(menus=problem.menus.replace(cost=problem.menus.cost * 0))

    assert run(rule(name), free) == NotApplicable(
        "meeting everyone's full need costs nothing, so there is no claim"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"claim": "points_price"}, 'claim = "points_price" needs price as well'),
        ({"price": "5"}, 'price is for claim = "points_price", not for "full_cost"'),
        ({"claim": "column"}, 'claim = "column" needs claim_column as well'),
        ({"claim_column": "plan"}, 'claim_column is for claim = "column"'),
        ({"weights": "column"}, 'weights = "column" needs weight_column as well'),
        ({"weight_column": "priority"}, 'weight_column is for weights = "column"'),
        ({"claim": "points_price", "price": "-1"}, "not a plain decimal number"),
        ({"claim": "full_need"}, "input should be 'full_cost'"),
    ],
)
def test_options_that_do_not_go_together_are_refused_with_what_does(
    options: dict[str, str], words: str
) -> None:
    with pytest.raises(OptionError) as caught:
        bind(rule("equal_awards"), options)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {"claim": "column", "claim_column": "plans"},
        {"weights": "column", "weight_column": "plans"},
    ],
)
def test_a_column_that_is_not_there_is_refused(options: dict[str, str]) -> None:
    chosen = rule("equal_awards")

    with pytest.raises(
        OptionError, match="no column of numbers 'plans'; there are: plan, priority"
    ):
        run(chosen, five(50), bind(chosen, options))


def test_claims_too_large_for_exact_arithmetic_are_refused() -> None:
    problem = five(50)
    cost = problem.menus.cost * (2**60 // 40)
    with pytest.raises(NumbersTooLargeError, match="set money_decimals lower"):
        run(rule("talmud"), problem.replace(menus=problem.menus.replace(cost=cost)))
    chosen, users = rule("talmud"), replace(problem.users, points=problem.users.points * 2**52)
    with pytest.raises(NumbersTooLargeError, match="write a lower price"):
        run(
            chosen,
            problem.replace(users=users),
            bind(chosen, {"claim": "points_price", "price": "1000"}),
        )


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("claim", ["full_cost", "basic_cost", "previous_cost"])
@pytest.mark.parametrize("weights", ["none", "points", "weight"])
def test_every_claim_and_weight_keeps_what_every_rule_promises(
    name: str, claim: str, weights: str
) -> None:
    chosen = rule(name)

    assert check_rule(chosen, bind(chosen, {"claim": claim, "weights": weights})) >= 10


@pytest.mark.parametrize("division", DIVISIONS)
def test_every_division_keeps_what_every_rule_promises(division: str) -> None:
    chosen = rule("claims_rule")

    assert check_rule(chosen, bind(chosen, {"division": division})) >= 10


@pytest.mark.parametrize(("division", "most"), [("dominguez_thomson", 100), ("average", 10**9)])
def test_divisions_with_fractions_of_their_own_do_not_apply_to_many(
    division: str, most: int
) -> None:
    chosen = rule("claims_rule")
    outcome = run(chosen, crowd(101), bind(chosen, {"division": division}))

    assert isinstance(outcome, NotApplicable) == (most < 101)
    assert not isinstance(outcome, NotApplicable) or "for up to 100 people" in outcome.reason
