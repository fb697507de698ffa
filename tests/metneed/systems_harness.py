"""Running a system of the library on its hand example, and reading the figures that come out."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from metneed.__main__ import run
from metneed.instances.systems import System, laid_over, write_hand, write_system

PLAIN = {"", "noise", "error", "both times"}
"""What figures are about where their name says enough."""

REFUSED = 2
"""Exit code where the input is refused."""


def outcome(
    item: System,
    folder: Path,
    capsys: Any,
    *,
    keys: Mapping[str, Any] | None = None,
    options: Mapping[str, object] | None = None,
    on: str = "hand",
) -> dict[str, float | str]:
    """Every figure of the system on its hand example or on the council, by name.

    Of a comparison: measures and lines of the account of its rule, `awards together`, and for each
    user `award of X` and `met need of X`. Of a path: `YEAR MEASURE`. Of the others: their measures
    for everyone; `ABOUT: MEASURE` where a command has several parts. Of input that is refused: its
    `outcome` only.
    """
    if on == "council":
        places = write_system(
            item.model_copy(update={"scenario": laid_over(item.scenario, keys or {})}), folder
        )
    else:
        places = write_hand(item, folder, keys)
    given = [str(places.get(part, part)) for part in item.arguments]
    for name, value in (options or {}).items():
        if name in given:
            given[given.index(name) + 1] = str(value)
        else:
            given += [name, str(value)]
    result = folder / "result"
    capsys.readouterr()
    code = run([*given, "--out", str(result), "--json"])
    out, err = capsys.readouterr()
    if code == REFUSED:
        return {"outcome": f"refused: {err}"}
    assert code in {0, 3}, err
    document = json.loads(out)
    if given[0] == "compare":
        return _of_comparison(item, document, result)
    return _figures(item, document)


def _of_comparison(
    item: System, document: Mapping[str, Any], result: Path
) -> dict[str, float | str]:
    found: dict[str, float | str] = {"outcome": document["outcomes"][item.rule]}
    for figure in document["figures"]:
        if figure["rule"] == item.rule and not figure["group_by"]:
            found[figure["measure"]] = _number(figure["value"])
    for line in document["accounts"].get(item.rule, {}).get("lines", []):
        found[line["name"]] = _number(line["value"])
    table = result / "rules" / item.rule / "allocation.csv"
    text = table.read_text(encoding="utf-8") if table.exists() else ""
    rows = list(csv.DictReader(text.splitlines()))
    for row in rows:
        found[f"met need of {row['user_id']}"] = float(row["met_need"])
        if row["award"]:
            found[f"award of {row['user_id']}"] = float(row["award"])
    if rows and rows[0]["award"]:
        found["awards together"] = sum(float(row["award"]) for row in rows)
    return found


def _figures(item: System, document: Mapping[str, Any]) -> dict[str, float | str]:
    found: dict[str, float | str] = {}
    for figure in document["figures"]:
        if figure.get("group_by") or figure.get("rule", item.rule) != item.rule:
            continue
        year = f"{figure['year']} " if "year" in figure else ""
        about = figure.get("about", "")
        about = "" if about in PLAIN else f"{about}: "
        found[year + about + figure["measure"]] = _number(figure["value"])
    return found


def _number(value: object) -> float | str:
    try:
        return float(str(value))
    except ValueError:
        return str(value)
