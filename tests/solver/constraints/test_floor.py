"""Floors: a duty, a penalty, first of all, or only counted."""

from decimal import Decimal

import pytest

from metneed.models.allocation import Allocation
from metneed.models.arrays import frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.bound import Bound, bind_constraints, effects
from metneed.solver.breaches import breaches

from .brute import best, d3, l3, linear, problem


def floor(**options: object) -> tuple[Bound, ...]:
    return bind_constraints({"basic": {"kind": "floor", **options}})


def answer(given: Problem, **options: object) -> tuple[int, ...] | None:
    return best(given, effects(given, floor(**options)))


def test_without_a_floor_the_most_met_need_leaves_the_third_user_least() -> None:
    assert answer(d3(basic_need=[6, 6, 6]), mode="free") == (5, 10, 4)


def test_a_statutory_floor_removes_packages_below_it_and_nothing() -> None:
    effect = effects(d3(), floor(base="need", share=Decimal("0.5")))

    assert effect.removed is not None
    assert effect.due is not None
    # Floors 5, 5 and 4.5, which is rounded up to 5.
    assert effect.removed.tolist() == [False, False, False, False, False, False, True, False]
    assert effect.due.tolist() == [True, True, True]


def test_a_statutory_floor_is_met_whatever_it_costs_in_met_need() -> None:
    # Floors 5, 5, 5: only (8, 9) is left to the third, and 4 remain for two users who need 5.
    assert answer(d3(13), base="need", share=Decimal("0.5")) == (5, 6, 9)
    assert answer(d3(12), base="need", share=Decimal("0.5")) is None


def test_a_greater_share_raises_the_floor() -> None:
    given = d3(21, basic_need=[10, 10, 9])

    assert answer(d3(14, basic_need=[10, 10, 9]), share=Decimal("0.4")) == (8, 10, 4)
    assert answer(given, share=1) == (10, 10, 9)


def test_a_floor_below_the_first_package_only_asks_for_some_package() -> None:
    assert answer(d3(10, basic_need=[1, 1, 1])) == (5, 6, 4)
    assert answer(d3(10, basic_need=[0, 0, 0])) == (8, 10, 0)


def test_users_whose_whole_menu_lies_below_the_floor_are_blocked() -> None:
    given = d3(basic_need=[11, 6, 9])
    effect = effects(given, floor())

    assert effect.blocked is not None
    assert effect.blocked.tolist() == [True, False, False]


def test_exceptions_and_groups_narrow_whom_the_floor_is_for() -> None:
    given = d3(10, basic_need=[1, 1, 1], groups={"area": ["north", "north", "south"]})

    assert answer(given, exceptions=["u3"]) == (8, 10, 0)
    assert answer(given, group="area", values=["south"]) == (5, 6, 4)
    assert answer(given, group="area", values=["north"]) == (8, 10, 0)
    assert answer(given, group="area", values=["north", "south"]) == (5, 6, 4)


def test_met_basic_need_counts_where_it_is_known_apart() -> None:
    given = problem([[(1, 9), (2, 9)]], 9, basic_need=[5], basic=[4, 5])
    effect = effects(given, floor())

    assert effect.removed is not None
    assert effect.removed.tolist() == [True, False]


def test_stress_adds_the_penalty_for_each_unit_of_the_floor_that_is_met() -> None:
    effect = effects(d3(basic_need=[6, 6, 6]), floor(mode="stress", penalty=Decimal("2.5")))

    # 2.5 x min(met need, 6), on a scale of halves.
    assert effect.scale == 2
    assert effect.added is not None
    assert effect.added.tolist() == [25, 30, 30, 30, 30, 30, 20, 30]
    assert effect.removed is None


