"""The columns of a Client Level Data return: which are used, and which are dropped unread."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metneed.instances.faults import Fault, FileFaults
from metneed.instances.headings import near_misses
from metneed.instances.money_time import letters
from metneed.instances.schemas import Field, Schema
from metneed.instances.tables import Opaque, Readable, Table, Text
from metneed.models.findings import Findings

REQUIRED = (
    "LA Person Unique Identifier",
    "Event Type",
    "Event Start Date",
    "Event End Date",
    "Service Type",
    "Service Component",
    "Unit Cost",
    "Cost Frequency (Unit Type)",
    "Planned units per week",
)
OPTIONAL = (
    "Client Type",
    "Date of Birth",
    "Date of Death",
    "Primary Support Reason",
    "Has Unpaid Carer",
    "Delivery Mechanism",
    "Locality",
    "Reporting Period Start Date",
    "Reporting Period End Date",
)
PRIVATE = (
    "NHS Number",
    "Traced NHS Number",
    "First Name",
    "Last Name",
    "Postcode",
    "Adult 1 Linked Person ID",
    "Adult 2 Linked Person ID",
    "Adult 3 Linked Person ID",
)
"""Dropped before anything is looked at."""

OTHERS = (
    "LA Code",
    "LA Name",
    "Gender",
    "Ethnicity",
    "GP Practice Name",
    "GP Practice Code",
    "Accommodation Status",
    "Employment Status",
    "Autism Spectrum Disorder (ASD)",
    "Visual Impairment",
    "Hearing Impairment",
    "Dementia",
    "Client Funding Status",
    "Event Reference",
    "Event Description",
    "Event Outcome",
    "Request: Route of Access",
    "Assessment Type",
    "Eligible Needs Identified",
    "Method of Assessment",
    "Total Hrs Caring per week",
    "No. of adults being cared for",
    "Provider CQC Location Name",
    "Provider CQC Location ID",
    "Review Reason",
    "Review Outcomes Achieved",
    "Method of Review",
)
"""Columns of the specification that menus do not need."""

ALIASES: Mapping[str, str] = {
    "Cost Frequency": "Cost Frequency (Unit Type)",
    "Local Authority Person Unique Identifier": "LA Person Unique Identifier",
    "Person ID": "LA Person Unique Identifier",
    "Adult 1 Linked Person_ID": "Adult 1 Linked Person ID",
    "Adult 2 Linked Person_ID": "Adult 2 Linked Person ID",
    "Adult 3 Linked Person_ID": "Adult 3 Linked Person ID",
    "DOB": "Date of Birth",
    "Area": "Locality",
}

SCHEMA = Schema(
    "return",
    "Client Level Data return",
    tuple(
        Field(name, "text", name, required=name in REQUIRED)
        for name in (*REQUIRED, *OPTIONAL, *PRIVATE, *OTHERS)
    ),
)

_NUMBER = re.compile(r"\s*\(?[0-9]{1,3}[a-z]?\)?\s*[.:)_-]*\s*(?=[^\W\d_])", re.IGNORECASE)
_KNOWN = {letters(name): name for name in (*REQUIRED, *OPTIONAL, *PRIVATE, *OTHERS)}
_KNOWN |= {letters(name): meant for name, meant in ALIASES.items()}


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns of a return under the specification's names.

    Parameters
    ----------
    file
        Name of the file.
    used
        Columns by name; those that the file has not are absent.
    headings
        For each of them its heading in the file.
    dropped
        Headings of personal columns that were dropped unread.
    ignored
        Headings of all other columns that are not used.
    rows
        Number of each row as a spreadsheet shows it.
    """

    file: str
    used: Mapping[str, Text]
    headings: Mapping[str, str]
    dropped: tuple[str, ...]
    ignored: tuple[str, ...]
    rows: Sequence[int]

    def __len__(self) -> int:
        return len(self.rows)

    def text(self, name: str) -> Text:
        """A column as text, nothing but blanks where the file has none."""
        found = self.used.get(name)
        return Text.of([""] * len(self)) if found is None else found


def standard_name(heading: str) -> str | None:
    """The specification's name of a heading, numbered or not, in any case and spacing.

    >>> standard_name("37. cost_frequency (unit type)"), standard_name("Shoe size")
    ('Cost Frequency (Unit Type)', None)
    """
    found = _KNOWN.get(letters(heading))
    return found or _KNOWN.get(letters(_NUMBER.sub("", heading, count=1)))


def named_columns(table: Table, findings: Findings) -> Columns:
    """The columns of a return; missing, doubled and misspelt headings are findings."""
    faults = FileFaults(table.file, findings)
    names: dict[str, str] = {}
    ignored, dropped = [], []
    for heading in table.columns:
        name = standard_name(heading)
        if name in PRIVATE:
            dropped.append(heading)
        elif name is None or name in OTHERS:
            ignored.append(heading)
        elif name in names:
            problem = f"{names[name]!r} and this are both {name}"
            faults.add(Fault("duplicate-column", problem, "Keep one of them"), heading, row=1)
        else:
            names[name] = heading
    strangers = [heading for heading in ignored if standard_name(heading) is None]
    _check_missing(faults, names, strangers, list(table.columns))
    used = {name: _text(table.columns[heading]) for name, heading in names.items()}
    return Columns(table.file, used, names, tuple(dropped), tuple(ignored), table.rows)


def _check_missing(
    faults: FileFaults, names: Mapping[str, str], strangers: Sequence[str], headings: Sequence[str]
) -> None:
    missing = [name for name in (*REQUIRED, *OPTIONAL) if name not in names]
    near = near_misses([_NUMBER.sub("", heading, count=1) for heading in strangers], missing)
    written = {_NUMBER.sub("", heading, count=1): heading for heading in strangers}
    for name, found in near.items():
        problem = f"looks like {name}, and would not be read"
        remedy = f"Call it {name}, or something that cannot be taken for it"
        faults.add(Fault("misspelt-column", problem, remedy), written[found], row=1)
    shown = ", ".join(repr(heading) for heading in headings[:12])
    for name in missing:
        if name in REQUIRED and name not in near:
            remedy = f"Add the column; row 1 has {shown or 'no heading'}"
            faults.add(Fault("missing-column", "the column is missing", remedy), name, row=1)


def _text(column: Readable | Opaque) -> Text:
    # Dates and numbers of Parquet files were shown as they stand; opaque ones are blank.
    return Text.of([""] * len(column)) if isinstance(column, Opaque) else column.labels()
