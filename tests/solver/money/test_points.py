from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from metneed.models.allocation import Allocation, NotApplicable
from metneed.models.arrays import frozen
from metneed.models.assessment import Assessment
from metneed.models.columns import Labels, Numbers
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.money.points import PointsOptions, points_of
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run

from ..conftest import make_problem

TABLE = [
    {"outcome": "hygiene", "severity": "some", "points": "4"},
    {"outcome": "hygiene", "severity": "lots", "points": "10"},
    {"outcome": "nutrition", "severity": "some", "points": "6"},
    {"outcome": "nutrition", "severity": "lots", "points": "20"},
]


def numbers(*values: int, decimals: int = 0) -> Numbers:
    return Numbers(frozen(values), decimals, np.ones(len(values), dtype=np.bool_))


def assessed(*rows: tuple[int, str, str, int, bool], instrument: str = "") -> Assessment:
    """Rows of user, outcome, severity, thousandths met by carers, and whether it counts."""

    def labels(place: int) -> Labels:
        names = tuple(sorted({row[place] for row in rows}))
        return Labels(frozen([names.index(row[place]) for row in rows]), names)

    return Assessment(
        user=frozen([row[0] for row in rows]),
        instrument=Labels(frozen(np.zeros(len(rows))), (instrument,)),
        outcome=labels(1),
        severity=labels(2),
        informal=frozen([row[3] for row in rows]),
        eligible=frozen([row[4] for row in rows], np.bool_),
    )


@pytest.fixture
def four() -> Problem:
    """Four users; 10, 20, 30 and 0 points by their needs, as the table has it; 1,000 pounds."""
    problem = make_problem([0, 1, 2, 3, 4], [80, 160, 240, 320], [1, 2, 3, 4], 1000)
    return problem.replace(
        assessment=assessed(
            (0, "hygiene", "some", 0, True),
            (0, "nutrition", "some", 500, True),
            (1, "nutrition", "lots", 0, True),
            (2, "hygiene", "lots", 250, True),
            (2, "nutrition", "lots", 0, True),
            (3, "nutrition", "lots", 0, False),
        )
    )


def units(problem: Problem, **options: object) -> list[int]:
    found = points_of(problem, PointsOptions.model_validate({"points": TABLE, **options}))
    assert not isinstance(found, NotApplicable), found
    return found.counting.tolist()


def awards(problem: Problem, **options: object) -> Allocation:
    chosen = rule("points_proportional")
    outcome = run(chosen, problem, bind(chosen, options))
    assert isinstance(outcome, Allocation), outcome
    outcome.check(problem)
    return outcome


def test_points_are_what_the_table_says_of_each_answer_added_up(four: Problem) -> None:
    assert units(four) == [10, 20, 30, 0]


def test_points_are_shown_outcome_by_outcome(four: Problem) -> None:
    found = points_of(four, PointsOptions.model_validate({"points": TABLE}))

    assert not isinstance(found, NotApplicable)
    columns = {name: column.tolist() for name, (column, _) in found.columns.items()}
    assert columns == {
        "points: hygiene": [4, 0, 10, 0],
        "points: nutrition": [6, 20, 20, 0],
        "points": [10, 20, 30, 0],
    }


def test_what_unpaid_carers_meet_is_deducted_need_by_need_and_rounded_down(four: Problem) -> None:
    # 4 + 6 x 0.5, 20, 10 x 0.75 = 7.5 + 20.
    assert units(four, informal="deducted") == [7, 20, 27, 0]


def test_another_table_gives_other_points(four: Problem) -> None:
    dearer = [dict(row) for row in TABLE]
    dearer[0]["points"] = "5"

    assert units(four, points=dearer) == [11, 20, 30, 0]


def test_a_need_that_is_not_eligible_takes_no_row_of_the_table(four: Problem) -> None:
    rare = four.replace(
        assessment=assessed((0, "hygiene", "some", 0, True), (1, "pets", "some", 0, False))
    )

    assert units(rare) == [4, 0, 0, 0]


def test_hours_of_unpaid_care_are_deducted_from_points_down_to_nothing(four: Problem) -> None:
    hours = {"hours": numbers(2, 100, 0, 0)}
    with_hours = four.replace(users=replace(four.users, numbers=hours))

    assert units(with_hours, informal_hours="hours", points_per_hour="0.5") == [9, 0, 30, 0]
    assert units(with_hours, informal_hours="hours", points_per_hour="1.5") == [7, 0, 30, 0]


def test_points_of_carers_are_added(four: Problem) -> None:
    carers = {"carer_points": numbers(0, 5, 0, 0)}
    with_carers = four.replace(users=replace(four.users, numbers=carers))

    assert units(with_carers, carer_points="carer_points") == [10, 25, 30, 0]


def test_answers_of_another_questionnaire_do_not_count(four: Problem) -> None:
    other = [{**row, "instrument": "other"} for row in TABLE]
    answers = assessed((0, "hygiene", "some", 0, True), instrument="other")

    assert units(four.replace(assessment=answers), points=other, instrument="other") == [4, 0, 0, 0]
    with pytest.raises(OptionError, match="say which, as instrument = 'other'"):
        units(four.replace(assessment=answers))


def test_the_column_of_users_goes_before_needs_unless_the_scenario_says_otherwise(
    four: Problem,
) -> None:
    both = four.replace(users=replace(four.users, points=frozen([1, 2, 3, 4])))

    assert units(both) == [1, 2, 3, 4]
    assert units(both, points_from="needs") == [10, 20, 30, 0]


