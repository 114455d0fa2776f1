"""The house's own list: whom the firm does not deal with, for reasons of its own."""

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from backoffice.formats.sanctions.texts import rows_of, text_of
from backoffice.kernel.errors import BadFileError
from backoffice.risk.screening.listed import KINDS, ListedRow, listed_frame

FILE: Final = "the house list"
_REQUIRED: Final = ("entry_id", "name")
_OPTIONAL: Final = ("kind", "alias_of", "reason")

_Rows = list[tuple[int, Mapping[str, str]]]


def read_house(data: bytes) -> pl.DataFrame:
    """Read the list: a header with entry_id and name, and any of kind, alias_of, reason.

    A row with `alias_of` is another name of that entry and takes its kind and reason. Without a
    kind an entry is UNKNOWN. The reason stands where other lists have their programs.

    Returns
    -------
    pl.DataFrame
        LISTED.

    Raises
    ------
    BadFileError
        When the file is empty, not UTF-8, has another header, or a row lacks its id or name, has a
        kind that is not known, repeats an id, or is an alias of no entry.
    """
    rows = _rows(text_of(data, FILE))
    entries: dict[str, Mapping[str, str]] = {}
    for line, row in rows:
        if row.get("alias_of"):
            continue
        if row["entry_id"] in entries:
            raise BadFileError(f"{FILE}, line {line}: entry {row['entry_id']} stands there twice")
        entries[row["entry_id"]] = row
    if not entries:
        raise BadFileError(f"{FILE}: it holds no entries")
    return listed_frame(_listed(rows, entries))


def _listed(rows: _Rows, entries: Mapping[str, Mapping[str, str]]) -> Iterator[ListedRow]:
    for line, row in rows:
        of = row.get("alias_of") or row["entry_id"]
        if of not in entries:
            raise BadFileError(f"{FILE}, line {line}: an alias of {of}, which is no entry")
        kind = entries[of].get("kind") or "UNKNOWN"
        if kind not in KINDS:
            raise BadFileError(f"{FILE}, line {line}: {kind!r} is none of {', '.join(KINDS)}")
        quality = "STRONG" if row.get("alias_of") else "PRIMARY"
        yield "HOUSE", of, kind, entries[of].get("reason", ""), row["name"], quality


def _rows(text: str) -> _Rows:
    head = [name.strip() for name in text.splitlines()[0].split(",")]
    known = {*_REQUIRED, *_OPTIONAL}
    if not set(_REQUIRED) <= set(head) <= known or len(set(head)) != len(head):
        raise BadFileError(
            f"{FILE}: the header is {','.join(head)[:200]!r}; entry_id and name belong there,"
            f" and any of {', '.join(_OPTIONAL)}"
        )
    found: _Rows = []
    for line, fields in rows_of(text, FILE, len(head)):
        row = dict(zip(head, (field.strip() for field in fields), strict=True))
        if not row["entry_id"] or not row["name"]:
            raise BadFileError(f"{FILE}, line {line}: a row without entry_id or name")
        found.append((line, row))
    return found[1:]
