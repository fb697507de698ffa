"""What a generator gives, and how a family of generated instances is described."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from metneed.instances.generators.further import as_column, assessed
from metneed.instances.numbers import as_numbers
from metneed.models.arrays import IntArray, TextArray, frozen, greatest
from metneed.models.columns import Labels
from metneed.models.errors import OptionError, UnknownNameError
from metneed.models.instance import Instance, Previous, Users
from metneed.models.menus import Menus
from metneed.models.scenario import Scenario

MOST_USERS = 10_000_000

Column: TypeAlias = TextArray | IntArray
"""Text, or integers: smallest units in columns of money and need, else whole numbers."""

Table: TypeAlias = Mapping[str, Column]

_NUMBERS = ("need", "points", "basic_need", "weight", "arrival")


class Options(BaseModel):
    """Base of the options of a family."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, eq=False)
class Generated:
    """A generated instance, ready to be written or used as it is.

    Parameters
    ----------
    family, seed
        What made it.
    tables
        Columns of ``users``, ``packages`` and, where there are such, ``previous``, ``needs`` and
        small tables; rows are in the order in which a reader sorts them.
    offsets
        Where the packages of each user begin, one more than there are users.
    scenario
        Keys of the scenario.
    known
        What is known of the best allocation without any solver; empty where nothing is.
    notes
        What a reader must know: figures that were missing and what stands in for them.
    council
        A council's tables that `metneed build` makes this instance from; empty where not asked.
    """

    family: str
    seed: int
    tables: Mapping[str, Table]
    offsets: IntArray
    scenario: Mapping[str, Any]
    known: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    council: Mapping[str, Table] = field(default_factory=dict)

    def instance(self) -> Instance:
        """The instance in memory, the same as writing and reading it would give."""
        users, packages = self.tables["users"], self.tables["packages"]
        menus = Menus.of(
            self.offsets,
            packages["cost"],
            packages["met_need"],
            basic_met_need=packages.get("basic_met_need"),
        )
        numbers = {name: frozen(users[name]) for name in _NUMBERS if name in users}
        numbers.setdefault("need", frozen(greatest(menus.met_need, self.offsets, 0)))
        others = {name: users[name] for name in users if name not in {"user_id", *_NUMBERS}}
        further = {name: as_numbers(as_column(column)) for name, column in others.items()}
        text = {name: _labels(column) for name, column in others.items() if not further[name]}
        ids, scenario = frozen(users["user_id"], object), Scenario.model_validate(self.scenario)
        assessment, small = assessed(self.tables, ids, scenario.units)
        return Instance(
            scenario=scenario,
            users=Users(
                ids=ids,
                need=numbers["need"],
                points=numbers.get("points"),
                basic_need=numbers.get("basic_need"),
                weight=numbers.get("weight"),
                arrival=numbers.get("arrival"),
                groups=text,
                numbers={name: column for name, column in further.items() if column},
            ),
            menus=menus,
            package_ids=_labels(packages["package_id"]),
            previous=self._previous(users["user_id"]),
            forms=_labels(packages["form"]) if "form" in packages else None,
            assessment=assessment,
            tables=small,
        )

    def _previous(self, ids: Column) -> Previous | None:
        table = self.tables.get("previous")
        if table is None:
            return None
        row = np.searchsorted(ids, table["user_id"])
        held = np.zeros(len(ids), dtype=bool)
        held[row] = True
        packages = np.full(len(ids), "", dtype=object)
        packages[row] = table["package_id"]

        def spread(name: str) -> IntArray:
            column = np.zeros(len(ids), dtype=np.int64)
            column[row] = table[name]
            return frozen(column)

        return Previous(
            held=frozen(held, bool),
            package_ids=frozen(packages, object),
            cost=spread("cost"),
            met_need=spread("met_need"),
            basic_met_need=spread("basic_met_need") if "basic_met_need" in table else None,
        )


Make: TypeAlias = Callable[[Any, int, Any], Generated]


@dataclass(frozen=True)
class Family:
    """A family of instances.

    Parameters
    ----------
    name, title
        Name on the command line, and a few words for a screen.
    options
        Options as a pydantic model: name, type, range, default and help.
    make
        ``make(users, seed, options)``.
    counts_users
        Whether `users` may be left out because the options can say how many there are.
    """

    name: str
    title: str
    options: type[Options]
    make: Make
    counts_users: bool = False

    def generate(self, users: int | None, seed: int, options: Mapping[str, Any]) -> Generated:
        """An instance; options are checked first.

        Raises
        ------
        OptionError
            Where an option or the number of users cannot be used.
        """
        if users is None and not self.counts_users:
            raise OptionError(f"say how many users the family {self.name} is to have: 1 or more")
        if users is not None and not 1 <= users <= MOST_USERS:
            raise OptionError(f"{users} users cannot be made: say 1 to {MOST_USERS:,}")
        return self.make(users, seed, checked(self.name, self.options, options))


T = TypeVar("T", bound=Options)


def checked(family: str, kind: type[T], options: Mapping[str, Any]) -> T:
    """The options of a family.

    Raises
    ------
    UnknownNameError
        Where there is no such option.
    OptionError
        Where a value cannot be used.
    """
    for name in options:
        if name not in kind.model_fields:
            raise UnknownNameError(f"option of the family {family}", name, kind.model_fields)
    try:
        return kind.model_validate(dict(options))
    except ValidationError as error:
        raise OptionError(_in_words(family, error)) from error


def identifiers(letter: str, count: int) -> TextArray:
    """Identifiers whose order as text is the order of their numbers: ``U000017``."""
    width = max(6, len(str(count)))
    return np.array([f"{letter}{row:0{width}d}" for row in range(1, count + 1)], dtype=object)


def _in_words(family: str, error: ValidationError) -> str:
    parts = []
    for fault in error.errors():
        place = ".".join(map(str, fault["loc"])) or "options"
        reason = fault["msg"].removeprefix("Value error, ")
        parts.append(f"{place} = {str(fault['input'])[:40]!r}: {reason}")
    return f"the family {family} cannot use these options: " + "; ".join(parts)


def _labels(column: Column) -> Labels:
    codes, names = pd.factorize(column)
    order = np.argsort(names, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return Labels(frozen(rank[codes]), tuple(map(str, names[order])))
