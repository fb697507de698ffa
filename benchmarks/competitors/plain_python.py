"""Plain Python, without NumPy: the greedy that a programmer writes first.

Hull steps of every menu, best value for money first. With parts allowed that is the optimum; for
whole packages the steps that still fit are taken, which is good and proves nothing.
"""

import time
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from benchmarks.competitor import Attempt, Competitor
from benchmarks.programme import Programme

Point: TypeAlias = tuple[int, int, int]
"""Cost, value and position of a package; the position of nothing is -1."""

Step: TypeAlias = tuple[float, int, Point, Point]
"""Slope turned round, for sorting; user; from which point to which."""


def attempt(programme: Programme, limit: float) -> Attempt:  # noqa: ARG001 - it never takes long
    """Lists in, lists out; only the lists are counted as building."""
    start = time.perf_counter()
    ends, cost, value = (
        column.tolist() for column in (programme.offsets, programme.cost, programme.value)
    )
    menus = [
        list(zip(cost[first:last], value[first:last], range(first, last), strict=True))
        for first, last in pairwise(ends)
    ]
    built = time.perf_counter()
    total, given = _greedy(menus, programme.budget, divisible=programme.divisible)
    solved = time.perf_counter()
    shares = np.zeros(programme.n_packages)
    for position, share in given.items():
        shares[position] = share
    return Attempt(
        build=built - start,
        solve=solved - built,
        says="done",
        claims_optimal=programme.divisible,
        value=total,
        shares=shares,
    )


def _greedy(
    menus: list[list[Point]], budget: int, *, divisible: bool
) -> tuple[float, dict[int, float]]:
    """The worth of the answer, and the share of each package in it."""
    steps: list[Step] = []
    holds: list[Point] = []
    for user, menu in enumerate(menus):
        chain = _hull(menu)
        holds.append(chain[0])
        for here, there in pairwise(chain):
            slope = (there[1] - here[1]) / (there[0] - here[0])
            steps.append((-slope, user, here, there))
    steps.sort()
    room = budget
    total: float = sum(point[1] for point in holds)
    parts: dict[int, float] = {}
    for _, user, here, there in steps:
        price, gain = there[0] - here[0], there[1] - here[1]
        if price <= room and holds[user] == here:
            holds[user] = there
            room -= price
            total += gain
        elif divisible:
            share = room / price
            holds[user] = (0, 0, -1)
            parts = {here[2]: 1 - share, there[2]: share}
            total += gain * share
            break
    given = {point[2]: 1.0 for point in holds} | parts
    given.pop(-1, None)
    return total, given


def _hull(menu: list[Point]) -> list[Point]:
    """Nothing, or the best that costs nothing; then each package that is worth its price."""
    chain: list[Point] = [max([(0, 0, -1), *(p for p in menu if p[0] == 0)], key=lambda p: p[1])]
    for point in sorted(menu, key=lambda p: (p[0], -p[1])):
        if point[1] <= chain[-1][1]:
            continue
        while len(chain) > 1 and _below(chain[-2], chain[-1], point):
            chain.pop()
        chain.append(point)
    return chain


def _below(left: Point, middle: Point, right: Point) -> bool:
    """Whether the middle point is on or below the line between the others."""
    rise, run = middle[1] - left[1], middle[0] - left[0]
    return rise * (right[0] - left[0]) <= (right[1] - left[1]) * run


COMPETITOR = Competitor(
    name="plain_python",
    title="plain Python greedy",
    kinds=("lp", "whole"),
    attempt=attempt,
)
