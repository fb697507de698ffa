import csv
import importlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from benchmarks import contest as contests
from benchmarks.competitor import Competitor
from benchmarks.contest import Contest
from benchmarks.entry import Entry
from benchmarks.environment import environments, python_of
from benchmarks.instances import programme
from benchmarks.measure import ROOT, RunError
from benchmarks.own import METNEED, best
from benchmarks.programme import Programme
from benchmarks.records import record_of, write_records
from benchmarks.registry import Case, Measured, Size, competitors
from benchmarks.rounds import times_ours
from benchmarks.tables import tables

WHOLE = Programme(np.array([0, 2, 3]), np.array([3, 6, 4]), np.array([5, 8, 6]), 9, divisible=False)
CONTEST = Contest("by hand", WHOLE, Fraction(11), limit=30, repeats=2)

CONTESTANTS = """
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.competitor import Attempt, Competitor


def first_of_each(programme, limit):
    shares = np.zeros(programme.n_packages)
    shares[programme.offsets[:-1]] = 1
    return Attempt(0.25, limit / 100, "done", claims_optimal=True, value=11, shares=shares)


def fails(programme, limit):
    raise ValueError("no such luck")


def sleeps(programme, limit):
    code = "import time; time.sleep(600)"
    started = subprocess.Popen([sys.executable, "-c", code])
    print("started", started.pid, flush=True)
    time.sleep(600)


def case(folder):
    from benchmarks.contest import attempt

    attempt(Competitor("sleeps", "sleeps", ("whole",), sleeps), Path(folder), 600, 1)


def program(folder):
    from benchmarks.measure import in_child

    in_child(case, folder=folder)
"""


