import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.solver.engines import core
from metneed.solver.engines.changes import Changes
from metneed.solver.engines.core import Goal, search

P, Q = 3, 2

CHANGE = st.one_of(
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.tuples(st.integers(-12, -1), st.integers(-12, -1)),
).filter(lambda change: P * change[0] >= Q * change[1])
USERS = st.lists(st.lists(CHANGE, min_size=1, max_size=3), min_size=1, max_size=5)


def changes_of(users: list[list[tuple[int, int]]]) -> Changes:
    cost, value = np.array([c for user in users for c in user], dtype=np.int64).T
    return Changes(
        np.cumsum([0, *map(len, users)]),
        10 + np.arange(len(users)),
        100 + np.arange(len(cost)),
        cost,
        value,
        P * cost - Q * value,
    )


def slack_of(goal: Goal) -> int:
    return max(P * cost - Q * value for cost, value in goal.targets())


def later() -> float:
    return time.monotonic() + 60


def best_of(users: list[list[tuple[int, int]]], room: int) -> tuple[int, int]:
    """Greatest value and then least cost of all sets of changes within the room."""
    options = [[(0, 0), *user] for user in users]
    sums = [
        (sum(v for _, v in made), sum(c for c, _ in made)) for made in itertools.product(*options)
    ]
    return max((pair for pair in sums if pair[1] <= room), key=lambda pair: (pair[0], -pair[1]))


def test_the_best_two_of_three_changes_are_found_with_their_packages() -> None:
    changes = changes_of([[(4, 5)], [(3, 4)], [(5, 7)]])

    found = search(changes, Goal(room=9, value=7, cost=5), slack_of, later())

    assert (found.goal.value, found.goal.cost, found.stopped) == (12, 9, "finished")
    assert found.made is not None
    users, packages = (column.tolist() for column in found.made)
    assert dict(zip(users, packages, strict=True)) == {10: 100, 12: 102}


def test_what_is_already_best_is_left_alone() -> None:
    found = search(changes_of([[(4, 5)]]), Goal(room=5, value=5, cost=4), slack_of, later())

    assert (found.made, found.stopped) == (None, "finished")


def test_the_same_for_less_is_better_unless_only_value_counts() -> None:
    changes = changes_of([[(4, 5), (6, 5)], [(3, 4)]])
    dear = Goal(room=7, value=5, cost=6)

    found = search(changes, dear, slack_of, later())
    only_value = search(changes, Goal(6, 5, 6, least_cost=False), slack_of, later())

    assert (found.goal.value, found.goal.cost) == (9, 7)
    assert only_value.made is None


@pytest.mark.parametrize("pair_from", [1, 2, 2000])
def test_enumeration_of_all_sets_of_changes_finds_nothing_better(
    monkeypatch: pytest.MonkeyPatch, pair_from: int
) -> None:
    monkeypatch.setattr(core, "PAIR_FROM", pair_from)

    @settings(deadline=None, derandomize=True, max_examples=250)
    @given(users=USERS, room=st.integers(0, 25))
    def check(users: list[list[tuple[int, int]]], room: int) -> None:
        found = search(changes_of(users), Goal(room, 0, 0), slack_of, later())
        assert found.stopped == "finished"
        assert (found.goal.value, found.goal.cost) == best_of(users, room)
        if found.made is not None:
            cost = {100 + i: c for i, c in enumerate(c for user in users for c, _ in user)}
            assert sum(cost[package] for package in found.made[1].tolist()) == found.goal.cost
            assert len(set(found.made[0].tolist())) == len(found.made[0])

    check()


def test_a_search_without_time_says_so() -> None:
    changes = changes_of([[(4, 5)], [(3, 4)]])

    found = search(changes, Goal(9, 0, 0), slack_of, time.monotonic())

    assert (found.made, found.stopped) == (None, "time limit")


def test_a_search_without_memory_says_so_and_keeps_what_it_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(core, "STATES_AT_ONCE", 4)
    changes = changes_of([[(4, 5)], [(3, 4)], [(5, 7)]])

    found = search(changes, Goal(9, 0, 0), slack_of, later())

    assert found.stopped == "memory limit"
    assert found.goal.value > 0
    assert found.made is not None
