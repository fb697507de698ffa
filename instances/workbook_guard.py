"""A look into a workbook before anything parses it: its form, its size, its promises.

A workbook is a zip file of XML parts. Nothing is taken on trust: the table of contents is held to
limits before a byte is unpacked, each part is unpacked to the size that it claims and no further,
and XML that declares entities is refused.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from metneed.instances.faults import Fault
from metneed.models.errors import MissingExtraError

SUFFIXES = (".xlsx", ".ods")
LARGEST_FILE = 100 * 1024**2
"""Bytes of a workbook that are read at most."""

LARGEST_UNPACKED = 200 * 1024**2
"""Bytes that all its parts may have together."""

MOST_MEMBERS = 1_000
LARGEST_RATIO = 100
"""How many times its packed size a part may have, unless it is small."""

LARGEST_SMALL_PART = 4 * 1024**2
"""Bytes of a part that says how others hang together; such parts are held in memory as trees."""

_SMALL = 1024**2
_PACKED = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_END = b"PK\x05\x06"
_END_LENGTH, _LONGEST_COMMENT = 22, 2**16
_LONGEST_ENTRY = 1024
_SAVE = "Save it from the spreadsheet as an Excel workbook (.xlsx)"
_ANEW = f"It may be cut off or damaged. {_SAVE} once more"
_LARGE = "Save the tables as CSV or Parquet, in a folder"
_EMPTY = "Delete empty rows below and beside the tables, or save them as CSV in a folder"


class RefusedWorkbookError(Exception):
    """A workbook that is not read, or not further; its fault says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.problem)


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
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise damaged("its table of contents cannot be read") from error
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
        try:
            with self._zip.open(member) as stream:
                # The size in the table of contents is the most that is unpacked.
                return stream.read(member.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
            raise damaged(f"the part {name[:40]!r} cannot be unpacked") from error

    def tree(self, name: str) -> Any:  # noqa: ANN401 - an element of ElementTree
        """A small part as a tree of elements.

        Raises
        ------
        RefusedWorkbookError
            Where it is missing, large, no XML, or declares a document type or entities.
        MissingExtraError
            Where defusedxml is not installed.
        """
        data = self.read(name)
        if len(data) > LARGEST_SMALL_PART:
            raise damaged(f"the part {name[:40]!r} is larger than any such part is")
        try:
            from defusedxml.ElementTree import fromstring  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise missing_extra() from error
        return _guarded(name, lambda: fromstring(data, forbid_dtd=True))


def walk(name: str, data: bytes, handlers: Mapping[str, Callable[..., None]]) -> None:
    """Call handlers of expat for every element of an XML part; all of it must be well formed.

    Names come as ``namespace}name``, attributes as a flat list of names and values.

    Parameters
    ----------
    name
        Of the part, for the message.
    data
        Its bytes.
    handlers
        By their names in expat, such as ``StartElementHandler``.

    Raises
    ------
    RefusedWorkbookError
        Where it is no XML, or declares a document type or entities.
    MissingExtraError
        Where defusedxml is not installed.
    """
    try:
        from defusedxml.ElementTree import DefusedXMLParser  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing_extra() from error
    # Its expat refuses document types and entities; a tree, which it could build, is not needed.
    parser = DefusedXMLParser(target=object(), forbid_dtd=True).parser
    parser.DefaultHandlerExpand = None
    parser.CharacterDataHandler = None
    parser.ordered_attributes = True
    for handler, function in handlers.items():
        setattr(parser, handler, function)
    _guarded(name, lambda: parser.Parse(data, 1))


def damaged(problem: str) -> RefusedWorkbookError:
    """The refusal of a workbook that is not whole."""
    return RefusedWorkbookError(Fault("not-a-workbook", problem, _ANEW))


def missing_extra() -> MissingExtraError:
    """What is raised where the libraries for workbooks are not installed."""
    return MissingExtraError("reading workbooks", "excel")


def _guarded(name: str, parse: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is parsed
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - an exception only
    from xml.parsers.expat import ExpatError  # noqa: PLC0415

    from defusedxml import DefusedXmlException  # noqa: PLC0415 - an extra

    try:
        return parse()
    except DefusedXmlException as error:
        problem = (
            f"the part {name[:40]!r} declares a document type or entities, as no workbook does"
        )
        raise RefusedWorkbookError(Fault("entities", problem, _SAVE)) from error
    except (ParseError, ExpatError, LookupError, ValueError) as error:
        raise damaged(f"the part {name[:40]!r} is not well-formed XML") from error


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
    return Fault("old-workbook", "a workbook of the old format (.xls)", _SAVE)


def _no_workbook(head: bytes) -> Fault:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        return Fault("empty", "the file is empty", _SAVE)
    if start.startswith((b"<html", b"<!doctype html", b"<table")):
        return Fault("not-a-workbook", "a web page under the name of a workbook", _SAVE)
    if start.startswith(b"<?xml"):
        return Fault("not-a-workbook", "XML, not a workbook", _SAVE)
    if b"\0" not in head and (b"," in head or b";" in head or b"\t" in head):
        remedy = "Name it .csv, in a folder with scenario.toml, or open and save it as .xlsx"
        return Fault("not-a-workbook", "text, as of a CSV file, under a workbook's name", remedy)
    return Fault("not-a-workbook", "not a workbook", _SAVE)


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
    return RefusedWorkbookError(Fault("too-many-parts", problem, _SAVE))
