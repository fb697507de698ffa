"""Results on disk: what a rule did, and a comparison of rules."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from metneed.instances.awards_file import account_record, award_columns
from metneed.instances.cells import Cells, Column, cells_for
from metneed.instances.files import decimal_column, defused, write_columns, write_text
from metneed.instances.publish import digests, publish, sealed, staging_in, versions
from metneed.instances.scenario_text import scenario_text
from metneed.models.allocation import WHOLE, Allocation, Infeasible, Outcome, Parts
from metneed.models.arrays import IntArray, Positions, TextArray
from metneed.models.certificate import Certificate
from metneed.models.comparison import Comparison, Figure, Footing, number_text
from metneed.models.errors import OutputError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.units import Units

FORMAT_VERSION = 1
NOTE = "This tests a scenario. It is not a decision about any person."
_SHARE_DECIMALS = 9


@dataclass(frozen=True, eq=False)
class _Solution:
    """What one run of a rule was given, and what came of it."""

    instance: Instance
    problem: Problem
    rule: str
    options: Mapping[str, object]
    outcome: Outcome


def write_solution(  # noqa: PLR0913, PLR0917 - each is a thing of its own
    folder: Path,
    instance: Instance,
    problem: Problem,
    rule: str,
    options: Mapping[str, object],
    outcome: Outcome,
    *,
    parquet: bool = False,
) -> None:
    """Write what a rule did to a folder: the tables, and `result.json` that vouches for them.

    Files of an earlier result in the folder are replaced, or removed where the new result has no
    such table; other files are left alone. Until all is written the earlier result stands.

    Parameters
    ----------
    folder
        Made where it is missing.
    instance, problem
        What was solved, and its money.
    rule, options
        Name of the rule, and the options it ran with.
    outcome
        Only an allocation has tables.
    parquet
        Write the tables as Parquet instead of CSV.

    Raises
    ------
    OutputError
        Where the folder cannot be written or the disk is full.
    """
    with staging_in(folder) as staging:
        solution = _Solution(instance, problem, rule, options, outcome)
        _write(staging, solution, _suffix(parquet))
        publish(staging, folder)


def write_comparison(
    folder: Path,
    comparison: Comparison,
    problem: Problem,
    *,
    parquet: bool = False,
    solve_options: Mapping[str, Mapping[str, object]] | None = None,
) -> None:
    """Write a comparison to a folder: the figures, the scenario, and each rule's result.

    Parameters
    ----------
    folder
        Made where it is missing; an earlier comparison in it is replaced as a whole.
    comparison, problem
        What was compared, and its money.
    parquet
        Write the tables as Parquet instead of CSV.
    solve_options
        For each rule the options it ran with; none for rules that are not named.

    Raises
    ------
    OutputError
        Where the folder cannot be written, the disk is full, or the folder holds an instance,
        whose scenario would be overwritten.
    """
    instance, suffix = comparison.instance, _suffix(parquet)
    if any(folder.glob("users.*")):
        raise OutputError(f"{folder} holds an instance: write the comparison to another folder")
    with staging_in(folder) as staging:
        for rule, outcome in comparison.outcomes.items():
            options = (solve_options or {}).get(rule, {})
            solution = _Solution(instance, problem, rule, options, outcome)
            _write(staging / "rules" / rule, solution, suffix)
        table = staging / f"comparison{suffix}"
        write_columns(table, _figure_columns(comparison.figures, problem.units, suffix))
        write_text(staging / "scenario.toml", scenario_text(instance.scenario))
        record = {
            "format": "metneed comparison",
            "format_version": FORMAT_VERSION,
            "note": NOTE,
            "scenario": instance.scenario.name,
            **_evidence(instance),
            "baseline": comparison.baseline,
            "same_footing": _footing(comparison.footing, problem.units),
            "outcomes": {rule: _ended(outcome) for rule, outcome in comparison.outcomes.items()},
            "limits": comparison.limits,
            "versions": versions(),
            "inputs": dict(instance.inputs),
            "outputs": digests(staging),
        }
        write_text(staging / "comparison.json", sealed(record))
        publish(staging, folder)


def chosen_packages(instance: Instance, allocation: Allocation) -> TextArray:
    """The identifier of each user's package, of its largest part; empty for nothing."""
    has = allocation.package >= 0
    if allocation.from_previous and instance.previous is not None:
        return np.where(has, instance.previous.package_ids, "")
    if len(instance.package_ids):
        return np.where(has, instance.package_ids.text(np.maximum(allocation.package, 0)), "")
    return np.full(len(has), "", dtype=object)


