"""The programme that every contestant is given, as arrays: NumPy and nothing else is imported.

Contestants that cannot share an installation with metneed load it as well.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Whole: TypeAlias = NDArray[np.int64]
Real: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Programme:
    """Menus and a budget: at most one package a user, and as much value as possible.

    Parameters
    ----------
    offsets
        Where the packages of each user begin, one more than there are users.
    cost, value
        Of each package, smallest units.
    budget
        What all packages given may cost together, smallest money units.
    divisible
        Whether parts of packages may be given: the linear programme. Else they are whole.
    """

    offsets: Whole
    cost: Whole
    value: Whole
    budget: int
    divisible: bool

    @property
    def n_users(self) -> int:
        """How many users there are."""
        return len(self.offsets) - 1

    @property
    def n_packages(self) -> int:
        """How many packages there are in all menus together."""
        return len(self.cost)

    @property
    def user(self) -> Whole:
        """For each package the row of its user."""
        return np.repeat(np.arange(self.n_users, dtype=np.int64), np.diff(self.offsets))

    def columns(self) -> tuple[Whole, Whole, Real]:
        """The rows as a sparse matrix, a column for each package: starts, rows, coefficients.

        Row 0 is the budget and row u + 1 says that user u gets at most one package.
        """
        starts = np.arange(0, 2 * self.n_packages + 1, 2, dtype=np.int64)
        rows = np.zeros(2 * self.n_packages, dtype=np.int64)
        rows[1::2] = self.user + 1
        coefficients = np.ones(2 * self.n_packages)
        coefficients[::2] = self.cost
        return starts, rows, coefficients

    def limits(self) -> Real:
        """What each row of the matrix may come to: the budget, then one for each user."""
        return np.concatenate([[float(self.budget)], np.ones(self.n_users)])

    def save(self, path: Path) -> None:
        """Write it to an NPZ file."""
        money, parts = np.int64(self.budget), np.bool_(self.divisible)
        with path.open("wb") as file:
            np.savez(
                file,
                offsets=self.offsets,
                cost=self.cost,
                value=self.value,
                budget=money,
                divisible=parts,
            )

    @classmethod
    def load(cls, path: Path) -> "Programme":
        """Read what `save` wrote."""
        with np.load(path) as file:
            return cls(
                file["offsets"],
                file["cost"],
                file["value"],
                int(file["budget"]),
                bool(file["divisible"]),
            )
