"""The contract of a constraint: a limit beside the budget, as one file of `constraints`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from metneed.models.arrays import BoolArray, IntArray
from metneed.models.problem import Problem
from metneed.solver.engines.pool import Pool
from metneed.solver.engines.rows import Row
from metneed.solver.households import Households
from metneed.solver.pairs import Pairs
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
class PooledService:
    """A service that is open or closed as a whole.

    Parameters
    ----------
    name
        The constraint's name and the service.
    service
        Its row in the services.
    pool
        The packages that need it, its least members and what opening it costs.
    paid_anyway
        What is paid for it whether it is used or not, smallest money units.
    """

    name: str
    service: int
    pool: Pool
    paid_anyway: int


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
    pairs
        Packages of two users that exclude, require or add to each other; None where there are
        none.
    households
        Where the effects of all constraints are put together, the users whom pairs join into one
        with a menu of plans; the pairs of others then stand in `rows` as well.
    pooled
        Services that are open or closed as a whole; their packages fall away when they are closed.
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
    pairs: Pairs | None = None
    households: Households | None = None
    pooled: tuple[PooledService, ...] = ()

    @property
    def paid_anyway(self) -> int:
        """What leaves the money before anything is chosen, smallest money units."""
        return sum(item.paid_anyway for item in self.pooled)

    @property
    def objective(self) -> str:
        """What is made as great as possible, in words."""
        more = []
        if self.added is not None:
            more.append("the penalties of floors")
        if self.pairs is not None and self.pairs.adds.any():
            more.append("what packages of a household add to each other")
        return f"met need with {' and '.join(more)}" if more else "met need"


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
