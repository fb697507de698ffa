"""Reading a large instance from Parquet, with every cell checked."""

import statistics
from pathlib import Path

from benchmarks.instances import folder
from benchmarks.measure import in_child, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target

FAMILIES = ("council", "uncorrelated")


def run(size: Size, work: Path) -> Figures:
    """Time and memory of reading, beside those of loading the same files unchecked."""
    figures: Figures = {}
    for family in FAMILIES:
        path = str(folder(work, family, size.users, parquet=True))
        ours = [in_child(read_instance, path=path) for _ in range(size.repeats)]
        plain = [in_child(load_tables, path=path) for _ in range(size.repeats)]
        time, floor = (statistics.median(took for took, _ in each) for each in (ours, plain))
        figures |= {
            f"{family}: read and check": Figure(time, "s"),
            f"{family}: load without checks": Figure(floor, "s"),
            f"{family}: check to load": Figure(time / floor, "times"),
            f"{family}: peak memory": Figure(max(peak for _, peak in ours), "GiB"),
            f"{family}: peak memory without checks": Figure(max(peak for _, peak in plain), "GiB"),
            f"{family}: files": Figure(_mebibytes(Path(path)), "MiB"),
        }
    return figures


def read_instance(path: str) -> float:
    """Seconds to read and check an instance, the import of the reader left out."""
    from metneed.instances.read import read  # noqa: PLC0415 - each child holds only its own

    return seconds(lambda: read(Path(path)))


def load_tables(path: str) -> float:
    """Seconds that pyarrow takes to load the same tables."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    files = sorted(Path(path).glob("*.parquet"))
    return seconds(lambda: [pq.read_table(file) for file in files])


def _mebibytes(path: Path) -> float:
    return sum(file.stat().st_size for file in path.iterdir()) / 2**20


CASE = Case(
    name="read_parquet",
    title="Reading from Parquet",
    counts=(
        "Parquet files of a generated council (users, packages, what each has now, decimals) and "
        "of uncorrelated menus (ten packages each). "
        "Counted is `read`: loading, checking every cell and identifier, matching packages with "
        "users, sorting, and the sha256 of each file. "
        "Beside it stands the time that pyarrow takes to load the same tables. "
        "Each is read once in a process of its own."
    ),
    sizes={"full": Size(1_000_000, 3), "small": Size(200)},
    run=run,
    targets=tuple(Target(f"{family}: read and check", "at most", 15) for family in FAMILIES),
    requires=("pyarrow",),
)