def test_an_outcome_that_the_table_lacks_is_refused_with_whom_it_concerns(four: Problem) -> None:
    without = [row for row in TABLE if row["severity"] != "lots"]

    with pytest.raises(
        OptionError, match="no row for outcome 'hygiene', severity 'lots', which 1 user has"
    ):
        units(four, points=without)


def test_a_row_that_stands_twice_is_refused(four: Problem) -> None:
    with pytest.raises(OptionError, match="hygiene / some stands in the table twice"):
        units(four, points=[*TABLE, TABLE[0]])


def test_points_from_needs_without_a_table_say_what_to_add(four: Problem) -> None:
    with pytest.raises(OptionError, match=r"add points\.csv to the instance"):
        units(four, points=[])


def test_more_decimals_than_the_scenario_keeps_are_refused(four: Problem) -> None:
    finer = [{**TABLE[0], "points": "4.5"}, *TABLE[1:]]

    with pytest.raises(OptionError, match=r"hygiene / some: 4\.5 has more than 0 decimals"):
        units(four, points=finer)


def test_negative_points_are_refused() -> None:
    with pytest.raises(OptionError, match="greater than or equal to 0"):
        bind(rule("points_proportional"), {"points": [{**TABLE[0], "points": "-1"}]})


def test_a_column_that_users_lack_is_refused_with_those_there_are(four: Problem) -> None:
    with pytest.raises(OptionError, match="no column of numbers 'hours'; there are: none"):
        units(four, informal_hours="hours", points_per_hour="1")


def test_hours_of_unpaid_care_that_nothing_is_taken_off_for_are_refused() -> None:
    with pytest.raises(OptionError, match="informal_hours goes with points_per_hour, what each"):
        bind(rule("points_proportional"), {"informal_hours": "hours"})
    bind(rule("points_proportional"), {"informal_hours": "hours", "points_per_hour": "0"})


def test_ten_twenty_thirty_forty_points_of_1000_less_a_fifth_are_eight_pounds_a_point() -> None:
    problem = make_problem([0, 1, 2, 3, 4], [80, 160, 240, 320], [1] * 4, 1000, [10, 20, 30, 40])
    found = awards(problem.replace(allocable=800))

    assert found.award is not None
    assert found.account is not None
    assert found.award.tolist() == [80, 160, 240, 320]
    assert found.account.lines[-1].name == "price per point"
    assert found.account.lines[-1].value == 8.0


def test_who_has_no_eligible_need_gets_nothing_and_is_told_why(four: Problem) -> None:
    found = awards(four, points=TABLE)

    assert found.award is not None
    assert found.account is not None
    assert found.award.tolist() == [167, 333, 500, 0]
    assert found.account.reasons is not None
    assert found.account.reasons.text().tolist() == ["", "", "", "no eligible need"]


def test_an_excluded_user_gets_nothing_with_the_reason_and_the_others_divide_the_money(
    four: Problem,
) -> None:
    found = awards(four, points=TABLE, exclude=["u3"], excluded_because="moved away")

    assert found.award is not None
    assert found.account is not None
    assert found.award.tolist() == [333, 667, 0, 0]
    assert found.met_need.tolist() == [1, 2, 0, 0]
    assert found.account.reasons is not None
    assert found.account.reasons.text().tolist()[2] == "moved away"


def test_points_of_excluded_users_can_stay_in_the_sum_so_that_their_part_is_unspent(
    four: Problem,
) -> None:
    found = awards(four, points=TABLE, exclude=["u3"], points_of_excluded="counted")

    assert found.award is not None
    assert found.award.tolist() == [167, 333, 0, 0]


def test_rounds_give_nothing_to_who_is_excluded(four: Problem) -> None:
    found = awards(four.replace(leftover="rounds"), points=TABLE, exclude=["u3"])

    assert found.award is not None
    assert found.award[2] == 0


def test_an_excluded_name_that_nobody_has_is_refused(four: Problem) -> None:
    with pytest.raises(
        OptionError, match="exclude: there is no user called 'u33'; did you mean u3"
    ):
        awards(four, points=TABLE, exclude=["u33"])


def test_a_contingency_is_kept_in_reserve_and_not_shared_out_in_rounds(four: Problem) -> None:
    found = awards(four.replace(leftover="rounds"), points=TABLE, contingency="0.1")

    assert found.account is not None
    assert found.award is not None
    assert found.account.reserve == 100
    assert int(found.award.sum()) <= 900
    more = awards(four, points=TABLE, contingency="0.2")
    assert more.account is not None
    assert more.account.reserve == 200


def test_carers_have_a_pot_of_their_own_where_the_scenario_says_so(four: Problem) -> None:
    carers = {"carer_points": numbers(1, 3, 0, 0)}
    problem = four.replace(users=replace(four.users, numbers=carers))
    found = awards(problem, points=TABLE, carer_points="carer_points", carer_pot="0.4")

    assert found.award is not None
    # 600 by 10, 20 and 30 points; 400 by 1 and 3.
    assert found.award.tolist() == [100 + 100, 200 + 300, 300, 0]
    smaller = awards(problem, points=TABLE, carer_points="carer_points", carer_pot="0.2")
    assert smaller.award is not None
    assert smaller.award.tolist() == [133 + 50, 267 + 150, 400, 0]


def test_a_pot_without_a_column_to_divide_it_by_is_refused() -> None:
    with pytest.raises(OptionError, match="carer_pot is divided by a column"):
        bind(rule("points_proportional"), {"carer_pot": Decimal("0.2")})


def test_nobody_with_points_is_no_price_per_point() -> None:
    problem = make_problem([0, 1], [10], [1], 100, [0])
    outcome = run(rule("points_proportional"), problem)

    assert isinstance(outcome, NotApplicable)
    assert "nobody has any points" in outcome.reason
