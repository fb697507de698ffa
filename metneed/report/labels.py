"""Where labels stand in a picture: beside their points, on nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

LETTER, TALL = 6.3, 13.0
"""Width of a letter and height of a line in pixels, rather more than less."""

NEAR = 9.0
"""Distance of a label that needs no line to its point, in pixels."""

TURNS = (0, 8, 1, 7, 15, 9, 2, 6, 14, 10, 3, 5, 13, 11, 4, 12)
"""Directions that are tried, in sixteenths of a turn: right and left before up and down."""

RINGS = (NEAR, 20.0, 34.0, 50.0, 68.0, 90.0)


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


@dataclass(frozen=True)
class Label:
    """A label with its place.

    Parameters
    ----------
    text
        What it says.
    box
        Where it stands; the text begins at the left and is centred in height.
    anchor
        The point of the box that is nearest to the point it names.
    near
        Whether it stands right beside its point, so that no line need lead there.
    """

    text: str
    box: Box
    anchor: tuple[float, float]
    near: bool


def text_box(text: str, x: float, y: float) -> Box:
    """The box of a text that begins at `x` and is centred on `y`."""
    return Box(x, y - TALL / 2, x + LETTER * len(text), y + TALL / 2)


def place(
    points: Sequence[tuple[float, float, str]],
    obstacles: Sequence[Box],
    outside: Callable[[Box], float],
) -> list[Label]:
    """A place for the label of each point, in the order given.

    Each label takes the first place, near ones first, where it covers no obstacle, no point and
    no label before it; where there is none, the place where it covers least.

    Parameters
    ----------
    points
        Position in pixels, and the text.
    obstacles
        What must not be covered.
    outside
        For a box the area that lies where no label may be.
    """
    taken = [*obstacles, *(Box(x - 5, y - 5, x + 5, y + 5) for x, y, _ in points)]
    labels = []
    for x, y, text in points:
        tries = [_beside(x, y, text, ring, turn) for ring in RINGS for turn in TURNS]
        covered = [
            sum(label.box.overlap(box) for box in taken) + outside(label.box) for label in tries
        ]
        best = tries[min(range(len(tries)), key=lambda i: (round(covered[i], 3), i))]
        taken.append(best.box)
        labels.append(best)
    return labels


def _beside(x: float, y: float, text: str, ring: float, turn: int) -> Label:
    """The label in one direction from its point and at one distance."""
    angle = turn * pi / 8
    at = (x + ring * cos(angle), y - ring * sin(angle))
    width = LETTER * len(text)
    sideways = cos(angle)
    left = at[0] - width * (0.5 - 0.5 * _sign(sideways))
    centre = at[1] if sideways else at[1] - TALL / 2 * sin(angle)
    return Label(text, text_box(text, left, centre), at, near=ring == NEAR)


def _sign(value: float) -> int:
    return 0 if abs(value) < 0.1 else (1 if value > 0 else -1)
