"""The picture of what each budget buys: the frontier, and under it where each rule ends up.

Nothing in the picture moves: it is an SVG drawn without a browser, the same bytes every time.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from metneed.instances.files import write_text
from metneed.models.allocation import Allocation
from metneed.models.comparison import Comparison
from metneed.models.errors import MissingExtraError, OptionError
from metneed.models.findings import visible
from metneed.models.units import SYMBOLS
from metneed.models.words import counted
from metneed.report.labels import TALL, Box, Label, place, width
from metneed.solver.engines.frontier import Frontier, frontier_of

try:
    import altair as alt
    import vl_convert
except ImportError as error:
    raise MissingExtraError("drawing pictures", "report") from error

HEADING = "What each budget buys, and where each way of rationing ends up"
CAVEAT = "A scenario test: it never decides about a person."
CEILING = "the most that any choice can meet, part packages allowed"

WIDTH, HEIGHT = 800.0, 460.0
CORNERS = 240
"""The line is drawn through at most so many points, each exactly on the frontier."""

SAME, GAP = 3.0, 8.0
"""Rules closer than the first share a name; words keep the second off lines. In pixels."""

GREY, BLUE, RED, BLACK, PALE = "#666666", "#1f4e79", "#a61c00", "#222222", "#bbbbbb"

Place: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Picture:
    """What is drawn, in units of money and of need, and the ends of the axes.

    Parameters
    ----------
    line
        Corners of the frontier, from left to right.
    rules
        What each rule with an allocation spends and meets, and its name.
    allocable
        What every rule may spend.
    right, top
        Ends of the axes: units of money, share of need.
    """

    line: Sequence[Place]
    rules: Sequence[tuple[float, float, str]]
    allocable: float
    right: float
    top: float

    def pixels(self, money: float, share: float) -> Place:
        """Where money and need are on the paper, from the top left corner."""
        return money / self.right * WIDTH, (1 - share / self.top) * HEIGHT

    def units(self, x: float, y: float) -> Place:
        """The money and need that a place on the paper stands for."""
        return x / WIDTH * self.right, (1 - y / HEIGHT) * self.top


def draw_frontier(comparison: Comparison, path: Path) -> None:
    """Write the frontier of a comparison, with its rules as points, to an SVG file.

    The line is the most met need for each budget, part packages allowed. Each rule with an
    allocation stands at what it spends and what need it meets. The upright line is the allocable
    money.

    Parameters
    ----------
    comparison
        Rules that were run on one instance.
    path
        Written whole or not at all; its folder is made where it is missing.

    Raises
    ------
    OptionError
        Where nobody has a need, so that there is nothing to draw.
    OutputError
        Where the file cannot be written.
    """
    write_text(path, vl_convert.vegalite_to_svg(frontier_chart(comparison).to_dict()))


def frontier_chart(comparison: Comparison) -> alt.LayerChart:
    """The same picture as a chart of Altair, to be changed or shown in a notebook."""
    drawn = _picture(comparison)
    amount, ceiling = _amount(drawn, comparison), _ceiling(drawn)
    x, y = drawn.pixels(drawn.allocable, _end_of_rule(drawn))
    points = _together(drawn)
    names = place(
        points,
        [amount.box, ceiling.box, Box(x - 2, y, x + 2, HEIGHT)],
        lambda box: _outside(drawn, box),
    )
    layers = [
        _rule_of_money(drawn),
        _curve(drawn),
        _leaders(points, names, drawn),
        _marks(drawn),
        *_texts([amount], drawn, RED),
        *_texts([ceiling], drawn, BLUE),
        *_texts(names, drawn, BLACK),
    ]
    chart = alt.layer(*layers).properties(
        width=WIDTH, height=HEIGHT, title=_title(comparison), description=HEADING
    )
    chart = chart.encode(x=_money_axis(drawn, comparison), y=_need_axis(drawn))
    return chart.configure(background="white", font="sans-serif").configure_view(stroke=None)


def _picture(comparison: Comparison) -> Picture:
    instance, scenario = comparison.instance, comparison.instance.scenario
    need, one = int(instance.users.need.sum()), 10**scenario.money_decimals
    if not need:
        raise OptionError("nobody has a need, so there is no frontier to draw")
    line = _thinned(frontier_of(instance.menus, scenario.choice), one, need)
    rules = [
        (outcome.total_cost / one, outcome.total_met_need / need, name)
        for name, outcome in comparison.outcomes.items()
        if isinstance(outcome, Allocation)
    ]
    allocable = scenario.allocable / one
    return Picture(
        line=line,
        rules=sorted(rules, key=lambda rule: (-rule[1], rule[2])),
        allocable=allocable,
        right=1.02 * max(line[-1][0], allocable, *(rule[0] for rule in rules), 0.01),
        top=max(1.0, line[-1][1], *(rule[1] for rule in rules)),
    )


def _thinned(curve: Frontier, one: int, need: int) -> list[Place]:
    """Corners of the frontier, evenly spread over money; first and last are always there."""
    money, value = curve.corners()
    wanted = np.linspace(float(money[0]), float(money[-1]), CORNERS - 1)
    kept = np.unique(np.append(np.searchsorted(money, wanted), [0, len(money) - 1]))
    kept = kept[kept < len(money)]
    return [(int(money[i]) / one, int(value[i]) / need) for i in kept.tolist()]


def _outside(drawn: Picture, box: Box) -> float:
    """How much of a label is off the paper or above the frontier, in square pixels."""
    inside = box.overlap(Box(0, 0, WIDTH, HEIGHT))
    area = (box.right - box.left) * (box.bottom - box.top)
    # The frontier only rises: a box is under it where its upper left corner is.
    ceiling = _height_at(drawn, drawn.units(box.left, 0)[0])
    above = max(0.0, drawn.pixels(0, ceiling)[1] - box.top) * (box.right - box.left)
    return area - inside + above


def _height_at(drawn: Picture, money: float) -> float:
    """The frontier at some money, by straight lines between its corners."""
    after = bisect_right(drawn.line, (money, float("inf")))
    if after == 0 or after == len(drawn.line):
        return drawn.line[-1][1] if after else 0.0
    (x0, y0), (x1, y1) = drawn.line[after - 1], drawn.line[after]
    return y0 + (y1 - y0) * (money - x0) / (x1 - x0)


def _amount(drawn: Picture, comparison: Comparison) -> Label:
    """The allocable money, beside its line at the bottom, on the side with more room."""
    scenario = comparison.instance.scenario
    words = f"to allocate: {scenario.units.show_money(scenario.allocable)}"
    x, y = drawn.pixels(drawn.allocable, 0)
    if x < WIDTH / 2:
        return Label(words, x + 6, y - TALL, "left")
    return Label(words, x - 6, y - TALL, "right")


def _ceiling(drawn: Picture) -> Label:
    """What the frontier is: written above it where there is room, else under its right end."""
    x, y = drawn.pixels(*drawn.line[-1])
    height = 0.85 * drawn.line[-1][1]
    reached = next(place for place in drawn.line if place[1] >= height)
    above = drawn.pixels(*reached)
    if above[0] > width(CEILING) + 2 * GAP:
        return Label(CEILING, above[0] - GAP, drawn.pixels(0, height)[1] - GAP, "right")
    left = drawn.units(x - width(CEILING), 0)[0]
    return Label(CEILING, x, max(y, drawn.pixels(0, _height_at(drawn, left))[1]) + TALL, "right")


def _together(drawn: Picture) -> list[tuple[float, float, str]]:
    """The rules' places on the paper; rules at one place share a name."""
    places: list[tuple[float, float, str]] = []
    for money, share, name in drawn.rules:
        x, y = drawn.pixels(money, share)
        for i, (other_x, other_y, names) in enumerate(places):
            if abs(x - other_x) < SAME and abs(y - other_y) < SAME:
                places[i] = (other_x, other_y, f"{names}, {name}")
                break
        else:
            places.append((x, y, name))
    return places


