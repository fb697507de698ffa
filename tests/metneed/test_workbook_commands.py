"""Workbooks on the command line: as the instance, and as the result."""

import json
import runpy
import shutil
import zipfile
from pathlib import Path

import pytest

from metneed.__main__ import run

pytest.importorskip("python_calamine", reason="the extra excel is not installed")
load_workbook = pytest.importorskip("python_calamine").load_workbook

ROOT = Path(__file__).parents[2]
CORPUS = runpy.run_path(str(ROOT / "tests" / "corpus" / "workbooks.py"))["EVERYTHING"]


@pytest.fixture
def council(tmp_path: Path) -> Path:
    """The example of twelve people, in one workbook."""
    path = tmp_path / "small-council.xlsx"
    shutil.copy(ROOT / "docs" / "examples" / path.name, path)
    return path


def test_a_workbook_gives_the_same_answers_as_its_folder(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = []
    for instance in (council, ROOT / "docs" / "examples" / "small-council"):
        assert run(["compare", str(instance), "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))

    assert answers[0] == answers[1]


def test_check_names_the_cells_of_a_faulty_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "council.xlsx"
    path.write_bytes(CORPUS["excel"](CORPUS["packages_with"](5, 3, CORPUS["Error"]())))
    code = run(["check", str(path), "--out", str(tmp_path / "faults")])

    assert code == 2
    assert "row 5, column cost (C5): an error of the spreadsheet" in capsys.readouterr().err
    assert "sheet packages of council.xlsx" in (tmp_path / "faults/findings.csv").read_text()


def test_findings_as_json_name_the_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "council.xlsx"
    path.write_bytes(CORPUS["excel"](CORPUS["packages_with"](5, 3, CORPUS["Error"]())))
    run(["check", str(path), "--json"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]

    assert (finding["row"], finding["column"], finding["cell"]) == (5, "cost", "C5")


def test_another_file_is_refused_with_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "users.csv").write_text("user_id\nA1\n")

    assert run(["check", str(tmp_path / "users.csv")]) == 2
    assert "give the folder of the instance, or a workbook" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sheets"),
    [
        (["solve", "--rule", "met_need_whole"], ["about", "allocation"]),
        (
            ["compare", "--rules", "current,met_need_whole"],
            ["about", "comparison", "by client_group", "by band"],
        ),
        (["frontier", "--points", "5"], ["about", "frontier"]),
    ],
    ids=["solve", "compare", "frontier"],
)
def test_a_result_is_written_as_a_workbook_too(
    arguments: list[str], sheets: list[str], council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = council.parent / "result.xlsx"
    command, *options = arguments
    code = run([command, str(council), *options, "--xlsx", str(result)])

    assert code == 0
    assert f"Workbook written to {result}." in capsys.readouterr().out
    assert set(sheets) <= set(load_workbook(result).sheet_names)


def test_a_result_is_not_written_under_another_ending(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = str(council.parent / "result.csv")

    assert run(["solve", str(council), "--rule", "met_need_lp", "--xlsx", wanted]) == 2
    assert "does not end in .xlsx" in capsys.readouterr().err


def test_with_json_nothing_but_json_is_printed(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = str(council.parent / "result.xlsx")
    run(["frontier", str(council), "--points", "3", "--xlsx", result, "--json"])

    assert len(json.loads(capsys.readouterr().out)) >= 3


@pytest.fixture
def solved(council: Path) -> Path:
    """A result of the council."""
    out = council.parent / "out"
    run(["solve", str(council), "--rule", "points_proportional", "--out", str(out)])
    return out


def test_a_result_of_a_workbook_is_verified_and_repeated(
    council: Path, solved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    assert run(["verify", str(solved), str(council), "--rerun"]) == 0
    printed = capsys.readouterr().out
    assert "sha256 of small-council.xlsx" in printed
    assert printed.endswith("byte for byte\nverified\n")


def test_a_result_of_another_workbook_is_refused(
    council: Path, solved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council.write_bytes(CORPUS["zipped"](parts_of(council)))

    assert run(["verify", str(solved), str(council)]) == 2
    assert "not the workbook that the result names" in capsys.readouterr().out


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"spent": "1518.00"', '"spent": "1518.01"'),
        ('"versions"', '"Versions"'),
        ('"seed": 0', '"seed": NaN'),
        ("}", "]"),
    ],
)
def test_a_changed_record_of_a_workbook_is_refused(
    old: str, new: str, council: Path, solved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = solved / "result.json"
    text = record.read_text(encoding="utf-8")
    assert old in text
    record.write_text(text.replace(old, new, 1), encoding="utf-8")

    assert run(["verify", str(solved), str(council)]) == 2
    assert capsys.readouterr().out.endswith("refused\n")


def test_a_result_of_the_folder_is_not_one_of_the_workbook(
    council: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = ROOT / "docs" / "examples" / "small-council", council.parent / "out"
    run(["solve", str(folder), "--rule", "met_need_whole", "--out", str(out)])

    assert run(["verify", str(out), str(council)]) == 2
    assert "or not it alone" in capsys.readouterr().out
