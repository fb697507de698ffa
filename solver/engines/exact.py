"""Whole packages: the greatest value within a budget, then the least cost, both proved.

The linear programme gives a start and its multiplier p/q. All other packages are changes from it
that lose something at that price, and whatever beats a solution that is known loses no more than a
known slack. So only changes of little loss are looked at: the best one or two of them make a good
solution, and a dynamic programme in integers finds the best, or shows that there is no better one.
Where that is too much an outside solver is asked to find a better solution first, which makes the
slack smaller; its word is never taken as a proof.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np

from metneed.models.arrays import IntArray, picked
from metneed.models.certificate import Proof, Stopped
from metneed.models.errors import SolverError
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Settings
from metneed.models.sums import exact_sum
from metneed.solver.engines.changes import Changes, changes_within
from metneed.solver.engines.core import Goal, Limits, search
from metneed.solver.engines.frontier import LinearOptimum
from metneed.solver.engines.lattice import Lattice
from metneed.solver.engines.one_budget import linear_optimum
from metneed.solver.engines.rounding import best_change, best_pair
from metneed.solver.engines.shortfall import Shortfall

TRANCHES = (64, 512, 4096)
"""Users of least loss that are searched first, before all who are near."""

ALIKE = 2
"""Of users with just the same single change so many are searched before all others."""

MANY = 8
"""Where so many times more changes tie at a loss than are wanted, not even those are looked at."""

ALL_NEAR = 2**13
"""Packages up to which all changes that may matter are looked at from the start."""

NEAR = (2**11, 2**15)
"""Fewest and most changes, about, that are looked at first; between them one package in 64."""

Made: TypeAlias = tuple[IntArray, IntArray]
"""Rows of users, and the packages they change to."""


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
        ``proved`` where `value` is the greatest, or where a limit ended the search and no more
        than the bound is claimed; ``solver's word only`` where an outside solver calls it the
        greatest.
    least_cost
        Whether it is also proved that no packages of that value cost less.
    stopped
        What ended the search.
    core
        How many users were not certain at the start of the search.
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
        Engine, outside solver and limits. Only where the time limit ends a search is the answer
        not the same every time.

    Raises
    ------
    NumbersTooLargeError
        Where exact arithmetic in 64 bits is not sure.
    OptionError
        Where the engine, or an outside solver that is needed, is not available.
    """
    settings = settings or Settings()
    deadline = time.monotonic() + settings.time_limit
    start = linear_optimum(menus, choice, budget, settings.engine)
    if isinstance(start, Shortfall):
        return start
    if settings.write_lp is not None:
        _write_lp(menus, choice, budget, settings.write_lp)
    optimum = _Optimum(menus, choice, start, settings, deadline)
    # With every step taken everyone has the greatest value, at the least cost it is to be had for.
    closed = start.multiplier[0] == 0 or optimum.close()
    return optimum.whole(closed)


