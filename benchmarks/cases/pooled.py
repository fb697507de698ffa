"""Pooled services: which of them to open, and the best whole packages then, proved."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measure import seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target
from metneed.models.arrays import frozen
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines.all_openings import bound_over_openings
from metneed.solver.engines.pool import Pool
from metneed.solver.engines.pooled import Pooled, best_opening
from metneed.solver.engines.rows import Row

PACKAGES = 5
CHEAPER = 0.7
SHARE_OF_BEST = 0.5
FIXED = (0.02, 0.3)
LEAST = (0.1, 0.5)
TWELVE, SIXTEEN, THIRTY = "12 services", "16 services", "30 services, a tenth of the users"
MEMBERS = "12 services with least members"
CHECKED = "12 services: the bound over all openings checked"


@dataclass(frozen=True, eq=False)
class Shared:
    """Menus of five packages, the budget, and services that some of the packages need."""

    menus: Menus
    budget: int
    pools: tuple[Pool, ...]

    def solved(self, limit: float) -> Pooled:
        """The best opening, from menus that remember nothing."""
        menus = self.menus.replace()
        rows = [Row("budget", menus.cost, self.budget)]
        found = best_opening(menus, None, rows, self.pools, Settings(time_limit=limit))
        assert isinstance(found, Pooled)
        return found


def shared(users: int, services: int, *, members: bool = False, seed: int = 1) -> Shared:
    """Gamma needs, packages at rising costs, half the money that everybody's best would cost.

    Each of two services is one that six in ten users could use: one of their packages needs it, and
    costs three tenths less for that. A service costs 2 to 30 % of what all these packages cost
    together, so that some are worth opening and some are not; and asks for no members, or for 10
    to 50 % of the users who could use it.
    """
    rng = np.random.default_rng(seed)
    part = np.sort(rng.uniform(0.1, 1, (users, PACKAGES)), axis=1)
    need = rng.gamma(2, 15_000, (users, 1))
    value = (need * part).astype(np.int64)
    cost = (need * part**1.5 * 30 * rng.uniform(0.7, 1.3, (users, PACKAGES))).astype(np.int64)
    needs = np.zeros((services, users, PACKAGES), dtype=np.bool_)
    for _ in range(2):
        rows = np.flatnonzero(rng.random(users) < 0.6)
        service = rng.integers(0, services, len(rows))
        package = rng.integers(0, PACKAGES, len(rows))
        needs[service, rows, package] = True
        cost[rows, package] = (cost[rows, package] * CHEAPER).astype(np.int64)
    menus = Menus.of(np.arange(0, users * PACKAGES + 1, PACKAGES), cost.ravel(), value.ravel())
    pools = []
    for k in range(services):
        uses = needs[k].ravel()
        least = int(uses.sum() * rng.uniform(*LEAST)) if members else 0
        fixed = int(menus.cost[uses].sum() * rng.uniform(*FIXED))
        pools.append(Pool(uses, Row(f"service {k}", frozen(-1 * uses), -least), fixed))
    return Shared(menus, int(cost[:, -1].sum() * SHARE_OF_BEST), tuple(pools))


def run(size: Size, work: Path) -> Figures:  # noqa: ARG001 - the contract
    """Twelve and sixteen services, with and without least members, and more than a table lists."""
    figures: Figures = {"users": Figure(size.users, "users")}
    for name, services, members in (
        (TWELVE, 12, False),
        (MEMBERS, 12, True),
        (SIXTEEN, 16, False),
    ):
        case = shared(size.users, services, members=members)
        figures |= _figures(name, case, size)
    figures[CHECKED] = Figure(_checked(shared(size.users, 12), size), "s")
    fewer = shared(max(10, size.users // 10), 30)
    return figures | _figures(THIRTY, fewer, Size(size.users, 1, size.limit))


def _figures(name: str, case: Shared, size: Size) -> Figures:
    found = case.solved(size.limit)
    took = seconds(lambda: case.solved(size.limit), size.repeats)
    gap = (found.upper_bound - found.answer.value) / max(1, found.answer.value)
    return {
        f"{name}: seconds": Figure(took, "s"),
        f"{name}: gap": Figure(gap, "of the value"),
        f"{name}: opened": Figure(len(found.answer.used), "services"),
    }


def _checked(case: Shared, size: Size) -> float:
    found = case.solved(size.limit)
    nobody = np.zeros(case.menus.n_users, dtype=np.bool_)
    rows = [Row("budget", case.menus.cost, case.budget)]
    start = time.perf_counter()
    _, above = bound_over_openings(
        case.menus, nobody, rows, case.pools, found.prices, found.upper_bound
    )
    took = time.perf_counter() - start
    assert above == found.searched
    return took


CASE = Case(
    name="pooled",
    title="Services that open for enough members, or at a cost, or not at all",
    counts=(
        "Five packages a user in memory, half the money that everybody's best would cost. One "
        "package of six in ten users needs one of the services, twice over, and is cheaper for "
        "it; a service costs 2 to 30 % of what these packages cost together. Counted is "
        "everything from menus to everybody's whole package, with the bound proved over all "
        "choices of open services. Of 30 services 16 are listed in a table, and the others "
        "decided one by one."
    ),
    sizes={"full": Size(20_000, 3, limit=30), "small": Size(60, 1, limit=2)},
    run=run,
    targets=(
        Target(f"{TWELVE}: seconds", "at most", 1),
        Target(f"{SIXTEEN}: seconds", "at most", 1),
        *(Target(f"{name}: gap", "at most", 0) for name in (TWELVE, SIXTEEN, MEMBERS)),
        Target(CHECKED, "at most", 1),
    ),
)
