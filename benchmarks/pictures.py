"""The pictures of the page: SVG files, drawn from the records without a browser."""

from collections.abc import Mapping
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from benchmarks import picture_data as data
from benchmarks.page import PAGE
from benchmarks.picture_data import ANSWER, LEAST_GAP, LIMIT, OWN, Point
from benchmarks.records import Record
from benchmarks.registry import competitors

FOLDER = PAGE.parent / "benchmarks"

OURS = "#1f1f5f"
OTHERS = (
    "#009e73",
    "#d55e00",
    "#56b4e9",
    "#cc79a7",
    "#e69f00",
    "#8c6d31",
    "#7f7f7f",
    "#0072b2",
    "#b3a000",
    "#9467bd",
)
"""Eight of Okabe and Ito's colours or near them, which most people can tell apart, and two more."""

_WIDTH, _HEIGHT = 300, 220


def draw(records: Mapping[str, Record], folder: Path = FOLDER) -> list[Path]:
    """Draw all pictures for which there are records; the files that were written."""
    written = []
    for name, chart in charts(records).items():
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.svg"
        svg = vl_convert.vegalite_to_svg(chart.to_dict())
        path.write_text(svg, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def charts(records: Mapping[str, Record]) -> dict[str, alt.FacetChart]:
    """The pictures by name, those left out for which there are no records."""
    shown = {name: points(records) for name, points in data.POINTS.items()}
    return {name: _CHARTS[name](points) for name, points in shown.items() if points}


def _times(points: list[Point]) -> alt.FacetChart:
    return _lines(points, "seconds", "Seconds, building and solving")


def _memory(points: list[Point]) -> alt.FacetChart:
    return _lines(points, "memory", "Memory in GiB, Python and all")


def _lines(points: list[Point], field: str, title: str) -> alt.FacetChart:
    """A line for each contestant from size to size, in a panel for each family or kind."""
    base = _base(points).encode(
        x=alt.X("users:Q", **_ten(points, "users", "Users")),
        y=alt.Y(f"{field}:Q", **_ten(points, field, title)),
    )
    ours = base.transform_filter(alt.datum.contestant == OWN)
    lines = [
        each.mark_line(strokeWidth=width, aria=False) for each, width in ((base, 1.5), (ours, 3.5))
    ]
    return _panels(points, *lines, _marks(base), columns=2)


def _gaps(points: list[Point]) -> alt.FacetChart:
    """Each contestant's answer as a point, in a panel for each family and size."""
    zero = f"datum.value < {2 * LEAST_GAP} ? '0' : format(100 * datum.value, '~g') + ' %'"
    values = [LEAST_GAP, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]
    axis = alt.Axis(
        title="True gap to the optimum", values=values, labelExpr=zero, gridColor="#e0e0e0"
    )
    most = max(LEAST_GAP * 10, *(2 * point["gap"] for point in points))
    scale = alt.Scale(type="log", domain=[LEAST_GAP / 2, most], nice=False)
    base = _base(points).encode(
        x=alt.X("seconds:Q", **_ten(points, "seconds", "Seconds, building and solving")),
        y=alt.Y("gap:Q", axis=axis, scale=scale),
    )
    return _panels(points, _marks(base), columns=2)


def _base(points: list[Point]) -> alt.Chart:
    names = data.contestants(points)
    scale = alt.Scale(domain=names, range=[_colour(name) for name in names])
    legend = alt.Legend(title=None, symbolType="circle", symbolSize=80, labelLimit=220)
    return alt.Chart().encode(color=alt.Color("contestant:N", scale=scale, legend=legend))


def _colour(title: str) -> str:
    """The same for a contestant in every picture."""
    if title == OWN:
        return OURS
    known = [competitor.title for competitor in competitors().values()]
    return OTHERS[known.index(title) % len(OTHERS) if title in known else 0]


def _marks(base: alt.Chart) -> alt.Chart:
    """Circles for answers; triangles where the limit was reached."""
    shapes = alt.Scale(domain=[ANSWER, LIMIT], range=["circle", "triangle-up"])
    legend = alt.Legend(title=None, labelLimit=220, symbolFillColor="#444444", symbolStrokeWidth=0)
    return base.mark_point(filled=True, size=55, opacity=1).encode(
        shape=alt.Shape("how:N", scale=shapes, legend=legend)
    )


def _ten(points: list[Point], field: str, title: str) -> dict[str, Any]:
    """Axis and scale by factors of ten, from the power below the least to that above the most."""
    amounts = [log10(point[field]) for point in points]
    powers = range(floor(min(amounts)), max(ceil(max(amounts)), floor(min(amounts)) + 1) + 1)
    values = [10.0**power for power in powers]
    words = "format(datum.value, datum.value < 1 ? '~g' : ',')"
    axis = alt.Axis(title=title, values=values, gridColor="#e0e0e0", labelExpr=words)
    scale = alt.Scale(type="log", domain=[values[0], values[-1]], nice=False)
    return {"axis": axis, "scale": scale}


def _panels(points: list[Point], *layers: alt.Chart, columns: int) -> alt.FacetChart:
    order = list(dict.fromkeys(point["panel"] for point in points))
    header = alt.Header(title=None, labelFontSize=13, labelFontWeight="bold")
    chart = alt.layer(*layers, data=alt.Data(values=points))
    return (
        chart.properties(width=_WIDTH, height=_HEIGHT)
        .facet(alt.Facet("panel:N", sort=order, header=header), columns=columns)
        .configure(background="white", font="sans-serif")
        .configure_view(stroke="#cccccc")
    )


_CHARTS = {"time-whole": _times, "time-lp": _times, "gap": _gaps, "memory": _memory}
