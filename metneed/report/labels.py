"""Where labels stand in a picture: beside their points, on nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal, TypeAlias

Align: TypeAlias = Literal["left", "center", "right"]
Place: TypeAlias = tuple[float, float]

TALL = 13.0
"""Height of a line of text in pixels."""

NARROW, WIDE = frozenset("ijlft.,:;'| "), frozenset("mwMW@")

DOT, NEAR, ROOM = 4.5, 8.0, 22.0
"""Radius of a point, distance of a label that needs no line to it, and how far off a label with a
line keeps from other points, so that it is not read as theirs; in pixels."""

TURNS = (0, 8, 1, 15, 7, 9, 2, 14, 6, 10, 3, 13, 5, 11, 12, 4)
"""Directions that are tried, in sixteenths of a turn: right and left before down and up."""

RINGS = (NEAR, 20.0, 34.0, 50.0, 68.0, 90.0, 120.0)

CROSSING = 200.0
"""What a line through something else counts, in square pixels of covered paper."""

STEPS, SWEEPS = 16, 6
"""Places looked at along a line, and how often all labels may move."""


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
    anchor: Place = (0.0, 0.0)
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

    Each label takes the place where it and the line to it cover least, the nearest of several.
    Then every label may move again, as the others now stand, until none does.

    Parameters
    ----------
    points
        Position in pixels, and the text.
    obstacles
        What labels must not cover; lines to labels may cross it.
    outside
        For a box the area that lies where no label may be.
    """
    labels: list[Label | None] = [None] * len(points)
    for _ in range(SWEEPS):
        before = list(labels)
        for i, (x, y, text) in enumerate(points):
            others = [label.box for j, label in enumerate(labels) if label and j != i]
            dots = [(a, b) for a, b, _ in points if (a, b) != (x, y)]
            labels[i] = min(
                _choices(x, y, text),
                key=lambda label: (
                    _covered(label, [*obstacles, *others], dots)
                    + CROSSING * _crossed((x, y), label, others, dots)
                    + outside(label.box)
                ),
            )
        if labels == before:
            break
    return [label for label in labels if label is not None]


def _choices(x: float, y: float, text: str) -> list[Label]:
    return [_beside(x, y, text, ring, turn) for ring in RINGS for turn in TURNS]


def _covered(label: Label, boxes: Sequence[Box], dots: Sequence[Place]) -> float:
    """What a label covers; one far from its own point also keeps away from other points."""
    room = DOT if label.near else ROOM
    around = (Box(x - room, y - room, x + room, y + room) for x, y in dots)
    # Rounded, so that the last bits of a float do not choose a place.
    return round(sum(label.box.overlap(box) for box in (*boxes, *around)), 3)


def _beside(x: float, y: float, text: str, ring: float, turn: int) -> Label:
    """The label in one direction from its point and at one distance."""
    across, up = cos(turn * pi / 8), sin(turn * pi / 8)
    anchor = (x + ring * across, y - ring * up)
    upright = abs(across) < 0.1
    align: Align = "center" if upright else ("left" if across > 0 else "right")
    height = anchor[1] - TALL / 2 * up if upright else anchor[1]
    return Label(text, anchor[0], height, align, anchor, near=ring == NEAR)


def _crossed(point: Place, label: Label, others: Sequence[Box], dots: Sequence[Place]) -> int:
    """How many labels and other points the line from a point to its label runs through."""
    if label.near:
        return 0
    (x, y), (end_x, end_y) = point, label.anchor
    way = [(x + (end_x - x) * i / STEPS, y + (end_y - y) * i / STEPS) for i in range(1, STEPS)]
    boxes = [*others, *(Box(a - DOT, b - DOT, a + DOT, b + DOT) for a, b in dots)]
    return sum(any(box.holds(*place) for place in way) for box in boxes)
