"""The EU's consolidated list of financial sanctions, XML of schema 1.1 (FSF)."""

from collections.abc import Iterator
from typing import Final

import polars as pl
from lxml import etree

from backoffice.formats.sanctions.xml_trees import children, tree_of
from backoffice.kernel.errors import BadFileError
from backoffice.risk.screening.listed import ListedRow, listed_frame

FILE: Final = "the EU list"
_KINDS: Final = {"person": "PERSON", "enterprise": "ENTITY"}
_NAME_PARTS: Final = ("firstName", "middleName", "lastName")


def read_eu(data: bytes) -> pl.DataFrame:
    """Read `<export>` with its `<sanctionEntity>` elements.

    An entry's id is its EU reference number, its logical id where it has none. Its first name is
    the primary one; `strong="false"` is a weak alias.

    Returns
    -------
    pl.DataFrame
        LISTED.

    Raises
    ------
    BadFileError
        When the file is empty, cut short, not UTF-8 or not this list, or an entry has no id, no
        name, or a subject type that is not known.
    """
    tree = tree_of(data, FILE, "export")
    entries = children(tree, "sanctionEntity")
    if not entries:
        raise BadFileError(f"{FILE}: <export> holds no <sanctionEntity>")
    return listed_frame(row for entry in entries for row in _rows(entry))


def _rows(entry: etree._Element) -> Iterator[ListedRow]:
    where = f"{FILE}, line {entry.sourceline}"
    entry_id = entry.get("euReferenceNumber", "").strip() or entry.get("logicalId", "").strip()
    if not entry_id:
        raise BadFileError(f"{where}: an entry without euReferenceNumber and logicalId")
    types = [child.get("code", "") for child in children(entry, "subjectType")]
    if len(types) != 1 or types[0] not in _KINDS:
        raise BadFileError(f"{where}: entry {entry_id} is of type {types}")
    programs = {child.get("programme", "").strip() for child in children(entry, "regulation")}
    quality = "PRIMARY"
    for alias in children(entry, "nameAlias"):
        name = _name(alias)
        if name:
            weak = alias.get("strong") == "false" and quality != "PRIMARY"
            said = "WEAK" if weak else quality
            yield "EU", entry_id, _KINDS[types[0]], ";".join(sorted(programs - {""})), name, said
            quality = "STRONG"
    if quality == "PRIMARY":
        raise BadFileError(f"{where}: entry {entry_id} has no name")


def _name(alias: etree._Element) -> str:
    parts = (alias.get(part, "") for part in _NAME_PARTS)
    return " ".join((alias.get("wholeName", "") or " ".join(parts)).split())
