"""``python -m benchmarks``: measure, write the results, and the page that shows them."""

import subprocess
import sys
import tempfile
from pathlib import Path

import click

from benchmarks.environment import environments, make
from benchmarks.measure import RunError
from benchmarks.page import PAGE, page
from benchmarks.records import Record, number, read_records, write_records
from benchmarks.registry import Case, SizeName, cases, competitors
from benchmarks.run import run


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--size",
    type=click.Choice(["full", "small"]),
    default="full",
    show_default=True,
    help="small only shows that the cases work, and writes nothing.",
)
@click.option("--list", "only_list", is_flag=True, help="List the cases.")
@click.option(
    "--page", "only_page", is_flag=True, help="Write page and pictures from the results there are."
)
@click.option(
    "--environments",
    "only_environments",
    is_flag=True,
    help="Make the environments of competitors that cannot share ours.",
)
def main(
    names: tuple[str, ...],
    size: SizeName,
    only_list: bool,
    only_page: bool,
    only_environments: bool,
) -> None:
    """Run the cases NAMES, default all; at full size write results, pictures and the page."""
    known = cases()
    if only_list:
        _list(known)
        return
    if only_environments:
        _environments()
        return
    failed = [] if only_page else _run(_chosen(known, names), size)
    if only_page or size == "full":
        _publish(known)
    if failed:
        click.echo(f"failed: {', '.join(failed)}", err=True)
        sys.exit(1)


def _list(known: dict[str, Case]) -> None:
    for case in known.values():
        click.echo(f"{case.name:24} {case.title}")
    for competitor in competitors().values():
        absent = f", missing: {', '.join(competitor.missing)}" if competitor.missing else ""
        click.echo(f"  against {competitor.title} ({' and '.join(competitor.kinds)}{absent})")


def _environments() -> None:
    for name in environments():
        try:
            made = make(name)
        except subprocess.CalledProcessError as error:
            raise click.ClickException(f"environment {name}: {error}") from error
        click.echo(f"environment {name}: {'made' if made else 'there already'}", err=True)


def _publish(known: dict[str, Case]) -> None:
    """Write the page, and draw the pictures."""
    from benchmarks.pictures import draw  # noqa: PLC0415 - needs an extra

    records = read_records()
    PAGE.write_text(page(known, records), encoding="utf-8", newline="\n")
    for path in draw(records):
        click.echo(f"drawn: {path}", err=True)


def _chosen(known: dict[str, Case], names: tuple[str, ...]) -> list[Case]:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(f"no case {', '.join(unknown)}; there are: {', '.join(known)}")
    return [known[name] for name in names or known]


def _run(chosen: list[Case], size: SizeName) -> list[str]:
    """The names of cases that failed; the records of the others are written as they come."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="metneed-benchmark-") as work:
        for count, case in enumerate(chosen, 1):
            click.echo(f"[{count}/{len(chosen)}] {case.name}: {case.title}", err=True)
            try:
                record = run(case, size, Path(work))
            except RunError as error:
                click.echo(f"  FAILED: {error}", err=True)
                failed.append(case.name)
                continue
            _show(record)
            if size == "full":
                write_records((read_records() | {record.case: record}).values())
    return failed


def _show(record: Record) -> None:
    if record.missing:
        click.echo(f"  not run, missing: {', '.join(record.missing)}")
    stated = {target.figure: target for target in record.targets}
    for entry in record.entries:
        seconds = "" if entry.seconds is None else f"{number(entry.seconds)} s"
        words = "; ".join([entry.why or entry.says, *entry.faults])
        click.echo(f"  {entry.users:>9,} users  {entry.title:24} {seconds:>10}  {words}")
    for name, figure in record.figures.items():
        line = f"  {name:44} {number(figure.value):>10} {figure.unit}"
        if name in stated:
            target = stated[name]
            verdict = {True: "met", False: "NOT MET", None: "at full size"}[target.met]
            line += f"   ({target.bound} {number(target.value)}: {verdict})"
        click.echo(line)


if __name__ == "__main__":
    main()
