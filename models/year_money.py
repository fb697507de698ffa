"""The money of each year of a path: pot, top slice, overheads, and what there is to allocate."""

from dataclasses import dataclass
from fractions import Fraction

from metneed.models.budget_path import BudgetPath
from metneed.models.errors import OptionError
from metneed.models.scenario import Scenario

PLACE = "scenario.toml, [path]"


@dataclass(frozen=True)
class YearMoney:
    """The money of one year, the same for every rule; smallest money units.

    Parameters
    ----------
    year
        Its number.
    budget
        The pot before anything is taken off it.
    top_slice
        What is taken off first.
    overheads
        Overheads taken off the rest.
    overheads_from_slice
        Overheads that the slice pays, where it is for administration.
    """

    year: int
    budget: int
    top_slice: int
    overheads: int
    overheads_from_slice: int = 0

    @property
    def allocable(self) -> int:
        """What is left for packages, before money carried over from the year before."""
        return self.budget - self.top_slice - self.overheads


def year_money(scenario: Scenario, plan: BudgetPath) -> tuple[YearMoney, ...]:
    """The money of the scenario's own year, and of each year that follows.

    Pots are exact fractions of the first pot until they are rounded down, each once.

    Raises
    ------
    OptionError
        Where slice and overheads of a year are more than its pot, or where the slice is to be the
        cut and the scenario gives another slice than the cut.
    """
    pots = exact_pots(scenario, plan)
    years = (plan.base_year, *plan.numbers)
    if plan.reading == "slice_is_cut":
        _check_one_share(scenario, plan)
    found: list[YearMoney] = []
    fund = 0
    for place, year in enumerate(years):
        pot = int(pots[place])
        budget, top_slice = pot, int(pot * Fraction(scenario.top_slice))
        if plan.reading == "slice_is_cut":
            budget = max(pot, int(pots[max(place - 1, 0)]))
            top_slice = budget - pot
        due = scenario.overheads_of_period
        paid = 0
        if plan.slice_to == "administration":
            fund += top_slice
            paid = min(fund, due)
            fund -= paid
        money = YearMoney(year, budget, top_slice, due - paid, paid)
        _check_enough(money, scenario)
        found.append(money)
    return tuple(found)


def exact_pots(scenario: Scenario, plan: BudgetPath) -> tuple[Fraction, ...]:
    """The pot of each year before rounding, smallest money units: what is left after its cut."""
    pots = [Fraction(scenario.total_budget)]
    for year in plan.numbers:
        own = plan.listed.get(year)
        if own is not None and own.budget is not None:
            pots.append(Fraction(scenario.for_period(own.budget)))
        else:
            pots.append(pots[-1] * (1 - Fraction(plan.of(year, "cut"))))
    return tuple(pots)


def price_factors(plan: BudgetPath) -> tuple[Fraction, ...]:
    """What prices are in each year as a multiple of those of the first, exactly."""
    factors = [Fraction(1)]
    for year in plan.numbers:
        factors.append(factors[-1] * (1 + Fraction(plan.of(year, "price_inflation"))))
    return tuple(factors)


def _check_one_share(scenario: Scenario, plan: BudgetPath) -> None:
    for year in plan.numbers:
        own = plan.listed.get(year)
        stated = own is not None and own.budget is not None
        if scenario.top_slice and not stated and plan.of(year, "cut") != scenario.top_slice:
            raise OptionError(
                f'{PLACE} reading: "slice_is_cut" makes the top slice and the cut one, but '
                f"top_slice is {scenario.top_slice} and the cut of year {year} is "
                f"{plan.of(year, 'cut')}; write the same share, or leave top_slice out"
            )


def _check_enough(money: YearMoney, scenario: Scenario) -> None:
    if money.allocable < 0:
        show = scenario.units.show_money
        raise OptionError(
            f"{PLACE}: in year {money.year} top slice and overheads take "
            f"{show(money.top_slice + money.overheads)}, more than the pot of "
            f"{show(money.budget)}; lower overheads, top_slice or the cut"
        )
