"""The most severe band first, each band in full; the last band that the money reaches is split.

In words: people stand in bands of severity, such as critical, substantial and moderate. The highest
band is served first: everyone in it is awarded what meeting the full need costs. Then the next band
is, as long as the money lasts for all of it. The band at which the money ends is the last one, and
what is left is split among its people: in proportion to their claims, equally, in the order of
points, by lot, or not at all. Everyone in the bands below gets nothing.

Formula: award = claim in the longest run of bands, highest first, whose claims the money covers; in
the next band what is left is split by the proportional rule, by equal awards (nobody more than the
claim), or one after the other in falling order of points or in a drawn order, each the claim as far
as it goes; 0 below. To the penny by largest remainder. Without a column of bands everyone with the
same points is a band; without a stated order bands go by their mean points, the highest first.

Source: Department of Health 2002 and 2010, Fair Access to Care Services and Prioritising need:
eligibility bands as English councils used them until April 2015, when the Care Act 2014 set a
national minimum. How the last band is split is the councils' own affair, and is said here.

Ignores: what care costs as long as there is money, and that someone just below a band may need care
almost as much as someone just above.
"""

from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from metneed.models.account import Account, Awards, Line
from metneed.models.allocation import NotApplicable
from metneed.models.arrays import IntArray, frozen
from metneed.models.columns import Labels
from metneed.models.errors import OptionError
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.engines.claims import divided
from metneed.solver.money.claims import ClaimsOptions, claims_of, reasons
from metneed.solver.money.lots import SeedOptions, drawn_users
from metneed.solver.rule import Rule
from metneed.solver.selection import group_column


def _names(value: object) -> object:
    """Names with commas between them, as a command line gives them, or a list of names."""
    return tuple(map(str.strip, value.split(","))) if isinstance(value, str) else value


class SeverityPriorityOptions(SeedOptions, ClaimsOptions):
    """The bands, their order, and how the last of them is split."""

    band: str | None = Field(
        default=None, description="column of users with the bands; default: equal points are a band"
    )
    order: Annotated[tuple[str, ...], BeforeValidator(_names)] = Field(
        default=(), description="the bands, the highest first; default: by mean points"
    )
    last_band: Literal["proportional", "equal", "points_order", "lottery", "nobody"] = Field(
        default="proportional",
        description="how the band at which the money ends is split: in proportion to claims, "
        "equally, in the order of points, by lot, or not at all",
    )

    @model_validator(mode="after")
    def _order_of_bands(self) -> "SeverityPriorityOptions":
        if self.order and self.band is None:
            msg = 'order is for the bands of a column: say band = "band" as well'
            raise ValueError(msg)
        if len(set(self.order)) < len(self.order):
            msg = f"order names a band twice: {', '.join(self.order)}"
            raise ValueError(msg)
        return self

    def check(self, problem: Problem) -> None:
        """Refuse a column that is not there, and an order that leaves a band out."""
        super().check(problem)
        if self.band is None:
            return
        present = _present(group_column(problem, self.band, "band"))
        left_out = ", ".join(repr(name) for name in present if name not in self.order)
        if self.order and left_out:
            raise OptionError(
                f"order: {', '.join(self.order)} leaves out {left_out} of the column {self.band}; "
                "name every band, the highest first"
            )


def awards(problem: Problem, options: SeverityPriorityOptions) -> Awards | NotApplicable:
    """One award a user: the claim in the bands that are served, a part in the last of them."""
    claims = claims_of(problem, options)
    if isinstance(claims, NotApplicable):
        return claims
    points = problem.users.points
    if options.last_band == "points_order" and points is None:
        return NotApplicable("the users have no points, so the last band has no order of points")
    ranked = _ranks(problem, options)
    if isinstance(ranked, NotApplicable):
        return ranked
    rank, names = ranked
    of_band = np.zeros(len(names), dtype=np.int64)
    np.add.at(of_band, rank, claims)
    served = int(np.searchsorted(np.cumsum(of_band), problem.allocable, side="right"))
    left = problem.allocable - exact_sum(of_band[:served])
    amount = np.where(rank < served, claims, 0)
    # Where the money ends with a band, there is nothing to split in the next one.
    split = (rank == served) & (left > 0)
    last = np.flatnonzero(split)
    if len(last):
        amount[last] = _split(problem, options, claims, last, left)
    account = Account(
        lines=(
            Line("bands served in full", served, "number"),
            Line("last band", names[served] if len(last) else "none", "text"),
            Line("claims of the last band", exact_sum(claims[last]), "money"),
            Line("left for the last band", left if len(last) else 0, "money"),
        ),
        columns={"claim": (frozen(claims), "money"), "place of the band": (rank + 1, "number")},
        reasons=reasons(
            {
                "the band is served in full": rank < served,
                f"the last band, split: {_SPLIT[options.last_band]}": split,
                "the money ends before this band": (rank >= served) & ~split,
            }
        ),
    )
    return Awards(frozen(amount), account)


def _ranks(
    problem: Problem, options: SeverityPriorityOptions
) -> tuple[IntArray, list[str]] | NotApplicable:
    """For each user the place of the band, 0 for the highest, and what the bands are called."""
    points = problem.users.points
    if options.band is None:
        if points is None:
            return NotApplicable("the users have no points; band = names a column of bands instead")
        scores, rank = np.unique(-points, return_inverse=True)
        return rank, [f"{problem.units.need(-score)} points" for score in scores.tolist()]
    labels = problem.users.groups[options.band]
    ordered = list(options.order)
    if not ordered:
        if points is None:
            return NotApplicable("the users have no points to order bands by; say order = [...]")
        mean = {
            name: _mean(points[labels.codes == labels.names.index(name)])
            for name in _present(labels)
        }
        ordered = sorted(mean, key=lambda name: (-mean[name], name))
    place = {name: row for row, name in enumerate(ordered)}
    rank = np.array([place.get(name, 0) for name in labels.names])[labels.codes]
    return rank, ordered


def _split(
    problem: Problem, options: SeverityPriorityOptions, claims: IntArray, last: IntArray, left: int
) -> IntArray:
    """What each of the last band gets of what is left."""
    mine = claims[last]
    match options.last_band:
        case "proportional":
            return divided("proportional", mine, left).units(left)
        case "equal":
            return divided("equal_awards", mine, left).units(left)
        case "nobody":
            return np.zeros(len(last), dtype=np.int64)
        case "points_order":
            assert problem.users.points is not None
            order = np.argsort(-problem.users.points[last], kind="stable")
        case "lottery":
            drawn = drawn_users(problem, options.stream(problem, "severity_priority"))
            place = np.empty(len(drawn), dtype=np.int64)
            place[drawn] = np.arange(len(drawn))
            order = np.argsort(place[last], kind="stable")
    before = np.cumsum(mine[order]) - mine[order]
    amount = np.empty(len(last), dtype=np.int64)
    amount[order] = np.clip(left - before, 0, mine[order])
    return amount


def _present(labels: Labels) -> list[str]:
    """The names that occur in a column."""
    return [labels.names[code] for code in np.unique(labels.codes).tolist()]


def _mean(points: IntArray) -> Fraction:
    return Fraction(exact_sum(points), len(points))


_SPLIT = {
    "proportional": "in proportion to claims",
    "equal": "equally, nobody more than the claim",
    "points_order": "in the order of points",
    "lottery": "by lot",
    "nobody": "nobody gets anything",
}

RULE = Rule(
    name="severity_priority",
    title="the most severe band first, the last band split",
    family="money",
    run=awards,
    options=SeverityPriorityOptions,
    usual=False,
)
