"""The search for the best whole packages under several limits: each step in turn."""

import time
from collections.abc import Sequence
from math import log, sqrt

import numpy as np

from metneed.models.allocation import WHOLE
from metneed.models.arrays import BoolArray, IntArray, frozen, picked
from metneed.models.certificate import Proof, Stopped
from metneed.models.errors import SolverError
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.models.sums import exact_sum
from metneed.solver.engines.branches import branch_among
from metneed.solver.engines.deviations import Deviations
from metneed.solver.engines.exchanges import Choice, exchange
from metneed.solver.engines.kinds import Kinds, kinds_of
from metneed.solver.engines.known_whole import KnownWhole
from metneed.solver.engines.lagrangian import Relaxed
from metneed.solver.engines.ledger import Ledger, whole_amounts
from metneed.solver.engines.meet import Met, meet, wider_gap
from metneed.solver.engines.near_ties import NearTies, near_ties, neighbourhood
from metneed.solver.engines.part_packages import part_packages
from metneed.solver.engines.rows import Row
from metneed.solver.engines.tighter import Options
from metneed.solver.engines.weak_duality import surplus_at
from metneed.solver.engines.whole_answer import NoWholeAnswer, RowsWhole

NEAREST = (16, 24, 34, 48, 68)
"""Users, those nearest a tie, among whom all choices are listed for a better start."""

START_STATES, START_PAIRS = 200_000, 3_000_000
SHRINKS = 8
"""How often the gap is halved for that, at most."""

FIRST_LISTED = 12
"""Deviations within the first gap that is listed."""

LISTABLE = 3e9
"""Sets, as they may be expected, up to which listing to the end is tried once more."""

NARROWER = 1.1
"""A gap that was too wide is drawn in unless it is so near to one that was not."""

MORE = 8
"""Times as many states for the start where the optimum could not be proved."""

BYTES_A_ROW = 10
BYTES_A_STATE = 24

PATIENCE = 12.0
"""Seconds for an outside solver at first."""

AGAIN = 5.0
"""Seconds for each further question about a few users."""

TRIED = 8
"""Exchanges in a row that may be in vain."""

FRUITLESS = 4
"""Further questions in a row, and exchanges after them, that may be in vain."""

LISTED = 4
"""Rows up to which listing is the better way to a proof."""

PROVING, A_WHILE = {1: 1 / 3, 2: 1 / 6}, 1 / 12
"""Part of the time left for listing with one or two rows more, and for what else is tried at first.
"""

AFTER_ALL, PROOF_ONLY = 0.25, 0.9
"""Part of the time left for branching, and then for listing, once better packages are known."""

EXCHANGING = 1 / 8
"""Part of the time left for exchanges where an outside solver can be asked about everything."""

NEAR_STARTED = 7
"""Rows up to which more sets among the users nearest a tie may lead to something."""

GRACE = 0.5
ROOM = 2**61


