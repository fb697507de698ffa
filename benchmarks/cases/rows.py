"""Several limits: budget, capacities, whole packages, and what is infeasible."""

import itertools
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np
import pulp

from benchmarks.registry import Case, Figure, Figures, Size, Target
from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines.infeasible import LeastBudget, Part, conflict, least_budget
from metneed.solver.engines.lagrangian import RowsOptimum, rows_optimum
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.program import formulate_rows
from metneed.solver.engines.rows import Row
from metneed.solver.engines.rows_whole import RowsWhole, rows_whole_optimum

OURS = "20,000 users, budget and three capacities: ours"
PULP = "ours is faster than PuLP with HiGHS"
PULP_IPM = "ours is faster than PuLP with HiGHS interior point"
ARRAYS_IPM = "ours is faster than HiGHS interior point from arrays"
FAR_OFF = "furthest from the value of HiGHS interior point"
LARGE = "200,000 users, budget and three capacities"
TWENTY = "20,000 users, 20 limits"
THREE, FOUR, ELEVEN = (
    "whole packages, " + words for words in ("3 limits", "4 limits", "11 limits")
)
CONFLICT = "infeasible: proof, conflict and least budget"
CHECK = "bound checked in plain Python"
SHARE_OF_BEST = 0.5
FAMILIES = ("uniform", "council")


