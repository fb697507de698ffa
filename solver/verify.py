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
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, islice, zip_longest
from math import gcd
from pathlib import Path
from typing import Any

Block = Mapping[str, list[str]]
Tables = Callable[[Path], Iterable[Block]]
"""The columns of a table that is not CSV as text, in blocks of rows."""

SHOWN = 10
MOST_STATES = 100_000
_ROWS = 1 << 16
_WHOLE = 10**9
_PLAIN = re.compile(r"[0-9]{1,99}(\.[0-9]{1,99})?", re.ASCII)
_MADE_FROM = ("scenario", "users", "packages", "catalogue", "previous")
_CAME_WITH = ("allocation", "parts")
_OFFER = ("package_id", "cost", "met_need")
_NO_KEY = {*_OFFER, "share_of_need", "basic_met_need", "share_of_basic_need", "form", "evidence"}
_WEEKS = {"365/7": Fraction(365, 7), "52": Fraction(52), "364/7": Fraction(364, 7)}
_DEFAULTS = {
    "money_decimals": "2",
    "need_decimals": "3",
    "period": "year",
    "currency": "GBP",
    "weeks_per_year": "365/7",
    "top_slice": "0",
    "overheads": "0",
    "packages": "whole",
    "choice": "at_most_one",
    "leftover": "kept",
    "seed": "0",
}
_REPEATED = ("packages", "choice", "leftover", "seed", "currency", "period")


class DamagedError(Exception):
    """A file is not what it should be; the message says which and why."""


@dataclass
class Report:
    """What was checked, what failed, and what is claimed but was not shown; in words."""

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
        more = len(self.failed) - SHOWN
        lines = [f"checked    {line}" for line in self.checked]
        lines += [f"not shown  {line}" for line in self.open]
        lines += [f"FAILED     {line}" for line in self.failed[:SHOWN]]
        lines += [f"FAILED     ... and {more} more"] if more > 0 else []
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
        report.failed.append(str(damaged))
    return report


class _Amounts(dict[str, int]):
    """Decimal text as whole numbers of smallest units; each text is read once."""

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self.decimals = decimals

    def __missing__(self, text: str) -> int:
        if not _PLAIN.fullmatch(text):
            raise ValueError(text)
        whole, _, part = text.partition(".")
        if part[self.decimals :].strip("0"):
            raise ValueError(text)
        if len(self) > _ROWS:
            self.clear()
        self[text] = int(whole + part[: self.decimals].ljust(self.decimals, "0"))
        return self[text]

    def read(self, cells: Sequence[Any], place: str) -> list[int]:
        """The numbers of cells; `place` is for the message where one is none."""
        try:
            return list(map(self.__getitem__, cells))
        except (ValueError, TypeError) as error:
            message = f"{place}: no plain number with at most {self.decimals} decimals: {error!s:.60}"
            raise DamagedError(message) from error

    def text(self, amount: int) -> str:
        """A number of smallest units as decimal text."""
        whole, part = divmod(abs(amount), 10**self.decimals)
        point = f".{part:0{self.decimals}}" if self.decimals else ""
        return f"{'-' if amount < 0 else ''}{whole}{point}"