class WholeSearch:
    """The best whole packages known, what is proved, and the search for better ones."""

    def __init__(  # noqa: PLR0913, PLR0917 - the problem, its relaxation, and limits
        self,
        menus: Menus,
        due: BoolArray,
        rows: Sequence[Row],
        relaxed: Relaxed,
        settings: Settings,
        deadline: float,
    ) -> None:
        self.menus, self.due, self.rows = menus, due, rows
        self.relaxed, self.settings, self.deadline = relaxed, settings, deadline
        self.bound = relaxed.bound
        self.single: Kinds = kinds_of(menus, due, rows, merge=False)
        surplus = surplus_at(
            self.single, self.bound.multipliers, self.bound.denominator, self.single.value
        )
        best = np.maximum.reduceat(surplus, self.single.offsets[:-1])
        loss = np.repeat(best, np.diff(self.single.offsets)) - surplus
        self.amounts, self.limits, exact = whole_amounts(self.single)
        self.exact = exact and loss.dtype == np.int64 and abs(self.bound.total) < ROOM
        self.loss: IntArray = loss if loss.dtype == np.int64 else _coarse(loss)
        self.known = KnownWhole(menus, due, rows, self.single)
        self.upper_bound = self.bound.value
        self.least_cost = False
        self.proved_none = False
        self.stopped: Stopped = "finished"
        self.states = 0
        # Where to look next; it decides nothing.
        self.random = np.random.default_rng(0)

    def answer(self) -> RowsWhole | NoWholeAnswer:
        """Everything in turn, until the optimum is proved or the time is over."""
        self._round()
        word = False
        if self.exact:
            self._prepare()
            self._near_start()
            if not (self._prove(self._share()) or self._branch(A_WHILE)):
                word = self._search_more()
        else:
            word = self._ask()
        if self.known.picks is None:
            in_parts = not self.relaxed.answer.missing.any()
            return NoWholeAnswer(self.bound, self.proved_none, self.stopped, in_parts)
        proof: Proof = (
            "solver's word only" if word and self.known.value < self.upper_bound else "proved"
        )
        return RowsWhole(
            frozen(self.known.picks),
            self.known.value,
            self.upper_bound,
            self.bound,
            proof,
            self.least_cost,
            self.stopped,
            self.states,
        )

    def _round(self) -> None:
        """Round the linear programme down, fill it up and exchange pairs."""
        single = self.single
        parts = part_packages(
            self.menus, self.relaxed.kinds, self.relaxed.core, self.relaxed.answer, self.deadline
        ).parts
        whole = parts.share == WHOLE
        picks = np.full(self.menus.n_users, -2, dtype=np.int64)
        picks[parts.user[whole]] = parts.package[whole]
        split = np.setdiff1d(parts.user[~whole], parts.user[whole])
        picks[(picks == -2) & ~np.isin(np.arange(len(picks)), split)] = -1
        chosen = self.known.options_of(np.maximum(picks, -1))
        price = self.amounts @ np.array(self.bound.multipliers, dtype=np.float64)
        for user in split.tolist():
            # A split user begins with what uses least of what is scarce.
            menu = slice(single.offsets[user], single.offsets[user + 1])
            chosen[user] = menu.start + int(np.argmin(price[menu]))
        used = [exact_sum(column) for column in self.amounts[chosen].T]
        left = self.limits - np.array(used, dtype=np.int64)
        ledger = Ledger(
            single.offsets, single.owner, single.value, self.amounts, self.loss, chosen, left
        )
        if not ledger.keeps and not ledger.repair(np.abs(self.limits) + 1):
            return
        ledger.improve(self.deadline)
        self.known.offer(single.package[ledger.chosen])

    def _prepare(self) -> None:
        """Everybody's best at the prices, and all deviations from it."""
        single = self.single
        best = np.flatnonzero(self.loss == 0)
        self.base = best[np.searchsorted(best, single.offsets[:-1])]
        other = np.ones(len(self.loss), dtype=np.bool_)
        other[self.base] = False
        option = np.flatnonzero(other & (self.loss <= self._widest()))
        user = single.owner[option]
        use = self.amounts[option] - self.amounts[self.base[user]]
        self.deviations = Deviations(user, option, self.loss[option], use)
        self.left = self.limits - self.amounts[self.base].sum(axis=0)
        losses = np.sort(self.deviations.loss)
        self.listed_gap = 0
        self.next_gap = int(losses[min(len(losses) - 1, FIRST_LISTED)]) if len(losses) else 0

    def _widest(self) -> int:
        """The gap within which everything at least as good as the best known lies."""
        if self.known.picks is None:
            # No choice is worth less: what is left of the limits counts in the gap as well.
            least = np.minimum.reduceat(self.single.value, self.single.offsets[:-1])
            return self.bound.total - self.bound.denominator * exact_sum(least)
        return self.bound.total - self.bound.denominator * self.known.value

    def _most_states(self) -> int:
        state = BYTES_A_STATE + BYTES_A_ROW * len(self.rows)
        return int(self.settings.memory_limit * 2**30 / 2 / state)

    def _meet(
        self,
        deviations: Deviations,
        gap: int,
        most_states: int,
        deadline: float,
        *effort: int,
    ) -> Met:
        prices = self.bound.multipliers
        found = meet(deviations, self.left, prices, gap, most_states, deadline, *effort)
        if found.options is not None:
            chosen = self.base.copy()
            chosen[self.single.owner[found.options]] = found.options
            self.known.offer(self.single.package[chosen])
        return found

    def _near_start(self, times: int = 1) -> None:
        """Better packages among the users nearest a tie; it proves nothing."""
        if self.known.value == self.upper_bound and self.known.picks is not None:
            return
        gap = min(self._widest(), ROOM)
        for users in NEAREST:
            near = self.deviations.of_nearest(users)
            for _ in range(SHRINKS):
                if time.monotonic() > self.deadline:
                    return
                most, pairs = times * START_STATES, times * START_PAIRS
                if self._meet(near, gap, most, self.deadline, most, pairs).complete:
                    break
                gap //= 2
            gap = min(self._widest(), gap)

    def _share(self) -> float:
        """Part of the time left for listing: the less, the less hope there is."""
        more = len(self.rows) - LISTED
        return 1.0 if more <= 0 else PROVING.get(more, A_WHILE)

    def _prove(self, share: float) -> bool:
        """List everything ever farther from the bound, until nothing better can be left."""
        now = time.monotonic()
        end = now + share * (self.deadline - now)
        gap, complete = self.next_gap, self.listed_gap
        while True:
            widest = self._widest()
            last = gap >= widest
            gap = min(gap, widest, ROOM)
            found = self._meet(self.deviations, gap, self._most_states(), end)
            if not found.complete and time.monotonic() < end and gap > NARROWER * complete:
                gap = (gap + complete) // 2
                continue
            if not found.complete:
                if time.monotonic() > self.deadline:
                    self.stopped = "time limit"
                else:
                    self.stopped = "memory limit" if time.monotonic() <= end else "time limit"
                return False
            self.states = found.states
            if found.options is not None or last:
                if self.known.picks is None:
                    self.proved_none = True
                else:
                    self.upper_bound, self.least_cost = self.known.value, True
                return True
            below = (self.bound.total - gap - 1) // self.bound.denominator
            self.upper_bound = min(self.upper_bound, below)
            if self.known.picks is not None and self.known.value >= self.upper_bound:
                # The least cost among answers of this value may lie just beyond the gap.
                gap = widest
                continue
            complete, gap = gap, wider_gap(gap, found.states) + self.bound.denominator
            self.listed_gap, self.next_gap = complete, gap

    def _branch(self, share: float) -> bool:
        """Branch among near ties for part of the time left; whether the greatest is proved."""
        if self.known.picks is None:
            return False
        if self.known.value < self.upper_bound:
            near = self.loss <= self._widest() - self.bound.denominator
            options = Options(self.single.offsets, self.single.value, self.amounts, self.limits)
            now = time.monotonic()
            end = now + share * (self.deadline - now)
            found = branch_among(options, near, self.known.value, self.upper_bound, end)
            if found.chosen is not None:
                self.known.offer(self.single.package[found.chosen])
            self.upper_bound = max(self.known.value, min(self.upper_bound, found.upper_bound))
        if self.known.value < self.upper_bound:
            return False
        # Where the first row counts nothing, nothing of that value counts less.
        self.least_cost, self.stopped = not self.rows[0].base.any(), "finished"
        return True

    def _search_more(self) -> bool:
        """What proves nothing; whether an outside solver calls the best known the greatest."""
        if len(self.rows) <= NEAR_STARTED:
            self._near_start(MORE)
        word, called = self._ask(), self.known.value
        if not word:
            self._exchange(TRIED)
        # Where a solver calls it the greatest, the proof is all that is missing.
        if self._branch(PROOF_ONLY if word else AFTER_ALL):
            return False
        if self._is_listable() and self._prove(AFTER_ALL):
            return False
        if word and called == self.known.value:
            return True
        if self._near().everything:
            return self._ask(last=True)
        fruitless = 0
        while fruitless < FRUITLESS and self._is_open():
            before = self.known.value
            self._ask(neighbours=True)
            self._exchange(TRIED)
            fruitless = 0 if self.known.value > before else fruitless + 1
        return False

    def _is_listable(self) -> bool:
        """Whether listing all the way may come to an end, as far as it has come till now."""
        if not self.listed_gap or self.states < 2:
            return False
        return log(self.states) * sqrt(self._widest() / self.listed_gap) < log(LISTABLE)

    def _is_open(self) -> bool:
        """Whether something is known that may be improved on, and there is time."""
        known = self.known
        return (
            known.picks is not None
            and known.value < self.upper_bound
            and time.monotonic() < self.deadline - 2 * GRACE
        )

    def _exchange(self, tries: int) -> None:
        """Exchange among several users at once, until so many tries in a row were in vain."""
        vain, now = 0, time.monotonic()
        share = EXCHANGING if self._near().everything else 1.0
        end = now + share * (self.deadline - now)
        while vain < tries and self._is_open() and time.monotonic() < end:
            assert self.known.picks is not None
            chosen = self.known.options_of(self.known.picks)
            left = self.limits - self.amounts[chosen].sum(axis=0)
            have = Choice(self.single.owner, self.loss, self.amounts, chosen, left, self._widest())
            bound = self.bound
            found = exchange(have, bound.multipliers, bound.denominator, end, self.random)
            if found is not None:
                chosen[self.single.owner[found]] = found
            better = found is not None and self.known.offer(self.single.package[chosen])
            vain = 0 if better else vain + 1

    def _ask(self, *, neighbours: bool = False, last: bool = False) -> bool:
        """Ask the outside solver among near ties, or about some who are near them.

        Whether it calls the best known the greatest.
        """
        left = self.deadline - time.monotonic() - GRACE
        if left <= 0:
            self.stopped = "time limit"
            return False
        # PuLP takes a while to import, and most answers need no outside solver.
        from metneed.solver.engines.rows_asked import ask_near_ties  # noqa: PLC0415

        near = self._neighbours() if neighbours else self._near()
        seconds = min(left, AGAIN if neighbours else PATIENCE)
        if last and near.everything:
            seconds = left
        try:
            asked = ask_near_ties(self.menus, self.rows, near, self.settings, seconds)
        except SolverError:
            return False  # what ended our own search is what is reported
        if asked.picks is not None:
            self.known.offer(asked.picks)
        same = asked.picks is not None and (
            exact_sum(picked(self.menus.value, asked.picks)) == self.known.value
        )
        if asked.finished and asked.everything and same:
            self.stopped = "finished"
            return True
        if time.monotonic() > self.deadline - 2 * GRACE:
            self.stopped = "time limit"
        return False

    def _near(self) -> NearTies:
        return near_ties(self.single, self.loss, self._widest(), ranked_only=not self.exact)

    def _neighbours(self) -> NearTies:
        assert self.known.picks is not None
        chosen = self.known.options_of(self.known.picks)
        return neighbourhood(self.single, self.loss, self._widest(), chosen, self.random)


def _coarse(loss: IntArray) -> IntArray:
    """Losses that leave 64 bits, scaled down: good enough to rank near ties."""
    most = int(max(loss, default=0)) or 1
    shift = max(0, most.bit_length() - 60)
    return np.array([int(each) >> shift for each in loss], dtype=np.int64)
