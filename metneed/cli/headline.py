"""The sentences above and under a comparison: what a commissioner needs before the table."""

from metneed.models.allocation import Allocation
from metneed.models.certificate import Certificate
from metneed.models.comparison import Comparison, Footing, Number
from metneed.models.words import counted
from metneed.solver.compare import CURRENT, POINTS
from metneed.solver.studies.robustness import MOST_ERROR, Robustness, ScoreError


def five_lines(comparison: Comparison, tests: Robustness | None) -> list[str]:
    """Five lines: what is gained, where it comes from, what it saves, who pays, how sure it is."""
    best, footing = best_name(comparison), comparison.footing
    if footing is None or best is None:
        return [f"No headline: {comparison.no_footing or 'the optimum was not asked for'}."]
    sentences = [
        _gain(comparison, footing),
        _source(comparison, footing),
        _saving(comparison),
        _winners(comparison, best),
        _sureness(tests, _need(comparison)),
    ]
    return [f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1)]


def robustness_lines(tests: Robustness) -> list[str]:
    """What disturbed scores and shuffled costs say, in words."""
    lines = []
    error, shuffled = tests.error, tests.shuffled
    if error is not None and error.undisturbed:
        lines.append(
            f"Scores off by {error.error:.0%} ({error.draws} draws): a choice by such scores "
            f"would seem to meet {error.claimed / error.undisturbed:.1%} of what a choice by exact "
            f"ones meets. Really it meets {error.achieved / error.undisturbed:.1%} of it."
        )
        if error.points is not None:
            lines.append(_break_even(error).capitalize() + ".")
    if shuffled is not None:
        lines.append(
            "Gain over the points rule of a choice by met need per pound: "
            f"{shuffled.gain:+.1%}. Where people of similar need swap their costs "
            f"({shuffled.moved:.0%} of people can), it is {shuffled.shuffled_gain:+.1%}: that much "
            "does not hang on who is costly."
        )
    return lines


def footing_lines(comparison: Comparison) -> list[str]:
    """The same-footing block: the points rule and the optimum, at all and at the same money."""
    footing, units = comparison.footing, comparison.instance.scenario.units
    if footing is None:
        return [f"No same footing: {comparison.no_footing}."]
    with_all = f"with {units.show_money(comparison.instance.scenario.allocable)}"

    def spends(money: int) -> str:
        return f"spends {units.show_money(money)}"

    rows = [
        ("points rule, unspent awards kept by people", footing.kept[0], spends(footing.kept[1])),
        (
            "points rule, unspent awards shared out in rounds",
            footing.rounds[0],
            spends(footing.rounds[1]),
        ),
        (
            f"{_best(footing.proof_at_same_spend)} with only the money of the first line",
            footing.optimum_at_same_spend,
            _with_gap(f"with {units.show_money(footing.kept[1])}", footing.proof_at_same_spend),
        ),
        (
            f"{_best(footing.proof)} with all the money",
            footing.optimum,
            _with_gap(with_all, footing.proof),
        ),
        ("bound on any choice, were part packages allowed", footing.lp_bound, with_all),
    ]
    lines = ["On the same footing:"]
    for words, met_need, money in rows:
        lines.append(f"  {words:<50}{units.show_need(met_need):>12} met  {money}")
    lost = footing.optimum - footing.kept[0]
    short = "short" if footing.is_proved else "short of the best known"
    lines.append(
        f"  Unspent awards kept, the points rule falls {short} by {units.show_need(lost)}: "
        f"{units.show_need(footing.not_spent)} because money stays unspent, "
        f"{units.show_need(footing.spent_otherwise)} because it buys other packages."
    )
    return lines


def _best(proof: Certificate) -> str:
    return "optimum" if proof.is_optimal else "best known"


def _with_gap(words: str, proof: Certificate) -> str:
    return words if proof.is_optimal or not proof.near else f"{words}, {proof.near}"


def best_name(comparison: Comparison) -> str | None:
    """The rule that maximises met need here, where it has an allocation."""
    for name in ("met_need_whole", "met_need_lp"):
        if isinstance(comparison.outcomes.get(name), Allocation):
            return name
    return None


def _gain(comparison: Comparison, footing: Footing) -> str:
    points, top, need = footing.kept[0], footing.optimum, _need(comparison)
    more = f"{top / points - 1:.1%} more" if points else "all of it more"
    best = "the best choice of packages meets"
    if not footing.proof.is_optimal:
        best = "the best known choice of packages meets"
        more += _open(footing.proof, need)
    return (
        f"With the same money to allocate, points times price meets {points / need:.1%} of need; "
        f"{best} {top / need:.1%}, which is {more}."
    )


def _open(proof: Certificate, need: int) -> str:
    """What another choice might meet, where the best one is not proved."""
    if proof.upper_bound is None:
        return "; whether another meets more is not proved"
    return f"; no choice meets more than {proof.upper_bound / need:.1%} ({proof.near})"


