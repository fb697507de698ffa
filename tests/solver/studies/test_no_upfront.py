from dataclasses import replace

import numpy as np
import pytest

from metneed.models.arrays import frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.studies.no_upfront import Way, Within, without_upfront

from .stage_problems import numbers, six_people, staged


def poor(money: int = 40, **changes: object) -> Problem:
    return six_people().replace(allocable=money, **changes)


def test_plans_within_the_same_money_by_hand() -> None:
    # £90 pays for plans of £91: 15, 16, 20, 10, 29, 0; they buy 10, 10, 20, 10, 20, nothing.
    found = without_upfront(staged(six_people()))

    assert (found.money, found.plans, found.paid) == (90, 91, 90)
    assert found.first == Way(60, 300, 0.5, 0)
    assert found.plans_only == Way(70, 350, pytest.approx(3.5 / 6), 1)
    assert found.difference == pytest.approx(0.5 / 6)


def test_money_that_is_enough_pays_every_plan_in_every_way() -> None:
    stages = staged(six_people().replace(allocable=91))
    ways: tuple[Within, ...] = ("ratio", "points", "arrival", "random")

    assert {without_upfront(stages, within).plans_only.spent for within in ways} == {70}
    assert {without_upfront(stages, within).paid for within in ways} == {91}


def test_the_order_decides_whose_plans_are_paid() -> None:
    # £40 in the order of the table: 15, 16 and 9; by arrival backwards: 0, 30 and 10.
    users = replace(six_people().users, arrival=frozen([5, 4, 3, 2, 1, 0]))
    problem = poor(users=users)
    found = {
        within: without_upfront(staged(problem), within).plans_only.met_need
        for within in ("ratio", "points", "arrival")
    }

    assert found == {"ratio": 50, "points": 100, "arrival": 150}


def test_an_order_by_lot_hangs_on_the_seed_alone() -> None:
    met = {
        seed: without_upfront(staged(poor(seed=seed)), "random").plans_only.met_need
        for seed in range(12)
    }
    again = without_upfront(staged(poor(seed=3)), "random").plans_only.met_need

    assert again == met[3]
    assert len(set(met.values())) > 1


def test_what_bought_nothing_goes_to_the_next_plan_where_unspent_money_is_shared_out() -> None:
    # In order £40 is 15, 16 and 9, which buy for 10 and 10; the £20 left are the third plan.
    kept, rounds = (
        without_upfront(staged(poor(leftover=leftover)), "points").plans_only
        for leftover in ("kept", "rounds")
    )

    assert (kept.spent, rounds.spent) == (20, 40)
    assert rounds.met_need == 50 + 50 + 100


def test_nobody_is_paid_more_than_the_plan() -> None:
    found = without_upfront(staged(six_people().replace(allocable=1000, leftover="rounds")))

    assert found.paid == found.plans == 91
    assert found.plans_only.spent == 70


def test_the_margin_decides_what_the_interval_says() -> None:
    stages = staged(six_people())
    low, high = (without_upfront(stages).interval.low, without_upfront(stages).interval.high)

    assert low < -0.02 < 0.02 < high
    assert without_upfront(stages, margin=0.02).verdict == "cannot be told"
    assert without_upfront(stages, margin=1).verdict == "no larger difference"


def test_a_large_difference_is_said_to_be_one() -> None:
    # £9 each buy nothing; plans of £10 in order are paid for five of six people.
    users = replace(six_people().users, numbers={"plan_cost": numbers(*[10] * 6)})
    stages = staged(poor(54, users=users))
    found = without_upfront(stages, "points")

    assert found.difference == pytest.approx(2.5 / 6)
    assert found.verdict == "larger difference"
    assert without_upfront(stages, "ratio").difference == 0


def test_the_same_outcome_for_everyone_is_no_larger_difference() -> None:
    users = replace(six_people().users, numbers={"plan_cost": numbers(*[15] * 6)})
    found = without_upfront(staged(six_people().replace(users=users)), margin=0)

    assert (found.interval.low, found.interval.high) == (0, 0)
    assert found.verdict == "no larger difference"


def test_the_interval_holds_the_difference_and_hangs_on_the_seed() -> None:
    stages = staged(six_people(20, 20, 12, jitter=True))
    other = replace(stages, problem=stages.problem.replace(seed=5))
    first, again, changed = (without_upfront(s, resamples=300) for s in (stages, stages, other))

    assert first.interval.low < first.difference < first.interval.high
    assert first == again
    assert first.difference == changed.difference
    assert first.interval != changed.interval


def test_who_has_no_need_is_in_no_mean_share() -> None:
    need = np.array([0, 100, 100, 100, 100, 100])
    users = replace(six_people().users, need=frozen(need))
    found = without_upfront(staged(six_people().replace(users=users)))

    assert found.plans_only.mean_share == pytest.approx(3 / 5)


def test_what_cannot_be_done_is_refused() -> None:
    stages = staged(six_people())
    bare = replace(
        stages, problem=stages.problem.replace(users=replace(stages.problem.users, arrival=None))
    )
    with pytest.raises(OptionError, match="no column arrival"):
        without_upfront(bare, "arrival")
    with pytest.raises(OptionError, match="margin"):
        without_upfront(stages, margin=2)
    with pytest.raises(OptionError, match="within = luck: say one of ratio"):
        without_upfront(stages, "luck")  # type: ignore[arg-type]
    few = replace(stages.problem.users, need=frozen([100, 100, 0, 0, 0, 0]))
    with pytest.raises(OptionError, match="users with a need: 2 of the users"):
        without_upfront(replace(stages, problem=stages.problem.replace(users=few)))