def _data(rows: Sequence[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=list(rows)))


def _rule_of_money(drawn: Picture) -> alt.Chart:
    rows = [{"money": drawn.allocable, "share": 0, "top": _end_of_rule(drawn)}]
    rule = _data(rows).mark_rule(color=RED, strokeDash=[5, 4], aria=False)
    return rule.encode(x="money:Q", y="share:Q", y2="top:Q")


def _end_of_rule(drawn: Picture) -> float:
    """The upright line ends at the frontier, or runs to the top where it does not reach it."""
    return _height_at(drawn, drawn.allocable) or drawn.top


def _curve(drawn: Picture) -> alt.Chart:
    rows = [{"money": money, "share": share} for money, share in drawn.line]
    return (
        _data(rows)
        .mark_line(color=BLUE, strokeWidth=2.5, aria=False)
        .encode(x="money:Q", y="share:Q")
    )


def _marks(drawn: Picture) -> alt.Chart:
    """The points, each with words for those who hear the picture read aloud."""
    rows = [
        {
            "money": money,
            "share": share,
            "words": f"{name}: {money:,.2f} spent, {share:.1%} of need met",
        }
        for money, share, name in drawn.rules
    ]
    points = _data(rows).mark_point(color=BLUE, filled=True, size=60, opacity=1)
    return points.encode(x="money:Q", y="share:Q", description="words:N")


