"""The contract of a rule: a way of rationing, as one file of the folder `rules`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from metneed.models.account import Awards
from metneed.models.allocation import Infeasible, NotApplicable, Outcome
from metneed.models.arrays import IntArray
from metneed.models.problem import Problem
from metneed.models.scenario import Packages

Awarded: TypeAlias = IntArray | Awards | NotApplicable | Infeasible
"""What a money rule gives: one award a user, perhaps with how it came about, or why it cannot."""

Divide: TypeAlias = Callable[[Problem, Any], Awarded]
Choose: TypeAlias = Callable[[Problem, Any], Outcome]


class Options(BaseModel):
    """Base of the options of a rule; a rule without options uses it as it is.

    A field with ``json_schema_extra={"table": "bands"}`` takes its rows from the table ``bands`` of
    the instance where the scenario leaves the option out; with ``"not_with": "other"`` besides,
    only where it also leaves out the option ``other``, which would say otherwise.
    """

    # Rows keep the headings of their table, such as from, also where a result repeats them.
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True
    )

    def check(self, problem: Problem) -> None:
        """Hold options to what the problem has, before the rule runs.

        Raises
        ------
        OptionError
            Where an option names a user or a column that is not there.
        """


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
        ``awards(problem, options)`` or ``choose(problem, options)``; awards are one whole number a
        user, or `Awards` where the rule can say how they came about.
    readings
        Which kinds of packages the rule can work with.
    options
        Options as a pydantic model: name, type, unit, range, default and help.
    needs
        Columns or tables without which the rule does not apply: ``points``, ``arrival``,
        ``previous``.
    divides_all
        Money rules: whether the awards always add up to the allocable money.
    rounds
        Money rules: whether the rule shares out again what bought nothing, where the scenario
        says ``leftover = "rounds"``; a table of amounts gives no more than it says.
    usual
        Whether a comparison runs the rule without being asked to; any rule that the scenario has
        options for is run, too.
    example
        Options with which the rule runs on any users, where its defaults are not enough: a table
        of bands. For its page and for tests.
    monotone
        Whether more money never takes met need from anyone.
    """

    name: str
    title: str
    family: Literal["money", "package"]
    run: Divide | Choose
    readings: tuple[Packages, ...] = ("whole", "divisible")
    options: type[Options] = Options
    needs: tuple[str, ...] = ()
    divides_all: bool = False
    rounds: bool = True
    usual: bool = True
    example: Mapping[str, Any] = field(default_factory=dict)
    monotone: bool = False
