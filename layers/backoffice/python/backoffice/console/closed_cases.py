"""Cases that are over: what they were, and what was done about them."""

import re
from typing import Final

import polars as pl

from backoffice.clearance.act_rules import works_on_cases
from backoffice.clearance.confidential import may_know
from backoffice.clearance.confidential_rows import confidential_rows
from backoffice.clearance.read_trails import read_trail
from backoffice.clearance.trails import attachment_key, is_case
from backoffice.console.pages import Asked, File, NoPageError, Page, Shelf, Viewer
from backoffice.console.paging import rows_of
from backoffice.console.tables import ROWS_A_PAGE, Column, Filter, Table, to

_BINARY: Final = "application/octet-stream"
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COLUMNS: Final = (
    Column("case_id", "code", lambda row: to("cases", str(row["case_id"]))),
    Column("closed_on", "date"),
    Column("code", "status"),
    Column("subject", "code"),
    Column("opened_on", "date"),
    Column("due", "date"),
)
_FILTERS: Final = (Filter("code"), Filter("text"))


def show_list(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the cases that are closed, the latest first."""
    said = {each.name: asked.query.get(each.name, "").strip() for each in _FILTERS}
    start, found = asked.start(), _closed(shelf, viewer)
    if found.width:
        text = pl.concat_str("case_id", "subject", separator=" ").str.to_lowercase()
        found = found.filter(text.str.contains(said["text"].casefold(), literal=True))
        if said["code"]:
            found = found.filter(pl.col("code") == said["code"].upper())
        found = found.sort("closed_on", "case_id", descending=True)
    rows = rows_of(found.slice(start, ROWS_A_PAGE).select(pl.all().cast(pl.String)))
    place = to("cases", "closed")
    table = Table("closed-cases", _COLUMNS, rows, place, start, found.height, _FILTERS, said)
    model = {"table": table, "note": "", "lead": "lead.closed-cases"}
    return Page("table.html.j2", "closed-cases", "cases", model)


def show_closed(shelf: Shelf, viewer: Viewer, case_id: str) -> Page:
    """Show a closed case and its trail.

    Raises
    ------
    NoPageError
        There is none, or none that this person may know of.
    """
    found = _closed(shelf, viewer)
    rows = found.filter(pl.col("case_id") == case_id) if found.width else found
    if not rows.height:
        raise NoPageError(f"no case is {case_id}")
    acts = [
        {"number": event.number, "at": event.at, "actor": event.actor, **event.act.model_dump()}
        for event in read_trail(shelf.records, case_id)
    ]
    model = {"case": rows.row(0, named=True), "acts": acts}
    return Page("closed_case.html.j2", "closed-cases", "cases", model)


def fetch_attached(shelf: Shelf, viewer: Viewer, asked: Asked) -> File:
    """Hand over a document that was attached to a case, to who works on cases or is of compliance.

    Raises
    ------
    NoPageError
        There is none, or none that this person may know of.
    """
    case_id, sha256 = asked.path
    reads = works_on_cases(viewer.person) or viewer.is_of_compliance
    if not (reads and is_case(case_id) and _SHA256.fullmatch(sha256)):
        raise NoPageError("there is no such document")
    if not is_known(shelf, viewer, case_id):
        raise NoPageError("there is no such case")
    key = attachment_key(case_id, sha256)
    acts = [event.act for event in read_trail(shelf.records, case_id) if event.act.record == key]
    body = shelf.records.find_bytes(key) if acts else None
    if body is None:
        raise NoPageError("there is no such document")
    return File(_plain(acts[0].text, sha256), _BINARY, body)


def is_known(shelf: Shelf, viewer: Viewer, case_id: str) -> bool:
    """Whether somebody may know of a case, open or closed."""
    item = shelf.desk.cases.get("CASES", case_id)
    if item is not None:
        return may_know(item["code"], item["subject"], viewer.person.groups)
    found = _closed(shelf, viewer)
    return bool(found.width) and case_id in found["case_id"]


def _plain(name: str, sha256: str) -> str:
    """Write a name as headers take it; the name that its sender gave is in the trail."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name.splitlines()[0] if name else "").strip("-.")
    return plain[:100] or sha256[:16]


def _closed(shelf: Shelf, viewer: Viewer) -> pl.DataFrame:
    found = shelf.table("cases")
    if not found.width:
        return found
    found = found.filter(pl.col("status") == "CLOSED")
    return found if viewer.is_of_compliance else found.filter(~confidential_rows())
