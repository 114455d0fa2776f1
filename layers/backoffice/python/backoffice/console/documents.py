"""What a posting rests on: documents of its account, files of its day, records that name it."""

from typing import Any, Final

import polars as pl

from backoffice.clearance.act_rules import works_on_cases
from backoffice.clearance.document_accesses import Access, log_access
from backoffice.console.pages import Asked, File, NoPageError, Shelf, Viewer
from backoffice.console.tables import Column, Row, Table, to
from backoffice.formats.printing.archive import document_at
from backoffice.formats.sealed_bytes import UnreadableError
from backoffice.front_office.own_documents import find_document, list_documents
from backoffice.intake.day_entries import ENTRIES
from backoffice.intake.day_payments import PAYMENTS
from backoffice.intake.documents import FileEntry, entries_prefix
from backoffice.intake.schemas import kind_of
from backoffice.kernel.parts import Part
from backoffice.records.listing import record_id
from backoffice.records.search.find import Query

_PDF: Final = "application/pdf"
_MOST: Final = 24
_STATED: Final = frozenset({"cash", "cash_entries"})
"""What a bank states of a day."""

_FILES_OF: Final = {
    "MOVEMENT": {"movements"},
    "ALLOCATION": {"allocations"},
    "ENTRY": {"entries"},
    "PAYMENT": {"payments", "status"},
    "STREET_SETTLEMENT": {"status"},
    "BORROW": {"borrows"},
    "BUY_IN": {"buyins"},
    "CLAIM_PAYMENT": {"claims"},
    "FX_DEAL": {"fxdeals"},
    "ACTION_ENTITLEMENT": {"actions"},
    "ACTION_PAYMENT": {"actions"},
    "ACTION_SHARES": {"actions"},
}
"""The kinds of files that the rows of a kind of entries come in."""


def _to_document(row: Row) -> str:
    return to("accounts", str(row["account"]), "documents", str(row["id"]))


def _to_proof(row: Row) -> str | None:
    return to("records", str(row["proof"]), "proof") if row["proof"] else None


_ASKED_FOR: Final = {"ENTRY": (ENTRIES, "entry_id"), "PAYMENT": (PAYMENTS, "payment_id")}
"""Where what people asked for is told of, and under which id."""

_CASES: Final = ("case_id", "lock_case_id")
_MADE: Final = (Column("id", "code", _to_document), Column("date", "date"))
_TAKEN: Final = (
    Column("file", "code"),
    Column("partner"),
    Column("rows", "number"),
    Column("proof", "code", _to_proof),
)
_NAMING: Final = (
    Column("kind", "status"),
    Column("id", "code"),
    Column("date", "date"),
    Column("sealed_in", "date"),
    Column("proof", "code", _to_proof),
)


def documents_of(shelf: Shelf, account_id: str) -> Table:
    """List statements, confirmations and gains that were made of an account and are sealed."""
    found = list_documents(shelf.finder, account_id, _MOST, None)
    rows = [
        {"account": account_id, "id": one.document_id, "date": str(one.as_of)}
        for one in reversed(found.documents)
    ]
    return Table("documents", _MADE, rows, total=None if found.next else len(rows))


def files_of(shelf: Shelf, entry: dict[str, Any], *, is_cash: bool) -> Table:
    """List the files that an entry's rows came in, and for cash what the bank stated that day."""
    wanted = _FILES_OF.get(str(entry["kind"]), set()) | (_STATED if is_cash else set())
    rows: list[Row] = []
    days = {entry["recorded_on"], entry["effective_date"]} if wanted else set()
    for day in sorted(days):
        for key in shelf.records.keys(entries_prefix(day)):
            name = key.rpartition("/")[2].removesuffix(".json")
            if kind_of(name) in wanted:
                rows.append(_file(shelf, key))
    return Table("files", _TAKEN, rows[:_MOST], total=min(len(rows), _MOST))


def _file(shelf: Shelf, key: str) -> Row:
    entry = FileEntry.model_validate_json(shelf.records.read_bytes(key))
    proof = record_id(entry.original) if entry.original else None
    drop = entry.drop
    return {"file": drop.name, "partner": drop.partner, "rows": str(entry.rows), "proof": proof}


def decided_in(shelf: Shelf, entry: dict[str, Any]) -> tuple[str, ...]:
    """Name the cases in which two people let an entry happen: their trails hold its vouchers."""
    table, name = _ASKED_FOR.get(str(entry["kind"]), ("", ""))
    found = shelf.table(table) if table else pl.DataFrame()
    if not found.width:
        return ()
    rows = found.filter(pl.col(name) == entry["source"])
    cases = (rows[column].to_list() for column in _CASES if column in rows.columns)
    return tuple(dict.fromkeys(str(case) for some in cases for case in some if case))


def naming(shelf: Shelf, viewer: Viewer, named: str) -> Table:
    """List the sealed records that name something, each with its proof."""
    query = Query(id=named, limit=_MOST, confidential=viewer.is_of_compliance)
    rows = [
        {
            **{name: str(found[name]) for name in ("kind", "id", "date", "sealed_in")},
            "proof": record_id(str(found["key"])),
        }
        for found in shelf.finder.find(query).rows
    ]
    return Table("naming", _NAMING, rows, total=len(rows))


def fetch(shelf: Shelf, viewer: Viewer, asked: Asked) -> File:
    """Open a client's document for who works on cases, once it is on record that they read it.

    Raises
    ------
    NoPageError
        There is none, it is not this person's to read, or its client's key is destroyed.
    """
    account_id, document_id = asked.path
    person = viewer.person
    if not (works_on_cases(person) or viewer.is_of_compliance):
        raise NoPageError("clients' documents are for who works on cases")
    row = find_document(shelf.finder, lambda key: shelf.read(_part(key)), account_id, document_id)
    if row is None:
        raise NoPageError(f"no document of {account_id} is {document_id}")
    at = shelf.now.isoformat(timespec="milliseconds")
    about = {"account_id": account_id, "document_id": document_id}
    log_access(shelf.records, Access(at=at, actor=person.name, groups=person.groups, **about))
    name = f"{document_id}.pdf"
    piece = shelf.piece(row["archive"], row["pdf_start"], row["pdf_end"])
    keys = shelf.keys().find_many([account_id])
    try:
        body = document_at(piece, row["pdf_sha256"], name, account_id, keys)
    except UnreadableError as erased:
        raise NoPageError(str(erased)) from erased
    return File(name, _PDF, body)


def _part(key: str) -> Part:
    return Part(key=key, sha256="", rows=0)
