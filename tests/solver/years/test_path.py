"""Rules over several years: worked out by hand, and each parameter of the path."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from metneed.models.allocation import Allocation
from metneed.models.budget_path import BudgetPath
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.instance import Instance
from metneed.models.menus import Menus
from metneed.models.path import Break
from metneed.models.problem import Problem
from metneed.solver.solve import solve
from metneed.solver.years.path import YearOfRule, path

from .path_cases import make_instance, row, run

STEPS = [(2, 2), (3, 3), (5, 5), (10, 10)]
"""A menu on which a pound meets one unit of need, in steps."""


def linear(plan: dict[str, Any], **keys: Any) -> Instance:
    """Four users with points 10 to 40, part packages allowed, a pound for a unit of need."""
    stated = {"budget": 1000, "top_slice": "0.2", "packages": "divisible", "money_decimals": 4}
    menus = [[(10_000_000, 1_000_000)] for _ in range(4)]
    return make_instance(menus, plan, points=[10, 20, 30, 40], **(stated | keys))


def test_the_seed_arithmetic_of_points_and_a_yearly_cut_of_a_fifth() -> None:
    awards = []

    def keep(done: YearOfRule) -> None:
        assert isinstance(done.outcome, Allocation)
        assert done.outcome.award is not None
        awards.append(done.outcome.award.tolist())

    found = path(linear({"cut": "0.2"}), rules=["points_proportional"], keep=keep)
    prices = [Fraction(row[0], 10 * 10**4) for row in awards]

    assert prices == [Fraction(p) for p in ("8", "6.4", "5.12", "4.096", "3.2768", "2.62144")]
    assert awards[0] == [800_000, 1_600_000, 2_400_000, 3_200_000]
    assert row(found, "points_proportional", "top_slice")[0] == 2_000_000
    assert row(found, "points_proportional", "price_per_point") == [float(p) for p in prices]


def test_the_reading_moves_what_is_left_after_five_years() -> None:
    both = [
        row(run(linear({"cut": "0.2", "reading": reading}), "points_proportional"), *figure)
        for reading in ("slice_is_cut", "slice_plus_cut")
        for figure in [("points_proportional", "allocable")]
    ]

    assert [Fraction(int(years[-1] or 0), 10_000_000) for years in both] == [
        Fraction("0.32768"),
        Fraction("0.262144"),
    ]


def test_the_first_year_is_what_the_rule_does_on_the_scenario() -> None:
    instance = make_instance([STEPS, STEPS], {"cut": "0.5"}, points=[1, 3], budget=13)
    kept: list[YearOfRule] = []
    path(instance, rules=["met_need_whole"], keep=kept.append)
    alone = solve(instance, "met_need_whole")

    assert isinstance(kept[0].outcome, Allocation)
    assert isinstance(alone, Allocation)
    assert (kept[0].outcome.package == alone.package).all()


def test_each_year_starts_from_the_packages_of_the_year_before() -> None:
    # Today 6 and 4. The pot falls to 5 and rises to 10 again: who was cut to 3 and 2 stays there,
    # where years on their own would give 6 and 4 back.
    plan = {"year": [{"year": 1, "budget": 5}, {"year": 2, "budget": 10}]}
    instance = make_instance(
        [[(10, 10)], [(10, 10)]],
        plan,
        previous=[(6, 6), (4, 4)],
        budget=10,
        packages="divisible",
    )
    found = run(instance, "equal_cut")
    alone = solve(
        replace(instance, scenario=instance.scenario.model_copy(update={"budget": Decimal(10)})),
        "equal_cut",
    )

    assert row(found, "equal_cut", "spent") == [10, 5, 5]
    assert isinstance(alone, Allocation)
    assert alone.total_cost == 10


def test_a_gentle_change_is_from_the_year_before_and_not_from_the_first() -> None:
    limit = {"gentle": {"kind": "transition", "of": "met_need", "at_least": "0.5"}}
    plan = {"year": [{"year": 1, "budget": 5}, {"year": 2, "budget": 3}]}
    instance = make_instance([STEPS], plan, previous=[(10, 10)], budget=10, constraints=limit)
    found = run(instance, "met_need_whole")
    late = instance.scenario.model_copy(update={"budget": Decimal(3), "path": None})

    # Half of 10 is 5, half of 5 is 3 on the menu; half of 10 cannot be paid with 3.
    assert row(found, "met_need_whole", "met_need") == [10, 5, 3]
    assert not isinstance(solve(replace(instance, scenario=late), "met_need_whole"), Allocation)


def test_things_as_they_are_go_on_whatever_the_pot_and_the_overspend_is_said() -> None:
    instance = make_instance(
        [STEPS, STEPS], {"cut": "0.5", "years": 2}, previous=[(6, 6), (4, 4)], budget=10
    )
    found = run(instance, "current")

    assert row(found, "current", "spent") == [10, 10, 10]
    assert row(found, "current", "unspent") == [0, -5, -8]
    assert row(found, "current", "users_losing") == [0, 0, 0]


def test_prices_rise_from_the_first_year_and_are_rounded_up_once() -> None:
    # 101 x 1.03^2 = 107.15..., up to 108; rounding 104.03 up first would make it 109.
    instance = make_instance(
        [[(101, 5)]], {"price_inflation": "0.03", "years": 2}, previous=[(101, 5)], budget=200
    )
    found = run(instance, "current", "met_need_whole")

    for rule in found.rules:
        assert row(found, rule, "spent") == [101, 105, 108]


def test_the_pot_does_not_rise_with_prices() -> None:
    plan = {"price_inflation": "0.1", "years": 2}
    instance = make_instance([[(10, 10)], [(10, 10)]], plan, budget=21)
    found = run(instance, "met_need_whole")

    assert row(found, "met_need_whole", "budget") == [21, 21, 21]
    assert row(found, "met_need_whole", "met_need") == [20, 10, 10]


def test_a_mix_of_the_year_before_is_priced_part_by_part() -> None:
    plan = {"price_inflation": "0.5", "years": 1}
    instance = make_instance([[(4, 4), (10, 10)]], plan, budget=7, packages="divisible")
    kept: list[YearOfRule] = []
    path(instance, rules=["met_need_lp"], keep=kept.append)
    previous = kept[1].problem.previous

    # Half of 4 and half of 10 is 7; at 6 and 15 it is 10.5, rounded up.
    assert previous is not None
    assert (previous.cost.tolist(), previous.met_need.tolist()) == ([11], [7])


def test_unspent_money_is_carried_over_by_the_share_that_is_asked_for() -> None:
    # 4 and 4 buy 3 and 3; 5 and 5 buy 5 and 3; 5 and 4 buy 5 and 3, and half of 1 is nothing.
    menus = [[(3, 3), (5, 5)], [(3, 3), (8, 8)]]
    carried = {
        share: run(make_instance(menus, {"carry_over": share, "years": 2}, budget=8), "equal_money")
        for share in ("0", "0.5", "1")
    }

    assert row(carried["0"], "equal_money", "allocable") == [8, 8, 8]
    assert row(carried["0.5"], "equal_money", "allocable") == [8, 9, 8]
    assert row(carried["1"], "equal_money", "allocable") == [8, 10, 10]
    assert row(carried["1"], "equal_money", "spent") == [6, 8, 8]
    assert row(carried["1"], "equal_money", "carried_in") == [0, 2, 2]
    assert row(carried["1"], "equal_money", "carried_out") == [2, 2, 2]


def test_money_that_was_overspent_is_not_taken_off_the_next_year() -> None:
    instance = make_instance(
        [STEPS], {"carry_over": "1", "years": 1}, previous=[(10, 10)], budget=4
    )
    found = run(instance, "current")

    assert row(found, "current", "allocable") == [4, 4]


def test_every_rule_carries_its_own_money() -> None:
    menus = [[(3, 3), (5, 5)], [(3, 3), (4, 4)]]
    instance = make_instance(menus, {"carry_over": "1", "years": 1}, budget=8)
    found = run(instance, "equal_money", "met_need_whole")

    assert row(found, "equal_money", "carried_in") == [0, 1]
    assert row(found, "met_need_whole", "carried_in") == [0, 0]


def test_lots_are_drawn_anew_each_year() -> None:
    kept: list[YearOfRule] = []
    path(
        make_instance([STEPS], {"years": 2}, budget=5, seed=7), rules=["lottery"], keep=kept.append
    )

    assert [item.problem.seed for item in kept] == [7, 8, 9]


def test_the_first_floor_to_break_is_named_with_its_year_and_people() -> None:
    floor = {"half": {"kind": "floor", "base": "need", "share": "0.5", "mode": "free"}}
    instance = make_instance(
        [STEPS, STEPS],
        {"cut": "0.5", "years": 2},
        points=[1, 1],
        basic=[3, 6],
        budget=20,
        constraints=floor,
    )
    found = run(instance, "points_proportional")

    # 10 and 10, then 5 and 5, then 3 and 2.
    assert found.breaks == [
        Break("points_proportional", 1, "basic need", 1),
        Break("points_proportional", 2, "half", 2),
    ]
    assert row(found, "points_proportional", "users_below_basic") == [0, 1, 1]


def test_users_whose_money_no_longer_pays_for_their_package_are_counted() -> None:
    instance = make_instance(
        [[(5, 5)], [(2, 2), (8, 8)]], {"cut": "0.2", "years": 2}, points=[1, 1], budget=16
    )
    found = run(instance, "points_proportional", "met_need_whole")

    # 8 each buys 5 and 8; 6 each buys 5 and 2; 5 each buys 5 and 2.
    assert row(found, "points_proportional", "users_below_step") == [None, 1, 0]
    assert row(found, "points_proportional", "users_losing") == [None, 1, 0]
    assert row(found, "met_need_whole", "users_below_step") == [None, None, None]


def test_people_with_nothing_and_the_share_of_need_are_told_each_year() -> None:
    instance = make_instance([[(5, 5)], [(5, 5)]], {"cut": "0.5", "years": 2}, budget=10)
    found = run(instance, "met_need_whole")

    assert row(found, "met_need_whole", "users_with_nothing") == [0, 1, 2]
    assert row(found, "met_need_whole", "share_of_need") == [1.0, 0.5, 0.0]


def test_a_rule_without_an_allocation_says_why_each_year_and_goes_on_from_what_is() -> None:
    plan = {"year": [{"year": 1, "budget": 1}, {"year": 2, "budget": 5}]}
    instance = make_instance([STEPS], plan, budget=5, choice="exactly_one")
    found = run(instance, "met_need_whole", "current")

    assert row(found, "met_need_whole", "met_need") == [5, None, 5]
    assert found.infeasible == {(1, "met_need_whole")}
    assert "1 short" in found.reasons[1, "met_need_whole"]
    assert "no table of previous packages" in found.reasons[0, "current"]


def test_rules_and_options_that_are_not_known_are_refused() -> None:
    instance = make_instance([STEPS], {}, budget=5)
    with pytest.raises(UnknownNameError):
        run(instance, "met_need_hole")
    with pytest.raises(OptionError):
        run(make_instance([STEPS], {}, budget=5, rules={"first_come": {"take": "x"}}), "first_come")


def test_without_a_table_five_years_alike_follow() -> None:
    found = run(make_instance([STEPS], None, budget=5), "met_need_whole")

    assert found.years == (0, 1, 2, 3, 4, 5)
    assert row(found, "met_need_whole", "met_need") == [5] * 6


def test_a_plan_that_is_given_stands_in_for_the_table() -> None:
    instance = make_instance([STEPS], {"cut": "0.5"}, budget=10)
    found = path(instance, plan=BudgetPath(years=1), rules=["met_need_whole"])

    assert row(found, "met_need_whole", "met_need") == [10, 10]


def test_the_progress_names_each_year_and_rule() -> None:
    told: list[str] = []
    path(
        make_instance([STEPS], {"years": 1, "base_year": 2026}, budget=5),
        rules=["met_need_whole"],
        progress=told.append,
    )

    assert told == ["year 2026, met_need_whole", "year 2027, met_need_whole"]


def test_hulls_are_used_again_while_prices_and_people_stay() -> None:
    kept: list[YearOfRule] = []
    plan = {"years": 2, "year": [{"year": 2, "price_inflation": "0.1"}]}
    path(make_instance([STEPS], plan, budget=5), rules=["met_need_whole"], keep=kept.append)
    first, second, third = (item.problem.menus for item in kept)

    assert isinstance(first, Menus)
    assert first is second
    assert second is not third


def test_a_kept_year_is_an_instance_of_its_own_with_the_same_answer() -> None:
    kept: list[YearOfRule] = []
    plan = {"cut": "0.3", "price_inflation": "0.1", "years": 3, "carry_over": "0.5"}
    instance = make_instance(
        [STEPS, STEPS], plan, points=[2, 3], budget=15, previous=[(5, 5), (2, 2)]
    )
    rules = ["met_need_whole", "equal_cut", "package_cut", "points_proportional"]
    path(instance, rules=rules, keep=kept.append)

    for item in kept:
        problem = Problem.of(item.instance)
        assert (problem.budget, problem.allocable) == (item.problem.budget, item.problem.allocable)
        again = solve(item.instance, item.rule, options=item.options.model_dump())
        assert isinstance(again, Allocation) == isinstance(item.outcome, Allocation)
        if isinstance(again, Allocation) and isinstance(item.outcome, Allocation):
            assert (again.cost == item.outcome.cost).all()
            assert (again.package == item.outcome.package).all()


def test_the_table_has_a_row_for_each_year_and_rule() -> None:
    found = run(make_instance([STEPS], {"years": 1}, budget=5, money_decimals=2), "met_need_whole")

    assert found.table.index.tolist() == [(0, "met_need_whole"), (1, "met_need_whole")]
    assert found.table["budget"].tolist() == [5.0, 5.0]
