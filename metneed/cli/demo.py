"""``metneed demo``: a comparison on a made-up council, with what a commissioner needs first."""

from pathlib import Path

import click

from metneed.cli.common import CAVEAT, comparison_code, emit, json_option, out_option, progress
from metneed.cli.compare import document, shown
from metneed.cli.screen import header
from metneed.cli.systems import list_systems, run_system
from metneed.models.problem import Problem

ERROR, DRAWS = 0.2, 10


@click.command("demo")
@click.option("--system", "name", help="Show one system of the library, such as A1.")
@click.option("--systems", "all_systems", is_flag=True, help="List the systems of the library.")
@out_option
@json_option
def command(name: str | None, all_systems: bool, out: Path | None, as_json: bool) -> int:
    """Compare ways of rationing on a made-up council of 2,000 users.

    With --out, the council and the comparison are written there, to look at and to change. With
    --system, one system of the library is explained and shown on that council.
    """
    if all_systems:
        return list_systems(as_json=as_json)
    if name is not None:
        return run_system(name, out, as_json=as_json)
    return _comparison(out, as_json=as_json)


def _comparison(out: Path | None, *, as_json: bool) -> int:
    """The usual rules on the council."""
    from metneed.instances.generators import demo_council  # noqa: PLC0415
    from metneed.instances.read import read  # noqa: PLC0415
    from metneed.instances.results import write_comparison  # noqa: PLC0415
    from metneed.instances.write import write_instance  # noqa: PLC0415
    from metneed.solver.compare import compare  # noqa: PLC0415
    from metneed.solver.studies.robustness import robustness  # noqa: PLC0415

    progress("making the council")
    generated = demo_council()
    instance = generated.instance()
    if out is not None:
        # Read back from the files, so that the results name them and can be verified.
        write_instance(out / "council", generated.tables, generated.scenario)
        instance = read(out / "council")
    problem = Problem.of(instance)
    comparison = compare(instance, progress=progress)
    progress("disturbed scores and shuffled costs")
    tests = robustness(problem, ERROR, DRAWS)
    if out is not None:
        write_comparison(out / "comparison", comparison, problem, solve_options=comparison.options)
    if as_json:
        emit(document(comparison, tests))
        return comparison_code(comparison)
    click.echo(header(instance))
    click.echo("\n" + "\n".join(shown(comparison, tests)))
    if out is not None:
        click.echo(f"\nWritten to {out}. Next:  metneed check {out / 'council'}")
    else:
        click.echo("\nTo keep and change it:  metneed demo --out DIR")
    click.echo(CAVEAT)
    return comparison_code(comparison)
