"""Starting: the import of the package, and the first help page."""

import sys
from pathlib import Path

from benchmarks.measure import command, metneed, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target


def run(size: Size, work: Path) -> Figures:  # noqa: ARG001 - the contract
    """Time of starting, beside that of Python with nothing and with NumPy."""

    def python(line: str) -> float:
        return seconds(lambda: command([sys.executable, "-c", line]), size.repeats)

    return {
        "python, nothing imported": Figure(python("pass"), "s"),
        "import numpy": Figure(python("import numpy"), "s"),
        "import metneed": Figure(python("import metneed"), "s"),
        "metneed --help": Figure(seconds(lambda: metneed("--help"), size.repeats), "s"),
        "metneed rules": Figure(seconds(lambda: metneed("rules"), size.repeats), "s"),
    }


CASE = Case(
    name="start",
    title="Starting",
    counts="Each line is a process of its own from its start to its end.",
    sizes={"full": Size(0, 15), "small": Size(0)},
    run=run,
    targets=(
        Target("import metneed", "at most", 0.2),
        Target("metneed --help", "at most", 0.5),
    ),
)
