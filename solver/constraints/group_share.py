"""Fair shares: no group falls far behind.

In words: of its need, each group has at least so large a part met as everyone together, times a
stated fraction. Or it is held against every other group instead of everyone together: with 0.8
that is the four-fifths rule, the worst served group being no more than a fifth behind the best.

Formula: V_h / N_h >= at_least x V / N for each group h, with V the met need and N the need of all
users, and V_h and N_h those of the group; or V_h / N_h >= at_least x V_g / N_g for each two
groups. As rows in whole numbers, with at_least = a / b: a N_h V - b N V_h <= 0, so that a unit of
met need counts a N_h in other groups and a N_h - b N in group h; or a N_h V_g - b N_g V_h <= 0;
both divided by their greatest common divisor.

Source: the four-fifths rule of the Uniform Guidelines on Employee Selection Procedures 1978 (29
CFR 1607.4 D), here on shares of need; the Equality Act 2010 section 149 asks for due regard.

Ignores: differences within a group, which can grow; and groups whose need is 0.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from metneed.models.problem import Problem
from metneed.models.scenario import Share
from metneed.solver.constraint import Constraint, Effect
from metneed.solver.groups import MOST_GROUPS, Groups, of_groups, pairs
from metneed.solver.rule import Options


class GroupShareOptions(Options):
    """Which groups are looked at, what with, and how far they may fall behind."""

    group: str = Field(description="column of users whose values are the groups")
    values: tuple[str, ...] = Field(
        default=(), description="groups that may not fall behind; default: all"
    )
    at_least: Share = Field(
        json_schema_extra={"unit": "share"},
        default=Decimal("0.8"),
        description="fraction of the other share",
    )
    of: Literal["everyone", "each_other"] = Field(
        default="everyone",
        description="what a group is held against: the share of everyone together, or of each "
        f"other group that is named, of which there may be {MOST_GROUPS}",
    )


def apply(problem: Problem, name: str, options: GroupShareOptions) -> Effect:
    """One row for each group that may not fall behind, or for each two groups."""
    groups = Groups.of(problem, name, options.group, options.values)
    need = groups.need
    a, b = Fraction(options.at_least).as_integer_ratio()
    wanted = []
    if options.of == "each_other":
        for h, g in pairs(groups, name):
            each = [0] * len(need)
            each[g], each[h] = a * need[h], -b * need[g]
            title = f"{name}: {groups.names[h]} to {groups.names[g]}"
            wanted.append((title, each, 0, b * need[g], h))
        return of_groups(problem, groups, wanted)
    total = sum(need)
    for h in groups.chosen:
        each = [a * need[h]] * len(need)
        each[h] -= b * total
        wanted.append((f"{name}: {groups.names[h]}", each, 0, b * total, h))
    return of_groups(problem, groups, wanted)


CONSTRAINT = Constraint(
    kind="group_share",
    title="fair shares: no group falls far behind",
    apply=apply,
    options=GroupShareOptions,
)
