"""Comparing rules on one instance: the same people, menus and money."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from metneed.models.allocation import Allocation, Outcome
from metneed.models.arrays import BoolArray, IntArray, least
from metneed.models.certificate import Certificate
from metneed.models.columns import Labels
from metneed.models.comparison import Breach, Comparison, Figure, Footing
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.scenario import Scenario
from metneed.models.settings import Settings
from metneed.models.sums import exact_sum
from metneed.models.words import counted
from metneed.solver.bound import bind_constraints
from metneed.solver.breaches import breaches
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.measure import Context, Measure
from metneed.solver.measures import measure as measure_named
from metneed.solver.measures import measures as all_measures
from metneed.solver.rule import Options
from metneed.solver.rules import rule as rule_named
from metneed.solver.rules import rules as all_rules
from metneed.solver.solve import bind_all, run

Progress: TypeAlias = Callable[[str], None]
POINTS = "points_proportional"
CURRENT = "current"


def compare(
    instance: Instance,
    *,
    rules: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Rules and measures on one instance, on the same footing.

    Parameters
    ----------
    instance
        Users, menus and scenario.
    rules
        Names of the rules, in the order to show; default: the usual ones, and those that the
        scenario has options for.
    measures
        Names of the measures; default: all.
    settings
        How to run.
    progress
        Called with the name of each rule before it runs.

    Returns
    -------
    Comparison
        With the outcome of every rule asked for, also where it is no allocation.

    Raises
    ------
    UnknownNameError, OptionError
        Where a rule, measure or option is not known, or the baseline gives no allocation.
    """
    problem = Problem.of(instance, settings)
    names = list(dict.fromkeys(rules)) if rules else default_rules(problem, instance.scenario)
    chosen = [measure_named(name) for name in measures] if measures else [*all_measures().values()]
    needed = [*names, *filter(None, [instance.scenario.baseline])]
    bound = bind_all(instance.scenario.rules, needed, instance)
    outcomes = _outcomes(problem, names, bound, progress or (lambda _: None))
    best = best_rule(problem)
    optimum = _outcome(best, problem, outcomes, bound)
    known = {**outcomes, best: optimum}
    baseline_name, baseline = _baseline(instance, problem, known, bound)
    context = Context(problem, baseline, optimum if isinstance(optimum, Allocation) else None)
    footing, no_footing = _footing(problem, optimum, bound)
    return Comparison(
        instance=instance,
        baseline=baseline_name,
        outcomes=outcomes,
        figures=list(_figures(outcomes, chosen, context)),
        footing=footing,
        no_footing=no_footing,
        options={name: bound[name].model_dump(mode="json") for name in names},
        breaches=[*_breaches(outcomes, problem)],
        beside=_beside(best, {baseline_name or "": baseline, best: optimum}, outcomes, footing),
    )


def _outcomes(
    problem: Problem, names: Sequence[str], bound: Mapping[str, Options], tell: Progress
) -> dict[str, Outcome]:
    """What each rule does, announced before it runs; then what comes after them is announced."""
    outcomes: dict[str, Outcome] = {}
    for name in names:
        tell(name)
        outcomes[name] = run(rule_named(name), problem, bound[name])
    tell("the same footing")
    return outcomes


def best_rule(problem: Problem) -> str:
    """Name of the rule that maximises met need for the kind of packages of the problem."""
    return "met_need_whole" if problem.packages == "whole" else "met_need_lp"


def default_rules(problem: Problem, scenario: Scenario) -> list[str]:
    """Names of the rules that are run where nobody names any, in the order to show."""
    first = [CURRENT, POINTS, best_rule(problem)]
    fitting = [
        name
        for name, rule in all_rules().items()
        if problem.packages in rule.readings and (rule.usual or name in scenario.rules)
    ]
    return [*first, *(name for name in fitting if name not in first)]


def _outcome(
    name: str, problem: Problem, outcomes: Mapping[str, Outcome], bound: Mapping[str, Options]
) -> Outcome:
    if name in outcomes:
        return outcomes[name]
    return run(rule_named(name), problem, bound.get(name))


def _baseline(
    instance: Instance,
    problem: Problem,
    outcomes: Mapping[str, Outcome],
    bound: Mapping[str, Options],
) -> tuple[str | None, Allocation | None]:
    stated = instance.scenario.baseline
    if stated is not None:
        outcome = _outcome(stated, problem, outcomes, bound)
        if not isinstance(outcome, Allocation):
            raise OptionError(f"baseline {stated} gives no allocation: {outcome.reason}")
        return stated, outcome
    for name in (CURRENT, POINTS):
        outcome = _outcome(name, problem, outcomes, bound)
        if isinstance(outcome, Allocation):
            return name, outcome
    return None, None


