"""What an import gives: a council's tables, the rows set aside, and a record of both."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from metneed.instances.files import defused, write_columns, write_text
from metneed.instances.importers.reasons import USED, Reason
from metneed.instances.publish import staging_in
from metneed.models.arrays import IntArray, TextArray
from metneed.models.errors import OutputError

OURS = ("users", "needs", "services", "current")
RECORD = "import.json"
TABLES = ("points", "reckoner", "services", "response", "templates", "swaps", "contributions")
"""Tables of a council's own that may be put beside those of an import."""


@dataclass(frozen=True)
class Tally:
    """How many rows had one fate.

    Parameters
    ----------
    code, words
        The reason, or ``used``.
    odd
        Whether something is wrong with these rows.
    rows, people
        How many.
    cost
        What they cost a week as far as it can be told, pence; for one-off costs their sum.
    """

    code: str
    words: str
    odd: bool
    rows: int
    people: int
    cost: int


@dataclass(frozen=True)
class Assumption:
    """Something that the return does not say.

    Parameters
    ----------
    name
        Short name.
    value
        What is assumed.
    effect
        What a change of it does, in words.
    """

    name: str
    value: str
    effect: str


@dataclass(frozen=True, eq=False)
class Imported:
    """A council's tables, and what became of every row.

    Parameters
    ----------
    tables
        Columns of text by table: users, current, services and perhaps needs.
    texts
        Further files by name: scenario.toml. Where one is there already it stays as it is.
    odd_rows
        Columns of the rows that somebody should look at.
    mapping
        Columns of the combinations of codes that occur, with the service of each.
    tallies
        For each file that was read the fates of its rows.
    assumptions, notes
        What is assumed, and what a reader must know.
    copied
        The council's own tables that go along.
    record
        Further facts for `import.json`.
    """

    tables: Mapping[str, Mapping[str, TextArray]]
    texts: Mapping[str, str]
    odd_rows: Mapping[str, TextArray]
    mapping: Mapping[str, TextArray]
    tallies: Mapping[str, Sequence[Tally]]
    assumptions: Sequence[Assumption]
    notes: Sequence[str]
    copied: Sequence[Path] = ()
    record: Mapping[str, object] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """The record of the import, for machines; amounts are decimal text."""
        return {
            **self.record,
            "rows": {
                file: [
                    {
                        "reason": tally.code,
                        "words": tally.words,
                        "odd": tally.odd,
                        "rows": tally.rows,
                        "people": tally.people,
                        "pounds": f"{tally.cost // 100}.{tally.cost % 100:02d}",
                    }
                    for tally in tallies
                ]
                for file, tallies in self.tallies.items()
            },
            "assumptions": [vars(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
        }

    def write(self, folder: Path) -> None:
        """Write everything to a folder; tables of the council's own that stand there stay.

        Raises
        ------
        OutputError
            Where the folder cannot be written, or holds one of these tables in another form.
        """
        others = [f"{name}.parquet" for name in OURS]
        others += [f"{name}.csv" for name in OURS if name not in self.tables]
        clash = sorted(name for name in others if (folder / name).exists())
        if clash:
            raise OutputError(
                f"{folder} holds {', '.join(clash)}, which would mix with this import: delete "
                "it, or write to another folder"
            )
        with staging_in(folder) as staging:
            for path in self.copied:
                shutil.copyfile(path, staging / path.name)
            for name, columns in self.tables.items():
                # Identifiers in a council's tables must stay exactly what they are.
                write_columns(staging / f"{name}.csv", columns)
            for name, columns in (("odd_rows", self.odd_rows), ("mapping", self.mapping)):
                safe = {heading: defused(column) for heading, column in columns.items()}
                write_columns(staging / f"{name}.csv", safe)
            for name, text in self.texts.items():
                # What somebody has edited there since is kept.
                if not (folder / name).exists():
                    write_text(staging / name, text)
            document = json.dumps(self.document(), ensure_ascii=False, indent=2)
            write_text(staging / RECORD, document + "\n")
            # The record comes last: it vouches for the tables.
            for path in sorted(staging.iterdir(), key=lambda path: path.name == RECORD):
                path.replace(folder / path.name)


def tally(
    reasons: Sequence[Reason], fate: IntArray, person: IntArray, cost: IntArray
) -> list[Tally]:
    """How many rows had which fate, those that are used first; fates of no row are left out.

    Parameters
    ----------
    reasons
        What fates stand for.
    fate
        One a row.
    person
        A number for each row's person, below 0 for nobody.
    cost
        Of each row, pence.
    """
    used = Reason("used", "used")
    found = []
    for place, reason in [(USED, used), *enumerate(reasons)]:
        rows = np.flatnonzero(fate == place)
        if len(rows) or place == USED:
            people = np.unique(person[rows])
            total = int(cost[rows].astype(object).sum()) if len(rows) else 0
            found.append(
                Tally(
                    reason.code,
                    reason.words,
                    reason.is_odd,
                    len(rows),
                    int((people >= 0).sum()),
                    total,
                )
            )
    return found
