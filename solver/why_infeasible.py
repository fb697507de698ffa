"""Why limits cannot be kept: which are in conflict, what budget would do, what softer floors give.

All of it together takes about as long as a search may; what was not found by then is named.
"""

import time
from collections.abc import Callable

from metneed.models.allocation import Allocation, Outcome
from metneed.models.problem import Problem
from metneed.models.settings import Settings
from metneed.solver.constraint import Effect
from metneed.solver.engines.infeasible import LeastBudget, conflict, least_budget
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.named_parts import named_parts
from metneed.solver.reduction import Reduced

CONFLICT = 0.5
"""Part of the time for finding the conflict."""

LEAST = 1e-3


class Why:
    """What is said of limits that cannot be kept.

    Parameters
    ----------
    problem, effect, reduced
        The problem with its limits worked in.
    best
        What is best in a problem, without saying why where there is nothing.
    """

    def __init__(
        self,
        problem: Problem,
        effect: Effect,
        reduced: Reduced,
        best: Callable[[Problem], Outcome],
    ) -> None:
        self.problem, self.effect, self.reduced, self.best = problem, effect, reduced, best
        self.deadline = time.monotonic() + problem.settings.time_limit

    def words(self) -> tuple[str, int]:
        """Which limits are in conflict, what would do instead, and how much money is short."""
        names = conflict(*named_parts(self.problem), self._within(CONFLICT))
        words = f"; together these cannot be kept: {', '.join(names)}" if names else ""
        if self._late(CONFLICT):
            # Names that were not left out by then need not all be needed.
            late = "; which of them are in conflict was not found within the time limit"
            words = f"{words} (fewer of them may do: the time was over)" if names else late
        reduced = self.reduced
        least = least_budget(
            reduced.menus, reduced.due, reduced.rows, self._within(), reduced.pools, measure=False
        )
        if isinstance(least, RowsInfeasible):
            return f"{words}; no budget would do: the other limits cannot be kept either", 0
        if least is None:
            late = "; the least budget that would do was not found within the time limit"
            return words + (late if self._late() else "") + self.softer(), 0
        words, short = words + self._budget(least), self._short(least)
        return words + self.softer(), short

    def softer(self) -> str:
        """What floors give as a penalty instead of a duty."""
        soft, tables = [], dict(self.problem.constraints)
        for name, table in tables.items():
            if table.get("kind") == "floor" and table.get("mode", "statutory") == "statutory":
                tables[name] = {**table, "mode": "stress"}
                soft.append(name)
        if not soft:
            return ""
        softened = f"with {', '.join(soft)} as a penalty instead of a duty"
        late = f"; what is met {softened} was not found within the time limit"
        if self._late():
            return late
        outcome = self.best(self.problem.replace(constraints=tables, settings=self._within()))
        if not isinstance(outcome, Allocation):
            return late if self._late() else ""
        return f"; {softened} {self.problem.units.need(outcome.total_met_need)} of need is met"

    def _short(self, least: LeastBudget) -> int:
        return max(0, least.at_least + self.effect.paid_anyway - self.problem.allocable)

    def _budget(self, least: LeastBudget) -> str:
        short, units = self._short(least), self.problem.units
        if not short:
            return ""
        # Below it nothing would do; that it would itself, the packages found must show.
        shown = least.enough - least.at_least <= len(self.reduced.rows) + 1
        return (
            f"; the least budget that would do is {'' if shown else 'at least '}"
            f"{units.show_money(least.at_least + self.effect.paid_anyway)}, "
            f"{units.show_money(short)} more than there is to allocate"
        )

    def _within(self, part: float = 1.0) -> Settings:
        """Settings with a part of the time that is left."""
        left = max(LEAST, part * (self.deadline - time.monotonic()))
        return self.problem.settings.model_copy(update={"time_limit": left})

    def _late(self, part: float = 1.0) -> bool:
        """Whether that part of the time is over."""
        return time.monotonic() > self.deadline - (1 - part) * self.problem.settings.time_limit
