"""A published list's XML as a tree: no DTD, no entities, no network."""

from typing import Final

from lxml import etree

from backoffice.formats.sanctions.texts import text_of
from backoffice.kernel.errors import BadFileError

_LONGEST_REASON: Final = 160
_DTD: Final = b"<!DOCTYPE"


def tree_of(data: bytes, file: str, root: str) -> etree._Element:
    """Parse a list, namespaces left out of its names.

    Parameters
    ----------
    data : bytes
        UTF-8, whatever the declaration says.
    file : str
        What the file is called in a refusal.
    root : str
        The element that the list it is said to be begins with.

    Raises
    ------
    BadFileError
        When the file is empty, not UTF-8, no well-formed XML (a file cut short is none), carries a
        DTD, or begins with another element.
    """
    text_of(data, file)
    if _DTD in data:
        # before any of it is parsed: entities in attributes would be expanded
        raise BadFileError(f"{file}: it carries a DTD, which is refused with every entity in it")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        said, _, _ = str(error).partition(" (<string>")
        reason = " ".join(said.split())[:_LONGEST_REASON]
        raise BadFileError(f"{file}: no well-formed XML: {reason}") from None
    found = local_name(tree)
    if found != root:
        raise BadFileError(f"{file}: begins with <{found}>, the list with <{root}>")
    return tree


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """Return the elements right below of these names, in order."""
    return [child for child in element if local_name(child) in names]


def text_below(element: etree._Element, name: str) -> str:
    """Return the trimmed text of the first element of a name right below; "" without one."""
    for child in children(element, name):
        return " ".join((child.text or "").split())
    return ""
