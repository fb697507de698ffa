"""Rules for dividing an estate among claims that it does not cover, in exact amounts.

Claims and the estate are whole, weights are whole and 1 or more, and the claims add up to at least
the estate; `divided` sees to both. A heavier weight is always worth more money: what people get
rises with the weight, and what they lose falls with it.
"""

from collections.abc import Callable, Mapping
from math import lcm
from typing import Literal, TypeAlias

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.sums import exact_sum
from metneed.solver.engines.portions import Portions, level

Method: TypeAlias = Literal[
    "proportional",
    "equal_awards",
    "equal_losses",
    "talmud",
    "piniles",
    "adjusted_proportional",
    "average",
    "constrained_egalitarian",
    "reverse_talmud",
]
WEIGHTED = ("proportional", "equal_awards", "equal_losses", "talmud", "piniles")
_LARGEST_WEIGHTS = 2**60


def divided(
    method: Method, claims: IntArray, estate: int, weights: IntArray | None = None
) -> Portions:
    """An estate divided among claims.

    Where the estate covers all claims, all are paid, and no more. A weight of 0 comes last: those
    who have it share, without weights, what is left when all others are paid in full.

    Parameters
    ----------
    method
        How it is divided.
    claims
        0 or more each.
    estate
        0 or more.
    weights
        0 or more each; for the methods of `WEIGHTED` only.
    """
    if weights is not None and method not in WEIGHTED:
        raise ValueError(f"{method} has no weights; those that have: {', '.join(WEIGHTED)}")
    if estate >= exact_sum(claims):
        return Portions.paid(claims.copy())
    divide = METHODS[method]
    if weights is None:
        return divide(claims, estate, np.ones(len(claims), dtype=np.int64))
    last = weights == 0
    first = np.where(last, 0, claims)
    left = estate - exact_sum(first)
    if left <= 0:
        # A claim of nothing gets nothing, whatever the weight.
        return divide(first, estate, np.where(last, 1, weights))
    return divided(method, np.where(last, claims, 0), left).above(first)


def proportional(claims: IntArray, estate: int, weights: IntArray) -> Portions:
    """The same fraction of each weighted claim, nobody more than the claim."""
    heavy = int(claims.max()) * int(weights.max()) >= 2**63
    product = claims.astype(object) * weights if heavy else claims * weights
    return level(claims, np.maximum(product, 1), estate)


def equal_awards(claims: IntArray, estate: int, weights: IntArray) -> Portions:
    """The same sum for each unit of weight, nobody more than the claim."""
    return level(claims, weights, estate)


def equal_losses(claims: IntArray, estate: int, weights: IntArray) -> Portions:
    """The same sum off each claim (over its weight), nobody less than nothing."""
    return level(claims, inverse(weights), exact_sum(claims) - estate).below(claims)


def talmud(claims: IntArray, estate: int, weights: IntArray) -> Portions:
    """Equal awards up to half the claims, equal losses from there on."""
    total = exact_sum(claims)
    if 2 * estate <= total:
        return level(claims, weights, 2 * estate).halved()
    return level(claims, inverse(weights), 2 * (total - estate)).halved().below(claims)


def piniles(claims: IntArray, estate: int, weights: IntArray) -> Portions:
    """Equal awards up to half the claims, and equal awards once more on top of the halves."""
    total = exact_sum(claims)
    if 2 * estate <= total:
        return level(claims, weights, 2 * estate).halved()
    return level(claims, weights, 2 * estate - total).above(claims).halved()


def adjusted_proportional(claims: IntArray, estate: int, ones: IntArray) -> Portions:
    """What the others cannot claim first; then in proportion to what is left of the claims."""
    total = exact_sum(claims)
    conceded = np.maximum(claims - (total - estate), 0)
    left = estate - exact_sum(conceded)
    rest = np.minimum(claims - conceded, left)
    return proportional(rest, left, ones).above(conceded)


def average(claims: IntArray, estate: int, ones: IntArray) -> Portions:
    """Halfway between equal awards and equal losses."""
    awards, losses = (divide(claims, estate, ones) for divide in (equal_awards, equal_losses))
    return awards.plus(losses).halved()


def reverse_talmud(claims: IntArray, estate: int, ones: IntArray) -> Portions:
    """Equal losses up to half the claims, and equal awards on top of the halves."""
    total = exact_sum(claims)
    if 2 * estate <= total:
        return level(claims, ones, total - 2 * estate).below(claims).halved()
    return level(claims, ones, 2 * estate - total).above(claims).halved()


def constrained_egalitarian(claims: IntArray, estate: int, ones: IntArray) -> Portions:
    """Equal awards up to half the claims; then at least that half each, as equal as can be."""
    if 2 * estate <= exact_sum(claims):
        return equal_awards(claims, 2 * estate, ones).halved()
    low, high = 0, 2 * int(claims.max())
    while low < high:
        middle = (low + high + 1) // 2
        if exact_sum(np.clip(middle, claims, 2 * claims)) <= 2 * estate:
            low = middle
        else:
            high = middle - 1
    whole = np.clip(low, claims, 2 * claims)
    # What is left lifts those whom the next unit would lift, all of them alike.
    lifted = (claims <= low) & (low < 2 * claims)
    rest = np.where(lifted, 2 * estate - exact_sum(whole), 0)
    return Portions(whole, rest, max(int(lifted.sum()), 1)).halved()


def inverse(weights: IntArray) -> IntArray:
    """Whole numbers in inverse proportion to the weights, each 1 or more.

    Exactly so where that takes less than 60 bits in all; otherwise rounded at the largest
    power of two that fits.
    """
    distinct, place = np.unique(weights, return_inverse=True)
    least, most = int(distinct[0]), _LARGEST_WEIGHTS // (2 * len(weights))
    scale = 1
    for weight in distinct.tolist():
        scale = lcm(scale, weight)
        if scale // least > most:
            scale = least << (most.bit_length() - 1)
            break
    inverted = [max((2 * scale + weight) // (2 * weight), 1) for weight in distinct.tolist()]
    result: IntArray = np.array(inverted, dtype=np.int64)[place]
    return result


METHODS: Mapping[str, Callable[[IntArray, int, IntArray], Portions]] = {
    "proportional": proportional,
    "equal_awards": equal_awards,
    "equal_losses": equal_losses,
    "talmud": talmud,
    "piniles": piniles,
    "adjusted_proportional": adjusted_proportional,
    "average": average,
    "constrained_egalitarian": constrained_egalitarian,
    "reverse_talmud": reverse_talmud,
}
