"""A narrow gap: shares of need met in different groups lie close together.

In words: take any two groups. The part of need that is met in one is greater than in the other by
no more than so many hundredths.

Formula: V_h / N_h - V_g / N_g <= at_most for each ordered pair of groups h and g, with V met need
and N need of the group. As a row in whole numbers, with at_most = a / b:
b N_g V_h - b N_h V_g <= a N_g N_h, divided by the greatest common divisor. Two rows a pair.

Source: demographic parity with a tolerance; Dwork, Hardt, Pitassi, Reingold and Zemel 2012,
Fairness through awareness.

Ignores: that a gap can be closed by taking from one group without giving to the other; look at the
met need of both. Groups whose need is 0 have no share and are left out.
"""

from decimal import Decimal
from fractions import Fraction

from pydantic import Field

from metneed.models.problem import Problem
from metneed.models.scenario import Share
from metneed.solver.constraint import Constraint, Effect
from metneed.solver.groups import MOST_GROUPS, Groups, of_groups, pairs
from metneed.solver.rule import Options


class GroupGapOptions(Options):
    """Which groups are compared, and how far apart they may lie."""

    group: str = Field(description="column of users whose values are the groups")
    values: tuple[str, ...] = Field(
        default=(), description=f"groups that are compared, at most {MOST_GROUPS}; default: all"
    )
    at_most: Share = Field(
        json_schema_extra={"unit": "share"},
        default=Decimal("0.1"),
        description="greatest difference of two shares of need",
    )


def apply(problem: Problem, name: str, options: GroupGapOptions) -> Effect:
    """Two rows for each pair of groups."""
    groups = Groups.of(problem, name, options.group, options.values)
    need = groups.need
    a, b = Fraction(options.at_most).as_integer_ratio()
    wanted = []
    for h, g in pairs(groups, name):
        each = [0] * len(need)
        each[h], each[g] = b * need[g], -b * need[h]
        title = f"{name}: {groups.names[h]} over {groups.names[g]}"
        wanted.append((title, each, a * need[g] * need[h], b * need[h], g))
    return of_groups(problem, groups, wanted)


CONSTRAINT = Constraint(
    kind="group_gap",
    title="a narrow gap: groups have similar shares of need met",
    apply=apply,
    options=GroupGapOptions,
)
