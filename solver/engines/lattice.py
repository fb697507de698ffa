"""The lattice of totals: what sums of costs and values are possible at all.

Costs in whole pounds, needs in whole points, or needs that follow from costs leave only some pairs
of totals possible; a bound may skip all others.
"""

from dataclasses import dataclass
from math import gcd

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, picked
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.chunks import chunks

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
        return cls(0, 0, 0).holding(cost, value)

    @classmethod
    def of_all(cls, menus: Menus, choice: Choice, picks: IntArray) -> "Lattice":
        """The coarsest lattice that holds every change from the picks, and so all their sums."""
        cost, value = (picked(column, picks) for column in (menus.cost, menus.value))
        lattice = cls(0, 0, 0)
        if choice == "at_most_one":
            lattice = lattice.holding(cost, value)
        for users, packages, _, _ in chunks(menus):
            if lattice.is_everything:
                break
            sizes = np.diff(menus.offsets[users.start : users.stop + 1])
            more = menus.cost[packages] - np.repeat(cost[users], sizes)
            gain = menus.value[packages] - np.repeat(value[users], sizes)
            lattice = lattice.holding(more, gain)
        return lattice

    @property
    def is_everything(self) -> bool:
        """Whether every pair of totals is on it."""
        return self.step == 1 and self.period == 1

    def holding(self, cost: IntArray, value: IntArray) -> "Lattice":
        """The coarsest lattice that holds this one and all the given pairs."""
        lattice = self
        while not lattice.is_everything:
            outside = np.flatnonzero(~lattice._holds(cost, value))
            if not len(outside):
                break
            first = int(outside[0])
            lattice = lattice._with(int(cost[first]), int(value[first]))
            cost, value = cost[outside], value[outside]
        return lattice

    def _holds(self, cost: IntArray, value: IntArray) -> BoolArray:
        if self.step == 0:
            free = value == 0 if self.period == 0 else value % self.period == 0
            at_no_cost: BoolArray = (cost == 0) & free
            return at_no_cost
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
        steps = cost if self.step == 1 else cost // self.step
        on_step = True if self.step == 1 else steps * self.step == cost
        if self.period == 1:
            held: BoolArray = np.broadcast_to(on_step, len(cost))
        elif self.slope in {0, 1}:
            held = ((value - self.slope * steps) % self.period == 0) & on_step
        else:
            held = ((value - self.slope * (steps % self.period)) % self.period == 0) & on_step
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
