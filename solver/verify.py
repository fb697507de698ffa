"""Checks a result against its instance, with Python's standard library and nothing else.

    python verify.py RESULT INSTANCE

Every cost, met need, sum, digest and bound is worked out again from the tables in whole numbers.

The bound: whatever p/q is, with B pence no allocation meets more need than
(p B + sum over users of the greatest q v - p c on the menu) / q, where v is met need, c cost, and
nothing counts 0 (weak duality). Where whole packages claim less, all is tried that could be better:
packages whose loss, the distance from that greatest, is within the slack of the claim.
"""

import argparse
import csv
import gc
import hashlib
import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain, islice, zip_longest
from math import gcd
from pathlib import Path
from typing import Any, NamedTuple

Columns = Mapping[str, list[str]]
Tables = Callable[[Path], Iterable[Columns]]  # what is not CSV, as text in blocks of rows

BEYOND = "limits beside the budget, and the bound under them"
MOST_STEPS, _ROWS, _WHOLE, _BESIDE = 10_000_000, 512, 10**9, ("fixed_costs", "reserved")
_MADE_FROM, _CAME_WITH = ("users", "packages", "catalogue", "previous"), ("allocation", "parts")
_DEFAULTS = {"packages": "whole", "choice": "at_most_one", "leftover": "kept", "seed": "0"}
_DEFAULTS |= {"currency": "GBP", "period": "year", "money_decimals": "2", "need_decimals": "3"}
_DAMAGE = (OSError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError, csv.Error)
_OFFER = {"package_id", "cost", "met_need", "share_of_need", "form", "evidence"}


class Report(NamedTuple):
    """What was checked, what failed, and what is claimed but was not shown; in words."""

    checked: list[str]
    failures: list[str]
    open: list[str]

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failures


def verify(result: Path, instance: Path, *, tables: Tables | None = None) -> Report:
    """What holds of a result for an instance, and what does not; damage is a failure as well."""
    check, collects = _Check(result, instance, tables or _csv_blocks), gc.isenabled()
    gc.disable()  # millions of small lists and no cycle among them: it would take half the time
    try:
        check.run()
    except _DAMAGE as error:
        check.report.failures.append(f"{check.at} is not what it should be: {error}")
    finally:
        (gc.enable if collects else gc.disable)()
    return check.report


