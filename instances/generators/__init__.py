"""Generators of instances: councils, benchmarks, and instances with a known optimum."""

from collections.abc import Mapping
from typing import Any

from metneed.instances.generators import (
    council,
    planted,
    strong,
    subset_sum,
    take_or_leave,
    uncorrelated,
    weak,
    zig_zag,
)
from metneed.instances.generators.council import demo_council
from metneed.instances.generators.family import Family, Generated
from metneed.models.errors import UnknownNameError

BENCHMARKS = {
    item.name: item
    for item in (
        uncorrelated.FAMILY,
        weak.FAMILY,
        strong.FAMILY,
        subset_sum.FAMILY,
        zig_zag.FAMILY,
        take_or_leave.FAMILY,
    )
}
"""The families of Pisinger by name; `menus` gives one as arrays, without any text."""

__all__ = ["BENCHMARKS", "Family", "Generated", "demo_council", "families", "generate"]


def families() -> Mapping[str, Family]:
    """Every family of instances by name."""
    others = [item.family for item in BENCHMARKS.values()]
    return {family.name: family for family in (council.FAMILY, *others, planted.FAMILY)}


def generate(family: str, *, users: int | None = None, seed: int = 0, **options: Any) -> Generated:  # noqa: ANN401
    """An instance of a family.

    Parameters
    ----------
    family
        Name of the family.
    users
        How many users, 1 or more; a real council's own number where left out.
    seed
        0 to 2^63 - 1; the same seed always gives the same instance.
    **options
        Options of the family, as `families()[family].options` describes them.

    Raises
    ------
    UnknownNameError
        Where there is no such family or option.
    OptionError
        Where an option, the seed or the number of users cannot be used.
    InputError
        Where a file that an option names has faults.
    """
    known = families()
    if family not in known:
        raise UnknownNameError("family", family, known)
    return known[family].generate(users, seed, options)
