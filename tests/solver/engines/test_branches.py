"""Branch and bound: what it proves is what enumeration says, whatever the solver answers."""

import itertools
import time

import numpy as np
import pytest

from metneed.models.arrays import BoolArray, FloatArray
from metneed.solver.engines.array_lp import ChoiceProgram
from metneed.solver.engines.branches import branch, branch_among
from metneed.solver.engines.tighter import Options

LOW, HIGH = -(10**6), 10**9


def random_options(seed: int) -> Options:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 5, int(rng.integers(1, 6)))
    n, rows = int(sizes.sum()), int(rng.integers(1, 4))
    amounts = rng.integers(-3, 12, (n, rows))
    limits = rng.integers(0, 8 * len(sizes), rows)
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    return Options(offsets, rng.integers(-5, 30, n), amounts, limits)


def enumerated(options: Options) -> int | None:
    menus = [range(a, b) for a, b in itertools.pairwise(options.offsets.tolist())]
    chosen = (np.array(each) for each in itertools.product(*menus))
    kept = (e for e in chosen if (options.amounts[e].sum(axis=0) <= options.limits).all())
    return max((int(options.value[each].sum()) for each in kept), default=None)


def ahead() -> float:
    return time.monotonic() + 60


def test_two_users_who_cannot_both_have_the_best() -> None:
    # Of 5 hours both take 3 for the best: one of them makes do with the second best.
    amounts = np.array([[3], [1], [3], [1]])
    options = Options(np.array([0, 2, 4]), np.array([9, 4, 7, 5]), amounts, np.array([5]))

    found = branch(options, LOW, HIGH, ahead())

    assert found.chosen is not None
    assert found.chosen.tolist() == [0, 3]
    assert (found.value, found.upper_bound) == (14, 14)


@pytest.mark.parametrize("seed", range(60))
def test_the_best_is_found_and_proved_as_enumeration_has_it(seed: int) -> None:
    options = random_options(seed)
    best = enumerated(options)
    found = branch(options, LOW, HIGH, ahead())

    if best is None:
        assert found.chosen is None
        assert found.upper_bound == LOW
    else:
        assert (found.value, found.upper_bound) == (best, best)
        assert branch(options, best, HIGH, ahead()).chosen is None
        assert branch(options, best, HIGH, ahead()).upper_bound == best


@pytest.mark.parametrize("seed", range(20))
def test_only_options_in_question_are_chosen_from(seed: int) -> None:
    options = random_options(seed)
    near = np.random.default_rng(seed).random(len(options.value)) < 0.6
    near[options.offsets[:-1]] = True
    inner = np.flatnonzero(near)
    count = np.add.reduceat(near.astype(np.int64), options.offsets[:-1])
    offsets = np.concatenate([[0], np.cumsum(count)])
    small = Options(offsets, options.value[inner], options.amounts[inner], options.limits)
    best = enumerated(small)
    found = branch_among(options, near, LOW, HIGH, ahead())

    if (count > 1).any():
        assert found.upper_bound == (LOW if best is None else best)
        assert found.chosen is None or near[found.chosen].all()


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("factor", [-1.0, 0.0, 0.5, 1e6])
def test_a_solver_with_wrong_prices_and_shares_proves_nothing_false(
    seed: int, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = ChoiceProgram.solve

    def lies(self: ChoiceProgram, allowed: BoolArray) -> tuple[FloatArray, FloatArray] | None:
        found = true(self, allowed)
        return None if found is None else (found[0][::-1].copy(), found[1] * factor)

    monkeypatch.setattr(ChoiceProgram, "solve", lies)
    options = random_options(seed)
    best = enumerated(options)
    found = branch(options, LOW, HIGH, ahead())

    assert found.upper_bound >= (LOW if best is None else best)
    if found.chosen is not None:
        assert (options.amounts[found.chosen].sum(axis=0) <= options.limits).all()
        assert found.value == int(options.value[found.chosen].sum())


def test_without_time_or_answers_the_bound_stays_what_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = random_options(1)

    assert branch(options, LOW, 77, time.monotonic() - 1).upper_bound == 77
    monkeypatch.setattr(ChoiceProgram, "solve", lambda *_: None)
    assert branch(options, LOW, 77, ahead()).upper_bound == 77
