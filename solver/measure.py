"""The contract of a measure: figures of an allocation, as one file of the folder `measures`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number, Unit
from metneed.models.problem import Problem


@dataclass(frozen=True, eq=False)
class Context:
    """What a measure may look at besides the allocation itself.

    Parameters
    ----------
    problem
        The problem that the allocation answers; its menus remember their frontier.
    baseline
        The allocation that winners and losers are counted against, or None.
    optimum
        The best allocation of the same problem, or None where there is none.
    """

    problem: Problem
    baseline: Allocation | None = None
    optimum: Allocation | None = None


Compute: TypeAlias = Callable[[Allocation, Context, IntArray], Mapping[str, Number]]


@dataclass(frozen=True)
class Measure:
    """One or more figures of an allocation.

    Parameters
    ----------
    name
        Name on the command line: the name of the measure's file.
    title
        A few words for a screen.
    units
        For each figure its unit; a measure with one figure gives it the measure's name.
    compute
        ``compute(allocation, context, users)``: the figures over the users in the rows given,
        None where a figure is not known.
    by_group
        Whether the figures make sense for a group of users.
    """

    name: str
    title: str
    units: Mapping[str, Unit]
    compute: Compute
    by_group: bool = True
