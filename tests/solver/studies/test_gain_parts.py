from dataclasses import replace

import numpy as np
import pytest

from metneed.models.errors import OptionError
from metneed.solver.studies.gain_parts import crossed, supposed
from metneed.solver.studies.stages import Stages

from .stage_problems import TOLD, numbers, six_people, staged

EVERYONE = np.ones(6, dtype=bool)
CHOICE = np.array([True, False, False, True, False, False])


def with_outcome(*outcomes: int | None) -> Stages:
    problem = six_people()
    columns = {**problem.users.numbers, "gain": numbers(*outcomes)}
    return staged(problem.replace(users=replace(problem.users, numbers=columns)))


def test_supposed_gains_by_hand() -> None:
    # Plans meet 50, 50, 100, 50, 100 and nothing of 100 each.
    found = supposed(staged(six_people()), TOLD, EVERYONE, g_known="0.02", g_choice="0.1")

    assert (found.plain, found.choice, found.known, found.both) == (350, 365, 352, 367)
    assert found.overlap == 0


def test_nobodys_need_is_met_twice() -> None:
    found = supposed(staged(six_people()), TOLD, EVERYONE, g_known="0.02", g_choice=1)

    assert (found.choice, found.both) == (500, 500)
    assert found.overlap == 2


def test_only_those_with_choice_or_told_gain() -> None:
    stages = staged(six_people())
    nobody = ~EVERYONE

    assert supposed(stages, nobody, nobody, 1, 1).both == 350
    assert supposed(stages, TOLD, nobody, 1, 1).both == 350 + 50 + 50
    assert supposed(stages, nobody, CHOICE, 1, 1).both == 350 + 50 + 50
    with pytest.raises(OptionError, match="g_choice"):
        supposed(stages, TOLD, CHOICE, 0, 11)


def test_four_groups_by_hand() -> None:
    # Both 10; told only 4 and 6; choice only 7; neither 1 and 3.
    found = crossed(with_outcome(10, 4, 6, 7, 1, 3), TOLD, CHOICE, "gain")

    assert [(cell.users, cell.mean) for cell in found.cells] == [(2, 2), (2, 5), (1, 7), (1, 10)]
    assert (found.known, found.choice, found.interaction) == (3, 5, 0)
    assert found.intervals is None  # one person is too few to say how sure


def test_telling_that_does_more_with_choice_is_an_interaction() -> None:
    found = crossed(with_outcome(14, 4, 6, 7, 1, 3), TOLD, CHOICE, "gain")

    assert (found.known, found.choice, found.interaction) == (5, 7, 4)
    assert found.known + found.choice == found.cells[3].mean - found.cells[0].mean


def test_without_an_outcome_the_share_of_need_met_by_plans_counts() -> None:
    found = crossed(staged(six_people()), TOLD, CHOICE)

    assert [cell.mean for cell in found.cells] == pytest.approx([0.5, 0.75, 0.5, 0.5])
    assert found.unit == "share"


def test_intervals_hold_effects_that_are_the_same_for_everyone() -> None:
    problem = six_people(6, 15, 15)
    told, choice = np.arange(12) % 2 == 0, np.arange(12) % 4 < 2
    columns = {**problem.users.numbers, "gain": numbers(*(2 + 3 * told + 4 * choice).tolist())}
    stages = staged(problem.replace(users=replace(problem.users, numbers=columns)))
    found = crossed(stages, told, choice, "gain", resamples=100)

    assert found.intervals is not None
    assert [(end.low, end.high) for end in found.intervals] == [(3, 3), (4, 4), (0, 0)]


def test_an_empty_group_and_missing_outcomes_are_refused() -> None:
    with pytest.raises(OptionError, match="nobody is told and without choice"):
        crossed(staged(six_people()), TOLD, TOLD)
    with pytest.raises(OptionError, match=r"column gain: not stated for 1"):
        crossed(with_outcome(1, 2, 3, 4, 5, None), TOLD, CHOICE, "gain")
    with pytest.raises(
        OptionError, match="no column of numbers 'gains'; there are: plan_cost, gain"
    ):
        crossed(with_outcome(1, 2, 3, 4, 5, 6), TOLD, CHOICE, "gains")
