"""Notes of packages: their form, and what other payers add. Limits count by them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from metneed.instances.faults import Fault
from metneed.instances.identifiers import check_look_alikes, check_texts
from metneed.instances.reading import Reading
from metneed.instances.tables import Opaque
from metneed.models.arrays import IntArray, frozen
from metneed.models.columns import Labels
from metneed.models.limits import AMOUNT_LIMIT, SUM_LIMIT
from metneed.models.sums import exact_sum

PAYER = "paid_"
"""What headings of other payers' amounts begin with."""

_NOTHING = "null"
"""The type of a Parquet column without any value."""


@dataclass(frozen=True, eq=False)
class Notes:
    """Notes in the order of the table of packages or the catalogue, one a row.

    Parameters
    ----------
    reading
        The table that they stand in.
    form
        Form of care, empty where it is not stated; None without the column.
    paid
        What each other payer adds, smallest money units, by payer; 0 where nothing is stated.
    """

    reading: Reading
    form: Labels | None
    paid: Mapping[str, IntArray]

    def of(self, row: IntArray | None) -> tuple[Labels | None, dict[str, IntArray] | None]:
        """The forms of the packages in these rows (None for all), and what payers add to them.

        Amounts that are too large for exact arithmetic are findings.
        """
        form = self.form
        if form is not None:
            codes = form.codes if row is None else form.codes[row]
            form = Labels(frozen(codes, codes.dtype), form.names)
        paid = {
            payer: frozen(column if row is None else column[row])
            for payer, column in self.paid.items()
        }
        for payer, amounts in paid.items():
            _check_magnitude(self.reading, PAYER + payer, amounts)
        return form, paid or None


def read_notes(reading: Reading) -> Notes:
    """The notes of a table; cells that cannot be read are findings."""
    headings = [heading for heading in reading.table.columns if heading.startswith(PAYER)]
    paid = {heading.removeprefix(PAYER): _amounts(reading, heading) for heading in headings}
    return Notes(reading, _form(reading), paid)


def _form(reading: Reading) -> Labels | None:
    column = reading.column("form")
    if column is None:
        return None
    if isinstance(column, Opaque):
        if column.kind != _NOTHING:
            problem = f"holds values of type {column.kind}"
            reading.about(Fault("wrong-type", problem, "Write the column as text"), "form")
        return Labels(np.zeros(len(column), dtype=np.int8), ("",))
    text = column.labels()
    check_look_alikes(reading, "form", text, check_texts(reading, "form", text))
    texts = text.distinct.tolist()
    names = sorted({*texts, ""} if (text.codes < 0).any() else set(texts))
    rank = {name: place for place, name in enumerate(names)}
    # Forms are few and packages many. The last place answers for code -1, nothing.
    narrow = np.min_scalar_type(-max(1, len(names)))
    place = np.array([*(rank[name] for name in texts), rank.get("", -1)], dtype=narrow)
    return Labels(place[text.codes], tuple(names))


def _amounts(reading: Reading, heading: str) -> IntArray:
    """What a payer adds, row by row."""
    column = reading.column(heading)
    if isinstance(column, Opaque) and column.kind == _NOTHING:
        return np.zeros(len(column), dtype=np.int64)
    numbers = reading.numbers(heading, blank=True)
    if numbers is None:
        return np.zeros(len(reading.table), dtype=np.int64)
    return numbers.units if numbers.good.all() else np.where(numbers.good, numbers.units, 0)


def _check_magnitude(reading: Reading, heading: str, amounts: IntArray) -> None:
    if int(amounts.max(initial=0)) >= AMOUNT_LIMIT or exact_sum(amounts) >= SUM_LIMIT:
        problem = "amounts are too large for exact arithmetic"
        remedy = "Write them in larger units, or with fewer money_decimals in scenario.toml"
        reading.about(Fault("numbers-too-large", problem, remedy), heading)
