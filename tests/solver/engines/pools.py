"""Small problems with services that open as a whole, and their answers by enumeration."""

import itertools
from collections.abc import Sequence

import numpy as np

from metneed.models.arrays import BoolArray, frozen
from metneed.models.menus import Menus
from metneed.solver.engines.pool import Pool
from metneed.solver.engines.rows import Row


def pool(name: str, needs: Sequence[bool], cost: int = 0, least: int = 0, worth: int = 0) -> Pool:
    """A service with the packages that need it; every package is one member."""
    uses = np.array(needs, dtype=np.bool_)
    return Pool(frozen(uses, np.bool_), Row(name, frozen(-1 * uses), -least), cost, worth)


def random_problem(
    rng: np.random.Generator, services: int, rows: int = 0
) -> tuple[Menus, BoolArray, list[Row], list[Pool]]:
    """Up to five users with up to three packages, which need any number of the services."""
    users = int(rng.integers(1, 6))
    sizes = rng.integers(0, 4, users)
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    packages = int(offsets[-1])
    menus = Menus.of(offsets, rng.integers(0, 12, packages), rng.integers(0, 15, packages))
    due = (rng.random(users) < 0.2) & (sizes > 0)
    limits = [Row("budget", menus.cost, int(rng.integers(0, 40)))]
    limits += [
        Row(f"row {k}", frozen(rng.integers(0, 6, packages)), int(rng.integers(0, 15)))
        for k in range(rows)
    ]
    pools = [
        pool(
            f"service {k}",
            (rng.random(packages) < 0.35).tolist(),
            int(rng.integers(0, 10)),
            int(rng.integers(0, 4)),
        )
        for k in range(services)
    ]
    return menus, due, limits, pools


def best_by_enumeration(
    menus: Menus, due: BoolArray, rows: Sequence[Row], pools: Sequence[Pool]
) -> tuple[int, int] | None:
    """Value and cost of the best whole packages, the cheaper of equals; None where there are none.

    A service is open where somebody's package needs it.
    """
    choices = []
    for user in range(menus.n_users):
        own = [*range(menus.offsets[user], menus.offsets[user + 1])]
        choices.append(own if due[user] else [*own, -1])
    found = []
    for each in itertools.product(*choices):
        picks = np.array(each, dtype=np.int64)
        held = picks[picks >= 0]
        used = [item for item in pools if item.needs[held].any()]
        totals = [row.total(picks) for row in rows]
        totals[0] += sum(item.cost for item in used)
        kept = all(total <= row.limit for total, row in zip(totals, rows, strict=True))
        if kept and all(item.members.is_kept(picks) for item in used):
            worth = sum(item.worth for item in used)
            found.append((int(menus.value[held].sum()) + worth, -totals[0]))
    if not found:
        return None
    value, cost = max(found)
    return value, -cost
