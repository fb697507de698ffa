"""Whole packages: the greatest value within a budget, then the least cost, both proved.

The linear programme gives the break and its multiplier p/q. Rounding gives a good solution. Losses
against the break leave a core of few users, in which a dynamic programme in integers finds the
best solution, or shows that there is no better one. Where the core is too large for it an outside
solver is asked to find a better solution first, which makes the core smaller; its word is never
taken as a proof.
"""

import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from metneed.models.arrays import IntArray, picked
from metneed.models.certificate import Proof, Stopped
from metneed.models.errors import SolverError
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Settings
from metneed.models.sums import exact_sum
from metneed.solver.engines.changes import Changes, changes_within
from metneed.solver.engines.core import Goal, search
from metneed.solver.engines.frontier import Break, Frontier, frontier_of
from metneed.solver.engines.lattice import Lattice
from metneed.solver.engines.rounding import fill, improve

TRANCHES = (64, 512, 4096)
"""Users of least loss that are searched first, before all of the core is."""


@dataclass(frozen=True, eq=False)
class Whole:
    """Whole packages within a budget, and what is proved of them.

    Parameters
    ----------
    picks
        For each user the position in the menus, -1 for nothing.
    value, cost
        What the packages are worth and cost together.
    upper_bound
        No whole packages within the budget are worth more, by our own integer arithmetic.
    multiplier
        Slope (p, q) of the linear programme at the budget, from which the bound follows.
    proof
        ``proved`` where `value` is the greatest, else ``solver's word only``.
    least_cost
        Whether it is also proved that no packages of that value cost less.
    stopped
        What ended the search.
    core
        How many users were not certain after rounding.
    """

    picks: IntArray
    value: int
    cost: int
    upper_bound: int
    multiplier: tuple[int, int]
    proof: Proof
    least_cost: bool
    stopped: Stopped
    core: int


@dataclass(frozen=True)
class Shortfall:
    """The budget does not cover the cheapest packages of all who must have one.

    Parameters
    ----------
    shortfall
        Smallest money units that are missing.
    """

    shortfall: int


def whole_optimum(
    menus: Menus, choice: Choice, budget: int, settings: Settings | None = None
) -> Whole | Shortfall:
    """The whole packages of greatest value within a budget, and of least cost among those.

    Parameters
    ----------
    menus, choice
        The packages, and whether everyone must have exactly one.
    budget
        Smallest money units, 0 or more.
    settings
        Outside solver and limits. The time limit holds for each search of our own as well; only
        where it ends one is the answer not the same every time.

    Raises
    ------
    NumbersTooLargeError
        Where exact arithmetic in 64 bits is not sure.
    OptionError
        Where an outside solver is needed and the one of the settings is not available.
    """
    settings = settings or Settings()
    frontier = frontier_of(menus, choice)
    if missing := frontier.shortfall(budget):
        return Shortfall(missing)
    if settings.write_lp is not None:
        _write_lp(menus, choice, budget, settings.write_lp)
    end = frontier.break_at(budget)
    optimum = _Optimum(menus, choice, frontier, end, settings)
    # With every step taken everyone has the greatest value, at the least cost it is to be had for.
    closed = end.multiplier[0] == 0 or optimum.close()
    return optimum.whole(closed)


