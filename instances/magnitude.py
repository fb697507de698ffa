"""Whether all amounts of an instance are small enough for exact arithmetic in 64 bits."""

from collections.abc import Mapping

from metneed.instances.faults import Fault
from metneed.instances.reading import Reading
from metneed.models.arrays import IntArray
from metneed.models.limits import AMOUNT_LIMIT, PRODUCT_LIMIT, SUM_LIMIT
from metneed.models.sums import exact_sum
from metneed.models.units import Units


def check_magnitude(
    reading: Reading, money: Mapping[str, IntArray], need: Mapping[str, IntArray]
) -> None:
    """Add a finding where amounts, their products or their sums are too large to be exact.

    Parameters
    ----------
    reading
        The table of packages, which the finding is about.
    money, need
        Columns of smallest units by name; `cost` and `met_need` are those that are multiplied.
    """
    units = reading.units
    cost = int(money["cost"].max(initial=0))
    met_need = int(need["met_need"].max(initial=0))
    most_money = max(map(exact_sum, money.values()), default=0)
    most_need = max(map(exact_sum, need.values()), default=0)
    if _fits(cost, met_need, most_money, most_need):
        return
    problem = (
        f"the greatest cost is {units.money(cost)} and the greatest met need "
        f"{units.need(met_need)}; all of them add up to {units.money(most_money)} and "
        f"{units.need(most_need)}: too much for exact arithmetic with "
        f"{units.money_decimals} and {units.need_decimals} decimals"
    )
    sizes = (cost, met_need, most_money, most_need)
    reading.about(Fault("numbers-too-large", problem, _remedy(units, sizes)))


def _fits(cost: int, met_need: int, most_money: int, most_need: int) -> bool:
    return (
        cost * met_need < PRODUCT_LIMIT
        and max(cost, met_need) < AMOUNT_LIMIT
        and max(most_money, most_need) < SUM_LIMIT
    )


def _remedy(units: Units, sizes: tuple[int, int, int, int]) -> str:
    """The most decimals that would fit, need giving way before money."""
    cost, met_need, most_money, most_need = sizes
    for money_decimals in range(units.money_decimals, -1, -1):
        for need_decimals in range(units.need_decimals, -1, -1):
            money_cut = 10 ** (units.money_decimals - money_decimals)
            need_cut = 10 ** (units.need_decimals - need_decimals)
            if _fits(
                cost // money_cut,
                met_need // need_cut,
                most_money // money_cut,
                most_need // need_cut,
            ):
                return (
                    f"Check the amounts, or set money_decimals = {money_decimals} and "
                    f"need_decimals = {need_decimals} in scenario.toml, which would fit, and write "
                    "the amounts with no more decimals than that, or in larger units"
                )
    return "Check the amounts, or write them in larger units: no number of decimals would fit"
