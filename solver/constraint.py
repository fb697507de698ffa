"""The contract of a constraint: a limit beside the budget, as one file of `constraints`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from metneed.models.arrays import BoolArray, IntArray
from metneed.models.problem import Problem
from metneed.solver.engines.rows import Row
from metneed.solver.rule import Options

Counted: TypeAlias = Literal["money", "need", "quantity", "users"]


@dataclass(frozen=True)
class Reading:
    """How the amounts of a row are said to people.

    Parameters
    ----------
    unit
        What is counted.
    per
        How many units of the row make one smallest unit of what is counted.
    users
        How many users the row is about; of a row that counts users, how many each unit is.
    today
        What today's packages come to in the row; None where nobody recorded it.
    """

    unit: Counted
    per: int = 1
    users: int = 0
    today: int | None = None


@dataclass(frozen=True, eq=False)
class Each:
    """A limit on each person: the amounts of a person's package are at most the person's limit.

    Nothing counts 0, and part packages count by their share. A "no less than" is negated.

    Parameters
    ----------
    name
        The constraint's name, and which limit it is where the constraint has several.
    base
        For each package, smallest units of what is counted.
    limit
        For each user; where `held` is False it binds nobody.
    held
        For each user whether the limit is about them.
    unit
        What is counted.
    binds
        Whether it is a limit; where False it is only counted who would break it.
    today
        For each user the amount of today's package; None where nobody recorded it.
    """

    name: str
    base: IntArray
    limit: IntArray
    held: BoolArray
    unit: Counted
    binds: bool = True
    today: IntArray | None = None


@dataclass(frozen=True, eq=False)
class Effect:
    """What a constraint does to a problem.

    Parameters
    ----------
    rows
        Limits on sums over everybody.
    removed
        For each package whether it may not be chosen; None where all may.
    due
        For each user whether nothing may not be chosen; None where it may (as the scenario says).
    blocked
        For each user whether no package is left that keeps the constraint; such users are the
        people of an infeasible answer.
    each
        Limits on each person. Those that bind stand in `removed` and `due` where packages are
        whole; where part packages are allowed they limit each person's mix, see `reduction`.
    added
        For each package what is added to its value, so that the value becomes `scale` times what
        it was plus this; None where nothing is.
    scale
        Whole number, 1 or more.
    first
        For each package what is made as great as possible before the value is; None where the
        value comes first. The engine solves twice, the second time with the row that no less of
        it is reached.
    readings
        For each row, by its name, how its amounts are said.
    """

    rows: tuple[Row, ...] = ()
    removed: BoolArray | None = None
    due: BoolArray | None = None
    blocked: BoolArray | None = None
    each: tuple[Each, ...] = ()
    added: IntArray | None = None
    scale: int = 1
    first: IntArray | None = None
    readings: Mapping[str, Reading] = field(default_factory=dict)


Apply: TypeAlias = Callable[[Problem, str, Any], Effect]


@dataclass(frozen=True)
class Constraint:
    """A kind of limit.

    Parameters
    ----------
    kind
        Name in ``kind = "..."`` of a scenario's table: the name of the constraint's file.
    title
        A few words for a screen, in a commissioner's language.
    apply
        ``apply(problem, name, options)``: what it does to a problem.
    options
        Options as a pydantic model: name, type, unit, range, default and help.
    needs
        Tables or columns without which it cannot be applied: ``services``, ``uses``, ``previous``.
    """

    kind: str
    title: str
    apply: Apply
    options: type[Options] = Options
    needs: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The kind, as files are found by it."""
        return self.kind
