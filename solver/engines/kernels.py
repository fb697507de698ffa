"""Kernels: the few passes over all packages that large instances spend their time in.

Two modules offer the same functions, one in NumPy and one compiled by numba (the extra `speed`).
They give the same arrays, so that nothing that is decided from them depends on the choice.
"""

import sys
from importlib.util import find_spec
from typing import Protocol

from metneed.models.arrays import IntArray
from metneed.models.errors import OptionError
from metneed.models.menus import Menus
from metneed.models.scenario import Choice
from metneed.models.settings import Engine
from metneed.solver.engines import kernels_numpy

WORTH = 5_000_000
"""Packages from which starting numba, about half a second, is worth it."""

WORTH_STARTED = 200_000
"""The same where numba is running already."""


class Kernels(Protocol):
    """What both modules offer. A multiplier is a pair (p, q) for p/q."""

    def hull_points(self, menus: Menus, choice: Choice) -> tuple[IntArray, IntArray]:
        """How many points the hull of each menu has, and their packages, user after user."""

    def favourites(
        self, menus: Menus, choice: Choice, multipliers: tuple[tuple[int, int], ...]
    ) -> list[IntArray]:
        """For each multiplier and user the first package of greatest q x value - p x cost.

        -1 is nothing, which comes before packages where it may be chosen.
        """

    def ends(
        self, menus: Menus, choice: Choice, multiplier: tuple[int, int]
    ) -> tuple[IntArray, IntArray]:
        """For each user the cheapest and the dearest package of greatest q x value - p x cost.

        Of identical packages the first; nothing comes before what costs nothing.
        """

    def totals(self, menus: Menus, picks: IntArray) -> tuple[int, int]:
        """What the picks cost and are worth together; both below 2^63."""

    def between(
        self, menus: Menus, users: IntArray, least: IntArray, most: IntArray
    ) -> tuple[IntArray, IntArray]:
        """Packages that cost and are worth more than `least` and are worth no more than `most`.

        For each of some users, in order: how many, and which.
        """

    def surplus(self, menus: Menus, choice: Choice, multiplier: tuple[int, int]) -> IntArray:
        """For each user the greatest q x value - p x cost on the menu."""

    def near(
        self, menus: Menus, picks: IntArray, multiplier: tuple[int, int], slack: int
    ) -> IntArray:
        """Packages whose q x value - p x cost is below that of the pick by at most the slack.

        In order, without the picks themselves; a pick of nothing counts 0.
        """

    def sort(self, key: IntArray, bits: int) -> None:
        """Sort numbers of 0 or more in place, of which so many of the lowest bits rise already."""


def chosen(menus: Menus, engine: Engine) -> Engine:
    """The engine that is meant: with ``auto`` numba where it is installed and worth its start.

    Raises
    ------
    OptionError
        Where numba is asked for and not installed.
    """
    if engine == "auto":
        worth = WORTH_STARTED if "numba" in sys.modules else WORTH
        return "numba" if menus.n_packages >= worth and find_spec("numba") else "numpy"
    if engine == "numba" and find_spec("numba") is None:
        raise OptionError(
            "the engine numba is not installed; pip install 'metneed[speed]' brings it, and the "
            "engine numpy gives the same answers without it"
        )
    return engine


def kernels_for(menus: Menus, engine: Engine) -> Kernels:
    """The kernels of the engine that is meant.

    Raises
    ------
    OptionError
        Where numba is asked for and not installed.
    """
    if chosen(menus, engine) == "numba":
        from metneed.solver.engines import kernels_numba  # noqa: PLC0415 - slow to start

        return kernels_numba
    return kernels_numpy