@dataclass
class _Optimum:
    """The best solution known, and the search for a better one."""

    menus: Menus
    choice: Choice
    frontier: Frontier
    end: Break
    settings: Settings
    base: IntArray = field(init=False)
    picks: IntArray = field(init=False)
    least_cost: bool = True
    stopped: Stopped = "finished"
    core: int = 0
    deadline: float = 0.0

    def __post_init__(self) -> None:
        self.base = self.frontier.picks(self.end.count)
        filled = fill(self.frontier, self.end)
        self.picks = self.base
        for start in (self.base, filled):
            self._offer(improve(self.menus, start, self._budget - self._totals(start)[1]))

    @property
    def _budget(self) -> int:
        return self.end.spent + self.end.room

    def _totals(self, picks: IntArray) -> tuple[int, int]:
        """Value and cost of picks."""
        columns = (self.menus.value, self.menus.cost)
        value, cost = (exact_sum(picked(column, picks)) for column in columns)
        return value, cost

    def _goal(self) -> Goal:
        value, cost = self._totals(self.picks)
        return Goal(self.end.room, value - self.end.value, cost - self.end.spent)

    def _offer(self, picks: IntArray) -> bool:
        """Take picks that fit the budget and beat the best known; whether they do."""
        value, cost = self._totals(picks)
        best, least = self._totals(self.picks)
        better = cost <= self._budget and (value, -cost) > (best, -least)
        if better:
            self.picks = picks
        return better

    def close(self) -> bool:
        """Search until nothing better is left; whether that is proved."""
        if self._prove(self._goal()):
            return True
        own = self.picks
        if not self._ask():
            return False
        # The same answer whatever solver was asked: our own search has to find it again.
        asked, goal, stopped = self.picks, self._goal(), self.stopped
        self.picks = own
        closed = self._prove(replace(goal, cost=goal.cost + 1))
        self._offer(asked)
        self.stopped = stopped
        return closed

    def _prove(self, goal: Goal) -> bool:
        """Whether nothing better than the goal is left; failing that, nothing of more value."""
        self.deadline = time.monotonic() + self.settings.time_limit
        if self._search(goal):
            return True
        value = max(goal.value, self._goal().value)
        self.least_cost = not self._search(replace(goal, value=value, least_cost=False))
        return not self.least_cost

    def _search(self, goal: Goal) -> bool:
        """Search the core in tranches of rising loss; whether nothing better is left."""
        p, q = self.end.multiplier
        changes = self._changes(goal)
        self.core = max(self.core, len(changes.user))
        if not len(changes.user):
            return True
        lattice = Lattice.of(changes.cost, changes.value)

        def slack_of(goal: Goal) -> int:
            return max(lattice.greatest_loss(p, q, *target) for target in goal.targets())

        least = changes.least_losses()
        ranked = np.argsort(least, kind="stable")
        for size in [*(size for size in TRANCHES if size < len(ranked)), len(ranked)]:
            found = search(changes.of_users(np.sort(ranked[:size])), goal, slack_of, self.deadline)
            goal = found.goal
            if found.made is not None:
                self._offer(self._with(found.made))
            if found.stopped != "finished":
                self.stopped = found.stopped
                return False
            if size < len(ranked) and slack_of(goal) < least[ranked[size]]:
                break  # nobody who was left out loses little enough
        self.stopped = "finished"
        return True

    def _changes(self, goal: Goal) -> Changes:
        p, q = self.end.multiplier
        slack = max(p * most_cost - q * least_value for most_cost, least_value in goal.targets())
        return changes_within(self.menus, self.choice, self.base, (p, q), slack)

    def _with(self, made: tuple[IntArray, IntArray]) -> IntArray:
        picks = self.base.copy()
        users, packages = made
        picks[users] = packages
        return picks

    def _ask(self) -> bool:
        """Ask the outside solver for better packages of the core; whether it has any."""
        # PuLP takes a while to import, and nearly every optimum is proved without it.
        from metneed.solver.engines.program import solve_program, whole_picks  # noqa: PLC0415

        changes = self._changes(replace(self._goal(), least_cost=False))
        menus, package = _core_menus(self.menus, self.base, changes)
        spent = exact_sum(picked(self.menus.cost, self.base[changes.user]))
        settings = self.settings.model_copy(update={"write_lp": None})
        try:
            answer = solve_program(
                menus, "exactly_one", spent + self.end.room, settings, divisible=False
            )
        except SolverError:
            return False  # the search ended at a limit of our own, which is what is reported
        if answer.stopped == "time limit":
            self.stopped = answer.stopped
        chosen = whole_picks(menus, answer)
        if chosen is None or (chosen < 0).any():
            return False
        picks = self._with((changes.user, package[chosen]))
        better = self._offer(picks)
        if answer.stopped == "finished" and self._totals(picks) == self._totals(self.picks):
            self.stopped = "finished"  # the solver's word, of the best solution known
        return better

    def whole(self, closed: bool) -> Whole:
        """The best solution known, with what is proved of it."""
        value, cost = self._totals(self.picks)
        return Whole(
            picks=self.picks,
            value=value,
            cost=cost,
            upper_bound=value if closed else self.end.bound,
            multiplier=self.end.multiplier,
            proof="proved" if closed else "solver's word only",
            least_cost=closed and self.least_cost,
            stopped="finished" if closed else self.stopped,
            core=self.core,
        )


def _core_menus(menus: Menus, base: IntArray, changes: Changes) -> tuple[Menus, IntArray]:
    """The pick and the changes of each core user as menus, and their positions in all menus."""
    package = np.insert(changes.package, changes.offsets[:-1], base[changes.user])
    offsets = changes.offsets + np.arange(len(changes.offsets))
    return Menus.of(offsets, picked(menus.cost, package), picked(menus.value, package)), package


def _write_lp(menus: Menus, choice: Choice, budget: int, path: Path) -> None:
    from metneed.solver.engines.program import formulate, write_lp  # noqa: PLC0415 - as above

    write_lp(formulate(menus, choice, budget, divisible=False), path)
