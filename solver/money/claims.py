"""Claims on the money: what each user claims, with which weight, and how awards come of it."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from metneed.models.account import Account, Awards, Line, Quantity
from metneed.models.allocation import NotApplicable
from metneed.models.arrays import BoolArray, IntArray, frozen
from metneed.models.columns import Labels
from metneed.models.errors import NumbersTooLargeError
from metneed.models.limits import PRODUCT_LIMIT
from metneed.models.problem import Problem
from metneed.models.scenario import Amount
from metneed.models.sums import exact_sum
from metneed.solver.engines.claims import Method, divided
from metneed.solver.money.columns import number_column
from metneed.solver.money.need_costs import need_costs
from metneed.solver.rule import Options
from metneed.solver.selection import shares_of


class ClaimsOptions(Options):
    """What each user claims."""

    claim: Literal["full_cost", "points_price", "basic_cost", "previous_cost", "column"] = Field(
        default="full_cost",
        description="what each claims: the cost of meeting the full need, points times price, "
        "the cost of meeting basic need, today's cost, or the amount in claim_column",
    )
    price: Annotated[Amount, Field(le=10**6)] | None = Field(
        json_schema_extra={"unit": "money a point"},
        default=None,
        description="points_price: what one point claims; claims are rounded down",
    )
    claim_column: str | None = Field(
        default=None,
        description="column: the column of users that says what each claims; blank is nothing",
    )

    @model_validator(mode="after")
    def _claim_is_known(self) -> "ClaimsOptions":
        together(self, "claim", "points_price", "price", 'claim = "points_price", price = 250')
        together(self, "claim", "column", "claim_column", 'claim_column = "plan_cost"')
        return self

    def check(self, problem: Problem) -> None:
        """Refuse a column that is not there."""
        super().check(problem)
        if self.claim_column is not None:
            decimals = problem.units.money_decimals
            number_column(problem, self.claim_column, "claim_column", decimals)


class WeightOptions(Options):
    """Whose claims weigh more."""

    weights: Literal["none", "points", "weight", "column"] = Field(
        default="none",
        description="what claims are weighted by: nothing, points, the column weight of users, or "
        "weight_column; a heavier weight is worth more money, and a weight of 0 or none comes last",
    )
    weight_column: str | None = Field(
        default=None, description="column: the column of users that says how much each weighs"
    )

    @model_validator(mode="after")
    def _weights_are_known(self) -> "WeightOptions":
        together(self, "weights", "column", "weight_column", 'weight_column = "priority"')
        return self

    def check(self, problem: Problem) -> None:
        """Refuse a column that is not there."""
        super().check(problem)
        if self.weight_column is not None:
            decimals = problem.units.need_decimals
            number_column(problem, self.weight_column, "weight_column", decimals)


class WeightedClaimsOptions(WeightOptions, ClaimsOptions):
    """What each user claims, and whose claims weigh more."""


def together(options: Options, option: str, value: str, needed: str, example: str) -> None:
    """Refuse a value of an option without what it needs, or that without the value."""
    asked, given = getattr(options, option) == value, getattr(options, needed) is not None
    if asked and not given:
        msg = f'{option} = "{value}" needs {needed} as well, as in {example}'
        raise ValueError(msg)
    if given and not asked:
        msg = f'{needed} is for {option} = "{value}", not for "{getattr(options, option)}"'
        raise ValueError(msg)


def claims_of(problem: Problem, options: ClaimsOptions) -> IntArray | NotApplicable:
    """What each user claims, smallest money units; not applicable where nobody claims anything.

    Raises
    ------
    NumbersTooLargeError
        Where claims are too large for exact arithmetic.
    """
    claims = _amounts(problem, options)
    if isinstance(claims, NotApplicable):
        return claims
    if exact_sum(claims) >= PRODUCT_LIMIT:
        raise NumbersTooLargeError(
            f"the claims add up to {problem.units.show_money(exact_sum(claims))}, too much for "
            "exact arithmetic; set money_decimals lower in scenario.toml"
        )
    if not claims.any():
        return NotApplicable(f"{_NO_CLAIM[options.claim]}, so there is no claim")
    return claims


def weights_of(problem: Problem, options: WeightOptions) -> IntArray | NotApplicable | None:
    """How much each user weighs, None where all weigh the same."""
    if options.weights == "none":
        return None
    if options.weight_column is not None:
        decimals = problem.units.need_decimals
        weights = number_column(problem, options.weight_column, "weight_column", decimals)
    else:
        column = options.weights
        found = problem.users.points if column == "points" else problem.users.weight
        if found is None:
            missing = "points" if column == "points" else "column weight"
            return NotApplicable(f"the users have no {missing} to weigh by")
        weights = found
    if not weights.any():
        return NotApplicable("nobody's weight is above 0, so there is nothing to weigh by")
    return weights


def divide_claims(
    problem: Problem, options: WeightedClaimsOptions, method: Method
) -> Awards | NotApplicable:
    """The allocable money divided among claims, to the penny, with how it came about.

    Where it covers all claims they are paid in full, and the rest stays unspent.
    """
    claims = claims_of(problem, options)
    if isinstance(claims, NotApplicable):
        return claims
    weights = weights_of(problem, options)
    if isinstance(weights, NotApplicable):
        return weights
    money = min(problem.allocable, exact_sum(claims))
    amount = divided(method, claims, money, weights).units(money)
    return told(problem, claims, amount, weights=weights)


def told(
    problem: Problem,
    claims: IntArray,
    amount: IntArray,
    lines: tuple[Line, ...] = (),
    weights: IntArray | None = None,
) -> Awards:
    """Awards on claims, with the figures and reasons of every claims rule, and lines of its own."""
    together, money = exact_sum(claims), problem.allocable
    short = Line("missing for all claims", together - money, "money")
    over = Line("more than all claims", money - together, "money")
    general = (
        Line("claims together", together, "money"),
        short if together > money else over,
        Line("part of all claims that is paid", exact_sum(amount) / together, "share"),
        Line("greatest award", int(amount.max()), "money"),
        Line("greatest loss", max(int((claims - amount).max()), 0), "money"),
    )
    columns: dict[str, tuple[IntArray, Quantity]] = {"claim": (frozen(claims), "money")}
    if weights is not None:
        columns["weight"] = (frozen(weights), "points")
    some = claims > 0
    why = {
        "no claim": ~some,
        "the claim is paid in full": some & (amount >= claims) & (together > money),
        "the claim is lost": some & (amount == 0),
    }
    return Awards(frozen(amount), Account((*general, *lines), columns, reasons(why)))


def reasons(why: dict[str, BoolArray]) -> Labels | None:
    """For each user the reason that holds, empty where none does; None where none is needed.

    No two of the reasons may hold of one user.
    """
    texts = ["", *sorted(why)]
    code = sum((place * why[text].astype(np.int64) for place, text in enumerate(texts) if text), 0)
    used, codes = np.unique(np.asarray(code), return_inverse=True)
    if not used.any():
        return None
    return Labels(codes, tuple(texts[place] for place in used.tolist()))


def _amounts(problem: Problem, options: ClaimsOptions) -> IntArray | NotApplicable:
    if options.claim == "column":
        assert options.claim_column is not None
        decimals = problem.units.money_decimals
        return number_column(problem, options.claim_column, "claim_column", decimals)
    if options.claim == "points_price":
        return _points_times_price(problem, options)
    previous = problem.previous
    if options.claim == "previous_cost":
        missing = NotApplicable("the instance has no table of previous packages")
        return missing if previous is None else previous.cost
    if options.claim == "full_cost":
        return problem.menus.full_cost
    if problem.users.basic_need is None:
        return NotApplicable("the users have no column basic_need, so no cost of basic need")
    return need_costs(problem, "basic")


def _points_times_price(problem: Problem, options: ClaimsOptions) -> IntArray | NotApplicable:
    units, points = problem.units, problem.users.points
    if points is None:
        return NotApplicable("the users have no points")
    assert options.price is not None
    price = options.price.scaleb(units.money_decimals - units.need_decimals)
    greatest = int(points.max(initial=0))
    if greatest * price >= PRODUCT_LIMIT:
        raise NumbersTooLargeError(
            f"{units.need(greatest)} points at a price of {options.price} are too much for exact "
            "arithmetic: write a lower price"
        )
    return shares_of(price, points, up=False)


_NO_CLAIM = {
    "full_cost": "meeting everyone's full need costs nothing",
    "basic_cost": "meeting everyone's basic need costs nothing",
    "previous_cost": "today's packages cost nothing",
    "points_price": "points times price is nothing for everyone",
    "column": "the column of claims is 0 for everyone",
}
