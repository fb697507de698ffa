"""A change in awards taken apart, in words for a meeting and as rows for machines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from metneed.cli.screen import table
from metneed.cli.stages_screen import show
from metneed.models.comparison import Figure
from metneed.models.findings import visible
from metneed.models.instance import Instance
from metneed.models.sums import exact_sum
from metneed.models.units import Units
from metneed.models.words import counted
from metneed.solver.studies.own_need import OwnNeed
from metneed.solver.studies.split import Split, State
from metneed.solver.studies.split_figures import split_figures, unchanged

HEADS = {
    "users": "people",
    "before": "before",
    "after": "after",
    "change": "change",
    "budget_part": "from the budget",
    "need_part": "from the need",
    "budget_share": "budget's share",
}
"""Columns of the table, with their headings."""

MOST_SHOWN = 20
"""How many people a screen shows one by one."""


@dataclass(frozen=True, eq=False)
class Step:
    """One change: both states, the split, and perhaps the need's part taken apart."""

    name: str
    before: State
    after: State
    found: Split
    own: OwnNeed | None


def lines(step: Step, rule: str, units: Units) -> Iterator[str]:
    """One step as a screen shows it."""
    found = step.found
    before, after = found.money
    change = f" ({after / before - 1:+.1%})" if before else ""
    yield (
        f"{rule}, step {step.name}: money to allocate {units.show_money(before)} before, "
        f"{units.show_money(after)} after{change}."
    )
    if found.stopped:
        yield "A limit ended a search: the parts are those of the best known."
    parts: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in split_figures(found, step.after[0]):
        if figure.rule == "both times":
            parts.setdefault((figure.group_by, figure.group), {})[figure.measure] = figure
    body = [
        [visible(group_by), visible(group) if group_by else "everyone"]
        + [show(row[name].value, row[name].unit, units) for name in HEADS]
        for (group_by, group), row in parts.items()
    ]
    yield table(["by", "group", *HEADS.values()], body, left=2)
    share, everyone = found.budget_share, parts["", ""]
    if share is not None:
        mostly = show(everyone["users_mostly_budget"].value, "users", units)
        yield (
            f"Of all that changes in people's awards, {share:.1%} comes from the budget and "
            f"{1 - share:.1%} from the need. For {mostly} of "
            f"{counted(len(found.ids), 'person', 'people')} the budget's part is the larger."
        )
    else:
        yield "Nobody's award changes."
    same = unchanged(found, step.before[0], step.after[0])
    if same is not None and same[0]:
        have = counted(same[1], "has", "have")
        yield (
            f"Of {counted(same[0], 'person', 'people')} whose points are the same, {have} "
            "another award."
        )
    for word, (ids, awards) in {"joined": found.joined, "left": found.left}.items():
        if len(ids):
            money = units.show_money(exact_sum(awards))
            yield f"{counted(len(ids), 'user')} {word}, with {money}: in no part above."
    if step.own is not None:
        yield from _own(step.own, step.found, units)


def _own(own: OwnNeed, found: Split, units: Units) -> Iterator[str]:
    yield "The need's part, one's own and that of others who share the money:"
    place = {user: row for row, user in enumerate(found.ids.tolist())}
    rows = []
    for user, mine, others in zip(own.ids, own.own.tolist(), own.others.tolist(), strict=True):
        row = place[user]
        amounts = (int(found.change[row]), int(found.budget[row]), mine, others)
        rows.append([visible(user), *(units.show_money(amount) for amount in amounts)])
    heads = ["user", "change", "from the budget", "own need", "others' needs"]
    yield table(heads, rows[:MOST_SHOWN])
    if len(rows) > MOST_SHOWN:
        yield f"... and {counted(len(rows) - MOST_SHOWN, 'more user')}; --out writes them all."


def people(step: Step, units: Units) -> Iterator[dict[str, str]]:
    """One row a user: those there both times, then those who joined and who left."""
    found, own = step.found, step.own
    parts = {}
    if own is not None:
        amounts = zip(own.own.tolist(), own.others.tolist(), strict=True)
        parts = dict(zip(own.ids.tolist(), amounts, strict=True))
    columns = (found.before, found.after, found.change, found.budget, found.need)
    logs = zip(found.log_budget, found.log_need, strict=True)
    money = zip(*(column.tolist() for column in columns), strict=True)
    for user, sums, ends in zip(found.ids, money, logs, strict=True):
        mine = [units.money(amount) for amount in parts.get(user, ())] or ["", ""]
        texts = ["" if np.isnan(end) else f"{end:.9f}" for end in ends]
        yield _person(step, user, "both times", [*map(units.money, sums), *mine, *texts])
    for status, (ids, awards), place in (("joined", found.joined, 1), ("left", found.left, 0)):
        for user, award in zip(ids, awards.tolist(), strict=True):
            cells = [""] * 9
            cells[place] = units.money(award)
            yield _person(step, user, status, cells)


def _person(step: Step, user: str, status: str, cells: Sequence[str]) -> dict[str, str]:
    names = ("before", "after", "change", "budget_part", "need_part", "own_need", "others_needs")
    named = dict(zip((*names, "log_budget_part", "log_need_part"), cells, strict=True))
    return {"step": step.name, "user_id": user, "status": status, **named}


def record(instance: Instance, rule: str, steps: Sequence[Step]) -> dict[str, object]:
    """What was split, and what the figures cannot say themselves."""
    units = instance.scenario.units
    return {
        "scenario": instance.scenario.name,
        "rule": rule,
        "options": steps[0].before[1].model_dump(mode="json"),
        "currency": units.currency,
        "period": units.period,
        "steps": [
            {
                "step": step.name,
                "money_before": units.money(step.found.money[0]),
                "money_after": units.money(step.found.money[1]),
                "people_both_times": len(step.found.ids),
                "joined": len(step.found.joined[0]),
                "left": len(step.found.left[0]),
                "ended_by_a_limit": step.found.stopped,
            }
            for step in steps
        ],
    }
