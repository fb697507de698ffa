"""Running one rule on one instance."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic import ValidationError

from metneed.models.account import Awards
from metneed.models.allocation import Allocation, Infeasible, NotApplicable, Outcome
from metneed.models.errors import OptionError
from metneed.models.instance import Instance, Rows
from metneed.models.problem import Problem
from metneed.models.settings import Settings
from metneed.solver.option_faults import option_faults
from metneed.solver.purchase import spend
from metneed.solver.rule import Awarded, Options, Rule
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
    bind_all(instance.scenario.rules, [], instance)
    given = {**instance.scenario.rules.get(rule, {}), **(options or {})}
    return run(chosen, Problem.of(instance, settings), bind(chosen, given, instance))


def bind(rule: Rule, given: Mapping[str, Any], instance: Instance | None = None) -> Options:
    """The options of a rule, checked.

    Parameters
    ----------
    rule
        The rule.
    given
        Its options.
    instance
        Whose small tables fill the options that are made of rows and are not given.

    Raises
    ------
    OptionError
        Where an option is unknown, of the wrong kind or out of range.
    """
    tables = {} if instance is None else _tables(rule, given, instance)
    rows: dict[str, Any] = {option: [*table.rows] for option, table in tables.items()}
    try:
        return rule.options.model_validate({**rows, **given})
    except ValidationError as error:
        files = {option: table.file for option, table in tables.items()}
        raise OptionError(option_faults(rule.name, rule.options, error, files)) from error


class _Table(NamedTuple):
    """A small table that an option is read from, and the file or sheet that it stands in."""

    rows: Rows
    file: str


def _tables(rule: Rule, given: Mapping[str, Any], instance: Instance) -> dict[str, _Table]:
    """For each option that is left out and made of the rows of a table: the table, if any."""
    found = {}
    for option, field in rule.options.model_fields.items():
        extra = field.json_schema_extra
        if option in given or not isinstance(extra, dict) or extra.get("not_with") in given:
            continue
        name = extra.get("table")
        if isinstance(name, str) and name in instance.tables:
            found[option] = _Table(instance.tables[name], instance.place_of(name))
    return found


def bind_all(
    given: Mapping[str, Mapping[str, object]],
    names: Iterable[str],
    instance: Instance | None = None,
) -> dict[str, Options]:
    """The checked options of the named rules, and of every rule the scenario has options for.

    Options that are made of rows and are not given are filled from the small tables of the
    instance, as in `bind`.

    Raises
    ------
    UnknownNameError, OptionError
        Where the scenario names an unknown rule or option, or a value is out of range.
    """
    wanted = dict.fromkeys([*names, *given])
    return {name: bind(rule_named(name), given.get(name, {}), instance) for name in wanted}


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
    bound.check(problem)
    if rule.family == "money":
        return spend(problem, lambda part: _awards(rule, part, bound), rounds=rule.rounds)
    outcome = rule.run(problem, bound)
    if not isinstance(outcome, Outcome):
        raise TypeError(f"rule {rule.name} must give an outcome, not {type(outcome).__name__}")
    return outcome


def _awards(rule: Rule, problem: Problem, options: Options) -> Awarded:
    awards = rule.run(problem, options)
    if isinstance(awards, Allocation):
        raise TypeError(f"money rule {rule.name} must give awards, not an allocation")
    if isinstance(awards, Infeasible):
        return replace(awards, of_awards=True)
    if isinstance(awards, NotApplicable):
        return awards
    amounts = awards.amount if isinstance(awards, Awards) else awards
    if len(amounts) != len(problem.users):
        raise TypeError(f"rule {rule.name} must give one award a user")
    return awards
