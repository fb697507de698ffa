import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.measure import ROOT, RunError, command, in_child, load
from benchmarks.page import PAGE, page
from benchmarks.records import (
    CONTESTS,
    JSON_LINES,
    TABLE,
    Record,
    number,
    read_records,
    record_of,
    write_records,
)
from benchmarks.registry import Case, Figure, Measured, Size, Target, cases
from benchmarks.run import measured_of, run


def walk(size: Size, work: Path) -> dict[str, Figure]:
    return {"time": Figure(2.5, "s"), "steps": Figure(size.users, "steps")}


CASE = Case(
    name="walk",
    title="Walking",
    counts="Steps.",
    sizes={"full": Size(7), "small": Size(1)},
    run=walk,
    targets=(Target("time", "at most", 2), Target("steps", "at least", 7)),
)


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("benchmarks")


def measured(**figures: float) -> Record:
    found = Measured({name: Figure(value, "s") for name, value in figures.items()})
    return record_of(CASE, "full", 0.1, 3.0, found)


@pytest.mark.parametrize("name", cases())
def test_every_case_runs_and_measures_what_its_targets_name(name: str, work: Path) -> None:
    case = cases()[name]
    if case.missing:
        pytest.skip(f"not installed: {', '.join(case.missing)}")

    figures = measured_of(case, "small", work).figures

    assert {target.figure for target in case.targets} <= set(figures)
    assert all(figure.value >= 0 and figure.unit for figure in figures.values())


def test_the_page_is_what_the_results_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(cases(), read_records())


def test_the_table_is_what_the_records_say(tmp_path: Path) -> None:
    lines, table, contests = (tmp_path / name for name in ("lines", "table", "contests"))

    write_records(read_records().values(), lines, table, contests)

    assert lines.read_bytes() == JSON_LINES.read_bytes()
    assert table.read_bytes() == TABLE.read_bytes()
    assert contests.read_bytes() == CONTESTS.read_bytes()


@pytest.mark.parametrize("name", cases())
def test_results_were_judged_by_the_targets_that_stand(name: str) -> None:
    record = read_records().get(name)
    if record is None:
        pytest.skip("not measured yet, as the page says")

    judged = [(target.figure, target.bound, target.value) for target in record.targets]

    assert judged == [(t.figure, t.bound, t.value) for t in cases()[name].targets]
    assert record.size == "full"


def test_a_target_is_met_at_its_edge_and_not_beyond() -> None:
    assert Target("time", "at most", 2).met({"time": Figure(2, "s")})
    assert not Target("time", "at most", 2).met({"time": Figure(2.001, "s")})
    assert Target("ratio", "at least", 100).met({"ratio": Figure(100, "times")})
    assert not Target("ratio", "at least", 100).met({"ratio": Figure(99.9, "times")})


def test_a_missed_target_stands_in_the_summary_and_in_the_table() -> None:
    text = page({"walk": CASE}, {"walk": measured(time=2.5, steps=9)})

    assert "1 of 2 targets are met." in text
    assert "- Walking: time is 2.5 s, meant to be at most 2" in text
    assert "| time | 2.5 s | at most 2 | **not met** |" in text
    assert "| steps | 9 s | at least 7 | met |" in text


def test_a_small_run_judges_no_target() -> None:
    found = Measured({"time": Figure(9, "s"), "steps": Figure(1, "s")})
    record = record_of(CASE, "small", 0.1, 3.0, found)

    assert [target.met for target in record.targets] == [None, None]
    assert not record.fell_short


def test_what_is_not_installed_is_named_on_the_page(tmp_path: Path) -> None:
    case = replace(CASE, requires=("json", "no_such_module"))

    record = run(case, "full", tmp_path)

    assert record.missing == ["no_such_module"]
    text = page({"walk": case}, {"walk": record})
    assert "Not measured: walk." in text
    assert "Not measured: no_such_module missing." in text


def test_a_case_without_a_record_is_named_on_the_page() -> None:
    text = page({"walk": CASE}, {})

    assert "0 of 0 targets are met." in text
    assert "Not measured: walk." in text


def test_records_survive_being_written(tmp_path: Path) -> None:
    record = measured(time=1.5, steps=7)

    write_records([record], tmp_path / "lines", tmp_path / "table", tmp_path / "contests")

    assert read_records(tmp_path / "lines") == {"walk": record}
    assert (tmp_path / "table").read_text(encoding="utf-8").splitlines() == [
        "case,users,figure,value,unit,target,met",
        "walk,7,time,1.5,s,at most 2,True",
        "walk,7,steps,7.0,s,at least 7,True",
    ]
    assert read_records(tmp_path / "nothing") == {}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234.5, "1,230"),
        (999.6, "1,000"),
        (12.345, "12.3"),
        (10, "10"),
        (0.00512, "0.00512"),
    ],
)
def test_figures_are_shown_to_three_digits(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel keeps no such mark")
def test_the_peak_of_a_child_leaves_out_what_its_parent_holds() -> None:
    held = np.ones(2**25)

    result, peak = in_child(load)

    assert held.nbytes == 2**28
    assert result >= 0
    assert peak < 2**-2


def test_a_child_that_fails_is_an_error() -> None:
    with pytest.raises(RunError, match=r"benchmarks.measure:command ended with code 1"):
        in_child(command, arguments=[sys.executable, "-c", "raise SystemExit(3)"])


def test_a_command_that_fails_says_how() -> None:
    with pytest.raises(RunError, match=r"code 3 from -c .* no such rule"):
        command([sys.executable, "-c", "import sys; print('no such rule'); sys.exit(3)"])


def test_a_command_may_end_with_the_codes_that_are_named() -> None:
    assert command([sys.executable, "-c", "raise SystemExit(4)"], codes=(0, 4)) > 0


def test_an_unknown_case_is_refused_with_the_names_there_are() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "new_budgets"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "no case new_budgets; there are: " in done.stderr
    assert "new_budget," in done.stderr
