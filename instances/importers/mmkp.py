"""Multiple-choice multidimensional knapsack: one item of each class, several resources.

Three layouts are told apart by the first line of the file: `n l m` (Khan), `problem n l m` with a
block for each problem (Hiremath and Hill), and `n m` with a number of items at each class (INST).
A class becomes a user, an item a package with the value as met need, a resource a service.
The problems know no money: packages cost 0 and the budget is 0, unless `budget` names a resource
that is to be the money.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from metneed.instances.faults import Fault
from metneed.instances.importers.published import (
    LIMITS,
    NO_CURRENCY,
    ProblemFormat,
    ProblemOptions,
    Published,
    numbered,
    scenario_name,
)
from metneed.instances.importers.tokens import Tokens, exact, fitting, refuse
from metneed.instances.schemas import MOST_DECIMALS
from metneed.instances.write import Columns
from metneed.models.errors import OptionError

_KHAN, _HIREMATH_HILL, _INST = 3, 4, 2
"""How many numbers the first line has."""


class Options(ProblemOptions):
    """Options of the format."""

    budget: int | None = Field(
        default=None, ge=1, description="number of the resource that is the money; default: none"
    )


@dataclass(frozen=True)
class _Problem:
    """One problem as it stands in the file: for each class its items, value first."""

    number: str
    capacities: list[str]
    classes: list[list[list[str]]]


def run(file: Path, options: Options) -> list[Published]:
    """Every problem of a file.

    Raises
    ------
    InputError
        Where the file is something else, or not whole.
    OptionError
        Where there is no such resource.
    """
    tokens = Tokens(file)
    width = tokens.widths[0] if tokens.widths else 0
    if width == _INST:
        found = [_inst(tokens)]
    elif width == _KHAN:
        found = [_equal_classes(tokens, "")]
    elif width == _HIREMATH_HILL:
        found = _several(tokens)
    else:
        problem = f"the first line has {width} numbers, and should have 2, 3 or 4"
        remedy = "Give a file that begins with: classes resources; classes items resources; or "
        remedy += "problem classes items resources"
        refuse(file.name, Fault("not-this-format", problem, remedy), 1)
    return [_published(file, problem, options) for problem in found]


FORMAT = ProblemFormat(
    "mmkp",
    "Multiple-choice multidimensional knapsack (Khan; Hiremath and Hill; INST)",
    run,
    Options,
)


def _several(tokens: Tokens) -> list[_Problem]:
    found: list[_Problem] = []
    while not tokens.is_at_end:
        number = len(found) + 1
        tokens.expect(number, "the number of the problem")
        found.append(_equal_classes(tokens, str(number)))
    width = len(found[-1].number)
    numbers = [problem.number.zfill(width) for problem in found]
    if len(found) == 1:
        numbers = [""]
    return [
        _Problem(number, problem.capacities, problem.classes)
        for number, problem in zip(numbers, found, strict=True)
    ]


def _equal_classes(tokens: Tokens, number: str) -> _Problem:
    """A problem whose classes have equally many items; what follows the last class is no data."""
    n = tokens.whole("the number of classes")
    items = tokens.whole("the number of items in a class")
    resources = tokens.whole("the number of resources")
    capacities = tokens.amounts(resources, "a capacity")
    classes = []
    for place in range(1, n + 1):
        tokens.expect(place, "the number of the class")
        classes.append(_items(tokens, items, resources, place))
    return _Problem(number, capacities, classes)


def _inst(tokens: Tokens) -> _Problem:
    n = tokens.whole("the number of classes")
    resources = tokens.whole("the number of resources")
    capacities = tokens.amounts(resources, "a capacity")
    classes = []
    for place in range(1, n + 1):
        items = tokens.whole(f"the number of items in class {place}")
        classes.append(_items(tokens, items, resources, place))
    return _Problem("", capacities, classes)


def _items(tokens: Tokens, items: int, resources: int, place: int) -> list[list[str]]:
    what = f"a value or weight of class {place}"
    return [tokens.amounts(1 + resources, what) for _ in range(items)]


def _published(file: Path, problem: _Problem, options: Options) -> Published:
    resources = len(problem.capacities)
    money = None if options.budget is None else options.budget - 1
    if money is not None and money >= resources:
        raise OptionError(
            f"option budget of mmkp: {file.name} has resources 1 to {resources}, not {money + 1}"
        )
    items = [item for items in problem.classes for item in items]
    packages, decimals = _packages(file, problem, items, money)
    services = [place for place in range(resources) if place != money]
    tables: dict[str, Columns] = {
        "users": {"user_id": list(dict.fromkeys(packages["user_id"]))},
        "packages": packages,
    }
    if services:
        used, kept = _uses(file, problem, items, services)
        tables |= used
        decimals["quantity_decimals"] = kept
    scenario = {
        "schema_version": 1,
        "name": scenario_name(file, problem.number),
        "description": "multiple-choice multidimensional knapsack: a user is a class",
        "budget": "0" if money is None else problem.capacities[money],
        "currency": NO_CURRENCY,
        **decimals,
        "choice": "exactly_one",
        "constraints": LIMITS if services else {},
    }
    note = f"resource {options.budget} is the money, the others are services"
    if money is None:
        note = (
            "no resource is money: every package costs 0 and the budget is 0 "
            "(--option budget=1 makes resource 1 the money)"
        )
    return Published(problem.number, tables, scenario, [note])


def _packages(
    file: Path, problem: _Problem, items: list[list[str]], money: int | None
) -> tuple[dict[str, Any], dict[str, int]]:
    """The menus, and the decimals of need and money."""
    values = [item[0] for item in items]
    costs = ["0"] * len(items) if money is None else [item[1 + money] for item in items]
    budget = [] if money is None else [problem.capacities[money]]
    need_decimals = fitting(file.name, values, MOST_DECIMALS["need_decimals"], "values")
    money_decimals = fitting(
        file.name, [*costs, *budget], MOST_DECIMALS["money_decimals"], "weights that are money"
    )
    users, package_ids = _identifiers(problem.classes)
    packages = {
        "user_id": users,
        "package_id": package_ids,
        "cost": exact(costs, money_decimals),
        "met_need": exact(values, need_decimals),
    }
    return packages, {"need_decimals": need_decimals, "money_decimals": money_decimals}


def _uses(
    file: Path, problem: _Problem, items: list[list[str]], services: list[int]
) -> tuple[dict[str, Columns], int]:
    """Services and uses, and the decimals of quantities; what uses nothing is said by no row."""
    capacities = [problem.capacities[place] for place in services]
    used = [item[1 + place] for item in items for place in services]
    kept = fitting(file.name, [*used, *capacities], MOST_DECIMALS["quantity_decimals"], "weights")
    amount = exact(used, kept)
    rows = np.flatnonzero(amount)
    package, service = np.divmod(rows, len(services))
    names = np.array(numbered("r", len(problem.capacities)), dtype=object)[services]
    users, packages = _identifiers(problem.classes)
    return {
        "services": {"service_id": names, "capacity": exact(capacities, kept)},
        "uses": {
            "user_id": np.array(users, dtype=object)[package],
            "package_id": np.array(packages, dtype=object)[package],
            "service_id": names[service],
            "amount": amount[rows],
        },
    }, kept


def _identifiers(classes: Sequence[Sequence[object]]) -> tuple[list[str], list[str]]:
    """The user and the package of each item."""
    users = [
        user
        for user, items in zip(numbered("c", len(classes)), classes, strict=True)
        for _ in items
    ]
    width = len(str(max(map(len, classes), default=1)))
    packages = [f"i{k:0{width}d}" for items in classes for k in range(1, len(items) + 1)]
    return users, packages
