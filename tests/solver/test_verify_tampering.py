"""Every changed digit is noticed, damage is told in words, and the verifier runs alone."""

import hashlib
import json
import random
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from metneed.solver import verify as module
from metneed.solver.verify import Report, verify

FORGERY = runpy.run_path(str(Path(__file__).with_name("forgery.py")))
IN_UNITS = FORGERY["IN_UNITS"]
D3 = FORGERY["D3"]
WHOLE_WORSE = FORGERY["WHOLE_WORSE"]
forge = FORGERY["forge"]
refusal = FORGERY["refusal"]
reseal = FORGERY["reseal"]
rows_of = FORGERY["rows_of"]
solved = FORGERY["solved"]
write_council = FORGERY["write_council"]
write_csv = FORGERY["write_csv"]


Council = Callable[..., Path]


@pytest.fixture
def council(tmp_path: Path) -> Council:
    """Writes an instance, always to the same folder."""
    return partial(write_council, tmp_path / "council")


# A thousand changes of one digit each, twice: with the digests left, and with true digests.

SHOWN_BY_TABLES = ("package_share", "award", "cost", "met_need", "share")
ONLY_THE_DIGEST_PROTECTS = (
    *("note", "rule", "options", "settings", "versions", "inputs", "outputs", "digest"),
    "account",
)
RESULTS = {
    "whole": ("met_need_whole", "priority_list", "points_proportional", "current", "greatest_need"),
    "divisible": ("met_need_lp", "points_proportional", "equal_money", "equal_cut"),
}


def another_digit(text: str, place: int, chance: random.Random) -> str:
    digit = chance.choice([d for d in "0123456789" if d != text[place]])
    return text[:place] + digit + text[place + 1 :]


def digits_of(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if character in "0123456789"]


