"""Scenario: the money, the choices and the rules' options of one instance."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metneed.models.amounts import Amount, Share
from metneed.models.budget_path import BudgetPath
from metneed.models.errors import OptionError
from metneed.models.units import Units, read_decimal

__all__ = ["Amount", "Choice", "Leftover", "Packages", "Period", "Scenario", "Share"]

SCHEMA_VERSION = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}", re.ASCII)
_CONSTRAINT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,63}", re.ASCII)
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{d}{i}" for d in ("com", "lpt") for i in range(10)}

Packages = Literal["whole", "divisible"]
Choice = Literal["at_most_one", "exactly_one"]
Leftover = Literal["kept", "rounds"]
Period = Literal["year", "week"]


class Scenario(BaseModel):
    """What is held fixed while ways of rationing are compared.

    Only `schema_version`, `name` and `budget` must be given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = Field(description="version of this file format")
    name: str = Field(description="name of the scenario, also used for folders")
    description: str = Field(default="", description="a sentence for readers")
    budget: Amount = Field(description="total budget for one budget_period")
    currency: str = Field(default="GBP", pattern="^[A-Z]{3}$", description="currency code")
    money_decimals: int = Field(default=2, ge=0, le=4, description="decimals of money")
    need_decimals: int = Field(default=3, ge=0, le=6, description="decimals of points and need")
    quantity_decimals: int = Field(
        default=2, ge=0, le=4, description="decimals of quantities of services"
    )
    period: Period = Field(default="year", description="what every cost and award is for")
    budget_period: Period | None = Field(
        default=None, description="what the budget is for, where it differs from period"
    )
    weeks_per_year: Literal["365/7", "52", "364/7"] = Field(
        default="365/7", description="how a budget for another period is converted, once"
    )
    basis: Literal["gross", "net"] = Field(
        default="gross", description="costs before (gross) or after (net) users' contributions"
    )
    top_slice: Share = Field(
        default=Decimal(0), description="share of the budget held back before any rule runs"
    )
    overheads: Amount = Field(
        default=Decimal(0), description="money for running the system, taken off the budget"
    )
    packages: Packages = Field(
        default="whole", description="whole packages only, or part packages allowed (divisible)"
    )
    choice: Choice = Field(
        default="at_most_one", description="at most one package a user, or exactly one"
    )
    leftover: Leftover = Field(
        default="kept", description="money rules: unspent awards are kept, or shared out in rounds"
    )
    baseline: str | None = Field(
        default=None, description="rule that winners and losers are counted against"
    )
    groups: list[str] | None = Field(
        default=None, description="columns of users to report by; default: text columns"
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(
        default=0, description="seed of everything random in this scenario"
    )
    rules: dict[str, dict[str, Any]] = Field(
        default={}, description="options of rules: one table a rule"
    )
    constraints: dict[str, dict[str, Any]] = Field(
        default={}, description="limits beside the budget: one table a limit, each with its kind"
    )
    path: BudgetPath | None = Field(
        default=None, description="how budget, prices and people go on in the years that follow"
    )

    @model_validator(mode="after")
    def _consistent(self) -> "Scenario":
        if not _NAME.fullmatch(self.name) or self.name.split(".")[0].lower() in _RESERVED:
            msg = (
                f"name {self.name[:40]!r} cannot be used for a folder: start with a letter or "
                "digit, then letters, digits, space, _ . - (64 at most)"
            )
            raise ValueError(msg)
        for name in self.constraints:
            if not _CONSTRAINT.fullmatch(name):
                msg = (
                    f"constraints has a table called {name[:40]!r}: call it by a name that starts "
                    "with a letter or digit, then letters, digits, space, _ - (64 at most)"
                )
                raise ValueError(msg)
        for key in ("budget", "overheads"):
            read_decimal(getattr(self, key), self.money_decimals)
        for year in () if self.path is None else self.path.year:
            try:
                read_decimal(year.budget or Decimal(0), self.money_decimals)
            except OptionError as error:
                msg = f"path has a budget for year {year.year} that cannot be kept: {error}"
                raise ValueError(msg) from error
        if self.allocable < 0:
            msg = (
                f"top_slice and overheads take {self.units.money(self.held_back)}, more than the "
                f"budget of {self.units.money(self.total_budget)}"
            )
            raise ValueError(msg)
        return self

    @property
    def units(self) -> Units:
        """The decimals and period of every amount of this scenario."""
        return Units(
            self.currency,
            self.money_decimals,
            self.need_decimals,
            self.period,
            self.quantity_decimals,
        )

    @property
    def total_budget(self) -> int:
        """The budget for one `period` in smallest money units, converted once and floored."""
        return self.for_period(self.budget)

    @property
    def held_back(self) -> int:
        """Top slice (rounded down) and overheads, smallest money units."""
        return int(self.total_budget * Fraction(self.top_slice)) + self.overheads_of_period

    @property
    def overheads_of_period(self) -> int:
        """The overheads for one `period` in smallest money units."""
        return self.for_period(self.overheads)

    @property
    def allocable(self) -> int:
        """What every rule may spend: budget less top slice less overheads."""
        return self.total_budget - self.held_back

    def for_period(self, amount: Decimal) -> int:
        """An amount for one `budget_period` in smallest money units for one `period`, floored."""
        exact = Fraction(amount) * 10**self.money_decimals
        source = self.budget_period or self.period
        if source != self.period:
            weeks = Fraction(self.weeks_per_year)
            exact = exact / weeks if source == "year" else exact * weeks
        return int(exact // 1)
