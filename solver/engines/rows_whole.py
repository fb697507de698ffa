"""Several limits and whole packages: a good answer, a proved bound, and often the proved optimum.

The linear programme is rounded down, filled up and improved by exchanges; meeting in the middle
over near ties finds better answers, and proves the best where it can list everything that could be
better. For the rest an outside solver may look among near ties. Answers are added up in integers.
"""

import time
from collections.abc import Sequence

import numpy as np

from metneed.models.allocation import WHOLE
from metneed.models.arrays import BoolArray, IntArray, frozen, picked
from metneed.models.certificate import Proof, Stopped
from metneed.models.errors import SolverError
from metneed.models.menus import Menus
from metneed.models.settings import Settings
from metneed.models.sums import exact_sum
from metneed.solver.engines.branches import Options, branch_among
from metneed.solver.engines.kinds import Kinds, kinds_of
from metneed.solver.engines.lagrangian import Relaxed, relax
from metneed.solver.engines.ledger import Ledger, whole_amounts
from metneed.solver.engines.meet import Deviations, Met, meet, wider_gap
from metneed.solver.engines.near_ties import near_ties
from metneed.solver.engines.part_packages import part_packages
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.rows import Row
from metneed.solver.engines.weak_duality import Bound, surplus_at
from metneed.solver.engines.whole_answer import NoWholeAnswer, RowsWhole

NEAREST = (16, 24, 34, 48, 68)
"""Users, those nearest a tie, among whom all choices are listed for a better start."""

START_STATES, START_PAIRS = 200_000, 3_000_000
SHRINKS = 8
"""How often the gap is halved for that, at most."""

NARROWER = 1.1
"""A gap that was too wide is drawn in unless it is so near to one that was not."""

MORE = 8
"""Times as many states for the start where the optimum could not be proved."""

BYTES_A_ROW = 10
BYTES_A_STATE = 24

PATIENCE = 15.0
"""Seconds for an outside solver where it is not the better way to a proof."""

LISTED = 4
"""Rows up to which listing is the better way to a proof."""

GRACE = 0.5
ROOM = 2**61


def rows_whole_optimum(
    menus: Menus,
    due: BoolArray | None,
    rows: Sequence[Row],
    settings: Settings | None = None,
) -> RowsWhole | NoWholeAnswer | RowsInfeasible:
    """The whole packages of greatest value that keep every row, or the best found.

    Parameters
    ----------
    menus
        The packages that are allowed.
    due
        For each user whether nothing is no choice; None where everybody may have nothing.
    rows
        The limits, the budget first: of packages worth the same, those that count least in the
        first row are chosen.
    settings
        Time and memory that the search may take, and the outside solver.

    Raises
    ------
    SolverError
        Where HiGHS fails at a small programme that has an answer.
    """
    settings = settings or Settings()
    deadline = time.monotonic() + settings.time_limit
    needed = np.zeros(menus.n_users, dtype=np.bool_) if due is None else due
    # The search leans on a first row; one that counts nothing changes nothing.
    rows = rows or (Row("no limit", np.zeros(menus.n_packages, dtype=np.int64), 0),)
    relaxed = relax(menus, needed, rows, deadline)
    if isinstance(relaxed, RowsInfeasible):
        return relaxed
    if relaxed is None:
        nobody, none = frozen(np.zeros(0, dtype=np.int64)), Bound((0,) * len(rows), 1, 0)
        if any(row.limit < 0 for row in rows):
            return NoWholeAnswer(none, proved=True, stopped="finished")
        return RowsWhole(
            nobody, 0, 0, none, "proved", least_cost=True, stopped="finished", states=0
        )
    return _Search(menus, needed, rows, relaxed, settings, deadline).answer()


