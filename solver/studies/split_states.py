"""What is split: two instances, or one instance with a path of budgets and points."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.scenario import Scenario
from metneed.models.words import counted
from metneed.solver.money.columns import number_column
from metneed.solver.rules import rule as rule_named
from metneed.solver.solve import bind, bind_all
from metneed.solver.studies.split import State, check_units

RuleOf: TypeAlias = Literal["before", "after"]
POINTS = "points"
MOST_STEPS = 50


def two_instances(
    before: Instance,
    after: Instance,
    rule: str,
    options: Mapping[str, Any] | None = None,
    rule_of: RuleOf | None = None,
) -> tuple[State, State]:
    """Two instances as `split` takes them, with the same options of the rule.

    Parameters
    ----------
    before, after
        The instances.
    rule, options
        Name of the rule, and options on top of those of both scenarios.
    rule_of
        Whose options hold for both, where they differ.

    Raises
    ------
    OptionError
        Where the options differ and nobody says whose hold.
    """
    chosen = rule_named(rule)
    bound = []
    for instance in (before, after):
        bind_all(instance.scenario.rules, [], instance)
        given = {**instance.scenario.rules.get(rule, {}), **(options or {})}
        bound.append(bind(chosen, given, instance))
    if rule_of is not None:
        bound = [bound[0 if rule_of == "before" else 1]] * 2
    problems = [Problem.of(instance) for instance in (before, after)]
    check_units(*problems)
    differ = [name for name, value in bound[0] if value != getattr(bound[1], name)]
    if differ:
        raise OptionError(
            f"rule {rule} has not the same {', '.join(differ)} before and after, and what that "
            "changes comes neither from the budget nor from the need: say whose hold for both with "
            "--rule-of before or --rule-of after"
        )
    return (problems[0], bound[0]), (problems[1], bound[1])


def path_of(
    instance: Instance,
    rule: str,
    budgets: Sequence[str] = (),
    points: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
) -> list[State]:
    """One instance with a path of total budgets, of columns of points, or of both.

    Parameters
    ----------
    instance
        Its top slice and overheads hold all along.
    rule, options
        Name of the rule, and options on top of those of the scenario.
    budgets
        Total budgets in the order of the steps; that of the scenario throughout where none.
    points
        Columns of numbers of users in that order, ``points`` for the column of that name; the
        users' points throughout where none.

    Raises
    ------
    OptionError
        Where the path is too short or too long, both are not as long, or one cannot be used.
    """
    steps = max(len(budgets), len(points))
    if not 2 <= steps <= MOST_STEPS:
        raise OptionError(
            f"a path of budgets or points has 2 to {MOST_STEPS} of them, and here are {steps}: "
            "name a second instance, or say --budgets A,B or --points A,B"
        )
    if budgets and points and len(budgets) != len(points):
        raise OptionError(
            f"{counted(len(budgets), 'budget')} and {counted(len(points), 'column')} of points: "
            "name as many of each, one a step"
        )
    bind_all(instance.scenario.rules, [], instance)
    given = {**instance.scenario.rules.get(rule, {}), **(options or {})}
    own = bind(rule_named(rule), given, instance)
    problem = Problem.of(instance)
    states = []
    for step in range(steps):
        changed = problem
        if budgets:
            scenario = _with_budget(instance.scenario, budgets[step])
            changed = changed.replace(budget=scenario.total_budget, allocable=scenario.allocable)
        if points:
            users = replace(problem.users, points=_points(problem, points[step]))
            changed = changed.replace(users=users)
        states.append((changed, own))
    return states


def _with_budget(scenario: Scenario, budget: str) -> Scenario:
    try:
        return Scenario.model_validate({**scenario.model_dump(), "budget": budget.strip()})
    except ValidationError as error:
        fault = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise OptionError(f"budgets: {budget.strip()!r}: {fault}") from error


def _points(problem: Problem, name: str) -> IntArray:
    name = name.strip()
    if name == POINTS:
        if problem.users.points is None:
            raise OptionError("points: the users have no column points")
        return problem.users.points
    values = number_column(problem, name, POINTS, problem.units.need_decimals)
    without = int((~problem.users.numbers[name].stated).sum())
    if without:
        raise OptionError(
            f"users, column {name}: not stated for {counted(without, 'user')}; state it for "
            "everyone, with 0 for no points"
        )
    return values
