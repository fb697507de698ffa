"""Ring fences: at least, and at most, so much money for some packages."""

from decimal import Decimal

import pytest

from metneed.models.arrays import frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.bound import Bound, bind_constraints, effects

from .brute import best, d3, l3, labels, linear, services

AREAS = {"groups": {"area": ["north", "north", "south"]}}
SOUTH = {"group": "area", "values": ["south"]}


def spend(**options: object) -> tuple[Bound, ...]:
    return bind_constraints({"fence": {"kind": "spend", **options}})


def answer(given: Problem, **options: object) -> tuple[int, ...] | None:
    return best(given, effects(given, spend(**options)))


@pytest.mark.parametrize(
    ("least", "expected"), [(0, (8, 10, 0)), (4, (5, 6, 4)), (5, (5, 0, 9)), (9, None)]
)
def test_at_least_so_much_money_goes_to_a_group(
    least: int, expected: tuple[int, ...] | None
) -> None:
    assert answer(d3(10, **AREAS), **SOUTH, at_least=least) == expected


@pytest.mark.parametrize(
    ("most", "expected"), [(8, (10, 10, 9)), (7, (10, 10, 4)), (3, (10, 10, 0))]
)
def test_at_most_so_much_money_goes_to_a_group(most: int, expected: tuple[int, ...]) -> None:
    assert answer(d3(21, **AREAS), **SOUTH, at_most=most) == expected


def test_shares_are_of_the_allocable_money_the_least_rounded_up_the_most_down() -> None:
    least, most = effects(
        d3(10, **AREAS),
        spend(**SOUTH, at_least_share=Decimal("0.31"), at_most_share=Decimal("0.69")),
    ).rows

    assert (least.name, least.limit) == ("fence: at least", -4)
    assert (most.name, most.limit) == ("fence: at most", 6)
    assert least.base.tolist() == [0, 0, 0, 0, 0, 0, -4, -8]
    assert most.base.tolist() == [0, 0, 0, 0, 0, 0, 4, 8]


def test_packages_that_use_a_service_count_with_their_whole_cost() -> None:
    given = d3(21, **services({"bus": 9, "day": 9}, [(1, "bus", 1), (5, "day", 1), (7, "bus", 1)]))

    assert answer(given, services=["bus"], at_most=7) == (10, 10, 4)
    assert answer(given, services=["bus"], at_least=12) == (8, 10, 9)
    assert answer(given, services=["bus", "day"], at_most=0) == (10, 7, 4)


def test_packages_of_a_form_count() -> None:
    forms = labels(["home", "home", "direct", "home", "direct", "home", "home", "direct"])
    given = d3(21, forms=forms)

    assert answer(given, forms=["direct"], at_most=7) == (10, 10, 4)
    assert answer(given, forms=["direct"], at_least=16) == (10, 7, 9)


def test_what_another_payer_adds_counts() -> None:
    given = d3(21, paid={"nhs": frozen([0, 0, 6, 0, 0, 0, 0, 5])})

    # 6 for user 1 and 5 for user 3: one of them, or neither.
    assert answer(given, payer="nhs", at_most=10) == (8, 10, 9)
    assert answer(given, payer="paid_nhs", at_most=4) == (8, 10, 4)
    assert answer(given, payer="nhs", at_least=11) == (10, 10, 9)


def test_a_fence_around_part_packages_is_a_row_of_the_programme() -> None:
    given = l3(**AREAS)
    rows = effects(given, spend(**SOUTH, at_least_share=Decimal("0.5"))).rows

    # 6 for user 3, and of the other 6 user 1 takes 4.
    assert linear(given, given.menus, rows) == pytest.approx((6 + 12 + 4) * 1000)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"at_least": 5}, "give one of group (with values), services, forms and payer"),
        ({**SOUTH, "payer": "nhs", "at_least": 5}, "give one of group (with values), services"),
        ({"group": "area", "at_least": 5}, "group and values go together"),
        ({"payer": "nhs", "values": ["x"], "at_least": 5}, "group and values go together"),
        (SOUTH, "give at least one of at_least, at_least_share, at_most and at_most_share"),
        ({**SOUTH, "at_least": 5, "at_least_share": 1}, "give either at_least or at_least_share"),
        ({**SOUTH, "at_most": 5, "at_most_share": 1}, "give either at_most or at_most_share"),
        ({**SOUTH, "at_most_share": 2}, "at_most_share: input should be less than or equal to 1"),
        ({**SOUTH, "at_most": "many"}, "'many' is not a plain decimal number"),
    ],
)
def test_a_bad_option_is_refused_with_its_place(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError) as refused:
        spend(**options)

    assert str(refused.value).startswith("scenario.toml, [constraints.fence]: ")
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"group": "aera", "values": ["x"]}, "did you mean area?"),
        ({"group": "area", "values": ["suoth"]}, "did you mean south, north?"),
        ({"services": ["bus"]}, "this limit needs the table services"),
        ({"forms": ["direct"]}, "this limit needs the column form in packages"),
        ({"payer": "nhs"}, "this limit needs columns paid_... in packages"),
    ],
)
def test_what_the_tables_do_not_have_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=r"^scenario.toml, \[constraints.fence\]") as refused:
        effects(d3(**AREAS), spend(**options, at_most=1))

    assert message in str(refused.value)


def test_unknown_services_forms_and_payers_are_refused_with_the_known_ones() -> None:
    given = d3(
        forms=labels(["home"] * 8),
        paid={"nhs": frozen([0] * 8)},
        **services({"bus": 9}, [(1, "bus", 1)]),
    )

    for option in ({"services": ["buss"]}, {"forms": ["hom"]}, {"payer": "nh"}):
        with pytest.raises(OptionError, match=r"there is no .*did you mean (bus|home|nhs)"):
            effects(given, spend(**option, at_most=1))


def test_an_amount_with_too_many_decimals_is_refused_with_its_place() -> None:
    with pytest.raises(OptionError, match=r"fence\] at_most: 1.5 has more than 0 decimals"):
        effects(d3(**AREAS), spend(**SOUTH, at_most=Decimal("1.5")))
