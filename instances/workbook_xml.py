"""XML of workbooks, through defusedxml: no document types, no entities, nothing from outside."""

from collections.abc import Callable, Mapping
from typing import Any

from metneed.instances.faults import Fault
from metneed.instances.workbook_refusal import SAVE, RefusedWorkbookError, damaged, missing_extra

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
