"""What part of a change in awards comes from the budget, and what part from the need."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from metneed.models.allocation import Allocation, Infeasible, NotApplicable
from metneed.models.arrays import FloatArray, IntArray, TextArray, frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.rule import Options, Rule
from metneed.solver.solve import run
from metneed.solver.studies.noise import given

State: TypeAlias = tuple[Problem, Options]


@dataclass(frozen=True, eq=False)
class Split:
    """A change in awards taken apart; smallest money units, one row a user who is there twice.

    Parameters
    ----------
    ids
        Users who are there before and after, in code-point order.
    before, after
        What the rule gives them.
    budget, need
        The parts of the change: together they are the change, to the penny.
    log_budget, log_need
        The same of the natural logarithm of after over before; not a number where any of the
        four awards behind it is 0.
    joined, left
        Users who are there only after, or only before, and what they have then or had.
    money
        What there is to allocate, before and after.
    money_only, need_only
        What users would have with the money of after and the people of before, and the other way
        round.
    stopped
        Whether a limit ended one of the searches: parts are those of the best known.
    """

    ids: TextArray
    before: IntArray
    after: IntArray
    budget: IntArray
    need: IntArray
    log_budget: FloatArray
    log_need: FloatArray
    joined: tuple[TextArray, IntArray]
    left: tuple[TextArray, IntArray]
    money: tuple[int, int]
    money_only: IntArray
    need_only: IntArray
    stopped: bool = False

    @property
    def change(self) -> IntArray:
        """What each user's award changes by."""
        return self.after - self.before

    @property
    def budget_share(self) -> float | None:
        """Sizes of the budget's parts over the sizes of all parts; None where there are none."""
        return share_of(self.budget, self.need)

    @property
    def budget_share_of_variation(self) -> float | None:
        """Budget's part times change over the square of the change, summed over users.

        With the same of the need it makes 1; it may be below 0 or above 1 where the parts go
        against each other. None where nothing changes.
        """
        pairs = list(zip(self.budget.tolist(), self.change.tolist(), strict=True))
        square = sum(change * change for _, change in pairs)
        return sum(part * change for part, change in pairs) / square if square else None


def split(before: State, after: State, rule: Rule) -> Split | Infeasible | NotApplicable:
    """The change in awards from one problem to another, by money and by people.

    The rule runs four times: on the money of each with the people of each. The budget's part is
    the mean of what the money changes with the people of before and with those of after; the
    need's part is what the people change, likewise: points, menus, and who else is there.
    (That is the Shapley value of two factors.) Where they end in a halfpenny, the budget's part is
    rounded up for the first such user, down for the next, and so on in turn.

    Parameters
    ----------
    before, after
        Two problems in the same units, each with the options of the rule.
    rule
        What divides the money, or chooses packages: then costs stand for awards.

    Raises
    ------
    OptionError
        Where the units differ, or nobody is there both times.
    """
    check_units(before[0], after[0])
    awards: dict[tuple[int, int], IntArray] = {}
    stopped = False
    for people, (problem, options) in enumerate((before, after)):
        for money, source in enumerate((before[0], after[0])):
            outcome = run(rule, with_money(problem, source), options)
            if not isinstance(outcome, Allocation):
                return outcome
            awards[money, people] = given(outcome)
            stopped |= outcome.certificate.stopped != "finished"
    first, second = before[0].users.ids, after[0].users.ids
    ids, rows, other_rows = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    if not len(ids):
        raise OptionError("nobody is there both before and after: there is no change to split")
    old, new = ((awards[money, 0][rows], awards[money, 1][other_rows]) for money in (0, 1))
    doubled = (new[0] - old[0]) + (new[1] - old[1])
    change = new[1] - old[0]
    budget = _halves(doubled)
    log_budget, log_need = _logs(old[0], old[1], new[0], new[1])
    only_after = np.setdiff1d(np.arange(len(second)), other_rows)
    only_before = np.setdiff1d(np.arange(len(first)), rows)
    return Split(
        ids=ids,
        before=frozen(old[0]),
        after=frozen(new[1]),
        budget=frozen(budget),
        need=frozen(change - budget),
        log_budget=log_budget,
        log_need=log_need,
        joined=(second[only_after], frozen(awards[1, 1][only_after])),
        left=(first[only_before], frozen(awards[0, 0][only_before])),
        money=(before[0].allocable, after[0].allocable),
        money_only=frozen(new[0]),
        need_only=frozen(old[1]),
        stopped=stopped,
    )


def share_of(part: IntArray, other: IntArray) -> float | None:
    """Sizes of one part over the sizes of both, summed over users; None where both are 0."""
    size, rest = exact_sum(np.abs(part)), exact_sum(np.abs(other))
    return size / (size + rest) if size + rest else None


def with_money(problem: Problem, source: Problem) -> Problem:
    """The same people and menus with the money of another problem."""
    return problem.replace(budget=source.budget, allocable=source.allocable)


def check_units(before: Problem, after: Problem) -> None:
    """Refuse problems whose amounts are not counted alike."""
    if before.units != after.units:
        raise OptionError(
            f"the amounts are counted differently, before {before.units} and after {after.units}: "
            "give both the same currency, period and decimals"
        )


def _halves(doubled: IntArray) -> IntArray:
    """Half of each, odd halves in turn upwards and downwards in the order of users."""
    odd = (doubled & 1) == 1
    up = odd & (np.cumsum(odd) % 2 == 1)
    halved: IntArray = (doubled >> 1) + up
    return halved


def _logs(
    start: IntArray, needed: IntArray, paid: IntArray, end: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Parts of the logarithm of end over start: by the budget, and by the need."""
    known = (start > 0) & (needed > 0) & (paid > 0) & (end > 0)
    one, two, three, four = (
        np.log(np.where(known, awards, 1)) for awards in (start, needed, paid, end)
    )
    by_budget = ((three - one) + (four - two)) / 2
    by_need = ((two - one) + (four - three)) / 2
    return np.where(known, by_budget, np.nan), np.where(known, by_need, np.nan)
