from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from metneed.models.errors import OptionError
from metneed.solver.studies.telling import anchor, told_and_not

from .stage_problems import TOLD, numbers, six_people, staged

DAYS = numbers(10, 20, 90, 30, 40, None)


def test_those_told_and_not_told_by_hand() -> None:
    # Indicative £15 each; finals 15, 16, 20 where told, 10, 30, 0 where not.
    found = told_and_not(staged(six_people()), TOLD, DAYS)

    assert found.told["mean_error"] == (-2, "money")
    assert found.not_told["mean_error"] == (2, "money")  # 5/3, to the pound
    expected = {
        "mean_error": -2 - 5 / 3,
        "mean_error_share": (1 / 16 + 1 / 4) / 3 - 1 / 2,  # a final cost of nothing has none
        "within_10_per_cent": 2 / 3,
        "within_20_per_cent": 2 / 3,
        "mean_share_of_need": 2 / 3 - 1 / 2,
        "bias": 45 / 51 - 45 / 40,
        "mean_days_to_plan": 40 - 35,
        "median_days_to_plan": 20 - 35,
    }
    assert {name: item.value for name, item in found.differences.items()} == pytest.approx(expected)
    assert found.not_told["users_days_stated"] == (2, "users")


def test_chance_is_the_range_of_all_ways_to_draw_lots() -> None:
    # Each of the twenty ways comes up once in twenty: none of them is in the ends left out.
    found = told_and_not(staged(six_people()), TOLD, resamples=4000)
    errors = np.array([0, -1, -5, 5, -15, 15])
    ways = [
        errors[list(way)].mean() - np.delete(errors, way).mean()
        for way in combinations(range(6), 3)
    ]
    chance = found.differences["mean_error"].chance

    assert chance is not None
    assert (chance.low, chance.high) == pytest.approx((min(ways), max(ways)))
    assert found.differences["mean_error"].beyond_chance is False


def test_a_difference_that_lots_never_make_is_beyond_chance() -> None:
    # Forty people: those told have no error, the others one of 10 or more.
    problem = six_people(20, told_plans=15, other_plans=30)
    told = np.arange(40) % 2 == 0
    found = told_and_not(staged(problem), told)

    assert found.differences["mean_error"].beyond_chance is True
    assert found.differences["within_10_per_cent"].beyond_chance is True


def test_the_seed_decides_the_draws_and_not_what_was_seen() -> None:
    stages = staged(six_people(7, told_plans=17, other_plans=24, jitter=True))
    told = np.arange(14) % 2 == 0
    other = replace(stages, problem=stages.problem.replace(seed=9))
    first, again, changed = (told_and_not(s, told, resamples=200) for s in (stages, stages, other))

    assert first == again
    assert first.told == changed.told
    assert first.differences["mean_error"].value == changed.differences["mean_error"].value
    assert first.differences != changed.differences


def test_resamples_are_drawn_as_often_as_is_asked() -> None:
    stages = staged(six_people(7, told_plans=17, other_plans=24, jitter=True))
    told = np.arange(14) % 2 == 0
    few, more = (told_and_not(stages, told, resamples=times) for times in (40, 400))

    assert few.differences["mean_error"].value == more.differences["mean_error"].value
    assert few.differences["mean_error"].chance != more.differences["mean_error"].chance
    with pytest.raises(OptionError, match="39 resamples"):
        told_and_not(staged(six_people()), TOLD, resamples=39)


def test_too_few_people_told_are_refused() -> None:
    few = np.array([True, True, False, False, False, False])
    with pytest.raises(OptionError, match=r"told = yes: 2 of the users.*from 3 up"):
        told_and_not(staged(six_people()), few)
    with pytest.raises(OptionError, match="told = no"):
        told_and_not(staged(six_people()), ~few)


def test_plans_of_those_told_move_towards_the_indicative_sum() -> None:
    # Half the way from 15, 16, 20 to 15: 15, 16 (15.50 goes up) and 18 (17.50 goes up).
    found = anchor(staged(six_people()), TOLD, 0.5)

    assert found.users == 1
    assert found.plans == (91, 89)
    assert found.spent == (70, 60)
    assert found.met_need == (350, 300)


def test_an_anchor_of_nothing_changes_nothing_and_one_of_all_makes_plans_the_indicative_sum() -> (
    None
):
    stages = staged(six_people())
    none, everything = anchor(stages, TOLD, 0), anchor(stages, TOLD, 1)

    assert none.users == 0
    assert none.plans == (91, 91)
    assert everything.plans == (91, 45 + 40)
    assert anchor(stages, ~np.zeros(6, dtype=bool), 1).plans == (91, 90)


@pytest.mark.parametrize("share", [-0.1, 1.1, "half", "0.1234567"])
def test_an_anchor_out_of_range_is_refused(share: float | str) -> None:
    with pytest.raises(OptionError, match="anchor"):
        anchor(staged(six_people()), TOLD, share)
