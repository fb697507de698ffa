"""The most met need, part packages allowed: the linear programme.

In words: of all ways to spend the money, with part packages allowed (six months of this, six of
that), one that meets the most need in total. At most one person gets part of two packages; all
others get a whole one.

Formula: maximise the sum over users u and packages j of met_need[u, j] x[u, j], with the shares
x[u, j] of a user adding up to at most (or exactly) 1 and the costs to at most the allocable money:
the linear multiple-choice knapsack problem. Solved on the upper hulls, proved by weak duality.

Source: Sinha and Zoltners 1979, Operations Research 27; Dyer 1984, Mathematical Programming 29.

With constraints in the scenario the choice keeps all of them as well.

Ignores: who the met need belongs to.
"""

from pathlib import Path

from metneed.models.allocation import Outcome
from metneed.models.certificate import Certificate
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.engines.one_budget import dual_bound, linear_optimum, mix_of
from metneed.solver.engines.shortfall import Shortfall
from metneed.solver.limited import best_within_limits
from metneed.solver.purchase import no_base, of_mix
from metneed.solver.rule import Options, Rule


def choose(problem: Problem, options: Options) -> Outcome:  # noqa: ARG001 - the contract
    """The optimum of the linear programme, with its proof."""
    if problem.constraints:
        return best_within_limits(problem)
    if problem.settings.write_lp is not None:
        _write_programme(problem, problem.settings.write_lp)
    menus, choice, budget = problem.menus, problem.choice, problem.allocable
    engine = problem.settings.engine
    best = linear_optimum(menus, choice, budget, engine)
    if isinstance(best, Shortfall):
        return no_base(problem, budget + best.shortfall)
    mix = mix_of(menus, best)
    p, q = best.multiplier
    certificate = Certificate(
        value=exact_sum(mix.value),
        upper_bound=dual_bound(menus, choice, budget, p, q, engine) // q,
        scale=10**problem.units.need_decimals,
        multipliers={"budget": (p, q)},
        proof="proved",
    )
    return of_mix(problem, mix, certificate)


def _write_programme(problem: Problem, path: Path) -> None:
    # PuLP takes a while to import, and nothing else here needs it.
    from metneed.solver.engines.program import formulate, write_lp  # noqa: PLC0415

    programme = formulate(problem.menus, problem.choice, problem.allocable, divisible=True)
    write_lp(programme, path)


RULE = Rule(
    name="met_need_lp",
    title="most met need, part packages allowed",
    family="package",
    run=choose,
    readings=("divisible",),
    monotone=True,
)