def numbers_in(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where an entry of result.json holds text or numbers with digits."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [found for key, item in items for found in numbers_in(item, (*place, key))]
    return [place] if digits_of(str(value)) and not isinstance(value, bool) else []


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """Results of all kinds of rules on two made-up councils: each a result and its instance."""
    chance = random.Random(20)
    made = []
    for packages, rules in RESULTS.items():
        instance = tmp_path_factory.mktemp(packages) / "council"
        instance.mkdir()
        scenario = 'schema_version = 1\nname = "made up"\nbudget = 3000.00\ntop_slice = 0.05\n'
        scenario += f'seed = 7\npackages = "{packages}"\n'
        (instance / "scenario.toml").write_text(scenario)
        users = [f"u{user:02d}" for user in range(24)]
        money = lambda top: f"{chance.randint(0, top * 100) / 100:.2f}"  # noqa: E731
        write_csv(
            instance / "users.csv",
            [["user_id", "points"], *([user, chance.randint(1, 40)] for user in users)],
        )
        heading = ["user_id", "package_id", "cost", "met_need"]
        offers = [[u, f"p{k}", money(300), money(20)] for u in users for k in range(4)]
        write_csv(instance / "packages.csv", [heading, *offers])
        today = [[user, "p9", money(250), money(20)] for user in users[:20]]
        write_csv(instance / "previous.csv", [heading, *today])
        made += [(solved(instance, name), instance) for name in rules]
    return made


def test_every_result_is_verified_as_it_was_written(results: list[tuple[Path, Path]]) -> None:
    for folder, instance in results:
        assert verify(folder, instance).failures == []


def test_any_digit_changed_in_any_file_is_noticed(results: list[tuple[Path, Path]]) -> None:
    chance = random.Random(1)
    accepted = []
    for _ in range(1000):
        folder, instance = chance.choice(results)
        path = chance.choice(sorted(folder.iterdir()))
        text = path.read_text(encoding="utf-8")
        place = chance.choice(digits_of(text))
        path.write_text(another_digit(text, place, chance), encoding="utf-8")
        if verify(folder, instance).ok:
            accepted.append((folder.name, path.name, place))
        path.write_text(text, encoding="utf-8")

    assert accepted == []


def test_any_number_changed_in_a_table_is_noticed_without_the_digests(
    results: list[tuple[Path, Path]],
) -> None:
    chance = random.Random(2)
    accepted = []
    for _ in range(1000):
        folder, instance = chance.choice(results)
        path = chance.choice(sorted(folder.glob("*.csv")))
        table, whole = path.read_text(encoding="utf-8"), (folder / "result.json").read_text()
        rows = rows_of(path)
        columns = [k for k, name in enumerate(rows[0]) if name in SHOWN_BY_TABLES]
        cells = [(r, c) for r in range(1, len(rows)) for c in columns if rows[r][c]]
        row, column = chance.choice(cells)
        cell = rows[row][column]
        rows[row][column] = another_digit(cell, chance.choice(digits_of(cell)), chance)
        write_csv(path, rows)
        reseal(folder)
        if verify(folder, instance).ok:
            accepted.append((folder.name, path.name, rows[0][column], cell, rows[row][column]))
        path.write_text(table, encoding="utf-8")
        (folder / "result.json").write_text(whole)

    assert accepted == []


def test_any_number_changed_in_the_record_is_noticed_without_the_digests(
    results: list[tuple[Path, Path]],
) -> None:
    chance = random.Random(3)
    accepted = []
    for _ in range(1000):
        folder, instance = chance.choice(results)
        path = folder / "result.json"
        whole = path.read_text(encoding="utf-8")
        record = json.loads(whole)
        open_ = {key: value for key, value in record.items() if key not in ONLY_THE_DIGEST_PROTECTS}
        *keys, last = chance.choice(numbers_in(open_))
        item = record
        for key in keys:
            item = item[key]
        kind, text = type(item[last]), str(item[last])
        item[last] = kind(another_digit(text, chance.choice(digits_of(text)), chance))
        changed = str(item[last]) != text
        path.write_text(json.dumps(record), encoding="utf-8")
        reseal(folder)
        if changed and verify(folder, instance).ok:
            accepted.append((folder.name, keys, last, text, item[last]))
        path.write_text(whole, encoding="utf-8")

    assert accepted == []


def test_what_only_the_digest_protects_is_noticed_by_it(results: list[tuple[Path, Path]]) -> None:
    for folder, instance in results:
        path = folder / "result.json"
        whole = path.read_text(encoding="utf-8")
        record = json.loads(whole)
        record["versions"]["numpy"] += "1"
        path.write_text(json.dumps(record), encoding="utf-8")
        assert "digest" in refusal(verify(folder, instance))
        path.write_text(whole, encoding="utf-8")


# Part packages: cost governs, shares and met need follow from it.


@pytest.mark.parametrize(
    ("row", "column", "cell"),
    [(1, 2, "0.999999999"), (3, 2, "0.250000001"), (3, 1, "a"), (3, 1, "z"), (2, 0, "u1")],
)
def test_a_part_that_does_not_follow_from_the_cost_is_refused(
    council: Council, row: int, column: int, cell: str
) -> None:
    instance = council(D3, IN_UNITS + 'budget = 12\npackages = "divisible"\n')
    folder = solved(instance, "met_need_lp")
    parts = rows_of(folder / "parts.csv")
    parts[row][column] = cell
    write_csv(folder / "parts.csv", parts)
    reseal(folder)

    assert not verify(folder, instance).ok


@pytest.mark.parametrize(
    "extra",
    [
        ["u3", "a", "0.000000000"],
        ["u3", "b", "0.250000000"],
        ["u1", "z", "0.000000000"],
        ["u2", "b", "0.000000000"],
    ],
)
def test_a_part_too_many_is_refused(council: Council, extra: list[str]) -> None:
    instance = council(D3, IN_UNITS + 'budget = 12\npackages = "divisible"\n')
    folder = solved(instance, "met_need_lp")
    write_csv(folder / "parts.csv", [*rows_of(folder / "parts.csv"), extra])
    reseal(folder)

    assert not verify(folder, instance).ok


def test_part_packages_are_refused_where_packages_are_whole(council: Council) -> None:
    instance = council(D3, IN_UNITS + 'budget = 12\npackages = "divisible"\n')
    folder = solved(instance, "met_need_lp")
    scenario = instance / "scenario.toml"
    scenario.write_text(scenario.read_text().replace("divisible", "whole"))
    digest = hashlib.sha256(scenario.read_bytes()).hexdigest()

    def change(record: dict[str, Any]) -> None:
        record["packages"] = "whole"
        record["inputs"]["scenario.toml"] = digest

    reseal(folder, change)
    assert refusal(verify(folder, instance)) == "parts, where packages are whole"


# Damage, and running alone.


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("result.json", "{", "", "result.json"),
        ("result.json", '"certificate": {', '"certificate": [], "was": {', "result.json"),
        ("result.json", '"inputs": {', '"inputs": 7, "was": {', "inputs"),
        ("result.json", '"multipliers": {', '"multipliers": 7, "was": {', "not what it should be"),
        ("result.json", '"upper_bound": "19"', '"upper_bound": [19]', "not what it should be"),
        ("result.json", '"upper_bound": "19"', f'"upper_bound": {"9" * 5000}', "no plain number"),
        ("result.json", '"users"', "[" * 100_000, "result.json"),
        ("allocation.csv", "met_need", "need", "allocation.csv is not what it should be"),
        ("allocation.csv", "cost", "award", "a heading stands twice"),
        ("allocation.csv", ",2,5", ",2", "allocation.csv is not what it should be"),
        ("allocation.csv", "u1,a", 'u1,"a', "allocation.csv is not what it should be"),
        ("allocation.csv", ",2,5", ",2.5,5", "no plain number with at most 0 decimals"),
        ("allocation.csv", ",2,5", ",٢,5", "no plain number"),
        ("allocation.csv", ",2,5", ",+2,5", "no plain number"),
        ("allocation.csv", ",2,5", ",1_0,5", "no plain number"),
        ("allocation.csv", ",2,5", ",2,\xff", "allocation.csv is not what it should be"),
    ],
)
def test_damage_is_told_in_words(
    council: Council, file: str, before: str, after: str, message: str
) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_bytes(
        text.replace(before, after, 1).encode("latin-1" if "\xff" in after else "utf-8")
    )

    assert message in refusal(verify(folder, instance))


