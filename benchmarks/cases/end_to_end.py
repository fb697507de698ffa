"""From Parquet files to written results, beside reading and writing the same files and no more."""

import statistics
from pathlib import Path

from benchmarks.instances import divisible, folder
from benchmarks.measure import in_child, metneed, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target


def run(size: Size, work: Path) -> Figures:
    """Time of the command, beside that of pyarrow on the same files."""
    instance = divisible(folder(work, "uncorrelated", size.users, parquet=True))
    result = work / f"{instance.name}-solved"
    ask = ("solve", instance, "--rule", "met_need_lp", "--out", result)
    ours = seconds(lambda: metneed(*ask), size.repeats)
    places = {"instance": str(instance), "result": str(result), "scratch": str(work / "scratch")}
    plain = [in_child(read_and_write, **places)[0] for _ in range(size.repeats)]
    read, written = (statistics.median(each) for each in zip(*plain, strict=True))
    return {
        "metneed solve": Figure(ours, "s"),
        "pyarrow reads the files": Figure(read, "s"),
        "pyarrow writes the results": Figure(written, "s"),
        "metneed solve to reading and writing": Figure(ours / (read + written), "times"),
        "files read": Figure(_mebibytes(instance), "MiB"),
        "files written": Figure(_mebibytes(result), "MiB"),
    }


def read_and_write(instance: str, result: str, scratch: str) -> tuple[float, float]:
    """Seconds to read the tables of an instance, and to write those of a result."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only the child loads it

    files = sorted(Path(instance).glob("*.parquet"))
    read = seconds(lambda: [pq.read_table(file) for file in files])
    tables = [pq.read_table(file) for file in sorted(Path(result).glob("*.parquet"))]
    return read, seconds(lambda: [pq.write_table(table, scratch) for table in tables])


def _mebibytes(path: Path) -> float:
    return sum(file.stat().st_size for file in path.glob("*.parquet")) / 2**20


CASE = Case(
    name="end_to_end",
    title="From Parquet files to written results",
    counts=(
        "Parquet files of uncorrelated menus, ten packages each, part packages allowed. "
        "Counted is the command `metneed solve` with the rule `met_need_lp` from its start to its "
        "end: starting Python, reading and checking every cell, solving, the certificate, and "
        "writing every user's allocation. "
        "Beside it stands the time that pyarrow takes to read the same files and to write the "
        "tables of the result, without the start of its process and without any checks."
    ),
    sizes={"full": Size(1_000_000, 3), "small": Size(200)},
    run=run,
    targets=(Target("metneed solve to reading and writing", "at most", 5),),
    requires=("pyarrow",),
)
