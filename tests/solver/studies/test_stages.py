from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.arrays import frozen
from metneed.models.comparison import Figure
from metneed.models.errors import OptionError
from metneed.models.instance import Previous
from metneed.models.units import Units
from metneed.solver.rules import rule
from metneed.solver.studies.stage_errors import bands, rank_correlation, stage_errors
from metneed.solver.studies.stages import error_figures, two_stages, yes_no

from ..conftest import make_problem
from .stage_problems import POINTS, four_people, labels, numbers, staged

GREATEST = rule("greatest_need")


def figures(rows: list[Figure], group_by: str = "", group: str = "") -> dict[str, object]:
    return {
        row.measure: row.value for row in rows if (row.group_by, row.group) == (group_by, group)
    }


def test_four_people_by_hand() -> None:
    # Errors (indicative less final): -5, 0, 10, -10 on finals of 15, 20, 20, 50.
    found = figures(list(error_figures(staged(four_people(15, 20, 20, 50)))))

    assert found == {
        "users": 4,
        "users_final_zero": 0,
        "indicative": 100,
        "final": 105,
        "bias": 100 / 105,
        "median_ratio": pytest.approx((0.8 + 1.0) / 2),
        "median_error": -2,  # between -5 and 0, to the even pound
        "mean_error": -1,
        "mean_size_of_error": 6,
        "mean_error_share": pytest.approx((1 / 3 + 0 + 1 / 2 + 1 / 5) / 4),
        "within_10_per_cent": 0.25,
        "within_20_per_cent": 0.5,
        "rank_correlation": pytest.approx(0.9486832980505138),
        "users_final_above": 2,
        "users_final_same": 1,
        "users_final_below": 1,
        "overrides": 15,
        "returned": 10,
        "contingency_share": 0.15,
        "contingency_share_if_returned": 0.05,
    }


def test_the_published_pair_of_awards_is_0_486_and_0_658_of_the_final_cost() -> None:
    # R (Savva) v Kensington and Chelsea: £82.91 and £112.21 a week, and £170.45 in the end; the
    # final budget stands in the judgment once, and is set against both awards here.
    problem = make_problem([0, 1, 2], [1, 1], [1, 1], 8291 + 11221, [8291, 11221])
    users = replace(
        problem.users,
        numbers={"plan_cost": numbers(17045, 17045, decimals=2)},
        groups={"award": labels("first", "second")},
    )
    stages = staged(problem.replace(users=users, units=Units("GBP", 2, 0, "week")))
    rows = list(error_figures(stages))

    assert stages.indicative.tolist() == [8291, 11221]
    for group, ratio in (("first", 0.486), ("second", 0.658)):
        found = figures(rows, "award", group)
        bias, middle = found["bias"], found["median_ratio"]
        assert isinstance(bias, float)
        assert round(bias, 3) == ratio
        assert bias == middle
        assert found["within_20_per_cent"] == 0


def test_neither_stage_is_worked_out_from_the_other() -> None:
    first, other = staged(four_people(15, 20, 20, 50)), staged(four_people(1, 2, 3, 4))
    richer = staged(four_people(15, 20, 20, 50).replace(allocable=200))

    assert first.indicative.tolist() == other.indicative.tolist() == [10, 20, 30, 40]
    assert richer.indicative.tolist() == [20, 40, 60, 80]
    assert richer.final.tolist() == first.final.tolist() == [15, 20, 20, 50]


def test_a_final_cost_of_nothing_has_no_error_in_per_cent() -> None:
    found = {
        name: value for name, (value, _) in stage_errors(frozen([10, 0]), frozen([0, 0])).items()
    }

    assert found["users_final_zero"] == 2
    assert found["mean_error_share"] is found["median_ratio"] is found["bias"] is None
    assert found["within_10_per_cent"] == 0.5  # only whose indicative budget is nothing too
    assert found["returned"] == 10


def test_errors_of_exactly_ten_per_cent_are_within_ten() -> None:
    within = [
        stage_errors(frozen([told]), frozen([100]))["within_10_per_cent"][0]
        for told in (89, 90, 110, 111)
    ]

    assert within == [0, 1, 1, 0]