class _Check:
    def __init__(self, result: Path, instance: Path, tables: Tables) -> None:
        self.result, self.instance, self.tables = result, instance, tables
        self.report, self.at, self.is_today, self.limited = Report([], [], []), "", False, False
        self.files, self.row_of = dict[str, Path](), dict[str, int]()
        self.rows, self.costs, self.needs = list[int](), list[int](), list[int]()

    def run(self) -> None:
        self.record = self.load(self.result / "result.json")
        self.scenario = _DEFAULTS | self.load(self.instance / "scenario.toml")
        self.money, self.need = (int(self.scenario[f"{of}_decimals"]) for of in ("money", "need"))
        self.must = self.scenario["choice"] == "exactly_one"
        self.digests()
        self.budgets()
        self.row_of = {user: row for row, user in enumerate(sorted(self.table("users")["user_id"]))}
        self.same({"users": str(len(self.row_of))}, self.record)
        outcome, limited = self.record.get("outcome"), "constraints" in self.scenario
        if outcome == "allocation":
            said = self.part(self.record, "certificate")
            by_sums = said.get("proof") == "arithmetic"
            self.is_today = by_sums and self.record.get("chosen_from") == "previous"
            self.limited = limited and not by_sums
            self.certificate(said, self.allocation())
        elif outcome == "infeasible" and self.record.get("missing_for") == "awards":
            self.report.open.append("what the awards of the rule come to")
        elif outcome == "infeasible" and not limited:
            self.infeasible()
        else:
            self.same({"outcome": outcome if limited else "not applicable"}, self.record)
            self.report.open.append(BEYOND if limited else "that the rule does not apply")

    def claim(self, holds: object, otherwise: str) -> None:
        self.report.failures.extend([] if holds else [otherwise])

    def same(self, found: Mapping[str, object], said: Mapping[str, Any]) -> None:
        for key, value in found.items():
            told = said.get(key)
            self.claim(told == value, f"{key}: {told!r:.60} is said, {value!r:.60} found")

    def part(self, said: Mapping[str, Any], key: str) -> dict[str, Any]:
        self.at = "result.json"
        if isinstance(entry := said.get(key), dict):
            return entry
        raise ValueError(f"{key} is missing or of the wrong kind")

    def load(self, path: Path) -> dict[str, Any]:
        self.at = path.name
        text = path.read_bytes().decode("utf-8-sig")
        if path.suffix == ".json":
            return dict(json.loads(text, parse_float=str, parse_int=str))
        said = tomllib.loads(text, parse_float=lambda number: format(Decimal(number), "f"))
        return {key: str(value) for key, value in said.items()}

    def digests(self) -> None:
        rest = {key: value for key, value in self.record.items() if key != "digest"}
        canonical = json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()
        self.same({"digest": hashlib.sha256(canonical).hexdigest()}, self.record)
        folders = {"inputs": (self.instance, _MADE_FROM), "outputs": (self.result, _CAME_WITH)}
        for key, (folder, known) in folders.items():
            named = self.part(self.record, key)
            for name, said in named.items():
                self.at = (path := folder / Path(name).name).name
                found = hashlib.sha256(path.read_bytes()).hexdigest()
                self.claim(said == found, f"{name}: not the file the result names (sha256 {found})")
                self.files |= {path.stem: path} if path.stem in known else {}
            self.report.checked.append(f"sha256 of {', '.join(named) or f'no {key}'}")
        self.claim("scenario.toml" in self.part(self.record, "inputs"), "inputs: no scenario.toml")

    def budgets(self) -> None:
        """The money of the scenario, and what else the result repeats from it."""
        get, period = self.scenario.get, self.scenario["period"]
        weeks = Fraction(get("weeks_per_year", "365/7"))
        factors = {"year to week": 1 / weeks, "week to year": weeks}
        factor = factors.get(f"{get('budget_period', period)} to {period}", 1)
        read = (_units(get(key, "0"), self.money) for key in ("budget", "overheads"))
        budget, overheads = (int(amount * factor // 1) for amount in read)
        held_back = budget * _units(get("top_slice", "0"), 30) // 10**30 + overheads
        self.allocable = budget - held_back
        found = {"budget": budget, "held_back": held_back, "allocable": self.allocable}
        said = {key: _text(amount, self.money) for key, amount in found.items()}
        said |= {key: self.scenario[key] for key in _DEFAULTS} | {"scenario": self.scenario["name"]}
        self.same(said | {"format": "metneed result", "format_version": "1"}, self.record)
        self.report.checked.append(f"{said['allocable']} allocable of a budget of {said['budget']}")

    def blocks(self, name: str) -> Iterator[Columns]:
        self.at = (path := self.files[name]).name
        return iter((_csv_blocks if path.suffix == ".csv" else self.tables)(path))

    def table(self, name: str) -> dict[str, list[str]]:
        """A whole table; in tables of results a quote keeps spreadsheets from running a cell."""
        blocks = list(self.blocks(name))
        columns = {key: [*chain.from_iterable(block[key] for block in blocks)] for key in blocks[0]}
        if name in _CAME_WITH and self.files[name].suffix == ".csv":
            columns |= {key: [c[c[:1] == "'" :] for c in cells] for key, cells in columns.items()}
        return columns

    def offers(self) -> Iterator[tuple[list[int], list[str], list[int], list[int]]]:
        """Users, identifiers, costs and met needs; a catalogue is for all whose columns match."""
        if "packages" in self.files:
            for block in self.blocks("packages"):
                rows = [self.row_of[user] for user in block["user_id"]]
                costs = _column(block, "cost", self.money)
                yield rows, block["package_id"], costs, _column(block, "met_need", self.need)
            return
        users, lines = self.table("users"), self.table("catalogue")
        rows = [self.row_of[user] for user in users["user_id"]]
        keys = (users.keys() & lines.keys()) - _OFFER
        for line, name in enumerate(lines["package_id"]):
            offer = {key: cells[line] for key, cells in lines.items()}
            wanted = [(offer[key], users[key]) for key in keys if offer[key] not in {"", "*"}]
            fits = [k for k in range(len(rows)) if all(c[k] == cell for cell, c in wanted)]
            met, share = offer.get("met_need") or "0", _units(offer.get("share_of_need") or "0", 9)
            bases = (_units(users["need"][k], self.need) if share else 0 for k in fits)
            needs = [_units(met, self.need) + base * share // _WHOLE for base in bases]
            costs = [_units(offer["cost"], self.money)] * len(fits)
            yield [rows[k] for k in fits], [name] * len(fits), costs, needs

    def offered(self, held: Sequence[Mapping[str, int]]) -> dict[tuple[int, str], tuple[int, int]]:
        """Read all packages; cost and met need of those held: on the menu, or as recorded today."""
        found: dict[tuple[int, str], tuple[int, int]] = {}
        for block in self.offers():
            for row, package, cost, need in zip(*block, strict=True):
                if package in held[row]:
                    found[row, package] = cost, need
            self.rows += block[0]
            self.costs += block[2]
            self.needs += block[3]
        if not self.is_today:
            return found
        said, today = self.table("previous"), dict[tuple[int, str], tuple[int, int]]()
        for line, (user, name) in enumerate(zip(said["user_id"], said["package_id"], strict=True)):
            cost, need = found.get((self.row_of[user], name), (-1, -1))
            cost = _units(said["cost"][line], self.money) if "cost" in said else cost
            need = _units(said["met_need"][line], self.need) if "met_need" in said else need
            today[self.row_of[user], name] = cost, need
        self.claim(len(today) == sum(map(len, held)), "not everyone has what they have today")
        return today

    def parts(self) -> list[dict[str, int]]:
        said, held = self.table("parts"), [dict[str, int]() for _ in self.row_of]
        self.claim(self.scenario["packages"] == "divisible", "parts, where packages are whole")
        names = zip(said["user_id"], said["package_id"], strict=True)
        for (user, name), share in zip(names, _column(said, "share", 9), strict=True):
            self.claim(name not in held[self.row_of[user]], f"parts: {user!r} has {name!r} twice")
            held[self.row_of[user]][name] = share
        return held

    def allocation(self) -> int:
        """Every user once, cost and met need as the packages have them, and all sums."""
        said, fail = self.table("allocation"), self.report.failures.append
        users, chosen = said["user_id"], said["package_id"]
        for line, (user, expected) in enumerate(zip_longest(users, self.row_of), 2):
            if user != expected:
                raise ValueError(f"row {line}: user {user!r}, expected {expected!r}")
        shares, costs = _column(said, "package_share", 9), _column(said, "cost", self.money)
        needs = _column(said, "met_need", self.need)
        awards = _column(said, "award", self.money) if any(said["award"]) else []
        held = self.parts() if "parts" in self.files else [{n: _WHOLE} if n else {} for n in chosen]
        offered = self.offered(held)
        obliged = set(self.rows) if self.must and not self.is_today and not awards else set()
        for row, stated in enumerate(zip(chosen, shares, costs, needs, strict=True)):
            mix, who = held[row], f"row {row + 2}, user {users[row]!r}"
            points = sorted((*offered.get((row, name), (-1, -1)), mix[name], name) for name in mix)
            found = _bought(points, costs[row], self.must, self.limited)
            if found != stated or (row in obliged and not mix):
                fail(f"{who}: {stated} is said, found {found} (package, share, cost, met need)")
            if awards and costs[row] > awards[row]:
                fail(f"{who}: a cost of {costs[row]} is above the award of {awards[row]}")
        fixed, off = (_units(self.record.get(k, "0"), self.money) for k in _BESIDE)
        self.spent, value, awarded = sum(costs) + fixed * self.limited, sum(needs), sum(awards)
        left, account = self.allocable - off, self.record.get("account") or {}
        over = max(self.spent, 0 if account.get("by_purchase") else awarded) - left
        self.claim(self.is_today or over <= 0, f"{_text(over, self.money)} more than is allocable")
        sums = {"spent": self.spent, "unspent": left - self.spent, "awarded": awarded}
        texts: dict[str, object] = {key: _text(sum_, self.money) for key, sum_ in sums.items()}
        texts |= {"met_need": _text(value, self.need)} | ({} if awards else {"awarded": None})
        self.same(texts | {"chosen_from": "previous" if self.is_today else "menus"}, self.record)
        told = "{} users once each, spent {spent}, met need {met_need}".format(len(held), **texts)
        self.report.checked.append(told)
        return value

    def certificate(self, said: Mapping[str, Any], value: int) -> None:
        proof = said.get("proof")
        found = dict[str, object](value=str(value), scale=str(10**self.need), objective="met need")
        if proof == "arithmetic":
            found |= {"upper_bound": None, "gap": None, "multipliers": {}, "claim": proof}
            self.same(found, said)
            self.report.open.append("that the rule gives this: only repeating it can show that")
        elif self.limited:
            self.report.open.append(BEYOND)
        else:
            gap = (bound := _units(str(said.get("upper_bound")), 0)) - value
            near = f"within {_text(gap, self.need, ',')} of the best possible (bound proved)"
            near = near if gap else "optimal (proved)"
            near += f", stopped by {said.get('stopped')}" * (said.get("stopped") != "finished")
            found |= {"claim": near if proof == "proved" else proof, "gap": str(gap)}
            self.same(found if gap else found | {"stopped": "finished"}, said)
            self.claim(proof in {"proved", "solver's word only"}, f"proof {proof!r:.60} is unknown")
            self.claim(gap >= 0, f"upper_bound: {bound} is less than the value {value}")
            p, q = (_units(n, 0) for n in self.part(said, "multipliers").get("budget", []))
            best = self.bound(bound, p, q, str(proof))
            self.report.checked.extend([near] if gap > 0 and not self.report.open else [])
            if said.get("least_cost"):
                left = self.left(self.spent - 1, value, best, p, q)
                self.tell(f"meets {_text(value, self.need)} for less", left)

    def tell(self, what: str, left: bool | None) -> None:
        if left is None:
            self.report.open.append(f"bound checked, optimality not re-proved: that none {what}")
        else:
            self.claim(not left, f"certificate: some allocation {what}")
            self.report.checked.append(f"none {what}: everything that could be in one was tried")

    def bound(self, claimed: int, p: int, q: int, proof: str) -> list[int]:
        nothing = -(1 << 300) if self.must else 0
        best, low, high = ([start] * len(self.row_of) for start in (nothing, 0, 0))
        for row, cost, need in zip(self.rows, self.costs, self.needs, strict=True):
            gain = q * need - p * cost
            if gain > best[row]:
                best[row], low[row], high[row] = gain, cost, cost
            elif gain == best[row]:
                low[row], high[row] = min(cost, low[row]), max(cost, high[row])
        last = sum(low) <= self.allocable and (p == 0 or self.allocable < sum(high))
        self.claim(last and q and gcd(p, q) == 1, f"multipliers: {p}/{q} is not the last pound's")
        shown = (sum(g for g in best if g > nothing) + p * self.allocable) // max(q, 1)
        most, more = _text(shown, self.need), f"meets more than {_text(claimed, self.need)}"
        self.report.checked.append(f"no allocation meets more than {most} (multiplier {p}/{q})")
        if claimed < shown and proof != "proved":
            self.report.open.append(f"that none {more}: {proof}")
        elif claimed < shown and self.scenario["packages"] == "whole":
            self.tell(more, self.left(self.allocable, claimed + 1, best, p, q))
        else:
            self.claim(claimed >= shown, f"upper_bound: {claimed} is said, {shown} is shown")
        return best

    def left(self, limit: int, target: int, best: list[int], p: int, q: int) -> bool | None:
        """Whether whole packages within the limit reach the target; None: too many to try."""
        step, unit = gcd(*self.costs) or 1, gcd(*self.needs) or 1
        limit, target = limit // step * step, -(-target // unit) * unit
        slack = sum(g for g in best if g > -(1 << 300)) + p * limit - q * target
        near = [{} if self.must or loss > slack else {0: loss} for loss in best]
        for row, cost, need in zip(self.rows, self.costs, self.needs, strict=True):
            loss = best[row] - (q * need - p * cost)
            if loss <= near[row].get(cost, slack):
                near[row][cost] = loss
        choices = sorted(filter(None, near), key=lambda options: min(options) - max(options))
        low, high, states, steps = sum(map(min, choices)), sum(map(max, choices)), {0: 0}, 0
        for options in choices if slack >= 0 else []:
            steps += len(states) * len(options)
            if self.report.failures or steps > MOST_STEPS:
                return None
            low, high, before, states = low - min(options), high - max(options), states, {}
            for spent, lost in before.items():
                for cost, loss in options.items():  # what is to come must bring it to the limit
                    c, total = spent + cost, lost + loss
                    close = c + low <= limit and total + p * (limit - c - high) <= slack
                    if close and total < states.get(c, slack + 1):
                        states[c] = total
        return slack >= 0 and bool(states)

    def infeasible(self) -> None:
        self.offered([{}] * len(self.row_of))
        least = dict(sorted(zip(self.rows, self.costs, strict=True), reverse=True))
        short = sum(least.values()) - self.allocable
        self.claim(self.must and short > 0, "the cheapest packages of all users fit the money")
        found = {"shortfall": _text(short, self.money)}
        self.same(found | {"users_concerned": str(len(least))}, self.record)
        self.report.checked.append(f"the cheapest packages cost {found['shortfall']} too much")


def _bought(
    points: Sequence[Any], cost: int, must: bool, limited: bool
) -> tuple[str, int, int, int] | None:
    if not points:
        return "", 0, 0, 0
    (low, base, part, _), (high, top, rest, _) = points[0], points[-1]
    _, _, share, name = min(points, key=lambda point: (-point[2], point[3]))
    if len(points) == 1 and part == _WHOLE:
        return name, share, low, base
    if limited:
        spent, met = (sum(point[k] * point[2] for point in points) for k in (0, 1))
        return name, share, -(-spent // _WHOLE), met // _WHOLE
    if len(points) == 1 and not must:
        low, base, part = min(low, 0), 0, _WHOLE - part
    run, over = max(high - low, 1), cost - low
    expected = _WHOLE - over * _WHOLE // run, over * _WHOLE // run
    if len(points) > 2 or low < 0 or 0 in expected or (part, rest) != expected:
        return None
    return name, share, cost, base + (top - base) * over // run


def _units(text: str, decimals: int) -> int:
    whole, point, part = str(text).partition(".")
    digits = whole.isdigit() and (part.isdigit() or not point) and len(whole + part) < 99
    if not (digits and text.isascii()) or part[decimals:].strip("0"):
        raise ValueError(f"{text!r:.60} is no plain number with at most {decimals} decimals")
    return int(whole + part[:decimals].ljust(decimals, "0"))


def _column(said: Columns, key: str, decimals: int) -> list[int]:
    units = {text: _units(text, decimals) for text in dict.fromkeys(said[key])}  # many recur
    return [units[text] for text in said[key]]


def _text(amount: int, decimals: int, group: str = "") -> str:
    whole, part = divmod(abs(amount), 10**decimals)
    return f"{'-' * (amount < 0)}{whole:{group}}" + (f".{part:0{decimals}}" if decimals else "")


def _csv_blocks(path: Path) -> Iterator[Columns]:
    if path.suffix != ".csv":
        raise ValueError("alone, only CSV can be read: use the command metneed verify")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        headings = next(reader, [])
        while headings and not headings[-1]:
            headings.pop()
        if len(set(headings)) < len(headings):
            raise ValueError("a heading stands twice")
        yield {heading: [] for heading in headings}
        while rows := list(islice(reader, _ROWS)):
            if filled := [row[: len(headings)] for row in rows if any(row)]:
                yield dict(zip(headings, map(list, zip(*filled, strict=True)), strict=True))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Check a RESULT folder against its INSTANCE.")
    for folder in ("result", "instance"):
        parser.add_argument(folder, type=Path)
    report = verify(**vars(parser.parse_args()))
    found = {"checked": report.checked, "not shown": report.open, "WRONG": report.failures[:20]}
    lines = [f"{word}: {line}" for word, part in found.items() for line in part]
    lines += ["verified" if report.ok else f"refused ({len(report.failures)} failures)", ""]
    sys.stdout.buffer.write("\n".join(lines).encode(errors="backslashreplace"))
    sys.exit(0 if report.ok else 2)
