"""The core: a dynamic programme over the few users whose packages are not yet certain.

Everything is counted from one choice of packages, the picks of the break: a change of a user's
package has a cost, a value and a loss p x cost - q x value, which is never negative. The loss of
several changes together is the sum of theirs, and whatever beats the best solution known loses
less than a known slack: only few changes, and few sets of them, remain to be looked at.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from metneed.models.arrays import BoolArray, IntArray, picked
from metneed.models.certificate import Stopped
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.solver.engines.slopes import slope_order

STATES_AT_ONCE = 2**21
"""States that one step may create before it is given up: about 200 MB."""

STATES_KEPT = 2**25
"""States remembered for tracing back the best one: at six bytes each about 200 MB."""

_FAR = 2**61


@dataclass(frozen=True, eq=False)
class Changes:
    """Changes of picks, sorted by user; the cheapest to lose need not come first.

    Parameters
    ----------
    offsets
        Where the changes of each core user begin, one more than there are core users.
    user
        Row of each core user.
    package
        Position in the menus that each change leads to, -1 for nothing.
    cost, value
        What it adds, both positive, or saves and gives up, both negative.
    loss
        p x cost - q x value, 0 or more.
    """

    offsets: IntArray
    user: IntArray
    package: IntArray
    cost: IntArray
    value: IntArray
    loss: IntArray

    def least_losses(self) -> IntArray:
        """For each core user the least loss of any change."""
        return np.minimum.reduceat(self.loss, self.offsets[:-1]) if len(self.user) else self.loss

    def of_users(self, chosen: IntArray) -> "Changes":
        """The changes of some core users, in the order given."""
        sizes = np.diff(self.offsets)[chosen]
        ends = np.cumsum(sizes)
        rows = np.arange(sizes.sum()) + np.repeat(self.offsets[chosen] - ends + sizes, sizes)
        return Changes(
            np.concatenate([[0], ends]),
            self.user[chosen],
            self.package[rows],
            self.cost[rows],
            self.value[rows],
            self.loss[rows],
        )


def changes_within(
    menus: Menus, choice: Choice, picks: IntArray, multiplier: tuple[int, int], slack: int
) -> Changes:
    """All changes of picks that lose no more than the slack.

    Parameters
    ----------
    menus, choice
        The packages, and whether a user may have nothing.
    picks
        For each user the package of greatest q x value - p x cost, -1 for nothing.
    multiplier
        p and q.
    slack
        Greatest loss of interest.
    """
    p, q = multiplier
    pick_cost, pick_value = picked(menus.cost, picks), picked(menus.value, picks)
    greatest = q * pick_value - p * pick_cost
    loss = greatest[menus.user] - (q * menus.value - p * menus.cost)
    package = np.flatnonzero(loss <= slack)
    user, loss = menus.user[package], loss[package]
    cost, value = menus.cost[package], menus.value[package]
    if choice == "at_most_one":
        giving_up = np.flatnonzero((picks >= 0) & (greatest <= slack))
        nothing = np.zeros(len(giving_up), dtype=np.int64)
        user, loss = np.concatenate([giving_up, user]), np.concatenate([greatest[giving_up], loss])
        package = np.concatenate([nothing - 1, package])
        cost, value = np.concatenate([nothing, cost]), np.concatenate([nothing, value])
    cost, value = cost - pick_cost[user], value - pick_value[user]
    # A change that costs and is worth no more, or saves and is worth no less, is the pick again.
    real = np.flatnonzero((np.sign(cost) == np.sign(value)) & (cost != 0))
    order = real[np.argsort(user[real], kind="stable")]
    core, first = np.unique(user[order], return_index=True)
    return Changes(
        np.append(first, len(order)).astype(np.int64),
        core,
        package[order],
        cost[order],
        value[order],
        loss[order],
    )


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
    states
        The most states there were at a time.
    """

    goal: Goal
    made: tuple[IntArray, IntArray] | None
    stopped: Stopped
    states: int