class _Optimum:
    """The best solution known, as changes from the start, and the search for a better one."""

    def __init__(
        self,
        menus: Menus,
        choice: Choice,
        start: LinearOptimum,
        settings: Settings,
        deadline: float,
    ) -> None:
        self.menus, self.choice, self.start = menus, choice, start
        self.settings, self.deadline = settings, deadline
        self.changes = _Near(menus, choice, start, settings)
        self.goal = Goal(start.room, 0, 0)
        nobody = np.zeros(0, dtype=np.int64)
        self.made: Made = nobody, nobody
        self.least_cost = True
        self.stopped: Stopped = "finished"
        self.core = 0

    def close(self) -> bool:
        """Search until nothing better is left; whether that is proved."""
        self._round()
        if self._prove(self.goal):
            return True
        own = self.goal, self.made
        if not self._ask():
            return False
        # The same answer whatever solver was asked: our own search has to find it again.
        asked, stopped = (self.goal, self.made), self.stopped
        self.goal, self.made = own
        closed = self._prove(replace(asked[0], cost=asked[0].cost + 1))
        self._offer(*asked)
        self.stopped = stopped
        return closed

    def _round(self) -> None:
        """Start from the best change of one user or of two, among some users or among the near."""
        for candidates in self.changes.for_rounding(self._most_slack(self.goal)):
            for rows in (
                best_change(candidates, self.start.room),
                best_pair(candidates, self.start.room),
            ):
                value, cost = (
                    int(column[rows].sum()) for column in (candidates.value, candidates.cost)
                )
                owner = np.searchsorted(candidates.offsets, rows, side="right") - 1
                made = candidates.user[owner], candidates.package[rows]
                self._offer(replace(self.goal, value=value, cost=cost), made)
            if self._most_slack(self.goal) < 0:
                break

    def _offer(self, goal: Goal, made: Made) -> bool:
        """Take changes that fit and beat the best ones known; whether they do."""
        known = self.goal
        better = goal.cost <= self.start.room and (
            (goal.value, -goal.cost) > (known.value, -known.cost)
        )
        if better:
            self.goal, self.made = replace(known, value=goal.value, cost=goal.cost), made
        return better

    def _most_slack(self, goal: Goal) -> int:
        """What anything that beats a goal loses at most."""
        p, q = self.start.multiplier
        return max(p * most_cost - q * least_value for most_cost, least_value in goal.targets())

    def _prove(self, goal: Goal) -> bool:
        """Whether nothing better than the goal is left; failing that, nothing of more value."""
        if self._search(goal):
            return True
        value = max(goal.value, self.goal.value)
        self.least_cost = not self._search(replace(goal, value=value, least_cost=False))
        return not self.least_cost

    def _search(self, goal: Goal) -> bool:
        """Search ever farther changes; whether nothing better than the goal is left."""
        p, q = self.start.multiplier
        while (most := self._most_slack(goal)) >= 0:
            changes = self.changes.within(most)
            lattice = self.changes.lattice(changes, most)

            def slack_of(goal: Goal, lattice: Lattice = lattice) -> int:
                return max(lattice.greatest_loss(p, q, *target) for target in goal.targets())

            found = self._in_tranches(changes, goal, slack_of)
            if found is None:
                return False
            goal = found
            # What was left out loses more than what anything better may lose.
            if slack_of(goal) <= self.changes.reach:
                break
            self.changes.go_farther()
        self.stopped = "finished"
        return True

    def _in_tranches(
        self, changes: Changes, goal: Goal, slack_of: Callable[[Goal], int]
    ) -> Goal | None:
        """The goal after a search of the changes, those of least loss first; None at a limit."""
        self.core = max(self.core, len(changes.user))
        limits = Limits.within(self.settings.memory_limit)
        least, copies = changes.least_losses(), changes.copies()
        # Many who are the same help little to find something better.
        ranked = np.lexsort((least, copies >= ALIKE))
        for size in [*(size for size in TRANCHES if size < len(ranked)), len(ranked)]:
            slack = slack_of(goal)
            # As many who are the same as the slack allows at the loss of each.
            loss = least[ranked[:size]]
            allowed = (loss == 0) | (copies[ranked[:size]] <= slack // np.maximum(loss, 1))
            nearest = changes.of_users(np.sort(ranked[:size][allowed]))
            found = search(nearest, goal, slack_of, self.deadline, limits)
            goal = found.goal
            if found.made is not None:
                self._offer(goal, found.made)
            if found.stopped != "finished":
                self.stopped = found.stopped
                return None
            if slack_of(goal) < least[ranked[size:]].min(initial=slack + 1):
                break  # nobody who was left out loses little enough
        return goal

    def _ask(self) -> bool:
        """Ask the outside solver for better packages of the core; whether it has any."""
        # PuLP takes a while to import, and nearly every optimum is proved without it.
        from metneed.solver.engines.program import solve_program, whole_picks  # noqa: PLC0415

        left = self.deadline - time.monotonic()
        if left <= 0:
            return False
        slack = self._most_slack(replace(self.goal, least_cost=False))
        base, changes = self.start.picks, self.changes.all_within(slack)
        menus, package = _core_menus(self.menus, base, changes)
        spent = exact_sum(picked(self.menus.cost, base[changes.user]))
        settings = self.settings.model_copy(update={"write_lp": None, "time_limit": left})
        try:
            answer = solve_program(
                menus, "exactly_one", spent + self.start.room, settings, divisible=False
            )
        except SolverError:
            return False  # the search ended at a limit of our own, which is what is reported
        if answer.stopped == "time limit":
            self.stopped = answer.stopped
        chosen = whole_picks(menus, answer)
        if chosen is None or (chosen < 0).any():
            return False
        value, cost = exact_sum(menus.value[chosen]), exact_sum(menus.cost[chosen]) - spent
        value -= exact_sum(picked(self.menus.value, base[changes.user]))
        better = self._offer(
            replace(self.goal, value=value, cost=cost), (changes.user, package[chosen])
        )
        if answer.stopped == "finished" and (value, cost) == (self.goal.value, self.goal.cost):
            self.stopped = "finished"  # the solver's word, of the best solution known
        return better

    def whole(self, closed: bool) -> Whole:
        """The best solution known, with what is proved of it."""
        picks = self.start.picks.copy()
        users, packages = self.made
        picks[users] = packages
        value = self.start.value + self.goal.value
        return Whole(
            picks=picks,
            value=value,
            cost=self.start.spent + self.goal.cost,
            upper_bound=value if closed else self.start.bound,
            multiplier=self.start.multiplier,
            proof="proved" if closed or self.stopped != "finished" else "solver's word only",
            least_cost=closed and self.least_cost,
            stopped="finished" if closed else self.stopped,
            core=self.core,
        )


class _Near:
    """Changes of little loss, found in one pass over all packages, or more where that is needed."""

    def __init__(
        self, menus: Menus, choice: Choice, start: LinearOptimum, settings: Settings
    ) -> None:
        self.menus, self.choice, self.start, self.settings = menus, choice, start, settings
        self.reach = -1
        """Every change that loses no more has been found."""
        self.found = Changes.none()
        self.everywhere: Lattice | None = None

    def for_rounding(self, slack: int) -> Iterator[Changes]:
        """Changes of some users up to a slack, then those of least loss, of all users.

        Those of some users come first because small losses alone need not fit what is left of the
        budget, and because no pass over all packages is needed for them.
        """
        menus = self.menus
        if menus.n_packages <= ALL_NEAR:
            yield self.all_within(slack)
            return
        wanted = min(max(menus.n_packages // 64, NEAR[0]), NEAR[1])
        some = np.arange(0, menus.n_users, max(1, menus.n_packages // wanted))
        self.found = self._changes_of(some, slack)
        yield self.found
        loss = self.found.loss
        count = wanted * len(some) // menus.n_users
        reach = int(np.partition(loss, count)[count]) if len(loss) > count else slack
        if int((loss <= reach).sum()) <= MANY * max(count, 1):
            self._find(reach)
            yield self.found

    def _changes_of(self, users: IntArray, slack: int) -> Changes:
        """All changes of some users that lose no more than a slack."""
        menus, picks = self.menus.subset(users), self.start.picks[users]
        positions = self.menus.positions(users)
        before = self.menus.offsets[:-1][users] - menus.offsets[:-1]
        own = np.where(picks >= 0, picks - before, -1)
        found = changes_within(menus, self.choice, own, self.start.multiplier, slack)
        package = picked(positions, found.package, nothing=-1)
        return replace(found, user=users[found.user], package=package)

    def within(self, slack: int) -> Changes:
        """The changes found that lose no more than a slack: all of them where `reach` is as far."""
        return self.found if self.reach <= slack else self.found.within(slack)

    def all_within(self, slack: int) -> Changes:
        """All changes that lose no more than a slack."""
        if self.reach < slack:
            self._find(slack)
        return self.within(slack)

    def go_farther(self) -> None:
        """Find changes that lose up to about eight times as much as those found."""
        self._find(8 * self.reach + self.start.multiplier[1])

    def lattice(self, changes: Changes, slack: int) -> Lattice:
        """A lattice that holds all changes that lose no more than a slack, those not found too."""
        if self.reach >= slack:
            return Lattice.of(changes.cost, changes.value)
        if self.everywhere is None:
            self.everywhere = Lattice.of_all(self.menus, self.choice, self.start.picks)
        return self.everywhere

    def _find(self, reach: int) -> None:
        self.reach, start = reach, self.start
        self.found = changes_within(
            self.menus, self.choice, start.picks, start.multiplier, reach, self.settings.engine
        )


def _core_menus(menus: Menus, base: IntArray, changes: Changes) -> tuple[Menus, IntArray]:
    """The pick and the changes of each core user as menus, and their positions in all menus."""
    package = np.insert(changes.package, changes.offsets[:-1], base[changes.user])
    offsets = changes.offsets + np.arange(len(changes.offsets))
    return Menus.of(offsets, picked(menus.cost, package), picked(menus.value, package)), package


def _write_lp(menus: Menus, choice: Choice, budget: int, path: Path) -> None:
    from metneed.solver.engines.program import formulate, write_lp  # noqa: PLC0415 - as above

    write_lp(formulate(menus, choice, budget, divisible=False), path)
