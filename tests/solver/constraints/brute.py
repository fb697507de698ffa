"""Small problems with tables, and the answers of enumeration and of a plain linear programme."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import highspy
import numpy as np

from metneed.models.arrays import IntArray, frozen
from metneed.models.columns import Labels
from metneed.models.instance import Previous, Users
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.services import Services, Uses
from metneed.models.units import Units
from metneed.solver.constraint import Each, Effect
from metneed.solver.engines.rows import Row
from metneed.solver.pairs import EXCLUDES, REQUIRES

Tables = dict[str, dict[str, object]]


def labels(texts: Sequence[str]) -> Labels:
    names = tuple(sorted(set(texts)))
    return Labels(frozen([names.index(text) for text in texts]), names)


def previous(
    cost: Sequence[int], met_need: Sequence[int], held: Sequence[bool] | None = None
) -> Previous:
    has = np.array([True] * len(cost) if held is None else held)
    ids = np.array(["today" if own else "" for own in has], dtype=object)
    return Previous(has, ids, frozen(cost), frozen(met_need))


def services(capacity: dict[str, int], uses: Sequence[tuple[int, str, int]]) -> dict[str, object]:
    """Services with their capacity, and what packages (by position) use of them."""
    names = sorted(capacity)
    n = len(names)
    rows = sorted((package, names.index(name), amount) for package, name, amount in uses)
    columns = [frozen(column) for column in zip(*rows, strict=True)]
    table = Services(
        np.array(names, dtype=object),
        np.array(["hours"] * n, dtype=object),
        frozen([capacity[name] for name in names]),
        frozen([0] * n),
        frozen([0] * n),
        np.zeros(n, dtype=np.bool_),
    )
    return {"services": table, "uses": Uses(*columns)}


def problem(menus: Sequence[Sequence[tuple[int, int]]], budget: int, **changes: object) -> Problem:
    """A problem from the menus, as pairs of cost and met need, in whole units."""
    sizes = [len(menu) for menu in menus]
    packages = [package for menu in menus for package in menu]
    cost, need = zip(*packages, strict=True) if packages else ((), ())
    arrays = Menus.of(
        np.concatenate([[0], np.cumsum(sizes)]),
        cost,
        need,
        basic_met_need=changes.pop("basic", None),
    )
    groups = changes.pop("groups", {})
    basic_need = changes.pop("basic_need", None)
    users = Users(
        ids=np.array([f"u{row}" for row in range(1, len(menus) + 1)], dtype=object),
        need=frozen(changes.pop("need", arrays.best_met_need)),
        basic_need=None if basic_need is None else frozen(basic_need),
        groups={name: labels(texts) for name, texts in dict(groups).items()},
    )
    return replace(
        Problem(users, arrays, budget, budget, units=Units("GBP", 0, 0, "year", 0)), **changes
    )


def d3(budget: int = 12, **changes: object) -> Problem:
    """Three users, whole packages; (5, 7) and (4, 4) lie under their hulls."""
    menus = [[(2, 5), (4, 8), (7, 10)], [(3, 6), (5, 7), (6, 10)], [(4, 4), (8, 9)]]
    return problem(menus, budget, **changes)


def l3(**changes: object) -> Problem:
    """Three users with one package of met need 12 at 4, 6 and 12, divisible, in thousandths."""
    menus = [[(4000, 12000)], [(6000, 12000)], [(12000, 12000)]]
    units = Units("GBP", 3, 3, "year", 0)
    return problem(menus, 12000, **{"packages": "divisible", "units": units, **changes})


NOTHING_DONE = Effect()


def choices(problem: Problem, effect: Effect = NOTHING_DONE) -> Iterator[IntArray]:
    """All whole picks that the effect allows, whatever they cost."""
    offsets = problem.menus.offsets
    options = []
    for user in range(len(problem.users)):
        own = list(range(offsets[user], offsets[user + 1]))
        kept = [pick for pick in own if effect.removed is None or not effect.removed[pick]]
        must = problem.choice == "exactly_one" and bool(own)
        must = must or (effect.due is not None and bool(effect.due[user]))
        options.append(kept if must else [*kept, -1])
    for picks in itertools.product(*options):
        chosen = np.array(picks, dtype=np.int64)
        if all(row.is_kept(chosen) for row in effect.rows) and pairs_kept(chosen, effect):
            yield chosen


def pairs_kept(picks: IntArray, effect: Effect) -> bool:
    """Whether whole packages keep all pairs."""
    if effect.pairs is None:
        return True
    held, pairs = set(picks.tolist()), effect.pairs
    return not any(
        (kind == EXCLUDES and {one, other} <= held)
        or (kind == REQUIRES and one in held and other not in held)
        for one, other, kind in zip(pairs.first, pairs.second, pairs.kind, strict=True)
    )


def added(picks: IntArray, effect: Effect) -> int:
    """What the packages that are chosen add to each other."""
    if effect.pairs is None:
        return 0
    held, pairs = set(picks.tolist()), effect.pairs
    columns = zip(pairs.first, pairs.second, pairs.adds, strict=True)
    return effect.scale * sum(int(adds) for one, other, adds in columns if {one, other} <= held)


def spent(problem: Problem, picks: IntArray) -> int:
    return int(problem.menus.cost[picks[picks >= 0]].sum())


def met(problem: Problem, picks: IntArray) -> tuple[int, ...]:
    return tuple(np.where(picks >= 0, np.append(problem.menus.met_need, 0)[picks], 0).tolist())


def best(problem: Problem, effect: Effect) -> tuple[int, ...] | None:
    """Met need of each user in the best whole choice within the money; the cheaper of equals."""
    value = problem.menus.value * effect.scale
    if effect.added is not None:
        value = value + effect.added
    first = np.zeros_like(value) if effect.first is None else effect.first
    found = [
        (
            int(first[own].sum()),
            int(value[own].sum()) + added(picks, effect),
            -spent(problem, picks),
            met(problem, picks),
        )
        for picks in choices(problem, effect)
        if spent(problem, picks) <= problem.allocable
        for own in [picks[picks >= 0]]
    ]
    return max(found)[3] if found else None


def best_total(problem: Problem, effect: Effect) -> int | None:
    """The most met need of whole packages within the money."""
    answer = best(problem, effect)
    return None if answer is None else sum(answer)


def linear(
    problem: Problem,
    menus: Menus,
    rows: Sequence[Row] = (),
    each: Sequence[Each] = (),
    due: Sequence[bool] | None = None,
) -> float | None:
    """The greatest value with part packages, by a plain linear programme; None for infeasible."""
    solver = highspy.Highs()
    solver.silent()
    count = menus.n_packages
    shares = [solver.addVariable(0, 1, -float(value)) for value in menus.value]
    everyone = np.arange(count, dtype=np.int32)

    def at_most(weights: Sequence[float], limit: float, positions: IntArray, least: float) -> None:
        solver.addRow(least, limit, len(positions), positions, np.array(weights, dtype=float))

    assert len(shares) == count
    at_most(menus.cost.tolist(), problem.allocable, everyone, -highspy.kHighsInf)
    for row in rows:
        classes = np.zeros(count, dtype=int) if row.klass is None else row.klass
        weights = [b * row.weights[k] for b, k in zip(row.base.tolist(), classes, strict=True)]
        size = max(map(abs, [*weights, row.limit, 1]))
        scaled = [weight / size for weight in weights]
        at_most(scaled, row.limit / size, everyone, -highspy.kHighsInf)
    for user in range(menus.n_users):
        first, end = menus.offsets[user : user + 2]
        own = np.arange(first, end, dtype=np.int32)
        must = problem.choice == "exactly_one" and len(own) > 0
        must = must or (due is not None and bool(due[user]))
        at_most([1.0] * len(own), 1, own, 1 if must else 0)
        for limit in each:
            if limit.binds and limit.held[user]:
                most = float(limit.limit[user])
                at_most(limit.base[own].tolist(), most, own, -highspy.kHighsInf)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return -float(solver.getInfo().objective_function_value)
