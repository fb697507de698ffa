"""Capacities of services."""

from decimal import Decimal

import pytest

from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.services import NO_LIMIT
from metneed.solver.bound import Bound, bind_constraints, effects

from .brute import best, d3, services

USES = [
    (1, "home care", 2),
    (2, "home care", 4),
    (4, "home care", 2),
    (5, "home care", 3),
    (7, "day centre", 1),
]


def council(home_care: int, day_centre: int = 1, budget: int = 21) -> Problem:
    """Everyone's best would take 7 hours of home care and the one place of the day centre."""
    capacity = {"home care": home_care, "day centre": day_centre, "transport": NO_LIMIT}
    return d3(budget, **services(capacity, USES))


def capacity(**options: object) -> tuple[Bound, ...]:
    return bind_constraints({"hours": {"kind": "capacity", **options}})


def answer(given: Problem, **options: object) -> tuple[int, ...] | None:
    return best(given, effects(given, capacity(**options)))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(7, (10, 10, 9)), (6, (8, 10, 9)), (4, (10, 6, 9)), (2, (8, 6, 9)), (0, (5, 6, 9))],
)
def test_fewer_hours_leave_packages_that_need_fewer(hours: int, expected: tuple[int, ...]) -> None:
    assert answer(council(hours)) == expected


def test_several_services_are_limited_at_once() -> None:
    assert answer(council(2, day_centre=0)) == (8, 6, 4)


def test_only_the_named_services_are_limited() -> None:
    given = council(0, day_centre=0)

    assert answer(given, services=["day centre"]) == (10, 10, 4)
    assert answer(given, services=["home care"]) == (5, 6, 9)


def test_only_a_share_of_the_capacity_may_be_planned_rounded_down() -> None:
    # 6 of 7 hours, and of the one place none.
    assert answer(council(7), share=Decimal("0.9")) == (8, 10, 4)


def test_rows_are_named_after_the_constraint_and_its_service() -> None:
    effect = effects(council(5), capacity())

    assert [(row.name, row.limit) for row in effect.rows] == [
        ("hours: day centre", 1),
        ("hours: home care", 5),
    ]
    assert effect.rows[1].base.tolist() == [0, 2, 4, 0, 2, 3, 0, 0]
    assert effect.readings["hours: home care"].users == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"share": 2}, "share: input should be less than or equal to 1 (given 2)"),
        ({"services": "home care"}, "services: input should be a valid tuple"),
        ({"hours": 3}, "hours: extra inputs are not permitted"),
    ],
)
def test_a_bad_option_is_refused_with_its_place(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError) as refused:
        capacity(**options)

    assert str(refused.value).startswith("scenario.toml, [constraints.hours]: ")
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        (d3(), {}, "the kind capacity needs the table services, and the instance has none"),
        (council(1), {"services": ["home"]}, "there is no service called 'home'; did you mean"),
        (council(1), {"services": ["transport"]}, "the service 'transport' has no capacity"),
        (
            d3(**services({"home care": NO_LIMIT}, USES[:1])),
            {},
            "no service has a capacity; fill in the column capacity",
        ),
    ],
)
def test_what_the_tables_do_not_have_is_refused(
    given: Problem, options: dict[str, object], message: str
) -> None:
    with pytest.raises(OptionError, match=r"^scenario.toml, \[constraints.hours\]") as refused:
        effects(given, capacity(**options))

    assert message in str(refused.value)
