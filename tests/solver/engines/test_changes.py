from collections.abc import Callable, Iterator

import numpy as np

from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.changes import Changes, changes_within
from metneed.solver.engines.frontier import frontier_of

Cases = Callable[..., Iterator[tuple[Menus, Choice, int]]]


def rows(changes: Changes) -> list[tuple[int, int, int, int, int]]:
    user = np.repeat(changes.user, np.diff(changes.offsets))
    columns = (user, changes.package, changes.cost, changes.value, changes.loss)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_changes_of_three_users_lose_what_they_fall_short_of_the_slope(d3: Menus) -> None:
    changes = changes_within(d3, "at_most_one", np.array([1, 5, -1]), (9, 8), slack=11)

    assert rows(changes) == [
        *((0, 0, -2, -3, 6), (0, 2, 3, 2, 11)),
        *((1, 3, -3, -4, 5), (2, 6, 4, 4, 4), (2, 7, 8, 9, 0)),
    ]
    assert changes.least_losses().tolist() == [6, 5, 0]


def test_nothing_is_a_change_only_where_it_may_be_chosen(d3: Menus) -> None:
    picks = np.array([1, 5, -1])

    assert (0, -1, -4, -8, 28) in rows(changes_within(d3, "at_most_one", picks, (9, 8), 99))
    assert -1 not in changes_within(d3, "exactly_one", picks, (9, 8), 99).package


def test_without_slack_enough_nobody_is_left(d3: Menus) -> None:
    changes = changes_within(d3, "at_most_one", np.array([1, 5, -1]), (9, 8), slack=-1)

    assert rows(changes) == []
    assert len(changes.least_losses()) == 0


def test_some_users_can_be_taken_out_in_any_order(d3: Menus) -> None:
    changes = changes_within(d3, "at_most_one", np.array([1, 5, -1]), (9, 8), slack=11)

    assert rows(changes.of_users(np.array([2, 0]))) == [
        row for user in (2, 0) for row in rows(changes) if row[0] == user
    ]


def test_at_the_break_no_change_gains_and_none_costs_without_being_worth_more(
    small_cases: Cases,
) -> None:
    for menus, choice, budget in small_cases(500, seed=51):
        frontier = frontier_of(menus, choice)
        if frontier.shortfall(budget):
            continue
        end = frontier.break_at(budget)
        changes = changes_within(
            menus, choice, frontier.picks(end.count), end.multiplier, slack=2**61
        )
        p, q = end.multiplier
        assert (changes.loss >= 0).all()
        assert (changes.loss == p * changes.cost - q * changes.value).all()
        assert (np.sign(changes.cost) == np.sign(changes.value)).all()
