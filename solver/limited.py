"""Package rules under limits beside the budget: the best packages that keep all of them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from metneed.models.allocation import WHOLE, Allocation, Infeasible, NotApplicable, Outcome, Parts
from metneed.models.arrays import IntArray, frozen, picked
from metneed.models.certificate import Certificate
from metneed.models.menus import Menus
from metneed.models.pooled import PooledServices
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.models.words import counted
from metneed.solver.bound import bind_constraints, effects
from metneed.solver.breaches import billionths_of
from metneed.solver.constraint import Effect, Reading
from metneed.solver.engines.divide import Mix
from metneed.solver.engines.exact import Whole, whole_optimum
from metneed.solver.engines.lagrangian import RowsOptimum, rows_optimum
from metneed.solver.engines.one_budget import linear_optimum, mix_of
from metneed.solver.engines.one_cost import one_cost
from metneed.solver.engines.one_opening import with_nothing
from metneed.solver.engines.phase_one import RowsInfeasible
from metneed.solver.engines.pooled import best_opening
from metneed.solver.engines.rows import Row
from metneed.solver.engines.rows_whole import rows_whole_optimum
from metneed.solver.engines.shortfall import Shortfall
from metneed.solver.engines.weak_duality import Bound
from metneed.solver.engines.whole_answer import NoWholeAnswer, RowsWhole
from metneed.solver.named_parts import BUDGET
from metneed.solver.pooled_proof import proof_of
from metneed.solver.purchase import of_parts
from metneed.solver.reduction import Reduced, reduce
from metneed.solver.why_infeasible import Why
from metneed.solver.worth import worth


def best_within_limits(problem: Problem) -> Outcome:
    """The packages of most met need that keep the budget and all constraints of the problem.

    Whole packages or parts, as the problem says. Limits on each person are worked into the menus;
    without a limit on everybody the engines for one budget do the rest.

    Raises
    ------
    OptionError
        Where a constraint cannot be applied to the problem.
    NumbersTooLargeError
        Where exact arithmetic in 64 bits is not sure.
    """
    return _best(problem, explained=True)


def _best(problem: Problem, *, explained: bool) -> Outcome:
    """The best packages; whether what cannot be kept is explained takes much of the time."""
    effect = effects(problem, bind_constraints(problem.constraints))
    reduced = reduce(problem, effect)
    if reduced.blocked.any():
        return _nobody_can(problem, reduced)
    return _Task(problem, effect, reduced, explained=explained).recorded()


class _Task:
    """A problem with its limits worked in."""

    def __init__(
        self, problem: Problem, effect: Effect, reduced: Reduced, *, explained: bool
    ) -> None:
        self.problem, self.effect, self.reduced = problem, effect, reduced
        self.explained = explained
        self.scale = effect.scale * 10**problem.units.need_decimals

    def recorded(self) -> Outcome:
        """The best, with the value of the shares as they are recorded: rounding may cost a little.

        What each member of a household costs is rounded up, which may pass the budget by a few
        smallest units: they are kept back then.
        """
        best = latest = self.best()
        allocable, less = self.problem.allocable, 0
        while isinstance(latest, Allocation) and latest.total_cost > allocable:
            less += latest.total_cost - allocable
            smaller = self.problem.replace(allocable=allocable - less)
            latest = _Task(smaller, self.effect, self.reduced, explained=self.explained).best()
        if not isinstance(best, Allocation):
            return best
        if not isinstance(latest, Allocation):
            return self._too_tight([BUDGET])
        if latest.parts is None:
            return latest
        value = worth(self.problem, self.effect, latest.parts)
        assert value is not None
        bound = max(value, best.certificate.upper_bound or 0)
        told = best.certificate.model_copy(update={"value": value, "upper_bound": bound})
        return replace(latest, certificate=told)

    def best(self) -> Outcome:
        if self.effect.first is not None:
            return self.first_then_value()
        return self.outcome(self.reduced.menus, self.reduced.rows)

    def first_then_value(self) -> Outcome:
        """As much as possible of what comes first, then the most value without losing any of it."""
        first = self.reduced.first
        assert first is not None
        menus = self.reduced.menus
        reached = self.outcome(menus.replace(value=first), self.reduced.rows)
        if not isinstance(reached, Allocation):
            return reached
        most = reached.certificate.value
        # Rounding to whole units is on the side of what comes first.
        keep = Row("basic need first", frozen(-first), -most)
        return self.outcome(menus, (*self.reduced.rows, keep))

    def outcome(self, menus: Menus, rows: Sequence[Row]) -> Outcome:
        """The best packages of these menus within the budget and the rows."""
        if self.effect.pooled:
            return self._pooled(menus, rows)
        return self._with_rows(menus, rows) if rows else self._one_budget(menus)

    def _with_rows(self, menus: Menus, rows: Sequence[Row]) -> Outcome:
        """Where there are limits on everybody beside the budget."""
        limits = (Row(BUDGET, menus.cost, self.problem.allocable), *rows)
        if self.problem.packages == "divisible":
            found = rows_optimum(menus, self.reduced.due, limits, self.problem.settings)
            if isinstance(found, RowsInfeasible):
                return self._infeasible(found, limits)
            return self._of_parts(found, limits)
        whole = rows_whole_optimum(menus, self.reduced.due, limits, self.problem.settings)
        if isinstance(whole, RowsInfeasible):
            return self._infeasible(whole, limits)
        if isinstance(whole, NoWholeAnswer):
            return self._none_found(whole)
        return self._of_whole(whole, limits)

    def _one_budget(self, menus: Menus) -> Outcome:
        """Where only the budget is a limit on everybody."""
        problem, budget = self.problem, self.problem.allocable
        full, package = with_nothing(menus, self.reduced.due)
        if problem.packages == "divisible":
            linear = linear_optimum(full, "exactly_one", budget, problem.settings.engine)
            if isinstance(linear, Shortfall):
                return self._too_dear(linear.shortfall)
            mix = mix_of(full, linear)
            parts = _parts_of(mix, package)
            certificate = self._certificate(
                exact_sum(mix.value), linear.bound, {BUDGET: linear.multiplier}
            )
            return of_parts(problem, self.reduced.parts(parts), certificate)
        whole = whole_optimum(full, "exactly_one", budget, problem.settings)
        if not isinstance(whole, Whole):
            return self._too_dear(whole.shortfall)
        certificate = self._certificate(whole.value, whole.upper_bound, {BUDGET: whole.multiplier})
        certificate = certificate.model_copy(
            update={
                "proof": whole.proof,
                "stopped": whole.stopped,
                "least_cost": whole.least_cost,
            }
        )
        picks = self.reduced.picks(picked(package, whole.picks, nothing=-1))
        return Allocation.of_picks(problem, picks, certificate)

    def _pooled(self, menus: Menus, rows: Sequence[Row]) -> Outcome:
        """Where services are open or closed as a whole, at a cost or for enough members."""
        money = self.problem.allocable - self.effect.paid_anyway
        if money < 0:
            return self._contracts_too_dear(-money)
        reduced, settings = self.reduced, self.problem.settings
        limits = (Row(BUDGET, menus.cost, money), *rows)
        divisible = self.problem.packages == "divisible"
        found = best_opening(
            menus, reduced.due, limits, reduced.pools, settings, divisible=divisible
        )
        if isinstance(found, RowsInfeasible):
            return self._infeasible(found, limits)
        if isinstance(found, NoWholeAnswer):
            return self._none_found(found)
        answer, problem = found.answer, self.problem
        per = [*self._per(limits), *reduced.pool_per]
        certificate = self._certificate(answer.value, found.upper_bound, {})
        certificate = certificate.model_copy(update=proof_of(found, limits, reduced.pools, per))
        if isinstance(answer.found, RowsWhole):
            picks = reduced.picks(answer.found.picks)
            outcome = Allocation.of_picks(problem, picks, certificate)
        else:
            parts = reduced.parts(answer.found.parts)
            spent = sum(reduced.pools[k].cost for k in answer.used)
            least = tuple(self.effect.pooled[k].pool.members for k in answer.used)
            if passed := self._passed(parts, money - spent, least):
                return self._too_tight(passed)
            outcome = of_parts(problem, parts, certificate)
        services = [item.service for item in self.effect.pooled]
        became = PooledServices.of(problem, services, *outcome.held)
        return replace(outcome, pooled=became)

    def _passed(self, parts: Parts, money: int, least: Sequence[Row] = ()) -> list[str]:
        """Limits passed by more than rounding shares to billionths may come to."""
        stated = (Row(BUDGET, self.problem.menus.cost, money), *self.effect.rows, *least)
        passed = []
        for row in stated:
            total, room = billionths_of(row, parts)
            if total > row.limit * WHOLE + room:
                passed.append(row.name)
        return passed

    def _of_parts(self, found: RowsOptimum, limits: Sequence[Row]) -> Outcome:
        parts = self.reduced.parts(found.parts)
        problem = self.problem
        if passed := self._passed(parts, problem.allocable):
            return _not_in_time() if found.stopped == "time limit" else self._too_tight(passed)
        certificate = self._certificate(
            found.value, found.bound.value, self._named(limits, found.bound)
        )
        certificate = certificate.model_copy(update={"stopped": found.stopped})
        return of_parts(problem, parts, certificate)

    def _of_whole(self, found: RowsWhole, limits: Sequence[Row]) -> Allocation:
        certificate = self._certificate(
            found.value, found.upper_bound, self._named(limits, found.bound)
        )
        certificate = certificate.model_copy(
            update={
                "proof": found.proof,
                "stopped": found.stopped,
                "least_cost": found.least_cost or self._one_cost(found),
            }
        )
        return Allocation.of_picks(self.problem, self.reduced.picks(found.picks), certificate)

    def _one_cost(self, found: RowsWhole) -> bool:
        """Whether the optimum is proved and only one cost goes with it."""
        reduced = self.reduced
        return found.value == found.upper_bound and one_cost(reduced.menus, reduced.due)

    def _per(self, limits: Sequence[Row]) -> list[int]:
        """How much finer each row counts than what it was made from: mixes need that."""
        per = [1, *self.reduced.per]
        return per + [1] * (len(limits) - len(per))

    def _named(self, limits: Sequence[Row], bound: Bound) -> dict[str, tuple[int, int]]:
        """The multiplier of each row in its own units, by the row's name."""
        triples = zip(limits, bound.multipliers, self._per(limits), strict=True)
        return {row.name: (p * per, bound.denominator) for row, p, per in triples}

    def _certificate(
        self, value: int, upper_bound: int, multipliers: dict[str, tuple[int, int]]
    ) -> Certificate:
        return Certificate(
            value=value,
            upper_bound=upper_bound,
            objective=self.effect.objective,
            scale=self.scale,
            multipliers=multipliers,
            proof="proved",
        )

    def _infeasible(self, found: RowsInfeasible, limits: Sequence[Row]) -> Infeasible:
        """Why the limits cannot be kept together, and by how little they are missed."""
        excess = found.excess or (0,) * len(limits)
        missed = [
            (row.name, -(-more // per))
            for row, more, per in zip(limits, excess, self._per(limits), strict=True)
            if more > 0
        ]
        parts = [f"{name} by {self._amount(name, more)}" for name, more in missed]
        together = f"; missed by as little as can be: {', '.join(parts)}" if parts else ""
        words, shortfall = self._why().words() if self.explained else ("", 0)
        return Infeasible(
            reason=f"the limits cannot all be kept, part packages included{together}{words}",
            shortfall=shortfall,
            users=len(self.problem.users),
        )

    def _why(self) -> Why:
        """What explains it, in about as much time as the search may take."""

        def best(problem: Problem) -> Outcome:
            return _best(problem, explained=False)

        return Why(self.problem, self.effect, self.reduced, best)

    def _none_found(self, found: NoWholeAnswer) -> Infeasible | NotApplicable:
        """Where part packages can keep the limits, and whole ones were not found to."""
        users = len(self.problem.users)
        if found.proved:
            reason = "part packages can keep all limits together, whole packages cannot (proved)"
            return Infeasible(reason, 0, users)
        if not found.in_parts:
            return _not_in_time()
        ended = "" if found.stopped == "finished" else f" before the {found.stopped}"
        return NotApplicable(
            f"no whole packages that keep all limits were found{ended}, and that there are none is "
            "not proved; part packages can keep them"
        )

    def _too_tight(self, names: Sequence[str]) -> NotApplicable:
        """Where limits leave no room at all, shares in billionths cannot keep them exactly."""
        return NotApplicable(
            f"no shares in billionths were found that keep the limits {', '.join(names)} exactly: "
            "they leave next to no room; allow a little more"
        )

    def _amount(self, name: str, amount: int) -> str:
        reading, units = self.effect.readings.get(name), self.problem.units
        if name == BUDGET:
            reading = Reading("money")
        if reading is None:
            return str(amount)
        own = -(-amount // reading.per)
        shown = {"money": units.show_money, "need": units.need, "quantity": units.quantity}
        return shown[reading.unit](own) if reading.unit in shown else counted(own, "user")

    def _contracts_too_dear(self, shortfall: int) -> Infeasible:
        """What is paid whether services are used or not is more than there is."""
        units, paid = self.problem.units, self.effect.paid_anyway
        return Infeasible(
            reason=(
                f"the contracts that are paid anyway cost {units.show_money(paid)}, the money to "
                f"allocate is {units.show_money(self.problem.allocable)}: "
                f"{units.show_money(shortfall)} short"
            ),
            shortfall=shortfall,
            users=len(self.problem.users),
        )

    def _too_dear(self, shortfall: int) -> Infeasible:
        """What the packages that everyone must at least have cost too much."""
        units, due = self.problem.units, self.reduced.due_users
        cost = self.problem.allocable + shortfall
        return Infeasible(
            reason=(
                f"the cheapest packages that the limits leave to {counted(due, 'user')} cost "
                f"{units.show_money(cost)}, the money to allocate is "
                f"{units.show_money(self.problem.allocable)}: {units.show_money(shortfall)} short"
                f"{self._why().softer() if self.explained else ''}"
            ),
            shortfall=shortfall,
            users=due,
        )


def _not_in_time() -> NotApplicable:
    """Where the time was over before packages were found, or a proof that there are none."""
    return NotApplicable(
        "no packages that keep all limits were found within the time limit, and that there are "
        "none is not proved; allow more time"
    )


def _nobody_can(problem: Problem, reduced: Reduced) -> Infeasible:
    """Whose menus have no package that keeps the limits on each person."""
    rows = np.flatnonzero(reduced.blocked)
    named = ", ".join(map(str, problem.users.ids[rows[:3]]))
    more = f" and {len(rows) - 3:,} more" if len(rows) > 3 else ""
    return Infeasible(
        reason=(
            f"{counted(len(rows), 'user')} have no package that keeps every limit on each person: "
            f"{named}{more}; add packages to their menus, or name them as exceptions"
        ),
        shortfall=0,
        users=len(rows),
    )


def _parts_of(mix: Mix, package: IntArray) -> Parts:
    """A mix of two as parts, in the order of users and packages, with positions as given."""
    pairs = np.stack([picked(package, side, nothing=-1) for side in (mix.left, mix.right)], axis=1)
    share = np.stack([WHOLE - mix.right_share, mix.right_share], axis=1)
    order = np.argsort(pairs, axis=1, kind="stable")
    pairs, share = (np.take_along_axis(column, order, axis=1).ravel() for column in (pairs, share))
    held = np.flatnonzero((pairs >= 0) & (share > 0))
    return Parts(frozen(held // 2), frozen(pairs[held]), frozen(share[held]))
