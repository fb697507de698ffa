"""Menus small enough to enumerate, and what enumeration says of them."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from metneed.models.menus import Menus
from metneed.models.scenario import Choice

DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def d3() -> Menus:
    """Three users with three, three and two packages; two packages lie under their hulls."""
    return Menus.of([0, 3, 6, 8], [2, 4, 7, 3, 5, 6, 4, 8], [5, 8, 10, 6, 7, 10, 4, 9])


@pytest.fixture
def l3() -> Menus:
    """Three users with one package each, of 12 for 4, 6 and 12."""
    return Menus.of([0, 1, 2, 3], [4, 6, 12], [12, 12, 12])


@pytest.fixture
def data() -> Path:
    """The folder of public instances with known answers; the test is skipped without it."""
    if not DATA.is_dir():
        pytest.skip("the public instances are not in ../shared/data")
    return DATA


def _menus(rng: np.random.Generator, users: int, most: int) -> Menus:
    """Ragged menus with ties, duplicates, free packages and large amounts."""
    sizes = rng.integers(0, most + 1, users)
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    unit, cost_range, value_range = (
        int(rng.choice(choices))
        for choices in ([1, 1, 100], [3, 10, 100, 10**7], [3, 10, 100, 10**7])
    )
    cost = rng.integers(0, cost_range + 1, offsets[-1]) * unit
    value = rng.integers(0, value_range + 1, offsets[-1])
    kind = rng.integers(0, 5)
    if kind == 1:
        value = cost // unit + rng.integers(0, 3, len(cost))
    elif kind == 2:
        value = cost + 10
    elif kind == 3:
        value = cost.copy()
    elif kind == 4 and len(cost):
        same = rng.integers(0, len(cost), len(cost))
        cost, value = cost[same], value[same]
    return Menus.of(offsets, cost, value)


@pytest.fixture(scope="session")
def small_cases() -> Callable[..., Iterator[tuple[Menus, Choice, int]]]:
    """A function giving so many seeded cases of menus, choice and budget."""

    def cases(
        count: int, seed: int, users: int = 5, most: int = 4
    ) -> Iterator[tuple[Menus, Choice, int]]:
        rng = np.random.default_rng(seed)
        for _ in range(count):
            menus = _menus(rng, int(rng.integers(1, users + 1)), most)
            choice: Choice = "at_most_one" if rng.integers(2) else "exactly_one"
            yield menus, choice, int(rng.integers(0, int(menus.cost.sum() * 11 // 10) + 2))

    return cases


@pytest.fixture(scope="session")
def enumerated() -> Callable[[Menus, Choice, int], tuple[int, int] | None]:
    """A function giving value and cost of the best whole packages, None where none fit."""

    def best(menus: Menus, choice: Choice, budget: int) -> tuple[int, int] | None:
        pairs = list(zip(menus.cost.tolist(), menus.value.tolist(), strict=True))
        ends = menus.offsets.tolist()
        options = [pairs[first:last] for first, last in itertools.pairwise(ends)]
        options = [
            menu if menu and choice == "exactly_one" else [(0, 0), *menu] for menu in options
        ]
        reached = [
            (sum(v for _, v in chosen), -sum(c for c, _ in chosen))
            for chosen in itertools.product(*options)
        ]
        fitting = [(value, -less) for value, less in reached if -less <= budget]
        return max(fitting, key=lambda total: (total[0], -total[1]), default=None)

    return best
