"""What the command line says where everything is equal, useless, free, too large or too dear."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from metneed.__main__ import run

Council = Callable[..., Path]
RULE = ["--rule", "met_need_whole"]
ALL_EQUAL = [f"{user},{package},4.00,1.5" for user in "abcde" for package in "pq"]


@pytest.fixture
def council(tmp_path: Path) -> Council:
    """Writes an instance from rows of packages and lines of the scenario."""

    def write(packages: list[str], scenario: str, users: str = "") -> Path:
        folder = tmp_path / "council"
        folder.mkdir()
        ids = sorted({row.split(",")[0] for row in packages} | set(users))
        people = "".join(f"{each},1\n" for each in ids)
        (folder / "users.csv").write_text(f"user_id,points\n{people}", encoding="utf-8")
        rows = "".join(f"{row}\n" for row in packages)
        head = "user_id,package_id,cost,met_need\n"
        (folder / "packages.csv").write_text(head + rows, encoding="utf-8")
        text = f'schema_version = 1\nname = "extreme"\n{scenario}\n'
        (folder / "scenario.toml").write_text(text, encoding="utf-8")
        return folder

    return write


def verified(folder: Path, capsys: pytest.CaptureFixture[str], *expected: str) -> None:
    """The rule is proved optimal with these words, verify accepts it, and compare runs."""
    out = folder.parent / "out"
    assert run(["check", str(folder)]) == 0
    assert run(["solve", str(folder), *RULE, "--out", str(out)]) == 0
    text = capsys.readouterr().out
    for words in (*expected, "Proof: optimal (proved)."):
        assert words in text
    assert run(["verify", str(out), str(folder), "--rerun"]) == 0
    assert run(["compare", str(folder)]) == 0
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    assert "met_need_whole: optimal (proved)." in told.out


@pytest.mark.parametrize("choice", ["at_most_one", "exactly_one"])
def test_people_who_are_offered_nothing_get_nothing_and_are_named(
    council: Council, capsys: pytest.CaptureFixture[str], choice: str
) -> None:
    folder = council(["a,p,4,1"], f'budget = 10\nchoice = "{choice}"', users="abc")

    assert run(["check", str(folder)]) == 0
    due = ", who gets nothing although everyone must have exactly one"
    due = due if choice == "exactly_one" else ""
    told = capsys.readouterr().err
    for row, user in ((3, "b"), (4, "c")):
        assert (
            f"note: users.csv, row {row}, column user_id: '{user}': no package is offered to this "
            f"user{due}. Add one, if there is any"
        ) in told.splitlines()
    verified(folder, capsys, "met need 1.0 (100.0% of need), spent £4.00, unspent £6.00.")


def test_nobody_being_offered_anything_is_bad_input(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = council([], "budget = 10", users="ab")
    message = "packages.csv: there are no rows below the headings. Add the rows"

    for command in (["check"], ["solve", *RULE, "--out", str(folder / "out")], ["compare"]):
        assert run([command[0], str(folder), *command[1:]]) == 2
        assert message in capsys.readouterr().err
    assert not (folder / "out").exists()


def test_packages_that_others_beat_are_not_given(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    packages = [row for u in "abc" for row in (f"{u},p,4,5", f"{u},q,7,4", f"{u},r,4,3")]

    verified(council(packages, "budget = 12"), capsys, "met need 15.0 (100.0% of need), spent £12.")


@pytest.mark.parametrize(("choice", "spent"), [("at_most_one", "0.00"), ("exactly_one", "7.00")])
def test_packages_that_meet_no_need_are_only_given_where_one_must_be(
    council: Council, capsys: pytest.CaptureFixture[str], choice: str, spent: str
) -> None:
    folder = council(["a,p,4,0", "a,q,3,0", "b,p,4,0"], f'budget = 9\nchoice = "{choice}"')

    verified(folder, capsys, f"met need 0.0, spent £{spent}, unspent £")


def test_of_people_who_are_all_alike_as_many_are_served_as_the_money_reaches(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = council(ALL_EQUAL, "budget = 15.99")

    verified(folder, capsys, "met need 4.5 (60.0% of need), spent £12.00, unspent £3.99.")


def test_at_one_cost_for_everything_the_greatest_needs_are_met(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    packages = ["a,p,4,1", "a,q,4,3", "b,p,4,2", "c,p,4,9", "c,q,4,8"]

    verified(council(packages, "budget = 11"), capsys, "met need 12.0 (85.7% of need), spent £8.00")


def test_without_money_only_what_is_free_is_given(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = council(["a,p,4,1", "b,p,0,2"], "budget = 0")

    verified(folder, capsys, "met need 2.0 (66.7% of need), spent £0.00, unspent £0.00.")


def test_more_money_than_everything_costs_is_left(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = council(["a,p,4,1", "a,q,9,2", "b,p,1,2"], "budget = 1000000000000")

    verified(
        folder, capsys, "met need 4.0 (100.0% of need), spent £10.00, unspent £999,999,999,990."
    )


def test_too_little_for_exactly_one_package_each_is_an_answer_in_pounds(
    council: Council, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    packages = ["a,p,40000.50,1", "a,q,50000,9", "b,p,21198.50,2", "c,p,1,1"]
    folder = council(packages, 'budget = 50000\nchoice = "exactly_one"')
    message = (
        "met_need_whole: infeasible: the cheapest packages of 3 users cost £61,200.00, the money "
        "to allocate is £50,000.00: £11,200.00 short"
    )
    out = tmp_path / "out"

    assert run(["solve", str(folder), *RULE, "--out", str(out)]) == 3
    assert message in capsys.readouterr().out.splitlines()
    assert [file.name for file in out.iterdir()] == ["result.json"]
    assert run(["verify", str(out), str(folder), "--rerun"]) == 0
    assert "checked: the cheapest packages cost 11200.00 too much" in capsys.readouterr().out
    assert run(["compare", str(folder)]) == 3
    assert message + "." in capsys.readouterr().out.splitlines()


# The edge of 64 bits.


@pytest.mark.parametrize(
    ("packages", "scenario", "expected"),
    [
        (
            ["a,p,21474836.48,1073741.823", "b,p,21474836.47,1073741.822"],
            "budget = 42949672.94",
            "met need 1,073,741.8 (50.0% of need), spent £21,474,836.48, unspent £21,474,836.46.",
        ),
        (
            ["a,p,900719925474.0991,0.255", "b,p,900719925474.0990,0.254"],
            "budget = 1000000000000\nmoney_decimals = 4",
            "met need 0.3 (50.1% of need), spent £900,719,925,474.0991, unspent",
        ),
        (
            ["a,p,0.01,9007199254.740991", "b,p,0.02,9007199254.740990"],
            "budget = 0.02\nneed_decimals = 6",
            "met need 9,007,199,254.7 (50.0% of need), spent £0.01, unspent £0.01.",
        ),
    ],
)
def test_amounts_just_within_64_bits_are_exact(
    council: Council,
    capsys: pytest.CaptureFixture[str],
    packages: list[str],
    scenario: str,
    expected: str,
) -> None:
    verified(council(packages, scenario), capsys, expected)


def test_amounts_just_beyond_64_bits_are_refused_with_the_decimals_that_fit(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = council(["a,p,21474836.48,1073741.82", "b,p,1,1073741.824"], "budget = 10")
    message = (
        "packages.csv: the greatest cost is 21474836.48 and the greatest met need 1073741.824; all "
        "of them add up to 21474837.48 and 2147483.644: too much for exact arithmetic with 2 and 3 "
        "decimals. Check the amounts, or set money_decimals = 2 and need_decimals = 2 in "
        "scenario.toml, which would fit"
    )

    for command in (["check"], ["solve", *RULE, "--out", str(folder / "out")], ["compare"]):
        assert run([command[0], str(folder), *command[1:]]) == 2
        assert message in capsys.readouterr().err
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("packages", "scenario", "message"),
    [
        (
            ["a,p,9223372036854775808,1"],
            "budget = 10",
            (
                "packages.csv, row 2, column cost: '9223372036854775808': greater than "
                "1,000,000,000,000. Check the amount and its unit"
            ),
        ),
        (
            ["a,p,1,18446744073709551617"],
            "budget = 10",
            (
                "packages.csv, row 2, column met_need: '18446744073709551617': greater than "
                "1,000,000,000,000. Check the amount and its unit"
            ),
        ),
        (
            ["a,p,1,1"],
            "budget = 9223372036854775808",
            (
                "scenario.toml, row 3, column budget: '9223372036854775808': should be less than "
                "or equal to 1000000000000. Give budget: total budget for one budget_period"
            ),
        ),
    ],
)
def test_amounts_that_no_council_has_are_refused_where_they_stand(
    council: Council,
    capsys: pytest.CaptureFixture[str],
    packages: list[str],
    scenario: str,
    message: str,
) -> None:
    folder = council(packages, scenario)

    for command in (["check"], ["solve", *RULE], ["compare"]):
        assert run([command[0], str(folder), *command[1:]]) == 2
        assert message in capsys.readouterr().err


# A limit of time.


@pytest.fixture
def hard(tmp_path: Path) -> Path:
    """Few people, large numbers without structure, needs nearly in proportion to costs."""
    folder = tmp_path / "hard"
    size = ["--users", "20", "--seed", "1", "--option", "range=1000000000"]
    assert run(["generate", "weak", *size, "--out", str(folder)]) == 0
    return folder


def test_at_a_limit_of_time_the_best_known_is_written_with_its_proved_gap(
    hard: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    capsys.readouterr()

    assert run(["solve", str(hard), *RULE, "--time-limit", "0.01", "--out", str(out)]) == 4
    text = capsys.readouterr().out
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    certificate = result["certificate"]
    gap = int(certificate["upper_bound"]) - int(certificate["value"])

    assert "stopped by time limit" in text
    assert f"within {gap:,} of the best possible (bound proved), stopped by" in text
    assert "optimal" not in text
    assert (certificate["stopped"], certificate["gap"]) == ("time limit", str(gap))
    assert 0 < gap < int(certificate["value"]) // 1000
    assert len((out / "allocation.csv").read_text(encoding="utf-8").splitlines()) == 21
    assert run(["verify", str(out), str(hard)]) == 0
    told = capsys.readouterr().out
    assert f"no allocation meets more than {certificate['upper_bound']} " in told
    assert told.endswith("verified\n")


def test_machines_are_told_of_a_limit_of_time_as_well(
    hard: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    assert run(["solve", str(hard), *RULE, "--time-limit", "0.01", "--json"]) == 4
    document = json.loads(capsys.readouterr().out)

    assert document["stopped"] == "time limit"
    assert int(document["gap"]) > 0


@pytest.mark.parametrize("seconds", ["0", "-1", "soon"])
def test_a_limit_of_time_that_is_none_is_refused(
    hard: Path, capsys: pytest.CaptureFixture[str], seconds: str
) -> None:
    assert run(["solve", str(hard), *RULE, "--time-limit", seconds]) == 2
    told = capsys.readouterr().err

    assert "'--time-limit'" in told
    assert seconds in told


def test_check_finds_the_amounts_that_every_rule_would_refuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # 2^53 smallest units: their product with so small a need fits, but no rule takes them.
    (tmp_path / "users.csv").write_text("user_id,points\na,1\n")
    head = "user_id,package_id,cost,met_need\n"
    (tmp_path / "packages.csv").write_text(f"{head}a,p,900719925474.0992,0.001\n")
    (tmp_path / "scenario.toml").write_text(
        'schema_version = 1\nname = "t"\nbudget = 1000000000000\nmoney_decimals = 4\n'
    )

    solved = run(["solve", str(tmp_path), "--rule", "met_need_whole"])
    checked = run(["check", str(tmp_path)])

    assert solved == 2
    assert checked == 2
    assert "money_decimals = 3" in capsys.readouterr().err


def test_a_comparison_calls_nothing_an_optimum_that_was_not_proved(
    hard: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    assert run(["compare", str(hard), "--time-limit", "0.01"]) == 4
    lines = capsys.readouterr().out.splitlines()

    assert any("stopped by time limit" in line for line in lines)
    assert [line for line in lines if line.lstrip().startswith("optimum")] == []
    assert [line for line in lines if "the best choice of packages meets" in line] == []


def test_a_large_gap_is_said_in_plain_digits(
    hard: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    capsys.readouterr()

    assert run(["solve", str(hard), "--rule", "priority_list", "--out", str(out)]) == 0
    text = capsys.readouterr().out
    gap = json.loads((out / "result.json").read_text(encoding="utf-8"))["certificate"]["gap"]

    assert int(gap) > 10**6
    assert f"within {int(gap):,} of" in text


def test_a_limit_reached_in_the_same_footing_is_told_though_its_rule_is_not_compared(
    hard: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    rules = ["--rules", "points_proportional,greatest_need"]

    code = run(["compare", str(hard), *rules, "--time-limit", "0.01"])

    assert "time limit" in capsys.readouterr().out
    assert code == 4


def test_a_person_who_must_have_a_package_and_is_offered_none_is_told_of(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = council(["a,p,1.00,1"], 'budget = 10\nchoice = "exactly_one"', users="b")

    assert run(["check", str(folder)]) == 0
    told = capsys.readouterr()
    assert "gets nothing although everyone must have exactly one" in told.err
    assert "2 users, 1 package\n" in told.out


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "much"])
def test_a_limit_of_memory_that_is_none_is_refused(
    hard: Path, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    assert run(["solve", str(hard), *RULE, "--memory-limit", value]) == 2
    assert "'--memory-limit'" in capsys.readouterr().err
