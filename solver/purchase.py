"""What people get for their money: the same purchase for every rule that hands out awards."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from metneed.models.account import Account, Awards
from metneed.models.allocation import WHOLE, Allocation, Infeasible, NotApplicable, Outcome, Parts
from metneed.models.arrays import IntArray, frozen
from metneed.models.certificate import Certificate
from metneed.models.problem import Problem
from metneed.solver.engines.divide import Mix, divide_hull
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.engines.serial import best_within

Divide: TypeAlias = Callable[[Problem], IntArray | Awards | NotApplicable | Infeasible]


def spend(problem: Problem, divide: Divide, *, rounds: bool = True) -> Outcome:
    """Awards as a rule divides them, turned into packages.

    With ``leftover = "rounds"`` money that bought nothing returns, is divided by the same rule
    among the users below their best, who buy anew with what they spent and what they were given;
    this stops when nothing changes any more.

    Parameters
    ----------
    problem
        Users, menus and money.
    divide
        Gives one award a user for a problem, or why it cannot.
    rounds
        Whether the rule shares out what was not spent, where the problem asks for that.
    """
    awards = divide(problem)
    if isinstance(awards, NotApplicable | Infeasible):
        return awards
    account = awards.account if isinstance(awards, Awards) else None
    bought = buy(problem, _amounts(awards), account)
    while rounds and problem.leftover == "rounds":
        again = _next_round(problem, divide, bought)
        if again is None:
            return bought
        changed = not (
            np.array_equal(again.met_need, bought.met_need)
            and np.array_equal(again.cost, bought.cost)
        )
        bought = again
        if not changed:
            break
    return bought


def buy(problem: Problem, awards: IntArray, account: Account | None = None) -> Allocation:
    """The best that each user can buy for the award.

    Best is most met need, then cheaper, then first on the menu. Where part packages are allowed
    it is the mix of two packages on the user's hull that costs the award, or the whole of the
    best one. Under ``exactly_one`` an award below the cheapest package buys nothing.
    """
    if problem.packages == "whole":
        picks = best_within(problem.menus, problem.choice, awards)
        bought = Allocation.of_picks(problem, picks, award=awards)
    else:
        hulls = frontier_of(problem.menus, problem.choice, problem.settings.engine).hulls
        bought = of_mix(problem, divide_hull(hulls, awards), award=awards)
    return bought if account is None else replace(bought, account=account)


def of_mix(
    problem: Problem,
    mix: Mix,
    certificate: Certificate | None = None,
    award: IntArray | None = None,
) -> Allocation:
    """The allocation of part packages that money divided on the hulls stands for."""
    n = len(problem.users)
    # Two parts a user, side by side, in the order of the menu.
    swap = mix.right < mix.left
    package = np.stack([np.minimum(mix.left, mix.right), np.maximum(mix.left, mix.right)], axis=1)
    right = np.where(swap, WHOLE - mix.right_share, mix.right_share)
    share = np.stack([WHOLE - right, right], axis=1)
    # The larger part stands for the user; nothing is no part.
    share[package < 0] = 0
    larger = (share[:, 1] > share[:, 0]).astype(np.int64)
    main, main_share = (column[np.arange(n), larger] for column in (package, share))
    main[main_share == 0] = -1
    place = np.flatnonzero(share.ravel() > 0)
    parts = Parts(frozen(place // 2), frozen(package.ravel()[place]), frozen(share.ravel()[place]))
    return Allocation(
        package=frozen(main),
        share=frozen(main_share),
        cost=mix.cost,
        met_need=mix.value,
        certificate=certificate or arithmetic(problem, int(mix.value.sum())),
        award=None if award is None else frozen(award),
        parts=parts,
    )


def of_parts(problem: Problem, parts: Parts, certificate: Certificate) -> Allocation:
    """The allocation that parts stand for: costs rounded up for each user, met need down."""
    n = len(problem.users)
    cost, met_need = (np.zeros(n, dtype=np.int64) for _ in range(2))
    whole = parts.share == WHOLE
    users, packages = parts.user[whole], parts.package[whole]
    cost[users], met_need[users] = problem.menus.cost[packages], problem.menus.met_need[packages]
    spent, met = Counter[int](), Counter[int]()
    split = np.flatnonzero(~whole)
    for user, package, share in zip(
        *(column[split].tolist() for column in (parts.user, parts.package, parts.share)),
        strict=True,
    ):
        spent[user] += share * int(problem.menus.cost[package])
        met[user] += share * int(problem.menus.met_need[package])
    for user, amount in spent.items():
        cost[user], met_need[user] = -(-amount // WHOLE), met[user] // WHOLE
    main, main_share = np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.int64)
    largest = np.lexsort((parts.package, -parts.share, parts.user))
    first = largest[np.unique(parts.user[largest], return_index=True)[1]]
    main[parts.user[first]] = parts.package[first]
    main_share[parts.user[first]] = parts.share[first]
    return Allocation(
        package=frozen(main),
        share=frozen(main_share),
        cost=frozen(cost),
        met_need=frozen(met_need),
        certificate=certificate,
        parts=parts,
    )


def arithmetic(problem: Problem, value: int) -> Certificate:
    """The certificate of a rule that maximises nothing."""
    return Certificate(value=value, scale=10**problem.units.need_decimals)


def no_base(problem: Problem, base_cost: int) -> Infeasible:
    """Why there is no allocation where everyone must have a package: in pounds and people."""
    units, n = problem.units, int((np.diff(problem.menus.offsets) > 0).sum())
    short = base_cost - problem.allocable
    together = f"the cheapest packages of {n:,} users cost"
    cheapest = "the cheapest package of 1 user costs" if n == 1 else together
    return Infeasible(
        reason=(
            f"{cheapest} {units.show_money(base_cost)}, the money "
            f"to allocate is {units.show_money(problem.allocable)}: {units.show_money(short)} short"
        ),
        shortfall=short,
        users=n,
    )


def _next_round(problem: Problem, divide: Divide, bought: Allocation) -> Allocation | None:
    account = bought.account
    left = problem.allocable - bought.total_cost - (0 if account is None else account.reserve)
    below = np.flatnonzero(bought.met_need < problem.menus.best_met_need)
    if left <= 0 or not len(below):
        return None
    previous = problem.previous
    if previous is not None:
        # What was spent already counts towards what a rule takes from today's costs.
        still = frozen(np.maximum(previous.cost - bought.cost, 0))
        previous = replace(previous, cost=still)
    more = divide(problem.replace(previous=previous).subset(below).replace(allocable=left))
    if isinstance(more, NotApplicable | Infeasible):
        return None
    awards = bought.cost.copy()
    awards[below] += _amounts(more)
    return buy(problem, awards, account)


def _amounts(awards: IntArray | Awards) -> IntArray:
    return awards.amount if isinstance(awards, Awards) else awards
