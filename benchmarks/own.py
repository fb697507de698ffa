"""Our own engine as a contestant, and as cases measure it: the one place that calls it."""

import time
from fractions import Fraction

import numpy as np

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme, Real
from metneed.models.arrays import IntArray
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Engine, Settings
from metneed.solver.engines.exact import Whole, whole_optimum
from metneed.solver.engines.frontier import Frontier, LinearOptimum, frontier_of
from metneed.solver.engines.one_budget import linear_optimum

CHOICE: Choice = "at_most_one"

ENGINES: tuple[Engine, ...] = ("numba", "numpy")


def one_budget(menus: Menus, budget: int, engine: Engine = "auto") -> LinearOptimum:
    """The linear programme for one budget, from menus that remember nothing."""
    best = linear_optimum(menus, CHOICE, budget, engine)
    assert isinstance(best, LinearOptimum)
    return best


def frontier(menus: Menus, engine: Engine = "auto") -> Frontier:
    """The whole frontier, from menus that remember nothing."""
    return frontier_of(menus, CHOICE, engine)


def whole(menus: Menus, budget: int, limit: float = 40.0) -> Whole:
    """Whole packages, from menus that remember nothing."""
    best = whole_optimum(menus, CHOICE, budget, Settings(time_limit=limit))
    assert isinstance(best, Whole)
    return best


def is_optimal(found: Whole) -> bool:
    """Whether whole packages are proved to be the best: a bound alone may be proved as well."""
    return found.proof == "proved" and found.value == found.upper_bound


def menus_of(programme: Programme) -> Menus:
    """The menus of a programme; they remember nothing."""
    return Menus.of(programme.offsets, programme.cost, programme.value)


def best(programme: Programme) -> Fraction:
    """The proven optimum of a programme, not rounded.

    Raises
    ------
    RuntimeError
        Where it is not proved within our own limits.
    """
    menus = menus_of(programme)
    if not programme.divisible:
        found = whole(menus, programme.budget)
        if not is_optimal(found):
            raise RuntimeError("the optimum that answers are judged by is not proved")
        return Fraction(found.value)
    end = frontier(menus).break_at(programme.budget)
    p, q = end.multiplier
    return end.value + Fraction(p * end.room, q)


def attempt(programme: Programme, limit: float) -> Attempt:
    """Ours from menus without a hull to the packages of everyone; nothing has to be stated."""
    menus = menus_of(programme)
    start = time.perf_counter()
    if programme.divisible:
        linear = one_budget(menus, programme.budget)
        solved = time.perf_counter()
        p, q = linear.multiplier
        return Attempt(
            build=0.0,
            solve=solved - start,
            says="proved",
            claims_optimal=True,
            value=linear.value + p * linear.room / q,
            shares=_parts(menus, linear),
        )
    found = whole(menus, programme.budget, limit)
    solved = time.perf_counter()
    return Attempt(
        build=0.0,
        solve=solved - start,
        says=found.proof,
        claims_optimal=is_optimal(found),
        value=found.value,
        bound=found.upper_bound,
        shares=_given(menus, found.picks),
    )


def _given(menus: Menus, picks: IntArray) -> Real:
    """The share of each package where everyone has one or nothing."""
    shares = np.zeros(menus.n_packages)
    shares[picks[picks >= 0]] = 1
    return shares


def _parts(menus: Menus, linear: LinearOptimum) -> Real:
    """The share of each package: the money that is left buys a part of one step."""
    shares = _given(menus, linear.picks)
    here, there = int(linear.picks[linear.split]), linear.following
    if linear.split < 0:
        return shares
    price = int(menus.cost[there]) - (int(menus.cost[here]) if here >= 0 else 0)
    part = linear.room / price
    shares[there] = part
    if here >= 0:
        shares[here] = 1 - part
    return shares


METNEED = Competitor(
    name="metneed",
    title="metneed",
    kinds=("lp", "whole"),
    attempt=attempt,
    distributions=("metneed", "numpy"),
)
