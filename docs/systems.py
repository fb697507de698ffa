"""Writes docs/systems.md from the library: ``.venv/bin/python docs/systems.py`` after a change.

The page lists every system of ``instances/data/scenarios`` and tells of each what its file says.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from metneed.instances.systems import System, rows_of, systems
from metneed.solver.rules import rule

PAGE = Path(__file__).resolve().parent / "systems.md"
FAMILIES = {
    "A": "From points or costs to money",
    "B": "Cuts and time",
    "G": "Two stages: the indicative sum and the final one",
    "J": "Further rules of the trade",
}
OPENING = """# The systems

Ways of rationing care, each as a scenario that runs on the made-up council of 2,000 people.
Each says in plain words what it does, where it comes from and what it leaves out, and has \
an answer that was worked out by hand.
What its parameters move is tested, each of them.

`metneed demo --systems` lists them; `metneed demo --system A1` explains one and shows it beside \
today's packages and the best choice; with `--out DIR` the council and all results are kept.
Each is a file of [instances/data/scenarios](../instances/data/scenarios); \
what stands under `[scenario]` there can be \
copied into the `scenario.toml` of a council of your own.

Forms of rationing are those of Maybin and Klein (2012), Thinking about rationing, King's Fund: \
denial, selection, deflection (somebody else pays), deterrence, delay, dilution (all get less) and \
termination.
A scenario test: it never decides about a person.
This page is written by `docs/systems.py` from those files.
"""
WAYS = {"up": "rises", "down": "falls", "other": "changes"}


def page() -> str:
    """The page as the library says it."""
    known = systems()
    parts = [OPENING, _overview(known.values())]
    for family, members in groupby(known.values(), key=lambda item: item.id[0]):
        parts.append(f"## {family}: {FAMILIES[family]}\n")
        parts += [_section(item) for item in members]
    return "\n".join(parts)


def _overview(items: Iterable[System]) -> str:
    rows = [
        [
            f"[{item.id}](#{_anchor(_heading(item))})",
            item.title,
            f"[`{item.rule}`](rules/{item.rule}.md)",
            ", ".join(item.forms),
        ]
        for item in items
    ]
    return _table(["", "system", "rule", "forms of rationing"], rows)


def _section(item: System) -> str:
    """One system, with its parameters and its answer by hand."""
    title = rule(item.rule).title
    shown = " ".join(part.lower() if part.isupper() else part for part in item.arguments)
    rows = [
        [f"`{each.key}`", f"`{_shown(each.to)}`", each.moves, WAYS[each.way]]
        for each in item.parameters
    ]
    return "\n".join(
        [
            f"### {_heading(item)}\n",
            _sentences(item.words),
            "",
            *_bullet("Source", item.source),
            *_bullet("It leaves out", item.leaves_out),
            *([f"- Forms of rationing: {', '.join(item.forms)}."] if item.forms else []),
            f"- Rule: [`{item.rule}`](rules/{item.rule}.md), {title}.",
            f"- To run it: `metneed demo --system {item.id}`, which is `metneed {shown}`.\n",
            _table(["parameter", "changed to", "figure", "it"], rows),
            f"By hand, in [its file](../instances/data/scenarios/{item.id}.toml):\n",
            _sentences(item.hand.words),
            "",
            _by_hand(item),
        ]
    )


def _by_hand(item: System) -> str:
    """Who the users are, and what each gets; or the figures that were worked out."""
    expected = rows_of(item.hand.expected)
    if "figure" in expected[0]:
        return _table(["figure", "answer"], [[row["figure"], row["value"]] for row in expected])
    users = {row["user_id"]: row for row in rows_of(item.hand.tables["users"])}
    columns = [name for name in next(iter(users.values())) if name != "user_id"]
    paid = any(row["award"] for row in expected)
    rows = [
        [
            row["user_id"],
            *(users[row["user_id"]][name] or "" for name in columns),
            *([row["award"]] if paid else []),
            row["met_need"],
        ]
        for row in expected
    ]
    return _table(["user", *columns, *(["award"] if paid else []), "met need"], rows)


def _heading(item: System) -> str:
    return f"{item.id} {item.title}"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def _bullet(name: str, text: str) -> Iterator[str]:
    """A point of a list, one sentence a line."""
    first, *others = _sentences(text).splitlines()
    yield f"- {name}: {first}"
    yield from (f"  {line}" for line in others)


def _sentences(text: str) -> str:
    """One sentence a line: a full stop ends one where a capital or a figure follows."""
    return re.sub(r"(?<=[a-z)\d][.?!]) +(?=[A-Z\d])", "\n", text)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    shown = [" | ".join(cell.replace("|", "\\|") for cell in line) for line in lines]
    return "".join(f"| {line} |\n" for line in shown)


def _shown(value: object) -> str:
    """A value as a scenario writes it, rows and tables in short."""
    match value:
        case bool():
            return str(value).lower()
        case Mapping():
            return ", ".join(f"{key} = {_shown(each)}" for key, each in value.items())
        case list() | tuple():
            rows = "; ".join(_shown(each) for each in value)
            return rows or "none"
        case Decimal() | int():
            return f"{value:,}" if isinstance(value, int) and value >= 10_000 else str(value)
    return str(value)


def main() -> None:
    """Rewrite the page where the library says otherwise."""
    true = page()
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != true:
        PAGE.write_text(true, encoding="utf-8", newline="\n")
        print(f"rewritten: {PAGE.name}")


if __name__ == "__main__":
    main()
