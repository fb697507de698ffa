"""What is installed: the four folders as one package, complete, and nothing else."""

import os
import subprocess
import sys
import tomllib
from fnmatch import fnmatchcase
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = {"metneed": "metneed", "models": "metneed.models", "instances": "metneed.instances"}
FOLDERS |= {"solver": "metneed.solver"}


@pytest.fixture(scope="module")
def setup() -> dict[str, Any]:
    """The table ``tool.setuptools`` of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    table: dict[str, Any] = project["tool"]["setuptools"]
    return table


def source_folders() -> dict[str, Path]:
    """Each package of the source tree by its dotted name, links inside ``metneed`` left out."""
    found: dict[str, Path] = {}
    for top, name in FOLDERS.items():
        for folder, inner, files in os.walk(ROOT / top):
            inner[:] = [each for each in inner if not (Path(folder) / each).is_symlink()]
            if "__init__.py" in files:
                below = Path(folder).relative_to(ROOT / top).parts
                found[".".join([name, *below])] = Path(folder)
    return found


def test_every_package_of_the_source_tree_is_listed(setup: dict[str, Any]) -> None:
    assert sorted(setup["packages"]) == sorted(source_folders())


def test_no_folder_of_code_lacks_its_init_file() -> None:
    packages = set(source_folders().values())
    with_code = {
        path.parent
        for top in FOLDERS
        for path in (ROOT / top).rglob("*.py")
        if "__pycache__" not in path.parts
    }

    assert {folder.resolve() for folder in with_code} == {each.resolve() for each in packages}


def test_the_links_lead_where_the_installed_packages_come_from(setup: dict[str, Any]) -> None:
    for name, folder in setup["package-dir"].items():
        if name != "metneed":
            link = ROOT / name.replace(".", "/")

            assert link.is_symlink()
            assert not link.readlink().is_absolute()
            assert link.resolve() == ROOT / folder


def test_every_other_file_beside_the_code_is_package_data(setup: dict[str, Any]) -> None:
    folders = source_folders()
    data = [
        path
        for top in FOLDERS
        for path in (ROOT / top).rglob("*")
        if path.is_file() and not path.is_symlink()
        if path.suffix != ".py" and "egg-info" not in str(path)
        if "__pycache__" not in path.parts  # also where numba keeps what it has compiled
    ]

    def is_listed(path: Path) -> bool:
        return any(
            path.is_relative_to(folders[package])
            and _matches(path.relative_to(folders[package]), pattern)
            for package, patterns in setup["package-data"].items()
            for pattern in patterns
        )

    assert data
    assert [str(path.relative_to(ROOT)) for path in data if not is_listed(path)] == []


def test_the_installed_distribution_has_one_top_level_name() -> None:
    assert (distribution("metneed").read_text("top_level.txt") or "").split() == ["metneed"]


def test_what_is_built_runs_without_links_and_adds_no_other_name(
    setup: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setuptools = pytest.importorskip("setuptools", reason="setuptools is not installed here")
    monkeypatch.chdir(ROOT)
    description = {
        "script_name": "setup.py",
        "name": "metneed",
        "packages": setup["packages"],
        "package_dir": setup["package-dir"],
        "package_data": setup["package-data"],
        "include_package_data": False,
    }
    command = setuptools.Distribution(description).get_command_obj("build_py")
    command.build_lib, command.compile, command.optimize = str(tmp_path), False, 0
    command.ensure_finalized()
    command.run()

    assert [path.name for path in tmp_path.iterdir()] == ["metneed"]
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))
    assert (tmp_path / "metneed" / "py.typed").is_file()

    script = "import metneed, metneed.solver.rules as r; print(metneed.__file__, len(r.rules()))"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    place, count = answer.stdout.split()

    assert Path(place).is_relative_to(tmp_path)
    assert int(count) == len([*(ROOT / "solver" / "rules").glob("*.py")]) - 1


def _matches(path: Path, pattern: str) -> bool:
    parts = pattern.split("/")
    return len(path.parts) == len(parts) and all(map(fnmatchcase, path.parts, parts))
