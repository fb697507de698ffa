from fractions import Fraction

import numpy as np
import pytest

from metneed.models.allocation import WHOLE
from metneed.models.menus import Menus
from metneed.solver.engines.kinds import kinds_of
from metneed.solver.engines.lagrangian import RowsOptimum, rows_optimum
from metneed.solver.engines.part_packages import total_of_parts, value_of_parts
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import bound_at, bound_from

from .limited_cases import highs_value, limited_case, limited_cases


def solved(menus: Menus, rows: list[Row], due: np.ndarray | None = None) -> RowsOptimum:
    found = rows_optimum(menus, due, rows)
    assert isinstance(found, RowsOptimum)
    return found


def met_by_user(menus: Menus, found: RowsOptimum) -> list[float]:
    met = np.zeros(menus.n_users)
    np.add.at(met, found.parts.user, menus.value[found.parts.package] * found.parts.share / WHOLE)
    return met.round(3).tolist()


def test_with_the_budget_alone_it_is_the_answer_worked_out_by_hand(d3: Menus) -> None:
    found = solved(d3, [Row("budget", d3.cost, 12)])

    assert found.bound.exactly == Fraction(81, 4)
    assert Fraction(found.bound.multipliers[0], found.bound.denominator) == Fraction(9, 8)
    assert met_by_user(d3, found) == [8, 10, 2.25]
    assert found.excess == (0,)


@pytest.mark.parametrize(
    ("tenths", "total", "met"),
    [
        (0, 26, [12, 12, 2]),
        (5, 23.333, None),
        (8, 21.778, [12, 3.556, 6.222]),
        (10, 21, [12, 2, 7]),
    ],
)
def test_a_fair_share_for_the_third_user_costs_what_is_published(
    tenths: int, total: float, met: list[float] | None
) -> None:
    # Met need counted in thousandths of the published one, costs as well.
    menus = Menus.of([0, 1, 2, 3], [4000, 6000, 12000], [12000, 12000, 12000])
    # So many tenths of the others' mean met need are at most the third user's, in whole numbers.
    row = Row("group", menus.value, 0, np.array([0, 0, 1]), (tenths, -20))

    found = solved(menus, [Row("budget", menus.cost, 12_000), row])

    assert float(found.bound.exactly) / 1000 == pytest.approx(total, abs=5e-4)
    assert found.excess == (0, 0)
    if met is not None:
        assert np.array(met_by_user(menus, found)) / 1000 == pytest.approx(met, abs=1e-2)


def test_the_value_is_that_of_the_programme_in_words_on_hundreds_of_small_problems() -> None:
    infeasible = 0
    for case in limited_cases(0, 250):
        found = rows_optimum(case.menus, case.due, case.rows)
        value = highs_value(case, divisible=True)
        if isinstance(found, RowsInfeasible):
            infeasible += 1
            assert value is None
            assert found.certificate is not None
            assert found.certificate.total < 0
            continue
        assert value is not None
        assert float(found.bound.exactly) == pytest.approx(value, rel=1e-5, abs=1e-5)
        assert found.stopped == "finished"

    assert 20 < infeasible < 200


def test_parts_keep_every_row_whatever_is_rounded_and_nobody_gets_more_than_one() -> None:
    passed = 0
    for case in limited_cases(1000, 1250):
        found = rows_optimum(case.menus, case.due, case.rows)
        if isinstance(found, RowsInfeasible):
            continue
        given = np.zeros(case.menus.n_users, dtype=np.int64)
        np.add.at(given, found.parts.user, found.parts.share)
        totals = [total_of_parts(row, found.parts) for row in case.rows]
        excess = [max(0, t - row.limit) for t, row in zip(totals, case.rows, strict=True)]

        assert tuple(excess) == found.excess
        assert (given <= WHOLE).all()
        assert (given[case.due] == WHOLE).all()
        assert (case.menus.user[found.parts.package] == found.parts.user).all()
        assert value_of_parts(case.menus.value, found.parts) == found.value
        passed += any(excess)

    # Only where rows leave a user's part no room at all does rounding show.
    assert passed < 5


def test_no_more_users_are_split_than_there_are_rows() -> None:
    rng = np.random.default_rng(7)
    offsets = np.arange(0, 2001, 4)
    cost, value, hours = rng.integers(1, 1000, (3, 2000))
    menus = Menus.of(offsets, cost, value)
    rows = [Row("budget", cost, 90_000), Row("hours", hours, 80_000), Row("places", value % 7, 700)]

    found = solved(menus, rows)

    split = np.unique(found.parts.user[found.parts.share < WHOLE])
    assert 1 <= len(split) <= 3
    assert found.excess == (0, 0, 0)


