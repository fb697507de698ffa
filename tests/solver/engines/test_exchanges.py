"""Exchanges among several users: what is found is better, keeps the limits, and is near."""

import time

import numpy as np

from metneed.models.arrays import IntArray
from metneed.solver.engines.exchanges import Choice, exchange


def random_choice(seed: int, users: int = 12) -> tuple[Choice, IntArray, tuple[int, ...]]:
    """Three options a user; limits that what is chosen keeps."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(users), 3)
    loss = rng.integers(0, 40, users * 3)
    loss[::3] = 0
    amounts = rng.integers(0, 20, (users * 3, int(rng.integers(1, 4))))
    chosen = np.arange(users) * 3 + rng.integers(0, 3, users)
    left = rng.integers(0, 25, amounts.shape[1])
    prices = tuple(int(price) for price in rng.integers(0, 5, amounts.shape[1]))
    gap = int(loss[chosen].sum() + left @ np.array(prices))
    return Choice(owner, loss, amounts, chosen, left, gap), left, prices


def gap_of(now: Choice, chosen: IntArray, left: IntArray, prices: tuple[int, ...]) -> int:
    return int(now.loss[chosen].sum() + left @ np.array(prices))


def test_two_users_change_places() -> None:
    # One hour is left over; the second user's best takes two, the first can do with one less.
    loss = np.array([0, 1, 0, 5])
    amounts = np.array([[3], [2], [3], [1]])
    now = Choice(np.array([0, 0, 1, 1]), loss, amounts, np.array([0, 3]), np.array([1]), 6)

    found = exchange(now, (1,), 1, time.monotonic() + 60, np.random.default_rng(1))

    assert found is not None
    assert sorted(found.tolist()) == [1, 2]


def test_whatever_is_found_is_nearer_to_the_bound_and_keeps_every_limit() -> None:
    better = 0
    for seed in range(200):
        now, left, prices = random_choice(seed)
        random = np.random.default_rng(seed)
        found = exchange(now, prices, 1, time.monotonic() + 60, random)
        if found is None:
            continue
        better += 1
        chosen = now.chosen.copy()
        users = now.owner[found]
        assert len(np.unique(users)) == len(users)
        chosen[users] = found
        rest = left + now.amounts[now.chosen].sum(axis=0) - now.amounts[chosen].sum(axis=0)
        assert (rest >= 0).all()
        assert gap_of(now, chosen, rest, prices) < now.gap

    assert better > 100


def test_where_all_changes_fit_in_the_best_of_them_is_found() -> None:
    # Four users have 81 choices in all: every one is a set of two and a set of two.
    found = 0
    for seed in range(150):
        now, left, prices = random_choice(seed, users=4)
        best = now.gap
        total = left + now.amounts[now.chosen].sum(axis=0)
        for each in np.ndindex(3, 3, 3, 3):
            chosen = np.arange(4) * 3 + np.array(each)
            rest = total - now.amounts[chosen].sum(axis=0)
            if (rest >= 0).all():
                best = min(best, gap_of(now, chosen, rest, prices))
        options = exchange(now, prices, 1, time.monotonic() + 60, np.random.default_rng(seed))
        if options is None:
            assert best == now.gap
            continue
        found += 1
        chosen = now.chosen.copy()
        chosen[now.owner[options]] = options
        assert gap_of(now, chosen, total - now.amounts[chosen].sum(axis=0), prices) == best

    assert found > 50