class _Search:
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
        self.picks: IntArray | None = None
        self.value = 0
        self.upper_bound = self.bound.value
        self.least_cost = False
        self.proved_none = False
        self.stopped: Stopped = "finished"
        self.states = 0

    def answer(self) -> RowsWhole | NoWholeAnswer:
        """Everything in turn, until the optimum is proved or the time is over."""
        self._round()
        word = False
        if self.exact:
            self._prepare()
            self._near_start()
            if not self._prove():
                word = not self._branch() and self._search_more()
        else:
            word = self._ask()
        if self.picks is None:
            return NoWholeAnswer(self.bound, self.proved_none, self.stopped)
        proof: Proof = "solver's word only" if word and self.value < self.upper_bound else "proved"
        return RowsWhole(
            frozen(self.picks),
            self.value,
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
            self.menus, self.relaxed.kinds, self.relaxed.core, self.relaxed.answer
        ).parts
        whole = parts.share == WHOLE
        picks = np.full(self.menus.n_users, -2, dtype=np.int64)
        picks[parts.user[whole]] = parts.package[whole]
        split = np.setdiff1d(parts.user[~whole], parts.user[whole])
        picks[(picks == -2) & ~np.isin(np.arange(len(picks)), split)] = -1
        chosen = self._options_of(np.maximum(picks, -1))
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
        self._offer(single.package[ledger.chosen])

    def _options_of(self, picks: IntArray) -> IntArray:
        """The options that are these packages, or nothing; the first where nothing is no choice."""
        single = self.single
        first = single.offsets[:-1]
        own = picks - self.menus.offsets[:-1] + ~self.due
        return np.where(picks >= 0, first + own, first)

    def _offer(self, picks: IntArray) -> bool:
        """Take packages that keep every row and beat those known; whether they do."""
        menus = self.menus
        real = picks >= 0
        own = (picks >= menus.offsets[:-1]) & (picks < menus.offsets[1:])
        if (self.due & ~real).any() or (real & ~own).any():
            return False
        if not all(row.is_kept(picks) for row in self.rows):
            return False
        value = exact_sum(picked(menus.value, picks))
        if self.picks is not None and (value, -self._counted(picks)) <= (
            self.value,
            -self._counted(self.picks),
        ):
            return False
        self.picks, self.value = picks.copy(), value
        return True

    def _counted(self, picks: IntArray) -> int:
        return self.rows[0].total(picks) if self.rows else 0

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

    def _widest(self) -> int:
        """The gap within which everything at least as good as the best known lies."""
        if self.picks is None:
            return int(self.loss.max(initial=0)) * self.menus.n_users
        return self.bound.total - self.bound.denominator * self.value

    def _most_states(self) -> int:
        state = BYTES_A_STATE + BYTES_A_ROW * len(self.rows)
        return int(self.settings.memory_limit * 2**30 / 2 / state)

    def _meet(
        self,
        deviations: Deviations,
        gap: int,
        most_states: int,
        deadline: float,
        most_pairs: int = 10**9,
    ) -> Met:
        prices = self.bound.multipliers
        found = meet(deviations, self.left, prices, gap, most_states, deadline, most_pairs)
        if found.options is not None:
            chosen = self.base.copy()
            chosen[self.single.owner[found.options]] = found.options
            self._offer(self.single.package[chosen])
        return found

    def _near_start(self, times: int = 1) -> None:
        """Better packages among the users nearest a tie; it proves nothing."""
        if self.value == self.upper_bound and self.picks is not None:
            return
        gap = min(self._widest(), ROOM)
        for users in NEAREST:
            near = self.deviations.of_nearest(users)
            for _ in range(SHRINKS):
                if time.monotonic() > self.deadline:
                    return
                most, pairs = times * START_STATES, times * START_PAIRS
                if self._meet(near, gap, most, self.deadline, pairs).complete:
                    break
                gap //= 2
            gap = min(self._widest(), gap)

    def _prove(self) -> bool:
        """List everything ever farther from the bound, until nothing better can be left."""
        # An outside solver gets its turn where listing is hopeless.
        end = (
            self.deadline
            if len(self.rows) <= LISTED
            else min(self.deadline, time.monotonic() + (self.deadline - time.monotonic()) / 3)
        )
        losses = np.sort(self.deviations.loss)
        gap = int(losses[min(len(losses) - 1, 12)]) if len(losses) else 0
        complete = 0
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
                if self.picks is None:
                    self.proved_none = True
                else:
                    self.upper_bound, self.least_cost = self.value, True
                return True
            below = (self.bound.total - gap - 1) // self.bound.denominator
            self.upper_bound = min(self.upper_bound, below)
            if self.picks is not None and self.value >= self.upper_bound:
                # The least cost among answers of this value may lie just beyond the gap.
                gap = widest
                continue
            complete, gap = gap, wider_gap(gap, found.states) + self.bound.denominator

    def _search_more(self) -> bool:
        """What proves nothing; whether an outside solver calls the best known the greatest."""
        self._near_start(MORE)
        return self._ask()

    def _branch(self) -> bool:
        """Branch among near ties for half of the time left; whether the greatest is proved."""
        if self.picks is None:
            return False
        if self.value < self.upper_bound:
            near = self.loss <= self._widest() - self.bound.denominator
            options = Options(self.single.offsets, self.single.value, self.amounts, self.limits)
            end = (time.monotonic() + self.deadline) / 2
            found = branch_among(options, near, self.value, self.upper_bound, end)
            if found.chosen is not None:
                self._offer(self.single.package[found.chosen])
            self.upper_bound = max(self.value, min(self.upper_bound, found.upper_bound))
        if self.value < self.upper_bound:
            return False
        # Where the first row counts nothing, nothing of that value counts less.
        self.least_cost, self.stopped = not self.rows[0].base.any(), "finished"
        return True

    def _ask(self) -> bool:
        """Ask the outside solver among near ties; whether it calls the best known the greatest."""
        left = self.deadline - time.monotonic() - GRACE
        if left <= 0:
            self.stopped = "time limit"
            return False
        # PuLP takes a while to import, and most answers need no outside solver.
        from metneed.solver.engines.rows_asked import ask_near_ties  # noqa: PLC0415

        try:
            near = near_ties(self.single, self.loss, self._widest(), ranked_only=not self.exact)
            seconds = left if near.everything and len(self.rows) > LISTED else min(left, PATIENCE)
            asked = ask_near_ties(self.menus, self.rows, near, self.settings, seconds)
        except SolverError:
            return False  # what ended our own search is what is reported
        if asked.picks is not None:
            self._offer(asked.picks)
        same = asked.picks is not None and (
            exact_sum(picked(self.menus.value, asked.picks)) == self.value
        )
        if asked.finished and asked.everything and same:
            self.stopped = "finished"
            return True
        if time.monotonic() > self.deadline - 2 * GRACE:
            self.stopped = "time limit"
        return False


def _coarse(loss: IntArray) -> IntArray:
    """Losses that leave 64 bits, scaled down: good enough to rank near ties."""
    most = int(max(loss, default=0)) or 1
    shift = max(0, most.bit_length() - 60)
    return np.array([int(each) >> shift for each in loss], dtype=np.int64)
