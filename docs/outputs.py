"""Writes true outputs into the pages: ``.venv/bin/python docs/outputs.py`` after a change.

Every ``console`` and ``bash`` block of README.md and of the pages in docs is run, line by line
where a line begins with ``$``, and what comes out is put below it. Every ``python`` block is run
too; what it prints stands in the ``text`` block that follows. The blocks of a page share one
folder, which holds the example instances. Outputs that end in a line ``...`` are cut there.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from metneed.__main__ import run as run_metneed

DOCS = Path(__file__).resolve().parent
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELLS = ("console", "bash")
MORE = "..."


@dataclass
class Session:
    """What the blocks of one page share: names of Python, and the exit code of the last command."""

    names: dict[str, object] = field(default_factory=lambda: {"__name__": "__page__"})
    code: int = 0


def pages() -> list[Path]:
    """README.md, CONTRIBUTING.md and every page of the documentation."""
    return [DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]


def true_text(page: Path) -> str:
    """The page with the outputs that its blocks really have.

    Raises
    ------
    RuntimeError
        Where a command fails and the next line is not ``$ echo $?``.
    """
    text = page.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    if not any(match[1] in {*SHELLS, "python"} for match in blocks):
        return text
    parts, end, session, printed = [], 0, Session(), None
    with _room():
        for match in blocks:
            between = text[end : match.start()]
            parts.append(between)
            language, body = match[1], match[2]
            if printed is not None:
                body = _cut(printed, body) if language == "text" and between == "\n\n" else body
                if language != "text" and printed:
                    raise RuntimeError(f"{page.name}: no text block shows what is printed")
                printed = None
            if language in SHELLS:
                body = _shell(body, session)
            elif language == "python":
                printed = _python(body, session)
            parts.append(f"```{language}\n{body}```")
            end = match.end()
    if printed:
        raise RuntimeError(f"{page.name}: no text block shows what is printed")
    if session.code:
        raise RuntimeError(f"{page.name}: the last command ends with exit code {session.code}")
    return "".join([*parts, text[end:]])


def _shell(body: str, session: Session) -> str:
    """A block of commands, each with its output below it."""
    result = []
    for part in re.split(r"^(?=\$ )", body, flags=re.MULTILINE):
        command, _, stated = part.partition("\n")
        if not command.startswith("$ "):
            result.append(part)
            continue
        if session.code and command != "$ echo $?":
            raise RuntimeError(f"exit code {session.code} before: {command}")
        result.append(f"{command}\n{_cut(_command(command[2:], session), stated)}")
    return "".join(result)


def _command(line: str, session: Session) -> str:
    """What one command prints: metneed itself, or one of two small commands of a shell."""
    if line == "echo $?":
        code, session.code = session.code, 0
        return f"{code}\n"
    name, *arguments = shlex.split(line)
    match name:
        case "metneed":
            session.code, printed = _captured(arguments)
            return printed
        case "cat":
            return "".join(Path(item).read_text(encoding="utf-8") for item in arguments)
        case _:
            raise RuntimeError(f"pages run metneed, cat and echo $?, not {name}")


def _captured(arguments: list[str]) -> tuple[int, str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = run_metneed(arguments)
    return code, printed.getvalue()


def _python(body: str, session: Session) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(body, "<page>", "exec"), session.names)  # noqa: S102 - our own pages
    return printed.getvalue()


def _cut(printed: str, stated: str) -> str:
    """The output, cut where the page cuts it; without spaces at the ends of lines."""
    lines = [line.rstrip() for line in printed.splitlines()]
    shown = stated.splitlines()
    if shown and shown[-1] == MORE and len(shown) - 1 < len(lines):
        lines = [*lines[: len(shown) - 1], MORE]
    return "".join(f"{line}\n" for line in lines)


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """A folder with the example instances, also where README has them, on a wide screen."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "160"
    try:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            for place in (".", "docs/examples"):
                shutil.copytree(DOCS / "examples", place, dirs_exist_ok=True)
            yield
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before


def main() -> None:
    """Rewrite every page whose outputs are no longer true."""
    for page in pages():
        true, now = true_text(page), page.read_text(encoding="utf-8")
        if true != now:
            page.write_text(true, encoding="utf-8", newline="\n")
            print(f"rewritten: {page.relative_to(DOCS.parent)}")


if __name__ == "__main__":
    main()
