"""Reading an instance from one Excel workbook, behind the guard and with every cell checked."""

import statistics
from pathlib import Path

from benchmarks.instances import folder
from benchmarks.measure import in_child, seconds
from benchmarks.registry import Case, Figure, Figures, Size, Target

TEN = 10
"""Packages of each user."""


def run(size: Size, work: Path) -> Figures:
    """Time and memory of reading, beside those of loading the same cells unchecked."""
    path = str(workbook(folder(work, "uncorrelated", size.users, parquet=False)))
    ours = [in_child(read_instance, path=path) for _ in range(size.repeats)]
    plain = [in_child(load_cells, path=path) for _ in range(size.repeats)]
    time, floor = (statistics.median(took for took, _ in each) for each in (ours, plain))
    return {
        "package rows": Figure(size.users * TEN, "rows"),
        "read and check": Figure(time, "s"),
        "load without checks": Figure(floor, "s"),
        "check to load": Figure(time / floor, "times"),
        "peak memory": Figure(max(peak for _, peak in ours), "GiB"),
        "file": Figure(Path(path).stat().st_size / 2**20, "MiB"),
    }


def workbook(instance: Path) -> Path:
    """The CSV files of a folder as one workbook beside it, unless it is there already."""
    from metneed.instances.workbook_pack import pack_workbook  # noqa: PLC0415 - needs an extra

    path = instance.with_suffix(".xlsx")
    if not path.exists():
        pack_workbook(instance, path)
    return path


def read_instance(path: str) -> float:
    """Seconds to read and check an instance, the import of the reader left out."""
    import python_calamine  # noqa: F401, PLC0415 - each child holds only its own

    from metneed.instances.read import read  # noqa: PLC0415

    return seconds(lambda: read(Path(path)))


def load_cells(path: str) -> float:
    """Seconds that python-calamine takes to load the same cells."""
    from python_calamine import load_workbook  # noqa: PLC0415 - as above

    def load() -> None:
        book = load_workbook(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()

    return seconds(load)


CASE = Case(
    name="read_workbook",
    title="Reading from a workbook",
    counts=(
        "An Excel workbook with uncorrelated menus, ten packages each, on a sheet of their own. "
        "Counted is `read`: the look into the zip file, the walk through the XML of every sheet, "
        "loading, checking every cell and identifier, matching packages with users, sorting, and "
        "the sha256 of the file. "
        "Beside it stands the time that python-calamine takes to load the same cells. "
        "Each is read once in a process of its own."
    ),
    sizes={"full": Size(10_000, 3), "small": Size(20)},
    run=run,
    targets=(Target("read and check", "at most", 5),),
    requires=("python_calamine", "xlsxwriter", "defusedxml"),
)
