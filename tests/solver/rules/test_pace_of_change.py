import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from metneed.models.allocation import Allocation, Infeasible, NotApplicable
from metneed.models.arrays import frozen
from metneed.models.instance import Previous
from metneed.models.problem import Problem
from metneed.solver.rules import rule
from metneed.solver.solve import bind, run

from ..conftest import make_problem


def problem(money: int, points: list[int], today: list[int | None]) -> Problem:
    n = len(points)
    held = np.array([cost is not None for cost in today])
    costs = frozen([cost or 0 for cost in today])
    previous = Previous(held, np.full(n, "today", dtype=object), costs, frozen(np.zeros(n)))
    made = make_problem(list(range(n + 1)), [1] * n, [1] * n, money, points)
    return made.replace(previous=previous)


def allocated(given: Problem, **options: object) -> Allocation:
    outcome = run(rule("pace_of_change"), given, bind(rule("pace_of_change"), options))
    assert isinstance(outcome, Allocation), outcome
    outcome.check(given)
    return outcome


def awards(given: Problem, **options: object) -> list[int]:
    found = allocated(given, **options).award
    assert found is not None
    return found.tolist()


def test_three_users_by_hand() -> None:
    # Equal points of 300 pounds would be 100 each. The first keeps 90 % of 200; 120 are left.
    given = problem(300, [1, 1, 1], [200, 50, 50])

    assert awards(given) == [180, 60, 60]


def test_a_limit_on_gains_leaves_more_for_the_others() -> None:
    given = problem(300, [1, 1, 1], [200, 50, 50])

    # The second and third gain no more than 10 %, so that the price can rise for the first.
    assert awards(given, gain_at_most="0.1") == [190, 55, 55]


def test_a_smaller_limit_on_losses_protects_more() -> None:
    given = problem(300, [1, 1, 1], [200, 50, 50])

    assert awards(given, loss_at_most="0") == [200, 50, 50]
    assert awards(given, loss_at_most="1") == [100, 100, 100]


def test_people_who_are_new_get_points_times_price() -> None:
    given = problem(300, [1, 1, 2], [200, None, None])

    assert awards(given) == [180, 40, 80]


def test_reasons_and_pounds_say_who_is_held_up_and_who_back() -> None:
    given = problem(300, [1, 1, 1], [200, 50, 50])
    up, back = allocated(given), allocated(given, gain_at_most="0.1")

    assert up.account is not None
    assert up.account.reasons is not None
    assert up.account.reasons.text().tolist() == ["held up by the limit on losses", "", ""]
    # 180 against points times price of 60.
    assert up.account.lines[-2].value == 120
    assert back.account is not None
    assert back.account.reasons is not None
    assert back.account.reasons.text().tolist() == ["", *["held back by the limit on gains"] * 2]
    # 55 against 190, twice.
    assert back.account.lines[-1].value == 270


def test_protection_that_costs_more_than_there_is_is_infeasible_in_pounds() -> None:
    outcome = run(rule("pace_of_change"), problem(300, [1, 1], [200, 200]))

    assert isinstance(outcome, Infeasible)
    assert (outcome.shortfall, outcome.users) == (60, 2)


def test_where_everyone_is_held_back_money_stays_unspent() -> None:
    assert awards(problem(300, [1, 1], [100, 100]), gain_at_most="0.2") == [120, 120]


def test_an_excluded_user_gets_nothing_and_is_not_protected() -> None:
    assert awards(problem(300, [1, 1, 1], [200, 50, 50]), exclude=["u1"]) == [0, 150, 150]


def test_it_needs_todays_packages() -> None:
    outcome = run(rule("pace_of_change"), make_problem([0, 1], [1], [1], 5, [1]))

    assert isinstance(outcome, NotApplicable)


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 10**6), st.one_of(st.none(), st.integers(0, 10**7))),
        min_size=1,
        max_size=6,
    ),
    money=st.integers(0, 10**8),
    loss=st.sampled_from(["0", "0.05", "0.333", "1"]),
    gain=st.sampled_from([None, "0", "0.2", "3"]),
)
def test_awards_stay_within_one_step_and_use_the_money_to_the_penny(
    rows: list[tuple[int, int | None]], money: int, loss: str, gain: str | None
) -> None:
    points, today = [row[0] for row in rows], [row[1] for row in rows]
    given = problem(money, points, today)
    options = bind(rule("pace_of_change"), {"loss_at_most": loss, "gain_at_most": gain})
    outcome = run(rule("pace_of_change"), given, options)

    if not isinstance(outcome, Allocation):
        return
    assert outcome.award is not None
    total, free = 0, False
    for (point, cost), award in zip(rows, outcome.award.tolist(), strict=True):
        total += award
        if cost is not None:
            assert award >= cost * (1 - float(loss)) - 1e-6
            assert gain is None or award <= cost * (1 + float(gain)) + 1e-6
        free |= point > 0 and (cost is None or gain is None)
    assert total <= money
    assert total == money or not free