def test_any_prices_give_a_bound_no_lower_than_the_optimum() -> None:
    rng = np.random.default_rng(3)
    checked = 0
    for case in limited_cases(2000, 2100):
        value = highs_value(case, divisible=True)
        if value is None:
            continue
        kinds = kinds_of(case.menus, case.due, case.rows)
        prices = rng.exponential(1, len(case.rows))
        checked += 1

        assert float(bound_from(kinds, prices).exactly) >= value - 1e-6 * (1 + value)

    assert checked > 30


def test_a_bound_beyond_64_bits_is_that_of_numbers_that_fit() -> None:
    menus = Menus.of([0, 2, 3], [5, 9, 4], [7, 11, 3])
    huge = Menus.of([0, 2, 3], [5, 9, 4], np.array([7, 11, 3]) * 2**58)
    rows, nobody = [Row("budget", menus.cost, 8)], np.zeros(2, dtype=np.bool_)

    small = bound_at(kinds_of(menus, nobody, rows), (3,), 2, menus_value(menus, nobody, rows))
    large = bound_at(kinds_of(huge, nobody, rows), (3 * 2**58,), 2, menus_value(huge, nobody, rows))

    assert small.total == 24 + 0 + 0 + max(14 - 15, 22 - 27, 0) + max(6 - 12, 0)
    assert large.total == small.total * 2**58


def menus_value(menus: Menus, due: np.ndarray, rows: list[Row]) -> np.ndarray:
    return kinds_of(menus, due, rows).value


def test_merging_the_same_users_changes_no_value() -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        case = limited_case(rng)
        merged = kinds_of(case.menus, case.due, case.rows)
        apart = kinds_of(case.menus, case.due, case.rows, merge=False)
        prices = rng.exponential(1, len(case.rows))

        assert bound_from(merged, prices) == bound_from(apart, prices)


def test_bands_of_the_same_users_are_a_few_kinds() -> None:
    band = np.arange(4000) % 8
    cost = (np.array([[20, 45, 80]]) + band[:, None]).ravel() * 10
    value = (np.array([[30, 55, 70]]) * (1 + band[:, None])).ravel()
    menus = Menus.of(np.arange(0, 12001, 3), cost, value)
    hours = np.tile([1, 3, 4], 4000)

    found = solved(menus, [Row("budget", cost, 1_200_001), Row("hours", hours, 7_001)])

    assert found.kinds == 8
    assert len(np.unique(found.parts.user[found.parts.share < WHOLE])) <= 2
    assert 0 <= found.gap <= 900


def test_users_who_differ_in_one_amount_are_not_merged() -> None:
    menus = Menus.of([0, 1, 2, 3], [5, 5, 5], [7, 7, 7])
    nobody = np.zeros(3, dtype=np.bool_)

    same = kinds_of(menus, nobody, [Row("hours", np.array([2, 2, 2]), 3)])
    other = kinds_of(menus, nobody, [Row("hours", np.array([2, 1, 2]), 3)])

    assert same.count.tolist() == [3]
    assert other.kind.tolist() == [0, 1, 0]


def test_the_order_of_rows_and_users_changes_no_value() -> None:
    for case in limited_cases(3000, 3030):
        found = rows_optimum(case.menus, case.due, case.rows)
        turned = case.rows[::-1]
        again = rows_optimum(case.menus, case.due, turned)
        users = np.arange(case.menus.n_users)[::-1].copy()
        place = case.menus.positions(users)
        moved = [
            Row(row.name, row.base[place], row.limit, *_classes(row, place)) for row in case.rows
        ]
        third = rows_optimum(case.menus.subset(users), case.due[users], moved)
        kinds = {type(found), type(again), type(third)}

        assert len(kinds) == 1
        if isinstance(found, RowsOptimum):
            assert isinstance(again, RowsOptimum)
            assert isinstance(third, RowsOptimum)
            expected = pytest.approx(float(found.bound.exactly), rel=1e-6, abs=1e-6)
            assert float(again.bound.exactly) == expected
            assert float(third.bound.exactly) == expected


def _classes(row: Row, place: np.ndarray) -> tuple[np.ndarray | None, tuple[int, ...]]:
    return (None if row.klass is None else row.klass[place]), row.weights


def test_without_rows_everybody_has_the_best() -> None:
    menus = Menus.of([0, 2, 2, 3], [5, 9, 4], [7, 11, 3])

    found = solved(menus, [])

    assert found.parts.package.tolist() == [1, 2]
    assert found.value == found.bound.value == 14


def test_without_users_there_is_nothing_to_give() -> None:
    found = solved(Menus.of([0], [], []), [Row("budget", np.zeros(0, dtype=np.int64), 5)])

    assert found.value == 0
    assert found.bound.multipliers == (0,)


def test_who_is_due_and_has_no_package_left_is_named() -> None:
    menus = Menus.of([0, 1, 1], [5], [7])

    found = rows_optimum(menus, np.array([True, True]), [Row("budget", menus.cost, 9)])

    assert isinstance(found, RowsInfeasible)
    assert found.blocked.tolist() == [1]
    assert found.certificate is None
