"""One of the less common rules for dividing money among claims.

In words: everyone claims what meeting the full need would cost, and the claims together are more
than there is. *Adjusted proportional* gives each first what all others together cannot claim, and
the rest in proportion to what is left of the claims. *Average* is halfway between equal awards and
equal losses. *Constrained egalitarian* makes awards as equal as can be while everyone gets half the
claim or less (with less than half of all claims), or half or more. *Reverse Talmud* takes equal
losses off half the claims, or gives equal sums on top of the halves. *Minimal overlap* lays the
claims on the money so that as much of it as can be is claimed by one alone, and shares equally what
several claim. *Dominguez-Thomson* gives each of n people an n-th of the claim, and does so again
with what is left of the claims and the money, until nothing is left.

Formula: with claims k, money E and K the sum of claims. Adjusted proportional: m + the proportional
rule for min(k - m, E - sum of m), with m = max(0, E - claims of the others). Average: (equal awards
+ equal losses) / 2. Constrained egalitarian: min(k / 2, t), or max(k / 2, min(k, t)) from K / 2 on.
Reverse Talmud: max(0, k / 2 - t), or k / 2 + min(k / 2, t) from K / 2 on. The last two are worked
out in fractions of their own, for up to 5,000 and 100 people. All to the penny by largest
remainder. Where the money covers all claims they are paid, and the rest stays unspent.

Source: Curiel, Maschler and Tijs 1987, Zeitschrift fuer Operations Research 31 (adjusted
proportional); Chun, Schummer and Thomson 2001, Seoul Journal of Economics 14 (constrained
egalitarian, reverse Talmud); O'Neill 1982, Mathematical Social Sciences 2 (minimal overlap);
Dominguez and Thomson 2006, Economic Theory 28.

Ignores: what the money buys where packages are lumpy.
"""

from typing import Literal, cast

from pydantic import Field

from metneed.models.account import Awards
from metneed.models.allocation import NotApplicable
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.engines.claims import Method, divided
from metneed.solver.engines.few_claims import MOST_CLAIMS, FewMethod, divided_among_few
from metneed.solver.money.claims import ClaimsOptions, claims_of, told
from metneed.solver.rule import Rule


class ClaimsRuleOptions(ClaimsOptions):
    """What each claims, and how the money is divided among the claims."""

    division: Literal[
        "adjusted_proportional",
        "average",
        "constrained_egalitarian",
        "reverse_talmud",
        "minimal_overlap",
        "dominguez_thomson",
    ] = Field(default="adjusted_proportional", description="how the money is divided")


def awards(problem: Problem, options: ClaimsRuleOptions) -> Awards | NotApplicable:
    """One award a user, by the division that the options name."""
    claims = claims_of(problem, options)
    if isinstance(claims, NotApplicable):
        return claims
    money = min(problem.allocable, exact_sum(claims))
    most = MOST_CLAIMS.get(options.division)
    if most is None:
        portions = divided(cast("Method", options.division), claims, money)
    elif len(claims) <= most:
        portions = divided_among_few(cast("FewMethod", options.division), claims, money)
    else:
        return NotApplicable(
            f"division = {options.division!r} is for up to {most:,} people, and there are "
            f"{len(claims):,}: its fractions become too long"
        )
    return told(problem, claims, portions.units(money))


RULE = Rule(
    name="claims_rule",
    title="one of the less common rules for claims",
    family="money",
    run=awards,
    options=ClaimsRuleOptions,
    usual=False,
)
