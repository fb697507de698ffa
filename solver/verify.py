"""Checks a result against its instance, with Python's standard library and nothing else.

    python verify.py RESULT INSTANCE

Nothing is taken from the program that made the result. The digests, the money, each user's cost
and met need, all sums and the bound are worked out again from the tables, in whole numbers.

The bound: whatever p/q is, with B pence no allocation meets more need than
(p B + sum over users of the greatest q v - p c on the menu) / q, where v is met need, c cost, and
nothing counts 0 (weak duality). Where whole packages claim a lower bound than this, all that
something better could contain is tried together: a package whose loss, its distance from that
greatest, is more than the slack of the claim cannot be in it. A dynamic programme over the
spending keeps the least loss, and at its end nothing may be left.
"""

import csv
import hashlib
import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import chain, islice, zip_longest
from math import gcd
from pathlib import Path
from typing import Any

Block = Mapping[str, list[str]]
Tables = Callable[[Path], Iterable[Block]]
"""The columns of a table that is not CSV as text, in blocks of rows."""

WHOLE = 10**9
SHOWN = 10
MOST_STATES = 100_000
_ROWS = 1 << 16
_FILES = {
    "inputs": ("scenario", "users", "packages", "catalogue", "previous"),
    "outputs": ("allocation", "parts"),
}
_OFFER = ("package_id", "cost", "met_need")
_GIVEN = ("user_id", "package_id", "package_share", "award", "cost", "met_need")
_SCENARIO = {
    "packages": "whole",
    "choice": "at_most_one",
    "leftover": "kept",
    "seed": "0",
    "currency": "GBP",
    "period": "year",
}
_WEEKS = {"365/7": Fraction(365, 7), "52": Fraction(52), "364/7": Fraction(364, 7)}


class DamagedError(Exception):
    """A file is not what it should be; the message says which and why."""


@dataclass
class Report:
    """What was checked, what failed, and what is claimed but not shown; in words."""

    checked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failed

    def claim(self, holds: object, otherwise: str) -> None:
        """Note a failure unless the claim holds."""
        if not holds:
            self.failed.append(otherwise)

    def same(self, what: str, stated: object, found: object) -> None:
        """Note a failure unless what the result states is what was found."""
        self.claim(stated == found, f"{what}: the result says {stated!r:.80}, found {found!r:.80}")

    def text(self) -> str:
        """The report for a screen."""
        lines = [f"checked    {line}" for line in self.checked]
        lines += [f"not shown  {line}" for line in self.open]
        lines += [f"FAILED     {line}" for line in self.failed[:SHOWN]]
        if len(self.failed) > SHOWN:
            lines.append(f"FAILED     ... and {len(self.failed) - SHOWN} more")
        return "\n".join([*lines, "verified" if self.ok else "NOT VERIFIED"])


def verify(result: Path, instance: Path, *, tables: Tables | None = None) -> Report:
    """Check the result of a rule against the instance it was made from.

    Parameters
    ----------
    result, instance
        Folders.
    tables
        Reads a table that is not CSV; without it only CSV is read.

    Returns
    -------
    Report
        Damaged files are failures in it, never exceptions.
    """
    report = Report()
    try:
        _Check(report, result, instance, tables).run()
    except DamagedError as damaged:
        report.failed.append(damaged.args[0])
    return report


class Amounts(dict[str, int]):
    """Decimal text as whole numbers of smallest units, each text read once."""

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self.decimals = decimals

    def __missing__(self, text: str) -> int:
        """Read a text that is new."""
        whole, point, part = text.partition(".")
        digits = whole + (part or "." if point else "")
        if not (whole and digits.isascii() and digits.isdigit() and len(digits) <= 60):
            raise ValueError(text)
        if part[self.decimals :].strip("0"):
            raise ValueError(text)
        if len(self) > _ROWS:
            self.clear()
        self[text] = int(whole + part[: self.decimals].ljust(self.decimals, "0"))
        return self[text]

    def column(self, cells: Sequence[object], place: str, first: int = 2) -> list[int]:
        """A column of a table as numbers; `first` is the row of its first cell."""
        try:
            return list(map(self.__getitem__, cells))  # type: ignore[arg-type]
        except (ValueError, TypeError, AttributeError):
            pass
        for row, cell in enumerate(cells, first):
            self.read(cell, f"{place}, row {row}")
        raise AssertionError

    def read(self, cell: object, place: str) -> int:
        """One number, with its place for the message."""
        try:
            return self[cell]  # type: ignore[index]
        except (ValueError, TypeError, AttributeError):
            wanted = f"a plain number with at most {self.decimals} decimals"
            raise DamagedError(f"{place}: {cell!r:.60} is not {wanted}") from None

    def text(self, amount: int) -> str:
        """A number of smallest units as decimal text."""
        whole, part = divmod(abs(amount), 10**self.decimals)
        point = f".{part:0{self.decimals}}" if self.decimals else ""
        return f"{'-' if amount < 0 else ''}{whole}{point}"


