import itertools
from collections.abc import Callable, Iterator
from math import gcd

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.models.arrays import picked
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.lattice import Lattice

AMOUNT = st.one_of(st.integers(1, 12), st.integers(1, 10**7), st.sampled_from([2**32, 2**31 + 11]))
PAIR = st.tuples(AMOUNT, AMOUNT, st.sampled_from([1, -1])).map(lambda t: (t[0] * t[2], t[1] * t[2]))


def of(pairs: list[tuple[int, int]]) -> Lattice:
    cost, value = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Lattice.of(cost, value)


def holds(lattice: Lattice, cost: int, value: int) -> bool:
    if lattice.step == 0:
        return cost == 0 == value
    steps, rest = divmod(cost, lattice.step)
    over = value - lattice.slope * steps
    return rest == 0 and (over % lattice.period == 0 if lattice.period else over == 0)


def test_whole_pounds_and_whole_points_show_as_steps() -> None:
    assert of([(300, 2000), (500, 7000), (100, 4000), (700, 1000)]) == Lattice(100, 0, 1000)


def test_needs_that_follow_from_costs_leave_one_residue() -> None:
    pairs = [(cost, cost + 10 * k) for k, cost in enumerate([3, 8, 13, 4, 9])]

    assert of(pairs) == Lattice(1, 1, 10)


def test_costs_and_needs_on_one_line_stay_on_it() -> None:
    assert of([(4, 6), (10, 15), (-6, -9)]) == Lattice(2, 3, 0)


def test_no_pairs_reach_no_totals() -> None:
    assert of([]) == Lattice(0, 0, 0)
    assert of([]).greatest_loss(3, 2, 100, 1) == -1


def test_numbers_without_structure_reach_every_total() -> None:
    assert of([(3, 1), (5, 2), (7, 7), (2, 9)]) == Lattice(1, 0, 1)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(pairs=st.lists(PAIR, min_size=1, max_size=6))
def test_every_pair_and_so_every_sum_lies_on_the_lattice(pairs: list[tuple[int, int]]) -> None:
    lattice = of(pairs)

    assert all(holds(lattice, cost, value) for cost, value in pairs)
    assert lattice.step == gcd(*(cost for cost, _ in pairs))
    # No coarser lattice holds them all: the cell is as large as the common divisor of all areas.
    areas = [a * d - b * c for (a, b), (c, d) in itertools.combinations(pairs, 2)]
    assert lattice.step * lattice.period == gcd(*areas)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    pairs=st.lists(
        st.tuples(st.integers(1, 6), st.integers(1, 6), st.sampled_from([1, 5])), min_size=1
    ),
    p=st.integers(1, 7),
    q=st.integers(1, 7),
    most_cost=st.integers(-30, 30),
    least_value=st.integers(-30, 30),
)
def test_the_greatest_loss_is_that_of_the_best_total_on_the_lattice(
    pairs: list[tuple[int, int, int]], p: int, q: int, most_cost: int, least_value: int
) -> None:
    lattice = of([(cost * unit, value * unit) for cost, value, unit in pairs])
    cost = most_cost - np.arange(120)[:, None]
    value = least_value + np.arange(600)
    over = value - lattice.slope * (cost // lattice.step)
    on_lattice = (cost % lattice.step == 0) & (
        over % lattice.period == 0 if lattice.period else over == 0
    )

    losses = (p * cost - q * value)[on_lattice]
    assert lattice.greatest_loss(p, q, most_cost, least_value) == max(-1, losses.max(initial=-1))


def test_a_line_too_flat_for_the_target_has_no_total() -> None:
    assert Lattice(2, 3, 0).greatest_loss(5, 3, 7, 10) == -1
    assert Lattice(2, 3, 0).greatest_loss(5, 3, 7, 9) == 3
    assert Lattice(2, 3, 0).greatest_loss(1, 1, 7, 4) == -1


def test_a_long_period_is_cut_short_by_a_bound_that_is_not_too_small() -> None:
    # Every total with cost = value loses nothing, and none within the target loses more.
    assert Lattice(1, 1, 10**6).greatest_loss(1, 1, 20_000, -(10**5)) >= 0
    assert Lattice(1, 1, 10**6).greatest_loss(1, 10**9, 5, 10**5) == -1


def test_pairs_that_cost_nothing_differ_by_a_step_of_value_alone() -> None:
    lattice = Lattice.of(np.array([0, 0]), np.array([6, -9]))

    assert (lattice.step, lattice.period) == (0, 3)
    assert lattice.holding(np.array([4]), np.array([1])) == Lattice(4, 1, 3)


def test_the_lattice_of_all_changes_is_that_of_each_change_written_out(
    small_cases: Callable[..., Iterator[tuple[Menus, Choice, int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metneed.solver.engines.chunks.CHUNK", 8)
    structured = 0
    for menus, choice, _ in small_cases(300, seed=9, users=8):
        picks = np.where(np.diff(menus.offsets) > 0, menus.offsets[1:] - 1, -1)
        cost, value = (picked(column, picks) for column in (menus.cost, menus.value))
        more = [menus.cost - cost[menus.user], *([-cost] if choice == "at_most_one" else [])]
        gain = [menus.value - value[menus.user], *([-value] if choice == "at_most_one" else [])]
        lattice = Lattice.of(np.concatenate(more), np.concatenate(gain))

        assert Lattice.of_all(menus, choice, picks) == lattice
        structured += not lattice.is_everything
    assert structured > 50
