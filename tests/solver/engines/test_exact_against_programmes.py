"""Thousands of instances of up to 40 users against plain dynamic programmes, and HiGHS.

Value and least cost must be those of the dynamic programme that suits the numbers: over the budget
where costs are small, over the value where needs are, over lists of pairs where neither is.
"""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from metneed.instances.generators import BENCHMARKS
from metneed.instances.generators.pisinger import PisingerOptions
from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Engine, Settings
from metneed.solver.engines import one_budget
from metneed.solver.engines.exact import Shortfall, whole_optimum
from metneed.solver.engines.frontier import frontier_of

from .families import FAMILIES, Case, budget_for, cheapest, draw, roughened
from .truths import Best, Highs, assert_whole, by_budget, by_list, by_value, options_of

TAME = ("uncorrelated", "zig_zag", "take_or_leave", "circle", "care")
"""Families of which a list of pairs stays short at 40 users, whatever the numbers."""

LARGE = 40
"""Batches of a hundred instances of 25 to 40 users against HiGHS; without --thorough only one."""


def ours(case: Case, settings: Settings | None = None) -> Best:
    """Value and cost of our optimum, which must be proved; None where there is a shortfall."""
    menus, choice, budget = case.menus, case.choice, case.budget
    found = whole_optimum(menus, choice, budget, settings)
    if isinstance(found, Shortfall):
        assert choice == "exactly_one"
        assert found.shortfall == cheapest(menus) - budget > 0
        return None
    given = np.zeros(menus.n_packages, dtype=np.int64)
    given[found.picks[found.picks >= 0]] = 1
    assert given.sum() == (found.picks >= 0).sum()
    assert_whole(menus, choice, budget, given)
    assert (given @ menus.value, given @ menus.cost) == (found.value, found.cost)
    assert (found.proof, found.least_cost, found.stopped) == ("proved", True, "finished")
    assert found.value == found.upper_bound <= frontier_of(menus, choice).value_at(budget)
    return found.value, found.cost


def agree(
    case: Case, truth: Callable[[Menus, Choice, int], Best], settings: Settings | None = None
) -> bool:
    """Whether the optimum has this value and cost; whether there is one at all."""
    best = ours(case, settings)
    assert best == truth(case.menus, case.choice, case.budget), case
    return best is not None


def generator(name: str, batch: int) -> np.random.Generator:
    return np.random.default_rng([batch, *name.encode()])


@pytest.mark.parametrize("batch", range(8))
def test_a_programme_over_the_budget_finds_the_same_value_and_cost(batch: int) -> None:
    rng = generator("budget", batch)
    cases = [draw(rng, (1, 40), [10, 30, 100, 300, 1000]) for _ in range(500)]

    assert sum(agree(case, by_budget) for case in cases) > 400
    assert {case.family for case in cases} == set(FAMILIES)
    assert {case.choice for case in cases} == {"at_most_one", "exactly_one"}


@pytest.mark.parametrize("batch", range(2))
def test_a_programme_over_the_value_finds_the_same_at_costs_in_millions(batch: int) -> None:
    rng = generator("value", batch)
    cases = [_dear(rng) for _ in range(500)]

    assert sum(agree(case, by_value) for case in cases) > 400
    assert sum(case.menus.cost.max(initial=0) > 10**7 for case in cases) > 250


