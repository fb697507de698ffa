"""Slices of the pie: each group gets a stated share of the money, and its people divide that.

In words: it is said beforehand which share of the total funding each group has, older people so
much and younger adults so much. Within a group the share is divided by points, by head, or by a
column of weights. A group without anybody leaves its slice uncut.

Formula: award = allocable x share of the group x weight / sum of the weights of the group, to the
penny by largest remainder in each group. Without groups everybody is one group with share 1. With
group_weights the shares of the groups are in proportion to what that column adds up to in each:
weighted capitation.

Source: individual budgets as everyone's own slice of all the funding there is (practice of
English pilot sites, as described in the medical press in 2008).

Ignores: what care costs, and what it achieves; and need, where the shares do.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from metneed.models.account import Account, Awards, Line, Quantity
from metneed.models.allocation import NotApplicable
from metneed.models.apportion import largest_remainder
from metneed.models.arrays import IntArray, TextArray, frozen
from metneed.models.columns import Labels
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.models.words import counted
from metneed.solver.money.columns import number_column
from metneed.solver.money.exclusions import reasons_of
from metneed.solver.money.points import PointsOptions, per_whole_point, points_of
from metneed.solver.rule import Options, Rule
from metneed.solver.selection import group_column


class ShareRow(Options):
    """The slice of one group."""

    group: str = Field(description="value of the column")
    share: Decimal = Field(ge=0, le=1, description="share of the money")


class FundingShares(PointsOptions):
    """Which groups have which share, and how it is divided in a group."""

    column: str | None = Field(
        default=None,
        description="column of users whose groups have shares; default: the one that has them",
    )
    shares: tuple[ShareRow, ...] = Field(
        default=(),
        description="the share of each group; together they make at most 1",
        json_schema_extra={"table": "shares", "not_with": "group_weights"},
    )
    group_weights: str | None = Field(
        default=None,
        description="or: column of numbers of users (or head), to whose sum in each group the "
        "shares are proportional",
    )
    within: Literal["points", "head", "column"] = Field(
        default="points", description="what divides the share of a group among its people"
    )
    weights: str | None = Field(
        default=None, description='column of numbers of users, for within = "column"'
    )

    def check(self, problem: Problem) -> None:
        """Refuse names of nobody, and shares of groups that are not there."""
        super().check(problem)
        if self.shares:
            _check_groups(problem, self)

    @model_validator(mode="after")
    def _fits(self) -> "FundingShares":
        total = sum((row.share for row in self.shares), Decimal(0))
        if total > 1:
            msg = f"the shares make {total} of the money together; give at most 1"
            raise ValueError(msg)
        names = [row.group for row in self.shares]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"the group {twice!r} has two shares; keep one row")
        if self.shares and self.group_weights is not None:
            raise ValueError(
                "shares are stated, or follow from group_weights: leave one of them out"
            )
        if self.column is not None and not (self.shares or self.group_weights):
            raise ValueError("column goes with shares or with group_weights")
        if self.group_weights is not None and self.column is None:
            raise ValueError('group_weights goes with a column of groups: column = "area"')
        if (self.within == "column") != (self.weights is not None):
            raise ValueError('within = "column" and weights = "NAME" go together')
        return self


def awards(problem: Problem, options: FundingShares) -> Awards | NotApplicable:
    """One award a user: the group's slice, divided within the group."""
    found = _weights(problem, options)
    if isinstance(found, NotApplicable):
        return found
    weights, reasons = found
    n = len(problem.users)
    labels, slices = _slices(problem, options)
    amount, lines = np.zeros(n, dtype=np.int64), []
    for code, group in enumerate(labels.names):
        rows, slice_of = np.flatnonzero(labels.codes == code), slices[code]
        if len(rows) and weights[rows].any():
            amount[rows] = largest_remainder(slice_of, weights[rows])
        given = exact_sum(amount[rows])
        lines.append(Line(f"slice of {group}", given, "money"))
        if given and options.within == "points":
            price = per_whole_point(Fraction(given, exact_sum(weights[rows])), problem.units)
            lines.append(Line(f"price per point of {group}", float(price), "number"))
        if given < slice_of:
            lines.append(Line(f"slice of {group} that nobody divides", slice_of - given, "money"))
    columns: dict[str, tuple[IntArray, Quantity]] = {
        "share of the money, millionths": (_millionths(amount, problem.allocable), "number")
    }
    return Awards(frozen(amount), Account(tuple(lines), columns, reasons_of(reasons)))


