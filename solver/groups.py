"""Groups of users as rows on met need: one whole number a group, in exact arithmetic."""

from dataclasses import dataclass
from math import gcd

import numpy as np

from metneed.models.arrays import IntArray, frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.constraint import Effect, Reading
from metneed.solver.engines.rows import Row
from metneed.solver.selection import codes, group_column, place

MOST_GROUPS = 10
"""Of more groups, the pairs would be more limits than anyone can read."""


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of a column of users.

    Parameters
    ----------
    names
        The values of the column.
    need
        Need of each group, exactly.
    chosen
        The groups that a limit is about, in order; those whose need is 0 are left out.
    of_user
        For each user the group.
    """

    names: tuple[str, ...]
    need: list[int]
    chosen: list[int]
    of_user: IntArray

    @classmethod
    def of(cls, problem: Problem, name: str, group: str, values: tuple[str, ...]) -> "Groups":
        """The groups that a constraint names; OptionError where one is not known."""
        labels = group_column(problem, group, place(name, "group"))
        codes_of = labels.codes.astype(np.int64)
        need = totals(problem.users.need, codes_of, len(labels.names))
        wanted = codes(labels, name, values) if values else range(len(labels.names))
        chosen = sorted({code for code in wanted if need[code] > 0})
        return cls(labels.names, need, chosen, codes_of)


def pairs(groups: Groups, name: str) -> list[tuple[int, int]]:
    """Every ordered pair of the chosen groups; OptionError where they are too few or too many."""
    chosen = groups.chosen
    if len(chosen) > MOST_GROUPS:
        raise OptionError(
            f"{place(name, 'group')}: the column has {len(chosen)} groups, and each pair would be "
            f"a limit; name at most {MOST_GROUPS} in values, or hold each group against everyone "
            'together, with kind = "group_share"'
        )
    if len(chosen) < 2:
        raise OptionError(
            f"{place(name, 'values')}: it takes two groups with a need to compare, and there is "
            f"{len(chosen)}; name another column or more values"
        )
    return [(h, g) for h in chosen for g in chosen if g != h]


def totals(amounts: IntArray, group: IntArray, count: int) -> list[int]:
    """The amounts of each group added up, exactly."""
    return [exact_sum(amounts[group == code]) for code in range(count)]


def of_groups(
    problem: Problem,
    groups: Groups,
    wanted: list[tuple[str, list[int], int, int, int]],
) -> Effect:
    """Rows on the met need of groups.

    Parameters
    ----------
    wanted
        For each row its name, one weight a group, the limit, how many units of the row make one
        of met need, and the group that falls short where the limit is broken.
    """
    menus, previous = problem.menus, problem.previous
    klass = frozen(groups.of_user[menus.user])
    people = np.bincount(groups.of_user, minlength=len(groups.need))
    now = None
    if previous is not None:
        now = totals(previous.met_need, groups.of_user, len(groups.need))
    rows: list[Row] = []
    readings: dict[str, Reading] = {}
    for title, weights, limit, per, short in wanted:
        if max(weights) <= 0 <= limit:
            continue  # kept by everyone: nothing meets less than nothing
        divisor = gcd(*weights, limit)
        # Values may hold any text: two titles that happen to be the same stay apart.
        name = title if title not in readings else f"{title} ({len(rows) + 1})"
        small = tuple(weight // divisor for weight in weights)
        rows.append(Row(name, menus.met_need, limit // divisor, klass, small))
        today = None
        if now is not None:
            today = sum(weight * met for weight, met in zip(small, now, strict=True))
        readings[name] = Reading("need", per // divisor, int(people[short]), today)
    return Effect(rows=tuple(rows), readings=readings)
