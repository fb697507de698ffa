"""From the bytes of a CSV file to its text: encodings, zero bytes, line ends."""

import codecs
import io
from pathlib import Path

from metneed.instances.faults import Fault, FileFaults
from metneed.models.errors import OptionError

ENCODINGS = ("utf-8", "utf-16", "cp1252", "iso8859-1", "iso8859-15", "cp850", "cp437", "mac-roman")
LARGEST_FILE = 2 * 1024**3
"""Bytes of a CSV file that are read at most: larger tables belong in Parquet."""

MOJIBAKE = "Â£"
"""A pound sign that was written as UTF-8 and read as something else."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_SAVE = "Save the table as CSV UTF-8"


def known_encoding(encoding: str) -> str:
    """The name under which an encoding is used here.

    Raises
    ------
    OptionError
        Where there is none of that name, or it is not one that spreadsheets write.
    """
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = encoding
    if name not in ENCODINGS:
        raise OptionError(f"encoding {encoding!r} is not one of {', '.join(ENCODINGS)}")
    return name


def open_text(path: Path, encoding: str, faults: FileFaults) -> io.TextIOWrapper | None:
    """The text of a file, bytes that are no text kept apart (see `undecoded`); None if it has none.

    A byte order mark is believed before `encoding` is.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    if path.stat().st_size > LARGEST_FILE:
        problem = f"larger than {LARGEST_FILE // 1024**3} GiB"
        faults.add(Fault("too-large-file", problem, "Write the table as Parquet"))
        return None
    data = path.read_bytes()
    if data.startswith(_WORKBOOKS):
        problem = "a workbook under the name of a CSV file"
        remedy = "Give the workbook itself, named .xlsx or .ods, or save its sheet as CSV UTF-8"
        faults.add(Fault("not-csv", problem, remedy))
        return None
    for mark, marked in _MARKS:
        if data.startswith(mark):
            encoding = marked
    is_wide = encoding == "utf-16"
    if not is_wide and b"\0" in data:
        before = data[: data.index(b"\0")]
        problem = f"byte {len(before)} is zero: not CSV, damaged, or UTF-16 without its mark"
        faults.add(Fault("zero-byte", problem, _SAVE), row=before.count(b"\n") + 1)
        return None
    if is_wide and not _is_utf16(data, faults):
        return None
    if not is_wide and b"\r" in data and b"\n" not in data:
        problem = "its lines end as on old Macintoshes, which was understood"
        faults.add(Fault("line-ends", problem, f"{_SAVE} to be safe"), severity="warning")
    # Bytes that are no text become lone surrogates: their cells are named, the others checked.
    errors = "strict" if is_wide else "surrogateescape"
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors=errors, newline="")


def undecoded(text: str) -> list[int]:
    """The bytes in a cell that are no text in the file's encoding."""
    return [ord(char) - 0xDC00 for char in text if "\udc80" <= char <= "\udcff"]


def bad_bytes(text: str, encoding: str) -> tuple[Fault, str]:
    """The fault of a cell with undecoded bytes, and how the cell reads as cp1252."""
    listed = ", ".join(f"0x{byte:02X}" for byte in undecoded(text)[:4])
    remedy = f"{_SAVE}, or say its encoding: cp1252 if an older Windows program wrote it"
    fault = Fault("bad-encoding", f"byte {listed} is not {encoding.upper()}", remedy)
    shown = text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return fault, shown


def _is_utf16(data: bytes, faults: FileFaults) -> bool:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not UTF-16: the file is damaged or cut off"
        faults.add(Fault("bad-encoding", problem, _SAVE))
        return False
    if "\0" in text:
        faults.add(Fault("zero-byte", "holds a zero character: damaged", _SAVE))
        return False
    return True
