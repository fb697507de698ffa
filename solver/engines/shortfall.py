"""Shortfall: the budget does not cover what everyone must have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shortfall:
    """The budget does not cover the cheapest packages of all who must have one.

    Parameters
    ----------
    shortfall
        Smallest money units that are missing.
    """

    shortfall: int
