"""Bad tables of the points systems: refused with the place and the remedy."""

from pathlib import Path

import pytest

from metneed.__main__ import run

from .spoilt_council import (
    CONDITIONS,
    COUNCIL,
    FROM_NEEDS,
    SCENARIO,
    SHARES,
    changed,
    refused,
    solve,
)


def test_the_council_that_is_spoilt_here_can_be_solved_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in {"scenario.toml": SCENARIO, **COUNCIL}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    for command in (
        CONDITIONS,
        FROM_NEEDS,
        SHARES,
        solve("band_table"),
        solve("ready_reckoner"),
        solve("calibrated_table"),
        solve("package_cut", "cut=0.2"),
        ["path", "--years", "2"],
        ["noise", "--rule", "band_table", "--draws", "2"],
        ["split", "--rule", "band_table", "--budgets", "1700,1500"],
        ["stages", "--rule", "band_table"],
    ):
        assert run([command[0], str(tmp_path), *command[1:]]) == 0
    assert capsys.readouterr().err == ""


HEAD = "from,to,amount\n"
TABLES: list[tuple[dict[str, str | None], list[str], list[str]]] = [
    (
        {"bands.csv": f"{HEAD}0,5,50\n4,,600\n"},
        solve("band_table"),
        ["bands.csv, row 3, column from: '4': overlaps row 2 (0 to 5)", "Let each band begin"],
    ),
    (
        {"bands.csv": f"{HEAD}0,5,50\n9,,600\n"},
        solve("band_table"),
        ["bands.csv, row 3, column from: '9': leaves a gap after row 2 (0 to 5)", "Let each"],
    ),
    (
        {"bands.csv": f"{HEAD}0,,50\n5,,600\n"},
        solve("band_table"),
        ["bands.csv, row 3", "overlaps row 2 (0 and above)"],
    ),
    ({"bands.csv": f"{HEAD}9,5,50\n"}, solve("band_table"), ["row 2, column to", "Exchange"]),
    ({"bands.csv": f"{HEAD}0,,fifty\n"}, solve("band_table"), ["column amount: 'fifty'", "digits"]),
    ({"bands.csv": f"{HEAD}0,,-5\n"}, solve("band_table"), ["column amount: '-5': negative"]),
    ({"bands.csv": HEAD}, solve("band_table"), ["bands.csv: there are no rows", "Add the rows"]),
    ({"bands.csv": None}, solve("band_table"), ["add bands.csv to the instance, or the option"]),
    (
        {"bands.csv": "from,to\n0,5\n"},
        solve("band_table"),
        ["bands.csv, row 1, column amount: the column is missing. Add the column"],
    ),
    (
        {"bands.csv": f"{HEAD}0,20,50\n"},
        solve("band_table"),
        ["user bob: points of 30 are above the last band", "add a band", "above = last"],
    ),
    (
        changed("points.csv", "nutrition,some,5\n", ""),
        FROM_NEEDS,
        [
            "needs.csv, row 5, column severity: 'some'",
            "no points for outcome 'nutrition' of severity 'some', which 1 user has (cat)",
            "Add the row there, with 0 points",
        ],
    ),
    (
        changed("points.csv", "some,4", "some,-4"),
        FROM_NEEDS,
        ["points.csv, row 2, column points: '-4': negative"],
    ),
    (
        changed("points.csv", "some,4", "some,four"),
        FROM_NEEDS,
        ["points.csv, row 2, column points: 'four': not a number"],
    ),
    (
        {"points.csv": COUNCIL["points.csv"] + "hygiene,some,5\n"},
        FROM_NEEDS,
        ["points.csv, row 6", "the same outcome and severity as in row 2", "Keep one"],
    ),
    ({"points.csv": None}, FROM_NEEDS, ["add points.csv to the instance, or the option points"]),
    (
        changed("users.csv", "ann,12", "ann,-12"),
        FROM_NEEDS,
        ["users.csv, row 2, column points: '-12': negative"],
    ),
    (
        changed("users.csv", "ann,12,84", "ann,12,old"),
        CONDITIONS,
        ["users, column age, user ann has 'old'", "plain number of 0 or more"],
    ),
    (
        changed("users.csv", "10,20,", "10,-20,"),
        solve("band_table", "contribution=contribution"),
        ["no column of numbers 'contribution'", "plain number of 0 or more"],
    ),
    ({"needs.csv": "user_id,outcome,severity\n"}, FROM_NEEDS, ["needs.csv: there are no rows"]),
    (
        {"needs.csv": COUNCIL["needs.csv"] + "zoe,,hygiene,some,0,yes\n"},
        FROM_NEEDS,
        ["needs.csv, row 9, column user_id: 'zoe'", "Add the user there, or delete the row"],
    ),
    (
        changed("needs.csv", "0.25", "1.5"),
        FROM_NEEDS,
        ["needs.csv, row 5, column informal: '1.5': greater than 1"],
    ),
    (
        changed("needs.csv", "0.25,yes", "0.25,maybe"),
        FROM_NEEDS,
        ["needs.csv, row 5, column eligible: 'maybe'", "Write yes or no"],
    ),
    (
        {},
        [*FROM_NEEDS, "--option", "instrument=condition"],
        ["no questionnaire called 'condition'; did you mean conditions?"],
    ),
    (
        changed("needs.csv", "ann,,hygiene", "ann,care_act,hygiene")
        | {"needs.csv": "user_id,instrument,outcome,severity\nann,care_act,hygiene,some\n"},
        FROM_NEEDS,
        ["say which, as instrument = 'care_act'"],
    ),
    (
        {},
        solve("condition_tariff"),
        [
            "no row for condition 'hygiene', severity 'much', which 1 user has",
            "say instrument = NAME (there are: (no name), conditions)",
        ],
    ),
    ({"tariff.csv": None}, CONDITIONS, ["add tariff.csv to the instance, or the option tariff"]),
    (
        changed("tariff.csv", "dementia,mild,150\n", ""),
        CONDITIONS,
        ["no row for condition 'dementia', severity 'mild'", "add one, with 0"],
    ),
    (
        changed("ages.csv", "65,,1.2", "67,,1.2"),
        CONDITIONS,
        ["ages.csv, row 3, column from: '67': leaves a gap after row 2 (0 to 64)"],
    ),
    (
        changed("ages.csv", "65,,1.2", "65,80,1.2"),
        CONDITIONS,
        ["ages: user ann is 84, and no band of ages holds that: add a band"],
    ),
    (
        changed("users.csv", "age,", "years,"),
        CONDITIONS,
        ["age: users have no column of numbers 'age'; there are: years"],
    ),
    (
        changed("rates.csv", "meals,6,\n", ""),
        solve("ready_reckoner"),
        [
            "reckoner.csv, row 4, column service_id: 'meals': rates.csv has no rate",
            "Add the service there, with its rate",
        ],
    ),
    ({"rates.csv": None}, solve("ready_reckoner"), ["add rates.csv to the instance"]),
    (
        changed("rates.csv", "18.50", "£18.50"),
        solve("ready_reckoner"),
        ["rates.csv, row 2, column rate: '£18.50': a currency sign beside the amount"],
    ),
    (
        changed("rates.csv", "18.50", "-18.50"),
        solve("ready_reckoner"),
        ["rates.csv, row 2, column rate: '-18.50': negative"],
    ),
    (
        {"rates.csv": COUNCIL["rates.csv"] + "meals,9,\n"},
        solve("ready_reckoner"),
        ["rates.csv, row 4", "the same service_id as in row 3"],
    ),
    ({"reckoner.csv": None}, solve("ready_reckoner"), ["add reckoner.csv (outcome, severity"]),
    (
        changed("reckoner.csv", "nutrition,some,meals,7\n", ""),
        solve("ready_reckoner"),
        ["no row for outcome 'nutrition', severity 'some', which 1 user has; add one"],
    ),
    (
        {"shares.csv": "group,share\nolder,0.8\nyounger,0.5\n"},
        SHARES,
        ["the shares make 1.3 of the money together; give at most 1"],
    ),
    (
        {"shares.csv": "group,share\nolder,1.2\nyounger,0.1\n"},
        SHARES,
        ["shares.csv, row 2, column share: '1.2': greater than 1"],
    ),
    (
        {"shares.csv": "group,share\nolder,0.8\n"},
        SHARES,
        ["the group 'younger' has no share, and 2 users are in it: add a row, with 0"],
    ),
    (
        {"shares.csv": COUNCIL["shares.csv"] + "middle,0.01\n"},
        SHARES,
        ["shares: there is no group called 'middle'; known: older, younger"],
    ),
    (
        {"sample.csv": "points,cost\n2,30\n4,60\n"},
        solve("calibrated_table"),
        ["needs at least 3", "add people whose points and cost are known, or hold fewer back"],
    ),
    (
        changed("sample.csv", "4,70", "four,70"),
        solve("calibrated_table"),
        ["sample.csv, row 3, column points: 'four': not a number"],
    ),
]


