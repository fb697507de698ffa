"""Two stages: the indicative budget of a money rule, and the final cost of the plan.

Neither is worked out from the other, so that the error between them is an error of the rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from metneed.models.allocation import Allocation, Infeasible, NotApplicable
from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.comparison import Figure
from metneed.models.errors import OptionError
from metneed.models.limits import SUM_LIMIT
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.models.words import counted
from metneed.solver.money.columns import number_column
from metneed.solver.rule import Options, Rule
from metneed.solver.rules import rules
from metneed.solver.solve import run
from metneed.solver.studies.stage_errors import bands, stage_errors

PLAN_COST, PREVIOUS = "plan_cost", "previous"
MOST_BANDS = 20
BandBy: TypeAlias = Literal["points", "indicative"]
_NAMED = 5


@dataclass(frozen=True, eq=False)
class Stages:
    """Both sums of those who have both, and what the first one buys.

    Parameters
    ----------
    problem
        The users with a final cost, and the money that is theirs: what there is to allocate less
        what the others have where the rule divides it.
    indicative, final
        Smallest money units, one a user.
    bought
        What the indicative budgets buy, unspent ones kept or shared out as the problem says: cost
        and met need, one a user.
    source
        Where final costs come from, in words.
    left_out
        How many users have no final cost.
    stopped
        Whether a limit ended the search for final packages: they are the best known.
    """

    problem: Problem
    indicative: IntArray
    final: IntArray
    bought: tuple[IntArray, IntArray]
    source: str
    left_out: int
    stopped: bool = False


@dataclass(frozen=True, eq=False)
class _Final:
    """Final costs, for whom there is one, and where they come from."""

    amounts: IntArray
    stated: BoolArray
    source: str
    stopped: bool = False


def two_stages(  # noqa: PLR0913 - each is a thing of its own
    problem: Problem,
    rule: Rule,
    options: Options,
    final: str = PLAN_COST,
    *,
    bound: Mapping[str, Options] | None = None,
    leave_out: bool = False,
) -> Stages | Infeasible | NotApplicable:
    """The indicative budgets of a money rule beside final costs from elsewhere.

    Parameters
    ----------
    problem, rule, options
        Whom the rule gives indicative budgets to.
    final
        A column of numbers of users; ``previous``, the cost of today's package; or a rule that
        chooses packages, whose costs are then the final ones.
    bound
        Options of that rule, by its name.
    leave_out
        Leave out users without a final cost instead of refusing.

    Raises
    ------
    OptionError
        Where the first stage is no money rule, there are no such final costs, or some user has
        none.
    """
    if rule.family != "money":
        raise OptionError(
            f"rule {rule.name} chooses packages and gives no indicative budgets: name a rule that "
            "divides money, such as points_proportional"
        )
    costs = _final_costs(problem, final, bound or {})
    if isinstance(costs, Infeasible | NotApplicable):
        return costs
    rows = _with_costs(problem, final, costs, leave_out)
    told = run(rule, problem.replace(leftover="kept"), options)
    bought = run(rule, problem, options)
    if not isinstance(bought, Allocation):
        return bought
    assert isinstance(told, Allocation)
    assert told.award is not None
    others = np.setdiff1d(np.arange(len(problem.users)), rows)
    theirs = told.award if problem.leftover == "kept" else bought.cost
    return Stages(
        problem=problem.subset(rows).replace(
            allocable=problem.allocable - exact_sum(theirs[others])
        ),
        indicative=frozen(told.award[rows]),
        final=frozen(costs.amounts[rows]),
        bought=(frozen(bought.cost[rows]), frozen(bought.met_need[rows])),
        source=costs.source,
        left_out=len(others),
        stopped=costs.stopped,
    )


def error_figures(stages: Stages, count: int = 5, by: BandBy = "points") -> Iterator[Figure]:
    """Figures of the error for everyone, for each group, and for bands of points or of sums.

    Raises
    ------
    OptionError
        Where there are too many bands, or bands of points and no points.
    """
    users = stages.problem.users
    parts: list[tuple[str, str, IntArray]] = [("", "", np.arange(len(users)))]
    for column, labels in users.groups.items():
        parts += [
            (column, labels.names[code], np.flatnonzero(labels.codes == code))
            for code in np.unique(labels.codes).tolist()
        ]
    parts += _bands(stages, count, by)
    for group_by, group, rows in parts:
        for name, (value, unit) in stage_errors(
            stages.indicative[rows], stages.final[rows]
        ).items():
            yield Figure("error", group_by, group, name, value, unit)


def yes_no(problem: Problem, name: str, option: str) -> BoolArray:
    """A column of users that says yes or no.

    Raises
    ------
    OptionError
        Where there is no such column, or it says anything else.
    """
    users, told = problem.users, f"{option}: users"
    if name in users.numbers:
        column = users.numbers[name]
        one = 10**column.decimals
        if not column.stated.all() or not np.isin(column.values, [0, one]).all():
            raise OptionError(f"{told}, column {name}: write yes or no (or 1 or 0) for everyone")
        says_yes: BoolArray = column.values == one
        return says_yes
    if name not in users.groups:
        known = ", ".join(users.groups) or "none"
        raise OptionError(
            f"{told} have no column {name!r} of yes and no; columns of text: {known} (the groups "
            "of the scenario, where it names any, are the only ones that are read)"
        )
    labels = users.groups[name]
    meaning = {"yes": 1, "true": 1, "no": 0, "false": 0}
    codes = np.array([meaning.get(text.casefold(), -1) for text in labels.names])
    values = codes[labels.codes]
    if (values < 0).any():
        row = int(np.argmax(values < 0))
        raise OptionError(
            f"{told}, column {name}: {labels.names[labels.codes[row]]!r} for user "
            f"{users.ids[row]} (and {int((values < 0).sum()) - 1} others) is neither yes nor no; "
            "write one of them for everyone"
        )
    found: BoolArray = values == 1
    return found


def _final_costs(
    problem: Problem, name: str, bound: Mapping[str, Options]
) -> _Final | Infeasible | NotApplicable:
    """Final costs from where they are said to come from."""
    if name == PREVIOUS and name not in problem.users.numbers:
        previous = problem.previous
        if previous is None:
            raise OptionError(
                "final = previous takes the cost of today's package: add the table previous"
            )
        return _Final(previous.cost, previous.held, "the cost of today's package")
    if name in problem.users.numbers:
        amounts = number_column(problem, name, "final", problem.units.money_decimals)
        return _Final(amounts, problem.users.numbers[name].stated, f"the column {name} of users")
    choosing = [known for known, rule in rules().items() if rule.family == "package"]
    if name not in choosing:
        known = ", ".join(problem.users.numbers) or "none"
        raise OptionError(
            f"final = {name}: users have no such column of numbers (there are: {known}), and no "
            f"rule of that name chooses packages. Add a column {PLAN_COST} to users with the cost "
            f"of each support plan, or say previous, or one of {', '.join(choosing)}"
        )
    outcome = run(rules()[name], problem, bound.get(name))
    if not isinstance(outcome, Allocation):
        return outcome
    everyone = np.ones(len(problem.users), dtype=np.bool_)
    stopped = outcome.certificate.stopped != "finished"
    known = " (best known: a limit ended the search)" if stopped else ""
    return _Final(outcome.cost, everyone, f"the package that {name} chooses{known}", stopped)


def _with_costs(problem: Problem, name: str, costs: _Final, leave_out: bool) -> IntArray:
    without = np.flatnonzero(~costs.stated)
    if len(without) and not leave_out:
        named = ", ".join(map(str, problem.users.ids[without[:_NAMED]]))
        more = f" and {len(without) - _NAMED:,} more" if len(without) > _NAMED else ""
        where = "table previous" if name == PREVIOUS else f"users, column {name}"
        raise OptionError(
            f"{where}: no final cost for {counted(len(without), 'user')} ({named}{more}); state "
            "it, or leave them out with --leave-out (leave_out=True)"
        )
    if exact_sum(costs.amounts) >= SUM_LIMIT:
        raise OptionError(f"final = {name}: all final costs together are too large to add up")
    rows = np.flatnonzero(costs.stated)
    if not len(rows):
        raise OptionError(f"final = {name}: nobody has a final cost")
    return rows


def _bands(stages: Stages, count: int, by: BandBy) -> Iterator[tuple[str, str, IntArray]]:
    if not 1 <= count <= MOST_BANDS:
        raise OptionError(f"{count} bands: say 1 to {MOST_BANDS}")
    units, points = stages.problem.units, stages.problem.users.points
    if by == "points" and points is None:
        raise OptionError("the users have no points to make bands of: band by indicative")
    values = stages.indicative if by == "indicative" or points is None else points
    for low, high, rows in bands(values, count):
        ends = (
            units.money(end) if by == "indicative" else units.short_need(end) for end in (low, high)
        )
        yield f"band of {by}", " to ".join(ends), rows
