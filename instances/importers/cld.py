"""Client Level Data: the return that English councils make of their social care, event by event.

One row is one event. Long-term services in force on a day become today's services; every other row
is counted and told by what it is, and rows in which something is wrong are listed, never bent.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from metneed.instances.csv_bytes import known_encoding
from metneed.instances.csv_file import read_csv
from metneed.instances.faults import Fault, FileFaults
from metneed.instances.importers import cld_notes, cld_report, cld_tables, given
from metneed.instances.importers.cld_rows import Rows, sift
from metneed.instances.importers.codes import bundled_mapping, read_mapping
from metneed.instances.importers.fields import PRIVATE, SCHEMA, named_columns, standard_name
from metneed.instances.importers.imported import Imported
from metneed.instances.importers.parts import Inputs, Request, Sifted
from metneed.instances.importers.people import People, find_people
from metneed.instances.importers.points import Points, read_points, settle
from metneed.instances.importers.prices import (
    derive_prices,
    no_prices,
    settle_units,
    weekly_units,
)
from metneed.instances.tables import Table
from metneed.models.arrays import BoolArray, IntArray
from metneed.models.errors import InputError
from metneed.models.findings import Findings


def run(request: Request) -> Imported:
    """A council's tables from a Client Level Data return.

    Raises
    ------
    InputError
        Where a file cannot be read as what it should be; odd rows are no error.
    OptionError
        Where there is no such encoding.
    """
    inputs = _read(request)
    sifted = _sift(inputs, request.on)
    return Imported(
        tables=cld_tables.tables(inputs, sifted),
        texts={"scenario.toml": cld_tables.scenario_text(request.on)},
        odd_rows=cld_report.odd_rows(inputs, sifted),
        mapping=cld_report.combinations(inputs, sifted),
        tallies=cld_report.tallies(inputs, sifted),
        assumptions=cld_notes.assumptions(request.on, inputs, sifted),
        notes=cld_notes.notes(request.on, inputs, sifted),
        copied=[path for name, path in inputs.tables.items() if name != "services"],
        record=cld_report.record(request, inputs, sifted),
    )


def _read(request: Request) -> Inputs:
    """Everything that is read, or all faults of it at once."""
    findings = Findings()
    encoding = known_encoding(request.encoding)
    columns = points = services = None
    mapping = bundled_mapping()
    file = request.file
    try:
        table = read_csv(file, SCHEMA, findings, encoding)
        if table is not None:
            columns = named_columns(_without_private(table, findings), findings)
        file = request.points
        points = read_points(file, findings, encoding)
        if request.mapping is not None:
            file = request.mapping
            mapping = read_mapping(file, findings, encoding)
        tables = given.own_tables(request.tables, findings)
        if "services" in tables:
            file = tables["services"]
            services = given.read_services(file, findings, encoding)
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        remedy = "Check its name, and that you may read it"
        FileFaults(file.name, findings).add(Fault("unreadable", problem, remedy))
    if findings.errors or columns is None or points is None:
        raise InputError(findings)
    return Inputs(columns, points, mapping, tables, services, findings)


def _without_private(table: Table, findings: Findings) -> Table:
    """The table without the cells of personal columns; nor do findings show any of them."""
    private = {heading for heading in table.columns if standard_name(heading) in PRIVATE}
    findings.items[:] = [
        replace(item, value="") if item.column in private else item for item in findings
    ]
    empty = cld_tables.nothing(len(table))
    columns = {name: empty if name in private else col for name, col in table.columns.items()}
    return replace(table, columns=columns)


def _sift(inputs: Inputs, on: date) -> Sifted:
    """The fate of every row, the people, and the price list."""
    rows = sift(inputs.columns, inputs.mapping, on)
    people = find_people(inputs.columns, rows.in_force, on)
    settle(inputs.points, rows.person.distinct, people.ids)
    users = _with_points(people, inputs.points)
    groups = sorted(set(people.client_group[users].tolist()))
    names = list(inputs.mapping.services)
    prices = no_prices(inputs.mapping, max(1, len(groups)))
    if inputs.services is not None:
        prices = given.with_given(prices, names, groups, inputs.services)
    prices = settle_units(rows, prices)
    _set_aside_second_homes(rows, inputs)
    # The last place answers for rows of nobody.
    has_points = np.append(users, False)[people.row_person]
    rows.sieve.set_aside(~has_points, "no-points")
    group = _row_groups(people, groups)
    prices = derive_prices(rows, rows.sieve.kept, prices, group)
    units, deduced = weekly_units(rows, prices, group)
    rows.sieve.set_aside(deduced & (units == 0), "no-price")
    return Sifted(rows, people, users, groups, prices, units, deduced)


def _with_points(people: People, points: Points) -> BoolArray:
    used = points.person.codes[points.sieve.kept]
    has = pd.Index(people.ids, dtype=object).isin(points.person.distinct[np.unique(used)])
    return np.asarray(has, dtype=np.bool_)


def _row_groups(people: People, groups: Sequence[str]) -> IntArray:
    """For each row the place of its person's client group; 0 for rows of nobody."""
    places = {name: place for place, name in enumerate(groups)}
    of_person = [places.get(name, 0) for name in people.client_group]
    return np.array([*of_person, 0], dtype=np.int64)[people.row_person]


def _set_aside_second_homes(rows: Rows, inputs: Inputs) -> None:
    """Rows of people with two services in force that each replace all others."""
    homes = {name for name, one in inputs.mapping.services.items() if one.replaces_all}
    own = inputs.services
    if own is not None and "replaces_all" in own:
        stated = zip(own["service_id"], own["replaces_all"], strict=True)
        homes = (homes - set(own["service_id"])) | {n for n, yes in stated if yes == "yes"}
    # The last places answer for rows without a service.
    replaces = np.array([*(name in homes for name in inputs.mapping.services), False, False])
    chosen = rows.sieve.kept & replaces[rows.service]
    several = np.bincount(rows.person.codes[chosen], minlength=len(rows.person.distinct)) > 1
    rows.sieve.set_aside(chosen & np.append(several, False)[rows.person.codes], "two-homes")
