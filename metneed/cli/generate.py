"""``metneed generate``: make an instance, a council or a test problem."""

import json
from pathlib import Path

import click

from metneed.cli.common import emit, json_option, parse_options, progress
from metneed.cli.screen import table
from metneed.models.words import counted


@click.command("generate")
@click.argument("family", required=False)
@click.option("--users", type=int, help="How many users.")
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="Same seed, same people; another one, others.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
@click.option("--option", "pairs", multiple=True, help="Option of the family, as name=value.")
@click.option(
    "--unit-costs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Council: unit costs by council, client group and service (CSV).",
)
@click.option(
    "--clients",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Council: people by council, client group and service (CSV).",
)
@click.option("--council", help="Council: name of the council in both tables.")
@click.option("--parquet", is_flag=True, help="Write Parquet files instead of CSV.")
@click.option("--overwrite", is_flag=True, help="Replace the instance that stands in --out.")
@json_option
def command(
    family: str | None,
    users: int | None,
    seed: int,
    out: Path | None,
    pairs: tuple[str, ...],
    unit_costs: Path | None,
    clients: Path | None,
    council: str | None,
    parquet: bool,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Make an instance of FAMILY, for trials and benchmarks; without FAMILY, list them.

    A real council is made from two published tables:
    metneed generate council --unit-costs FILE --clients FILE --council NAME --out DIR
    """
    from metneed.instances.generators import generate  # noqa: PLC0415
    from metneed.instances.write import write_instance  # noqa: PLC0415

    if family is None:
        return _list_families(as_json=as_json)
    out = _free(out, overwrite=overwrite)
    options: dict[str, object] = dict(parse_options(pairs))
    taken = sorted({"users", "seed"} & options.keys())
    if taken:
        raise click.UsageError(f"--option {taken[0]}=... has a flag of its own: --{taken[0]}")
    named = {"unit_costs": unit_costs, "clients": clients, "council": council}
    options |= {key: str(value) for key, value in named.items() if value is not None}
    if family == "client_return":
        if parquet:
            raise click.UsageError("an extract is CSV: leave out --parquet")
        return _extract(users, seed, options, out, as_json=as_json)
    progress("making the instance")
    made = generate(family, users=users, seed=seed, **options)
    progress("writing the files")
    write_instance(out, made.tables, made.scenario, parquet=parquet)
    if made.council:
        from metneed.instances.council.write import write_council  # noqa: PLC0415
        from metneed.instances.scenario_file import as_scenario  # noqa: PLC0415
        from metneed.instances.scenario_text import scenario_text  # noqa: PLC0415

        texts = {"scenario.toml": scenario_text(as_scenario(made.scenario))}
        write_council(out / "tables", made.council, texts)
    if made.known:
        from metneed.instances.files import write_text  # noqa: PLC0415

        write_text(out / "known.json", json.dumps(dict(made.known), indent=2) + "\n")
    rows = {name: len(next(iter(columns.values()))) for name, columns in made.tables.items()}
    if as_json:
        emit({"family": family, "seed": seed, "rows": rows, "notes": list(made.notes)})
        return 0
    for note in made.notes:
        click.echo(f"note: {note}", err=True)
    written = ", ".join(f"{counted(count, 'row')} of {name}" for name, count in rows.items())
    click.echo(f"{family}, seed {seed}: {written}, written to {out}.")
    click.echo(f"Next:  metneed check {out}")
    return 0


def _extract(
    users: int | None, seed: int, options: dict[str, object], out: Path, *, as_json: bool
) -> int:
    """An extract to import: files of a council that has no menus yet."""
    from metneed.instances.generators.client_return import client_return  # noqa: PLC0415

    if users is None:
        raise click.UsageError("say how many people have services: --users N")
    progress("making the extract")
    made = client_return(users, seed, **options)
    progress("writing the files")
    made.write(out)
    rows = {name: len(next(iter(columns.values()))) for name, columns in made.files.items()}
    if as_json:
        emit({"family": "client_return", "seed": seed, "rows": rows, "known": made.known})
        return 0
    written = ", ".join(f"{name} ({counted(count, 'row')})" for name, count in rows.items())
    click.echo(f"client_return, seed {seed}: {written}, written to {out}.")
    click.echo(
        f"Next:  metneed import cld {out / 'return.csv'} --points {out / 'points.csv'} "
        f"--tables {out / 'tables'} --on {made.on.isoformat()} --out DIR"
    )
    return 0


def _free(out: Path | None, *, overwrite: bool) -> Path:
    """The folder to write to, unless there is none or it holds what may have been edited."""
    if out is None:
        raise click.UsageError("say where to write it: --out DIR")
    if (out / "scenario.toml").exists() and not overwrite:
        raise click.UsageError(
            f"{out} holds an instance, which may have been edited: write to another folder, or "
            "say --overwrite"
        )
    return out


def _list_families(*, as_json: bool) -> int:
    from metneed.instances.generators import client_return as extract  # noqa: PLC0415
    from metneed.instances.generators import families  # noqa: PLC0415

    listed = {item.name: (item.title, item.options) for item in families().values()}
    listed[extract.NAME] = (extract.TITLE, extract.ReturnOptions)
    if as_json:
        emit(
            {
                family: {"title": title, "options": options.model_json_schema()}
                for family, (title, options) in listed.items()
            }
        )
        return 0
    heads = ["family", "in words"]
    click.echo(table(heads, [[name, title] for name, (title, _) in listed.items()], 2))
    for family, (_, options) in listed.items():
        for name, field in options.model_fields.items():
            click.echo(
                f"  {family}: --option {name}=... (default {field.get_default()}): "
                f"{field.description}"
            )
    return 0
