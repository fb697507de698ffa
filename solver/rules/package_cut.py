"""Everyone's money cut by a stated share, whatever the pot.

In words: everybody's budget of last year is cut by the same stated share, and what is left of it
is looked up on the person's menu. Over several years the cut is taken off last year's budget, not
off what the package cost, so that money that bought nothing is not cut away twice. Where the cut is
too small for the pot, the rule says by how much.

Formula: award = (1 - cut) x last year's award (the column `award_before` of users, which a budget
path keeps), rounded down to the penny; where it is not stated, of the cost of today's package.
Users who had neither get nothing.

Source: the across-the-board cut of council budgets, of which personal budgets are said to make it
easy to apply.

Ignores: needs, points, the pot beyond what it allows; and that a package cut a little may not be on
offer at all: the account says how many fall below their package.
"""

from decimal import Decimal

import numpy as np
from pydantic import Field

from metneed.models.account import Account, Awards, Line
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.arrays import IntArray, frozen
from metneed.models.columns import AWARD_BEFORE, Labels
from metneed.models.errors import OptionError
from metneed.models.instance import Previous
from metneed.models.problem import Problem
from metneed.models.scenario import Share
from metneed.models.sums import exact_sum
from metneed.models.words import counted
from metneed.solver.rule import Options, Rule
from metneed.solver.selection import shares_of

_NOTHING_TO_CUT = "no money the year before, so there is nothing to cut"


class PackageCutOptions(Options):
    """How much is cut."""

    cut: Share = Field(
        default=Decimal("0.2"),
        description="share cut off everyone's money, 0 to 1: 0.2 is 20 %",
        json_schema_extra={"unit": "share"},
    )


def awards(problem: Problem, options: PackageCutOptions) -> Awards | NotApplicable | Infeasible:
    """One award a user: what the person had, less the cut."""
    previous = problem.previous
    if previous is None:
        return NotApplicable("the instance has no table of previous packages")
    before = _before(problem, previous)
    left = shares_of(1 - options.cut, before, up=False)
    total = exact_sum(left)
    if total > problem.allocable:
        return _too_small(problem, options, before, total)
    below = int((previous.held & (left < previous.cost)).sum())
    saved = exact_sum(before) - total
    account = Account(
        lines=(
            Line("cut off everyone's money", float(options.cut), "share"),
            Line("saved by the cut", saved, "money"),
            Line("users who can no longer pay for their package", below, "users"),
        ),
        columns={"money before the cut": (before, "money")},
        reasons=_reasons((before == 0).astype(np.int64)),
    )
    return Awards(left, account)


def _before(problem: Problem, previous: Previous) -> IntArray:
    """What everyone was given the year before, or else what the package of that year costs."""
    awards = problem.users.numbers.get(AWARD_BEFORE)
    if awards is None:
        return previous.cost
    try:
        given = awards.units(problem.units.money_decimals)
    except ValueError as error:
        raise OptionError(
            f"users, column {AWARD_BEFORE}: amounts have more than "
            f"{problem.units.money_decimals} decimals, which would be lost; round them, or raise "
            "money_decimals in scenario.toml"
        ) from error
    return frozen(np.where(awards.stated, given, previous.cost))


def _reasons(nothing: IntArray) -> Labels | None:
    """Why people who had no money get none."""
    return Labels(frozen(nothing), ("", _NOTHING_TO_CUT)) if nothing.any() else None


def _too_small(
    problem: Problem, options: PackageCutOptions, before: IntArray, total: int
) -> Infeasible:
    """By how much the cut is too small, and what cut would do."""
    held = int((before > 0).sum())
    show, short = problem.units.show_money, total - problem.allocable
    thousandths = -(-1000 * (exact_sum(before) - problem.allocable) // exact_sum(before))
    return Infeasible(
        reason=(
            f"the money of {counted(held, 'user')} less {options.cut:.1%} is {show(total)}, the "
            f"money to allocate is {show(problem.allocable)}: {show(short)} short; a cut of "
            f"{thousandths / 1000:.1%} would do"
        ),
        shortfall=short,
        users=held,
    )


RULE = Rule(
    name="package_cut",
    title="everyone's money cut by a stated share",
    family="money",
    run=awards,
    options=PackageCutOptions,
    needs=("previous",),
    rounds=False,
    usual=False,
)
