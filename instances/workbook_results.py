"""Results as the sheets of a workbook: what a rule did, a comparison, a frontier, findings."""

from collections.abc import Mapping, Sequence

from metneed.instances.awards_file import decimals_of, line_text
from metneed.instances.results import NOTE, chosen_packages
from metneed.instances.workbook_write import Column, Kind, Sheet
from metneed.models.account import Account
from metneed.models.allocation import WHOLE, Allocation, Infeasible, Outcome
from metneed.models.arrays import IntArray
from metneed.models.certificate import Certificate
from metneed.models.comparison import Comparison, Figure, Unit
from metneed.models.findings import Findings
from metneed.models.instance import Instance
from metneed.models.pooled import PooledServices
from metneed.models.problem import Problem
from metneed.models.units import Units

_SMALL = "Figures of small groups can give people away: suppress small numbers first."
_FIRST = (
    "share_of_need",
    "met_need",
    "spent",
    "reserved",
    "unspent",
    "users_with_nothing",
    "users_fully_met",
    "users_below_basic",
    "worst_off_share",
    "gini",
)
"""The figures that a meeting asks for first."""

_PRIVATE = "One row a person: keep this workbook as you keep the records that it was made from."


def solution_sheets(
    instance: Instance,
    problem: Problem,
    rule: str,
    options: Mapping[str, object],
    outcome: Outcome,
) -> list[Sheet]:
    """What a rule did: what was asked and achieved, and who gets what.

    Parameters
    ----------
    instance, problem
        What was solved, and its money.
    rule, options
        Name of the rule, and the options it ran with.
    outcome
        Only an allocation has rows for people.
    """
    units = problem.units
    facts = {"rule": rule, **{f"rules.{rule}.{key}": str(value) for key, value in options.items()}}
    if not isinstance(outcome, Allocation):
        ended = "infeasible" if isinstance(outcome, Infeasible) else "not applicable"
        facts |= {"outcome": ended, "reason": outcome.reason}
        return [_about(instance, problem, facts)]
    facts |= {
        "spent": units.show_money(outcome.total_cost),
        "reserved": units.show_money(outcome.reserved) if outcome.reserved else "",
        "unspent": units.show_money(problem.allocable - outcome.total_cost - outcome.reserved),
        **_services(problem, outcome.pooled),
        "met need": units.show_need(outcome.total_met_need),
        "proof": outcome.certificate.words(),
        **_account(outcome, units),
        "personal data": _PRIVATE,
    }
    sheets = [_about(instance, problem, facts), _allocation(instance, problem, outcome)]
    if outcome.parts is not None:
        parts = outcome.parts
        columns = [
            Column("user_id", instance.users.ids[parts.user]),
            Column("package_id", instance.package_ids.text(parts.package)),
            Column("share", (parts.share / WHOLE).tolist(), "share", 1),
        ]
        sheets.append(Sheet("parts", columns, kept=2))
    if outcome.account is not None and (outcome.account.columns or outcome.account.reasons):
        sheets.append(_awards(problem, outcome.account, outcome.award))
    return sheets


def comparison_sheets(comparison: Comparison, problem: Problem) -> list[Sheet]:
    """A comparison: a row a rule, overall and by each group; nothing about single people.

    Parameters
    ----------
    comparison, problem
        What was compared, and its money.
    """
    units = problem.units
    facts = {"baseline": comparison.baseline or "none", "before you publish": _SMALL}
    for name, outcome in comparison.outcomes.items():
        if isinstance(outcome, Allocation):
            facts[name] = outcome.certificate.words()
        else:
            ended = "infeasible" if isinstance(outcome, Infeasible) else "not applicable"
            facts[name] = f"{ended}: {outcome.reason}"
    sheets = [_about(comparison.instance, problem, facts)]
    for group_by in dict.fromkeys(figure.group_by for figure in comparison.figures):
        figures = [figure for figure in comparison.figures if figure.group_by == group_by]
        name = f"by {group_by}" if group_by else "comparison"
        sheets.append(Sheet(name, _figures(figures, units, group_by), kept=2 if group_by else 1))
    if comparison.footing is not None:
        sheets.append(_footing(comparison, units))
    return [*sheets, *_accounts(comparison, units)]


def frontier_sheets(
    instance: Instance,
    problem: Problem,
    budgets: Sequence[int],
    met_need: Sequence[int],
    next_pound: Sequence[float | None],
) -> list[Sheet]:
    """What each budget buys, part packages allowed.

    Parameters
    ----------
    instance, problem
        What was solved, and its money.
    budgets, met_need
        Smallest units.
    next_pound
        Need that one more pound meets; None where there is nothing left to buy.
    """
    units, need = problem.units, int(instance.users.need.sum())
    columns = [
        Column("budget", budgets, "amount", units.money_decimals),
        Column("met_need", met_need, "amount", units.need_decimals),
        Column("share_of_need", [v / need if need else None for v in met_need], "share", 1),
        Column("value_of_next_pound", next_pound, "figure", 4),
    ]
    facts = {"frontier": "the most met need for each budget, part packages allowed"}
    return [_about(instance, problem, facts), Sheet("frontier", columns)]


def findings_sheets(findings: Findings) -> list[Sheet]:
    """Findings, one a row, in the columns of ``findings.csv``."""
    names = ("severity", "file", "row", "column", "cell", "value", "problem", "remedy", "code")
    columns = [
        Column(name, [str(getattr(item, name) or "") for item in findings]) for name in names
    ]
    return [Sheet("findings", columns, kept=0)]


def _services(problem: Problem, pooled: PooledServices | None) -> dict[str, str]:
    """What became of pooled services, and what they cost."""
    if pooled is None or problem.services is None:
        return {}
    words = pooled.words(problem.services, problem.units)
    named = {f"service {service}": said for service, said in words.items()}
    return {"fixed costs in what is spent": problem.units.show_money(pooled.cost), **named}


