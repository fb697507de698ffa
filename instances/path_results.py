"""A path on disk: its figures, the record that vouches for them, and each year where asked for."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as Folder

from metneed.instances.files import write_columns, write_text
from metneed.instances.instance_tables import tables_of
from metneed.instances.publish import (
    INSTANCE,
    YEARS,
    digests,
    publish,
    sealed,
    staging_in,
    versions,
)
from metneed.instances.read import read
from metneed.instances.results import FORMAT_VERSION, NOTE, write_solution
from metneed.instances.write import write_instance
from metneed.models.allocation import Outcome
from metneed.models.comparison import number_text
from metneed.models.errors import OutputError
from metneed.models.instance import Instance
from metneed.models.path import Path
from metneed.models.problem import Problem


@dataclass(frozen=True)
class PathWriter:
    """Writes a path, and the results of its years while they come, to a folder made for it.

    Parameters
    ----------
    staging
        The folder to write to before all is done.
    suffix
        Ending of the tables of the years: ``.csv`` or ``.parquet``.
    """

    staging: Folder
    suffix: str = ".csv"

    def keep(  # noqa: PLR0913 - each is a thing of its own
        self,
        year: int,
        rule: str,
        *,
        instance: Instance,
        problem: Problem,
        options: Mapping[str, object],
        outcome: Outcome,
    ) -> None:
        """Write what a rule did in one year, beside the people, packages and money of that year.

        The result names the files beside it as what it was made from, so that it can be verified
        like any other.
        """
        parquet = self.suffix == ".parquet"
        folder = self.staging / YEARS / str(year) / "rules" / rule
        scenario = instance.scenario.model_dump(exclude_none=True)
        scenario["groups"] = list(instance.users.groups)
        made_from = folder / INSTANCE
        write_instance(made_from, tables_of(instance), scenario, parquet=parquet)
        known = read(made_from).inputs
        named = Instance(**{**vars(instance), "inputs": known})
        write_solution(folder, named, problem, rule, options, outcome, parquet=parquet)

    def finish(self, path: Path) -> None:
        """Write the figures and the record of the whole."""
        units = path.instance.scenario.units
        columns: dict[str, Sequence[object]] = {
            "year": [str(figure.year) for figure in path.figures],
            "rule": [figure.rule for figure in path.figures],
            "measure": [figure.measure for figure in path.figures],
            "value": [number_text(each.value, each.unit, units) for each in path.figures],
            "unit": [figure.unit for figure in path.figures],
        }
        write_columns(self.staging / "path.csv", columns)
        record = {
            "format": "metneed path",
            "format_version": FORMAT_VERSION,
            "note": NOTE,
            **path_record(path),
            "options": {name: dict(options) for name, options in path.options.items()},
            "versions": versions(),
            "inputs": dict(path.instance.inputs),
            "outputs": digests(self.staging),
        }
        write_text(self.staging / "path.json", sealed(record))


@contextmanager
def writing_path(folder: Folder, *, parquet: bool = False) -> Iterator[PathWriter]:
    """A writer whose files take their place in a folder together, once all are written.

    Raises
    ------
    OutputError
        Where the folder cannot be written, the disk is full, or the folder holds an instance.
    """
    if any(folder.glob("users.*")):
        raise OutputError(f"{folder} holds an instance: write the path to another folder")
    with staging_in(folder) as staging:
        yield PathWriter(staging, ".parquet" if parquet else ".csv")
        publish(staging, folder)


def path_record(path: Path) -> dict[str, object]:
    """What was asked of a path and what came of it, without its figures, as plain data."""
    scenario = path.instance.scenario
    return {
        "scenario": scenario.name,
        "currency": scenario.currency,
        "period": scenario.period,
        "top_slice": str(scenario.top_slice),
        "path": path.plan.model_dump(mode="json", exclude_none=True),
        "years": list(path.years),
        "rules": list(path.rules),
        "first_broken": [
            {"rule": item.rule, "year": item.year, "limit": item.limit, "users": item.users}
            for item in path.breaks
        ],
        "without_allocation": [
            {"year": year, "rule": rule, "reason": reason}
            for (year, rule), reason in path.reasons.items()
        ],
        "limits": [
            {"year": year, "rule": rule, "limit": limit}
            for (year, rule), limit in path.limits.items()
        ],
    }
