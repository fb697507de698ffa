"""Meeting in the middle: the best of all choices within a gap, as looking at all of them has it."""

import itertools
import time

import numpy as np
import pytest

from metneed.models.arrays import IntArray
from metneed.solver.engines import halves, join
from metneed.solver.engines.deviations import Deviations
from metneed.solver.engines.meet import meet


def random_deviations(seed: int) -> tuple[Deviations, IntArray, tuple[int, ...], int]:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 4, int(rng.integers(1, 9)))
    count, rows = int(sizes.sum()), int(rng.integers(1, 7))
    user = np.repeat(np.arange(len(sizes)), sizes)
    use = rng.integers(-int(rng.choice([3, 40])), 30, (count, rows))
    prices = tuple(int(price) for price in rng.integers(0, 4, rows))
    deviations = Deviations(user, np.arange(count) + 7, rng.integers(0, 60, count), use)
    return deviations, rng.integers(-30, 40, rows), prices, int(rng.integers(0, 250))


def enumerated(
    deviations: Deviations, left: IntArray, prices: tuple[int, ...], gap: int
) -> tuple[int, int, list[int]] | None:
    """Least gap, most left of the first row, first options; None where nothing is within."""
    users = np.unique(deviations.user)
    menus = [[-1, *np.flatnonzero(deviations.user == user).tolist()] for user in users]
    found = []
    for chosen in itertools.product(*menus):
        some = [one for one in chosen if one >= 0]
        rest = left - deviations.use[some].sum(axis=0)
        loss = int(deviations.loss[some].sum() + rest @ np.array(prices))
        if (rest >= 0).all() and loss <= gap:
            found.append((loss, -int(rest[0]), sorted(deviations.option[some].tolist())))
    return min(found, default=None)


def check(seed: int) -> bool:
    deviations, left, prices, gap = random_deviations(seed)
    best = enumerated(deviations, left, prices, gap)
    met = meet(deviations, left, prices, gap, 10**5, time.monotonic() + 60)

    assert met.complete
    if best is None:
        assert met.options is None
        return False
    assert met.options is not None
    assert (met.gap, sorted(met.options.tolist())) == (best[0], best[2])
    return True


def test_the_best_within_the_gap_is_found_or_there_is_none() -> None:
    found = [check(seed) for seed in range(400)]

    assert 50 < sum(found) < 350


def test_users_kept_apart_and_sets_a_few_at_a_time_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(halves, "LONG", 1)
    monkeypatch.setattr(halves, "APART", (0, 1, 2))
    monkeypatch.setattr(join, "BLOCK", 3)
    monkeypatch.setattr(join, "LOOKED_UP", 2)
    monkeypatch.setattr(join, "SPARSE", 1)
    found = [check(seed) for seed in range(400, 700)]

    assert any(found)


@pytest.mark.parametrize("cells", [0, 1, 2])
def test_fewer_rows_in_the_sieve_change_nothing(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(join, "CELLS", cells)
    found = [check(seed) for seed in range(700, 800)]

    assert any(found)


def test_sets_are_listed_in_order_of_loss_and_know_their_deviations() -> None:
    one, other = random_deviations(3)[0].dealt()
    for users in (one, other):
        sets = halves.listed(users, users[0].use.shape[1], 80, 10**5, np.inf)
        assert (np.diff(sets.loss) >= 0).all()
        loss = {
            int(o): int(p) for user in users for o, p in zip(user.option, user.loss, strict=True)
        }
        sums = [sum(loss[o] for o in sets.options(i)) for i in range(len(sets.loss))]
        assert sums == sets.loss.tolist()


def test_who_is_kept_apart_makes_no_set_more_or_less(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(40):
        deviations = random_deviations(seed)[0]
        users = deviations.dealt()[0]
        rows = deviations.use.shape[1]
        whole = halves.half(users, rows, 90, 10**5, np.inf)
        monkeypatch.setattr(halves, "LONG", 1)
        cut = halves.half(users, rows, 90, 10**5, np.inf)
        monkeypatch.undo()
        assert whole.sets == cut.sets


def test_no_room_or_no_time_is_no_claim() -> None:
    deviations, left, prices, _ = random_deviations(5)

    late = meet(deviations, left, prices, 200, 10**5, time.monotonic() - 1)
    full = meet(deviations, left, prices, 200, 1, time.monotonic() + 60)
    few = meet(deviations, left, prices, 200, 10**5, time.monotonic() + 60, 0)

    for met in (late, full, few):
        assert (met.complete, met.options) == (False, None)
