"""Covers: further limits that no whole choice passes, and that part choices do."""

import itertools
import time

import numpy as np
import pytest

from metneed.models.arrays import IntArray
from metneed.solver.engines.covers import cover
from metneed.solver.engines.splits import SURE, Splits
from metneed.solver.engines.tighter import Options, tighter


def choices(offsets: IntArray) -> list[IntArray]:
    """Every whole choice: one option a user."""
    menus = [range(a, b) for a, b in itertools.pairwise(offsets.tolist())]
    return [np.array(each) for each in itertools.product(*menus)]


def drawn(seed: int) -> tuple[Options, np.random.Generator]:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 5, int(rng.integers(2, 6)))
    n, rows = int(sizes.sum()), int(rng.integers(1, 4))
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    amounts = rng.integers(-3, 12, (n, rows))
    limits = rng.integers(0, 6 * len(sizes), rows)
    return Options(offsets, rng.integers(0, 30, n), amounts, limits), rng


def test_of_three_who_cannot_all_have_six_hours_two_can() -> None:
    offsets, hours = np.array([0, 2, 4, 6]), np.array([0, 6, 0, 6, 0, 6])

    found = cover(offsets, hours, 17, np.array([0.05, 0.95] * 3))

    assert found is not None
    counts, limit = found
    assert (counts.tolist(), limit) == ([0, 1, 0, 1, 0, 1], 2)


def test_who_uses_as_much_as_two_counts_twice() -> None:
    offsets, hours = np.array([0, 2, 4, 7]), np.array([0, 6, 0, 6, 0, 6, 12])
    shares = np.array([0, 1, 0, 1, 0.1, 0.9, 0])

    found = cover(offsets, hours, 17, shares)

    assert found is not None
    assert (found[0].tolist(), found[1]) == ([0, 1, 0, 1, 0, 1, 2], 2)


def test_where_part_choices_pass_nothing_there_is_no_cover() -> None:
    offsets, hours = np.array([0, 2, 4]), np.array([0, 3, 0, 4])

    assert cover(offsets, hours, 7, np.array([0, 1, 0, 1.0])) is None
    assert cover(offsets, hours, 5, np.array([1, 0, 0, 1.0])) is None
    assert cover(offsets, hours, -1, np.array([0, 1, 0, 1.0])) is None


def test_no_whole_choice_that_keeps_the_limit_passes_a_cover() -> None:
    seen = 0
    for seed in range(400):
        options, rng = drawn(seed)
        shares = rng.random(len(options.value))
        shares /= np.repeat(np.add.reduceat(shares, options.offsets[:-1]), np.diff(options.offsets))
        amounts, limit = options.amounts[:, 0], int(options.limits[0])
        found = cover(options.offsets, amounts, limit, shares)
        if found is None:
            continue
        seen += 1
        counts, most = found
        assert float(counts @ shares) > most
        for chosen in choices(options.offsets):
            if amounts[chosen].sum() <= limit:
                assert counts[chosen].sum() <= most

    assert seen > 40


def test_further_limits_leave_every_whole_choice_that_keeps_the_given_ones() -> None:
    added = 0
    for seed in range(150):
        options, _ = drawn(seed)
        more = tighter(options, time.monotonic() + 60)
        given = len(options.limits)
        added += len(more.limits) - given
        assert (more.limits[:given] == options.limits).all()
        assert (more.amounts[:, :given] == options.amounts).all()
        for chosen in choices(options.offsets):
            kept = (options.amounts[chosen].sum(axis=0) <= options.limits).all()
            still = (more.amounts[chosen].sum(axis=0) <= more.limits).all()
            assert bool(kept) == bool(still)

    assert added > 20


def test_without_time_the_limits_stay_as_they_are() -> None:
    options, _ = drawn(3)

    assert tighter(options, 0.0).limits.tolist() == options.limits.tolist()


def test_the_option_whose_branches_fell_most_is_looked_at_first() -> None:
    splits, shares = Splits(3), np.array([0.5, 0.5, 0.5])
    for option, fall in ((0, 1.0), (1, 3.0)):
        for _ in range(SURE):
            splits.note(option, shares, fall, taken=True)
            splits.note(option, shares, fall, taken=False)

    assert splits.ranked(np.array([0, 1]), shares) == [1, 0]
    assert splits.promise(1, shares) == pytest.approx(9.0)
    assert [splits.is_sure(option) for option in range(3)] == [True, True, False]
