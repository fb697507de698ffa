"""The files of a council's folder: which there are, and which are misnamed."""

from pathlib import Path

from metneed.instances.council.schemas import COUNCIL_SCHEMAS
from metneed.instances.council.settings import FILE as SETTINGS_FILE
from metneed.instances.csv_file import read_csv
from metneed.instances.faults import Fault, FileFaults, Severity
from metneed.instances.folder import SUFFIXES
from metneed.instances.headings import near_misses
from metneed.instances.parquet_file import read_parquet
from metneed.instances.scenario_file import FILE as SCENARIO_FILE
from metneed.instances.tables import Table
from metneed.models.findings import Findings

NAMES = {"scenario": SCENARIO_FILE, "build": SETTINGS_FILE}
_OTHER_SUFFIXES = (".xlsx", ".xls", ".xlsm", ".ods", ".tsv", ".txt", ".toml", ".parq")


def council_files(folder: Path, findings: Findings) -> dict[str, Path]:
    """The file of each table, of the scenario and of the settings, by name.

    Two forms of one table, and names that nearly are a table's, are findings.

    Raises
    ------
    OSError
        Where the folder cannot be listed.
    """
    if not folder.is_dir():
        what = "a file" if folder.exists() else "not there"
        remedy = "Give the folder that holds services.csv, needs.csv and scenario.toml"
        faults = FileFaults(str(folder), findings)
        faults.add(Fault("no-folder", f"is {what}, not a folder", remedy))
        return {}
    present = sorted(path.name for path in folder.iterdir() if path.is_file())
    files = {name: folder / file for name, file in NAMES.items() if file in present}
    for table in COUNCIL_SCHEMAS:
        forms = [table + suffix for suffix in SUFFIXES if table + suffix in present]
        if forms:
            files[table] = folder / forms[0]
        if len(forms) > 1:
            problem = f"the folder holds {forms[0]} and {forms[1]}"
            FileFaults(forms[1], findings).add(Fault("two-forms", problem, "Keep one of them"))
    _check_names(present, files, findings)
    return files


def read_table(name: str, file: Path, findings: Findings, encoding: str) -> Table | None:
    """The table of a file, None where its form is beyond reading.

    Raises
    ------
    MissingExtraError
        Where it is Parquet and pyarrow is not installed.
    OSError
        Where it cannot be read.
    """
    if file.suffix == ".parquet":
        return read_parquet(file, COUNCIL_SCHEMAS[name], findings)
    return read_csv(file, COUNCIL_SCHEMAS[name], findings, encoding)


def _check_names(present: list[str], files: dict[str, Path], findings: Findings) -> None:
    stems = {
        Path(name).stem: name
        for name in present
        if name.lower().endswith((*SUFFIXES, *_OTHER_SUFFIXES))
    }
    known = [*COUNCIL_SCHEMAS, *NAMES]
    meant = near_misses([stem for stem in stems if stem not in known], known)
    # The right name with the wrong ending is a slip, too: needs.xlsx.
    meant |= {name: name for name in known if name in stems and name not in files}
    for name, stem in meant.items():
        wanted = NAMES.get(name, f"{name}.csv")
        problem = f"looks like {wanted}, and is not read"
        fault = Fault("misnamed-file", problem, f"Save it as {wanted}, or under another name")
        severity: Severity = "warning" if name in files else "error"
        FileFaults(stems[stem], findings).add(fault, severity=severity)
