"""Damaged files: whatever the bytes, the answer is an instance or findings, never a traceback."""

import random
import runpy
from pathlib import Path

import pytest

from metneed.instances.read import examine
from metneed.instances.write import write_instance

CORPUS = runpy.run_path(str(Path(__file__).parents[1] / "corpus" / "cases.py"))
SOUND = {name: text.encode() for name, text in CORPUS["SOUND"].items()}
SPLICES = [
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b'"',
    b"\r",
    b"\n\n",
    b",",
    b";",
    b"1e999",
    b"NaN",
    b"PAR1",
]


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The bytes with a few of them flipped, cut, doubled or replaced."""
    damaged = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(damaged)) if damaged else 0
        match dice.randrange(5):
            case 0 if damaged:
                damaged[at] ^= 1 << dice.randrange(8)
            case 1:
                del damaged[at : at + dice.randint(1, 20)]
            case 2:
                damaged[at:at] = dice.choice(SPLICES)
            case 3:
                damaged[at:at] = damaged[at : at + dice.randint(1, 200)]
            case _:
                damaged = damaged[:at] if dice.random() < 0.3 else damaged
    return bytes(damaged)


def check(folder: Path) -> None:
    """Read the folder; a fault is a finding that says what and where, and nothing is lost."""
    instance, findings = examine(folder)
    assert (instance is None) == bool(findings.errors)
    for finding in findings:
        assert finding.file
        assert finding.remedy
        assert str(finding).isprintable()
        finding.value.encode("utf-8", "surrogatepass")


def test_two_hundred_damaged_texts_give_findings_or_an_instance(tmp_path: Path) -> None:
    dice = random.Random(1)
    cases = [case.files for case in CORPUS["CASES"] if max(map(len, case.files.values())) < 10_000]
    for _ in range(200):
        files = dict(dice.choice(cases) if dice.random() < 0.7 else SOUND)
        victim = dice.choice(sorted(files))
        files[victim] = mutated(files[victim], dice)
        for old in tmp_path.iterdir():
            old.unlink()
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)

        check(tmp_path)


def test_two_hundred_damaged_parquet_files_give_findings_or_an_instance(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    tables = {
        "users": {"user_id": ["A1", "B2"], "points": [1.5, 2], "area": ["North", "South"]},
        "packages": {
            "user_id": ["A1", "B2"],
            "package_id": ["home", "home"],
            "cost": ["1.50", "2.50"],
            "met_need": [1, 2],
        },
    }
    scenario = {"schema_version": 1, "name": "small", "budget": "100.00"}
    write_instance(tmp_path, tables, scenario, parquet=True)
    sound = {path: path.read_bytes() for path in tmp_path.glob("*.parquet")}
    dice = random.Random(2)
    for _ in range(200):
        victim = dice.choice(sorted(sound))
        victim.write_bytes(mutated(sound[victim], dice))

        check(tmp_path)
        victim.write_bytes(sound[victim])
