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
_KNOWN = ("users", "packages", "catalogue", "previous")
_OFFER = ("package_id", "cost", "met_need")


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


class _Check:
    """One check: what the files say, and how far it has come."""

    def __init__(self, report: Report, result: Path, instance: Path, tables: Tables | None) -> None:
        self.report, self.result, self.instance, self.tables = report, result, instance, tables
        self.record = _load(result / "result.json")
        self.scenario = _load(instance / "scenario.toml")
        self.money, self.need = (
            Amounts(int(self.scenario.get(f"{kind}_decimals", default)))
            for kind, default in (("money", "2"), ("need", "3"))
        )
        self.exactly_one = self.scenario.get("choice") == "exactly_one"
        self.files: dict[str, Path] = {}
        self.ids: list[str] = []
        self.rows: list[int] = []
        self.costs: list[int] = []
        self.needs: list[int] = []
        self.allocable = self.value = 0

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
                self.files[path.stem] = path
                self.report.same(f"sha256 of {path.name}", stated, _sha256(path))
            self.report.checked.append(f"sha256 of {', '.join(named) or f'no {key}'}")
        present = [p for p in self.instance.iterdir() if p.suffix in {".csv", ".parquet"}]
        for path in [self.instance / "scenario.toml", *(p for p in present if p.stem in _KNOWN)]:
            named = self.files.get(path.stem) == path
            self.report.claim(named, f"{path.name}: the result was made without this file")

    def budgets(self) -> None:
        """The money of the scenario, and what else the result repeats from it."""
        get = self.scenario.get

        def for_period(key: str) -> int:
            amount, period = Fraction(self.money.read(get(key, "0"), key)), get("period", "year")
            weeks = _fraction(get("weeks_per_year", "365/7"))
            if get("budget_period", period) != period:
                amount = amount * weeks if period == "year" else amount / weeks
            return int(amount // 1)

        budget = for_period("budget")
        held_back = int(budget * _fraction(get("top_slice", "0"))) + for_period("overheads")
        self.allocable = budget - held_back
        money = {"budget": budget, "held_back": held_back, "allocable": self.allocable}
        found = {key: self.money.text(amount) for key, amount in money.items()}
        found |= {"format": "metneed result", "format_version": "1", "scenario": get("name")}
        defaults = {"packages": "whole", "choice": "at_most_one", "leftover": "kept", "seed": "0"}
        defaults |= {"currency": "GBP", "period": "year"}
        found |= {key: get(key, default) for key, default in defaults.items()}
        for key, value in found.items():
            self.report.same(key, self.record.get(key), value)
        self.report.checked.append(f"money: {found['allocable']} allocable of {found['budget']}")

    def blocks(self, name: str, *wanted: str) -> Iterator[Block]:
        """The columns of a table in blocks of rows, those that are wanted among them."""
        path = self.files.get(name)
        if path is None:
            raise DamagedError(f"the result names no table {name}")
        read = _csv_blocks if path.suffix == ".csv" else self.tables
        if read is None:
            raise DamagedError(f"{path.name}: here only CSV is read; use the command metneed verify")
        try:
            for block in read(path):
                for column in wanted:
                    if column not in block:
                        raise DamagedError(f"{path.name} has no column {column}")
                yield block
        except (OSError, ValueError, csv.Error) as error:
            raise DamagedError(f"{path.name} cannot be read: {error}") from error

    def table(self, name: str, *wanted: str, optional: Sequence[str] = ()) -> dict[str, list[str]]:
        """Whole columns of a table: those wanted, and the optional ones that it has."""
        blocks = list(self.blocks(name, *wanted))
        kept = [*wanted, *(key for key in optional if key in blocks[0])]
        return {key: list(chain.from_iterable(block[key] for block in blocks)) for key in kept}

    def offers(self) -> Iterator[tuple[list[str], list[str], list[int], list[int]]]:
        """All packages, with the user that each is for."""
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
        """Packages of the catalogue, for all users whose columns match its own."""
        headings = list(next(iter(self.blocks("catalogue", "package_id", "cost"))))
        offers = self.table("catalogue", *headings)
        users = self.table("users", "user_id", optional=["need", *headings])
        keys = [key for key in headings if key in users and key not in {*_OFFER, "form"}]
        ...

    def menus(self, held: Sequence[Sequence[str]]) -> dict[tuple[int, str], int]:
        """Read all packages, and find those that users hold."""
        row_of = {user: row for row, user in enumerate(self.ids)}
        place: dict[tuple[int, str], int] = {}
        for users, packages, costs, needs in self.offers():
            rows = [row_of.get(user, -1) for user in users]
            if -1 in rows:
                raise DamagedError(f"packages: {users[rows.index(-1)]!r} is not among the users")
            for index, (row, package) in enumerate(zip(rows, packages, strict=True), len(self.rows)):
                if package in held[row]:
                    twice = (row, package) in place
                    self.report.claim(not twice, f"{self.ids[row]!r} has {package!r} twice")
                    place[row, package] = index
            self.rows += rows
            self.costs += costs
            self.needs += needs
        return place
