from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.answers import Claim, judge
from benchmarks.programme import Programme

# Two users: one may have a package of cost 3 and value 5 or of cost 6 and value 8, the other one
# of cost 4 and value 6. For 9 the best whole packages are the first and the last: 11 for 7.
OFFSETS, COST, VALUE = np.array([0, 2, 3]), np.array([3, 6, 4]), np.array([5, 8, 6])
WHOLE = Programme(OFFSETS, COST, VALUE, 9, divisible=False)
PARTS = Programme(OFFSETS, COST, VALUE, 9, divisible=True)
OPTIMUM = Fraction(11)
# With parts, 2 of the 3 that lead from the first package to the second are left to spend.
LINEAR = Fraction(13)
PROVED = Claim(11, 11, optimal=True)


def shares(*given: float) -> np.ndarray:
    return np.array(given, dtype=np.float64)


def test_a_right_answer_has_no_fault_and_no_gap() -> None:
    verdict = judge(WHOLE, shares(1, 0, 1), PROVED, OPTIMUM)

    assert (verdict.value, verdict.gap, verdict.faults) == (11, 0, [])


def test_shares_within_what_solvers_call_whole_are_read_as_whole() -> None:
    verdict = judge(WHOLE, shares(1 - 1e-7, 1e-8, 1), PROVED, OPTIMUM)

    assert (verdict.value, verdict.gap, verdict.faults) == (11, 0, [])


def test_a_worse_answer_that_claims_nothing_has_a_gap_and_no_fault() -> None:
    verdict = judge(WHOLE, shares(0, 1, 0), Claim(8), OPTIMUM)

    assert (verdict.value, verdict.gap, verdict.faults) == (8, pytest.approx(3 / 11), [])


def test_optimal_is_named_where_more_is_possible() -> None:
    verdict = judge(WHOLE, shares(0, 1, 0), Claim(8, 11, optimal=True), OPTIMUM)

    assert verdict.faults == ["says optimal, but 3 more is possible"]


def test_overspending_is_named_and_leaves_no_gap_to_boast_of() -> None:
    verdict = judge(WHOLE, shares(0, 1, 1), Claim(14, optimal=True), OPTIMUM)

    assert verdict.gap is None
    assert verdict.faults == ["spends 1 more than the budget"]


def test_packages_in_parts_are_named_where_they_are_to_be_whole() -> None:
    verdict = judge(WHOLE, shares(1 / 3, 2 / 3, 1), Claim(13, optimal=True), OPTIMUM)

    assert verdict.value == pytest.approx(13)
    assert verdict.gap is None
    assert verdict.faults == ["2 packages are in parts"]


def test_two_packages_of_one_user_are_named() -> None:
    verdict = judge(WHOLE, shares(1, 1, 0), Claim(13), OPTIMUM)

    assert verdict.gap is None
    assert verdict.faults == ["1 users get more than one package"]


@pytest.mark.parametrize("given", [(2, 0, 0), (1, -1, 1)])
def test_a_package_given_twice_or_taken_away_is_named(given: tuple[float, ...]) -> None:
    verdict = judge(WHOLE, shares(*given), Claim(None), OPTIMUM)

    assert "a package is given more than once or less than not at all" in verdict.faults


def test_a_value_that_the_packages_are_not_worth_is_named() -> None:
    verdict = judge(WHOLE, shares(1, 0, 1), Claim(12, optimal=True), OPTIMUM)

    assert verdict.value == 11
    assert verdict.faults == ["says 12, but is worth 11"]


def test_a_bound_below_the_optimum_is_named() -> None:
    verdict = judge(WHOLE, shares(1, 0, 0), Claim(5, 10), OPTIMUM)

    assert verdict.faults == ["says that no more than 10 is possible, but it is"]


def test_an_answer_better_than_what_we_call_optimal_would_be_named() -> None:
    verdict = judge(WHOLE, shares(1, 0, 1), Claim(11), Fraction(10))

    assert verdict.gap == pytest.approx(-0.1)
    assert verdict.faults == ["worth 1 more than is possible"]


@pytest.mark.parametrize("given", [(1, 0), (1, 0, float("nan"))])
def test_an_answer_that_is_not_one_number_a_package_is_named(given: tuple[float, ...]) -> None:
    verdict = judge(WHOLE, shares(*given), PROVED, OPTIMUM)

    assert verdict.value is None
    assert verdict.faults == ["its answer is not one number for each package"]


def test_no_answer_is_a_fault_only_of_who_says_optimal() -> None:
    assert judge(WHOLE, None, Claim(None), OPTIMUM).faults == []
    assert judge(WHOLE, None, Claim(None, optimal=True), OPTIMUM).faults == [
        "says optimal, and gives no answer"
    ]


def test_a_right_answer_in_parts_has_no_fault() -> None:
    verdict = judge(PARTS, shares(1 / 3, 2 / 3, 1), Claim(13, optimal=True), LINEAR)

    assert verdict.gap == pytest.approx(0, abs=1e-12)
    assert verdict.faults == []


def test_parts_that_pass_a_limit_are_named_with_by_how_much() -> None:
    verdict = judge(PARTS, shares(0.3, 0.7001, 1.0), Claim(None, optimal=True), LINEAR)

    assert verdict.faults == [
        "a user gets 1 + 0.0001 packages",
        "spends 0.101 more than the budget",
    ]
    assert verdict.gap is not None
    assert verdict.gap < 0


def test_a_negative_share_is_named() -> None:
    verdict = judge(PARTS, shares(-0.01, 1, 0), Claim(None), LINEAR)

    assert verdict.faults == ["a share is -0.01"]


def test_optimal_is_named_where_parts_leave_something() -> None:
    verdict = judge(PARTS, shares(1, 0, 1), Claim(11, optimal=True), LINEAR)

    assert verdict.faults == ["says optimal, but 2 more is possible"]


def test_a_programme_comes_back_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "programme.npz"

    PARTS.save(file)
    back = Programme.load(file)

    assert back.cost.tolist() == [3, 6, 4]
    assert (back.budget, back.divisible, back.n_users, back.n_packages) == (9, True, 2, 3)
    assert back.user.tolist() == [0, 0, 1]


def test_the_columns_are_the_budget_and_one_row_a_user() -> None:
    starts, rows, coefficients = WHOLE.columns()

    matrix = np.zeros((3, 3))
    for package, (first, last) in enumerate(pairwise(starts)):
        matrix[rows[first:last], package] = coefficients[first:last]

    assert matrix.tolist() == [[3, 6, 4], [1, 1, 0], [0, 0, 1]]
    assert WHOLE.limits().tolist() == [9, 1, 1]
