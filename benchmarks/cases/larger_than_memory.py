"""Instances whose tables in memory would take more than a small machine has."""

from pathlib import Path

from benchmarks.instances import divisible, folder
from benchmarks.measure import GIB, in_child, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target

MOST = 8
"""GiB that every command has to do with."""

COMMANDS = ("generate", "check", "frontier", "met_need_lp", "met_need_whole")


def run(size: Size, work: Path) -> Figures:
    """Time and peak memory of the commands, each in a process of its own."""
    figures: Figures = {}
    for name, words in _commands(size, work).items():
        took, peak = in_child(command, words=words)
        figures |= {f"{name}: time": Figure(took, "s"), f"{name}: peak memory": Figure(peak, "GiB")}
    files = sorted(folder(work, "uncorrelated", size.users, parquet=True).glob("*.parquet"))
    held, _ = in_child(size_in_memory, files=[str(file) for file in files])
    return figures | {
        "files": Figure(sum(file.stat().st_size for file in files) / GIB, "GiB"),
        "the same as pyarrow holds them": Figure(held / GIB, "GiB"),
    }


def command(words: list[str]) -> float:
    """Seconds of a command in this process."""
    from metneed.__main__ import run as run_command  # noqa: PLC0415 - each child holds its own

    codes: list[int] = []
    took = seconds(lambda: codes.append(run_command(words)))
    assert codes == [0], words
    return took


def size_in_memory(files: list[str]) -> int:
    """Bytes of the tables in the files, as pyarrow reads them."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    return sum(pq.read_table(file).nbytes for file in files)


def _commands(size: Size, work: Path) -> dict[str, list[str]]:
    whole = folder(work, "uncorrelated", size.users, parquet=True)
    parts = divisible(whole)
    made, out = str(work / "generated"), str(work / "solved")
    ask = ["uncorrelated", "--users", str(size.users), "--parquet", "--out", made, "--overwrite"]
    return {
        "generate": ["generate", *ask],
        "check": ["check", str(whole)],
        "frontier": ["frontier", str(parts)],
        "met_need_lp": ["solve", str(parts), "--rule", "met_need_lp", "--out", out],
        "met_need_whole": ["solve", str(whole), "--rule", "met_need_whole", "--out", out],
    }


CASE = Case(
    name="larger_than_memory",
    title="Five million users from Parquet",
    counts=(
        "Parquet files of uncorrelated menus, ten packages each: making them, checking them, the "
        "frontier, and the two optima with their results written. "
        "Counted is each command in a process of its own: its time without the start of Python, "
        "and the peak of its memory. "
        "Beside them stand the size of the files and that of the same tables once pyarrow has "
        "read them whole."
    ),
    sizes={"full": Size(5_000_000), "small": Size(200)},
    run=run,
    targets=tuple(Target(f"{name}: peak memory", "at most", MOST) for name in COMMANDS),
    requires=("pyarrow",),
)