class _Check:
    """One check: what the files say, and how far it has come."""

    def __init__(self, report: Report, result: Path, instance: Path, tables: Tables | None) -> None:
        self.report, self.result, self.instance, self.tables = report, result, instance, tables
        self.record = _load(result / "result.json")
        self.scenario = _DEFAULTS | _load(instance / "scenario.toml")
        kept = [self.scenario["money_decimals"], self.scenario["need_decimals"]]
        self.money, self.need = map(_Amounts, _Amounts(0).read(kept, "decimals of scenario.toml"))
        self.files: dict[str, Path] = {}
        self.ids: list[str] = []
        self.rows: list[int] = []
        self.costs: list[int] = []
        self.needs: list[int] = []
        self.allocable = self.value = 0

    def run(self) -> None:
        self.digests()
        self.budgets()
        self.ids = sorted(self.table("users", "user_id")["user_id"])
        self.report.same("users", self.record.get("users"), str(len(self.ids)))
        outcome = self.record.get("outcome")
        if outcome == "allocation":
            self.allocation()
            self.certificate(_part(self.record, "certificate"))
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
        for key, folder, known in (
            ("inputs", self.instance, _MADE_FROM),
            ("outputs", self.result, _CAME_WITH),
        ):
            named = _part(self.record, key)
            for name, stated in named.items():
                path = folder / Path(name).name
                self.report.same(f"sha256 of {name!r}", stated, _sha256(path))
                self.files |= {path.stem: path} if path.stem in known else {}
            self.report.checked.append(f"sha256 of {', '.join(map(repr, named)) or f'no {key}'}")
        for path in sorted(self.instance.iterdir()):
            if path.stem in _MADE_FROM and path.suffix in {".toml", ".csv", ".parquet"}:
                used = self.files.get(path.stem) == path
                self.report.claim(used, f"{path.name}: the result was made without this file")

    def budgets(self) -> None:
        """The money of the scenario, and what else the result repeats from it."""
        said, place = self.scenario, "scenario.toml: budget, overheads, top_slice"
        both = self.money.read([said.get("budget"), said["overheads"]], place)
        weeks, period = _WEEKS.get(said["weeks_per_year"], 0), said["period"]
        if said.get("budget_period", period) != period:
            factor = weeks if period == "year" else 1 / weeks
            both = [int(amount * factor // 1) for amount in both]
        budget, overheads = both
        top_slice = _Amounts(30).read([said["top_slice"]], place)[0]
        held_back = budget * top_slice // 10**30 + overheads
        self.allocable = budget - held_back
        money = {"budget": budget, "held_back": held_back, "allocable": self.allocable}
        found = {key: self.money.text(amount) for key, amount in money.items()}
        found |= {"format": "metneed result", "format_version": "1", "scenario": said.get("name")}
        found |= {key: said[key] for key in _REPEATED}
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

    def table(self, name: str, *wanted: str, optional: Iterable[str] = ()) -> dict[str, list[str]]:
        """Whole columns of a table: those wanted, and the optional ones that it has."""
        blocks = list(self.blocks(name, *wanted))
        kept = dict.fromkeys([*wanted, *(key for key in optional if key in blocks[0])])
        return {key: list(chain.from_iterable(block[key] for block in blocks)) for key in kept}

    def offers(self) -> Iterator[tuple[list[str], list[str], list[int], list[int]]]:
        """All packages: the user that each is for, its identifier, cost and met need."""
        if "packages" not in self.files:
            yield from self.catalogue()
            return
        for block in self.blocks("packages", "user_id", *_OFFER):
            costs = self.money.read(block["cost"], "packages: cost")
            needs = self.need.read(block["met_need"], "packages: met_need")
            yield block["user_id"], block["package_id"], costs, needs

    def catalogue(self) -> Iterator[tuple[list[str], list[str], list[int], list[int]]]:
        """The packages of the catalogue, each for all users whose columns match its own."""
        headings = next(self.blocks("catalogue", "package_id", "cost"))
        offers = self.table("catalogue", *headings)
        users = self.table("users", "user_id", optional=["need", *headings])
        keys = [key for key in headings if key in users and key not in _NO_KEY]
        blank = [""] * len(offers["cost"])
        costs = self.money.read(offers["cost"], "catalogue: cost")
        met, part = (offers.get(key, blank) for key in ("met_need", "share_of_need"))
        stated = self.need.read([cell or "0" for cell in met], "catalogue: met_need")
        shares = _Amounts(9).read([cell or "0" for cell in part], "catalogue: share_of_need")
        base = self.need.read(users.get("need", ["0"] * len(self.ids)), "users: need")
        for row, user in enumerate(users["user_id"]):
            fits = [
                line
                for line in range(len(blank))
                if all(offers[key][line] in {"", "*", users[key][row]} for key in keys)
            ]
            needs = [stated[line] + base[row] * shares[line] // _WHOLE for line in fits]
            ids = [offers["package_id"][line] for line in fits]
            yield [user] * len(fits), ids, [costs[line] for line in fits], needs

    def offered(self, held: Sequence[Mapping[str, int]]) -> dict[tuple[int, str], tuple[int, int]]:
        """Read all packages; of those that users hold give cost and met need."""
        row_of = {user: row for row, user in enumerate(self.ids)}
        found: dict[tuple[int, str], tuple[int, int]] = {}
        for users, packages, costs, needs in self.offers():
            rows = [row_of.get(user, -1) for user in users]
            if -1 in rows:
                raise DamagedError(f"packages: {users[rows.index(-1)]!r} is not among the users")
            for row, package, cost, need in zip(rows, packages, costs, needs, strict=True):
                if package in held[row]:
                    again = (row, package) in found
                    self.report.claim(not again, f"{self.ids[row]!r} has {package!r} twice")
                    found[row, package] = (cost, need)
            self.rows += rows
            self.costs += costs
            self.needs += needs
        if self.record.get("chosen_from") == "menus":
            return found
        today = self.table("previous", "user_id", "package_id", optional=_OFFER)
        keys = [*zip((row_of.get(user, -1) for user in today["user_id"]), today["package_id"])]
        ...

    def allocation(self) -> None:
        """Every user once, with a cost and met need that the packages have; and all sums."""
        said = self.table("allocation", "user_id", *_OFFER, "package_share", "award")
        ...
