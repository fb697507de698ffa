"""Bad options of the points systems: refused with their name and what they take."""

from pathlib import Path

import pytest

from metneed.__main__ import run

from .spoilt_council import CONDITIONS, COUNCIL, SHARES, on_path, refused, solve, stated

ADJUSTED = "adjustments = [{{name = '{}', factor = {}}}, {{name = 'inflation', factor = 1.1}}]"
PATH = ["path", "--rules", "points_proportional"]
NOISE = ["noise", "--rule", "points_proportional"]
SPLIT = ["split", "--rule", "points_proportional"]
STAGES = ["stages", "--rule", "points_proportional"]
POINTS = "points_proportional"
OPTIONS: list[tuple[dict[str, str], list[str], list[str]]] = [
    (
        stated("band_table", "bands = [{from = 0, to = 5, amount = 3}, {from = 3, amount = 7}]"),
        solve("band_table"),
        ["band 1 (0 to 5) and band 2 (3 and above) overlap", "end one before the other begins"],
    ),
    (
        stated("band_table", "bands = [{from = 0, to = 5, amount = 3}, {from = 9, amount = 7}]"),
        solve("band_table"),
        ["band 1 (0 to 5) and band 2 (9 and above) leave a gap", "extend one or add a band"],
    ),
    (
        {},
        solve("band_table", "bands=[{from = 0, to = 9, amount = 10}]"),
        ["user ann: points of 12 are above the last band, which ends at 9"],
    ),
    (
        stated("band_table", "bands = [{from = 0, amout = 3}]"),
        solve("band_table"),
        [
            "bands, row 1, column amount: it is missing",
            "bands, row 1, column amout: a row has no such column (given 3)",
        ],
    ),
    (
        {},
        solve("band_table", "bands=low"),
        ["bands: it takes a list (given 'low')", "scenario.toml, or --option 'bands=[...]'"],
    ),
    (
        {},
        solve("band_table", "bands=[{from=0,"),
        ["--option bands: [{from=0, is no list or table of TOML", "[{from = 0, to = 9"],
    ),
    (
        {},
        solve("cost_of_need", "exclude=ann"),
        ["exclude: it takes a list (given 'ann')"],
    ),
    (
        {},
        solve("cost_of_need", 'exclude=["Ann", "zoe"]'),
        ["exclude: there is no user called 'Ann'; did you mean ann"],
    ),
    (
        stated("band_table", 'cap = 100\ncap_exceptions = ["zoe"]'),
        solve("band_table"),
        ["cap_exceptions: there is no user called 'zoe'; known: ann, bob, cat, dan"],
    ),
    ({}, solve("band_table", 'cap_exceptions=["ann"]'), ["cap_exceptions goes with cap: say"]),
    ({}, solve("band_table", "add_on_from=5"), ["add_on_from goes with add_on, the column"]),
    ({}, solve("band_table", "overrides_share=0.1"), ["overrides_uplift go together"]),
    ({}, solve("condition_tariff", "overlap=flat"), ["how a discount grows: give a discount"]),
    ({}, solve("ready_reckoner", "uplift_rounding=down"), ["give an uplift, too"]),
    ({}, solve("care_grade", "in_kind=0.7"), ['combination: say form = "combination"']),
    ({}, solve("band_table", "cap=-1"), ["cap: input should be greater than or equal to 0"]),
    ({}, solve("band_table", "cap=much"), ["cap: input should be a valid decimal (given 'much')"]),
    (
        {},
        solve("band_table", "capp=5"),
        ["there is no option 'capp' (given '5'); did you mean cap?", "its options: "],
    ),
    ({}, solve("band_table", "cap"), ["--option 'cap' is not of the form name=value"]),
    (
        stated("band_table", ADJUSTED.format("inflation", "1.2")),
        solve("band_table"),
        ["adjustments: inflation, inflation: each may stand there once"],
    ),
    (
        stated("band_table", ADJUSTED.format("luck", "1.2")),
        solve("band_table"),
        ["adjustments, row 1, column name: input should be 'contingency', 'deflator'", "'luck'"],
    ),
    (
        stated("band_table", ADJUSTED.format("contingency", "1.2")),
        solve("band_table"),
        ["a contingency of factor 1.2 would raise awards; write 0.95 to keep 5 %"],
    ),
    (
        stated("band_table", ADJUSTED.format("deflator", "-1")),
        solve("band_table"),
        ["adjustments, row 1, column factor: input should be greater than or equal to 0"],
    ),
    ({}, solve(POINTS, "contingency=1.2"), ["contingency: input should be less than 1"]),
    ({}, solve(POINTS, "carer_points=hours", "carer_pot=1.2"), ["carer_pot: input should be less"]),
    ({}, solve(POINTS, "carer_pot=0.2"), ["carer_pot is divided by a column of users: say carer"]),
    ({}, solve(POINTS, "points_per_hour=2"), ["points_per_hour goes with informal_hours"]),
    (
        {},
        solve(POINTS, "informal_hours=hour", "points_per_hour=1"),
        ["informal_hours: users have no column of numbers 'hour'; there are: age, hours"],
    ),
    ({}, solve("package_cut", "cut=1.2"), ["cut: input should be less than or equal to 1"]),
    ({}, solve("package_cut", "cut=120%"), ["'120%' is not a plain decimal", "write 0.2 for 20 %"]),
    ({}, [*PATH, "--cut", "1.2"], ["--cut '1.2': it should be less than or equal to 1"]),
    ({}, [*PATH, "--cut", "120%"], ["--cut '120%'", "write 0.2 for 20 %"]),
    ({}, [*PATH, "--years", "0"], ["--years 0: it should be greater than or equal to 1"]),
    ({}, ["path", "--rules", "points"], ["no rule called 'points'; did you mean points_propor"]),
    (
        on_path("cut = 1.2"),
        PATH,
        ["scenario.toml, row 6, column path.cut: '1.2'", "share of the pot cut each year"],
    ),
    (
        on_path("cut = [0.1, 0.2]"),
        PATH,
        ["column path.cut: '[0.1, 0.2]': not one number", "single years as [[path.year]]"],
    ),
    (
        on_path("[[path.year]]\nyear = 1\nbudget = 5\n[[path.year]]\nyear = 1\nbudget = 6"),
        PATH,
        ["scenario.toml, row 4, column path: year 1 is listed twice", "Keep one table for each"],
    ),
    (on_path("cuts = 0.1"), PATH, ["row 6, column path.cuts: there is no such key", "mean cut?"]),
    (on_path('slice_to = "pocket"'), PATH, ["path.slice_to: 'pocket'", "'saved', 'contingency'"]),
    ({}, [*SHARES[:3], "--option", "column=group"], ["column: there is no column of groups"]),
    ({}, solve("calibrated_table", "method=magic"), ["method: input should be 'percentile'"]),
    ({}, solve("price_per_point"), ["price: it is missing; its options:"]),
    ({}, solve("affine_table"), ["the line needs base and rate, or through with two people"]),
    ({}, solve("care_grade"), ["benefits are in EUR and the scenario is in GBP", "money_per_euro"]),
    ({}, [*CONDITIONS, "--option", "discount=1.2"], ["discount: input should be less than or equ"]),
    ({}, [*NOISE, "--error", "-1"], ["error = -1 is -100%: say a share between 0 and 1"]),
    ({}, [*NOISE, "--draws", "1"], ["1 draws: say 2 to 10,000"]),
    ({}, [*NOISE, "--bias", "0.1"], ["name the column of users that says who assessed them"]),
    ({}, SPLIT, ["name a second instance, or say --budgets A,B or --points A,B"]),
    ({}, [*SPLIT, "--budgets", "900,x"], ["budgets: 'x'", "'x' is not a plain decimal number"]),
    ({}, [*SPLIT, "--points", "points,new"], ["points: users have no column of numbers 'new'"]),
    ({}, [*STAGES, "--final", "plan"], ["final = plan: users have no such column of numbers"]),
    ({}, [*STAGES, "--told", "age"], ["told: users, column age: write yes or no"]),
    ({}, [*STAGES, "--anchor", "1.2"], ["anchor = 1.2 is not between 0 and 1"]),
]


@pytest.mark.parametrize(("files", "command", "words"), OPTIONS)
def test_a_bad_option_is_refused_with_its_name_and_what_it_takes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str | None],
    command: list[str],
    words: list[str],
) -> None:
    said = refused(tmp_path, capsys, files, command)

    assert [word for word in words if word not in said] == [], said
    assert "Decimal(" not in said
    assert "Value error" not in said


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            stated("cost_of_need", 'exclude = ["zoe"]'),
            "exclude: there is no user called 'zoe'; known: ann, bob, cat, dan. See  metneed rules",
        ),
        (
            stated("cost_of_need", "off = 1"),
            "'cost_of_need': there is no option 'off' (given 1); did you mean of?",
        ),
        (
            stated("need", "of = 1"),
            "there is no rule called 'need'; did you mean cost_of_need, greatest_need",
        ),
        (
            stated("funding_shares", "shares = [{group = 'older', share = 1}]"),
            "shares: the group 'younger' has no share, and 2 users are in it",
        ),
    ],
)
def test_check_finds_options_that_name_nobody_before_a_rule_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], words: str
) -> None:
    for name, text in {**COUNCIL, **files}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    assert run(["check", str(tmp_path)]) == 2
    assert words in capsys.readouterr().err
