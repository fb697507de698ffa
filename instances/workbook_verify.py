"""A result of a workbook in the form that the verifier takes: two folders of plain files."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from metneed.instances.files import sha256, write_text
from metneed.instances.publish import digests, sealed
from metneed.instances.workbook_unpack import unpack_workbook

RECORD = "result.json"


class Unpacked(NamedTuple):
    """A result and its instance as folders, and what is wrong with the two as they were given."""

    result: Path
    instance: Path
    failures: list[str]


@contextmanager
def unpacked(result: Path, workbook: Path) -> Iterator[Unpacked]:
    """The sheets of a workbook as CSV files, and its result as if it had been made from them.

    The verifier knows nothing of workbooks. What it could not see any more is checked here: that
    the record is as it was written, and that it was made from this workbook and nothing else.

    Parameters
    ----------
    result
        Folder that `write_solution` wrote.
    workbook
        What it is said to be made from.

    Raises
    ------
    InputError
        Where the workbook cannot be read.
    MissingExtraError
        Where a library for workbooks is not installed.
    OSError
        Where a file cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="metneed-") as name:
        copy, instance = Path(name) / "result", Path(name) / "instance"
        shutil.copytree(result, copy)
        unpack_workbook(workbook, instance)
        failures = []
        record = _record(copy / RECORD)
        if record is not None:
            failures = list(_failures(record, copy / RECORD, workbook))
            rest = {key: value for key, value in record.items() if key != "digest"}
            write_text(copy / RECORD, sealed({**rest, "inputs": digests(instance)}))
        yield Unpacked(copy, instance, failures)


def _record(path: Path) -> dict[str, object] | None:
    """The record of a result; None where it is none, which the verifier will say."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except (OSError, ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _no_number(name: str) -> None:
    raise ValueError(name)


def _failures(record: Mapping[str, object], path: Path, workbook: Path) -> Iterator[str]:
    said = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)
    rest = {key: value for key, value in said.items() if key != "digest"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()
    if hashlib.sha256(canonical).hexdigest() != record.get("digest"):
        yield f"{RECORD}: it was changed after it was written"
    if record.get("inputs") != {workbook.name: sha256(workbook)}:
        yield f"{workbook.name}: not the workbook that the result names, or not it alone"
