"""A table of openings in a search: what bounds each of them, and which need no second look."""

from dataclasses import dataclass, field

import numpy as np

from metneed.models.arrays import BoolArray, IntArray
from metneed.solver.engines.gains import IMPOSSIBLE, Decided, Gains, Prices


@dataclass(eq=False)
class Block:
    """What is known of the openings of a table, by entry.

    Parameters
    ----------
    gains
        The table of gains.
    bounds
        The least of all bounds.
    settled
        Which were solved, or shown to be impossible.
    refined
        With which services' least members an opening's own prices were found.
    least
        The services whose least members must be asked for.
    tables
        Each bound apart, as long as no service is decided beside the table.
    """

    gains: Gains
    bounds: IntArray
    settled: BoolArray
    refined: dict[int, tuple[int, ...]] = field(default_factory=dict)
    least: dict[int, tuple[int, ...]] = field(default_factory=dict)
    tables: list[IntArray] = field(default_factory=list)

    def look_at(self, prices: Prices) -> None:
        """Bound all openings by one more table."""
        table = self.gains.bounds(prices)
        np.minimum(self.bounds, table, out=self.bounds)
        if not (self.decided.opened or self.decided.closed):
            self.tables.append(table)

    @property
    def decided(self) -> Decided:
        """Which services are open or closed for good, and which are listed."""
        return self.gains.decided

    @property
    def open_bounds(self) -> IntArray:
        """The bounds of what is not settled."""
        return np.where(self.settled, IMPOSSIBLE, self.bounds)

    @property
    def top(self) -> int:
        """The greatest bound of an opening that is not settled."""
        return int(self.open_bounds.max())

    def few_tables(self, upper: int, first: int) -> tuple[list[int], int]:
        """Few of the tables that together bound nearly all openings as a proof needs.

        Parameters
        ----------
        upper
            What no opening is to be worth more than.
        first
            A table that is among them, and comes first.

        Returns
        -------
        tuple
            Which tables, and of how many openings none is low enough: the best of these too.
        """
        tables = np.array(self.tables)
        proved = tables <= upper
        searched = ~self.gains.impossible & ~proved.any(axis=0)
        left = ~self.gains.impossible & ~searched
        chosen: list[int] = []
        while left.any():
            chosen.append(int((proved & left).sum(axis=1).argmax()))
            left &= ~proved[chosen[-1]]
        chosen += np.unique(tables[:, searched].argmin(axis=0)).tolist()
        return [first, *sorted({*chosen} - {first})], int(searched.sum())
