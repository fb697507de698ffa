"""Where labels stand in a picture: beside their points, on nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal, TypeAlias

Align: TypeAlias = Literal["left", "center", "right"]

TALL = 13.0
"""Height of a line of text in pixels."""

NARROW, WIDE = frozenset("ijlft.,:;'| "), frozenset("mwMW@")

NEAR = 8.0
"""Distance of a label that needs no line to its point, in pixels."""

TURNS = (0, 8, 1, 15, 7, 9, 2, 14, 6, 10, 3, 13, 5, 11, 12, 4)
"""Directions that are tried, in sixteenths of a turn: right and left before down and up."""

RINGS = (NEAR, 20.0, 34.0, 50.0, 68.0, 90.0)

CROSSING = 40.0
"""What a line through something else counts, in square pixels of covered paper."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, from the top left corner of the picture."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> float:
        """The area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)

    def holds(self, x: float, y: float) -> bool:
        """Whether a place is inside."""
        return self.left < x < self.right and self.top < y < self.bottom


@dataclass(frozen=True)
class Label:
    """A text with its place.

    Parameters
    ----------
    text
        What it says.
    x, y
        Where it is written: its left end, centre or right end, at half its height.
    align
        Which of the three.
    anchor
        Where a line from the point it names ends.
    near
        Whether it stands right beside its point, so that no line need lead there.
    """

    text: str
    x: float
    y: float
    align: Align = "left"
    anchor: tuple[float, float] = (0.0, 0.0)
    near: bool = True

    @property
    def box(self) -> Box:
        """What it covers, rather more than less."""
        wide = width(self.text)
        left = self.x - {"left": 0.0, "center": wide / 2, "right": wide}[self.align]
        return Box(left, self.y - TALL / 2, left + wide, self.y + TALL / 2)


def width(text: str) -> float:
    """Width of a text of 11 pixels in the picture's font, rather more than less."""
    return sum(3.6 if char in NARROW else 9.3 if char in WIDE else 6.2 for char in text)


def place(
    points: Sequence[tuple[float, float, str]],
    obstacles: Sequence[Box],
    outside: Callable[[Box], float],
) -> list[Label]:
    """A place for the label of each point, in the order given.

    Each label takes the first place, near ones first, where it covers no obstacle, no point and
    no label before it, and where its line crosses none; where there is no such place, the one
    where it covers least.

    Parameters
    ----------
    points
        Position in pixels, and the text.
    obstacles
        What must not be covered.
    outside
        For a box the area that lies where no label may be.
    """
    dots = [Box(x - 5, y - 5, x + 5, y + 5) for x, y, _ in points]
    taken = [*obstacles, *dots]
    labels: list[Label] = []
    for x, y, text in points:
        others = [box for box in taken if not box.holds(x, y)]
        tries = [_beside(x, y, text, ring, turn) for ring in RINGS for turn in TURNS]
        covered = [
            sum(label.box.overlap(box) for box in taken)
            + outside(label.box)
            + CROSSING * _crossed((x, y), label, others)
            for label in tries
        ]
        best = tries[min(range(len(tries)), key=lambda i: (round(covered[i], 3), i))]
        taken.append(best.box)
        labels.append(best)
    return labels


def _beside(x: float, y: float, text: str, ring: float, turn: int) -> Label:
    """The label in one direction from its point and at one distance."""
    across, up = cos(turn * pi / 8), sin(turn * pi / 8)
    anchor = (x + ring * across, y - ring * up)
    upright = abs(across) < 0.1
    align: Align = "center" if upright else ("left" if across > 0 else "right")
    height = anchor[1] - TALL / 2 * up if upright else anchor[1]
    return Label(text, anchor[0], height, align, anchor, near=ring == NEAR)


def _crossed(point: tuple[float, float], label: Label, others: Sequence[Box]) -> int:
    """How many of the other things the line from a point to its label runs through."""
    if label.near:
        return 0
    steps = [i / 12 for i in range(1, 12)]
    way = [
        (point[0] + (label.anchor[0] - point[0]) * s, point[1] + (label.anchor[1] - point[1]) * s)
        for s in steps
    ]
    return sum(any(box.holds(x, y) for x, y in way) for box in others)
