"""A table of bands: so many points are worth such a sum.

In words: points are looked up in a table, from 70 to 115 so much, from 116 to 130 so much more.
Everyone in a band has the same amount; those below the first band get nothing, and one point can
be worth a great step. The amounts are then settled with the money there is.

Formula: award = amount of the band that holds the points. A score between two bands counts in the
lower one. Then the steps of the settlement.

Source: allocation tables of councils, such as Norfolk's for disabled children.

Ignores: what care costs this person, what it achieves, and every difference inside a band.
"""

from decimal import Decimal
from typing import Literal

import numpy as np
from pydantic import Field

from metneed.models.account import Awards
from metneed.models.allocation import Infeasible, NotApplicable
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.solver.money.points import points_of
from metneed.solver.money.tabled import PointTable, said_of, settled, user_named
from metneed.solver.rule import Options, Rule
from metneed.solver.selection import exact
from metneed.solver.tables.bands import Bands, bands_of


class BandRow(Options):
    """One band."""

    start: Decimal = Field(
        alias="from", ge=0, le=10**6, description="the fewest points of the band"
    )
    to: Decimal | None = Field(
        default=None, ge=0, le=10**6, description="the most points; the last band may have no end"
    )
    amount: Decimal = Field(
        ge=0,
        le=10**12,
        description="what a user in the band is given",
        json_schema_extra={"unit": "money"},
    )


class BandTable(PointTable):
    """The bands, and who is above them."""

    bands: tuple[BandRow, ...] = Field(
        default=(),
        description="from, to and amount of each band, without a gap and without an overlap",
        json_schema_extra={"table": "bands"},
    )
    above: Literal["refused", "last"] = Field(
        default="refused",
        description="points above the last band are refused, or worth as much as the last band",
    )


def awards(problem: Problem, options: BandTable) -> Awards | NotApplicable | Infeasible:
    """The amount of the band that each user's points are in."""
    points = points_of(problem, options)
    if isinstance(points, NotApplicable):
        return points
    bands = _bands(problem, options)
    place = bands.place(points.units)
    over = np.flatnonzero((place == len(bands.start)) & ~points.excluded)
    if len(over) and options.above == "refused":
        row = int(over[0])
        raise OptionError(
            f"bands: {user_named(problem, row)}: {bands.beyond(int(points.units[row]))}"
        )
    money = bands.amounts(points.units)
    band = np.minimum(place, len(bands.start) - 1) + 1
    return settled(
        problem,
        options,
        points,
        money,
        none=place < 0,
        because="below the first band",
        columns={"band": (band, "number")},
    )


def _bands(problem: Problem, options: BandTable) -> Bands:
    if not options.bands:
        raise OptionError(
            "band_table needs a table of bands (from, to, amount): add bands.csv to the instance, "
            "or the option bands"
        )
    units = problem.units
    rows = [
        (
            exact(row.start, units.need_decimals, f"bands: row {number}: from"),
            None
            if row.to is None
            else exact(row.to, units.need_decimals, f"bands: row {number}: to"),
            exact(row.amount, units.money_decimals, f"bands: row {number}: amount"),
        )
        for number, row in enumerate(options.bands, 1)
    ]
    with said_of("bands"):
        return bands_of(rows, units)


RULE = Rule(
    name="band_table",
    title="a fixed sum for each band of points",
    family="money",
    usual=False,
    run=awards,
    options=BandTable,
    needs=("points",),
    rounds=False,
    example={
        "bands": [
            {"from": "2", "to": "4", "amount": "500"},
            {"from": "5", "amount": "2000"},
        ]
    },
)
