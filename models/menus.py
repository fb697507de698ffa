"""Menus: all packages of all users as flat integer arrays."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from metneed.models.arrays import IntArray, frozen, greatest, owners

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Menus:
    """The packages of user ``u`` are the positions ``offsets[u]`` to ``offsets[u + 1] - 1``.

    Parameters
    ----------
    offsets
        Where each menu begins, one more than there are users; ``offsets[0]`` is 0.
    cost
        Cost to this budget of each package, smallest money units, 0 or more.
    met_need
        Met need of each package, smallest need units, 0 or more.
    value
        What is maximised: met need, unless a rule transforms it.
    basic_met_need
        Met basic need of each package, or None where it is not known apart.
    """

    offsets: IntArray
    cost: IntArray
    met_need: IntArray
    value: IntArray
    basic_met_need: IntArray | None = None
    _memo: dict[object, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        offsets: Any,  # noqa: ANN401
        cost: Any,  # noqa: ANN401
        met_need: Any,  # noqa: ANN401
        *,
        value: Any = None,  # noqa: ANN401
        basic_met_need: Any = None,  # noqa: ANN401
    ) -> "Menus":
        """Menus from anything that NumPy can read as whole numbers; value is met need."""
        need = frozen(met_need)
        return cls(
            frozen(offsets),
            frozen(cost),
            need,
            need if value is None else frozen(value),
            None if basic_met_need is None else frozen(basic_met_need),
        )

    @property
    def n_users(self) -> int:
        """How many users there are, those with an empty menu included."""
        return len(self.offsets) - 1

    @property
    def n_packages(self) -> int:
        """How many packages there are in all menus together."""
        return len(self.cost)

    @property
    def user(self) -> IntArray:
        """For each package the row of its user."""
        return self.memo("user", lambda: frozen(owners(self.offsets)))

    @property
    def best_met_need(self) -> IntArray:
        """For each user the greatest met need on the menu, 0 for an empty menu."""
        return self.memo("best", lambda: frozen(greatest(self.met_need, self.offsets, 0)))

    @property
    def full_cost(self) -> IntArray:
        """For each user the cost of the cheapest package of greatest met need, 0 for none."""
        return self.memo("full", self._full_cost)

    def _full_cost(self) -> IntArray:
        best = self.met_need == self.best_met_need[self.user]
        # Maxima of the negated cost are minima; a package that is not best never wins.
        low = np.where(best, -self.cost, np.iinfo(np.int64).min)
        return frozen(-greatest(low, self.offsets, 0))

    def memo(self, key: object, make: Callable[[], T]) -> T:
        """What `make` gives, made once: hulls and frontiers depend on the menus alone."""
        if key not in self._memo:
            self._memo[key] = make()
        kept: T = self._memo[key]
        return kept

    def known(self, key: object) -> Any | None:  # noqa: ANN401
        """What is remembered under a key, None if nothing is."""
        return self._memo.get(key)

    def replace(self, **changes: IntArray | None) -> "Menus":
        """The same menus with other columns; nothing remembered is carried over."""
        return replace(self, **changes, _memo={})  # type: ignore[arg-type]

    def positions(self, users: IntArray) -> IntArray:
        """The positions of all packages of the users in these rows, user after user."""
        starts, sizes = self.offsets[:-1][users], np.diff(self.offsets)[users]
        ends = np.cumsum(sizes)
        # Within each user the positions run on from the start of the menu.
        first: IntArray = np.repeat(starts - ends + sizes, sizes)
        return first + np.arange(len(first))

    def subset(self, users: IntArray) -> "Menus":
        """The menus of the users in these rows, in the order given."""
        rows = self.positions(users)
        basic = self.basic_met_need
        return Menus.of(
            np.concatenate([[0], np.cumsum(np.diff(self.offsets)[users])]),
            self.cost[rows],
            self.met_need[rows],
            value=self.value[rows],
            basic_met_need=None if basic is None else basic[rows],
        )
