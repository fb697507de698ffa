"""The optimum for one budget, found by brackets, is that of the frontier to the last pick."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metneed.instances.generators import BENCHMARKS
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Engine
from metneed.solver.engines import one_budget
from metneed.solver.engines.frontier import LinearOptimum, frontier_of
from metneed.solver.engines.one_budget import linear_optimum
from metneed.solver.engines.shortfall import Shortfall

Cases = Callable[..., Iterator[tuple[Menus, Choice, int]]]
ENGINES: tuple[Engine, Engine] = ("numpy", "numba")


@pytest.fixture
def small_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brackets of tiny samples, so that they miss, and small problems take the way of large."""
    monkeypatch.setattr(one_budget, "SMALL", 1)
    monkeypatch.setattr(one_budget, "SAMPLE", (2, 3))
    monkeypatch.setattr(one_budget, "DEVIATIONS", (0, 1))


def same(found: LinearOptimum | Shortfall, expected: LinearOptimum) -> None:
    assert isinstance(found, LinearOptimum)
    assert found.picks.tolist() == expected.picks.tolist()
    for name in ("spent", "value", "room", "multiplier", "split", "following"):
        assert getattr(found, name) == getattr(expected, name), name


def test_three_users_are_solved_as_by_hand(d3: Menus, small_samples: None) -> None:
    found = linear_optimum(d3, "at_most_one", 12)

    assert isinstance(found, LinearOptimum)
    assert found.picks.tolist() == [1, 5, -1]
    assert (found.spent, found.room, found.multiplier) == (10, 2, (9, 8))
    assert (found.split, found.following, found.bound) == (2, 7, 20)


def test_the_missing_money_of_the_bases_is_an_answer(d3: Menus, small_samples: None) -> None:
    assert linear_optimum(d3, "exactly_one", 8) == Shortfall(1)
    assert isinstance(linear_optimum(d3, "exactly_one", 9), LinearOptimum)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sample_decides_nothing_but_who_is_looked_at(
    engine: Engine, small_cases: Cases, small_samples: None
) -> None:
    ways = 0
    for menus, choice, budget in small_cases(600, seed=77, users=25, most=6):
        frontier = frontier_of(menus, choice)
        found = linear_optimum(menus.replace(), choice, budget, engine)
        if missing := frontier.shortfall(budget):
            assert found == Shortfall(missing)
            continue
        same(found, frontier.optimum_at(budget))
        ways += 1
    assert ways > 400


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("family", sorted(BENCHMARKS))
def test_every_family_of_the_literature_is_solved_as_by_the_frontier(
    family: str, engine: Engine
) -> None:
    menus, budget = BENCHMARKS[family].menus(one_budget.SMALL + 500, 3)
    frontier = frontier_of(menus, "at_most_one")
    for part in (0, budget // 50, budget, budget * 3 // 2, 3 * budget):
        found = linear_optimum(menus.replace(), "at_most_one", part, engine)
        same(found, frontier.optimum_at(part))


def test_the_whole_frontier_is_only_made_where_a_sample_cannot_help(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []
    real = one_budget.frontier_of

    def counted(menus: Menus, *args: object) -> object:
        made.append(menus.n_users)
        return real(menus, *args)

    monkeypatch.setattr(one_budget, "frontier_of", counted)
    for family in ("uncorrelated", "weak", "subset_sum"):
        menus, budget = BENCHMARKS[family].menus(20_000, 1)
        linear_optimum(menus, "at_most_one", budget)

    assert max(made) < 20_000


def test_a_frontier_that_is_known_answers_at_once(
    d3: Menus, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = frontier_of(d3, "at_most_one").optimum_at(12)
    monkeypatch.setattr(one_budget, "SMALL", 0)
    monkeypatch.setattr(one_budget, "_Search", None)

    same(linear_optimum(d3, "at_most_one", 12), expected)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=30, max_size=120),
    st.integers(1, 5),
    st.integers(0, 100),
)
def test_any_menus_and_budget_give_the_optimum_of_the_frontier(
    pairs: list[tuple[int, int]], size: int, percent: int
) -> None:
    cost, value = (np.array(column) for column in zip(*pairs, strict=True))
    n = len(pairs) // size
    menus = Menus.of(np.arange(n + 1) * size, cost[: n * size], value[: n * size])
    budget = int(menus.full_cost.sum()) * percent // 100
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_budget, "SMALL", 3)
        patch.setattr(one_budget, "SAMPLE", (3, 6))
        same(
            linear_optimum(menus, "at_most_one", budget),
            frontier_of(menus.replace(), "at_most_one").optimum_at(budget),
        )