def search(changes: Changes, goal: Goal, slack_of: Callable[[Goal], int], deadline: float) -> Found:
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
    order, ways = _in_order(changes)
    least_loss = changes.least_losses()
    run = _Run(changes, goal, slack_of)
    for step, user in enumerate(order.tolist()):
        if run.slack < 0 or not len(run.cost):
            break
        if least_loss[user] > run.slack:
            continue
        if time.monotonic() >= deadline:
            return run.found("time limit")
        if not run.advance(user, ways[step]):
            return run.found("memory limit")
    return run.found("finished")


class _Run:
    """The states of a search, and how each came about."""

    def __init__(self, changes: Changes, goal: Goal, slack_of: Callable[[Goal], int]) -> None:
        self.changes, self.goal, self.slack_of = changes, goal, slack_of
        self.slack = slack_of(goal)
        self.cost = self.value = self.loss = np.zeros(1, dtype=np.int64)
        # For each step its parents in the step before, and the change made, -1 for none.
        self.history: list[tuple[IntArray, IntArray]] = []
        self.best: tuple[int, int, int] | None = None
        self.kept = self.most = 0

    def advance(self, user: int, ways: "_Ways") -> bool:
        """Put every change of a user on every state; False where that would be too many."""
        parent, change = self._pairs(user)
        if self.kept + len(parent) > STATES_KEPT:
            return False
        changes = self.changes
        cost = self.cost[parent] + np.where(change >= 0, changes.cost[change], 0)
        value = self.value[parent] + np.where(change >= 0, changes.value[change], 0)
        useful = np.flatnonzero(ways.may_reach(self.goal, cost, value))
        rows = useful[_undominated(cost[useful], value[useful])]
        parent, change = parent[rows], change[rows]
        self.loss = self.loss[parent] + np.where(change >= 0, changes.loss[change], 0)
        self.cost, self.value = cost[rows], value[rows]
        self._update(parent, change)
        self.history.append((parent.astype(np.int32), change.astype(np.int32)))
        self.kept += len(rows)
        self.most = max(self.most, len(rows))
        return True

    def _pairs(self, user: int) -> tuple[IntArray, IntArray]:
        """States and changes that go together: their losses keep within the slack."""
        first, last = self.changes.offsets[user : user + 2].tolist()
        parents, changes, count = [], [], 0
        for change in [-1, *range(first, last)]:
            loss = int(self.changes.loss[change]) if change >= 0 else 0
            parents.append(np.flatnonzero(self.loss <= self.slack - loss))
            changes.append(np.full(len(parents[-1]), change))
            count += len(parents[-1])
            if count > STATES_AT_ONCE:
                self.kept = STATES_KEPT
                break
        return np.concatenate(parents), np.concatenate(changes)

    def _update(self, parent: IntArray, change: IntArray) -> None:
        """Make the best state the goal, if it beats the goal."""
        state = int(np.searchsorted(self.cost, self.goal.room, side="right")) - 1
        if state < 0:
            return
        cost, value = int(self.cost[state]), int(self.value[state])
        if any(cost <= most and value >= least for most, least in self.goal.targets()):
            self.goal = replace(self.goal, value=value, cost=cost)
            self.slack = self.slack_of(self.goal)
            self.best = len(self.history), int(parent[state]), int(change[state])

    def found(self, stopped: Stopped) -> Found:
        """The best solution, traced back to its packages."""
        if self.best is None:
            return Found(self.goal, None, stopped, self.most)
        step, parent, change = self.best
        made = [change]
        while step:
            step -= 1
            parents, changes = self.history[step]
            made.append(int(changes[parent]))
            parent = int(parents[parent])
        rows = np.array([change for change in made if change >= 0], dtype=np.int64)
        owner = np.searchsorted(self.changes.offsets, rows, side="right") - 1
        users, packages = self.changes.user[owner], self.changes.package[rows]
        return Found(self.goal, (users, packages), stopped, self.most)