@pytest.mark.parametrize(
    ("penalty", "expected"),
    # At the budget of 12: (5, 10, 4) has 19 and is 3 short of floors of 6; (8, 6, 4) has 18 and is
    # 2 short: one more unit short is worth one unit of need exactly at a penalty of 1.
    [("0", (5, 10, 4)), ("0.9", (5, 10, 4)), ("1.1", (8, 6, 4)), ("1000", (8, 6, 4))],
)
def test_a_greater_penalty_brings_more_people_to_the_floor(
    penalty: str, expected: tuple[int, ...]
) -> None:
    given = d3(basic_need=[6, 6, 6])

    assert answer(given, mode="stress", penalty=Decimal(penalty)) == expected


def test_basic_first_takes_the_most_of_all_floors_and_then_the_most_met_need() -> None:
    given = d3(10, basic_need=[6, 6, 6])
    without = answer(given, mode="free")
    first = answer(given, mode="stress", basic_first=True)

    assert without == (8, 10, 0)
    # 5 + 6 + 4 of the floors, against 6 + 6 without the third user.
    assert first == (5, 6, 4)


def test_free_removes_nothing_and_counts_who_is_below() -> None:
    given = d3(basic_need=[6, 6, 6])
    bound = floor(mode="free")
    effect = effects(given, bound)
    allocation = Allocation.of_picks(given, frozen([0, 5, 6]))

    assert (effect.removed, effect.due, effect.added, effect.first) == (None,) * 4
    found = breaches(given, bound, allocation, "some rule")
    assert [(b.rule, b.limit, b.users, b.need, b.money) for b in found] == [
        ("some rule", "basic", 2, 3, 0)
    ]


def test_with_part_packages_the_floor_is_for_the_mix_of_a_person() -> None:
    given = l3(basic_need=[0, 0, 3000])
    effect = effects(given, floor())

    # The third user has 3 of 12 for 3 of the money; 9 are left: 4 for 12, and 5 of 6 for 10.
    assert effect.removed is None
    assert linear(given, given.menus, each=effect.each) == pytest.approx(25000)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "hard"}, "mode: input should be 'statutory', 'stress' or 'free' (given 'hard')"),
        ({"base": "points"}, "base: input should be 'basic_need' or 'need'"),
        ({"share": Decimal("1.5")}, "share: input should be less than or equal to 1 (given 1.5)"),
        ({"share": 0.5}, "write the amount as text or a TOML number, not as a binary float"),
        ({"share": "half"}, "'half' is not a plain decimal number"),
        ({"penalty": 2}, "penalty is for mode = \"stress\", not for 'statutory'"),
        ({"mode": "stress", "penalty": 1001}, "less than or equal to 1000 (given 1001)"),
        ({"mode": "stress", "penalty": 2, "basic_first": True}, "penalty does nothing where"),
        ({"mode": "free", "basic_first": True}, 'basic_first is for mode = "stress"'),
        ({"group": "area"}, "group and values go together"),
        ({"mode": "stress", "basic_first": "yes"}, "basic_first: input should be a valid boolean"),
        ({"floor": 3}, "floor: extra inputs are not permitted"),
    ],
)
def test_a_bad_option_is_refused_with_its_place_and_the_options(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(OptionError) as refused:
        floor(**options)

    assert str(refused.value).startswith("scenario.toml, [constraints.basic]: ")
    assert message in str(refused.value)
    assert "the options of floor: group, values, exceptions, mode" in str(refused.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, 'this limit needs the column basic_need in users (or base = "need")'),
        ({"base": "need", "exceptions": ["u7"]}, "exceptions: there is no user called 'u7'"),
        ({"base": "need", "group": "aera", "values": ["x"]}, "did you mean area?"),
        ({"base": "need", "group": "area", "values": ["nrth"]}, "did you mean north?"),
        ({"base": "need", "mode": "stress", "penalty": Decimal("1.0000000000000001")}, "penalty"),
    ],
)
def test_what_the_tables_do_not_have_is_refused_with_what_they_have(
    options: dict[str, object], message: str
) -> None:
    given = d3(groups={"area": ["north", "north", "south"]})
    with pytest.raises(OptionError, match=r"^scenario.toml, \[constraints.basic\]") as refused:
        effects(given, floor(**options))

    assert message in str(refused.value)
