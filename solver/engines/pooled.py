"""Pooled services: which to open, and the best packages then, proved over all openings.

At some prices of the limits one table bounds every opening; the least of several tables is what is
known of each. The opening of the greatest bound is solved by itself, its own prices give the next
table, and so on until no bound is above the best that was found. Where there are more services than
a table lists, the cheapest are decided one by one above it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from metneed.models.arrays import BoolArray
from metneed.models.certificate import Stopped
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.solver.engines.gains import (
    IMPOSSIBLE,
    ROOM,
    Decided,
    Gains,
    Prices,
    Scale,
    all_kinds,
    undivided,
)
from metneed.solver.engines.one_opening import (
    Answer,
    Task,
    best_with,
    dual_prices,
    spread,
    too_few,
)
from metneed.solver.engines.opening_block import Block
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.pool import Pool
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import Bound
from metneed.solver.engines.whole_answer import NoWholeAnswer, RowsWhole

AROUND = 25
"""Prices of the budget that are tried around those of the root."""

BEYOND = 1.15
"""How far they go beyond the prices with nothing and with everything to pay."""

EQUALS = 32
"""Openings no better than the best one that are solved too, for the one that costs least."""

TRIED_WHOLE = 12
"""Undecided openings solved with everything undecided open, for a first answer."""


@dataclass(frozen=True, eq=False)
class Pooled:
    """The best opening, and what is proved of it.

    Parameters
    ----------
    answer
        Packages, and the services that they use.
    upper_bound
        Nothing is worth more, whatever is open.
    prices
        Prices that prove it for every opening but those in `searched`.
    searched
        For how many openings only the search itself shows that they are worth no more.
    least_cost
        Whether it is proved too that nothing of this value costs less; None with part packages.
    stopped
        What ended the search.
    """

    answer: Answer
    upper_bound: int
    prices: tuple[Prices, ...]
    searched: int
    least_cost: bool | None
    stopped: Stopped


def best_opening(  # noqa: PLR0913 - the problem in its parts, and how to run
    menus: Menus,
    due: BoolArray | None,
    rows: Sequence[Row],
    pools: Sequence[Pool],
    settings: Settings | None = None,
    *,
    divisible: bool = False,
) -> Pooled | NoWholeAnswer | RowsInfeasible:
    """The packages of greatest value with the services that they need open.

    Parameters
    ----------
    menus
        The packages that are allowed.
    due
        For each user whether nothing is no choice; None where everybody may have nothing.
    rows
        The limits, the budget first; what open services cost comes out of it.
    pools
        The services, each with its cost and its least members.
    settings
        Time and memory for all together.
    divisible
        Whether part packages are allowed; a part of a package is a member in part.

    Raises
    ------
    NumbersTooLargeError
        Where exact arithmetic in 64 bits is not sure.
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    """
    settings = settings or Settings()
    needed = np.zeros(menus.n_users, dtype=np.bool_) if due is None else due
    task = Task(
        menus,
        needed,
        tuple(rows),
        tuple(pools),
        divisible,
        settings,
        time.monotonic() + settings.time_limit,
    )
    return _Search(task).answer()


class _Search:
    def __init__(self, task: Task) -> None:
        self.task = task
        self.kinds = all_kinds(task.menus, task.due, task.rows, task.pools)
        self.scale = Scale(self.kinds, task.pools)
        self.blocks: list[Block] = []
        self.prices: list[Prices] = []
        self.best: Answer | None = None
        self.settled_bound = IMPOSSIBLE
        self.undecided_none = False
        self.stopped: Stopped = "finished"
        self.least_cost = True
        self.whole_tries = 0

    def answer(self) -> Pooled | NoWholeAnswer | RowsInfeasible:
        """The best of all openings, in the order of their bounds."""
        self._add_block(undivided(self.task.pools))
        self._root()
        self._descend(0)
        if self.best is not None:
            self._equals()
        return self._result()

    def _add_block(self, decided: Decided) -> None:
        gains = Gains(self.kinds, self.task.pools, decided, self.scale)
        bounds = np.full(2 ** len(decided.listed), ROOM)
        block = Block(gains, bounds, np.zeros(len(bounds), dtype=np.bool_))
        bounds[gains.impossible] = IMPOSSIBLE
        for prices in self.prices:
            block.look_at(prices)
        self.blocks.append(block)

    def _add_prices(self, prices: Sequence[Fraction], *, valued: bool) -> None:
        """Bounds of all openings at more prices."""
        found = self.scale.prices(prices, valued=valued)
        if found not in self.prices:
            self._add(found)

    def _add(self, prices: Prices) -> None:
        self.prices.append(prices)
        for block in self.blocks:
            block.look_at(prices)

    def _root(self) -> None:
        """Prices with everything open for nothing, with everything to pay, and between these."""
        task, everything = self.task, range(len(self.task.pools))
        free = Task(
            task.menus,
            task.due,
            task.rows,
            tuple(Pool(pool.needs, pool.members) for pool in task.pools),
            task.divisible,
            task.settings,
            task.deadline,
        )
        base, valued = dual_prices(free, everything, ())
        self._add_prices(base, valued=valued)
        if not valued or not task.rows:
            return
        none = [Fraction(0)] * (len(base) - 1)
        self._add_prices([Fraction(1), *none], valued=False)
        paid, affordable = dual_prices(task, everything, ())
        low, high = float(base[0]), float(paid[0] if affordable else 4 * base[0])
        low, high = min(low, high) / BEYOND, max(low, high) * BEYOND
        if low > 0 and self.blocks[0].top > IMPOSSIBLE:
            for price in np.geomspace(low, high, AROUND).tolist():
                self._add_prices([Fraction(price), *base[1:]], valued=True)

    def _descend(self, at_least: int, most: int | None = None) -> None:
        """Settle the opening of the greatest bound, until none is above the best known.

        With `at_least` 1, openings no better than the best are settled too, at most so many.
        """
        solved = 0
        while True:
            block = max(self.blocks, key=lambda each: each.top)
            worth_it = self.best is None or block.top + at_least > self.best.value
            if block.top == IMPOSSIBLE or not worth_it:
                return
            if time.monotonic() > self.task.deadline and self.best is not None:
                self.stopped = "time limit"
                return
            if most is not None and solved >= most:
                self.least_cost = False
                return
            if block.decided.undecided:
                self._split(block)
            else:
                solved += self._settle(block, int(block.open_bounds.argmax()))
            if time.monotonic() > self.task.deadline and self.best is None:
                self.stopped = "time limit"
                # With everything closed there is an answer soon, if there is one.
                self._try(set(), 1)
                return

    def _split(self, block: Block) -> None:
        """Decide one more service, trying everything undecided open for a first answer."""
        if self.whole_tries < TRIED_WHOLE:
            self.whole_tries += 1
            is_open = block.decided.is_open(int(block.open_bounds.argmax()))
            self._try({*is_open, *block.decided.undecided}, TRIED_WHOLE)
        self.blocks.remove(block)
        for decided in block.decided.split():
            self._add_block(decided)

    def _try(self, is_open: set[int], times: int) -> None:
        """Take good packages of an opening, whatever its bound, in a part of the time left."""
        least: tuple[int, ...] = ()
        left = self.task.deadline - time.monotonic()
        quick = replace(self.task, deadline=time.monotonic() + max(0.0, left) / times)
        while True:
            found = best_with(quick, sorted(is_open), least)
            if not isinstance(found, Answer):
                return
            short = set(too_few(self.task, found)) - set(least)
            if not short:
                self._offer(found)
                return
            least = tuple(sorted({*least, *short}))

    def _offer(self, answer: Answer) -> None:
        known = self.best
        if known is None or (answer.value, -answer.cost) > (known.value, -known.cost):
            self.best = answer

    def _settle(self, block: Block, entry: int) -> bool:
        """Look closer at an opening: at its own prices first, then at its best packages."""
        is_open, least = block.decided.is_open(entry), block.least.get(entry, ())
        if block.refined.get(entry) != least and not self.task.divisible:
            block.refined[entry] = least
            prices, valued = dual_prices(self.task, is_open, least)
            self._add_prices(prices, valued=valued)
            return False
        found = best_with(self.task, is_open, least)
        if isinstance(found, RowsInfeasible):
            self._impossible(block, entry, found, least)
        elif isinstance(found, NoWholeAnswer):
            block.settled[entry] = True
            if not found.proved:
                self.undecided_none = True
                self.stopped = found.stopped if self.stopped == "finished" else self.stopped
                self.settled_bound = max(self.settled_bound, int(block.bounds[entry]))
        else:
            self._solved(block, entry, found)
        return True

    def _spread(self, least: Sequence[int], found: Bound) -> list[Fraction]:
        return spread(len(self.task.rows), len(self.task.pools), least, found)

    def _impossible(
        self, block: Block, entry: int, found: RowsInfeasible, least: Sequence[int]
    ) -> None:
        if found.certificate is not None:
            self._add_prices(self._spread(least, found.certificate), valued=False)
        block.settled[entry] = True

    def _solved(self, block: Block, entry: int, found: Answer) -> None:
        if self.task.divisible and not isinstance(found.found, RowsWhole):
            self._add_prices(self._spread(found.least, found.found.bound), valued=True)
        # Without the least members of some services the answer still bounds what there is.
        block.bounds[entry] = min(int(block.bounds[entry]), found.upper_bound)
        short = set(too_few(self.task, found)) - set(found.least)
        if short:
            block.least[entry] = tuple(sorted({*found.least, *short}))
            return
        block.settled[entry] = True
        self.settled_bound = max(self.settled_bound, int(block.bounds[entry]))
        if found.found.stopped != "finished" and self.stopped == "finished":
            self.stopped = found.found.stopped
        self._offer(found)

    def _equals(self) -> None:
        """Of openings worth the same the one that costs least, where they are few."""
        if not self.task.divisible and self.stopped == "finished":
            self._descend(1, EQUALS)

    def _result(self) -> Pooled | NoWholeAnswer | RowsInfeasible:
        task, best = self.task, self.best
        if best is None:
            return self._none()
        left = max(block.top for block in self.blocks)
        upper = max(best.value, self.settled_bound, left)
        own = self._own_prices(best)
        prices, searched = self._proof(upper, own)
        least_cost = None
        if isinstance(best.found, RowsWhole):
            least_cost = best.found.least_cost and self.least_cost and left < best.value
        if upper == best.value and self.stopped == "time limit" and not task.divisible:
            self.stopped = "finished"
        return Pooled(best, upper, prices, searched, least_cost, self.stopped)

    def _none(self) -> NoWholeAnswer | RowsInfeasible:
        nobody = np.zeros(0, dtype=np.int64)
        open_still = max(block.top for block in self.blocks) > IMPOSSIBLE
        if self.undecided_none or open_still:
            return NoWholeAnswer(Bound((), 1, 0), proved=False, stopped=self.stopped)
        return RowsInfeasible(None, (), nobody)

    def _own_prices(self, best: Answer) -> Prices:
        """The prices with just those services open that are."""
        prices, valued = dual_prices(self.task, best.used, best.least)
        return self.scale.prices(prices, valued=valued)

    def _proof(self, upper: int, own: Prices) -> tuple[tuple[Prices, ...], int]:
        """Few prices that prove the bound of nearly all openings, and how many are left out.

        The winner's own come first.
        """
        if own not in self.prices:
            self._add(own)
        first = self.prices.index(own)
        if any(block.decided.undecided or block.decided.closed for block in self.blocks):
            rest = [prices for prices in self.prices if prices != own]
            return (own, *rest[:AROUND]), 0
        kept, searched = self.blocks[0].few_tables(upper, first)
        return tuple(self.prices[k] for k in kept), searched
