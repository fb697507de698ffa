"""How much of the answer is owed to judged scores, and to costs that say nothing of the person."""

from dataclasses import dataclass

import numpy as np

from metneed.models.allocation import WHOLE, Allocation, Parts
from metneed.models.arrays import FloatArray, IntArray, frozen, picked
from metneed.models.errors import OptionError
from metneed.models.menus import Menus
from metneed.models.problem import Problem
from metneed.models.random_stream import RandomStream
from metneed.models.sums import exact_sum
from metneed.solver.compare import POINTS
from metneed.solver.engines.divide import Mix, divide_hull
from metneed.solver.engines.frontier import Frontier, frontier_of
from metneed.solver.engines.one_budget import mix_of
from metneed.solver.engines.part_packages import value_of_parts
from metneed.solver.limited import best_within_limits
from metneed.solver.rules import rule as rule_named
from metneed.solver.solve import run

MOST_ERROR = 2.0
"""The largest error that is tried: scores that are off by twice themselves."""

TRIED = tuple(MOST_ERROR * step / 10 for step in range(11))
"""Errors that are tried for one at which the points rule does as well."""

FEW = 5
"""Draws, at most, in the search for that error beside limits, where each choice takes longer."""

BANDS = 10
"""Bands of need within which costs are shuffled: tenths of the users."""


@dataclass(frozen=True)
class ScoreError:
    """What choosing on wrong scores costs; met need in smallest units, means over the draws.

    Parameters
    ----------
    error
        Standard deviation of the error of each package's met need, as a share of it.
    draws
        How often the scores were disturbed.
    undisturbed
        What the choice reaches with the scores as they are.
    claimed
        What it would claim to reach, on the disturbed scores it chose by.
    achieved
        What its choices are worth on the undisturbed scores; `worst` is the worst draw.
    points
        What the points rule reaches, its packages chosen on undisturbed scores.
    break_even
        The least error found at which the points rule does as well, or None where it does so at
        none of the errors `TRIED`.
    """

    error: float
    draws: int
    undisturbed: int
    claimed: float
    achieved: float
    worst: int
    points: int | None
    break_even: float | None


@dataclass(frozen=True)
class ShuffledCosts:
    """The gain over the points rule, as it is and where cost tells nothing about the person.

    Parameters
    ----------
    gain, shuffled_gain
        Met need of the choice over that of the points rule, less 1: on the data as they
        are, and the mean over draws in which people of similar need swapped their costs.
    moved
        Share of the users whose costs could be swapped with somebody's.
    draws
        How often costs were shuffled.
    """

    gain: float
    shuffled_gain: float
    moved: float
    draws: int


@dataclass(frozen=True)
class Robustness:
    """Both tests; each None where it does not apply."""

    error: ScoreError | None
    shuffled: ShuffledCosts | None


def robustness(problem: Problem, error: float, draws: int = 20) -> Robustness:
    """Disturbed scores and shuffled costs together, as comparisons print them.

    Both are None where the cheapest packages that everyone must have cost more than there is, or
    the limits beside the budget cannot be kept. Beside such limits costs are not shuffled: other
    costs would make other limits.
    """
    if problem.constraints:
        if not isinstance(_best_parts(problem, problem.menus.met_need), Parts):
            return Robustness(None, None)
        return Robustness(score_error(problem, error, draws), None)
    if _frontier(problem, problem.menus).base_cost > problem.allocable:
        return Robustness(None, None)
    return Robustness(score_error(problem, error, draws), shuffled_costs(problem, draws))


def score_error(problem: Problem, error: float, draws: int = 20) -> ScoreError:
    """Choose on disturbed met-need scores, value on undisturbed ones.

    Each package's met need is multiplied by 1 + error x z, with z of mean 0 and standard
    deviation 1, drawn for each package by itself, and kept between 0 and the user's need.
    Packages are then chosen by the priority list, or by the linear programme where part packages
    are allowed. Need, costs and the points rule stay undisturbed, which favours the points rule.

    Beside limits the choice is the best of part packages that keep all of them, limits on met need
    by the undisturbed scores: what is a duty and whether it is kept does not hang on the error.

    Parameters
    ----------
    problem
        Its seed is the seed of the draws.
    error
        0 to `MOST_ERROR`.
    draws
        1 or more.

    Raises
    ------
    OptionError
        Where the error or the number of draws is out of range, or the cheapest packages that
        everyone must have cost more than there is, or the limits cannot be kept.
    """
    if not 0 <= error <= MOST_ERROR:
        raise OptionError(f"the score error {error:g} is not between 0 and {MOST_ERROR:g}")
    if draws < 1:
        raise OptionError(f"{draws} draws are too few: 1 or more")
    noise = [
        RandomStream.of(problem.seed, f"score error {draw}").bell(problem.menus.n_packages)
        for draw in range(draws)
    ]
    claimed, achieved = np.array([_chosen_on(problem, error, z) for z in noise]).T
    points = _points(problem)
    tried = noise[:FEW] if problem.constraints else noise
    return ScoreError(
        error=error,
        draws=draws,
        undisturbed=_chosen_by(problem, problem.menus.met_need)[1],
        claimed=float(claimed.mean()),
        achieved=float(achieved.mean()),
        worst=int(achieved.min()),
        points=points,
        break_even=None if points is None else _break_even(problem, points, tried),
    )


