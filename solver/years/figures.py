"""The figures of one rule in one year of a path: its ledger, its people, and what it breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.budget_path import SliceTo
from metneed.models.comparison import Number, Unit
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.models.words import counted
from metneed.models.year_money import YearMoney
from metneed.solver.bound import bind_constraints
from metneed.solver.breaches import breaches
from metneed.solver.measure import Context
from metneed.solver.measures import measure
from metneed.solver.money.points import per_whole_point
from metneed.solver.rule import Rule
from metneed.solver.years.people import NEW, People

UNITS: dict[str, Unit] = {
    "budget": "money",
    "carried_in": "money",
    "top_slice": "money",
    "overheads": "money",
    "allocable": "money",
    "spent": "money",
    "reserve": "money",
    "unspent": "money",
    "carried_out": "money",
    "held_back_so_far": "money",
    "slice_used": "money",
    "slice_short": "money",
    "slice_left": "money",
    "price_per_point": "money per point",
    "need": "need",
    "met_need": "need",
    "share_of_need": "share",
    "users": "users",
    "users_joined": "users",
    "users_left": "users",
    "users_below_basic": "users",
    "users_with_nothing": "users",
    "users_losing": "users",
    "users_gaining": "users",
    "users_below_step": "users",
}
"""Every figure of a path in order, and what it counts."""

BASIC = "basic need"
_OF_MEASURES = ("met_need", "share_of_need", "users_below_basic", "users_with_nothing")


@dataclass(frozen=True)
class Ledger:
    """The money of one rule in one year; smallest money units.

    The budget and what was carried in are the slice, the overheads, and what was spent, reserved
    and left unspent.

    Parameters
    ----------
    money
        What is the same for every rule.
    carried_in
        Unspent money of the year before that is added to what there is to allocate.
    fund
        What earlier slices have left, where the slice is used for something.
    held_back
        Slices and overheads of all years before.
    """

    money: YearMoney
    carried_in: int = 0
    fund: int = 0
    held_back: int = 0

    @property
    def budget(self) -> int:
        """All money of the year."""
        return self.money.budget + self.carried_in

    @property
    def allocable(self) -> int:
        """What a rule may spend."""
        return self.money.allocable + self.carried_in


def ledger_figures(
    ledger: Ledger, slice_to: SliceTo, problem: Problem, done: Allocation | None, carry: Fraction
) -> dict[str, Number]:
    """The ledger of a year; what was spent only where there is an allocation."""
    money = ledger.money
    found: dict[str, Number] = {
        "budget": money.budget,
        "carried_in": ledger.carried_in,
        "top_slice": money.top_slice,
        "overheads": money.overheads,
        "allocable": ledger.allocable,
    }
    asked = money.overheads_from_slice
    if done is not None:
        unspent = ledger.allocable - done.total_cost - done.reserved
        found |= {
            "spent": done.total_cost,
            "reserve": done.reserved,
            "unspent": unspent,
            "carried_out": int(max(unspent, 0) * carry),
        }
        if slice_to == "contingency":
            asked = max(-unspent, 0)
        elif slice_to == "pooled_fund" and problem.services is not None:
            asked = max(exact_sum(problem.services.fixed_cost) - done.fixed_costs, 0)
    used = min(asked, ledger.fund + money.top_slice)
    return found | {
        "held_back_so_far": ledger.held_back + money.top_slice + money.overheads,
        "slice_used": used,
        "slice_short": asked - used,
        "slice_left": ledger.fund + money.top_slice - used,
    }


def people_figures(
    problem: Problem, people: People, rule: Rule, done: Allocation, *, first: bool
) -> dict[str, Number]:
    """What an allocation does to people, and to whom it does less than the year before."""
    everyone = np.arange(len(problem.users))
    found: dict[str, Number] = {
        "price_per_point": _price_per_point(problem, rule, done),
        "need": exact_sum(problem.users.need),
    }
    for name in _OF_MEASURES:
        found |= measure(name).compute(done, Context(problem), everyone)
    found |= {
        "users": len(everyone),
        "users_joined": 0 if first else people.new,
        "users_left": people.left,
    }
    return found | _changes(problem, people, done, first=first)


def broken(problem: Problem, done: Allocation, below_basic: Number) -> Iterator[tuple[str, int]]:
    """Floors and limits that an allocation does not keep, and for how many users."""
    if below_basic:
        yield BASIC, int(below_basic)
    for item in breaches(problem, bind_constraints(problem.constraints), done):
        yield item.limit, item.users
    yield from _closing(problem, done)


def _price_per_point(problem: Problem, rule: Rule, done: Allocation) -> float | None:
    """Money for each point: as the rule's account says, or all money over all points."""
    if done.account is not None:
        for line in done.account.lines:
            if line.name == "price per point" and not isinstance(line.value, str):
                return float(line.value)
    points = problem.users.points
    if rule.family != "money" or "points" not in rule.needs or points is None:
        return None
    total = exact_sum(points)
    if not total:
        return None
    return float(per_whole_point(Fraction(problem.allocable, total), problem.units))


def _changes(
    problem: Problem, people: People, done: Allocation, *, first: bool
) -> dict[str, Number]:
    """Who has less and more than the year before, of those who were there."""
    previous = problem.previous
    if previous is None:
        return dict.fromkeys(("users_losing", "users_gaining", "users_below_step"))
    there = np.ones(len(problem.users), np.bool_) if first else people.before != NEW
    change: IntArray = done.met_need - previous.met_need
    step = None
    if done.award is not None:
        step = int((there & previous.held & (done.award < previous.cost)).sum())
    return {
        "users_losing": int((there & (change < 0)).sum()),
        "users_gaining": int((there & (change > 0)).sum()),
        "users_below_step": step,
    }


def _closing(problem: Problem, done: Allocation) -> Iterator[tuple[str, int]]:
    """Services that open only as a whole and have too few members, and how many they have."""
    services, uses = problem.services, problem.uses
    if services is None or uses is None or done.from_previous:
        return
    packages, _ = done.held
    for row in np.flatnonzero((services.least_members > 0) | (services.fixed_cost > 0)).tolist():
        using = uses.package[uses.service == row]
        members = len(np.unique(problem.menus.user[using[np.isin(using, packages)]]))
        least = int(services.least_members[row])
        if not members:
            yield f"{services.ids[row]} closed", 0
        elif members < least:
            yield f"{services.ids[row]} with fewer than {counted(least, 'member')}", members