def _write(folder: Path, solution: _Solution, suffix: str) -> None:
    instance, problem, outcome = solution.instance, solution.problem, solution.outcome
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(outcome, Allocation):
        cells = cells_for(suffix)
        columns = _allocation_columns(instance, problem, outcome, cells)
        write_columns(folder / f"allocation{suffix}", columns)
        if outcome.parts is not None:
            columns = _part_columns(instance, outcome.parts, columns["user_id"], cells)
            write_columns(folder / f"parts{suffix}", columns)
        awards = award_columns(problem, outcome, cells)
        if awards is not None:
            write_columns(folder / f"awards{suffix}", awards)
    record = {
        "format": "metneed result",
        "format_version": FORMAT_VERSION,
        "note": NOTE,
        "rule": solution.rule,
        "options": _plain(solution.options),
        "scenario": instance.scenario.name,
        **_evidence(instance),
        "packages": problem.packages,
        "choice": problem.choice,
        "leftover": problem.leftover,
        "seed": problem.seed,
        "currency": problem.units.currency,
        "period": problem.units.period,
        "money_decimals": problem.units.money_decimals,
        "need_decimals": problem.units.need_decimals,
        "users": len(problem.users),
        "budget": problem.units.money(problem.budget),
        "held_back": problem.units.money(problem.budget - problem.allocable),
        "allocable": problem.units.money(problem.allocable),
        **_outcome(outcome, problem),
        "settings": _plain(problem.settings.model_dump(exclude={"write_lp"})),
        "versions": versions(*_solvers(outcome)),
        "inputs": dict(instance.inputs),
        "outputs": digests(folder),
    }
    write_text(folder / "result.json", sealed(record))


def _evidence(instance: Instance) -> dict[str, object]:
    """What met need was derived from, where the instance says so."""
    return {} if instance.evidence is None else {"evidence": instance.evidence}


def _outcome(outcome: Outcome, problem: Problem) -> dict[str, object]:
    units = problem.units
    if isinstance(outcome, Allocation):
        spent, award = outcome.total_cost, outcome.award
        return {
            "outcome": "allocation",
            "spent": units.money(spent),
            "reserved": units.money(outcome.reserved),
            "unspent": units.money(problem.allocable - spent - outcome.reserved),
            "awarded": None if award is None else units.money(int(award.sum())),
            "met_need": units.need(outcome.total_met_need),
            "chosen_from": "previous" if outcome.from_previous else "menus",
            **({} if outcome.pooled is None else outcome.pooled.record(problem)),
            "certificate": _certificate(outcome.certificate),
            **account_record(outcome.account, units),
        }
    if isinstance(outcome, Infeasible):
        return {
            "outcome": "infeasible",
            "reason": outcome.reason,
            "shortfall": units.money(outcome.shortfall),
            "users_concerned": outcome.users,
            **({"missing_for": "awards"} if outcome.of_awards else {}),
        }
    return {"outcome": "not applicable", "reason": outcome.reason}


def _solvers(outcome: Outcome) -> tuple[str, ...]:
    """The distributions whose word the result rests on."""
    believed = isinstance(outcome, Allocation) and outcome.certificate.proof == "solver's word only"
    return ("pulp", "highspy") if believed else ()


def _certificate(certificate: Certificate) -> dict[str, object]:
    bound, gap = certificate.upper_bound, certificate.gap
    openings = [
        {"valued": each.valued, "multipliers": _pairs(each.multipliers)}
        for each in certificate.openings
    ]
    return {
        "claim": certificate.claim,
        "proof": certificate.proof,
        "stopped": certificate.stopped,
        "least_cost": certificate.least_cost,
        "objective": certificate.objective,
        "scale": certificate.scale,
        "value": str(certificate.value),
        "upper_bound": None if bound is None else str(bound),
        "gap": None if gap is None else str(gap),
        "multipliers": _pairs(certificate.multipliers),
        **({"openings": openings} if openings else {}),
    }