def shuffled_costs(problem: Problem, draws: int = 10) -> ShuffledCosts | None:
    """Swap whole cost columns between people of similar need, and look at the gain again.

    Users are cut into tenths by need; within a tenth, those with equally many packages swap
    their costs, cheapest for cheapest. What is gained over the points rule then can owe nothing
    to what this person's care costs. None where the points rule gives no allocation.
    """
    points = _points(problem)
    if not points:
        return None
    cells = _cells(problem)
    sizes = np.bincount(cells)
    gains = []
    for draw in range(draws):
        menus = _shuffled(
            problem.menus, cells, RandomStream.of(problem.seed, f"shuffled costs {draw}")
        )
        other = problem.replace(menus=menus)
        base = _points(other)
        if base:
            gains.append(_value(menus, _choose(other, menus)) / base - 1)
    return ShuffledCosts(
        gain=_value(problem.menus, _choose(problem, problem.menus)) / points - 1,
        shuffled_gain=float(np.mean(gains)) if gains else 0.0,
        moved=float((sizes[cells] > 1).mean()),
        draws=draws,
    )


def _points(problem: Problem) -> int | None:
    outcome = run(rule_named(POINTS), problem)
    return outcome.total_met_need if isinstance(outcome, Allocation) else None


def _frontier(problem: Problem, menus: Menus) -> Frontier:
    return frontier_of(menus, problem.choice, problem.settings.engine)


def _choose(problem: Problem, menus: Menus) -> Mix:
    """The choice by these menus: the linear programme, or the priority list of whole packages."""
    frontier = _frontier(problem, menus)
    if frontier.base_cost > problem.allocable:
        raise OptionError("the cheapest packages of all cost more than the allocable money")
    if problem.packages == "divisible":
        return mix_of(problem.menus, frontier.optimum_at(problem.allocable))
    whole = frontier.hulls.cost[frontier.points(frontier.break_at(problem.allocable).count)]
    return divide_hull(frontier.hulls, whole)


def _value(menus: Menus, chosen: Mix) -> int:
    """Met need of a choice by the scores of these menus."""
    left, right = (picked(menus.met_need, side) for side in (chosen.left, chosen.right))
    # At most one user has two packages, so that no share of the others is rounded.
    return exact_sum(left + (right - left) * chosen.right_share // WHOLE)


def _chosen_on(problem: Problem, error: float, noise: FloatArray) -> tuple[int, int]:
    menus = problem.menus
    # Each operation on floats is correctly rounded, so every machine disturbs alike.
    factor = np.maximum(1.0 + error * noise, 0.0)
    scores = np.rint(menus.met_need * factor).astype(np.int64)
    # No score passes the need itself.
    return _chosen_by(problem, np.minimum(scores, problem.users.need[menus.user]))


def _chosen_by(problem: Problem, scores: IntArray) -> tuple[int, int]:
    """What a choice by these scores would seem to meet, and what it meets."""
    menus = problem.menus
    if problem.constraints:
        parts = _best_parts(problem, scores)
        if not isinstance(parts, Parts):
            raise OptionError(parts)
        return value_of_parts(frozen(scores), parts), value_of_parts(menus.met_need, parts)
    disturbed = menus.replace(met_need=scores, value=scores)
    chosen = _choose(problem, disturbed)
    return _value(disturbed, chosen), _value(menus, chosen)


def _best_parts(problem: Problem, scores: IntArray) -> Parts | str:
    """The best part packages by these scores that keep all limits, or why there are none."""
    menus = problem.menus.replace(value=frozen(scores))
    outcome = best_within_limits(problem.replace(menus=menus, packages="divisible"))
    if isinstance(outcome, Allocation):
        assert outcome.parts is not None
        return outcome.parts
    return outcome.reason


def _break_even(problem: Problem, points: int, noise: list[FloatArray]) -> float | None:
    def mean_achieved(error: float) -> float:
        return float(np.mean([_chosen_on(problem, error, z)[1] for z in noise]))

    high = next((error for error in TRIED if mean_achieved(error) <= points), None)
    if not high:
        return high
    low = TRIED[TRIED.index(high) - 1]
    while high - low > 0.02:
        middle = (low + high) / 2
        low, high = (middle, high) if mean_achieved(middle) > points else (low, middle)
    return round(high, 2)


def _cells(problem: Problem) -> IntArray:
    """For each user the band of need and the size of the menu, as one number from 0."""
    need, n = problem.users.need, len(problem.users)
    band = np.empty(n, dtype=np.int64)
    band[np.argsort(need, kind="stable")] = np.arange(n) * BANDS // n
    keys = np.column_stack([band, np.diff(problem.menus.offsets)])
    return np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)


def _shuffled(menus: Menus, cells: IntArray, stream: RandomStream) -> Menus:
    """The same menus, where the users of a cell have swapped their costs."""
    order = np.lexsort((menus.cost, menus.user))
    cost = np.empty_like(menus.cost)
    source = _swapped(cells, stream)
    # Positions of all packages, cheapest first within each user; the source's, user by user.
    cost[order] = menus.cost[order][menus.positions(source)]
    return menus.replace(cost=cost)


def _swapped(cells: IntArray, stream: RandomStream) -> IntArray:
    """For each user another user of the same cell, each taken once."""
    shuffled = stream.permutation(len(cells))
    by_cell = np.argsort(cells, kind="stable")
    source = np.empty(len(cells), dtype=np.int64)
    source[by_cell] = shuffled[np.argsort(cells[shuffled], kind="stable")]
    return source
