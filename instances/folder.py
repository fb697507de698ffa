"""The files of an instance: which there are, which are missing, and which are misnamed."""

from collections.abc import Sequence
from pathlib import Path

from metneed.instances.faults import Fault, FileFaults, Severity
from metneed.instances.headings import near_misses
from metneed.instances.scenario_file import FILE
from metneed.instances.schemas import SCHEMAS, SMALL
from metneed.models.findings import Findings

SUFFIXES = (".csv", ".parquet")
LATER = ("response",)
"""Tables of the format that this version does not read."""

_OTHER_SUFFIXES = (".xlsx", ".xls", ".xlsm", ".ods", ".tsv", ".txt", ".toml", ".json", ".parq")


def find_files(folder: Path, findings: Findings) -> dict[str, Path] | None:
    """The file of each table and of the scenario, by name; None where there is no folder.

    Missing files, two forms of one table, and names that nearly are a table's are findings.

    Raises
    ------
    OSError
        Where the folder cannot be listed.
    """
    faults = FileFaults(str(folder), findings)
    if not folder.is_dir():
        what = "a file" if folder.exists() else "not there"
        remedy = f"Give the folder that holds {FILE}, users.csv and packages.csv, or a workbook"
        faults.add(Fault("no-folder", f"is {what}, not a folder", remedy))
        return None
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    files: dict[str, Path] = {"scenario": folder / FILE} if FILE in names else {}
    for table in SCHEMAS:
        forms = [table + suffix for suffix in SUFFIXES if table + suffix in names]
        if forms:
            files[table] = folder / forms[0]
        if len(forms) > 1:
            problem = f"the folder holds {forms[0]} and {forms[1]}"
            FileFaults(forms[1], findings).add(Fault("two-forms", problem, "Keep one of them"))
    misnamed = _check_names(names, files, findings)
    _check_missing({*files, *misnamed}, findings)
    if "packages" in files and "catalogue" in files:
        fault = Fault("two-menus", "packages are given user by user, too", "Keep one of the two")
        FileFaults(files["catalogue"].name, findings).add(fault)
    return files


def _check_names(names: Sequence[str], files: dict[str, Path], findings: Findings) -> set[str]:
    """Findings for misnamed files and for tables not read yet; the names that were meant."""
    # Windows hides endings, so that a file saved as users.csv may really be users.csv.csv.
    stems = {Path(Path(name).stem).stem: name for name in names if _is_table(name)}
    for table in LATER:
        if table in stems:
            fault = Fault("not-read", "this version does not read it", "Nothing needs to be done")
            FileFaults(stems[table], findings).add(fault, severity="warning")
    known = [*SCHEMAS, "scenario"]
    others = [stem for stem in stems if stem not in (*known, *LATER)]
    meant = near_misses(others, known)
    # The right name with the wrong ending is a slip, too: users.xlsx.
    meant |= {name: name for name in known if name in stems and name not in files}
    for name, stem in meant.items():
        wanted = FILE if name == "scenario" else f"{name}.csv"
        problem = f"looks like {wanted}, and is not read"
        fault = Fault("misnamed-file", problem, f"Save it as {wanted}, or under another name")
        # Small tables have short names: a file of dates is no slip of rates.
        severity: Severity = "warning" if name in files or name in SMALL else "error"
        FileFaults(stems[stem], findings).add(fault, severity=severity)
    return {name for name in meant if name not in files}


def _is_table(name: str) -> bool:
    return name.lower().endswith((*SUFFIXES, *_OTHER_SUFFIXES))


def _check_missing(files: set[str], findings: Findings) -> None:
    def missing(file: str, remedy: str) -> None:
        FileFaults(file, findings).add(Fault("missing-file", "the file is missing", remedy))

    if "scenario" not in files:
        missing(FILE, "Add it with schema_version, name and budget")
    if "users" not in files:
        missing("users.csv", "Add it with one row a user")
    if "packages" not in files and "catalogue" not in files:
        missing("packages.csv", "Add the menu of each user, or catalogue.csv for all of them")
