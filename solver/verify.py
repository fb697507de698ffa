"""Checks a result against its instance, with Python's standard library and nothing else.

    python verify.py RESULT INSTANCE

Nothing is taken from the program that made the result: digests, money, each user's cost and met
need, all sums and the bound are worked out again from the tables, in whole numbers.

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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, chain, islice, repeat, zip_longest
from math import gcd
from pathlib import Path
from typing import Any

Columns = Mapping[str, list[str]]
Tables = Callable[[Path], Iterable[Columns]]
"""The columns of a table that is not CSV as text, in blocks of rows."""

MOST_STATES = 100_000
_SHOWN, _ROWS, _WHOLE = 10, 1 << 16, 10**9
_PLAIN = re.compile(r"[0-9]{1,99}(\.[0-9]{1,99})?", re.ASCII)
_MADE_FROM = ("scenario", "users", "packages", "catalogue", "previous")
_CAME_WITH = ("allocation", "parts")
_DEFAULTS = {"packages": "whole", "choice": "at_most_one", "leftover": "kept", "seed": "0"}
_DEFAULTS |= {"currency": "GBP", "period": "year"}
_WEEKS = {"365/7": Fraction(365, 7), "52": Fraction(52), "364/7": Fraction(52)}
_OFFER = {"package_id", "cost", "met_need", "share_of_need", "form", "evidence"}
_Offers = dict[tuple[int, str], tuple[int, int]]
_Offered = tuple[list[int], list[str], list[int], list[int]]


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

    def text(self) -> str:
        """The report for a screen."""
        lines = [f"checked    {line}" for line in self.checked]
        lines += [f"not shown  {line}" for line in self.open]
        lines += [f"FAILED     {line}" for line in self.failed[:_SHOWN]]
        more = f" ({len(self.failed)} failures)" if self.failed else ""
        return "\n".join([*lines, "verified" if self.ok else f"NOT VERIFIED{more}"])


def verify(result: Path, instance: Path, *, tables: Tables | None = None) -> Report:
    """What holds of a result and what does not; a damaged file is a failure in the report.

    Parameters
    ----------
    result, instance
        Folders.
    tables
        Reads a table that is not CSV; without it only CSV is read.
    """
    report = Report()
    try:
        _Check(report, result, instance, tables).run()
    except DamagedError as damaged:
        report.failed.append(str(damaged))
    return report


class _Check:
    """One check: what the files say, and how far it has come."""

    def __init__(self, report: Report, result: Path, instance: Path, tables: Tables | None) -> None:
        self.report, self.result, self.instance, self.tables = report, result, instance, tables
        self.record, self.scenario = (
            _load(result / "result.json"),
            _load(instance / "scenario.toml"),
        )
        self.scenario = _DEFAULTS | self.scenario
        self.money = _units(self.scenario.get("money_decimals", "2"), 0)
        self.need = _units(self.scenario.get("need_decimals", "3"), 0)
        self.must = self.scenario["choice"] == "exactly_one"
        self.allocable = 0
        self.files: dict[str, Path] = {}
        self.row_of: dict[str, int] = {}
        self.rows, self.costs, self.needs = list[int](), list[int](), list[int]()

    def run(self) -> None:
        """All checks, each on what the earlier ones have made sure of."""
        self.digests()
        self.budgets()
        self.row_of = {user: row for row, user in enumerate(sorted(self.table("users")["user_id"]))}
        self.same({"users": str(len(self.row_of))}, self.record)
        outcome = self.record.get("outcome")
        if outcome == "allocation":
            self.certificate(_part(self.record, "certificate"), self.allocation())
        elif outcome == "infeasible":
            self.infeasible()
        else:
            self.claim(outcome == "not applicable", f"outcome: {outcome!r:.60} is unknown")
            self.report.open.append("that the rule does not apply")

    def claim(self, holds: object, otherwise: str) -> None:
        """Note a failure unless the claim holds."""
        if not holds:
            self.report.failed.append(otherwise)

    def same(self, found: Mapping[str, object], said: Mapping[str, Any], place: str = "") -> None:
        """Note a failure for each entry that is not said as it was found."""
        for key, value in found.items():
            told = said.get(key)
            self.claim(told == value, f"{place}{key}: {told!r:.60} is said, {value!r:.60} found")

    def digests(self) -> None:
        """The digest of the result itself, and of every file it was made from or came with."""
        rest = {key: value for key, value in self.record.items() if key != "digest"}
        canonical = json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()
        self.same({"digest": hashlib.sha256(canonical).hexdigest()}, self.record)
        folders = {"inputs": (self.instance, _MADE_FROM), "outputs": (self.result, _CAME_WITH)}
        for key, (folder, known) in folders.items():
            named = _part(self.record, key)
            paths = {name: folder / Path(name).name for name in named}
            self.same({name: _sha256(path) for name, path in paths.items()}, named, "sha256 of ")
            self.files |= {path.stem: path for path in paths.values() if path.stem in known}
            self.report.checked.append(f"sha256 of {', '.join(map(repr, named)) or f'no {key}'}")
        self.claim("scenario" in self.files, "inputs: scenario.toml is not named")

    def budgets(self) -> None:
        """The money of the scenario, and what else the result repeats from it."""
        get = self.scenario.get
        money = [_units(get(key, "0"), self.money) for key in ("budget", "overheads")]
        if get("budget_period", get("period")) != get("period"):
            weeks = _WEEKS.get(get("weeks_per_year", "365/7"), Fraction(1))
            factor = weeks if get("period") == "year" else 1 / weeks
            money = [int(amount * factor // 1) for amount in money]
        held_back = money[0] * _units(get("top_slice", "0"), 30) // 10**30 + money[1]
        self.allocable = money[0] - held_back
        found = {"budget": money[0], "held_back": held_back, "allocable": self.allocable}
        said = {key: _text(amount, self.money) for key, amount in found.items()}
        said |= {key: get(key) for key in _DEFAULTS} | {"scenario": get("name")}
        self.same(said | {"format": "metneed result", "format_version": "1"}, self.record)
        self.report.checked.append(f"{said['allocable']} allocable of a budget of {said['budget']}")

    def blocks(self, name: str) -> Iterator[Columns]:
        """A table in blocks of rows."""
        path = self.files.get(name, Path(f"{name}.csv"))
        read = _csv_blocks if path.suffix == ".csv" else self.tables
        if read is None:
            raise DamagedError(
                f"{path.name}: only CSV is read here, use the command metneed verify"
            )
        try:
            yield from read(path)
        except (OSError, ValueError, csv.Error) as error:
            raise DamagedError(f"{path.name} cannot be read: {error}") from error

    def table(self, name: str) -> Columns:
        """A whole table; in tables of results a quote keeps spreadsheets from running a cell."""
        blocks = list(self.blocks(name))
        columns = {key: [*chain.from_iterable(block[key] for block in blocks)] for key in blocks[0]}
        if name in _CAME_WITH and self.files[name].suffix == ".csv":
            columns |= {key: [c[c[:1] == "'" :] for c in cells] for key, cells in columns.items()}
        return columns

    def packages(self) -> Iterator[_Offered]:
        """All packages: the row of the user each is for, its identifier, cost and met need."""
        for block in self.blocks("packages"):
            rows = [self.row_of[user] for user in block["user_id"]]
            costs = list(map(_units, block["cost"], repeat(self.money)))
            needs = list(map(_units, block["met_need"], repeat(self.need)))
            yield rows, block["package_id"], costs, needs

    def catalogue(self) -> Iterator[_Offered]:
        """The same from a catalogue: each package is for all users whose columns match its own."""
        users, lines = self.table("users"), self.table("catalogue")
        keys = [key for key in lines if key in users and key not in _OFFER]
        for line, name in enumerate(lines["package_id"]):
            offer = {key: cells[line] for key, cells in lines.items()}
            wanted = [(offer[key], users[key]) for key in keys if offer[key] not in {"", "*"}]
            fits = [k for k in range(len(self.row_of)) if all(c[k] == cell for cell, c in wanted)]
            needs = [_units(offer.get("met_need") or "0", self.need)] * len(fits)
            if offer.get("share_of_need"):
                share = _units(offer["share_of_need"], 9)
                needs = [_units(users["need"][k], self.need) * share // _WHOLE for k in fits]
            costs = [_units(offer["cost"], self.money)] * len(fits)
            yield [self.row_of[users["user_id"][k]] for k in fits], [name] * len(fits), costs, needs

    def offered(self, held: Sequence[Mapping[str, int]]) -> _Offers:
        """Read all packages; of those that users hold give cost and met need."""
        found: _Offers = {}
        for block in self.packages() if "packages" in self.files else self.catalogue():
            for row, package, cost, need in zip(*block, strict=True):
                if package in held[row]:
                    self.claim((row, package) not in found, f"{package!r} is twice on a menu")
                    found[row, package] = cost, need
            self.rows += block[0]
            self.costs += block[2]
            self.needs += block[3]
        if self.record.get("chosen_from") != "previous":
            return found
        said, today = self.table("previous"), _Offers()
        for line, (user, name) in enumerate(zip(said["user_id"], said["package_id"], strict=True)):
            row = self.row_of[user]
            cost, need = found.get((row, name), (-1, -1))
            cost = _units(said["cost"][line], self.money) if "cost" in said else cost
            need = _units(said["met_need"][line], self.need) if "met_need" in said else need
            today[row, name] = cost, need
            self.claim(name in held[row], f"user {user!r} has {name!r} today")
        return today

    def held(self, said: Columns) -> list[dict[str, int]]:
        """What each user holds: packages, and their shares in billionths."""
        if "parts" not in self.files:
            sizes = map(_units, said["package_share"], repeat(9))
            pairs = zip(said["package_id"], sizes, strict=True)
            return [{name: size} if name or size else {} for name, size in pairs]
        held, parts = [dict[str, int]() for _ in self.row_of], self.table("parts")
        for user, name, size in zip(
            *(parts[k] for k in ("user_id", "package_id", "share")), strict=True
        ):
            mix = held[self.row_of[user]]
            self.claim(name not in mix, f"parts: user {user!r} has {name!r} twice")
            mix[name] = _units(size, 9)
        return held

    def allocation(self) -> int:
        """Every user once, cost and met need as the packages have them, and all sums."""
        said = self.table("allocation")
        for line, (user, expected) in enumerate(zip_longest(said["user_id"], self.row_of), 2):
            if user != expected:
                raise DamagedError(f"allocation row {line}: user {user!r}, expected {expected!r}")
        costs = list(map(_units, said["cost"], repeat(self.money)))
        needs = list(map(_units, said["met_need"], repeat(self.need)))
        sizes = list(map(_units, said["package_share"], repeat(9)))
        held = self.held(said)
        offered, is_today = self.offered(held), self.record.get("chosen_from") == "previous"
        awards = (
            list(map(_units, said["award"], repeat(self.money))) if any(said["award"]) else None
        )
        obliged = set(self.rows) if self.must and not is_today and awards is None else set()
        for row, stated in enumerate(zip(said["package_id"], sizes, costs, needs, strict=True)):
            mix = held[row].items()
            points = sorted((*offered.get((row, name), (-1, -1)), size, name) for name, size in mix)
            found = _bought(points, costs[row], self.must, row in obliged)
            if found != stated:
                who = f"allocation row {row + 2}, user {said['user_id'][row]!r}"
                self.claim(
                    False, f"{who}: package, share, cost, met need {stated} are said, {found} found"
                )
        spent, value, awarded = sum(costs), sum(needs), sum(awards or ())
        for user, cost, award in zip(said["user_id"], costs, awards or (), strict=False):
            if cost > award:
                self.claim(
                    False,
                    f"user {user!r} costs {_text(cost - award, self.money)} more than the award",
                )
        over = max(spent, awarded) - self.allocable
        self.claim(is_today or over <= 0, f"{_text(over, self.money)} more than is allocable")
        found = {"spent": _text(spent, self.money), "met_need": _text(value, self.need)}
        self.report.checked.append(f"{len(held)} users once each, every cost and met need: {found}")
        found |= {"unspent": _text(self.allocable - spent, self.money)}
        self.same(found | {"awarded": awards and _text(awarded, self.money)}, self.record)
        return value

    def certificate(self, said: Mapping[str, Any], value: int) -> None:
        """What is claimed of the value, as far as it can be shown."""
        proof, found = said.get("proof"), {"value": str(value), "scale": str(10**self.need)}
        if said.get("objective") != "met need":
            self.report.open.append("value and bound, which are not of met need")
        elif proof == "arithmetic":
            found |= {"upper_bound": None, "gap": None, "multipliers": {}, "claim": proof}
            self.same(found, said, "certificate: ")
            self.report.open.append("that the rule gives this: only repeating it can show that")
        else:
            bound, pair = (
                _units(said.get("upper_bound"), 0),
                _part(said, "multipliers").get("budget"),
            )
            best = proof == "proved" and bound == value
            found |= {"claim": "optimal (proved)" if best else proof, "gap": str(bound - value)}
            self.same(found, said, "certificate: ")
            self.claim(
                proof in {"proved", "solver's word only"}, f"proof: {proof!r:.60} is unknown"
            )
            self.claim(bound >= value, f"upper_bound: {bound} is less than the value {value}")
            p, q = (_units(n, 0) for n in [*(pair or []), None, None][:2])
            self.claim(q > 0 and gcd(p, q) == 1, f"multipliers: {p}/{q} is not in lowest terms")
            self.bound(bound, p, max(q, 1), proof == "proved")

    def bound(self, claimed: int, p: int, q: int, proof: object) -> None:
        """The bound that p/q proves; and where less is claimed, that nothing better is left."""
        floor = -(1 << 300) if self.must else 0
        best, low, high = ([start] * len(self.row_of) for start in (floor, 0, 0))
        for row, cost, need in zip(self.rows, self.costs, self.needs, strict=True):
            gain = q * need - p * cost
            if gain > best[row]:
                best[row], low[row], high[row] = gain, cost, cost
            elif gain == best[row]:
                low[row], high[row] = min(cost, low[row]), max(cost, high[row])
        ends = sum(low) <= self.allocable and (p == 0 or self.allocable < sum(high))
        self.claim(ends, f"multipliers: {p}/{q} is not what the last pound is worth")
        surplus = sum(gain for gain in best if gain > floor)
        shown = (surplus + p * self.allocable) // q
        self.report.checked.append(f"no allocation meets more than {shown} (multiplier {p}/{q})")
        if proof != "proved":
            self.report.open.append(f"that none meets more than {claimed}: {proof}")
        elif claimed < shown and self.scenario["packages"] != "whole":
            self.claim(False, f"upper_bound: {claimed} is said, {shown} is what can be shown")
        elif claimed < shown:
            self.better(claimed, surplus, best, p, q)

    def better(self, claimed: int, surplus: int, best: list[int], p: int, q: int) -> None:
        """Whether whole packages can meet more than is claimed: try all that could be in them."""
        step, unit = gcd(*self.costs) or 1, gcd(*self.needs) or 1
        limit, target = self.allocable // step * step, (claimed // unit + 1) * unit
        slack = surplus + p * limit - q * target
        near: list[dict[int, int]] = [{} for _ in best]
        for row, cost, need in zip(self.rows, self.costs, self.needs, strict=True):
            loss = best[row] - (q * need - p * cost)
            if loss <= min(slack, near[row].get(cost, slack)):
                near[row][cost] = loss
        for row, loss in enumerate(best):
            if loss <= slack and not self.must:
                near[row][0] = min(loss, near[row].get(0, loss))
        core = [options for options in near if len(options) > 1]
        fixed = sum(cost for options in near if len(options) == 1 for cost in options)
        left = _left(core, fixed, limit, p, slack)
        if left is None:
            self.report.open.append(
                f"that none meets more than {claimed}: {len(core)} users are too many to try; bound checked, optimality not re-proved"
            )
            return
        self.claim(not left, f"upper_bound: more than {claimed} can be met with the same money")
        self.report.checked.append(
            f"none meets more than {claimed}: all changes of {len(core)} users were tried"
        )

    def infeasible(self) -> None:
        """That the cheapest packages of all users cost more than there is."""
        self.offered([{}] * len(self.row_of))
        least: dict[int, int] = {}
        for row, cost in zip(self.rows, self.costs, strict=True):
            least[row] = min(cost, least.get(row, cost))
        short = sum(least.values()) - self.allocable
        self.claim(self.must and short > 0, "the cheapest packages of all users fit the money")
        found = {"shortfall": _text(short, self.money), "users_concerned": str(len(least))}
        self.same(found, self.record)
        self.report.checked.append(f"the cheapest packages cost {found['shortfall']} too much")


def _bought(
    points: Sequence[tuple[int, int, int, str]], cost: int, *, must: bool, obliged: bool
) -> tuple[str, int, int, int] | None:
    """Package, share, cost and met need of a mix of points (cost, met need, share, package)."""
    if not points:
        return None if obliged else ("", 0, 0, 0)
    if len(points) == 1 and points[0][2] < _WHOLE and not must:
        points = [(0, 0, _WHOLE - points[0][2], ""), *points]
    low, high = points[0], points[-1]
    run, over = high[0] - low[0], cost - low[0]
    part = min(max(over, 0), run) * _WHOLE // (run or 1)
    if [_WHOLE - part, part][: len(points)] != [point[2] for point in points]:
        return None
    _, _, share, name = max((point for point in points if point[3]), key=lambda point: point[2])
    ...


def _left(
    core: Sequence[Mapping[int, int]], fixed: int, limit: int, p: int, slack: int
) -> bool | None:
    """Whether some choice for the users of the core is within the money and the slack."""
    core = sorted(core, key=lambda options: min(options) - max(options))
    least = [*accumulate((min(o) for o in reversed(core)), initial=0)][::-1]
    most = [*accumulate((max(o) for o in reversed(core)), initial=0)][::-1]
    states = {fixed: 0}
    for options, cheap, dear in zip(core, least[1:], most[1:], strict=True):
        after: dict[int, int] = {}
        for spent, lost in states.items():
            for cost, more in options.items():
                total, loss = spent + cost, lost + more
                possible = (
                    total + cheap <= limit and loss + p * max(0, limit - total - dear) <= slack
                )
                if possible and loss < after.get(total, loss + 1):
                    after[total] = loss
        if len(after) > MOST_STATES:
            return None
        states = after
    return bool(states)


@lru_cache(maxsize=1 << 17)
def _units(text: str, decimals: int) -> int:
    """Decimal text as a whole number of smallest units."""
    whole, _, part = str(text).partition(".")
    if not _PLAIN.fullmatch(str(text)) or part[decimals:].strip("0"):
        raise DamagedError(f"{text!r:.60} is no plain number with at most {decimals} decimals")
    return int(whole + part[:decimals].ljust(decimals, "0"))


def _text(amount: int, decimals: int) -> str:
    whole, part = divmod(abs(amount), 10**decimals)
    return f"{'-' * (amount < 0)}{whole}" + (f".{part:0{decimals}}" if decimals else "")


def _csv_blocks(path: Path) -> Iterator[Columns]:
    """A CSV file in blocks of rows; blank rows and blank columns at the end are none."""
    with path.open("rb") as raw:
        encoding = "utf-16" if raw.read(2) in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, strict=True)
        headings = [heading for heading in next(reader, []) if heading]
        yield {heading: [] for heading in headings}
        while rows := list(islice(reader, _ROWS)):
            rows = [row[: len(headings)] for row in rows if any(row)]
            columns = map(list, zip(*rows, strict=True))
            yield dict(zip(headings, columns, strict=True)) if rows else {}


def _load(path: Path) -> dict[str, Any]:
    """The entries of a JSON or TOML file, with numbers as text."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if path.suffix == ".toml":
            return {
                key: str(value) for key, value in tomllib.loads(text, parse_float=_plain).items()
            }
        return _part(
            {"": json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_once)}, ""
        )
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedError(f"{path.name} cannot be read: {error}") from error
