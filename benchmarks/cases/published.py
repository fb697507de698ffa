"""Published problems with several limits, from their files to a checked answer."""

import csv
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import ROOT
from benchmarks.registry import Case, Figure, Figures, Size, Target
from metneed.instances.importers import import_problems
from metneed.models.allocation import Allocation
from metneed.models.instance import Instance
from metneed.models.settings import Settings
from metneed.solver.solve import solve

DATA = ROOT.parent / "shared" / "data"
"""Where the public problems are; without them every figure says that nothing was reached."""

HIREMATH, KHAN, ASSIGNMENT, UNEQUAL = (
    "mmkp-hiremath-hill",
    "mmkp-khan",
    "gap-orlib",
    "mmkp-inst",
)
REACHED = {
    HIREMATH: "equal to the published optimum",
    KHAN: "equal to the published optimum",
    # Of one of them only the best found is published.
    ASSIGNMENT: "as good as published, or better",
}
OPEN = ("I04", "I07", "I10", "I12")
"""Problems of Khan without a proven optimum."""

UNEQUAL_FILES = ("mmkp_c_21.txt", "mmkp_c_22.txt")
LARGE = ("TestSet.100GP10IT10KP.txt", "TestSet.200GP10IT10KP.txt")
"""Problems of Hiremath and Hill with 100 and 200 users."""

HARD = "gapb.txt"
FALSE = "claims of optimal that are not"
SECONDS = 60.0


@dataclass(frozen=True)
class Trial:
    """What came of one problem, beside what was published and whether that is a proven optimum."""

    file: str
    value: Fraction
    bound: Fraction
    published: Fraction
    certain: bool
    proved: bool
    seconds: float

    @property
    def is_reached(self) -> bool:
        """Whether the value is the published optimum, or no worse where none is proved."""
        better = self.value > self.published and not self.certain
        return better or self.value == self.published

    @property
    def gap(self) -> float:
        """The proved gap in per cent of the value."""
        return float((self.bound - self.value) / abs(self.value) * 100)


def run(size: Size, work: Path) -> Figures:  # noqa: ARG001 - the contract
    """How many optima are reached and proved, in how long; gaps where none is known."""
    full = size.limit == SECONDS
    found = {
        HIREMATH: _trials(HIREMATH, "mmkp", "published_exact_or_best", size, full=full),
        KHAN: _trials(KHAN, "mmkp", "best_known", size, full=full),
        ASSIGNMENT: _trials(ASSIGNMENT, "gap", "best_minimum_found_here", size, full=full),
        UNEQUAL: _trials(UNEQUAL, "mmkp", "best_known_in_source", size, full=full),
    }
    figures: Figures = {}
    false = 0
    for name, trials in found.items():
        known = [trial for trial in trials if name != UNEQUAL and trial.file not in OPEN]
        if name != UNEQUAL:
            reached = [trial for trial in known if trial.is_reached]
            proved = sum(trial.proved for trial in reached)
            times = [trial.seconds for trial in known]
            figures |= {
                f"{name}: problems": Figure(len(known), "problems"),
                f"{name}: {REACHED[name]}": Figure(len(reached), "problems"),
                f"{name}: proved as well": Figure(proved, "problems"),
                f"{name}: all together": Figure(sum(times), "s"),
                f"{name}: slowest": Figure(max(times, default=0), "s"),
            }
        wrong = [trial for trial in known if trial.proved and trial.value != trial.published]
        false += sum(trial.certain for trial in wrong)
        last = {trial.file: trial for trial in trials}
        for file in {KHAN: OPEN, UNEQUAL: UNEQUAL_FILES}.get(name, ()):
            trial = last.get(file)
            figures[f"{name}: {file}, proved gap"] = Figure(trial.gap if trial else 100.0, "%")
            if trial:
                for word, value in (("value", trial.value), ("best known", trial.published)):
                    figures[f"{name}: {file}, {word}"] = Figure(float(value), "value")
    large = [trial for trial in found[HIREMATH] if trial.file in LARGE]
    hard = [trial for trial in found[ASSIGNMENT] if trial.file == HARD]
    figures |= {
        f"{HIREMATH}: large problems proved": Figure(sum(t.proved for t in large), "problems"),
        f"{HIREMATH}: slowest of them": Figure(max((t.seconds for t in large), default=0), "s"),
        f"{ASSIGNMENT}: {HARD}, proved": Figure(sum(t.proved for t in hard), "problems"),
        f"{ASSIGNMENT}: {HARD}, widest proved gap": Figure(
            max((t.gap for t in hard), default=100.0), "%"
        ),
    }
    return figures | {FALSE: Figure(false, "problems")}


def _trials(folder: str, form: str, column: str, size: Size, *, full: bool) -> list[Trial]:
    """Every problem of a folder; of each file only the first in a small run."""
    return list(_each(folder, form, column, size.limit, full)) if DATA.is_dir() else []


def _each(folder: str, form: str, column: str, limit: float, full: bool) -> Iterator[Trial]:
    rows: dict[str, list[Mapping[str, str]]] = {}
    with (DATA / folder / "expected.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["file"], []).append(row)
    wanted = UNEQUAL_FILES if folder == UNEQUAL else tuple(rows)
    for name in sorted(wanted) if full else sorted(wanted)[:1]:
        with TemporaryDirectory() as out:
            made = import_problems(form, DATA / folder / name).write(Path(out) / "problems")
            pairs = list(zip(made.values(), rows[name], strict=True))
        for instance, row in pairs if full else pairs[:1]:
            certain = row.get("proved_optimal_here") != "False"
            published = Fraction(row[column]) * (-1 if form == "gap" else 1)
            yield _trial(name, instance, (published, certain), limit)


def _trial(name: str, instance: Instance, published: tuple[Fraction, bool], limit: float) -> Trial:
    """One problem; where the least cost is asked for, value and bound are costs below 0."""
    start = time.perf_counter()
    found = solve(instance, "met_need_whole", settings=Settings(time_limit=limit))
    taken = time.perf_counter() - start
    assert isinstance(found, Allocation), f"{name}: {found}"
    said = found.certificate
    assert said.upper_bound is not None
    value, bound = (Fraction(each, said.scale) for each in (said.value, said.upper_bound))
    if published[0] < 0:
        # The met need is so much for everybody, less the cost.
        everybody = value + found.total_cost
        value, bound = value - everybody, bound - everybody
    return Trial(name, value, bound, *published, said.is_optimal, taken)


CASE = Case(
    name="published",
    title="Published problems with several limits",
    counts=(
        "Multiple-choice knapsacks with 5 to 30 resources and assignments to agents, imported "
        "from the files they were published in. Counted is the rule met_need_whole on the "
        f"instance in memory, with a limit of {SECONDS:.0f} seconds; importing is not. A gap is "
        "between the value and the bound that is proved in integers, in per cent of the value."
    ),
    sizes={"full": Size(0, limit=SECONDS), "small": Size(0, limit=2)},
    run=run,
    targets=(
        Target(f"{HIREMATH}: {REACHED[HIREMATH]}", "at least", 150),
        Target(f"{HIREMATH}: proved as well", "at least", 150),
        Target(f"{HIREMATH}: large problems proved", "at least", 20),
        Target(f"{KHAN}: proved as well", "at least", 5),
        Target(f"{ASSIGNMENT}: {REACHED[ASSIGNMENT]}", "at least", 12),
        *(Target(f"{KHAN}: {name}, proved gap", "at most", 2) for name in OPEN),
        Target(FALSE, "at most", 0),
    ),
)
