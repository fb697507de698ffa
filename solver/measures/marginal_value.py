"""Marginal value: the need that one pound more, or one pound less, is worth where spent best."""

from collections.abc import Mapping
from fractions import Fraction

from metneed.models.allocation import Allocation
from metneed.models.arrays import IntArray
from metneed.models.comparison import Number
from metneed.models.units import Units
from metneed.solver.engines.frontier import frontier_of
from metneed.solver.measure import Context, Measure


def marginal_value(
    allocation: Allocation, context: Context, _users: IntArray
) -> Mapping[str, Number]:
    """The slopes of the frontier at what the allocation spends: left of it and right of it.

    Units of need per unit of money (not smallest units); None where the frontier does not go.
    """
    problem = context.problem
    frontier = frontier_of(problem.menus, problem.choice, problem.settings.engine)
    last, following = frontier.marginal(allocation.total_cost)
    return {
        "marginal_value_last": _in_units(last, problem.units),
        "marginal_value_next": _in_units(following, problem.units),
    }


def _in_units(slope: Fraction | None, units: Units) -> float | None:
    if slope is None:
        return None
    return float(slope * 10**units.money_decimals / 10**units.need_decimals)


MEASURE = Measure(
    name="marginal_value",
    title="value of the last pound, and of the next",
    units={"marginal_value_last": "need per money", "marginal_value_next": "need per money"},
    compute=marginal_value,
    by_group=False,
)
