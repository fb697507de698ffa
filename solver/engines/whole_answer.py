"""Whole packages under several limits: what was found, and what is proved of it."""

from dataclasses import dataclass

from metneed.models.arrays import IntArray
from metneed.models.certificate import Proof, Stopped
from metneed.solver.engines.weak_duality import Bound


@dataclass(frozen=True, eq=False)
class RowsWhole:
    """Whole packages that keep every row, and what is proved of them.

    Parameters
    ----------
    picks
        For each user the position in the menus, -1 for nothing.
    value
        What the packages are worth together.
    upper_bound
        No whole packages that keep the rows are worth more, by our own integer arithmetic.
    bound
        The bound of the linear programme with its multipliers: the short certificate. Where
        `upper_bound` is below it, the listing of everything nearer is what proves it.
    proof
        ``proved`` where `value` is the greatest, or where no more than the bound is claimed;
        ``solver's word only`` where an outside solver calls it the greatest.
    least_cost
        Whether it is also proved that nothing of that value counts less in the first row.
    stopped
        What ended the search.
    states
        How many states the last listing had; 0 without one.
    """

    picks: IntArray
    value: int
    upper_bound: int
    bound: Bound
    proof: Proof
    least_cost: bool
    stopped: Stopped
    states: int

    @property
    def gap(self) -> int:
        """How far the value may be from the greatest."""
        return self.upper_bound - self.value


@dataclass(frozen=True)
class NoWholeAnswer:
    """Whole packages that keep the rows were not found.

    Parameters
    ----------
    bound
        What the linear programme allows.
    proved
        Whether it is proved that no whole packages keep the rows.
    stopped
        What ended the search.
    in_parts
        Whether part packages were found that keep the rows.
    """

    bound: Bound
    proved: bool
    stopped: Stopped
    in_parts: bool = True
