"""The programme in PuLP, as a reader would write it down: what our own engines are held against.

Variables are called by the position of their package in the menus (``x_17``), never by anything
that names a person.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pulp

from metneed.models.arrays import BoolArray, IntArray
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Settings
from metneed.solver.engines.backend import Answer, ask
from metneed.solver.engines.rows import Row

WHOLE_WITHIN = 1e-6
"""A share this close to 0 or 1 is read as whole; solvers call that much a whole number."""


def formulate(menus: Menus, choice: Choice, budget: int, *, divisible: bool) -> pulp.LpProblem:
    """The linear programme (`divisible`) or the whole-package programme, not yet solved.

    Parameters
    ----------
    menus, choice
        The packages, and whether everyone must have exactly one.
    budget
        Smallest money units.
    divisible
        Whether shares of packages are allowed.
    """
    problem = pulp.LpProblem("met_need", pulp.LpMaximize)
    kind = pulp.LpContinuous if divisible else pulp.LpInteger

    # The share of each package that is given: between nothing and all of it.
    share = [problem.add_variable(f"x_{i}", 0, 1, kind) for i in range(menus.n_packages)]

    # The packages given should be worth as much as possible.
    problem += _total(menus.value.tolist(), share)

    # They must not cost more than the budget.
    problem += _total(menus.cost.tolist(), share) <= budget, "budget"

    # Each user gets at most one package, or exactly one; a user without a menu gets nothing.
    for user, (first, last) in enumerate(zip(menus.offsets, menus.offsets[1:], strict=False)):
        if first < last:
            given = _total([1] * (last - first), share[first:last])
            limit = given == 1 if choice == "exactly_one" else given <= 1
            problem += limit, f"user_{user}"
    return problem


def formulate_rows(
    menus: Menus, due: BoolArray, rows: Sequence[Row], *, divisible: bool
) -> pulp.LpProblem:
    """The programme with any limits, of which the budget is one; not yet solved.

    Parameters
    ----------
    menus
        The packages that are allowed.
    due
        For each user whether nothing is no choice.
    rows
        The limits.
    divisible
        Whether shares of packages are allowed.
    """
    problem = pulp.LpProblem("met_need", pulp.LpMaximize)
    kind = pulp.LpContinuous if divisible else pulp.LpInteger

    # The share of each package that is given: between nothing and all of it.
    share = [problem.add_variable(f"x_{i}", 0, 1, kind) for i in range(menus.n_packages)]

    # The packages given should be worth as much as possible.
    problem += _total(menus.value.tolist(), share)

    for number, row in enumerate(rows):
        _add_limit(problem, share, row, f"row_{number}")
    for user, (first, last) in enumerate(zip(menus.offsets, menus.offsets[1:], strict=False)):
        _add_choice(problem, share[first:last], bool(due[user]), f"user_{user}")
    return problem


def _add_limit(problem: pulp.LpProblem, share: list[pulp.LpVariable], row: Row, name: str) -> None:
    klass = [0] * len(share) if row.klass is None else row.klass.tolist()
    amounts = [row.weights[k] * base for k, base in zip(klass, row.base.tolist(), strict=True)]

    # What the packages given count in this row is no more than its limit.
    problem += _total(amounts, share) <= row.limit, name


def _add_choice(problem: pulp.LpProblem, menu: list[pulp.LpVariable], due: bool, name: str) -> None:
    if not menu and not due:
        return
    given = _total([1] * len(menu), menu)

    # Whoever is due gets exactly one package, everybody else at most one.
    problem += (given == 1 if due else given <= 1), name


def write_lp(problem: pulp.LpProblem, path: Path) -> None:
    """The programme as an LP file, whole or not at all.

    PuLP writes numbers with twelve significant digits.
    """
    partial = path.with_name(path.name + ".part")
    problem.writeLP(str(partial))
    partial.replace(path)


def solve_program(
    menus: Menus, choice: Choice, budget: int, settings: Settings, *, divisible: bool
) -> Answer:
    """What the outside solver answers; its values are the shares of the packages, unchecked.

    The multiplier of the row ``budget`` is the marginal value of money.

    Raises
    ------
    OptionError
        Where the solver of the settings is not available.
    SolverError
        Where the solver failed.
    """
    problem = formulate(menus, choice, budget, divisible=divisible)
    if settings.write_lp is not None:
        write_lp(problem, settings.write_lp)
    return ask(problem, settings.solver, settings.time_limit)


def whole_picks(menus: Menus, answer: Answer) -> IntArray | None:
    """For each user the package an answer gives, -1 for nothing; None where it is not whole.

    Whether the packages fit the budget is for the caller to check, in integers.
    """
    if answer.values is None or len(answer.values) != menus.n_packages:
        return None
    given = np.rint(answer.values)
    if (np.abs(answer.values - given) > WHOLE_WITHIN).any() or ((given != 0) & (given != 1)).any():
        return None
    position = np.flatnonzero(given)
    user = menus.user[position]
    if len(np.unique(user)) < len(user):
        return None
    picks = np.full(menus.n_users, -1, dtype=np.int64)
    picks[user] = position
    return picks


def _total(weights: Iterable[int], share: list[pulp.LpVariable]) -> pulp.LpAffineExpression:
    return pulp.LpAffineExpression(zip(share, weights, strict=True))
