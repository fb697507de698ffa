"""What the assessor's error does to awards: who gets more or less, and the met need it costs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from metneed.models.allocation import Allocation, Infeasible, NotApplicable, Outcome
from metneed.models.arrays import BoolArray, IntArray
from metneed.models.comparison import Figure, Number, Unit
from metneed.models.errors import OptionError
from metneed.models.instance import Instance
from metneed.models.problem import Problem
from metneed.models.sums import exact_sum
from metneed.solver.money.points import PointsOptions
from metneed.solver.rule import Options, Rule
from metneed.solver.rules import rule as rule_named
from metneed.solver.solve import bind, bind_all, run
from metneed.solver.studies.disturbance import Disturbance, Scale, disturb, without_order
from metneed.solver.studies.exact_share import Share, fraction
from metneed.solver.studies.resampling import Interval

LEAST_DRAWS, MOST_DRAWS = 2, 10_000
ENDS = 20
"""An interval leaves out one draw in so many at each end, rounded down."""

UNITS: dict[str, Unit] = {
    "users": "users",
    "award": "money",
    "mean_change": "money",
    "share_changed_much": "share",
    "share_other_package": "share",
    "met_need_lost": "need",
    "share_of_need_lost": "share",
    "money_gained": "money",
    "money_moved": "money",
    "money_moved_between": "money",
}
"""Figures and their units, in order."""


@dataclass(frozen=True)
class Spread:
    """A figure over the draws: its mean, and where nine in ten of them lie."""

    mean: float
    interval: Interval


@dataclass(frozen=True)
class Noise:
    """What errors of assessments do to what a rule gives; money and need in smallest units.

    Parameters
    ----------
    disturbance
        What was disturbed, and how much.
    options
        Options of the rule, as plain data.
    draws, failed
        How many draws gave an allocation, and how many none because nobody had points left.
    stopped
        How many allocations, the one without the error included, a limit ended before the best was
        known.
    fixed
        How many answers have no order of severities, and stay as they are.
    much
        A change of more than this share of the award counts as much.
    figures
        For everyone (two empty names), for each group, and for each column between its groups
        (the group empty), figures over the draws.
    """

    disturbance: Disturbance
    options: Mapping[str, object]
    draws: int
    failed: int
    stopped: int
    fixed: int
    much: Fraction
    figures: Mapping[tuple[str, str], Mapping[str, Spread]]

    def rows(self) -> Iterator[Figure]:
        """The same as rows of a table: of each figure the mean, and both ends of the interval."""
        for (group_by, group), figures in self.figures.items():
            for name, spread in figures.items():
                ends = {"_low": spread.interval.low, "_high": spread.interval.high}
                for ending, value in {"": spread.mean, **ends}.items():
                    if name in {"users", "award"} and ending:
                        continue
                    unit = UNITS[name]
                    yield Figure(
                        "noise", group_by, group, name + ending, _number(value, unit), unit
                    )


def noise(  # noqa: PLR0913 - each is a thing of its own
    problem: Problem,
    rule: Rule,
    options: Options,
    disturbance: Disturbance,
    *,
    scale: Scale | None = None,
    draws: int = 50,
    much: Share = "0.1",
    progress: Callable[[str], None] | None = None,
) -> Noise | Infeasible | NotApplicable:
    """What a rule gives when assessments are off, beside what it gives when they are not.

    Menus stay as they are: what people buy meets what it really meets.

    Parameters
    ----------
    problem
        Its seed is that of the rule's own lots, and of the draws where they have none.
    rule, options
        What divides the money, or chooses packages: then costs stand for awards.
    disturbance
        How far assessments are off.
    scale
        What ranks severities, where they are disturbed.
    draws
        How often, `LEAST_DRAWS` to `MOST_DRAWS`.
    much
        Which share of the award a change passes to count as much; any change of nothing does.
    progress
        Called with a few words before each draw.

    Raises
    ------
    OptionError
        Where something is out of range or missing, or no draw gives an allocation.
    """
    disturbance.check(problem)
    if not LEAST_DRAWS <= draws <= MOST_DRAWS:
        raise OptionError(f"{draws} draws: say {LEAST_DRAWS} to {MOST_DRAWS:,}")
    limit = fraction(much, "over", 10)
    ranks = scale or Scale()
    base = run(rule, problem, options)
    if not isinstance(base, Allocation):
        return base
    tally, tell = _Tally(problem, base, limit), progress or (lambda _: None)
    for draw in range(draws):
        tell(f"draw {draw + 1} of {draws}")
        tally.add(run(rule, *disturb(problem, options, disturbance, ranks, draw)))
    tally.check(draws, rule.name)
    return Noise(
        disturbance=disturbance,
        options=options.model_dump(mode="json"),
        draws=tally.drawn,
        failed=draws - tally.drawn,
        stopped=tally.stopped,
        fixed=_fixed(problem, disturbance, ranks),
        much=limit,
        figures=tally.spreads(),
    )


class _Tally:
    """Figures of the draws so far; an allocation is forgotten once they are taken."""

    def __init__(self, problem: Problem, base: Allocation, much: Fraction) -> None:
        self.problem, self.base, self.much = problem, base, much
        self.drawn, self.stopped = 0, int(base.certificate.stopped != "finished")
        self.parts = _parts(problem)
        self.found: dict[tuple[str, str], dict[str, list[float]]] = {p: {} for p in self.parts}

    def add(self, outcome: Outcome) -> None:
        """One draw; nothing where it gave no allocation."""
        if not isinstance(outcome, Allocation):
            return
        self.drawn += 1
        self.stopped += outcome.certificate.stopped != "finished"
        figures = _figures(self.problem, self.base, outcome, self.parts, self.much)
        for part, values in figures.items():
            for name, value in values.items():
                self.found[part].setdefault(name, []).append(value)

    def check(self, draws: int, rule: str) -> None:
        """Refuse to say anything where no draw gave an allocation."""
        if not self.drawn:
            raise OptionError(
                f"in none of {draws} draws did rule {rule} give an allocation: take a smaller "
                "error, or more people"
            )

    def spreads(self) -> dict[tuple[str, str], dict[str, Spread]]:
        """Each figure over the draws, in order."""
        return {
            part: {name: _spread(values[name]) for name in UNITS if name in values}
            for part, values in self.found.items()
        }


def noise_on(  # noqa: PLR0913 - each is a thing of its own
    instance: Instance,
    rule: str,
    disturbance: Disturbance,
    *,
    options: Mapping[str, Any] | None = None,
    draws: int = 50,
    much: Share = "0.1",
    progress: Callable[[str], None] | None = None,
) -> Noise | Infeasible | NotApplicable:
    """The same for a rule by its name on an instance, with the scenario's options.

    Severities are ranked by the tariff or the points that the rule uses, or else by the instance's
    table of points; the questionnaire is the rule's unless another is named.
    """
    chosen, given_options = rule_named(rule), instance.scenario.rules
    bind_all(given_options, [], instance)
    own = bind(chosen, {**given_options.get(rule, {}), **(options or {})}, instance)
    asked = getattr(own, "instrument", "") or ""
    seed = instance.scenario.seed if disturbance.seed is None else disturbance.seed
    disturbance = replace(disturbance, instrument=disturbance.instrument or asked, seed=seed)
    table = own
    if not isinstance(own, PointsOptions):
        table = bind(replace(chosen, options=PointsOptions), {}, instance)
    assert isinstance(table, PointsOptions)
    return noise(
        Problem.of(instance),
        chosen,
        own,
        disturbance,
        scale=Scale.of(own, table.points, disturbance.instrument),
        draws=draws,
        much=much,
        progress=progress,
    )


def given(allocation: Allocation) -> IntArray:
    """The money of each user: the award, or the cost where a rule chooses packages."""
    return allocation.cost if allocation.award is None else allocation.award


def _fixed(problem: Problem, disturbance: Disturbance, scale: Scale) -> int:
    if problem.assessment is None or not disturbance.severity_error:
        return 0
    return without_order(problem.assessment, disturbance.instrument, scale.ranked)


def _parts(problem: Problem) -> dict[tuple[str, str], IntArray]:
    parts = {("", ""): np.arange(len(problem.users))}
    for column, labels in problem.users.groups.items():
        parts[column, ""] = labels.codes.astype(np.int64)
        for code in np.unique(labels.codes).tolist():
            parts[column, labels.names[code]] = np.flatnonzero(labels.codes == code)
    return parts


def _figures(
    problem: Problem,
    base: Allocation,
    drawn: Allocation,
    parts: Mapping[tuple[str, str], IntArray],
    much: Fraction,
) -> dict[tuple[str, str], dict[str, float]]:
    """The figures of one draw, by part."""
    before, after = given(base), given(drawn)
    change = after - before
    whole, rest = np.divmod(before, much.denominator)
    # A change of whole units passes a share where it passes it rounded down.
    least = whole * much.numerator + rest * much.numerator // much.denominator
    large = np.abs(change) > least
    other = (base.package != drawn.package) | (base.share != drawn.share)
    found: dict[tuple[str, str], dict[str, float]] = {}
    for (column, group), rows in parts.items():
        if column and not group:
            found[column, group] = {"money_moved_between": _between(change, rows)}
        else:
            found[column, group] = _of_people(
                rows, before, change, large, other, base.met_need - drawn.met_need, problem
            )
    return found


def _of_people(  # noqa: PLR0913, PLR0917 - one column each
    rows: IntArray,
    before: IntArray,
    change: IntArray,
    large: BoolArray,
    other: BoolArray,
    lost: IntArray,
    problem: Problem,
) -> dict[str, float]:
    n, moved = len(rows), exact_sum(np.abs(change[rows]))
    need, less = exact_sum(problem.users.need[rows]), exact_sum(lost[rows])
    return {
        "users": n,
        "award": exact_sum(before[rows]),
        "mean_change": moved / n,
        "share_changed_much": int(large[rows].sum()) / n,
        "share_other_package": int(other[rows].sum()) / n,
        "met_need_lost": less,
        "share_of_need_lost": less / need if need else 0.0,
        "money_gained": exact_sum(change[rows]),
        "money_moved": moved / 2,
    }


def _between(change: IntArray, codes: IntArray) -> float:
    """Half of what groups gain and lose together: money that goes to other groups."""
    sums = np.zeros(int(codes.max()) + 1, dtype=np.int64)
    np.add.at(sums, codes, change)
    return exact_sum(np.abs(sums)) / 2


def _spread(values: Sequence[float]) -> Spread:
    ranked = sorted(values)
    out = len(ranked) // ENDS
    mean = float(sum(map(Fraction, values)) / len(values))
    return Spread(mean, Interval(ranked[out], ranked[-1 - out]))


def _number(value: float, unit: Unit) -> Number:
    return round(value) if unit in {"money", "need", "users"} else value
