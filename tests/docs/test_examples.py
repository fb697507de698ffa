"""What the pages show is what happens."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def load() -> ModuleType:
    """The script that runs the blocks of the pages."""
    spec = importlib.util.spec_from_file_location("page_outputs", ROOT / "docs" / "outputs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["page_outputs"] = module
    spec.loader.exec_module(module)
    return module


outputs = load()


@pytest.mark.parametrize("page", outputs.pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_the_page_does_what_the_page_says(page: Path) -> None:
    assert page.read_text(encoding="utf-8").splitlines() == outputs.true_text(page).splitlines()


def test_commands_that_are_not_run_are_commands_of_setting_up() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    allowed = {f"make {target}" for target in targets}
    lines = {
        line.removeprefix("$ ").split("  #")[0].rstrip()
        for page in outputs.pages()
        for match in outputs.BLOCK.finditer(page.read_text(encoding="utf-8"))
        if match[1] == "sh"
        for line in match[2].splitlines()
    }
    others = sorted(
        line
        for line in lines - allowed
        if not re.match(r"(git clone|cd|py -m|python3? -m|pip install|\.venv/bin/)\b|\.venv", line)
    )

    assert others == []


def test_an_output_that_is_not_true_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nprint(2 + 2)\n```\n\n```text\n5\n```\n", encoding="utf-8")

    assert "\n4\n" in outputs.true_text(page)


def test_an_output_that_is_not_shown_at_all_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nprint(2 + 2)\n```\n", encoding="utf-8")

    with pytest.raises(RuntimeError, match="no text block"):
        outputs.true_text(page)


def test_a_command_that_fails_must_show_its_exit_code(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ metneed solve nowhere\n$ metneed rules\n```\n", encoding="utf-8")

    with pytest.raises(RuntimeError, match="exit code 2"):
        outputs.true_text(page)


def test_a_cut_output_is_compared_as_far_as_it_goes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    start = "```console\n$ cat three-people/users.csv\n"
    page.write_text(start + "user_id,points\nann,9\n...\n```\n", encoding="utf-8")

    assert outputs.true_text(page) == (
        start + "user_id,points,basic_need,arrival\nann,5,5,1\n...\n```\n"
    )