def _leaders(
    points: Sequence[tuple[float, float, str]], labels: Sequence[Label], drawn: Picture
) -> alt.Chart:
    """Thin lines to the labels that had to go farther away."""
    rows = [
        {"money": money, "share": share, "x2": x2, "y2": y2}
        for (x, y, _), label in zip(points, labels, strict=True)
        if not label.near
        for (money, share), (x2, y2) in [(drawn.units(x, y), drawn.units(*label.anchor))]
    ]
    lines = _data(rows).mark_rule(color=PALE, aria=False)
    return lines.encode(x="money:Q", y="share:Q", x2="x2:Q", y2="y2:Q")


def _texts(labels: Sequence[Label], drawn: Picture, color: str) -> list[alt.Chart]:
    """One layer for each way of aligning that the labels have."""
    layers = []
    for align in sorted({label.align for label in labels}):
        rows = [
            {"words": label.text, "money": money, "share": share}
            for label in labels
            if label.align == align
            for money, share in [drawn.units(label.x, label.y)]
        ]
        text = _data(rows).mark_text(color=color, align=align, baseline="middle", aria=False)
        layers.append(text.encode(x="money:Q", y="share:Q", text="words:N"))
    return layers


def _money_axis(drawn: Picture, comparison: Comparison) -> alt.X:
    scenario = comparison.instance.scenario
    symbol = SYMBOLS.get(scenario.currency, scenario.currency)
    title = f"Money spent in a {scenario.period} ({symbol})"
    axis = alt.Axis(title=title, format=",.0f", tickCount=6, gridColor="#eeeeee")
    return alt.X("money:Q", axis=axis, scale=alt.Scale(domain=[0, drawn.right], nice=False))


def _need_axis(drawn: Picture) -> alt.Y:
    axis = alt.Axis(title="Need met, of all need", format=".0%", tickCount=6, gridColor="#eeeeee")
    return alt.Y("share:Q", axis=axis, scale=alt.Scale(domain=[0, drawn.top], nice=False))


def _title(comparison: Comparison) -> alt.TitleParams:
    instance = comparison.instance
    about = (
        f"{visible(instance.scenario.name, 64)}, {counted(len(instance.users), 'user')}. {CAVEAT}"
    )
    return alt.TitleParams(
        HEADING, subtitle=about, anchor="start", subtitleColor=GREY, offset=12, subtitlePadding=4
    )