@pytest.mark.parametrize("lost", ["result.json", "allocation.csv"])
def test_a_lost_file_is_told_in_words(council: Council, lost: str) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    (folder / lost).unlink()

    assert f"{lost} is not what it should be" in refusal(verify(folder, instance))


def test_bytes_changed_at_random_never_end_in_an_exception(
    results: list[tuple[Path, Path]],
) -> None:
    chance = random.Random(4)
    for _ in range(600):
        folder, instance = chance.choice(results)
        path = chance.choice([*folder.iterdir(), *instance.iterdir()])
        whole, record = path.read_bytes(), (folder / "result.json").read_bytes()
        cut, more = sorted(chance.choices(range(len(whole)), k=2))
        middle = chance.choice([b"", bytes([chance.randrange(256)]), b"]", b"null", whole[:30]])
        path.write_bytes(whole[:cut] + middle + whole[chance.choice([cut + 1, more]) :])

        assert isinstance(verify(folder, instance), Report)
        path.write_bytes(whole)
        (folder / "result.json").write_bytes(record)


def alone(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a copy of the verifier by itself, without site-packages."""
    copy = shutil.copy(Path(module.__file__), folder / "verify.py")
    command = [sys.executable, "-I", "-S", str(copy), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_verifier_runs_alone_and_says_what_it_checked(council: Council, tmp_path: Path) -> None:
    instance = council(D3, IN_UNITS + "budget = 12\n")
    folder = solved(instance, "met_need_whole")
    run_alone = alone(tmp_path, folder, instance)

    assert (run_alone.returncode, run_alone.stderr) == (0, "")
    assert run_alone.stdout.splitlines()[-1] == "verified"
    forge(folder, WHOLE_WORSE)
    run_alone = alone(tmp_path, folder, instance)
    assert run_alone.returncode == 2
    assert run_alone.stdout.splitlines()[-1] == "refused (1 failures)"
    assert alone(tmp_path, folder).returncode == 2
    assert "usage" in alone(tmp_path).stderr


def test_the_verifier_imports_the_standard_library_and_nothing_else() -> None:
    code = "import runpy, sys; runpy.run_path(sys.argv[1]); print(*sys.modules)"
    command = [sys.executable, "-I", "-S", "-c", code, str(module.__file__)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    outside = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names)

    assert outside <= {"__main__"}


def test_tables_that_are_not_csv_need_the_command(council: Council) -> None:
    pytest.importorskip("pyarrow")
    from metneed.instances.verify_tables import tables  # noqa: PLC0415

    instance = council(D3, IN_UNITS + 'budget = 12\npackages = "divisible"\n')
    folder = solved(instance, "met_need_lp", parquet=True)

    assert verify(folder, instance, tables=tables).ok
    assert "use the command metneed verify" in refusal(verify(folder, instance))