def _pairs(multipliers: Mapping[str, tuple[int, int]]) -> dict[str, list[str]]:
    return {row: [str(p), str(q)] for row, (p, q) in multipliers.items()}


def _allocation_columns(
    instance: Instance, problem: Problem, allocation: Allocation, cells: Cells
) -> dict[str, Column]:
    units, award = problem.units, allocation.award
    money, need = units.money_decimals, units.need_decimals
    return {
        "user_id": cells.text(problem.users.ids),
        "package_id": _package_column(instance, allocation, cells),
        "package_share": _shares(allocation.share, cells),
        "award": cells.blank(len(problem.users)) if award is None else cells.decimals(award, money),
        "cost": cells.decimals(allocation.cost, money),
        "met_need": cells.decimals(allocation.met_need, need),
    }


def _package_column(instance: Instance, allocation: Allocation, cells: Cells) -> Column:
    if allocation.from_previous:
        return cells.text(chosen_packages(instance, allocation))
    return cells.named(*_package_codes(instance, allocation.package))


def _package_codes(instance: Instance, package: IntArray) -> tuple[tuple[str, ...], Positions]:
    labels = instance.package_ids
    if not len(labels):
        return labels.names, package
    return labels.names, np.where(package >= 0, labels.codes[package], -1)


def _part_columns(
    instance: Instance, parts: Parts, user_ids: Column, cells: Cells
) -> dict[str, Column]:
    return {
        "user_id": cells.taken(user_ids, parts.user),
        "package_id": cells.named(*_package_codes(instance, parts.package)),
        "share": _shares(parts.share, cells),
    }


def _figure_columns(
    figures: Sequence[Figure], units: Units, suffix: str
) -> dict[str, Sequence[object] | TextArray]:
    def text(name: str) -> TextArray:
        return _cells(np.array([getattr(f, name) for f in figures], dtype=object), suffix)

    names = ("rule", "group_by", "group", "measure")
    return {
        **{name: text(name) for name in names},
        "value": [number_text(figure.value, figure.unit, units) for figure in figures],
        "unit": text("unit"),
    }


def _footing(footing: Footing | None, units: Units) -> dict[str, object] | None:
    if footing is None:
        return None
    points = {"points_kept": footing.kept, "points_rounds": footing.rounds}
    names = ("lp_bound", "not_spent", "spent_otherwise")
    return {
        **{
            name: {"met_need": units.need(need), "spent": units.money(spent)}
            for name, (need, spent) in points.items()
        },
        **best_known(footing, units),
        **{name: units.need(getattr(footing, name)) for name in names},
    }


def best_known(footing: Footing, units: Units) -> dict[str, str | None]:
    """The most met need known and its gap; as the optimum only where that is proved."""
    known = {
        "": (footing.optimum, footing.proof),
        "_at_same_spend": (footing.optimum_at_same_spend, footing.proof_at_same_spend),
    }
    texts: dict[str, str | None] = {}
    for money, (need, proof) in known.items():
        texts[f"optimum{money}"] = units.need(need) if proof.is_optimal else None
        texts[f"best_known{money}"] = units.need(need)
        texts[f"best_known{money}_gap"] = None if proof.gap is None else units.need(proof.gap)
    return texts


def _ended(outcome: Outcome) -> dict[str, str]:
    if isinstance(outcome, Allocation):
        return {"outcome": "allocation"}
    ended = "infeasible" if isinstance(outcome, Infeasible) else "not applicable"
    return {"outcome": ended, "reason": outcome.reason}


def _cells(text: TextArray, suffix: str) -> TextArray:
    return defused(text) if suffix == ".csv" else text


def _shares(share: IntArray, cells: Cells) -> Column:
    if not ((share == 0) | (share == WHOLE)).all():
        return cells.decimals(share, _SHARE_DECIMALS)
    nothing, whole = decimal_column(np.array([0, WHOLE]), _SHARE_DECIMALS).tolist()
    return cells.named([nothing, whole], (share == WHOLE).astype(np.int8))


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Options as JSON can hold them: what it has no number for stands as text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else str(value)


def _suffix(parquet: bool) -> str:
    return ".parquet" if parquet else ".csv"
