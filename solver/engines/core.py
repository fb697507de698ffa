"""The core: a dynamic programme over the few users whose packages are not yet certain."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from metneed.models.arrays import IntArray
from metneed.models.certificate import Stopped
from metneed.models.settings import Settings
from metneed.solver.engines.changes import Changes
from metneed.solver.engines.ways import Ways, in_order

STATES_AT_ONCE = 2**22
"""States that one step may create for each GiB that a search may take: at about 100 bytes each."""

STATES_KEPT = 2**26
"""States remembered for tracing back the best one, for each GiB: at eight bytes each."""

PAIR_FROM = 2000
"""States from which, at each doubling, they are paired with those of a few users to come."""

PAIR_USERS = 40


@dataclass(frozen=True)
class Limits:
    """How many states a search may hold.

    Parameters
    ----------
    at_once
        States that one step may create.
    kept
        States remembered for tracing back the best one.
    """

    at_once: int
    kept: int

    @classmethod
    def within(cls, memory: float) -> "Limits":
        """The limits that keep a search within about so many GiB."""
        return cls(int(STATES_AT_ONCE * memory), int(STATES_KEPT * memory))


@dataclass(frozen=True)
class Goal:
    """What a set of changes must beat: more value, or the same for less.

    Parameters
    ----------
    room
        What changes may cost together.
    value, cost
        Value and cost of the changes of the best solution known.
    least_cost
        Whether the same value for less counts as better.
    """

    room: int
    value: int
    cost: int
    least_cost: bool = True

    def targets(self) -> list[tuple[int, int]]:
        """Pairs of a greatest cost and a least value, one of which a better solution keeps."""
        more = [(self.room, self.value + 1)]
        return [*more, (self.cost - 1, self.value)] if self.least_cost else more


@dataclass(frozen=True)
class Found:
    """What a search over the core has found.

    Parameters
    ----------
    goal
        The goal with the best solution found put in.
    made
        Rows of users and the packages they change to in the best solution; None where nothing
        better was found.
    stopped
        ``finished`` where nothing better is left among the changes that were searched.
    """

    goal: Goal
    made: tuple[IntArray, IntArray] | None
    stopped: Stopped


def search(
    changes: Changes,
    goal: Goal,
    slack_of: Callable[[Goal], int],
    deadline: float,
    limits: Limits | None = None,
) -> Found:
    """The best set of changes, at most one a user, that beats the goal.

    Parameters
    ----------
    changes
        All that may be done.
    goal
        What to beat.
    slack_of
        The greatest loss of a set of changes that beats a goal.
    deadline
        Reading of `time.monotonic` at which to give up.
    limits
        How many states to hold; those of the usual memory limit where nothing is said.

    Notes
    -----
    States are sums (cost, value) of changes of the users so far, sorted by cost and rising
    strictly in both: a state that costs more and is worth less leads to nothing better. A state
    is dropped when its loss exceeds the slack, or when even the steepest changes to come do not
    bring it to a target. Equal states: the user's pick first, then the earlier change, then the
    earlier state.

    References
    ----------
    D. Pisinger, A minimal algorithm for the multiple-choice knapsack problem, European Journal of
    Operational Research 83 (1995), pages 394-410.
    """
    order, ways = in_order(changes)
    least_loss = changes.least_losses()
    run = _Run(changes, goal, slack_of, limits or Limits.within(Settings().memory_limit))
    pair_at = PAIR_FROM
    for step, user in enumerate(order.tolist()):
        if run.slack < 0 or not len(run.cost):
            break
        if least_loss[user] > run.slack:
            continue
        if time.monotonic() >= deadline:
            return run.found("time limit")
        if not run.advance(user, ways[step]):
            return run.found("memory limit")
        if len(run.cost) >= pair_at:
            pair_at = 2 * len(run.cost)
            run.pair(order[step + 1 :][least_loss[order[step + 1 :]] <= run.slack])
    return run.found("finished")


class _Run:
    """The states of a search, and how each came about."""

    def __init__(
        self, changes: Changes, goal: Goal, slack_of: Callable[[Goal], int], limits: Limits
    ) -> None:
        self.changes, self.goal, self.slack_of, self.limits = changes, goal, slack_of, limits
        self.slack = slack_of(goal)
        self.cost = self.value = self.loss = np.zeros(1, dtype=np.int64)
        # For each step the parents in the step before, and the change made, -1 for none.
        self.history: list[tuple[IntArray, IntArray]] = []
        self.best: list[int] | None = None
        self.kept = 0

    def advance(self, user: int, ways: Ways | None) -> bool:
        """Put every change of a user on every state; False where that would be too many."""
        pairs = self._pairs(user)
        if pairs is None:
            return False
        parent, change = pairs
        changes, made = self.changes, change >= 0
        cost = self.cost[parent] + np.where(made, changes.cost[change], 0)
        value = self.value[parent] + np.where(made, changes.value[change], 0)
        useful = np.arange(len(cost))
        if ways is not None:
            useful = np.flatnonzero(ways.may_reach(self.goal.targets(), cost, value))
        rows = useful[_undominated(cost[useful], value[useful])]
        parent, change = parent[rows], change[rows]
        self.loss = self.loss[parent] + np.where(made[rows], changes.loss[change], 0)
        self.cost, self.value = cost[rows], value[rows]
        self.history.append((parent.astype(np.int32), change.astype(np.int32)))
        self.kept += len(rows)
        self._look(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), None)
        return True

    def _pairs(self, user: int) -> tuple[IntArray, IntArray] | None:
        """States and changes whose losses together keep within the slack; None if too many."""
        first, last = self.changes.offsets[user : user + 2].tolist()
        parents, changes, count = [], [], 0
        for change in [-1, *range(first, last)]:
            loss = int(self.changes.loss[change]) if change >= 0 else 0
            parents.append(np.flatnonzero(self.loss <= self.slack - loss))
            changes.append(np.full(len(parents[-1]), change))
            count += len(parents[-1])
            if count > self.limits.at_once or count + self.kept > self.limits.kept:
                return None
        return np.concatenate(parents), np.concatenate(changes)

    def pair(self, users: IntArray) -> None:
        """Try every state together with sets of changes of some users to come.

        For each such set the best state is the dearest that still fits. This only finds better
        solutions sooner, which is what makes the slack small where costs are large numbers.
        """
        other = _Run(self.changes, self.goal, self.slack_of, self.limits)
        for user in users[:PAIR_USERS].tolist():
            if len(other.cost) >= len(self.cost) or not other.advance(user, None):
                break
        if other.best is not None:  # better by itself, with the picks of all others
            self.goal, self.slack, self.best = other.goal, other.slack, other.best
        self._look(other.cost, other.value, other)

    def _look(self, cost: IntArray, value: IntArray, other: "_Run | None") -> None:
        """Make the best sum of a state and one of the given sets the goal, if it beats it."""
        state = np.searchsorted(self.cost, self.goal.room - cost, side="right") - 1
        fits = np.flatnonzero(state >= 0)
        if not len(fits):
            return
        state = state[fits]
        value = self.value[state] + value[fits]
        cost = self.cost[state] + cost[fits]
        place = np.lexsort((cost, -value))[0]
        spent, worth = int(cost[place]), int(value[place])
        if not any(spent <= most and worth >= least for most, least in self.goal.targets()):
            return
        self.goal = replace(self.goal, value=worth, cost=spent)
        self.slack = self.slack_of(self.goal)
        self.best = self.trace(int(state[place]))
        if other is not None:
            self.best += other.trace(int(fits[place]))

    def trace(self, state: int) -> list[int]:
        """The changes that led to a state."""
        made = []
        for parents, changes in reversed(self.history):
            made.append(int(changes[state]))
            state = int(parents[state])
        return [change for change in made if change >= 0]

    def found(self, stopped: Stopped) -> Found:
        """The best solution, as users and their packages."""
        if self.best is None:
            return Found(self.goal, None, stopped)
        rows = np.array(self.best, dtype=np.int64)
        owner = np.searchsorted(self.changes.offsets, rows, side="right") - 1
        made = self.changes.user[owner], self.changes.package[rows]
        return Found(self.goal, made, stopped)


def _undominated(cost: IntArray, value: IntArray) -> IntArray:
    """Rows in order of cost that no other row beats or equals; of equal rows the first."""
    order = np.argsort(cost, kind="stable")
    cost, value = cost[order], value[order]
    # At equal cost only the greatest value counts: the first row of that value.
    highest = np.maximum.accumulate(value)
    rises = np.concatenate([[True], highest[1:] > highest[:-1]])[: len(cost)]
    rows = np.flatnonzero(rises)
    last_of_cost = np.concatenate([cost[rows[1:]] != cost[rows[:-1]], [True]])[: len(rows)]
    undominated: IntArray = order[rows[last_of_cost]]
    return undominated
