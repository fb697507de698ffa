"""How much of each service a council has, what opening it costs, and what form of care it is."""

from dataclasses import dataclass

import numpy as np

from metneed.instances.council.columns import flags, numbers_or
from metneed.instances.faults import Fault
from metneed.instances.reading import Reading
from metneed.models.arrays import BoolArray, IntArray
from metneed.models.services import NO_LIMIT

LIMITS = ("capacity", "fixed_cost", "least_members", "paid_anyway")
"""Columns of the price list that say how much there is of a service; prices need none of them."""


@dataclass(frozen=True, eq=False)
class Stock:
    """What the price list says of services beside their prices, in its order.

    Parameters
    ----------
    capacity
        Thousandths of a unit; -1 where no limit is stated.
    fixed_cost
        What opening the service costs, smallest money units.
    least_members
        How many people must choose it.
    paid_anyway
        Whether the fixed cost is paid in any case.
    form
        The form of care, empty where not said.
    limited
        Whether anything is said but forms.
    """

    capacity: IntArray
    fixed_cost: IntArray
    least_members: IntArray
    paid_anyway: BoolArray
    form: tuple[str, ...]
    limited: bool


def read_stock(reading: Reading, first: IntArray) -> tuple[Stock, dict[str, IntArray]]:
    """What is said of services whose first rows are given, and each column as whole numbers.

    Rows of one service for several client groups have to say the same in each of the columns.
    """
    capacity = numbers_or(reading, "capacity", NO_LIMIT)
    fixed_cost = numbers_or(reading, "fixed_cost", 0)
    least_members = numbers_or(reading, "least_members", 0)
    paid_anyway = flags(reading, "paid_anyway", default=False)
    form = reading.text("form")
    columns = {
        "capacity": capacity.units,
        "fixed_cost": fixed_cost.units,
        "least_members": least_members.units,
        "paid_anyway": paid_anyway.astype(np.int64),
    }
    if form is not None:
        columns["form"] = form.codes.astype(np.int64)
    limited = any(
        reading.column(heading) is not None and bool(reading.filled(heading).any())
        for heading in LIMITS
    )
    stock = Stock(
        capacity.units[first],
        fixed_cost.units[first],
        least_members.units[first],
        paid_anyway[first],
        tuple("" if form is None else form.shown(int(row)) for row in first),
        limited,
    )
    return stock, columns


def not_used(reading: Reading) -> None:
    """Warn that menus of shares of today's cost say nothing of services."""
    problem = "capacities and fixed costs are not used: packages are parts of today's cost only"
    remedy = "Add needs, or points with a reckoner, to build packages from services"
    reading.about(Fault("not-used", problem, remedy), severity="warning")
