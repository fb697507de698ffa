"""Exact portions of money: whole units and a fraction each, and levels that fill up to caps."""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from metneed.models.arrays import BoolArray, IntArray
from metneed.models.sums import exact_sum

_INT64 = 2**63
_CLOSE = 2**50
_SAFE = 2**61


@dataclass(frozen=True, eq=False)
class Portions:
    """Exact amounts, one each: ``whole + rest / of``.

    Parameters
    ----------
    whole
        The amounts rounded down.
    rest
        What is left of each, 0 to `of` - 1: int64, or Python integers where they are larger.
    of
        The denominator that all share.
    """

    whole: IntArray
    rest: IntArray
    of: int

    @classmethod
    def paid(cls, amounts: IntArray) -> "Portions":
        """Whole amounts."""
        return cls(amounts, np.zeros(len(amounts), dtype=np.int64), 1)

    @classmethod
    def exactly(cls, amounts: list[Fraction]) -> "Portions":
        """Any fractions; for a few amounts only."""
        of = lcm(*(amount.denominator for amount in amounts))
        whole = [amount.numerator // amount.denominator for amount in amounts]
        rest = [int((amount - down) * of) for amount, down in zip(amounts, whole, strict=True)]
        return cls(np.array(whole, dtype=np.int64), _narrow(np.array(rest, dtype=object), of), of)

    def fractions(self) -> list[Fraction]:
        """The amounts as fractions."""
        pairs = zip(self.whole.tolist(), self.rest.tolist(), strict=True)
        return [whole + Fraction(rest, self.of) for whole, rest in pairs]

    def units(self, total: int) -> IntArray:
        """Whole amounts that add up to `total`, what the portions add up to.

        The units that are left over go one each to the greatest remainders, among equal ones to
        the earlier: nobody gets less than the portion rounded down, or more than it rounded up.
        """
        missing = total - exact_sum(self.whole)
        amounts = self.whole.copy()
        if missing:
            amounts[np.argsort(-self.rest, kind="stable")[:missing]] += 1
        return amounts

    def halved(self) -> "Portions":
        """Half of each."""
        odd = (self.whole % 2).astype(self.rest.dtype)
        return _portions(self.whole // 2, odd * self.of + self.rest, 2 * self.of)

    def above(self, base: IntArray) -> "Portions":
        """Each on top of a whole amount."""
        return Portions(base + self.whole, self.rest, self.of)

    def below(self, claims: IntArray) -> "Portions":
        """What is left of each whole claim when this is taken off."""
        part = self.rest > 0
        rest = np.where(part, self.of - self.rest, 0)
        return _portions(claims - self.whole - part, rest, self.of)

    def plus(self, other: "Portions") -> "Portions":
        """The sums of two."""
        of = lcm(self.of, other.of)
        mine, theirs = of // self.of, of // other.of
        wide = 2 * of >= _INT64
        first, second = (rest.astype(object) if wide else rest for rest in (self.rest, other.rest))
        rest = first * mine + second * theirs
        over = rest >= of
        return _portions(self.whole + other.whole + over, rest - over.astype(rest.dtype) * of, of)


def level(caps: IntArray, weights: IntArray, total: int) -> Portions:
    """``min(cap, weight x t)`` for the t at which they add up to `total`.

    Newton's method on a concave function that is linear between its corners: every step is an
    exact fraction at or below the answer, and the steps end at it.

    Parameters
    ----------
    caps
        0 or more each.
    weights
        1 or more each.
    total
        0 up to the sum of the caps.
    """
    if total >= exact_sum(caps):
        return Portions.paid(caps.copy())
    weights = weights // int(np.gcd.reduce(weights))
    if int(weights.max()) < _INT64:
        weights = weights.astype(np.int64)
    full = _nearly_full(caps, weights, total)
    while True:
        left, of = total - exact_sum(caps[full]), exact_sum(weights[~full])
        whole, rest = times(weights, left, of, most=int(caps.max()))
        reached = whole >= caps
        if (reached == full).all():
            return _portions(np.where(full, caps, whole), np.where(full, 0, rest), of)
        full = reached


def times(weights: IntArray, left: int, of: int, most: int) -> tuple[IntArray, IntArray]:
    """``weight x left / of`` rounded down, at most `most` + 1, and the remainder of each.

    Parameters
    ----------
    weights
        1 or more each.
    left, of
        Numerator, 0 or more, and denominator, 1 or more.
    most
        Quotients above this are not told apart.
    """
    each, over = divmod(left, of)
    heaviest = int(weights.max())
    if heaviest * (each + 1) >= _INT64:
        pairs = weights.astype(object) * left
        whole = np.minimum(pairs // of, most + 1).astype(np.int64)
        return whole, _narrow(pairs % of, of)
    if over * heaviest < _INT64:
        more, rest = np.divmod(weights * over, of)
    elif heaviest < _CLOSE and of < _SAFE:
        more, rest = _close_quotients(weights, over, of)
    else:
        pairs = weights.astype(object) * over
        more, rest = (pairs // of).astype(np.int64), _narrow(pairs % of, of)
    return weights * each + more, rest


def _close_quotients(weights: IntArray, over: int, of: int) -> tuple[IntArray, IntArray]:
    """Quotients below 2^50 from floats, at most 1 off, put right by their exact remainder.

    Remainders of the guess lie between -`of` and 2 x `of`, so that they are exact modulo 2^64.
    """
    guess = (weights * (over / of)).astype(np.int64)
    rest = (
        weights.astype(np.uint64) * np.uint64(over) - guess.astype(np.uint64) * np.uint64(of)
    ).astype(np.int64)
    step = np.where(rest < 0, -1, np.where(rest >= of, 1, 0))
    return guess + step, rest - step * of


def _nearly_full(caps: IntArray, weights: IntArray, total: int) -> BoolArray:
    """Whose cap is reached, as far as floats tell: a good place to begin, where it is possible."""
    real, weight = caps.astype(np.float64), weights.astype(np.float64)
    empty: BoolArray = caps == 0
    full = empty
    while True:
        t = (total - real[full].sum()) / max(weight[~full].sum(), 1.0)
        reached = full | (real <= weight * t)
        if (reached == full).all():
            break
        full = reached
    if full.all() or exact_sum(caps[full]) > total:
        return empty
    return full


def _portions(whole: IntArray, rest: IntArray, of: int) -> Portions:
    """Portions whose remainders are Python integers where they could pass 63 bits from now on."""
    wide = of >= _SAFE and rest.dtype != np.dtype(object)
    return Portions(whole, rest.astype(object) if wide else rest, of)


def _narrow(rest: IntArray, of: int) -> IntArray:
    return rest.astype(np.int64) if of < _SAFE else rest