_PLAIN = Amounts(0)
_SHARES = Amounts(9)


class _Check:
    """One check: what the files say, and how far it has come."""

    def __init__(self, report: Report, result: Path, instance: Path, tables: Tables | None) -> None:
        self.report, self.result, self.instance, self.tables = report, result, instance, tables
        self.record = _load(result / "result.json")
        self.scenario = _load(instance / "scenario.toml")
        self.money = self.amounts("money_decimals", "2")
        self.need = self.amounts("need_decimals", "3")
        self.exactly_one = self.scenario.get("choice") == "exactly_one"
        self.files: dict[str, Path] = {}
        self.ids: list[str] = []
        self.rows: list[int] = []
        self.costs: list[int] = []
        self.needs: list[int] = []
        self.allocable = self.spent = self.value = 0

    def amounts(self, key: str, default: str) -> Amounts:
        """Numbers with as many decimals as the scenario keeps."""
        decimals = _PLAIN.read(self.scenario.get(key, default), f"scenario.toml: {key}")
        return Amounts(min(decimals, 9))

    def run(self) -> None:
        """All checks, each on what the earlier ones have made sure of."""
        self.digests()
        self.budgets()
        self.ids = sorted(self.table("users", "user_id")["user_id"])
        self.report.same("users", self.record.get("users"), str(len(self.ids)))
        outcome = self.record.get("outcome")
        if outcome == "allocation":
            self.allocation()
            self.certificate(_object(self.record, "certificate"))
        elif outcome == "infeasible":
            self.infeasible()
        else:
            self.report.same("outcome", outcome, "not applicable")
            self.report.open.append("that the rule does not apply")

    def digests(self) -> None:
        """The digest of the result itself, and of every file it was made from or came with."""
        rest = {key: value for key, value in self.record.items() if key != "digest"}
        canonical = json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()
        digest = hashlib.sha256(canonical).hexdigest()
        self.report.same("digest of result.json", self.record.get("digest"), digest)
        for key, folder in (("inputs", self.instance), ("outputs", self.result)):
            named = _object(self.record, key)
            for name, stated in named.items():
                path = folder / Path(name).name
                self.report.same(f"sha256 of {name!r}", stated, _sha256(path))
                if path.stem in _FILES[key]:
                    self.files[path.stem] = path
            self.report.checked.append(f"sha256 of {', '.join(map(repr, named)) or f'no {key}'}")
        for path in sorted(self.instance.iterdir()):
            if path.stem in _FILES["inputs"] and path.suffix in {".toml", ".csv", ".parquet"}:
                used = self.files.get(path.stem) == path
                self.report.claim(used, f"{path.name}: the result was made without this file")

    def budgets(self) -> None:
        """The money of the scenario, and what else the result repeats from it."""
        get = self.scenario.get

        def for_period(key: str) -> int:
            amount = Fraction(self.money.read(get(key, "0"), f"scenario.toml: {key}"))
            period, weeks = get("period", "year"), _WEEKS.get(get("weeks_per_year", "365/7"))
            if get("budget_period", period) != period and weeks:
                amount = amount * weeks if period == "year" else amount / weeks
            return int(amount // 1)

        budget = for_period("budget")
        top_slice = Amounts(30).read(get("top_slice", "0"), "scenario.toml: top_slice")
        held_back = budget * top_slice // 10**30 + for_period("overheads")
        self.allocable = budget - held_back
        money = {"budget": budget, "held_back": held_back, "allocable": self.allocable}
        found = {key: self.money.text(amount) for key, amount in money.items()}
        found |= {"format": "metneed result", "format_version": "1", "scenario": get("name")}
        found |= {key: get(key, default) for key, default in _SCENARIO.items()}
        for key, value in found.items():
            self.report.same(key, self.record.get(key), value)
        self.report.checked.append(f"money: {found['allocable']} allocable of {found['budget']}")

    def blocks(self, name: str, *wanted: str) -> Iterator[Block]:
        """A table in blocks of rows; the columns wanted are among its columns."""
        path = self.files.get(name)
        if path is None:
            raise DamagedError(f"the result names no table {name}")
        read = _csv_blocks if path.suffix == ".csv" else self.tables
        if read is None:
            raise DamagedError(f"{path.name}: here only CSV is read, use the command metneed verify")
        try:
            for block in read(path):
                missing = ", ".join(column for column in wanted if column not in block)
                if missing:
                    raise DamagedError(f"{path.name} has no column {missing}")
                yield block
        except (OSError, ValueError, csv.Error) as error:
            raise DamagedError(f"{path.name} cannot be read: {error}") from error

    def table(self, name: str, *wanted: str, optional: Sequence[str] = ()) -> dict[str, list[str]]:
        """Whole columns of a table: those wanted, and the optional ones that it has."""
        blocks = list(self.blocks(name, *wanted))
        kept = [*wanted, *(key for key in optional if key in blocks[0])]
        columns = {key: list(chain.from_iterable(block[key] for block in blocks)) for key in kept}
        if name in _FILES["outputs"] and self.files[name].suffix == ".csv":
            for key in ("user_id", "package_id"):  # a quote keeps spreadsheets from running a cell
                columns[key] = [cell[cell[:1] == "'" :] for cell in columns[key]]
        return columns

    def offers(self) -> Iterator[tuple[list[str], list[str], list[int], list[int]]]:
        """All packages: the user that each is for, its identifier, cost and met need."""
        if "packages" not in self.files:
            yield from self.catalogue()
            return
        first = 2
        for block in self.blocks("packages", "user_id", *_OFFER):
            costs = self.money.column(block["cost"], "packages: cost", first)
            needs = self.need.column(block["met_need"], "packages: met_need", first)
            yield block["user_id"], block["package_id"], costs, needs
            first += len(costs)

    def catalogue(self) -> Iterator[tuple[list[str], list[str], list[int], list[int]]]:
        """The packages of the catalogue, each for all users whose columns match its own."""
        headings = next(self.blocks("catalogue", "package_id", "cost"))
        offers = self.table("catalogue", *headings)
        users = self.table("users", "user_id", optional=["need", *headings])
        keys = [key for key in headings if key in users and key not in {*_OFFER, "form"}]
        lines = list(range(len(offers["cost"])))
        costs = self.money.column(offers["cost"], "catalogue: cost")
        needs, shares = ([offers[key][line] if key in offers else "" for line in lines] for key in ("met_need", "share_of_need"))
        for row, user in enumerate(users["user_id"]):
            own = [line for line in lines if all(offers[key][line] in {"", "*", users[key][row]} for key in keys)]
            met = [
                self.need.read(needs[line], "catalogue: met_need")
                if needs[line]
                else self.need.read(users["need"][row], f"users: need, row {row + 2}")
                * _SHARES.read(shares[line], "catalogue: share_of_need")
                // WHOLE
                for line in own
            ]
            ids = [offers["package_id"][line] for line in own]
            yield [user] * len(own), ids, [costs[line] for line in own], met

    def offered(self, held: Sequence[Mapping[str, int]]) -> dict[tuple[int, str], tuple[int, int]]:
        """Read all packages; of those that users hold give cost and met need."""
        row_of = {user: row for row, user in enumerate(self.ids)}
        place: dict[tuple[int, str], int] = {}
        for users, packages, costs, needs in self.offers():
            rows = [row_of.get(user, -1) for user in users]
            if -1 in rows:
                raise DamagedError(f"packages: {users[rows.index(-1)]!r} is not among the users")
            for index, (row, package) in enumerate(zip(rows, packages, strict=True), len(self.rows)):
                if package in held[row]:
                    again = (row, package) in place
                    self.report.claim(not again, f"{self.ids[row]!r} has {package!r} twice")
                    place[row, package] = index
            self.rows += rows
            self.costs += costs
            self.needs += needs
        on_menu = {key: (self.costs[index], self.needs[index]) for key, index in place.items()}
        return on_menu if self.record.get("chosen_from") == "menus" else self.today(row_of, on_menu)
