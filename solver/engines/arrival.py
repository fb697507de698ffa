"""Random arrival: claims paid in full in the order of arrival, averaged over the orders.

With few different sums of claims the average over all orders is exact. Otherwise it is taken over
random circles of the claimants: a circle stands for as many orders as there are claimants, one that
begins with each of them, and all of these together take one pass.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.sums import exact_sum
from metneed.solver.engines.portions import Portions

_INT64 = 2**63
MOST_STEPS = 500_000
"""How many steps over sums of claims the exact average may take: 15 claimants always fit."""


@dataclass(frozen=True)
class Sampled:
    """An average over some orders.

    Parameters
    ----------
    portions
        The averages.
    orders
        How many orders they are taken over.
    standard_error
        Of one claimant's average: the root of the mean square over the claimants.
    """

    portions: Portions
    orders: int
    standard_error: float


def over_all_orders(claims: IntArray, estate: int) -> Portions | None:
    """The average over all orders, None where there are too many sums of claims.

    Counts the sets of claimants by size and sum. A claimant who comes after a set of size s is
    behind exactly these in s! (n - s - 1)! of the n! orders.
    """
    if estate >= exact_sum(claims):
        return Portions.paid(claims.copy())
    n, different = len(claims), sorted(set(claims.tolist()))
    sets = _sets(claims.tolist(), estate)
    if sets is None or sum(map(len, sets)) * len(different) > MOST_STEPS:
        return None
    ways = [math.factorial(s) * math.factorial(n - s - 1) for s in range(n)]
    awards = {}
    for claim in different:
        others = _without(sets, claim)
        paid = sum(
            ways[size] * sum(times * min(claim, estate - behind) for behind, times in sums.items())
            for size, sums in enumerate(others)
        )
        awards[claim] = Fraction(paid, math.factorial(n))
    return Portions.exactly([awards[claim] for claim in claims.tolist()])


def over_circles(claims: IntArray, estate: int, circles: Iterable[IntArray]) -> Sampled:
    """The average over the orders that circles stand for.

    Parameters
    ----------
    claims
        0 or more each; more than the estate in all.
    estate
        0 or more.
    circles
        Orders of the claimants, at least two.
    """
    n, count = len(claims), 0
    total = np.zeros(n, dtype=object if n * int(claims.max()) >= 2**53 else np.int64)
    squares = np.zeros(n)
    for circle in circles:
        paid = np.empty_like(total)
        paid[circle] = _paid_around(claims[circle], estate)
        total += paid
        squares += (paid / n).astype(np.float64) ** 2
        count += 1
    orders = n * count
    variance = (squares - count * (total / orders).astype(np.float64) ** 2) / (count - 1)
    error = math.sqrt(math.fsum(np.maximum(variance, 0).tolist()) / n / count)
    whole, rest = total // orders, total % orders
    portions = Portions(whole.astype(np.int64), rest.astype(np.int64), orders)
    return Sampled(portions, orders, error)


def _sets(claims: list[int], estate: int) -> list[dict[int, int]] | None:
    """For each size how many sets of claimants have which sum, for sums below the estate."""
    sets: list[dict[int, int]] = [{0: 1}]
    steps = 0
    for claim in claims:
        steps += sum(map(len, sets))
        if steps > MOST_STEPS:
            return None
        sets.append({})
        for size in range(len(sets) - 2, -1, -1):
            for behind, times in sets[size].items():
                if behind + claim < estate:
                    larger = sets[size + 1]
                    larger[behind + claim] = larger.get(behind + claim, 0) + times
    return sets


def _without(sets: list[dict[int, int]], claim: int) -> list[dict[int, int]]:
    """The same counts for the other claimants, when one with this claim is left out."""
    others: list[dict[int, int]] = []
    for size, sums in enumerate(sets[:-1]):
        smaller = others[size - 1] if size else {}
        left: dict[int, int] = defaultdict(int, sums)
        for behind, times in smaller.items():
            if behind + claim in left:
                left[behind + claim] -= times
        others.append({behind: times for behind, times in left.items() if times})
    return others


def _paid_around(claims: IntArray, estate: int) -> IntArray:
    """For each on a circle the sum of what is paid in all orders that run around it.

    Whoever begins, those ahead of a claimant are the nearest so many before him on the circle.
    The claim is paid in full behind the first of these numbers, in part behind some, then not.
    """
    n = len(claims)
    twice = np.concatenate([claims, claims])
    widest = max(2 * exact_sum(claims), n * int(claims.max()))
    if widest >= _INT64:
        twice = twice.astype(object)
    upto = np.concatenate([twice[:1] * 0, np.cumsum(twice)])
    place = np.arange(n, 2 * n)
    here = upto[place]
    # Begins at the place itself, with nobody ahead, and goes back to all others ahead.
    full = np.searchsorted(upto, here - estate + claims, side="left").clip(place - n + 1, place + 1)
    part = np.searchsorted(upto, here - estate, side="right").clip(place - n + 1, full)
    # The sums of sums may pass 63 bits, but what comes out does not: it is exact modulo 2^64.
    around = upto if widest >= _INT64 else upto.astype(np.uint64)
    sums = np.concatenate([around[:1] * 0, np.cumsum(around)])
    in_part = sums[full] - sums[part]
    missing = ((full - part) * (here - estate)).astype(around.dtype)
    paid: IntArray = ((place + 1 - full) * claims).astype(around.dtype) + in_part - missing
    return paid if widest >= _INT64 else paid.astype(np.int64)