@dataclass(frozen=True, eq=False)
class Limited:
    """Menus of five packages, and the limits: the budget first."""

    menus: Menus
    rows: list[Row]

    @property
    def nobody(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Nobody must have a package."""
        return np.zeros(self.menus.n_users, dtype=np.bool_)


def limited(family: str, users: int, limits: int, seed: int = 1) -> Limited:
    """Half the money, and capacities of 63 to 91 % of what the budget alone would lead to.

    uniform: cost and need uniform from 1 to 1000. council: gamma needs in thousandths, packages
    that meet rising shares of them at costs that rise faster, in pence. Each package uses one or
    two services.
    """
    rng = np.random.default_rng(seed)
    if family == "uniform":
        cost, value = rng.integers(1, 1001, (2, users * 5))
    else:
        part = np.sort(rng.uniform(0.1, 1, (users, 5)), axis=1)
        need = rng.gamma(2, 15_000, (users, 1))
        value = (need * part).astype(np.int64).ravel()
        cost = (need * part**1.5 * 30 * rng.uniform(0.7, 1.3, (users, 5))).astype(np.int64).ravel()
    menus = Menus.of(np.arange(0, users * 5 + 1, 5), cost, value)
    best = value.reshape(users, 5).argmax(axis=1) + menus.offsets[:-1]
    rows = [Row("budget", cost, int(cost[best].sum() * SHARE_OF_BEST))]
    if limits > 1:
        alone = rows_optimum(menus, None, rows)
        assert isinstance(alone, RowsOptimum)
        rows += _capacities(rng, menus, alone, limits - 1)
    return Limited(menus, rows)


def _capacities(
    rng: np.random.Generator, menus: Menus, alone: RowsOptimum, services: int
) -> list[Row]:
    packages = menus.n_packages
    first = rng.integers(0, services, packages)
    second = (first + rng.integers(1, max(services, 2), packages)) % services
    use = rng.integers(1, 101, (2, packages))
    use[1] *= (rng.random(packages) < 0.5) & (second != first)
    rows = []
    for service in range(services):
        base: IntArray = use[0] * (first == service) + use[1] * (second == service)
        used = float(base[alone.parts.package] @ (alone.parts.share / 1e9))
        rows.append(Row(f"service {service}", base, int(used * rng.uniform(0.63, 0.91))))
    return rows


def run(size: Size, work: Path) -> Figures:  # noqa: ARG001 - the contract
    """All of it, for both families where that matters."""
    users = size.users
    made = [limited(family, users, 4) for family in FAMILIES]
    figures = _against_others(made[0], size)
    for family, case in zip(FAMILIES, made, strict=True):
        figures[f"{OURS}, {family}"] = Figure(_ours(case, size.repeats)[0], "s")
        figures[f"{LARGE}, {family}"] = Figure(_ours(limited(family, users * 10, 4), 1)[0], "s")
        figures[f"{TWENTY}, {family}"] = Figure(_ours(limited(family, users, 20), 1)[0], "s")
        for name, number, limits in ((THREE, users // 10, 3), (FOUR, users // 10, 4)):
            figures |= _whole(f"{name}, {family}", limited(family, number, limits), size.limit)
        figures |= _whole(f"{ELEVEN}, {family}", limited(family, users, 11), size.limit)
    figures[CONFLICT] = Figure(_infeasible(made[1]), "s")
    figures[CHECK] = Figure(_checked(made[1]), "s")
    return figures


def _ours(case: Limited, repeats: int) -> tuple[float, RowsOptimum]:
    times = []
    for _ in range(repeats):
        menus = case.menus.replace()
        start = time.perf_counter()
        found = rows_optimum(menus, None, case.rows)
        times.append(time.perf_counter() - start)
        assert isinstance(found, RowsOptimum)
        assert not any(found.excess)
    return statistics.median(times), found


def _against_others(case: Limited, size: Size) -> Figures:
    ours, found = _ours(case, size.repeats)
    pulp_time, _ = _pulp(case, pulp.HiGHS(msg=False, timeLimit=3 * size.limit))
    ipm_time, value = _pulp(case, pulp.HiGHS(msg=False, timeLimit=size.limit, solver="ipm"))
    arrays_time, arrays_value = _arrays(case)
    bound = float(found.bound.exactly)
    away = max(abs(bound - each) for each in (value, arrays_value))
    return {
        "users": Figure(case.menus.n_users, "users"),
        "ours": Figure(ours, "s"),
        "PuLP with HiGHS": Figure(pulp_time, "s"),
        "PuLP with HiGHS interior point": Figure(ipm_time, "s"),
        "HiGHS interior point from arrays": Figure(arrays_time, "s"),
        PULP: Figure(pulp_time / ours, "times"),
        PULP_IPM: Figure(ipm_time / ours, "times"),
        ARRAYS_IPM: Figure(arrays_time / ours, "times"),
        FAR_OFF: Figure(away, "smallest units"),
    }


def _pulp(case: Limited, solver: pulp.LpSolver) -> tuple[float, float]:
    """Seconds of stating and solving, and the value."""
    start = time.perf_counter()
    problem = formulate_rows(case.menus, case.nobody, case.rows, divisible=True)
    problem.solve(solver)
    return time.perf_counter() - start, float(pulp.value(problem.objective))


def _arrays(case: Limited) -> tuple[float, float]:
    menus, start = case.menus, time.perf_counter()
    packages, limits = menus.n_packages, len(case.rows)
    shared = np.column_stack([row.base for row in case.rows])
    row = np.hstack([np.arange(limits)[None, :].repeat(packages, 0), limits + menus.user[:, None]])
    factor = np.hstack([shared, np.ones((packages, 1), dtype=np.int64)])
    there = factor != 0
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = packages, limits + menus.n_users
    model.col_cost_ = -menus.value.astype(np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(packages), np.ones(packages)
    model.row_lower_ = np.full(model.num_row_, -highspy.kHighsInf)
    money = [float(each.limit) for each in case.rows]
    model.row_upper_ = np.concatenate([money, np.ones(menus.n_users)])
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    matrix.index_, matrix.value_ = row[there], factor[there].astype(np.float64)
    solver = highspy.Highs()
    for name, setting in {"output_flag": False, "solver": "ipm"}.items():
        solver.setOptionValue(name, setting)
    solver.passModel(model)
    solver.run()
    value = -float(solver.getInfo().objective_function_value)
    return time.perf_counter() - start, value


def _whole(name: str, case: Limited, limit: float) -> Figures:
    start = time.perf_counter()
    found = rows_whole_optimum(case.menus, None, case.rows, Settings(time_limit=limit))
    seconds = time.perf_counter() - start
    assert isinstance(found, RowsWhole)
    return {
        f"{name}: seconds": Figure(seconds, "s"),
        f"{name}: gap": Figure(found.gap / max(found.value, 1), "of the value"),
    }


def _infeasible(case: Limited) -> float:
    """A budget of 95 % of what a package for everybody costs at least, capacities besides."""
    menus, n = case.menus, case.menus.n_users
    everybody = np.ones(n, dtype=np.bool_)
    others = [Row(row.name, row.base, 2 * row.limit) for row in case.rows[1:]]
    cheapest = int(np.minimum.reduceat(menus.cost, menus.offsets[:-1]).sum())
    budget = Row("budget", menus.cost, cheapest * 95 // 100)
    parts = [Part(row.name, rows=(row,)) for row in (budget, *others)]
    start = time.perf_counter()
    proof = rows_optimum(menus, everybody, [budget, *others])
    names = conflict(menus, [*parts, Part("floors", due=everybody)])
    least = least_budget(menus, everybody, others)
    seconds = time.perf_counter() - start
    assert isinstance(proof, RowsInfeasible)
    assert names == ("budget", "floors")
    assert isinstance(least, LeastBudget)
    assert least.at_least >= cheapest
    return seconds


def _checked(case: Limited) -> float:
    """The bound once more from lists, with nothing but Python's own numbers."""
    _, found = _ours(case, 1)
    prices, q = found.bound.multipliers, found.bound.denominator
    columns = [row.base.tolist() for row in case.rows]
    value, offsets = case.menus.value.tolist(), case.menus.offsets.tolist()
    start = time.perf_counter()
    surplus = [
        q * worth - sum(p * used for p, used in zip(prices, uses, strict=True))
        for worth, uses in zip(value, zip(*columns, strict=True), strict=True)
    ]
    total = sum(p * row.limit for p, row in zip(prices, case.rows, strict=True))
    for first, last in itertools.pairwise(offsets):
        total += max(0, max(surplus[first:last], default=0))
    seconds = time.perf_counter() - start
    assert total == found.bound.total
    return seconds


CASE = Case(
    name="rows",
    title="Several limits beside the budget",
    counts=(
        "Five packages a user in memory, half the money that everybody's best would cost, each "
        "package using one or two services with 63 to 91 % of what the budget alone would use. "
        "Two families: uniform costs and needs up to 1,000, and gamma needs at rising costs. "
        "Counted is everything from menus to the shares of every user and the bound in integers; "
        "for PuLP and for HiGHS stating and solving. "
        "Whole packages with 3 and 4 limits have a tenth of the users."
    ),
    sizes={"full": Size(20_000, 3), "small": Size(40, 1, limit=2)},
    run=run,
    targets=(
        Target(PULP, "at least", 100),
        Target(PULP_IPM, "at least", 15),
        Target(ARRAYS_IPM, "at least", 3),
        *(Target(f"{LARGE}, {family}", "at most", 5) for family in FAMILIES),
        *(Target(f"{THREE}, {family}: seconds", "at most", 5) for family in FAMILIES),
        *(Target(f"{THREE}, {family}: gap", "at most", 0) for family in FAMILIES),
        *(Target(f"{FOUR}, {family}: gap", "at most", 0) for family in FAMILIES),
        *(Target(f"{ELEVEN}, {family}: gap", "at most", 2e-5) for family in FAMILIES),
        Target(CONFLICT, "at most", 5),
        Target(CHECK, "at most", 1),
    ),
    requires=("pulp", "highspy"),
)
