"""Published problems in folders: whole or not at all, and told where they come from."""

import json
from pathlib import Path

import pytest

from metneed.instances.importers import import_problems, problem_formats
from metneed.models.errors import InputError, OptionError, OutputError, UnknownNameError

TWO = "2\n1 1\n3\n1\n1\n1 1\n3\n1\n1\n"


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.txt"
    path.write_text(TWO, encoding="utf-8")
    return path


def test_a_second_import_to_the_same_place_changes_nothing(two: Path, tmp_path: Path) -> None:
    made = import_problems("gap", two)
    made.write(tmp_path / "out")
    (tmp_path / "out" / "1" / "users.csv").write_text("mine", encoding="utf-8")

    with pytest.raises(OutputError, match="is there already"):
        made.write(tmp_path / "out")

    assert (tmp_path / "out" / "1" / "users.csv").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["1", "2"]


def test_a_problem_that_is_too_large_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("class,item,value,weight\na,1,900000000000,900000000000\n", encoding="utf-8")
    made = import_problems("mckp", path, budget="1")

    with pytest.raises(InputError, match="too much for exact arithmetic"):
        made.write(tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_the_record_says_where_an_instance_comes_from(two: Path, tmp_path: Path) -> None:
    import_problems("gap", two, objective="maximise").write(tmp_path / "out")
    record = json.loads((tmp_path / "out" / "2" / "import.json").read_text(encoding="utf-8"))

    assert record["from"] == "gap"
    assert record["number"] == "2"
    assert record["options"] == {"objective": "maximise"}
    assert list(record["file"]) == ["two.txt"]


def test_names_that_do_not_exist_are_refused_with_those_that_do(two: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean mmkp"):
        import_problems("mmpk", two)
    with pytest.raises(UnknownNameError, match="objective"):
        import_problems("gap", two, objectiv="maximise")
    with pytest.raises(OptionError, match="minimise"):
        import_problems("gap", two, objective="best")


def test_every_format_says_what_it_is_and_what_its_options_mean() -> None:
    for name, each in problem_formats().items():
        assert each.name == name
        assert each.title
        assert all(field.description for field in each.options.model_fields.values())


def test_the_same_file_gives_the_same_bytes(two: Path, tmp_path: Path) -> None:
    for out in ("a", "b"):
        import_problems("gap", two).write(tmp_path / out)
    files = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*")]

    assert len(files) == 2 * 6
    assert all(
        (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
        for file in files
    )
