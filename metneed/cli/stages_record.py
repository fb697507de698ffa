"""What was found about two stages as rows of a table and as a record, for machines."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from metneed.models.comparison import Figure, Number, Unit
from metneed.models.instance import Instance
from metneed.solver.studies.no_upfront import Way, WithoutUpfront
from metneed.solver.studies.resampling import Interval
from metneed.solver.studies.stage_report import Asked, StageReport
from metneed.solver.studies.telling import Told


def rows(found: StageReport) -> list[Figure]:
    """Every figure as a row: first those of the error, then those of each part asked for."""
    return [*found.figures, *_others(found)]


def record(
    instance: Instance,
    rule: str,
    options: Mapping[str, object],
    asked: Asked,
    found: StageReport,
) -> dict[str, object]:
    """What was asked, of whom, and what the figures cannot say themselves."""
    units, without = instance.scenario.units, found.without
    return {
        "scenario": instance.scenario.name,
        "rule": rule,
        "options": dict(options),
        "asked": {
            name: value if isinstance(value, bool | int) or value is None else str(value)
            for name, value in asdict(asked).items()
        },
        "seed": found.stages.problem.seed,
        "currency": units.currency,
        "period": units.period,
        "final_costs": found.stages.source,
        "users": len(found.stages.final),
        "users_left_out": found.stages.left_out,
        "money": units.money(found.stages.problem.allocable),
        "without_indicative_budgets": None if without is None else without.verdict,
        "beyond_chance": {}
        if found.told is None
        else {name: told.beyond_chance for name, told in found.told.differences.items()},
    }


def _others(found: StageReport) -> Iterator[Figure]:
    if found.told is not None:
        yield from _told(found.told)
    if found.anchored is not None:
        for name in ("plans", "spent", "met_need"):
            unit: Unit = "need" if name == "met_need" else "money"
            before, after = getattr(found.anchored, name)
            yield _row("anchor", name, before, unit)
            yield _row("anchor", f"{name}_moved", after, unit)
        yield _row("anchor", "users", found.anchored.users, "users")
    if found.without is not None:
        yield from _without(found.without)
    if found.supposed is not None:
        for name in ("plain", "choice", "known", "both"):
            yield _row("supposed", f"met_need_{name}", getattr(found.supposed, name), "need")
    if found.crossed is not None:
        yield from _crossed(found)


def _told(told: Told) -> Iterator[Figure]:
    for about, side in (("told", told.told), ("not told", told.not_told)):
        for name, (value, unit) in side.items():
            yield _row(about, name, value, unit)
    for name, difference in told.differences.items():
        yield from _with_interval(
            "told less not told", name, difference.value, difference.unit, difference.chance
        )


def _without(found: WithoutUpfront) -> Iterator[Figure]:
    for about, way in (("indicative first", found.first), ("plans only", found.plans_only)):
        yield from _way(about, way)
    yield _row("plans only", "plans", found.plans, "money")
    yield _row("plans only", "paid", found.paid, "money")
    yield from _with_interval(
        "plans only less indicative first",
        "mean_share_of_need",
        found.difference,
        "share",
        found.interval,
    )


def _way(about: str, way: Way) -> Iterator[Figure]:
    yield _row(about, "spent", way.spent, "money")
    yield _row(about, "met_need", way.met_need, "need")
    yield _row(about, "mean_share_of_need", way.mean_share, "share")
    yield _row(about, "users_with_nothing", way.users_with_nothing, "users")


def _crossed(found: StageReport) -> Iterator[Figure]:
    crossed = found.crossed
    assert crossed is not None
    for cell in crossed.cells:
        told = "told" if cell.told else "not told"
        about = f"{told}, {'with' if cell.choice else 'without'} choice"
        yield _row(about, "users", cell.users, "users")
        yield _row(about, "mean_outcome", cell.mean, crossed.unit)
    intervals = crossed.intervals or (None, None, None)
    for name, interval in zip(("known", "choice", "interaction"), intervals, strict=True):
        yield from _with_interval("effects", name, getattr(crossed, name), crossed.unit, interval)


def _with_interval(
    about: str, name: str, value: float | None, unit: Unit, interval: Interval | None
) -> Iterator[Figure]:
    yield _row(about, name, _whole(value, unit), unit)
    if interval is not None:
        yield _row(about, f"{name}_low", _whole(interval.low, unit), unit)
        yield _row(about, f"{name}_high", _whole(interval.high, unit), unit)


def _whole(value: float | None, unit: Unit) -> Number:
    return round(value) if value is not None and unit in {"money", "need", "users"} else value


def _row(about: str, name: str, value: Number, unit: Unit) -> Figure:
    return Figure(about, "", "", name, value, unit)
