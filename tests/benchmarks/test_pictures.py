import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks.entry import Entry
from benchmarks.page import page
from benchmarks.picture_data import LEAST_GAP, gap, memory, time_lp, time_whole
from benchmarks.pictures import FOLDER, draw
from benchmarks.records import Record, read_records, record_of
from benchmarks.registry import Case, Figure, Measured, Size, cases

SVG = "{http://www.w3.org/2000/svg}"


def entry(contestant: str, users: int, **changes: object) -> Entry:
    given = {
        "family": "weak",
        "users": users,
        "kind": "whole",
        "contestant": contestant,
        "title": contestant,
        "limit": 60,
        "state": "answered",
        "build": 0,
        "solve": users / 1000,
        "memory": 0.5,
        "value": 1,
        "gap": 0,
    }
    return Entry.model_validate(given | changes)


def record(name: str, entries: list[Entry], **figures: float) -> Record:
    case = Case(name, "Title", "Counts.", {"full": Size(1000), "small": Size(1)}, lambda *_: {})
    found = {label: Figure(value, "s") for label, value in figures.items()}
    return record_of(case, "full", 0, 1, Measured(found, entries))


@pytest.fixture
def records() -> dict[str, Record]:
    whole = [
        entry("metneed", 10),
        entry("metneed", 100),
        entry("slow", 10, gap=0.25),
        entry("slow", 100, state="killed", build=None, solve=None, gap=None),
        entry("absent", 10, state="missing", build=None, solve=None, memory=None),
    ]
    lp = [entry("metneed", 10, kind="lp", family="uncorrelated")]
    kept = {"whole_weak": whole, "lp_against_others": lp}
    large = {
        f"{family}, {step}: whole packages": 7.0
        for family in ("uncorrelated", "weak", "strong", "council")
        for step in ("a tenth", "largest size")
    }
    longest = {f"{step}: packages to optimum": 8.0 for step in ("a tenth", "largest size")}
    return {
        **{name: record(name, entries) for name, entries in kept.items()},
        "whole_large": record("whole_large", [], **large),
        "lp": record("lp", [], **longest),
    }


def test_times_are_those_of_the_records_and_ours_go_on_to_the_largest_size(
    records: dict[str, Record],
) -> None:
    weak = [
        (point["contestant"], point["users"], point["seconds"])
        for point in time_whole(records)
        if point["panel"] == "weak"
    ]

    assert weak == [
        ("metneed", 10, 0.01),
        ("metneed", 100, 0.1),
        ("slow", 10, 0.01),
        ("slow", 100, 60),
        ("metneed", 100, 7),
        ("metneed", 1000, 7),
    ]
    assert [(point["users"], point["seconds"]) for point in time_lp(records)] == [
        (10, 0.01),
        (1000, 8),
    ]


def test_who_was_killed_is_drawn_at_the_limit_and_marked(records: dict[str, Record]) -> None:
    marks = {(point["contestant"], point["users"]): point["how"] for point in time_whole(records)}

    assert marks["slow", 100] == "at the limit, or killed there"
    assert marks["slow", 10] == "answer"


def test_gaps_are_of_answers_that_may_be_given_and_no_gap_is_drawn_at_the_bottom(
    records: dict[str, Record],
) -> None:
    points = [(point["contestant"], point["panel"], point["gap"]) for point in gap(records)]

    assert points == [("metneed", "weak, 100 users", LEAST_GAP)]


def test_memory_is_of_uncorrelated_menus(records: dict[str, Record]) -> None:
    assert [(point["panel"], point["memory"]) for point in memory(records)] == [
        ("part packages", 0.5)
    ]


def test_pictures_are_drawn_of_what_there_is_and_shown_on_the_page(
    records: dict[str, Record], tmp_path: Path
) -> None:
    drawn = draw(records, tmp_path / "new")

    assert [path.name for path in drawn] == [
        "time-whole.svg",
        "time-lp.svg",
        "gap.svg",
        "memory.svg",
    ]
    root = ET.fromstring(drawn[0].read_text(encoding="utf-8"))  # noqa: S314 - our own
    words = {text.text for text in root.iter(f"{SVG}text")}
    assert {"metneed", "slow", "weak", "Users", "Seconds, building and solving"} <= words
    known = {name: cases()[name] for name in records}
    text = page(known, records)
    assert all(f"](benchmarks/{path.name})" in text for path in drawn)
    assert "Competitors that are missing: absent ()." in text


def test_nothing_is_drawn_of_nothing(tmp_path: Path) -> None:
    assert draw({}, tmp_path) == []
    assert "In pictures" not in page({}, {})


def test_every_picture_on_the_page_is_there() -> None:
    text = page(cases(), read_records())
    shown = {path.name for path in FOLDER.glob("*.svg") if f"benchmarks/{path.name})" in text}

    assert shown == {path.name for path in FOLDER.glob("*.svg")}
    assert text.count("](benchmarks/") == len(shown)
