"""Packages of two people that exclude or require each other."""

import pytest

from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.bound import Bound, bind_constraints, effects

from .brute import best, choices, d3, labels

IDS = labels(["few", "some", "full", "few", "some", "full", "some", "full"])


def together(**options: object) -> tuple[Bound, ...]:
    return bind_constraints({"couple": {"kind": "together", **options}})


def answer(given: Problem, **options: object) -> tuple[int, ...] | None:
    return best(given, effects(given, together(**options)))


def test_not_both_of_two_incompatible_packages_are_chosen() -> None:
    given = d3(21, package_ids=IDS)

    assert answer(given, incompatible=[["u1", "full", "u2", "full"]]) == (8, 10, 9)
    assert answer(
        given, incompatible=[["u1", "full", "u2", "full"], ["u1", "some", "u2", "full"]]
    ) == (10, 7, 9)


def test_a_package_is_chosen_only_with_the_one_it_requires() -> None:
    given = d3(12, package_ids=IDS)

    # Without the limit 5 + 10 + 4 are met.
    assert answer(given, required=[["u2", "full", "u3", "full"]]) == (8, 6, 4)
    assert answer(given, required=[["u2", "full", "u3", "some"]]) == (5, 10, 4)
    assert answer(given, required=[["u3", "some", "u2", "full"]]) == (5, 10, 4)
    assert answer(given, required=[["u3", "some", "u1", "full"]]) == (8, 10, 0)


def test_the_choices_left_are_exactly_those_that_keep_every_pair() -> None:
    given = d3(package_ids=IDS)
    effect = effects(
        given,
        together(
            incompatible=[["u1", "full", "u2", "full"]], required=[["u3", "some", "u2", "some"]]
        ),
    )

    left = {tuple(picks.tolist()) for picks in choices(given, effect)}

    assert left == {
        tuple(picks.tolist())
        for picks in choices(given)
        if not (picks[0] == 2 and picks[1] == 5) and (picks[2] != 6 or picks[1] == 4)
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "give at least one pair in incompatible, required or bonus"),
        ({"required": [["u1", "full", "u1", "few"]]}, "names one user twice"),
        ({"required": [["u1", "full", "u2"]]}, "required.0.3: field required"),
        ({"bonus": [["u1", "full", "u1", "few", "1"]]}, "names one user twice"),
        ({"bonus": [["u1", "full", "u2", "few", "much"]]}, "bonus.0.4: "),
        ({"bonus": [["u1", "full", "u2", "few"]]}, "bonus.0.4: field required"),
    ],
)
def test_a_bad_option_is_refused_with_its_place(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError) as refused:
        together(**options)

    assert str(refused.value).startswith("scenario.toml, [constraints.couple]: ")
    assert message in str(refused.value)


def test_what_packages_add_to_each_other_counts_beside_what_they_meet() -> None:
    given = d3(12, package_ids=IDS)

    # Without it 5 + 10 + 4 are met; 8 + 6 + 4 are one less.
    assert answer(given, bonus=[["u1", "some", "u3", "some", "1"]]) == (8, 6, 4)
    assert answer(given, bonus=[["u1", "some", "u3", "some", "2"]]) == (8, 6, 4)
    assert answer(given, bonus=[["u1", "few", "u2", "full", "-2"]]) == (8, 10, 0)


def test_a_bonus_with_more_decimals_than_needs_have_is_refused() -> None:
    with pytest.raises(OptionError, match=r"bonus: 0.5 has more than 0 decimals.*write fewer"):
        effects(d3(package_ids=IDS), together(bonus=[["u1", "full", "u2", "few", "0.5"]]))


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (["u1", "full", "u9", "full"], "required: there is no user called 'u9'"),
        (["u1", "most", "u2", "full"], "user 'u1' has no package 'most'; the menu has 'few', 'so"),
    ],
)
def test_unknown_users_and_packages_are_refused_with_the_known_ones(
    pair: list[str], message: str
) -> None:
    with pytest.raises(OptionError, match=r"^scenario.toml, \[constraints.couple\]") as refused:
        effects(d3(package_ids=IDS), together(required=[pair]))

    assert message in str(refused.value)