@dataclass(frozen=True)
class _Ways:
    """The steepest change upwards and the flattest downwards among users still to come.

    Each is a pair of value and cost, both positive; (0, 1) where nothing goes up, (1, 0) where
    nothing goes down.
    """

    up: tuple[int, int]
    down: tuple[int, int]

    def may_reach(self, goal: Goal, cost: IntArray, value: IntArray) -> BoolArray:
        """Whether the users to come might bring each state to one of the targets.

        No change up is steeper than any change down, because the multiplier lies between them:
        going down to go up elsewhere gains nothing.
        """
        reached = np.zeros(len(cost), dtype=np.bool_)
        for most_cost, least_value in goal.targets():
            room, missing = most_cost - cost, least_value - value
            upwards = _at_least(self.up[0], room, self.up[1], missing)
            downwards = _at_least(self.down[1], -missing, self.down[0], -room)
            reached |= np.where(room >= 0, upwards, downwards)
        return reached


def _at_least(a: int, x: IntArray, b: int, y: IntArray) -> BoolArray:
    """Whether a x >= b y, or perhaps so where the products may leave 64 bits; a, b at least 0."""
    most_x, most_y = _FAR // max(a, 1), _FAR // max(b, 1)
    surely = (x > most_x) | (y < -most_y)
    close: BoolArray = a * np.clip(x, -most_x, most_x) >= b * np.clip(y, -most_y, most_y)
    return surely | close


def _undominated(cost: IntArray, value: IntArray) -> IntArray:
    """Rows in order of cost that no other row beats or equals; of equal rows the first."""
    order = np.argsort(cost, kind="stable")
    cost, value = cost[order], value[order]
    # At equal cost only the greatest value counts: the first row of that value.
    highest = np.maximum.accumulate(value)
    rises = np.concatenate([[True], highest[1:] > highest[:-1]])[: len(cost)]
    rows = np.flatnonzero(rises)
    last_of_cost = np.concatenate([cost[rows[1:]] != cost[rows[:-1]], [True]])[: len(rows)]
    return order[rows[last_of_cost]]


def _in_order(changes: Changes) -> tuple[IntArray, list[_Ways]]:
    """Core users in the order of the search, and what is still to come after each.

    Users alternate between the steepest way up and the flattest way down, which bring the
    totals to the budget soonest and leave the least to those to come.
    """
    owner = np.repeat(np.arange(len(changes.user)), np.diff(changes.offsets))
    up = np.flatnonzero(changes.cost > 0)
    down = np.flatnonzero(changes.cost < 0)
    up = up[slope_order(changes.value[up], changes.cost[up])]
    down = down[slope_order(-changes.value[down], -changes.cost[down])][::-1]
    best_up, best_down = (_first_of(owner[rows], len(changes.user)) for rows in (up, down))
    # A user stands where the better of the two comes; those up go before those down.
    never = 2 * len(owner) + 2
    place = np.minimum(
        np.where(best_up >= 0, 2 * best_up, never),
        np.where(best_down >= 0, 2 * best_down + 1, never),
    )
    order = np.argsort(place, kind="stable")
    after_up = _least_after(np.where(best_up >= 0, best_up, never)[order], never)
    after_down = _least_after(np.where(best_down >= 0, best_down, never)[order], never)
    ways = [
        _Ways(
            (int(changes.value[up[u]]), int(changes.cost[up[u]])) if u < never else (0, 1),
            (-int(changes.value[down[d]]), -int(changes.cost[down[d]])) if d < never else (1, 0),
        )
        for u, d in zip(after_up.tolist(), after_down.tolist(), strict=True)
    ]
    return order, ways


def _first_of(owner: IntArray, users: int) -> IntArray:
    """For each user the place of the first entry, -1 for none."""
    first = np.full(users, -1, dtype=np.int64)
    found, place = np.unique(owner, return_index=True)
    first[found] = place
    return first


def _least_after(places: IntArray, never: int) -> IntArray:
    """For each entry the least of all later ones."""
    return np.append(np.minimum.accumulate(places[::-1])[::-1][1:], never)[: len(places)]
