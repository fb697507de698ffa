"""Running one rule on one instance."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from metneed.models.allocation import Allocation, Infeasible, NotApplicable, Outcome
from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.settings import Settings
from metneed.solver.purchase import spend
from metneed.solver.rule import Options, Rule
from metneed.solver.rules import rule as rule_named


def solve(
    instance: Instance,
    rule: str,
    *,
    settings: Settings | None = None,
    options: Mapping[str, Any] | None = None,
) -> Outcome:
    """What a rule does on an instance: an allocation, or why there is none.

    Parameters
    ----------
    instance
        Users, menus and scenario, as `read` gives them.
    rule
        Name of the rule.
    settings
        How to run.
    options
        Options of the rule, on top of those in the scenario.

    Raises
    ------
    UnknownNameError
        Where there is no such rule.
    OptionError
        Where an option of any rule in the scenario is unknown or out of range.
    """
    chosen = rule_named(rule)
    bind_all(instance.scenario.rules, [])
    given = {**instance.scenario.rules.get(rule, {}), **(options or {})}
    return run(chosen, Problem.of(instance, settings), bind(chosen, given))


def bind(rule: Rule, given: Mapping[str, Any]) -> Options:
    """The options of a rule, checked.

    Raises
    ------
    OptionError
        Where an option is unknown, of the wrong kind or out of range.
    """
    try:
        return rule.options.model_validate(dict(given))
    except ValidationError as error:
        known = ", ".join(rule.options.model_fields) or "none"
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].lower()} (given {fault['input']!r})"
            for fault in error.errors()
        )
        raise OptionError(f"rule {rule.name}: {faults}; its options: {known}") from error


def bind_all(given: Mapping[str, Mapping[str, object]], names: Iterable[str]) -> dict[str, Options]:
    """The checked options of the named rules, and of every rule the scenario has options for.

    Raises
    ------
    UnknownNameError, OptionError
        Where the scenario names an unknown rule or option, or a value is out of range.
    """
    wanted = dict.fromkeys([*names, *given])
    return {name: bind(rule_named(name), given.get(name, {})) for name in wanted}


def run(rule: Rule, problem: Problem, options: Options | None = None) -> Outcome:
    """What a rule does on a problem; money rules go through the shared purchase."""
    if problem.packages not in rule.readings:
        return NotApplicable(
            f"it is for packages = {' or '.join(map(repr, rule.readings))}, and the scenario says "
            f"packages = {problem.packages!r}"
        )
    bound = options or rule.options()
    if len(problem.users) == 0:
        return NotApplicable("there are no users")
    if rule.family == "money":
        return spend(problem, lambda part: _awards(rule, part, bound))
    outcome = rule.run(problem, bound)
    if not isinstance(outcome, Outcome):
        raise TypeError(f"rule {rule.name} must give an outcome, not {type(outcome).__name__}")
    return outcome


def _awards(
    rule: Rule, problem: Problem, options: Options
) -> IntArray | NotApplicable | Infeasible:
    awards = rule.run(problem, options)
    if isinstance(awards, Allocation):
        raise TypeError(f"money rule {rule.name} must give awards, not an allocation")
    if not isinstance(awards, NotApplicable | Infeasible) and len(awards) != len(problem.users):
        raise TypeError(f"rule {rule.name} must give one award a user")
    return awards