def test_final_costs_come_from_the_column_that_is_named() -> None:
    problem = four_people(15, 20, 20, 50)
    more = {**problem.users.numbers, "panel": numbers(1, 2, 3, 4)}
    problem = problem.replace(users=replace(problem.users, numbers=more))

    assert staged(problem, "panel").final.tolist() == [1, 2, 3, 4]


def test_final_costs_can_be_those_of_todays_packages_and_of_a_rule_that_chooses() -> None:
    held = Previous(
        np.array([True, True, True, True]),
        np.array(["a", "b", "c", "d"], dtype=object),
        frozen([9, 8, 7, 6]),
        frozen([1, 1, 1, 1]),
    )
    problem = four_people(15, 20, 20, 50).replace(previous=held)

    assert staged(problem, "previous").final.tolist() == [9, 8, 7, 6]
    # The best of £100 by hand: 15 + 30 + 30 + 25, met need 35.
    assert staged(problem, "met_need_whole").final.tolist() == [15, 30, 30, 25]


def test_a_rule_that_finds_no_packages_is_the_answer() -> None:
    poor = four_people(1, 1, 1, 1).replace(choice="exactly_one", allocable=10)

    assert isinstance(two_stages(poor, POINTS, POINTS.options(), "met_need_whole"), Infeasible)
    without = poor.replace(users=replace(poor.users, points=None))
    assert isinstance(two_stages(without, POINTS, POINTS.options()), NotApplicable)


def test_users_without_a_plan_are_refused_by_name_or_left_out_with_their_money() -> None:
    problem = four_people(15, None, 20, None)
    with pytest.raises(OptionError, match=r"column plan_cost.*2 users \(u2, u4\).*--leave-out"):
        two_stages(problem, POINTS, POINTS.options())
    stages = staged(problem, leave_out=True)

    assert stages.left_out == 2
    assert stages.indicative.tolist() == [10, 30]
    assert stages.problem.allocable == 100 - 20 - 40


def test_who_has_no_package_today_has_no_final_cost() -> None:
    none = Previous(
        np.array([True, False, True, True]),
        np.array(["a", "", "c", "d"], dtype=object),
        frozen([9, 0, 7, 6]),
        frozen([1, 0, 1, 1]),
    )
    problem = four_people(1, 1, 1, 1).replace(previous=none)

    with pytest.raises(OptionError, match="table previous: no final cost for 1 user"):
        two_stages(problem, POINTS, POINTS.options(), "previous")
    assert staged(problem, "previous", leave_out=True).left_out == 1


@pytest.mark.parametrize(
    ("final", "told"),
    [
        (
            "plan_costs",
            r"no such column of numbers \(there are: plan_cost\).*Add a column plan_cost",
        ),
        ("previous", "add the table previous"),
        ("points_proportional", "no rule of that name chooses packages"),
    ],
)
def test_final_costs_that_are_not_there_are_refused_with_a_remedy(final: str, told: str) -> None:
    with pytest.raises(OptionError, match=told):
        two_stages(four_people(1, 2, 3, 4), POINTS, POINTS.options(), final)


def test_a_plan_with_more_decimals_than_money_is_refused() -> None:
    problem = four_people(1, 2, 3, 4)
    fine = replace(problem.users, numbers={"plan_cost": numbers(11, 12, 13, 14, decimals=1)})

    with pytest.raises(OptionError, match=r"column plan_cost.*fewer decimals"):
        two_stages(problem.replace(users=fine), POINTS, POINTS.options())


def test_plans_that_are_too_large_to_add_up_are_refused() -> None:
    with pytest.raises(OptionError, match="too large to add up"):
        two_stages(four_people(2**61, 2**61, 2**61, 2**61), POINTS, POINTS.options())


def test_the_first_stage_must_divide_money() -> None:
    with pytest.raises(OptionError, match="gives no indicative budgets"):
        two_stages(four_people(1, 2, 3, 4), GREATEST, GREATEST.options())


def test_indicative_sums_are_those_before_anything_is_shared_out_again() -> None:
    # £12, £24, £36 and £48 buy for £85; of the £35 left the first two get £5 and £10.
    kept = four_people(15, 20, 20, 50).replace(allocable=120)
    rounds = staged(kept.replace(leftover="rounds"))

    assert rounds.indicative.tolist() == [12, 24, 36, 48]
    assert staged(kept).bought[0].tolist() == [10, 20, 30, 25]
    assert rounds.bought[0].tolist() == [15, 30, 30, 25]


