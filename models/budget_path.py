"""A budget path: how the pot, prices and people of a scenario go on from year to year."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metneed.models.amounts import Amount, Share
from metneed.models.words import counted

Reading = Literal["slice_plus_cut", "slice_is_cut"]
SliceTo = Literal["saved", "contingency", "pooled_fund", "administration"]
MOST_YEARS = 50
USUAL_YEARS = 5

_Year = Annotated[int, Field(strict=True, ge=0, le=9999)]


class PathYear(BaseModel):
    """One year of a path that differs from the others."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: _Year = Field(description="which year: a number after base_year")
    budget: Amount | None = Field(
        default=None, description="the pot of this year, for one budget_period, instead of a cut"
    )
    cut: Share | None = Field(
        default=None, description="share of the pot cut in this year, 0 to 1: 0.2 is 20 %"
    )
    price_inflation: Share | None = Field(
        default=None, description="rise of all prices in this year, 0 to 1: 0.03 is 3 %"
    )
    leavers: Share | None = Field(
        default=None, description="share of the users who leave at the start of this year, 0 to 1"
    )
    joiners: Share | None = Field(
        default=None, description="users who join in this year, as a share of last year's, 0 to 1"
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> "PathYear":
        if self.budget is not None and self.cut is not None:
            msg = f"year {self.year} has a budget and a cut: give one of them"
            raise ValueError(msg)
        return self


class BudgetPath(BaseModel):
    """The table ``[path]`` of a scenario: years after the one that the scenario is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    years: Annotated[int, Field(strict=True, ge=1, le=MOST_YEARS)] | None = Field(
        default=None,
        description="how many years follow the scenario's own, 1 to 50; default: up to the last "
        "one listed in year, or 5",
    )
    base_year: _Year = Field(
        default=0, description="number of the year that the scenario's budget is for"
    )
    cut: Share = Field(
        default=Decimal(0), description="share of the pot cut each year, 0 to 1: 0.2 is 20 %"
    )
    reading: Reading = Field(
        default="slice_plus_cut",
        description="whether top_slice comes on top of the yearly cut, or is the cut itself",
    )
    slice_to: SliceTo = Field(default="saved", description="what the top slice is used for")
    price_inflation: Share = Field(
        default=Decimal(0),
        description="rise of the prices of all packages each year, 0 to 1: 0.03 is 3 %",
    )
    carry_over: Share = Field(
        default=Decimal(0),
        description="share of unspent money that is added to next year's, 0 to 1",
    )
    leavers: Share = Field(
        default=Decimal(0), description="share of the users who leave each year, 0 to 1"
    )
    joiners: Share = Field(
        default=Decimal(0),
        description="users who join each year, as a share of last year's users, 0 to 1",
    )
    year: tuple[PathYear, ...] = Field(
        default=(), description="years that differ, each a table [[path.year]] with its number"
    )

    @model_validator(mode="after")
    def _consistent(self) -> "BudgetPath":
        given = [item.year for item in self.year]
        twice = sorted({year for year in given if given.count(year) > 1})
        if twice:
            msg = f"year {twice[0]} is listed twice: keep one table for each year"
            raise ValueError(msg)
        first, last = self.base_year + 1, self.base_year + self.count
        outside = sorted(year for year in given if not first <= year <= last)
        if outside or self.count > MOST_YEARS:
            wrong = outside[0] if outside else last
            msg = (
                f"year {wrong} is none of the years {first} to {min(last, first + 49)}: the first "
                "is the one after base_year, so change base_year, years, or this year"
            )
            raise ValueError(msg)
        if self.reading == "slice_is_cut" and self.slice_to != "saved":
            msg = (
                f'slice_to = "{self.slice_to}" spends a slice that reading = "slice_is_cut" says '
                'is the cut itself, and gone: leave slice_to out, or read "slice_plus_cut"'
            )
            raise ValueError(msg)
        return self

    @property
    def count(self) -> int:
        """How many years follow the scenario's own."""
        if self.years is not None:
            return self.years
        return max((item.year for item in self.year), default=self.base_year) - self.base_year or (
            USUAL_YEARS
        )

    @cached_property
    def listed(self) -> Mapping[int, PathYear]:
        """The years that differ, by number."""
        return {item.year: item for item in self.year}

    @property
    def numbers(self) -> tuple[int, ...]:
        """The years after the scenario's own, in order."""
        return tuple(range(self.base_year + 1, self.base_year + self.count + 1))

    @property
    def changes_people(self) -> bool:
        """Whether anyone is drawn to leave or to join."""
        shares = [self.leavers, self.joiners]
        for item in self.year:
            shares += [share for share in (item.leavers, item.joiners) if share is not None]
        return any(shares)

    def of(
        self, year: int, key: Literal["cut", "price_inflation", "leavers", "joiners"]
    ) -> Decimal:
        """What holds in a year: what its own table says, or else the path."""
        own = getattr(self.listed.get(year), key, None)
        value: Decimal = getattr(self, key) if own is None else own
        return value

    def __str__(self) -> str:
        return f"{counted(self.count, 'year')} after {self.base_year}" + "".join(
            f", {name} {value}"
            for name in ("cut", "price_inflation", "carry_over", "leavers", "joiners")
            if (value := getattr(self, name))
        )
