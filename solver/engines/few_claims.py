"""Rules for dividing an estate among a few claims, where each amount has a fraction of its own."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Literal, TypeAlias

from metneed.models.arrays import IntArray
from metneed.models.sums import exact_sum
from metneed.solver.engines.portions import Portions

FewMethod: TypeAlias = Literal["minimal_overlap", "dominguez_thomson"]
MOST_CLAIMS: Mapping[str, int] = {"minimal_overlap": 5000, "dominguez_thomson": 100}
"""How many claims each can divide: their denominators grow with every claim, or every step."""


def divided_among_few(method: FewMethod, claims: IntArray, estate: int) -> Portions:
    """An estate divided among claims; where it covers them all, all are paid, and no more.

    Parameters
    ----------
    method
        How it is divided.
    claims
        0 or more each, no more of them than `MOST_CLAIMS` says.
    estate
        0 or more.
    """
    if len(claims) > MOST_CLAIMS[method]:
        raise ValueError(f"{method} divides among {MOST_CLAIMS[method]:,} claims at most")
    if estate >= exact_sum(claims):
        return Portions.paid(claims.copy())
    return Portions.exactly(FEW_METHODS[method](claims.tolist(), estate))


def minimal_overlap(claims: list[int], estate: int) -> list[Fraction]:
    """Claims laid on the estate so that as much as can be is claimed by one alone.

    Up to a mark the claims lie on top of each other from the start, and every part is shared
    equally among those who claim it; what a claim has above the mark is its own.
    """
    claims = [min(claim, estate) for claim in claims]
    mark = _mark(claims, estate)
    order = sorted(range(len(claims)), key=claims.__getitem__)
    awards, shared, covered = [Fraction(0)] * len(claims), Fraction(0), Fraction(0)
    for place, row in enumerate(order):
        reach = min(Fraction(claims[row]), mark)
        shared += (reach - covered) / (len(claims) - place)
        covered = reach
        awards[row] = shared + claims[row] - reach
    return awards


def dominguez_thomson(claims: list[int], estate: int) -> list[Fraction]:
    """An equal part of everyone's claim (of the estate, where the claim is larger), over and over.

    Each step gives all of n claimants an n-th of the claim or of what is left, whichever is less.
    Once no claim is less than what is left, all steps that would follow share it equally.
    """
    n, scale = len(claims), 1
    given, left = [0] * n, estate
    some = [claim > 0 for claim in claims]
    # All amounts are multiplied by n at each step, and stay whole.
    while any(0 < claim < left for claim in claims):
        parts = [min(claim, left) for claim in claims]
        claims = [n * claim - part for claim, part in zip(claims, parts, strict=True)]
        given = [n * sofar + part for sofar, part in zip(given, parts, strict=True)]
        left, scale = n * left - sum(parts), n * scale
    last = Fraction(left, sum(some))
    return [(sofar + last * more) / scale for sofar, more in zip(given, some, strict=True)]


def _mark(claims: list[int], estate: int) -> Fraction:
    """The mark t where what the claims have above it and t add up to the estate."""
    if estate == max(claims):
        return Fraction(estate)

    def total(mark: int) -> int:
        return mark + sum(max(claim - mark, 0) for claim in claims)

    low, high = 0, max(claims)
    while low < high:
        middle = (low + high + 1) // 2
        if total(middle) >= estate:
            low = middle
        else:
            high = middle - 1
    over = total(low) - estate
    # One unit higher the total falls by one for every claim above the mark but one.
    steps = Fraction(over, sum(claim > low for claim in claims) - 1) if over else Fraction(0)
    return low + steps


FEW_METHODS: Mapping[str, Callable[[list[int], int], list[Fraction]]] = {
    "minimal_overlap": minimal_overlap,
    "dominguez_thomson": dominguez_thomson,
}