@pytest.mark.parametrize(("files", "command", "words"), TABLES)
def test_a_bad_table_is_refused_with_its_place_and_the_remedy(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str | None],
    command: list[str],
    words: list[str],
) -> None:
    said = refused(tmp_path, capsys, files, command)

    assert [word for word in words if word not in said] == [], said


NO_POINTS = "user_id,points\nann,0\nbob,0\ncat,0\ndan,0\n"
WORTHLESS = "outcome,severity,points\n" + "".join(
    f"{outcome},{severity},0\n"
    for outcome in ("hygiene", "nutrition")
    for severity in ("some", "much")
)


@pytest.mark.parametrize(
    ("files", "command", "words"),
    [
        ({"users.csv": NO_POINTS}, solve("points_proportional"), "nobody has any points"),
        ({"points.csv": WORTHLESS}, FROM_NEEDS, "points above 0 in the table of points"),
        ({"needs.csv": None}, FROM_NEEDS, "no table of assessed needs: add needs.csv"),
        ({"needs.csv": None}, solve("ready_reckoner"), "add needs.csv, or say hours"),
        ({"needs.csv": None}, CONDITIONS, "which would name conditions: add needs.csv"),
        ({"previous.csv": None}, solve("package_cut", "cut=0.2"), "not applicable"),
    ],
)
def test_where_nothing_can_be_divided_that_is_the_answer_with_the_remedy_and_code_2(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str | None],
    command: list[str],
    words: str,
) -> None:
    folder, out = tmp_path / "council", tmp_path / "out"
    folder.mkdir()
    for name, text in {"scenario.toml": SCENARIO, **COUNCIL, **files}.items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")

    assert run([command[0], str(folder), *command[1:], "--out", str(out)]) == 2
    assert words in capsys.readouterr().out
    assert [path.name for path in out.iterdir()] == ["result.json"]