def _about(instance: Instance, problem: Problem, facts: Mapping[str, str]) -> Sheet:
    units, scenario = problem.units, instance.scenario
    said = {
        "what this is": NOTE,
        "scenario": scenario.name,
        "description": scenario.description,
        "users": f"{len(problem.users):,}",
        "currency and period": f"{units.currency} a {units.period}",
        "budget": units.show_money(problem.budget),
        "held back": units.show_money(problem.budget - problem.allocable),
        "to allocate": units.show_money(problem.allocable),
        "packages": problem.packages,
        "choice": problem.choice,
        "leftover": problem.leftover,
        **facts,
        **{f"sha256 of {name}": digest for name, digest in instance.inputs.items()},
    }
    said = {name: text for name, text in said.items() if text}
    columns = [Column("about this workbook", list(said)), Column("", list(said.values()))]
    return Sheet("about", columns, note="", kept=0)


def _allocation(instance: Instance, problem: Problem, allocation: Allocation) -> Sheet:
    units, award = problem.units, allocation.award
    money, need = units.money_decimals, units.need_decimals
    columns = [
        Column("user_id", problem.users.ids),
        Column("package_id", chosen_packages(instance, allocation)),
        Column("package_share", (allocation.share / WHOLE).tolist(), "share", 1),
    ]
    if award is not None:
        columns.append(Column("award", award, "amount", money))
    columns += [
        Column("cost", allocation.cost, "amount", money),
        Column("met_need", allocation.met_need, "amount", need),
        Column("need", problem.users.need, "amount", need),
    ]
    groups = instance.users.groups.items()
    columns += [Column(name, labels.text()) for name, labels in groups]
    return Sheet("allocation", columns)


def _account(outcome: Allocation, units: Units) -> dict[str, str]:
    lines = () if outcome.account is None else outcome.account.lines
    return {f"account: {line.name}": line_text(line, units) for line in lines}


def _accounts(comparison: Comparison, units: Units) -> list[Sheet]:
    """A row for each figure of how awards came about, where a rule says so."""
    rows = [
        (name, line.name, line_text(line, units), line.unit, line.note)
        for name, outcome in comparison.outcomes.items()
        if isinstance(outcome, Allocation) and outcome.account is not None
        for line in outcome.account.lines
    ]
    if not rows:
        return []
    heads = ("rule", "how awards came about", "value", "unit", "what it is for")
    columns = zip(*rows, strict=True)
    return [Sheet("awards", [Column(*each) for each in zip(heads, columns, strict=True)])]


def _awards(problem: Problem, account: Account, award: IntArray | None) -> Sheet:
    units, size = problem.units, len(problem.users)
    columns = [Column("user_id", problem.users.ids)]
    for name, (values, unit) in account.columns.items():
        columns.append(Column(name, values, "amount", decimals_of(unit, units)))
    if award is not None:
        columns.append(Column("award", award, "amount", units.money_decimals))
    reasons = [""] * size if account.reasons is None else account.reasons.text()
    return Sheet("awards", [*columns, Column("reason", reasons)])


def _figures(figures: Sequence[Figure], units: Units, group_by: str) -> list[Column]:
    """A row for each rule and group, a column for each figure."""
    rows = list(dict.fromkeys((figure.rule, figure.group) for figure in figures))
    found = {(figure.rule, figure.group, figure.measure): figure for figure in figures}
    columns = [Column("rule", [rule for rule, _ in rows])]
    if group_by:
        columns.append(Column(group_by, [group for _, group in rows]))
    measures = dict.fromkeys((figure.measure, figure.unit) for figure in figures)
    for measure, unit in sorted(measures, key=lambda each: _rank(each[0])):
        kind, decimals = cell_form(unit, units)
        cells = [found.get((*row, measure)) for row in rows]
        values = [None if figure is None else _plain(figure, kind) for figure in cells]
        columns.append(Column(measure, values, kind, decimals))
    return columns


def _rank(measure: str) -> int:
    return _FIRST.index(measure) if measure in _FIRST else len(_FIRST)


def cell_form(unit: Unit, units: Units) -> tuple[Kind, int]:
    """How a workbook shows figures of a unit, and with how many decimals."""
    match unit:
        case "money":
            return "amount", units.money_decimals
        case "need":
            return "amount", units.need_decimals
        case "users":
            return "amount", 0
        case "share":
            return "share", 1
        case _:
            return "figure", 4


def _plain(figure: Figure, kind: Kind) -> int | float | None:
    if figure.value is None:
        return None
    return int(figure.value) if kind == "amount" else float(figure.value)


def _best(proof: Certificate) -> str:
    if proof.is_optimal:
        return "optimum"
    return f"best known ({proof.near})" if proof.near else "best known"


def _footing(comparison: Comparison, units: Units) -> Sheet:
    footing = comparison.footing
    assert footing is not None
    lines = {
        "points rule, unspent awards kept": footing.kept[0],
        "points rule, unspent awards shared out in rounds": footing.rounds[0],
        f"{_best(footing.proof)} with all the money": footing.optimum,
        f"{_best(footing.proof_at_same_spend)} with as much money as the points rule spends": (
            footing.optimum_at_same_spend
        ),
        "bound with part packages": footing.lp_bound,
        "lost by the points rule: money not spent": footing.not_spent,
        "lost by the points rule: money spent otherwise": footing.spent_otherwise,
    }
    columns = [
        Column("on the same footing", list(lines)),
        Column("met_need", list(lines.values()), "amount", units.need_decimals),
    ]
    return Sheet("same footing", columns)
