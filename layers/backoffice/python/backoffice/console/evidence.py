"""Records found again by any id in them, and their proofs as files to keep."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from backoffice.console.pages import Asked, File, NoPageError, Page, Shelf, Viewer
from backoffice.console.source_rows import entry_of
from backoffice.console.tables import Column, Filter, Row, Table, to
from backoffice.console.trades import file_of
from backoffice.records.listing import record_id
from backoffice.records.proving.proofs import Archive, Item, prove
from backoffice.records.search.find import Query

_JSON: Final = "application/json"
_FILTERS: Final = (
    Filter("id"),
    Filter("account"),
    Filter("counterparty"),
    Filter("instrument"),
    Filter("kind"),
    Filter("since"),
    Filter("until"),
)
_ENCLOSED: Final = 4 * 2**20
"""Bytes in all up to which a proof holds the records themselves: an answer may be 6 MB."""


def _proof(row: Row) -> str:
    return to("records", str(row["proof"]), "proof")


_COLUMNS: Final = (
    Column("date", "date"),
    Column("kind", "status"),
    Column("id", "code"),
    Column("account", "code", lambda row: to("accounts", str(row["account"]))),
    Column("counterparty", "code"),
    Column("instrument", "code"),
    Column("sealed_in", "date"),
    Column("proof", "code", _proof),
)


def show(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show a page of what the index finds; a page says where the next begins."""
    said = {each.name: asked.query.get(each.name, "").strip() for each in _FILTERS}
    rows: list[Row] = []
    after = None
    if any(said.values()):
        wanted = {name: text for name, text in said.items() if text}
        cursor = asked.query.get("cursor") or None
        query = Query(**wanted, limit=50, cursor=cursor, confidential=viewer.is_of_compliance)
        page = shelf.finder.find(query)
        rows = [_row(found) for found in page.rows]
        after = to("records", **wanted, cursor=page.next) if page.next else None
    table = Table("records", _COLUMNS, rows, "records", 0, None, _FILTERS, said)
    model = {"table": table, "lead": "lead.records", "after": after, "asked": any(said.values())}
    return Page("records.html.j2", "records", "records", model)


def _row(found: dict[str, object]) -> Row:
    said = {name: None if value is None else str(value) for name, value in found.items()}
    return {**said, "proof": record_id(str(found["key"]))}


def prove_record(shelf: Shelf, viewer: Viewer, asked: Asked) -> File:
    """Prove one record by itself: of what surrounds it, nothing is told.

    What is in a record may name what compliance alone may know: for others its hash is proven.

    Raises
    ------
    NoPageError
        There is none, or none that this person may know of.
    """
    query = Query(id=asked.path[0], limit=1, confidential=viewer.is_of_compliance)
    rows = shelf.finder.find(query).rows
    if not rows:
        raise NoPageError(f"no record is {asked.path[0]}")
    found = rows[0]
    item = (str(found["key"]), "what was asked for", date.fromisoformat(str(found["sealed_in"])))
    room = _ENCLOSED if viewer.is_of_compliance else 0
    return _file(shelf, asked.path[0], iter([item]), room)


def prove_trade(shelf: Shelf, viewer: Viewer, asked: Asked) -> File:
    """Prove the file that a trade came by, as it came, and the entry that committed it.

    Raises
    ------
    NoPageError
        There is no such trade, or its file's day is not sealed yet.
    """
    del viewer
    partner, day, file = file_of(shelf, asked)
    found = entry_of(shelf, partner, day, file)
    if found is None:
        raise NoPageError(f"{file} is no file that is kept")
    key, entry = found
    keys = {key: f"the entry of the file {file}"}
    if entry.original:
        keys[entry.original] = f"the file {file} as it came"
    return _file(shelf, asked.path[2], _sealed(shelf, keys, day), _ENCLOSED)


def _sealed(shelf: Shelf, keys: dict[str, str], day: date) -> Iterator[tuple[str, str, date]]:
    """Name the day whose seal holds each: that of the file, or one soon after."""
    archive, left = Archive(shelf.records), dict(keys)
    closed = shelf.closed.closed_days if shelf.closed else ()
    for sealed in (each for each in closed if each >= day):
        leaves = archive.leaves(sealed)
        for key in [each for each in left if each in leaves]:
            yield key, left.pop(key), sealed
        if not left:
            return
    raise NoPageError("its day is not sealed yet")


def _file(shelf: Shelf, name: str, found: Iterator[tuple[str, str, date]], room: int) -> File:
    """Write a proof that holds records of at most so many bytes in all."""
    archive, items = Archive(shelf.records), []
    for key, why, day in found:
        (start,) = shelf.records.read_starts([key], room + 1)
        fits = len(start) <= room
        room -= len(start) if fits else 0
        items.append((Item(key, why, encloses=fits), day))
    body = prove(archive, name, items, shelf.records.read_bytes)
    plain = "".join(one if one.isascii() and one.isalnum() else "-" for one in name)
    return File(f"proof-{plain}.json", _JSON, body)
