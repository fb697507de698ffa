"""Shares of need in groups: against the whole, and against each other."""

from decimal import Decimal
from fractions import Fraction

import pytest

from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.bound import Bound, bind_constraints, effects

from .brute import best, choices, d3, l3, linear, met, problem

THREE = {"groups": {"area": ["A", "A", "B"]}}


def limit(kind: str, **options: object) -> tuple[Bound, ...]:
    return bind_constraints({"fair": {"kind": kind, "group": "area", **options}})


def total(given: Problem, kind: str, **options: object) -> float | None:
    return linear(given, given.menus, effects(given, limit(kind, **options)).rows)


@pytest.mark.parametrize(
    ("at_least", "expected"), [("0", 26), ("0.5", 24), ("0.8", 20 + 40 / 19), ("1", 21)]
)
def test_fair_shares_of_the_whole_cost_as_much_as_worked_out_by_hand(
    at_least: str, expected: float
) -> None:
    # User 1 has 12 for 4, and b of the other 8 go to user 3, so that 28 - b are met in all:
    # b / 12 >= f (28 - b) / 36, that is b = 28 f / (3 + f), but no less than 2.
    found = total(l3(**THREE), "group_share", at_least=Decimal(at_least))

    assert found == pytest.approx(expected * 1000, abs=1e-3)


@pytest.mark.parametrize(
    ("at_least", "expected"), [("0", 26), ("0.5", 70 / 3), ("0.8", 196 / 9), ("1", 21)]
)
def test_fair_shares_of_each_other_cost_as_much_as_published(
    at_least: str, expected: float
) -> None:
    # b / 12 >= f (28 - 2 b) / 24, that is b = 14 f / (1 + f), but no less than 2.
    found = total(l3(**THREE), "group_share", at_least=Decimal(at_least), of="each_other")

    assert found == pytest.approx(expected * 1000, abs=1e-3)


def test_a_row_of_fair_shares_has_one_small_number_a_group() -> None:
    effect = effects(l3(**THREE), limit("group_share", at_least=Decimal("0.8")))

    # 0.8 V / 36 - V_A / 24 <= 0 times 360 is 8 V - 15 V_A, and for B it is 8 V - 30 V_B.
    assert [(row.name, row.weights, row.limit) for row in effect.rows] == [
        ("fair: A", (-7, 8), 0),
        ("fair: B", (4, -11), 0),
    ]


def test_a_row_of_each_other_compares_two_groups() -> None:
    effect = effects(l3(**THREE), limit("group_share", of="each_other"))

    # V_A / 24 >= 0.8 V_B / 12 times 120 is 8 V_B - 5 V_A <= 0, and the other way round.
    assert [(row.name, row.weights, row.limit) for row in effect.rows] == [
        ("fair: A to B", (-5, 8), 0),
        ("fair: B to A", (2, -5), 0),
    ]


def test_only_the_named_groups_are_protected() -> None:
    given = l3(**THREE)
    a_only = total(given, "group_share", at_least=1, values=["A"])
    b_only = total(given, "group_share", at_least=1, values=["B"])

    assert a_only == pytest.approx(26000)
    assert b_only == pytest.approx(21000)


def test_whole_packages_keep_fair_shares_exactly() -> None:
    given = d3(12, **THREE)
    rows = effects(given, limit("group_share", at_least=Decimal("0.9")))
    needs = given.users.need.tolist()
    fair = [
        picks.tolist()
        for picks in choices(given)
        if all(
            Fraction(sum(met(given, picks)[u] for u in own), sum(needs[u] for u in own))
            >= Fraction(9, 10) * Fraction(sum(met(given, picks)), sum(needs))
            for own in ([0, 1], [2])
        )
    ]

    assert [picks.tolist() for picks in choices(given, rows)] == fair
    # With 4 of 9 for user 3 no more than 14 of 29 may be met: the first user pays for it.
    assert best(given, rows) == (0, 10, 4)


@pytest.mark.parametrize(
    ("at_most", "expected"), [("0", 21), ("0.1", 21.6), ("0.5", 24), ("1", 26)]
)
def test_a_narrow_gap_costs_as_much_met_need_as_worked_out_by_hand(
    at_most: str, expected: float
) -> None:
    # User 1 has 12 for 4, and b of the other 8 go to user 2: (12 + 2 b) / 24 - (8 - b) / 12 <= e,
    # that is b <= 1 + 6 e, but no more than 6; 20 + b are met.
    found = total(l3(**THREE), "group_gap", at_most=Decimal(at_most))

    assert found == pytest.approx(expected * 1000, abs=1e-3)


def test_a_gap_is_two_rows_a_pair_in_whole_numbers() -> None:
    effect = effects(l3(**THREE), limit("group_gap", at_most=Decimal("0.1")))

    # V_A / 24 - V_B / 12 <= 0.1 in thousandths, times 24: V_A - 2 V_B <= 2400.
    assert [(row.name, row.weights, row.limit) for row in effect.rows] == [
        ("fair: A over B", (1, -2), 2400),
        ("fair: B over A", (-1, 2), 2400),
    ]


def test_only_the_named_groups_are_compared() -> None:
    given = d3(groups={"area": ["A", "B", "C"]})

    assert len(effects(given, limit("group_gap")).rows) == 6
    assert len(effects(given, limit("group_gap", values=["A", "C"])).rows) == 2


def test_groups_without_a_need_are_left_out() -> None:
    given = problem([[(1, 4)], [(1, 0)], [(1, 4)]], 3, groups={"area": ["A", "B", "C"]})

    shares = effects(given, limit("group_share"))

    assert [row.name for row in shares.rows] == ["fair: A", "fair: C"]


@pytest.mark.parametrize("kind", ["group_share", "group_gap"])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"values": "A"}, "values: input should be a valid tuple"),
        ({"at_least": 2, "at_most": 2}, "input should be less than or equal to 1 (given 2)"),
        ({"group": None}, "group: input should be a valid string"),
    ],
)
def test_a_bad_option_is_refused(kind: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=r"^scenario.toml, \[constraints.fair\]: ") as refused:
        limit(kind, **options)

    assert message in str(refused.value)


def test_the_column_must_be_named() -> None:
    with pytest.raises(OptionError, match=r"group: field required; the options of group_gap"):
        bind_constraints({"fair": {"kind": "group_gap"}})


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("group_share", {"group": "aera"}, "there is no column of groups of users called 'aera'"),
        ("group_gap", {"values": ["A", "Bee"]}, "there is no value of that column called 'Bee'"),
        (
            "group_gap",
            {"values": ["A"]},
            "it takes two groups with a need to compare, and there is 1",
        ),
    ],
)
def test_unknown_columns_and_values_are_refused_with_the_known_ones(
    kind: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(OptionError, match=r"^scenario.toml, \[constraints.fair\]") as refused:
        effects(d3(**THREE), limit(kind, **options))

    assert message in str(refused.value)


def test_a_gap_between_very_many_groups_is_refused_with_another_way() -> None:
    given = problem([[(1, 1)]] * 11, 5, groups={"area": [f"a{row}" for row in range(11)]})

    for bound in (limit("group_gap"), limit("group_share", of="each_other")):
        with pytest.raises(OptionError, match=r"has 11 groups.*at most 10 in values.*group_share"):
            effects(given, bound)
    assert len(effects(given, limit("group_share")).rows) == 11
