"""Small problems with several limits, each of a nasty kind, and what HiGHS and enumeration say."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from metneed.models.arrays import BoolArray, IntArray
from metneed.models.menus import Menus
from metneed.solver.engines.backend import ask_here
from metneed.solver.engines.program import formulate_rows
from metneed.solver.engines.rows import Row


@dataclass(frozen=True, eq=False)
class Limited:
    menus: Menus
    due: BoolArray
    rows: list[Row]


def limited_cases(first: int, last: int, users: int = 12) -> Iterator[Limited]:
    """One case a seed: ties, empty menus, bands of the same users, all kinds of rows."""
    for seed in range(first, last):
        yield limited_case(np.random.default_rng(seed), users)


def limited_case(rng: np.random.Generator, users: int = 12) -> Limited:
    menus, sizes = _banded(rng, users) if rng.integers(4) == 1 else _ragged(rng, users)
    due = (rng.random(menus.n_users) < rng.choice([0, 0.4, 1])) & (sizes > 0)
    budget = int(rng.integers(0, int(menus.cost.sum()) + 2))
    rows = [Row("budget", menus.cost, budget)]
    same = menus.n_users > 1 and len(set(sizes.tolist())) == 1
    for number in range(int(rng.integers(0, 5))):
        base = rng.integers(0, 4, menus.n_packages) * int(rng.choice([1, 100]))
        if same and rng.integers(2):
            base = np.tile(base[: sizes[0]], menus.n_users)
        rows.append(_row(rng, menus, base, f"row {number}"))
    return Limited(menus, due, rows)


def _ragged(rng: np.random.Generator, users: int) -> tuple[Menus, IntArray]:
    sizes = rng.integers(0, 5, int(rng.integers(1, users + 1)))
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    highest = int(rng.choice([3, 10, 1000]))
    cost, value = rng.integers(0, highest + 1, (2, offsets[-1]))
    return Menus.of(offsets, cost, cost if rng.integers(4) == 0 else value), sizes


def _banded(rng: np.random.Generator, users: int) -> tuple[Menus, IntArray]:
    n, size, bands = (int(rng.integers(*ends)) for ends in ((2, users + 1), (1, 4), (1, 3)))
    band = rng.integers(0, bands, n)
    cost, value = rng.integers(0, int(rng.choice([4, 1000])), (2, bands, size))
    offsets = np.arange(0, n * size + 1, size)
    return Menus.of(offsets, cost[band].ravel(), value[band].ravel()), np.full(n, size)


def _row(rng: np.random.Generator, menus: Menus, base: IntArray, name: str) -> Row:
    kind = rng.integers(5)
    if kind == 0:
        return Row(name, base, 0)
    if kind == 1:
        return Row(name, base, int(base.sum() * rng.uniform(0.1, 1)))
    if kind == 2:  # at least so much
        return Row(name, -base, -int(base.sum() * rng.uniform(0, 0.4)))
    if kind == 3:  # the first group's share of value is at least so many tenths of everybody's
        group = rng.integers(0, 2, menus.n_users)[menus.user]
        needs, tenths = (100, int(rng.integers(1, 300))), int(rng.integers(1, 11))
        every = tenths * needs[0]
        return Row(name, menus.value, 0, group, (every - 10 * sum(needs), every))
    return Row(name, np.zeros_like(base), int(rng.integers(0, 2)))


def highs_value(case: Limited, *, divisible: bool) -> float | None:
    """The optimum as HiGHS has it of the programme in words; None where it has none."""
    if case.menus.n_packages == 0:
        return 0.0 if all(row.limit >= 0 for row in case.rows) else None
    answer = ask_here(formulate_rows(case.menus, case.due, case.rows, divisible=divisible))
    return None if answer.values is None else float(answer.values @ case.menus.value)


def enumerated_value(case: Limited) -> int | None:
    """The greatest value of whole packages, by looking at all of them."""
    menus = case.menus
    choices = [
        [*range(first, last), *([] if due else [-1])]
        for first, last, due in zip(menus.offsets, menus.offsets[1:], case.due, strict=False)
    ]
    kept = [
        sum(int(menus.value[i]) for i in picks if i >= 0)
        for picks in itertools.product(*choices)
        if all(row.is_kept(np.array(picks, dtype=np.int64)) for row in case.rows)
    ]
    return max(kept, default=None)
