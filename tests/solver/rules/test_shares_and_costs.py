from dataclasses import replace

import numpy as np
import pytest

from metneed.models.allocation import Allocation, Infeasible
from metneed.models.arrays import frozen
from metneed.models.columns import Labels, Numbers
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run


def awarded(problem: Problem, name: str, **options: object) -> Allocation:
    chosen = rule(name)
    outcome = run(chosen, problem, bind(chosen, options))
    assert isinstance(outcome, Allocation), outcome
    outcome.check(problem)
    assert outcome.award is not None
    assert outcome.account is not None
    return outcome


def awards(problem: Problem, name: str, **options: object) -> list[int]:
    found = awarded(problem, name, **options).award
    assert found is not None
    return found.tolist()


def test_the_cost_of_need_of_three_users_by_hand_and_its_gap(d3: Problem) -> None:
    # 7 + 6 + 8 = 21 pounds, and there are 12.
    outcome = run(rule("cost_of_need"), d3)

    assert isinstance(outcome, Infeasible)
    assert (outcome.shortfall, outcome.users) == (9, 3)
    assert "a funding gap of £9" in outcome.reason


def test_where_the_money_reaches_everyone_gets_what_their_need_costs(d3: Problem) -> None:
    found = awarded(d3.replace(allocable=30), "cost_of_need")

    assert found.award is not None
    assert found.award.tolist() == [7, 6, 8]
    assert found.met_need.tolist() == [10, 10, 9]


def test_the_same_fraction_of_every_cost_is_paid_where_the_scenario_says_so(d3: Problem) -> None:
    # 12/21 of 7, 6 and 8: 4, 3.43 and 4.57.
    assert awards(d3, "cost_of_need", when_short="fraction") == [4, 3, 5]
    assert awards(d3.replace(allocable=21), "cost_of_need", when_short="fraction") == [7, 6, 8]


def test_the_fraction_is_one_where_it_equals_the_cost_of_need(d3: Problem) -> None:
    rich = d3.replace(allocable=30)

    assert awards(rich, "cost_of_need", when_short="fraction") == awards(rich, "cost_of_need")


def test_the_cost_of_basic_need_is_that_of_the_cheapest_package_that_meets_it(d3: Problem) -> None:
    basic = d3.replace(users=replace(d3.users, basic_need=frozen([6, 6, 0])))

    # 8 for 4, 6 for 3; the third has no basic need.
    assert awards(basic, "cost_of_need", of="basic") == [4, 3, 0]


def test_the_cost_of_basic_need_takes_a_column(d3: Problem) -> None:
    with pytest.raises(OptionError, match="the column basic_need of users"):
        awards(d3, "cost_of_need", of="basic")


def test_an_excluded_user_has_award_0_a_reason_and_unmet_need(d3: Problem) -> None:
    found = awarded(d3.replace(allocable=30), "cost_of_need", exclude=["u2"])

    assert found.award is not None
    assert found.account is not None
    assert found.award.tolist() == [7, 0, 8]
    assert found.met_need.tolist() == [10, 0, 9]
    assert found.account.reasons is not None
    assert found.account.reasons.text().tolist() == ["", "excluded by the scenario", ""]


SHARES = [{"group": "even", "share": "0.5"}, {"group": "odd", "share": "0.25"}]


def test_slices_are_divided_by_points_within_each_group(d3: Problem) -> None:
    # Users 1 and 3 are even with 5 and 4 points: 6 of 12 pounds; user 2 has 3 of 12.
    found = awarded(d3, "funding_shares", shares=SHARES)

    assert found.award is not None
    assert found.account is not None
    assert found.award.tolist() == [3, 3, 3]
    assert {line.name: line.value for line in found.account.lines} == {
        "slice of even": 6,
        "price per point of even": 6 / 9,
        "slice of odd": 3,
        "price per point of odd": 3 / 3,
    }


def test_another_slice_moves_money_between_groups(d3: Problem) -> None:
    rows = [{"group": "even", "share": "0.75"}, {"group": "odd", "share": "0.25"}]

    assert awards(d3, "funding_shares", shares=rows) == [5, 3, 4]


def test_a_slice_can_be_divided_by_head_or_by_a_column(d3: Problem) -> None:
    column = Numbers(frozen([5, 1, 1]), 0, np.ones(3, dtype=np.bool_))
    problem = d3.replace(users=replace(d3.users, numbers={"w": column}))
    rows = [{"group": "even", "share": "0.5"}, {"group": "odd", "share": "0.5"}]

    assert awards(problem, "funding_shares", shares=rows, within="head") == [3, 6, 3]
    assert awards(problem, "funding_shares", shares=rows, within="column", weights="w") == [5, 6, 1]


def test_weighted_capitation_gives_groups_shares_by_what_a_column_adds_up_to(d3: Problem) -> None:
    column = Numbers(frozen([1, 9, 2]), 0, np.ones(3, dtype=np.bool_))
    problem = d3.replace(users=replace(d3.users, numbers={"w": column}))

    # 3 of 12 to users 1 and 3, by 5 and 4 points; 9 to user 2. By head 8 and 4.
    assert awards(problem, "funding_shares", column="half", group_weights="w") == [2, 9, 1]
    assert awards(problem, "funding_shares", column="half", group_weights="head") == [4, 4, 4]


def test_without_groups_everybody_divides_the_whole_pie(d3: Problem) -> None:
    assert awards(d3, "funding_shares", within="head") == [4, 4, 4]


def test_a_group_without_points_leaves_its_slice_uncut(d3: Problem) -> None:
    problem = d3.replace(users=replace(d3.users, points=frozen([5, 0, 4])))
    found = awarded(problem, "funding_shares", shares=SHARES)

    assert found.award is not None
    assert found.account is not None
    assert found.award.tolist() == [3, 0, 3]
    named = {line.name: line.value for line in found.account.lines}
    assert named["slice of odd that nobody divides"] == 3


def test_an_excluded_users_part_goes_to_the_others_of_the_group(d3: Problem) -> None:
    assert awards(d3, "funding_shares", shares=SHARES, exclude=["u3"]) == [6, 3, 0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shares": [{"group": "even", "share": "0.8"}] * 2}, r"shares make 1\.6 of the money"),
        ({"shares": [{"group": "even", "share": "0.2"}] * 2}, "'even' has two shares"),
        ({"column": "half"}, "column goes with shares or"),
        ({"within": "column"}, "go together"),
        ({"group_weights": "head"}, "goes with a column of groups"),
        ({"shares": SHARES, "group_weights": "head"}, "leave one of them out"),
        ({"shares": [{"group": "even", "share": "1.2"}]}, "less than or equal to 1"),
    ],
)
def test_shares_that_make_no_sense_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        bind(rule("funding_shares"), options)


def test_a_share_for_a_group_that_is_not_there_is_refused(d3: Problem) -> None:
    with pytest.raises(OptionError, match="shares: there is no group called 'uneven'"):
        awards(d3, "funding_shares", shares=[*SHARES, {"group": "uneven", "share": "0.1"}])


def test_a_column_must_be_named_where_two_have_the_groups(d3: Problem) -> None:
    halves = d3.users.groups["half"]
    problem = d3.replace(
        users=replace(d3.users, groups={"half": halves, "other": Labels(*vars(halves).values())})
    )

    with pytest.raises(OptionError, match="say which column the shares are for"):
        awards(problem, "funding_shares", shares=SHARES)
    assert awards(problem, "funding_shares", shares=SHARES, column="half") == [3, 3, 3]