@pytest.fixture
def contestant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Competitor:
    """A competitor whose attempt is found in a module of this test."""
    (tmp_path / "contestants_by_hand.py").write_text(CONTESTANTS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    module = importlib.import_module("contestants_by_hand")
    return Competitor("by_hand", "by hand", ("whole",), module.first_of_each)


def named(contestant: Competitor, name: str) -> Competitor:
    module = importlib.import_module(contestant.attempt.__module__)
    return replace(contestant, attempt=getattr(module, name))


def entry(**changes: object) -> Entry:
    given = {
        "family": "weak",
        "users": 10,
        "kind": "whole",
        "contestant": "by_hand",
        "title": "by hand",
        "limit": 60,
        "state": "answered",
        "build": 1,
        "solve": 2,
        "says": "done",
        "value": 11,
        "gap": 0,
    }
    return Entry.model_validate(given | changes)


def test_an_answer_comes_back_from_its_process_and_is_judged(contestant: Competitor) -> None:
    found = CONTEST.entry(contestant)

    assert (found.state, found.build, found.solve, found.runs) == ("answered", 0.25, 0.3, 2)
    assert (found.value, found.gap, found.faults) == (11, 0, [])
    assert found.memory
    assert found.memory > 0


def test_a_contestant_that_fails_is_named_with_its_last_words(contestant: Competitor) -> None:
    found = CONTEST.entry(named(contestant, "fails"))

    assert (found.state, found.why) == ("failed", "ValueError: no such luck (code 1)")
    assert found.seconds is None


def test_what_overruns_its_limit_is_killed_with_all_that_it_started(
    contestant: Competitor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(contests, "GRACE", 4.0)
    WHOLE.save(tmp_path / "programme.npz")

    done = contests.attempt(named(contestant, "sleeps"), tmp_path, limit=1, repeats=1)

    assert done.killed
    assert done.answer is None
    _, child = (tmp_path / "said").read_text(encoding="utf-8").split()
    assert ended(int(child))


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no groups of processes")
def test_an_interruption_ends_contestants_too(contestant: Competitor, tmp_path: Path) -> None:
    WHOLE.save(tmp_path / "programme.npz")
    code = f"import contestants_by_hand; contestants_by_hand.program({str(tmp_path)!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True
    )
    said = tmp_path / "said"
    for _ in range(600):
        if said.exists() and said.read_text(encoding="utf-8").endswith("\n"):
            break
        time.sleep(0.05)
    _, child = said.read_text(encoding="utf-8").split()

    os.killpg(process.pid, signal.SIGINT)

    assert process.wait(60) != 0
    assert ended(int(child))


def ended(process: int) -> bool:
    """Whether a process is gone or only waits to be cleared away by who started it."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{process}/stat")
        if (
            status.exists()
            and status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
        ):
            return True
        time.sleep(0.05)
    return False


def test_who_is_killed_counts_as_the_limit(
    contestant: Competitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contests, "GRACE", 1.0)

    found = replace(CONTEST, limit=0.5).entry(named(contestant, "sleeps"))

    assert (found.state, found.seconds, found.reached_limit) == ("killed", 0.5, True)


def test_what_is_not_installed_is_reported_by_name(contestant: Competitor) -> None:
    module = replace(contestant, requires=("json", "no_such_module"))
    environment = replace(contestant, environment="no_such_environment")

    assert CONTEST.entry(module).why == "no_such_module"
    assert CONTEST.entry(environment).why == "environment no_such_environment"
    assert CONTEST.entry(module).state == CONTEST.entry(environment).state == "missing"


def test_every_environment_that_a_competitor_names_can_be_made() -> None:
    asked = {one.environment for one in competitors().values() if one.environment}

    assert asked == set(environments())
    assert python_of("ortools").parts[-4:-2] == ("ortools", ".venv")


@pytest.mark.parametrize(
    ("name", "kind"), [(one.name, kind) for one in competitors().values() for kind in one.kinds]
)
def test_every_competitor_gives_a_good_answer_to_a_small_problem(name: str, kind: str) -> None:
    competitor = competitors()[name]
    if competitor.missing:
        pytest.skip(f"not installed: {', '.join(competitor.missing)}")
    made = programme("uncorrelated", 30, "divisible" if kind == "lp" else "whole")

    found = Contest("uncorrelated", made, best(made), limit=30, repeats=1).entry(competitor)

    assert (found.state, found.why) == ("answered", "")
    assert found.gap is not None
    assert -1e-4 < found.gap < 1e-3
    assert not [fault for fault in found.faults if "says" in fault and "optimal" not in fault]


@pytest.mark.parametrize("packages", ["divisible", "whole"])
@pytest.mark.parametrize("family", ["uncorrelated", "weak", "strong", "council"])
def test_our_own_answer_passes_the_same_check(family: str, packages: str) -> None:
    made = programme(family, 40, packages)  # type: ignore[arg-type]

    found = Contest(family, made, best(made), limit=30, repeats=1).entry(METNEED)

    assert (found.state, found.faults) == ("answered", [])
    assert found.claims_optimal
    assert found.gap == pytest.approx(0, abs=1e-9)


def test_who_reached_the_limit_counts_as_the_limit_against_ours() -> None:
    own = entry(contestant="metneed", build=0, solve=0.5)
    slow = entry(contestant="slow", state="killed", build=None, solve=None)
    late = entry(contestant="late", build=1, solve=62)
    out = entry(contestant="out", state="not tried", build=None, solve=None)
    measured = Measured({}, [own, slow, late, out, entry(contestant="quick")])

    assert times_ours(measured, 10, ("slow",)).value == 120
    assert times_ours(measured, 10, ("late",)).value == 120
    assert times_ours(measured, 10, ("out",)).value == 120
    assert times_ours(measured, 10, ("slow", "quick")).value == 6
    with pytest.raises(RunError, match="nothing to compare with at 10 users: nobody"):
        times_ours(measured, 10, ("nobody",))


def test_the_table_says_what_is_wrong_and_who_is_missing() -> None:
    rows = tables(
        [
            entry(contestant="metneed", title="metneed", build=0, solve=0.5, claims_optimal=True),
            entry(title="wrong", gap=0.01, faults=["says optimal, but 3 more is possible"]),
            entry(title="modest", gap=0.01),
            entry(title="stuck", state="killed", build=None, solve=None, why="overran"),
            entry(title="absent", state="missing", build=None, solve=None, why="scipy"),
        ]
    )

    assert rows[0] == "10 users, limit 60 s:"
    assert "| metneed | 0 s | 0.5 s | 1 |  | done | 0 | right |" in rows
    assert (
        "| wrong | 1 s | 2 s | 6 |  | done | 1 % | **says optimal, but 3 more is possible** |"
        in rows
    )
    assert "| modest | 1 s | 2 s | 6 |  | done | 1 % | may be given |" in rows
    assert (
        "| stuck |  | more than 60 s | more than 120 |  | killed: overran |  | no answer |" in rows
    )
    assert "| absent |  |  |  |  | missing: scipy |  |  |" in rows


def test_the_table_of_contests_has_a_row_for_each_entry(tmp_path: Path) -> None:
    case = Case("trial", "Title", "Counts.", {"full": Size(10), "small": Size(1)}, lambda *_: {})
    found = Measured({}, [entry(faults=["spends 1 more than the budget", "says 2"]), entry()])

    write_records(
        [record_of(case, "full", 0, 1, found)],
        *(tmp_path / name for name in ("lines", "table", "contests")),
    )

    rows = list(csv.DictReader((tmp_path / "contests").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 2
    assert rows[0]["case"] == "trial"
    assert (rows[0]["title"], rows[0]["solve"]) == ("by hand", "2.0")
    assert rows[0]["faults"] == "spends 1 more than the budget; says 2"
