"""The lattice of totals: what sums of costs and values are possible at all.

Costs in whole pounds, needs in whole points, or needs that follow from costs leave only some pairs
of totals possible; a bound may skip all others.
"""

from dataclasses import dataclass
from math import gcd

import numpy as np

from metneed.models.arrays import BoolArray, IntArray

_SMALL = 2**31
_TERMS = 10_000


@dataclass(frozen=True)
class Lattice:
    """All totals (cost, value) with cost = step x s and value = slope x s, up to `period`, s whole.

    Parameters
    ----------
    step
        Greatest common divisor of all costs; 0 where there are none.
    slope
        Value that goes with one step.
    period
        Totals of value at the same cost differ by multiples of this; 0 where they are equal.
    """

    step: int
    slope: int
    period: int

    @classmethod
    def of(cls, cost: IntArray, value: IntArray) -> "Lattice":
        """The coarsest lattice that holds all the given pairs, and so all their sums."""
        lattice = cls(0, 0, 0)
        while len(outside := np.flatnonzero(~lattice._holds(cost, value))):
            first = int(outside[0])
            lattice = lattice._with(int(cost[first]), int(value[first]))
            cost, value = cost[outside], value[outside]
        return lattice

    def _holds(self, cost: IntArray, value: IntArray) -> BoolArray:
        if self.step == 0:
            return np.zeros(len(cost), dtype=np.bool_)
        if self.period == 0:
            on_line: BoolArray = (cost % self.step == 0) & (value * self.step == self.slope * cost)
            return on_line
        if self.period >= _SMALL:  # the product below could leave 64 bits
            pairs = zip(cost.tolist(), value.tolist(), strict=True)
            exact = [
                c % self.step == 0 and (v - self.slope * (c // self.step)) % self.period == 0
                for c, v in pairs
            ]
            return np.array(exact, dtype=np.bool_)
        steps = cost // self.step % self.period
        held: BoolArray = (cost % self.step == 0) & (
            (value - self.slope * steps) % self.period == 0
        )
        return held

    def _with(self, cost: int, value: int) -> "Lattice":
        """The lattice with one more pair, by Euclid's algorithm on the costs."""
        step, slope = self.step, self.slope
        while cost:
            times = step // cost
            step, slope, cost, value = cost, value, step - times * cost, slope - times * value
        if step < 0:
            step, slope = -step, -slope
        period = gcd(self.period, value)
        return Lattice(step, slope % period if period else slope, period)

    def greatest_loss(self, p: int, q: int, most_cost: int, least_value: int) -> int:
        """The greatest p x cost - q x value of any total within a cost and with at least a value.

        A bound from above, -1 where it is negative or there is no such total; `p` and `q` are
        positive.
        """
        top = most_cost // self.step if self.step else 0
        if self.period == 0:
            return self._loss_on_line(p, q, top, least_value)
        best = -1
        for count, s in enumerate(range(top, top - self.period, -1)):
            most = p * self.step * s - q * least_value
            if most <= best or count == _TERMS:
                return max(best, most)  # all further totals cost less and are worth no less
            value = least_value + (self.slope * s - least_value) % self.period
            best = max(best, p * self.step * s - q * value)
        return best

    def _loss_on_line(self, p: int, q: int, top: int, least_value: int) -> int:
        """The same where cost fixes value: on the line of `slope` (positive) a `step`."""
        if self.step == 0:
            return -1
        low = -(-least_value // self.slope)
        if low > top:
            return -1
        loss = p * self.step - q * self.slope
        return max(-1, loss * (top if loss > 0 else low))
