"""Draws the pictures of the documentation: ``make picture``."""

from pathlib import Path

from metneed import compare, demo_council
from metneed.report.frontier import draw_frontier

PICTURE = Path(__file__).parent / "frontier.svg"


def main() -> None:
    """Draw the frontier of the made-up council, with the rules of ``metneed demo`` under it."""
    draw_frontier(compare(demo_council().instance()), PICTURE)
    print(f"drawn: {PICTURE}")


if __name__ == "__main__":
    main()
