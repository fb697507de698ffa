"""From the amounts of a table to awards that the money pays for, one named step after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from metneed.models.account import Account, Awards, Line, Quantity
from metneed.models.allocation import Infeasible
from metneed.models.apportion import largest_remainder
from metneed.models.arrays import BoolArray, IntArray, TextArray, frozen
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.models.words import counted
from metneed.solver.engines.staircase import staircase
from metneed.solver.money.columns import number_column
from metneed.solver.money.exclusions import check_users, named, reasons_of
from metneed.solver.money.gap import funding_gap
from metneed.solver.purchase import buy
from metneed.solver.rule import Options
from metneed.solver.selection import exact

MILLION = 10**6
"""The scalar that awards are multiplied by is looked for in millionths."""

NO_CAP = 2**62
"""No award is as great as this."""

MOST_TIMES = 1000
"""No award is multiplied by more."""

CONTINGENCY = "contingency"

SCALED_FOR = {
    "final_spend": "so that what awards buy comes as near to the money as it can",
    "totals": "so that awards add up to the money",
    "none": "",
}
"""What the scalar is for, in words."""


class Adjustment(Options):
    """One factor on all amounts, under a name."""

    name: Literal["contingency", "deflator", "inflation", "sustainability"] = Field(
        description="what it is for; what a contingency takes off is kept in reserve"
    )
    factor: Decimal = Field(ge=0, le=100, description="what every amount is multiplied by")


class Settlement(Options):
    """What happens between the amounts of a table and awards, in this order."""

    add_on: str | None = Field(
        default=None, description="column of users: a high-cost add-on, in money for the period"
    )
    add_on_from: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=10**12,
        description="amount of the table from which the add-on is given",
        json_schema_extra={"unit": "money"},
    )
    adjustments: tuple[Adjustment, ...] = Field(
        default=(), description="named factors, applied in the order given"
    )
    affordability: Literal["final_spend", "totals", "none"] = Field(
        default="final_spend",
        description="amounts are scaled so that expected final spend is what there is to allocate, "
        "so that awards add up to it, or not at all",
    )
    overrides_share: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=1,
        description="share of users whose award a panel is expected to raise",
    )
    overrides_uplift: Decimal = Field(
        default=Decimal(0), ge=0, le=10, description="by what share of it, for them"
    )
    cap: Decimal | None = Field(
        default=None,
        ge=0,
        le=10**12,
        description="no award is greater",
        json_schema_extra={"unit": "money"},
    )
    cap_exceptions: tuple[str, ...] = Field(
        default=(), description="user_ids whom the cap does not bind"
    )
    contribution: str | None = Field(
        default=None,
        description="column of users: what each pays, which is taken off the award; for costs "
        "that are net of what people pay",
    )

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        """Options that would do nothing by themselves are refused."""
        if self.cap_exceptions and self.cap is None:
            raise ValueError("cap_exceptions goes with cap: say what the others are held to")
        if self.add_on_from and self.add_on is None:
            raise ValueError("add_on_from goes with add_on, the column of users with the add-on")
        if bool(self.overrides_share) != bool(self.overrides_uplift):
            raise ValueError(
                "overrides_share and overrides_uplift go together: whose awards a panel raises, "
                "and by what share"
            )
        return self

    def check(self, problem: Problem) -> None:
        """Refuse names of nobody."""
        super().check(problem)
        check_users(problem, "cap_exceptions", self.cap_exceptions)


@dataclass(frozen=True, eq=False)
class Amounts:
    """What a table gives each user, before it is settled what the money pays for.

    Parameters
    ----------
    money
        Smallest money units.
    excluded, reasons
        Who gets nothing, and for each user why, or empty.
    columns, lines
        How the amounts came about, as an account holds it.
    """

    money: IntArray
    excluded: BoolArray
    reasons: TextArray
    columns: dict[str, tuple[IntArray, Quantity]] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()


def settle(problem: Problem, amounts: Amounts, options: Settlement) -> Awards | Infeasible:
    """Awards from amounts: add-on, named factors, scale, cap, contribution, in this order.

    The scale is the greatest number of millionths for which the expected final spend is no more
    than the money to allocate less the contingency. With ``final_spend`` that is what the awards
    buy, and what a panel's overrides are expected to add; with ``totals`` it is the awards.
    Users who are excluded get 0 and stay in every figure; with ``none`` amounts beyond the money
    are infeasible, and what is missing is the funding gap.

    Raises
    ------
    OptionError
        Where an option names what is not there, or does not fit the money.
    """
    steps = _Steps(problem, options, amounts)
    steps.add_on()
    steps.adjust()
    steps.bind_cap()
    scale = steps.scale()
    if isinstance(scale, Infeasible):
        return scale
    return steps.awards(scale)


class _Steps:
    """The steps of one settlement, each of which says what it did."""

    def __init__(self, problem: Problem, options: Settlement, amounts: Amounts) -> None:
        self.problem, self.options, self.amounts = problem, options, amounts
        self.money = np.where(amounts.excluded, 0, amounts.money)
        self.columns = {**amounts.columns, "amount": (frozen(amounts.money), "money")}
        self.lines = [*amounts.lines, Line("amounts together", exact_sum(self.money), "money")]
        self.reserve_factor = Fraction(0)
        self.cap = np.full(len(self.money), NO_CAP, dtype=np.int64)
        self.off = np.zeros(len(self.money), dtype=np.int64)
        self._steps: tuple[IntArray, IntArray] | None = None
        if options.contribution is not None:
            decimals = problem.units.money_decimals
            self.off = number_column(problem, options.contribution, "contribution", decimals)

    def add_on(self) -> None:
        """High-cost add-ons for those whose amount is high enough."""
        options, decimals = self.options, self.problem.units.money_decimals
        if options.add_on is None:
            return
        more = number_column(self.problem, options.add_on, "add_on", decimals)
        least = exact(options.add_on_from, decimals, "add_on_from")
        given = np.where((self.money >= least) & ~self.amounts.excluded, more, 0)
        self._step("high-cost add-on", self.money + given)

    def adjust(self) -> None:
        """Named factors, in the order given; each rounds down to whole units once."""
        names = [item.name for item in self.options.adjustments]
        if len(set(names)) < len(names):
            raise OptionError(f"adjustments: {', '.join(names)}: each may stand there once")
        for item in self.options.adjustments:
            factor = Fraction(item.factor)
            if item.name == CONTINGENCY:
                if factor > 1:
                    raise OptionError(
                        f"adjustments: a contingency of factor {item.factor} would raise awards; "
                        "write 0.95 to keep 5 % in reserve"
                    )
                self.reserve_factor = 1 - factor
            exact = self.money.astype(object) if _passes(self.money, factor) else self.money
            less = exact * factor.numerator // factor.denominator
            self._step(item.name, less.astype(np.int64))

    def bind_cap(self) -> None:
        """The most that each may get."""
        options, problem = self.options, self.problem
        if options.cap is None:
            return
        bound = ~named(problem, options.cap_exceptions)
        cap = exact(options.cap, problem.units.money_decimals, "cap")
        self.cap = np.where(bound, cap, NO_CAP)

    @property
    def to_spend(self) -> int:
        """What there is for awards: the money to allocate less the contingency."""
        return self.problem.allocable - self._contingency

    @property
    def _contingency(self) -> int:
        return int(self.problem.allocable * self.reserve_factor)

    def at(self, scale: int) -> IntArray:
        """The awards at so many millionths."""
        award = np.minimum(_times(self.money, scale), self.cap)
        return frozen(np.maximum(award - self.off, 0))

    def overrides(self, award: IntArray) -> int:
        """What a panel is expected to add to the awards, rounded up."""
        more = Fraction(self.options.overrides_share) * Fraction(self.options.overrides_uplift)
        return -(-exact_sum(award) * more.numerator // more.denominator)

    def spend_at(self, scale: int) -> int:
        """What is expected to be spent in the end."""
        award = self.at(scale)
        if self.options.affordability != "final_spend":
            return exact_sum(award) + self.overrides(award)
        return self.bought_at(scale) + self.overrides(award)

    def bought_at(self, scale: int) -> int:
        """What the awards buy."""
        if self.problem.packages == "divisible":
            return buy(self.problem, self.at(scale)).total_cost
        if self._steps is None:
            self._steps = _steps_by_scale(self.problem, self.money, self.cap, self.off)
        scales, spent = self._steps
        return int(spent[np.searchsorted(scales, scale, side="right")])

    def scale(self) -> int | Infeasible:
        """By how many millionths the amounts are multiplied, or what is missing."""
        if self.options.affordability == "none":
            together = self.spend_at(MILLION)
            return self._gap(together) if together > self.to_spend else MILLION
        most = MOST_TIMES * MILLION
        if self.options.affordability == "final_spend":
            # Where everyone can buy the best there is, more would only be money nobody needs.
            bought = self.bought_at(most)
            most = 1 + _greatest(lambda scale: self.bought_at(scale) < bought, most)
        return _greatest(lambda scale: self.spend_at(scale) <= self.to_spend, most)

    def _gap(self, together: int) -> Infeasible:
        users = int((self.at(MILLION) > 0).sum())
        what = f"the amounts of {counted(users, 'user')} are"
        return funding_gap(what, together, self.to_spend, users, self.problem.units)

    def awards(self, scale: int) -> Awards:
        """The awards at this scale, with every step."""
        uncapped = _times(self.money, scale)
        award, reasons = self._to_the_unit(self.at(scale)), self.amounts.reasons.copy()
        capped = (uncapped > self.cap) & ~self.amounts.excluded
        reasons[capped & (reasons == "")] = "held at the cap"
        paid = (self.off > 0) & (award == 0) & (uncapped > 0) & (reasons == "")
        reasons[paid] = "what the user pays covers it"
        lines = [*self.lines]
        overrides = self.overrides(award)
        if self._contingency:
            lines.append(Line("kept in reserve for contingencies", self._contingency, "money"))
        if overrides:
            lines.append(Line("kept in reserve for overrides by a panel", overrides, "money"))
        note = SCALED_FOR[self.options.affordability] if scale != MILLION else ""
        lines.append(Line("every amount times", scale / MILLION, "number", note))
        if self.options.cap is not None:
            over = np.maximum(uncapped - self.cap, 0)
            lines.append(Line("taken off by the cap", -exact_sum(over), "money"))
        if self.options.contribution is not None:
            taken = exact_sum(award) - exact_sum(np.minimum(uncapped, self.cap))
            lines.append(Line("taken off for what people pay", taken, "money"))
        lines.append(Line("awards together", exact_sum(award), "money"))
        if self.options.affordability == "final_spend":
            lines.append(Line("expected final spend", self.spend_at(scale), "money"))
        account = Account(
            lines=tuple(lines),
            columns=self.columns,
            reasons=reasons_of(reasons),
            reserve=self._contingency + overrides,
            by_purchase=self.options.affordability == "final_spend",
        )
        return Awards(award, account)

    def _to_the_unit(self, award: IntArray) -> IntArray:
        """Awards that add up to the money, where nothing but the total binds them."""
        plain = self.options.cap is None and self.options.contribution is None
        if self.options.affordability != "totals" or not plain or not self.money.any():
            return award
        more = Fraction(self.options.overrides_share) * Fraction(self.options.overrides_uplift)
        return frozen(largest_remainder(int(self.to_spend / (1 + more)), self.money))

    def _step(self, name: str, money: IntArray) -> None:
        change = exact_sum(money) - exact_sum(self.money)
        self.money = money
        self.columns[f"after {name}"] = (frozen(money), "money")
        self.lines.append(Line(name, change, "money"))


def _steps_by_scale(
    problem: Problem, money: IntArray, cap: IntArray, off: IntArray
) -> tuple[IntArray, IntArray]:
    """The scales at which anyone begins to buy another package, and what all spend from there on.

    The spending begins with 0, so that it is one longer than the scales.
    """
    steps = staircase(problem.menus, problem.choice)
    wanted, amount = steps.cost + off[steps.user], money[steps.user]
    if int(wanted.max(initial=0)) >= NO_CAP // MILLION:
        raise OptionError("packages cost too much to look for a scale: write smaller amounts")
    # The award is the amount times the scale, rounded down: it reaches a whole sum from here on.
    scale = -(-wanted * MILLION // np.maximum(amount, 1))
    scale[steps.cost == 0] = 0
    never = (steps.cost > 0) & ((amount == 0) | (wanted > cap[steps.user]))
    scale[never] = MOST_TIMES * MILLION + 1
    order = np.argsort(scale, kind="stable")
    return scale[order], np.concatenate([[0], np.cumsum(steps.more[order])])


def _times(money: IntArray, scale: int) -> IntArray:
    """Amounts times so many millionths, rounded down."""
    whole, rest = np.divmod(money, MILLION)
    if (int(whole.max(initial=0)) + 1) * scale >= NO_CAP:
        raise OptionError("amounts times the scale are too large: write smaller amounts")
    product: IntArray = whole * scale + rest * scale // MILLION
    return product


def _passes(money: IntArray, factor: Fraction) -> bool:
    return int(money.max(initial=0)) * factor.numerator >= 2**62


def _greatest(holds: Callable[[int], bool], most: int) -> int:
    """The greatest whole number up to `most` at which it still holds; 0 where it never does."""
    if holds(most):
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
