"""The contract of a rule: a way of rationing, as one file of the folder `rules`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from metneed.models.allocation import Infeasible, NotApplicable, Outcome
from metneed.models.arrays import IntArray
from metneed.models.problem import Problem
from metneed.models.scenario import Packages

Awards: TypeAlias = Callable[[Problem, Any], IntArray | NotApplicable | Infeasible]
Choose: TypeAlias = Callable[[Problem, Any], Outcome]


class Options(BaseModel):
    """Base of the options of a rule; a rule without options uses it as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Rule:
    """A way of rationing.

    Parameters
    ----------
    name
        Name on the command line and in files: the name of the rule's file.
    title
        A few words for a screen, in a commissioner's language.
    family
        ``money``: `run` divides the allocable money into awards, one a user, and the shared
        purchase step turns them into packages. ``package``: `run` chooses the packages.
    run
        ``awards(problem, options)`` or ``choose(problem, options)``.
    readings
        Which kinds of packages the rule can work with.
    options
        Options as a pydantic model: name, type, unit, range, default and help.
    needs
        Columns or tables without which the rule does not apply: ``points``, ``arrival``,
        ``previous``.
    divides_all
        Money rules: whether the awards always add up to the allocable money.
    monotone
        Whether more money never takes met need from anyone.
    """

    name: str
    title: str
    family: Literal["money", "package"]
    run: Awards | Choose
    readings: tuple[Packages, ...] = ("whole", "divisible")
    options: type[Options] = Options
    needs: tuple[str, ...] = ()
    divides_all: bool = False
    monotone: bool = False