def _source(comparison: Comparison, footing: Footing) -> str:
    units, scenario = comparison.instance.scenario.units, comparison.instance.scenario
    lost = footing.optimum - footing.kept[0]
    if not lost:
        return "There is no difference to explain."
    known = "" if footing.is_proved else ", as far as the best is known"
    points = comparison.outcomes.get(POINTS)
    kept = points.reserved if isinstance(points, Allocation) else 0
    unspent = units.show_money(scenario.allocable - footing.kept[1] - kept)
    if kept:
        unspent += f", and {units.show_money(kept)} in reserve"
    return (
        f"Of that difference{known}, {footing.not_spent / lost:.0%} comes from money that the "
        f"points rule leaves unspent ({unspent}), and "
        f"{footing.spent_otherwise / lost:.0%} from buying other packages. Shared out again in "
        f"rounds, it would let the points rule meet {footing.rounds[0] / _need(comparison):.1%}."
    )


def _saving(comparison: Comparison) -> str:
    units = comparison.instance.scenario.units
    figures = _figures(comparison)
    spent = figures.get((POINTS, "spent"))
    least = figures.get((POINTS, "budget_for_same"))
    if POINTS not in comparison.outcomes:
        return (
            "Whether what the points rule achieves can be had for less is told where "
            f"{POINTS} is one of the --rules."
        )
    if least is None or spent is None:
        return "What the points rule achieves cannot be had for less by any list that was tried."
    if int(least) >= int(spent):
        return (
            f"What the points rule achieves for {units.show_money(int(spent))} is not to be had "
            "for less by going down a list of most met need per pound."
        )
    return (
        f"What the points rule achieves for {units.show_money(int(spent))} could be had for "
        f"{units.show_money(int(least))}, by going down a list of most met need per pound."
    )


def _winners(comparison: Comparison, best: str) -> str:
    figures = _figures(comparison)

    def count(*names: str) -> int:
        return sum(int(figures.get((best, name)) or 0) for name in names)

    outcome = comparison.outcomes[best]
    proved = isinstance(outcome, Allocation) and outcome.certificate.is_optimal
    more = counted(count("users_gained", "users_gained_over_5"), "person", "people")
    less = count("users_lost", "users_lost_over_5")
    lose = counted(count("users_lost_over_5"), "of these loses", "of these lose")
    have = counted(count("users_with_nothing"), "person has", "people have")
    return (
        f"Against {_baseline(comparison)}, the best {'' if proved else 'known '}choice gives "
        f"{more} more and {less:,} less; {lose} more than 5 hundredths of their need. "
        f"{have} nothing{_nothing_before(comparison)}."
    )


def _nothing_before(comparison: Comparison) -> str:
    name = comparison.baseline or ""
    before = _figures(comparison).get((name, "users_with_nothing"))
    if before is None:
        return ""
    return f", against {int(before):,} {'today' if name == CURRENT else 'under ' + name}"


def _baseline(comparison: Comparison) -> str:
    """The baseline in words; of today's packages also whether there is the money for them."""
    name = comparison.baseline or "nothing"
    spent = _figures(comparison).get((name, "spent"))
    if name != CURRENT or spent is None:
        return name
    units, allocable = comparison.instance.scenario.units, comparison.instance.scenario.allocable
    over = int(spent) - allocable
    if over <= 0:
        return "today's packages"
    return f"today's packages (which cost {units.show_money(over)} more than there is to allocate)"


def _sureness(tests: Robustness | None, need: int) -> str:
    if tests is None:
        return (
            "How much of this rests on judged scores and on who is costly:  --score-error 0.2  "
            "disturbs the scores and shuffles the costs."
        )
    error, shuffled = tests.error, tests.shuffled
    if error is None:
        return "How much of this rests on judged scores could not be tested here."
    swap = (
        f" Where people of similar need swap their costs, a gain of {shuffled.gain:.1%} becomes "
        f"{shuffled.shuffled_gain:.1%}: that much does not hang on who is costly."
        if shuffled is not None
        else ""
    )
    return (
        f"It rests on judged scores: were each off by {error.error:.0%}, the choice would meet "
        f"{error.achieved / need:.1%}; {_break_even(error)}.{swap}"
    )


def _break_even(error: ScoreError) -> str:
    if error.points is None:
        return "the points rule has no allocation to compare with"
    if error.break_even is None:
        return f"at no error tried, up to {MOST_ERROR:.0%}, does the points rule do as well"
    if not error.break_even:
        return "the points rule does as well already"
    return f"where scores are off by {error.break_even:.0%}, the points rule does as well"


def _need(comparison: Comparison) -> int:
    return max(int(comparison.instance.users.need.sum()), 1)


def _figures(comparison: Comparison) -> dict[tuple[str, str], Number]:
    return {
        (item.rule, item.measure): item.value for item in comparison.figures if not item.group_by
    }