def _footing(
    problem: Problem, optimum: Outcome, bound: Mapping[str, Options]
) -> tuple[Footing | None, str]:
    """The same-footing lines, or why there are none."""
    points = rule_named(POINTS)
    kept, rounds = (
        run(points, problem.replace(leftover=leftover), bound.get(POINTS))
        for leftover in ("kept", "rounds")
    )
    if not isinstance(optimum, Allocation):
        return None, f"the optimum has no allocation: {optimum.reason}"
    if not isinstance(kept, Allocation) or not isinstance(rounds, Allocation):
        return None, f"the points rule has no allocation: {getattr(kept, 'reason', '')}"
    if reason := _no_match(problem, optimum, kept):
        return None, reason
    same = run(
        rule_named(best_rule(problem)), problem.replace(allocable=kept.total_cost), Options()
    )
    if not isinstance(same, Allocation):
        return None, f"what the points rule spends is too little: {same.reason}"
    frontier = frontier_of(problem.menus, problem.choice, problem.settings.engine)
    footing = Footing(
        kept=(kept.total_met_need, kept.total_cost),
        rounds=(rounds.total_met_need, rounds.total_cost),
        optimum=optimum.total_met_need,
        optimum_at_same_spend=same.total_met_need,
        lp_bound=frontier.value_at(problem.allocable),
        proof=optimum.certificate,
        proof_at_same_spend=same.certificate,
    )
    return footing, ""


def _no_match(problem: Problem, optimum: Allocation, points: Allocation) -> str:
    """Why the optimum and the points rule cannot be held against each other; empty if they can."""
    if problem.choice == "exactly_one" and _without(points, problem).any():
        without = counted(int(_without(points, problem).sum()), "user")
        return f"the points rule leaves {without} without the package that is due"
    limits = bind_constraints(problem.constraints)
    if broken := {breach.limit for breach in breaches(problem, limits, points)}:
        return (
            f"the optimum keeps {', '.join(sorted(broken))} and the points rule does not, so that "
            "their met needs are no match"
        )
    objective = optimum.certificate.objective
    if objective != "met need":
        return f"the optimum makes {objective} greatest, and the points rule divides money"
    return ""


def _beside(
    best: str,
    needed: Mapping[str, Outcome | None],
    asked: Mapping[str, Outcome],
    footing: Footing | None,
) -> dict[str, Certificate]:
    """Certificates of what was needed and is not among what was asked for, by what it is."""
    beside = {
        f"{name} with all the money": outcome.certificate
        for name, outcome in needed.items()
        if name not in asked and isinstance(outcome, Allocation)
    }
    if footing is not None:
        beside[f"{best} with only what the points rule spends"] = footing.proof_at_same_spend
    return beside


def _without(allocation: Allocation, problem: Problem) -> BoolArray:
    """Users with a menu and no package."""
    without: BoolArray = (np.diff(problem.menus.offsets) > 0) & (allocation.package == -1)
    return without


def _breaches(outcomes: Mapping[str, Outcome], problem: Problem) -> Iterable[Breach]:
    """Overspending, users without the package that is due to them, and constraints not kept."""
    menus = problem.menus
    limits = bind_constraints(problem.constraints)
    for name, outcome in outcomes.items():
        if not isinstance(outcome, Allocation):
            continue
        over = outcome.total_cost - problem.allocable
        if over > 0:
            yield Breach(name, "budget", len(problem.users), over)
        without = _without(outcome, problem)
        if problem.choice == "exactly_one" and without.any():
            cheapest = least(menus.cost, menus.offsets, 0)
            yield Breach(name, "exactly_one", int(without.sum()), exact_sum(cheapest[without]))
        yield from breaches(problem, limits, outcome, name)


def _figures(
    outcomes: Mapping[str, Outcome], chosen: Sequence[Measure], context: Context
) -> Iterable[Figure]:
    users = context.problem.users
    everyone = np.arange(len(users))
    parts: list[tuple[str, str, IntArray]] = [("", "", everyone)]
    for column, labels in users.groups.items():
        parts += [(column, group, rows) for group, rows in _rows_by_group(labels)]
    for name, outcome in outcomes.items():
        if not isinstance(outcome, Allocation):
            continue
        for column, group, rows in parts:
            for measure in chosen:
                if column and not measure.by_group:
                    continue
                values = measure.compute(outcome, context, rows)
                for figure, unit in measure.units.items():
                    yield Figure(name, column, group, figure, values[figure], unit)


def _rows_by_group(labels: Labels) -> Iterable[tuple[str, IntArray]]:
    order = np.argsort(labels.codes, kind="stable")
    ends = np.cumsum(np.bincount(labels.codes, minlength=len(labels.names)))
    return zip(labels.names, np.split(order, ends[:-1]), strict=True)