def _dear(rng: np.random.Generator) -> Case:
    """An instance of small needs and large costs without a common divisor."""
    case, factor = draw(rng, (1, 40), [10, 30, 100]), int(rng.choice([97, 10**5, 10**7, 10**9]))
    more = rng.integers(0, factor, case.menus.n_packages) * (case.menus.cost > 0)
    menus = case.menus.replace(cost=case.menus.cost * factor + more)
    return replace(case, menus=menus, budget=case.budget * factor + factor // 2)


@pytest.mark.parametrize(("users", "families"), [((1, 6), FAMILIES), ((20, 40), TAME)])
def test_a_list_of_all_pairs_finds_the_same_at_costs_and_needs_in_millions(
    users: tuple[int, int], families: tuple[str, ...]
) -> None:
    rng = generator("list", users[1])
    cases = [draw(rng, users, [10**4, 10**6, 10**7], families) for _ in range(250)]

    assert sum(agree(case, by_list) for case in cases) > 200
    assert sum(case.menus.cost.max(initial=0) > 10**6 for case in cases) > 100


@pytest.mark.parametrize(
    ("users", "cost", "value", "truth"),
    [
        (40, 2**53 - 1, 255, by_value),
        (40, 255, 2**53 - 1, by_budget),
        (12, 2**41 - 1, 2**20 - 1, by_list),
        (6, 2**31 - 1, 2**30 - 1, by_list),
    ],
)
def test_at_the_edge_of_64_bits_value_and_cost_are_the_same(
    users: int, cost: int, value: int, truth: Callable[[Menus, Choice, int], Best]
) -> None:
    rng = generator("edge", users)
    cases = [_at_the_edge(rng, int(rng.integers(1, users + 1)), cost, value) for _ in range(200)]

    assert sum(agree(case, truth) for case in cases) > 150
    assert sum(case.menus.cost.max(initial=0) > cost - 3 for case in cases) > 50


def _at_the_edge(rng: np.random.Generator, users: int, cost: int, value: int) -> Case:
    """Costs and values that crowd below a limit, some of them anywhere."""

    def crowded(most: int) -> IntArray:
        below = rng.integers(0, rng.choice([3, 100, most]), shape)
        return np.maximum(0, np.where(rng.random(shape) < 0.7, most - below, below))

    shape = (users, int(rng.integers(1, 6)))
    menus = roughened(rng, crowded(cost), crowded(value))
    choice: Choice = "at_most_one" if rng.integers(2) else "exactly_one"
    return Case("edge", menus, choice, budget_for(rng, menus, choice))


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_the_ways_of_large_instances_find_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "numba":
        pytest.importorskip("numba", reason="the extra speed is not installed")
    monkeypatch.setattr(one_budget, "SMALL", 1)
    monkeypatch.setattr(one_budget, "SAMPLE", (2, 8192))
    rng = generator("large ways", 0)
    settings = Settings(engine=engine)

    assert sum(agree(_dear(rng), by_value, settings) for _ in range(150)) > 120
    small, many = [3, 30, 300], [3, 10]
    assert sum(agree(draw(rng, (1, 40), small), by_budget, settings) for _ in range(300)) > 240
    assert sum(agree(draw(rng, (300, 2000), many), by_budget, settings) for _ in range(20)) > 15


@pytest.mark.parametrize("choice", get_args(Choice))
@pytest.mark.parametrize("family", BENCHMARKS)
def test_every_family_of_pisinger_has_the_same_at_hundreds_of_users(
    family: str, choice: Choice
) -> None:
    for seed, most in enumerate([50, 100, 1000]):
        menus, budget = BENCHMARKS[family].menus(200, seed, PisingerOptions(range=most))
        if choice == "exactly_one":
            budget = max(budget, cheapest(menus))
        assert agree(Case(family, menus, choice, budget), by_budget)


@pytest.mark.parametrize("choice", get_args(Choice))
def test_published_instances_with_a_menu_each_have_the_same(data: Path, choice: Choice) -> None:
    with (data / "mckp-derived" / "expected.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 20
    for row in rows:
        path = data / "mckp-derived" / row["file"]
        table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64)
        offsets = np.searchsorted(table[:, 0], np.arange(table[-1, 0] + 2))
        menus = Menus.of(offsets, table[:, 3], table[:, 2])
        best = ours(Case(row["file"], menus, choice, int(row["capacity"])))
        assert best == by_budget(menus, choice, int(row["capacity"]))
        assert best is not None
        if choice == "exactly_one":
            assert best[0] == int(row["integer_optimum"])


def test_highs_finds_the_same_value_of_hundreds_of_small_instances() -> None:
    rng = generator("highs", 0)

    assert sum(highs_agrees(draw(rng, (1, 12), [10, 100, 1000])) for _ in range(400)) >= 396


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "large" in metafunc.fixturenames:
        batches = LARGE if metafunc.config.getoption("thorough") else 1
        metafunc.parametrize("large", range(batches))


def test_highs_finds_the_same_value_of_instances_of_25_to_40_users(large: int) -> None:
    rng = generator("highs large", large)

    assert sum(highs_agrees(draw(rng, (25, 40), [100, 1000])) for _ in range(100)) >= 97


def highs_agrees(case: Case) -> bool:
    """Whether HiGHS has proved our value; if it has not, that value lies within its bounds."""
    best = ours(case)
    found = Highs().between(case.menus, case.choice, case.budget)
    if best is None or found is None:
        assert best is found, case
        return True
    value, bound = found
    assert value <= best[0] <= bound, case
    if value < bound:
        assert best == by_budget(case.menus, case.choice, case.budget)
    return value == bound


# The truths themselves, by hand and against each other.


def test_the_programmes_know_the_optimum_worked_out_by_hand(d3: Menus) -> None:
    for truth in (by_budget, by_value, by_list):
        assert truth(d3, "at_most_one", 12) == (19, 12)
        assert truth(d3, "exactly_one", 9) == (15, 9)
        assert truth(d3, "exactly_one", 8) is None
    assert Highs().between(d3, "at_most_one", 12) == (19, 19)
    assert Highs().between(d3, "exactly_one", 8) is None


def test_the_programmes_agree_with_each_other() -> None:
    rng = generator("truths", 0)
    for _ in range(100):
        case = draw(rng, (1, 8), [10, 100])
        found = {
            truth(case.menus, case.choice, case.budget) for truth in (by_budget, by_value, by_list)
        }
        assert len(found) == 1


def test_an_empty_menu_leaves_nothing_to_choose_but_nothing() -> None:
    menus = Menus.of([0, 0, 1], [3], [5])

    assert options_of(menus, "exactly_one") == [[(0, 0)], [(3, 5)]]
