"""A look into a workbook before anything parses it: its form, its size, its promises.

A workbook is a zip file of XML parts. Nothing is taken on trust: the table of contents is held to
limits before a byte is unpacked, and each part is unpacked to the size that it claims and no
further.
"""

import errno
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from metneed.instances.faults import Fault
from metneed.instances.workbook_refusal import SAVE, RefusedWorkbookError, damaged

SUFFIXES = (".xlsx", ".ods")
LARGEST_FILE = 100 * 1024**2
"""Bytes of a workbook that are read at most."""

LARGEST_UNPACKED = 200 * 1024**2
"""Bytes that all its parts may have together."""

MOST_MEMBERS = 1_000
LARGEST_RATIO = 100
"""How many times its packed size a part may have, unless it is small."""

_SMALL = 1024**2
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OverflowError,
    NotImplementedError,
    ValueError,
)
_PACKED = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_END = b"PK\x05\x06"
_END_LENGTH, _LONGEST_COMMENT = 22, 2**16
_LONGEST_ENTRY = 1024
_LARGE = "Save the tables as CSV or Parquet, in a folder"
_EMPTY = "Delete empty rows below and beside the tables, or save them as CSV in a folder"


class Package:
    """The parts of a workbook, unpacked one by one when they are asked for.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    RefusedWorkbookError
        Where it is no workbook, is protected, or would unpack to more than the limits allow.
    OSError
        Where the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        _check_file(path)
        with _taking_apart("its table of contents cannot be read"):
            self._zip = zipfile.ZipFile(path)
        self._members = _checked(self._zip.infolist())

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises
        ------
        RefusedWorkbookError
            Where there is no such part, or it is not what the table of contents says.
        """
        member = self._members.get(name.lower())
        if member is None:
            raise damaged(f"the part {name[:40]!r} is missing")
        with (
            _taking_apart(f"the part {name[:40]!r} cannot be unpacked"),
            self._zip.open(member) as stream,
        ):
            # The size in the table of contents is the most that is unpacked.
            return stream.read(member.file_size + 1)


@contextmanager
def _taking_apart(problem: str) -> Iterator[None]:
    """Turn what a broken zip file makes of the library into a refusal."""
    try:
        yield
    except (*_BROKEN, OSError) as error:
        # A place before the beginning of the file is an invalid argument to the system.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        raise damaged(problem) from error


def _check_file(path: Path) -> None:
    """Refuse what is no zip file or is too large, by its size and its first and last bytes."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        problem = f"larger than {LARGEST_FILE // 1024**2} MiB"
        raise RefusedWorkbookError(Fault("too-large-file", problem, _LARGE))
    with path.open("rb") as file:
        head = file.read(1024)
        if head.startswith(_COMPOUND):
            raise RefusedWorkbookError(_compound(head + file.read()))
        if not head.startswith(_PACKED):
            raise RefusedWorkbookError(_no_workbook(head))
        file.seek(max(0, size - _END_LENGTH - _LONGEST_COMMENT))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        raise damaged("its end is missing")
    entries, contents = struct.unpack_from("<HL", tail, at + 10)
    # The table of contents is weighed before anyone reads it: 60,000 entries take a while.
    if entries > MOST_MEMBERS or contents > MOST_MEMBERS * _LONGEST_ENTRY:
        raise _too_many()


def _compound(data: bytes) -> Fault:
    if _ENCRYPTED in data:
        remedy = "Take the password off: File, Info, Protect Workbook, Encrypt with Password"
        return Fault("password", "protected with a password", remedy)
    return Fault("old-workbook", "a workbook of the old format (.xls)", SAVE)


def _no_workbook(head: bytes) -> Fault:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        return Fault("empty", "the file is empty", SAVE)
    if start.startswith((b"<html", b"<!doctype html", b"<table")):
        return Fault("not-a-workbook", "a web page under the name of a workbook", SAVE)
    if start.startswith(b"<?xml"):
        return Fault("not-a-workbook", "XML, not a workbook", SAVE)
    if b"\0" not in head and (b"," in head or b";" in head or b"\t" in head):
        remedy = "Name it .csv, in a folder with scenario.toml, or open and save it as .xlsx"
        return Fault("not-a-workbook", "text, as of a CSV file, under a workbook's name", remedy)
    return Fault("not-a-workbook", "not a workbook", SAVE)


def _checked(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The members by name in lower case, all within the limits."""
    if len(members) > MOST_MEMBERS:
        raise _too_many()
    if any(member.flag_bits & 0x1 for member in members):
        fault = Fault("password", "protected with a password", "Take the password off")
        raise RefusedWorkbookError(fault)
    unpacked = sum(member.file_size for member in members)
    if unpacked > LARGEST_UNPACKED:
        problem = (
            f"unpacks to {unpacked / 1024**2:,.0f} MiB, more than {LARGEST_UNPACKED // 1024**2}"
        )
        raise RefusedWorkbookError(Fault("too-large-file", problem, _LARGE))
    for member in members:
        _check_member(member)
    found = {member.filename.lower(): member for member in members}
    if len(found) < len(members):
        raise damaged("two of its parts have the same name")
    return found


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise damaged("it is packed in an unusual way")
    ratio = member.file_size / max(1, member.compress_size)
    if member.file_size > _SMALL and ratio > LARGEST_RATIO:
        problem = (
            f"the part {member.filename[:40]!r} unpacks to {ratio:,.0f} times its size, "
            f"more than {LARGEST_RATIO} times"
        )
        raise RefusedWorkbookError(Fault("zip-bomb", problem, _EMPTY))


def _too_many() -> RefusedWorkbookError:
    problem = f"has more than {MOST_MEMBERS:,} parts, as no workbook has"
    return RefusedWorkbookError(Fault("too-many-parts", problem, SAVE))