def _slices(problem: Problem, options: FundingShares) -> tuple[Labels, list[int]]:
    """The groups, and the slice of the money that each has."""
    n, money = len(problem.users), problem.allocable
    if options.shares:
        labels, shares = _groups(problem, options), {r.group: r.share for r in options.shares}
        rounded = [int(money * Fraction(shares.get(name, Decimal(0)))) for name in labels.names]
        return labels, rounded
    if options.group_weights is None:
        return Labels(np.zeros(n, dtype=np.int32), ("everyone",)), [money]
    labels, weights = _groups(problem, options), np.ones(n, dtype=np.int64)
    if options.group_weights != "head":
        decimals = problem.units.need_decimals
        weights = number_column(problem, options.group_weights, "group_weights", decimals)
    together = np.zeros(len(labels.names), dtype=np.int64)
    np.add.at(together, labels.codes, weights)
    if not together.any():
        raise OptionError(f"group_weights: everybody has 0 in {options.group_weights}")
    return labels, largest_remainder(money, together).tolist()


def _millionths(amount: IntArray, money: int) -> IntArray:
    """Awards as millionths of the money, rounded down."""
    exact = amount.astype(object) * 10**6 // max(1, money)
    return frozen(exact.astype(np.int64))


def _weights(
    problem: Problem, options: FundingShares
) -> tuple[IntArray, TextArray] | NotApplicable:
    """What divides the slice of a group, 0 for those who get nothing, and why they do not."""
    n = len(problem.users)
    if options.within == "points":
        points = points_of(problem, options)
        return points if isinstance(points, NotApplicable) else (points.counting, points.reasons)
    weights = np.ones(n, dtype=np.int64)
    if options.weights is not None:
        weights = number_column(problem, options.weights, "weights", problem.units.need_decimals)
    excluded = options.excluded(problem)
    reasons = np.where(excluded, options.excluded_because, "").astype(object)
    return np.where(excluded, 0, weights), reasons


def _groups(problem: Problem, options: FundingShares) -> Labels:
    """The groups that have shares; OptionError where there is no such column or group."""
    if options.column is not None:
        return group_column(problem, options.column, "funding_shares: column")
    columns, wanted = problem.users.groups, [row.group for row in options.shares]
    fitting = [name for name, labels in columns.items() if set(wanted) & set(labels.names)]
    if len(fitting) != 1:
        known = ", ".join(fitting or columns) or "none"
        raise OptionError(
            f"funding_shares: say which column the shares are for; there are: {known}"
        )
    return columns[fitting[0]]


def _check_groups(problem: Problem, options: FundingShares) -> None:
    labels = _groups(problem, options)
    for row in options.shares:
        if row.group not in labels.names:
            error = UnknownNameError("group", row.group, labels.names)
            raise OptionError(f"funding_shares: shares: {error}")
    shared = {row.group for row in options.shares}
    for code, users in enumerate(np.bincount(labels.codes, minlength=len(labels.names)).tolist()):
        if users and labels.names[code] and labels.names[code] not in shared:
            raise OptionError(
                f"funding_shares: shares: the group {labels.names[code]!r} has no share, and "
                f"{counted(users, 'user is', 'users are')} in it: add a row, with 0 where they "
                "get nothing"
            )


RULE = Rule(
    name="funding_shares",
    title="a stated slice of the money for each group",
    family="money",
    usual=False,
    run=awards,
    options=FundingShares,
)
