"""``python -m benchmarks``: measure, write the results, and the page that shows them."""

import sys
import tempfile
from pathlib import Path

import click

from benchmarks.measure import RunError
from benchmarks.page import PAGE, page
from benchmarks.records import Record, number, read_records, write_records
from benchmarks.registry import Case, SizeName, cases
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
    "--page", "only_page", is_flag=True, help="Write the page from the results there are."
)
def main(names: tuple[str, ...], size: SizeName, only_list: bool, only_page: bool) -> None:
    """Run the cases NAMES, default all; at full size write the results and docs/benchmarks.md."""
    known = cases()
    if only_list:
        for case in known.values():
            click.echo(f"{case.name:24} {case.title}")
        return
    failed = [] if only_page else _run(_chosen(known, names), size)
    if only_page or size == "full":
        PAGE.write_text(page(known, read_records()), encoding="utf-8", newline="\n")
    if failed:
        click.echo(f"failed: {', '.join(failed)}", err=True)
        sys.exit(1)


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
    for name, figure in record.figures.items():
        line = f"  {name:44} {number(figure.value):>10} {figure.unit}"
        if name in stated:
            target = stated[name]
            verdict = {True: "met", False: "NOT MET", None: "at full size"}[target.met]
            line += f"   ({target.bound} {number(target.value)}: {verdict})"
        click.echo(line)


if __name__ == "__main__":
    main()
