"""One system of the library on the made-up council, by the command that anybody would type."""

import tempfile
import textwrap
from pathlib import Path

import click

from metneed.cli.common import emit, progress
from metneed.cli.screen import table
from metneed.instances.systems import System, system, systems, write_system

WIDTH = 96


def list_systems(*, as_json: bool) -> int:
    """Every system in a line."""
    if as_json:
        emit({"systems": [item.model_dump(mode="json") for item in systems().values()]})
        return 0
    rows = [[item.id, item.title, item.rule, item.arguments[0]] for item in systems().values()]
    click.echo(table(["id", "system", "rule", "shown by"], rows, left=4))
    click.echo("\nTo run one:  metneed demo --system A1")
    return 0


def run_system(name: str, out: Path | None, *, as_json: bool) -> int:
    """A system in words, and what its command makes of it on the made-up council.

    Parameters
    ----------
    name
        Id of the system.
    out
        Folder for the council and the results; a temporary one that is removed where left out.
    """
    item = system(name)
    if out is not None:
        return _run(item, out, out / "result", as_json=as_json)
    with tempfile.TemporaryDirectory() as folder:
        return _run(item, Path(folder), None, as_json=as_json)


def about(item: System) -> list[str]:
    """A system in words: what it does, where it comes from, what it leaves out."""
    parts = [item.words, f"Source: {item.source}", f"It leaves out: {item.leaves_out}"]
    if item.forms:
        parts.append(f"Forms of rationing: {', '.join(item.forms)}.")
    if item.arguments[0] == "compare":
        parts.append(f"Below it is called {item.rule}.")
    lines = [f"{item.id}  {item.title}", ""]
    for part in parts:
        lines += textwrap.wrap(part, WIDTH, break_on_hyphens=False)
    return lines


def _run(item: System, folder: Path, result: Path | None, *, as_json: bool) -> int:
    progress("making the council")
    places = write_system(item, folder)
    given = [str(places.get(part, part)) for part in item.arguments]
    if result is not None:
        given += ["--out", str(result)]
    if as_json:
        return _called([*given, "--json"])
    shown = " ".join(part.lower() if part in places else part for part in item.arguments)
    click.echo("\n".join([*about(item), "", f"$ metneed {shown}", ""]))
    code = _called(given)
    if result is None:
        click.echo(
            f"To keep the council and all results:  metneed demo --system {item.id} --out DIR"
        )
    return code


def _called(arguments: list[str]) -> int:
    """Any command of metneed, as if it had been typed."""
    everything = click.get_current_context().find_root().command
    code = everything.main(arguments, prog_name="metneed", standalone_mode=False)
    return code if isinstance(code, int) else 0
