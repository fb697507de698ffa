"""XML of workbooks, through defusedxml: no document types, no entities, nothing from outside."""

from collections.abc import Callable
from functools import partial
from typing import Any

from metneed.instances.faults import Fault
from metneed.instances.workbook_refusal import SAVE, RefusedWorkbookError, damaged, missing_extra

DEEPEST = 1_000
"""Elements that may be open at once: a parser remembers them all."""

_CHUNK = 1024**2
LARGEST_TREE = 4 * 1024**2
"""Bytes of a part that is held as a tree: one that says how the others hang together."""


def tree(name: str, data: bytes) -> Any:  # noqa: ANN401 - an element of ElementTree
    """A small part as a tree of elements.

    Parameters
    ----------
    name
        Of the part, for the message.
    data
        Its bytes.

    Raises
    ------
    RefusedWorkbookError
        Where it is large, no XML, or declares a document type or entities.
    MissingExtraError
        Where defusedxml is not installed.
    """
    if len(data) > LARGEST_TREE:
        raise damaged(f"the part {name[:40]!r} is larger than any such part is")
    try:
        from defusedxml.ElementTree import fromstring  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing_extra() from error
    return _guarded(name, lambda: fromstring(data, forbid_dtd=True))


def walk(
    name: str,
    data: bytes,
    start: Callable[[str, list[str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Pass through an XML part from its first element to its last; it must be well formed.

    Parameters
    ----------
    name
        Of the part, for the message.
    data
        Its bytes.
    start
        Called for each element with its name, as ``namespace}name``, and a flat list of the names
        and values of its attributes.
    end, text
        Called for the end of each element, and for the text between them.

    Raises
    ------
    RefusedWorkbookError
        Where it is no XML, nests elements without end, or declares a document type or entities.
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
    parser.ordered_attributes = True
    opened = 0
    ended: list[str] = []

    def on_start(element: str, attributes: list[str]) -> None:
        nonlocal opened
        opened += 1
        start(element, attributes)

    def on_end(element: str) -> None:
        ended.append(element)
        if end is not None:
            end(element)

    parser.StartElementHandler = on_start
    # Without a function of Python's own the many ends cost next to nothing.
    parser.EndElementHandler = ended.append if end is None else on_end
    parser.CharacterDataHandler = text
    for at in range(0, len(data), _CHUNK):
        _guarded(name, partial(parser.Parse, data[at : at + _CHUNK], 0))
        opened -= len(ended)
        ended.clear()
        if opened > DEEPEST:
            raise damaged(f"the part {name[:40]!r} nests elements without end")
    _guarded(name, partial(parser.Parse, b"", 1))


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
        raise RefusedWorkbookError(Fault("entities", problem, SAVE)) from error
    except (ParseError, ExpatError, LookupError, ValueError) as error:
        raise damaged(f"the part {name[:40]!r} is not well-formed XML") from error