def test_bands_are_of_equal_size_and_never_part_equal_values() -> None:
    sizes = [(low, high, len(rows)) for low, high, rows in bands(frozen([5, 1, 1, 1, 9, 7]), 3)]

    assert sizes == [(1, 1, 3), (5, 5, 1), (7, 9, 2)]


def test_bands_go_by_points_or_by_indicative_sums() -> None:
    stages = staged(four_people(15, 20, 20, 50))
    by_points = {row.group for row in error_figures(stages, 2) if row.group_by == "band of points"}
    by_sum = {
        row.group
        for row in error_figures(stages, 2, "indicative")
        if row.group_by == "band of indicative"
    }

    assert by_points == {"1 to 2", "3 to 4"}
    assert by_sum == {"10 to 20", "30 to 40"}
    finer = replace(stages, problem=stages.problem.replace(units=Units("GBP", 0, 1)))
    groups = {row.group for row in error_figures(finer, 2) if row.group_by == "band of points"}
    assert groups == {"0.1 to 0.2", "0.3 to 0.4"}
    with pytest.raises(OptionError, match="bands"):
        list(error_figures(stages, 0))


def test_groups_and_bands_add_up_to_everyone() -> None:
    rows = list(error_figures(staged(four_people(15, 20, 20, 50)), 3))
    everyone = figures(rows)

    for column in {row.group_by for row in rows} - {""}:
        for name in ("users", "indicative", "final", "overrides", "returned"):
            parts = [row.value for row in rows if (row.group_by, row.measure) == (column, name)]
            assert sum(parts) == everyone[name]  # type: ignore[arg-type]


def test_ranks_that_tie_share_their_mean_rank() -> None:
    # Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, squares 4.5 and 5.
    assert rank_correlation(frozen([1, 2, 2, 3]), frozen([1, 2, 3, 4])) == pytest.approx(
        4.5 / (4.5 * 5) ** 0.5
    )
    assert rank_correlation(frozen([1, 1]), frozen([1, 2])) is None
    assert rank_correlation(frozen([1, 2, 3]), frozen([9, 5, 1])) == pytest.approx(-1)


def test_yes_and_no_are_read_as_text_or_as_numbers() -> None:
    problem = four_people(1, 2, 3, 4)
    users = replace(
        problem.users,
        groups={
            "told": labels("yes", "No", "no", "YES"),
            "odd": labels("yes", "maybe", "no", "no"),
        },
        numbers={"flag": numbers(10, 0, 0, 10, decimals=1), "age": numbers(1, 2, 3, 4)},
    )
    problem = problem.replace(users=users)

    assert yes_no(problem, "told", "told").tolist() == [True, False, False, True]
    assert yes_no(problem, "flag", "told").tolist() == [True, False, False, True]
    for name, told in (
        ("odd", "'maybe' for user u2"),
        ("age", "yes or no"),
        ("x", "no column 'x'"),
    ):
        with pytest.raises(OptionError, match=told):
            yes_no(problem, name, "told")


sums = st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**12)), min_size=1, max_size=30)


@settings(max_examples=100, deadline=None)
@given(sums)
def test_figures_hold_what_their_names_say(pairs: list[tuple[int, int]]) -> None:
    told, cost = (frozen(column) for column in zip(*pairs, strict=True))
    found = {name: value for name, (value, _) in stage_errors(told, cost).items()}

    assert found["indicative"] - found["final"] == found["returned"] - found["overrides"]  # type: ignore[operator]
    users = [found[f"users_final_{name}"] for name in ("above", "same", "below")]
    assert sum(users) == len(pairs)  # type: ignore[arg-type]
    for per_cent in (10, 20):
        expected = sum(abs(t - c) * 100 <= per_cent * c for t, c in pairs)
        assert found[f"within_{per_cent}_per_cent"] == expected / len(pairs)
    known = [Fraction(abs(t - c), c) for t, c in pairs if c]
    if known:
        assert found["mean_error_share"] == pytest.approx(float(sum(known) / len(known)))
