"""Levels of evidence: the weakest one stands for the whole."""

from pathlib import Path

import pytest

from metneed.instances.evidence import WORDS, lowest, sentence
from metneed.instances.read import read


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["A", "A"], "A"),
        (["A", "B"], "B"),
        (["C", "B", "A"], "C"),
        (["", "survey of 2019"], None),
        ([], None),
    ],
)
def test_the_weakest_level_counts_and_other_words_say_nothing(
    levels: list[str], expected: str | None
) -> None:
    assert lowest(levels) == expected


@pytest.mark.parametrize("level", WORDS)
def test_each_level_is_told_in_words(level: str) -> None:
    assert sentence(level).startswith(f"Evidence {level}: ")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "expected"), [(("A", "B"), "B"), (("A", "C"), "C"), (("", ""), None), (None, None)]
)
def test_an_instance_has_the_weakest_level_of_its_packages(
    tmp_path: Path, cells: tuple[str, str] | None, expected: str | None
) -> None:
    (tmp_path / "scenario.toml").write_text('schema_version = 1\nname = "x"\nbudget = 9\n')
    (tmp_path / "users.csv").write_text("user_id\nann\n")
    heading = "user_id,package_id,cost,met_need"
    rows = ["ann,a,1,1", "ann,b,2,2"]
    if cells is not None:
        heading += ",evidence"
        rows = [f"{row},{cell}" for row, cell in zip(rows, cells, strict=True)]
    (tmp_path / "packages.csv").write_text("\n".join([heading, *rows, ""]))

    assert read(tmp_path).evidence == expected
