from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.allocation import Infeasible
from metneed.models.arrays import frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.rule import Options
from metneed.solver.rules import rule
from metneed.solver.studies.disturbance import (
    Disturbance,
)
from metneed.solver.studies.noise import Noise, noise

from ..conftest import make_problem
from .noise_problems import FROM_NEEDS, SCALE, assessment, many_people, two_people
from .stage_problems import POINTS, labels


def found(
    problem: Problem, disturbance: Disturbance, options: Options | None = None, **more: object
) -> Noise:
    result = noise(
        problem,
        POINTS,
        options or POINTS.options(),
        disturbance,
        scale=SCALE,
        **more,  # type: ignore[arg-type]
    )
    assert isinstance(result, Noise)
    return result


def mean(result: Noise, name: str, part: tuple[str, str] = ("", "")) -> float:
    return result.figures[part][name].mean


def test_any_error_costs_one_of_two_people_the_package_they_could_just_afford() -> None:
    result = found(two_people(), Disturbance(0.1), draws=20)
    everyone = result.figures["", ""]

    assert everyone["met_need_lost"].mean == 10
    assert everyone["met_need_lost"].interval.low == everyone["met_need_lost"].interval.high == 10
    assert mean(result, "share_of_need_lost") == 0.5
    assert mean(result, "share_other_package") == 0.5
    assert mean(result, "mean_change") == mean(result, "money_moved")
    # What one person gains the other loses; the two are the groups of a column.
    assert mean(result, "money_moved_between", ("half", "")) == mean(result, "money_moved")
    assert mean(result, "money_gained", ("half", "even")) == -mean(
        result, "money_gained", ("half", "odd")
    )


def test_severities_that_all_flip_change_awards_by_hand() -> None:
    # £7,500 and £2,500 by points 3 and 1; every answer flips, so that it is the other way round.
    problem = two_people().replace(
        assessment=assessment([(0, "eating", "high"), (1, "eating", "low")])
    )
    flip = Disturbance(severity_error=1)
    result = found(problem, flip, FROM_NEEDS, draws=3)

    assert mean(result, "award", ("half", "even")) == 7500
    assert mean(result, "mean_change") == 5000
    assert mean(result, "money_gained", ("half", "even")) == -5000
    assert mean(result, "share_changed_much") == 1
    assert mean(result, "met_need_lost") == 0  # one of the two can buy, either way


def test_the_larger_the_error_the_more_awards_change() -> None:
    changes = [mean(found(many_people(), Disturbance(e)), "mean_change") for e in (0.05, 0.1, 0.3)]

    assert changes[0] < changes[1] < changes[2]


def test_who_has_no_eligible_need_has_none_when_points_are_disturbed() -> None:
    answers = assessment([(0, "eating", "high"), (1, "home", "high")])
    answers = replace(answers, eligible=frozen([True, False], np.bool_))
    problem = two_people().replace(assessment=answers)
    result = found(problem, Disturbance(0.3), FROM_NEEDS, draws=5)

    assert mean(result, "award", ("half", "odd")) == 0
    assert mean(result, "mean_change", ("half", "odd")) == 0


def test_a_bias_that_all_share_changes_nothing() -> None:
    problem = two_people()
    one = replace(problem.users, groups={"assessor": labels("x", "x")})
    result = found(problem.replace(users=one), Disturbance(0, "assessor", 0.3), draws=10)

    assert mean(result, "mean_change") == 0
    assert mean(result, "met_need_lost") == 0


def test_the_share_that_counts_as_much_decides_how_many_are_off_by_much() -> None:
    shares = [
        mean(found(many_people(), Disturbance(0.1), much=much), "share_changed_much")
        for much in ("0", "0.1", "0.5")
    ]

    assert shares[0] > shares[1] > shares[2]


def test_seed_and_draws_decide_and_nothing_else() -> None:
    problem = many_people()
    first, again = (found(problem, Disturbance(0.1), draws=5) for _ in range(2))
    other = found(problem.replace(seed=4), Disturbance(0.1), draws=5)
    more = found(problem, Disturbance(0.1), draws=6)

    assert first == again
    assert first.figures != other.figures
    assert (first.draws, more.draws) == (5, 6)
    assert first.figures != more.figures


def test_a_rule_that_does_not_look_at_points_is_not_touched() -> None:
    equal = rule("equal_money")
    result = noise(many_people(), equal, equal.options(), Disturbance(0.5), draws=4)

    assert isinstance(result, Noise)
    assert mean(result, "mean_change") == mean(result, "share_other_package") == 0


