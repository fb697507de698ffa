from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from metneed.models.allocation import Allocation
from metneed.models.arrays import frozen
from metneed.models.errors import OptionError
from metneed.solver.solve import run
from metneed.solver.studies.disturbance import (
    Disturbance,
    Scale,
    disturb,
    ladders,
    with_points,
    without_order,
)

from .noise_problems import FROM_NEEDS, SCALE, TABLE, assessment, many_people, two_people
from .stage_problems import POINTS, labels


def test_points_of_users_move_with_their_answers() -> None:
    problem = two_people().replace(
        assessment=assessment([(0, "eating", "high"), (1, "home", "some")])
    )
    problem = problem.replace(users=replace(problem.users, points=frozen([30, 20])))
    flipped, _ = disturb(problem, POINTS.options(), Disturbance(severity_error=1), SCALE, 0)

    assert flipped.users.points is not None
    assert flipped.users.points[0] == 28
    assert flipped.users.points[1] in {19, 21}


def test_an_answer_is_off_by_one_step_and_at_the_ends_the_only_way_there_is() -> None:
    answers = [(0, "home", severity) for severity in ("low", "some", "high") for _ in range(40)]
    problem = two_people().replace(assessment=assessment(answers))
    disturbed, _ = disturb(problem, FROM_NEEDS, Disturbance(severity_error=1), SCALE, 0)
    assert disturbed.assessment is not None
    names = disturbed.assessment.severity.text()

    assert set(names[:40]) == {"some"}
    assert set(names[40:80]) == {"low", "high"}
    assert set(names[80:]) == {"some"}


def test_so_many_answers_are_off_as_the_option_says() -> None:
    problem = two_people().replace(assessment=assessment([(0, "eating", "low")] * 2000))
    off = [
        int((disturbed.assessment.severity.text() == "high").sum())  # type: ignore[union-attr]
        for share in (0.0, 0.1, 0.5)
        for disturbed, _ in [
            disturb(problem, FROM_NEEDS, Disturbance(severity_error=share), SCALE, 0)
        ]
    ]

    assert off[0] == 0
    assert 150 < off[1] < 250
    assert 900 < off[2] < 1100


def test_only_the_questionnaire_that_is_named_is_disturbed() -> None:
    both = assessment([(0, "eating", "low"), (1, "eating", "low")])
    both = replace(both, instrument=labels("", "other"))
    rows = (*TABLE, *(row.model_copy(update={"instrument": "other"}) for row in TABLE))
    problem = two_people().replace(assessment=both)

    def severities(instrument: str) -> list[str]:
        errors = Disturbance(severity_error=1, instrument=instrument)
        disturbed, _ = disturb(
            problem, FROM_NEEDS, errors, Scale.of(FROM_NEEDS, rows, instrument), 0
        )
        assert disturbed.assessment is not None
        return list(disturbed.assessment.severity.text())

    assert severities("") == ["high", "low"]
    assert severities("other") == ["low", "high"]


def test_points_that_the_rule_makes_from_answers_are_disturbed_too() -> None:
    problem = two_people().replace(
        assessment=assessment([(0, "eating", "high"), (1, "home", "high")]),
        users=replace(two_people().users, points=None),
    )

    disturbed, options = disturb(problem, FROM_NEEDS, Disturbance(0.2), SCALE, 0)

    assert disturbed.users.points is not None
    assert disturbed.users.points.tolist() != [3, 3]
    assert options.points_from == "users"  # type: ignore[attr-defined]
    plain, made = run(POINTS, problem, FROM_NEEDS), run(POINTS, *with_points(problem, FROM_NEEDS))
    assert isinstance(plain, Allocation)
    assert isinstance(made, Allocation)
    assert plain.award is not None
    assert made.award is not None
    assert plain.award.tolist() == made.award.tolist()


def test_everyone_of_one_assessor_is_off_alike() -> None:
    problem = many_people()
    biased, _ = disturb(problem, POINTS.options(), Disturbance(0, "assessor", 0.3), SCALE, 0)
    assert biased.users.points is not None
    assert problem.users.points is not None
    factors = biased.users.points / problem.users.points

    assert np.ptp(factors[:20]) < 0.002  # points are rounded
    assert np.ptp(factors[20:]) < 0.002
    assert abs(factors[0] - factors[39]) > 0.01


def test_bias_and_error_come_from_draws_of_their_own() -> None:
    problem = many_people()
    alone, _ = disturb(problem, POINTS.options(), Disturbance(0.1), SCALE, 0)
    both, _ = disturb(problem, POINTS.options(), Disturbance(0.1, "assessor", 0.2), SCALE, 0)
    assert alone.users.points is not None
    assert both.users.points is not None
    factors = both.users.points / alone.users.points

    assert np.ptp(factors[:20]) < 0.004


def test_menus_and_what_they_really_meet_stay_as_they_are() -> None:
    problem = many_people()
    disturbed, _ = disturb(problem, POINTS.options(), Disturbance(0.5), SCALE, 0)

    assert disturbed.menus is problem.menus
    assert disturbed.users.need is problem.users.need


def test_severities_stand_in_the_order_of_their_points_or_of_a_tariff() -> None:
    answers = assessment([(0, "home", "low"), (0, "eating", "high")])
    tariff = Scale(TABLE, [("home", "high", Decimal(1)), ("home", "low", Decimal(2))])

    for table in (TABLE, tuple(reversed(TABLE))):
        assert ladders(answers, "", Scale(table).ranked)["home"] == ["low", "some", "high"]
    assert ladders(answers, "", tariff.ranked)["home"] == ["high", "low"]


def test_whole_numbers_need_no_table_and_words_without_one_stay() -> None:
    answers = assessment(
        [
            (0, "walk", "10"),
            (0, "walk", "9"),
            (1, "walk", "2"),
            (1, "dress", "often"),
        ]
    )

    assert ladders(answers, "", ()) == {"walk": ["2", "9", "10"]}
    assert without_order(answers, "", ()) == 1
    problem = two_people().replace(assessment=answers)
    disturbed, _ = disturb(problem, POINTS.options(), Disturbance(severity_error=1), Scale(), 0)
    assert disturbed.assessment is not None
    assert disturbed.assessment.severity.text().tolist()[0] == "9"
    assert disturbed.assessment.severity.text().tolist()[3] == "often"


def test_answers_of_which_none_has_an_order_are_refused() -> None:
    problem = two_people().replace(assessment=assessment([(0, "dress", "often")]))
    with pytest.raises(OptionError, match="none has an order"):
        disturb(problem, POINTS.options(), Disturbance(severity_error=0.5), Scale(), 0)
