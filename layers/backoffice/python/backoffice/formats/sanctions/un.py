"""The UN Security Council's consolidated list, XML."""

from collections.abc import Iterator
from typing import Final

import polars as pl
from lxml import etree

from backoffice.formats.sanctions.xml_trees import children, text_below, tree_of
from backoffice.kernel.errors import BadFileError
from backoffice.risk.screening.listed import ListedRow, listed_frame

FILE: Final = "the UN list"
_NAMES: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_SECTIONS: Final = (("INDIVIDUALS", "INDIVIDUAL", "PERSON"), ("ENTITIES", "ENTITY", "ENTITY"))
_WEAK: Final = "LOW"


def read_un(data: bytes) -> pl.DataFrame:
    """Read `<CONSOLIDATED_LIST>` with its individuals and entities.

    An entry's id is its permanent reference number, its DATAID where it has none. A name in its
    original script is as good as an alias; aliases of quality "Low" are weak.

    Returns
    -------
    pl.DataFrame
        LISTED.

    Raises
    ------
    BadFileError
        When the file is empty, cut short, not UTF-8 or not this list, lacks one of its two
        sections, or an entry has no id or no name.
    """
    tree = tree_of(data, FILE, "CONSOLIDATED_LIST")
    rows: list[ListedRow] = []
    for section, element, kind in _SECTIONS:
        found = children(tree, section)
        if len(found) != 1:
            raise BadFileError(f"{FILE}: {len(found)} sections <{section}> where one belongs")
        for entry in children(found[0], element):
            rows += _rows(entry, kind)
    if not rows:
        raise BadFileError(f"{FILE}: it holds no entries")
    return listed_frame(rows)


def _rows(entry: etree._Element, kind: str) -> Iterator[ListedRow]:
    where = f"{FILE}, line {entry.sourceline}"
    entry_id = text_below(entry, "REFERENCE_NUMBER") or text_below(entry, "DATAID")
    name = " ".join(part for part in (text_below(entry, part) for part in _NAMES) if part)
    if not entry_id or not name:
        raise BadFileError(f"{where}: an entry without a reference number or without a name")
    programs = text_below(entry, "UN_LIST_TYPE")
    yield "UN", entry_id, kind, programs, name, "PRIMARY"
    original = text_below(entry, "NAME_ORIGINAL_SCRIPT")
    if original:
        yield "UN", entry_id, kind, programs, original, "STRONG"
    for alias in children(entry, "INDIVIDUAL_ALIAS", "ENTITY_ALIAS"):
        also = text_below(alias, "ALIAS_NAME")
        weak = text_below(alias, "QUALITY").upper() == _WEAK
        if also:  # the list holds aliases left blank
            yield "UN", entry_id, kind, programs, also, "WEAK" if weak else "STRONG"