def test_of_a_rule_that_chooses_packages_the_costs_are_compared() -> None:
    queue = rule("greatest_need")
    result = noise(many_people(), queue, queue.options(), Disturbance(0.2), draws=10)

    assert isinstance(result, Noise)
    assert mean(result, "award") == 100 * 40
    assert mean(result, "mean_change") > 0


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(1, 10**6), min_size=2, max_size=12),
    st.integers(0, 10**6),
    st.floats(0, 1),
)
def test_no_money_comes_in_or_goes_out_with_the_error(
    points: list[int], money: int, error: float
) -> None:
    n = len(points)
    problem = make_problem([*range(n + 1)], [max(1, money // n)] * n, [5] * n, money, points)
    result = noise(problem, POINTS, POINTS.options(), Disturbance(error), draws=2)

    assert isinstance(result, Noise)
    assert mean(result, "money_gained") == 0
    for column in problem.users.groups:
        parts = [part for part in result.figures if part[0] == column and part[1]]
        assert sum(mean(result, "money_gained", part) for part in parts) == 0
        between = mean(result, "money_moved_between", (column, ""))
        assert between <= mean(result, "money_moved") + 1e-9


def test_no_error_changes_nothing() -> None:
    problem = many_people()
    result = found(problem, Disturbance(), draws=2)

    assert all(
        spread.mean == 0
        for figures in result.figures.values()
        for name, spread in figures.items()
        if name not in {"users", "award"}
    )


def test_draws_in_which_nobody_has_points_are_counted_apart() -> None:
    problem = make_problem([0, 1], [5], [5], 10, [1])
    result = found(problem, Disturbance(1.0), draws=60)

    assert result.failed > 0
    assert result.draws + result.failed == 60


def test_a_rule_that_gives_no_allocation_is_the_answer() -> None:
    queue = rule("greatest_need")
    poor = many_people().replace(choice="exactly_one", allocable=10)

    assert isinstance(noise(poor, queue, queue.options(), Disturbance(0.1)), Infeasible)


@pytest.mark.parametrize(
    ("disturbance", "told"),
    [
        (Disturbance(1.2), r"error = 1.2 is 120%"),
        (Disturbance(-0.1), "error"),
        (Disturbance(0, "assessor", 1.01), "bias"),
        (Disturbance(severity_error=2), "severity_error"),
        (Disturbance(bias=0.1), "name the column"),
        (Disturbance(0.1, "doctor"), "no column of text 'doctor'; there are: half, assessor"),
        (Disturbance(severity_error=0.1), "add the table needs"),
    ],
)
def test_errors_that_cannot_be_are_refused(disturbance: Disturbance, told: str) -> None:
    with pytest.raises(OptionError, match=told):
        noise(many_people(), POINTS, POINTS.options(), disturbance, scale=SCALE)


def test_too_few_draws_and_points_of_nobody_are_refused() -> None:
    with pytest.raises(OptionError, match="1 draws: say 2"):
        found(many_people(), Disturbance(0.1), draws=1)
    equal = rule("equal_money")
    without = many_people().replace(users=replace(many_people().users, points=None))
    with pytest.raises(OptionError, match="no points to disturb"):
        noise(without, equal, equal.options(), Disturbance(0.1))


def test_an_answer_that_the_table_of_points_does_not_know_is_refused() -> None:
    problem = two_people().replace(assessment=assessment([(0, "eating", "some")]))
    with pytest.raises(OptionError, match="no row for outcome 'eating', severity 'some'"):
        found(problem, Disturbance(severity_error=0.5))


def test_the_seed_of_the_draws_leaves_the_rules_own_lots_alone() -> None:
    lottery = rule("lottery")
    results = [
        noise(many_people(), lottery, lottery.options(), Disturbance(0.3, seed=seed), draws=3)
        for seed in (1, 2)
    ]
    awards = []
    for result in results:
        assert isinstance(result, Noise)
        awards.append(
            [figures["award"] for part, figures in result.figures.items() if any(part) and part[1]]
        )

    assert awards[0] == awards[1]


def test_the_interval_leaves_out_one_draw_in_twenty_at_each_end() -> None:
    problem = many_people()
    changes = [
        mean(found(problem, Disturbance(0.1, seed=seed), draws=2), "mean_change") for seed in (1, 2)
    ]
    two = found(problem, Disturbance(0.1, seed=1), draws=2).figures["", ""]["mean_change"]
    forty = found(problem, Disturbance(0.1, seed=1), draws=40).figures["", ""]["mean_change"]

    assert changes[0] != changes[1]
    assert (two.interval.low + two.interval.high) / 2 == pytest.approx(two.mean)
    assert forty.interval.low < forty.mean < forty.interval.high
