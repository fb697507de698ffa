import itertools
from collections.abc import Callable, Iterator

import numpy as np

from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.changes import Changes, changes_within
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.engines.rounding import best_change, best_pair

Cases = Callable[..., Iterator[tuple[Menus, Choice, int]]]


def changes_of(*users: list[tuple[int, int]]) -> Changes:
    """Changes of users as pairs of cost and value."""
    sizes = [len(pairs) for pairs in users]
    cost, value = np.array([pair for pairs in users for pair in pairs], dtype=np.int64).T
    rows = np.arange(len(cost))
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    return Changes(offsets, np.arange(len(users)), rows, cost, value, 3 * cost - 2 * value)


def test_the_change_of_most_value_that_fits_is_the_best_and_the_cheapest_of_those() -> None:
    changes = changes_of([(3, 4), (9, 9)], [(5, 6), (4, 6)], [(6, 7)])

    assert best_change(changes, 5).tolist() == [3]
    assert best_change(changes, 6).tolist() == [4]
    assert best_change(changes, 2).tolist() == []


def test_a_pair_may_save_in_one_place_to_spend_in_another() -> None:
    changes = changes_of([(-4, -5)], [(7, 10)], [(5, 6)])

    assert sorted(best_pair(changes, 3).tolist()) == [0, 1]
    assert sorted(best_pair(changes, 1).tolist()) == [0, 2]
    assert best_pair(changes, 0).tolist() == []


def test_two_changes_of_one_user_are_no_pair() -> None:
    assert best_pair(changes_of([(1, 1), (2, 3)]), 9).tolist() == []


def test_what_is_found_fits_and_no_single_change_is_better(small_cases: Cases) -> None:
    found = 0
    for menus, choice, budget in small_cases(400, seed=41, users=8):
        frontier = frontier_of(menus, choice)
        if frontier.shortfall(budget):
            continue
        start = frontier.optimum_at(budget)
        p, q = start.multiplier
        changes = changes_within(menus, choice, start.picks, (p, q), p * start.room)
        values = changes.value[changes.cost <= start.room]
        one, two = best_change(changes, start.room), best_pair(changes, start.room)
        assert changes.value[one].tolist() == ([values.max()] if len(values) else [])
        assert changes.cost[one].sum() <= start.room
        assert changes.cost[two].sum() <= start.room
        owner = np.searchsorted(changes.offsets, two, side="right")
        assert len(set(owner.tolist())) == len(two)
        found += len(two) > 0
    assert found > 20


def test_a_pair_is_often_the_best_pair() -> None:
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(50):
        pairs = [[(int(c), int(v))] for c, v in rng.integers(1, 30, (12, 2))]
        changes = changes_of(*pairs)
        two = best_pair(changes, 25)
        best = max(
            (
                v1 + v2
                for [(c1, v1)], [(c2, v2)] in itertools.combinations(pairs, 2)
                if c1 + c2 <= 25
            ),
            default=0,
        )
        hits += int(changes.value[two].sum()) == best
    assert hits >= 40
