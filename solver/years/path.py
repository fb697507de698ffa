"""A budget path: every rule over several years, each from what it left people with the year before.

In words: the pot is cut year by year, prices rise, people leave and join, and some of the unspent
money is carried over. Every rule goes its own way: what it gave in one year is what people have
before the next, so that a rule or a limit that looks at today's packages looks at its own.

Source: Epstein, Chalabi, Claxton and Sculpher 2007, Medical Decision Making 27, for budgets over
several periods; here each year is rationed by itself, and nothing is saved up on purpose.

Ignores: what rules could do who know the coming years; changes of need; and prices in tables of
rates or tariffs, which stay as they are written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from metneed.models.allocation import Allocation, Infeasible, Outcome
from metneed.models.budget_path import BudgetPath
from metneed.models.certificate import Stopped
from metneed.models.comparison import Number
from metneed.models.instance import Instance
from metneed.models.path import Break, Path, PathFigure
from metneed.models.problem import Problem
from metneed.models.settings import Settings
from metneed.models.year_money import YearMoney, price_factors, year_money
from metneed.solver.compare import default_rules
from metneed.solver.rule import Options
from metneed.solver.rules import rule as rule_named
from metneed.solver.solve import bind_all, run
from metneed.solver.years.figures import UNITS, Ledger, broken, ledger_figures, people_figures
from metneed.solver.years.held import Held, at_prices, carried, left_with, recorded, with_awards
from metneed.solver.years.people import first_people, next_people
from metneed.solver.years.problems import YearProblem, options_without, year_problem

Progress: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class YearOfRule:
    """What a rule did in one year, for who wants to keep it.

    Parameters
    ----------
    year, rule
        Number of the year, and name of the rule.
    instance, problem
        The people, packages and prices of the year; what everyone had before; its money.
    options
        Options of the rule.
    outcome
        What it did.
    """

    year: int
    rule: str
    instance: Instance
    problem: Problem
    options: Options
    outcome: Outcome


Keep: TypeAlias = Callable[[YearOfRule], None]


@dataclass(eq=False)
class _Way:
    """How far one rule has come."""

    name: str
    options: Options
    held: Held | None = None
    carried: int = 0
    fund: int = 0
    held_back: int = 0


@dataclass(eq=False)
class _Found:
    """What has been found out so far."""

    figures: list[PathFigure] = field(default_factory=list)
    breaks: dict[tuple[str, str], Break] = field(default_factory=dict)
    reasons: dict[tuple[int, str], str] = field(default_factory=dict)
    infeasible: set[tuple[int, str]] = field(default_factory=set)
    limits: dict[tuple[int, str], Stopped] = field(default_factory=dict)


def path(  # noqa: PLR0913 - each is a thing of its own
    instance: Instance,
    *,
    plan: BudgetPath | None = None,
    rules: Sequence[str] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> Path:
    """Rules over several years, each year from what the rule left people with the year before.

    Parameters
    ----------
    instance
        Users, menus and scenario of the first year.
    plan
        How it goes on; default: the table ``[path]`` of the scenario, or five years alike.
    rules
        Names of the rules, in the order to show; default: those of a comparison.
    settings
        How to run.
    progress
        Called with the year and the name of each rule before it runs.
    keep
        Called with what each rule did in each year, as soon as it is known.

    Raises
    ------
    UnknownNameError, OptionError
        Where a rule or option is not known, the money of a year does not reach for slice and
        overheads, or the columns ``joins`` and ``leaves`` of users are no years.
    """
    plan = plan or instance.scenario.path or BudgetPath()
    base = Problem.of(instance, settings)
    names = list(dict.fromkeys(rules)) if rules else default_rules(base, instance.scenario)
    bound = bind_all(instance.scenario.rules, names, instance)
    ways = [_Way(name, bound[name]) for name in names]
    found = _Found()
    for money, year in _years(base, instance, plan):
        first = money.year == plan.base_year
        for way in ways:
            (progress or (lambda _: None))(f"year {money.year}, {way.name}")
            run_of_year = _Run(instance, base, plan, money, year, first)
            done = run_of_year.of(way, found)
            if keep is not None:
                keep(done)
    return Path(
        instance=instance,
        plan=plan,
        years=(plan.base_year, *plan.numbers),
        rules=tuple(names),
        figures=found.figures,
        breaks=_in_order(found.breaks.values(), names),
        reasons=found.reasons,
        infeasible=frozenset(found.infeasible),
        limits=found.limits,
        options={name: bound[name].model_dump(mode="json") for name in names},
    )


def _years(
    base: Problem, instance: Instance, plan: BudgetPath
) -> Iterator[tuple[YearMoney, YearProblem]]:
    """The years in order: their money, people and prices."""
    people, before = first_people(base.users, plan), None
    moneys = year_money(instance.scenario, plan)
    for place, (money, factor) in enumerate(zip(moneys, price_factors(plan), strict=True)):
        if place:
            people = next_people(people, base.users, plan, money.year, base.seed)
        before = year_problem(base, people, factor, place, before)
        yield money, before


@dataclass(frozen=True, eq=False)
class _Run:
    """One year, for any rule."""

    instance: Instance
    base: Problem
    plan: BudgetPath
    money: YearMoney
    year: YearProblem
    first: bool

    def of(self, way: _Way, found: _Found) -> YearOfRule:
        """Run a rule, and note what it did and what it leaves for the next year."""
        rule, key = rule_named(way.name), (self.money.year, way.name)
        had = self._before(way)
        ledger = Ledger(self.money, way.carried, way.fund, way.held_back)
        users = self.year.problem.users
        if not self.first:
            users = with_awards(users, had, self.base.units)
        problem = self.year.problem.replace(
            users=users,
            budget=ledger.budget,
            allocable=ledger.allocable,
            previous=None if had is None else had.previous,
        )
        options = options_without(way.options, self.year.gone)
        outcome = run(rule, problem, options)
        done = outcome if isinstance(outcome, Allocation) else None
        carry = Fraction(self.plan.carry_over)
        figures = ledger_figures(ledger, self.plan.slice_to, problem, done, carry)
        if done is not None:
            figures |= people_figures(problem, self.year.people, rule, done, first=self.first)
            for limit, concerned in broken(problem, done, figures["users_below_basic"]):
                item = Break(way.name, self.money.year, limit, concerned)
                found.breaks.setdefault((way.name, limit), item)
            if done.certificate.stopped != "finished":
                found.limits[key] = done.certificate.stopped
        if not isinstance(outcome, Allocation):
            found.reasons[key] = outcome.reason
        if isinstance(outcome, Infeasible):
            found.infeasible.add(key)
        found.figures += _ordered(*key, figures)
        self._go_on(way, had, problem, done, figures)
        return YearOfRule(*key, self._instance(problem), problem, options, outcome)

    def _before(self, way: _Way) -> Held | None:
        """What everyone has before the rule runs, at this year's prices."""
        year = self.year
        if self.first:
            return recorded(self.base, year.people)
        if way.held is None:
            return None
        held = carried(way.held, year.people)
        return at_prices(held, self.base, year.people, year.prices, year.factor)

    def _go_on(
        self,
        way: _Way,
        had: Held | None,
        problem: Problem,
        done: Allocation | None,
        figures: Mapping[str, Number],
    ) -> None:
        """What a rule takes into the next year; without an allocation everyone keeps what is."""
        year = self.year
        if done is None or done.from_previous:
            way.held = had
        else:
            way.held = left_with(self.base, problem, year.origin, year.factor, done)
        way.carried = int(figures.get("carried_out") or 0)
        way.fund = int(figures["slice_left"] or 0)
        way.held_back = int(figures["held_back_so_far"] or 0)

    def _instance(self, problem: Problem) -> Instance:
        """The year as an instance of its own: its money is all budget and overheads."""
        scenario, units = self.instance.scenario, problem.units
        of_year = {
            "budget": Decimal(units.money(problem.budget)),
            "budget_period": scenario.period,
            "top_slice": Decimal(0),
            "overheads": Decimal(units.money(problem.budget - problem.allocable)),
            "seed": problem.seed,
            "constraints": dict(problem.constraints),
            "path": None,
        }
        return replace(
            self.instance,
            scenario=scenario.model_copy(update=of_year),
            users=problem.users,
            menus=problem.menus,
            package_ids=problem.package_ids or self.instance.package_ids,
            previous=problem.previous,
            services=problem.services,
            uses=problem.uses,
            forms=problem.forms,
            paid=problem.paid,
            assessment=problem.assessment,
        )


def _ordered(year: int, rule: str, figures: Mapping[str, Number]) -> Iterator[PathFigure]:
    for measure, unit in UNITS.items():
        if measure in figures:
            yield PathFigure(year, rule, measure, figures[measure], unit)


def _in_order(breaks: Iterable[Break], names: Sequence[str]) -> list[Break]:
    """By rule, then by year, then by people, the most first."""
    return sorted(breaks, key=lambda item: (names.index(item.rule), item.year, -item.users))
