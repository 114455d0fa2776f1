"""An entry: all its postings, and what it is of."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.console.documents import decided_in, documents_of, files_of, naming
from backoffice.console.ledger_accounts import account_of, debit_and_credit, narrowed
from backoffice.console.pages import Asked, NoPageError, Page, Shelf, Viewer
from backoffice.console.paging import rows_of
from backoffice.console.tables import Column, Row, Table, to
from backoffice.kernel.books import Books

_IN_SEVERAL_PARTS: Final = ("ENTRY", "REVERSAL")
_PIECES_OF_TRADE: Final = 5


def _to_account(row: Row) -> str:
    return to("ledger", "accounts", str(row["account"]), unit=row["unit"])


_POSTINGS: Final = (
    Column("account", "code", _to_account),
    Column("unit", "code"),
    Column("debit", "number"),
    Column("credit", "number"),
)


def show(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show an entry.

    Raises
    ------
    NoPageError
        There is no such entry.
    """
    entry_id, account = asked.path[0], asked.query.get("account", "")
    lines = _lines(shelf, entry_id, account)
    first = lines.row(0, named=True)
    told = lines.with_columns(account=chart.account_name(), **debit_and_credit())
    sides = {"debit": chart.amount_text("plus"), "credit": chart.amount_text("minus")}
    shown = told.with_columns(**sides).select("account", "unit", *sides)
    table = Table("entry", _POSTINGS, rows_of(shown), total=shown.height)
    of = next(filter(None, map(account_of, shown["account"])), None)
    is_cash = lines["book"].str.starts_with(chart.CASH).any()
    model = {
        "table": table,
        "entry": first,
        "trade": _trade_of(entry_id, of),
        "holder": of,
        "decided_in": decided_in(shelf, first),
        "rests_on": (
            files_of(shelf, first, is_cash=is_cash),
            *((documents_of(shelf, of),) if of else ()),
            naming(shelf, viewer, first["source"]),
        ),
    }
    return Page("entry.html.j2", "entry", "ledger", model)


def _lines(shelf: Shelf, entry_id: str, account: str) -> pl.DataFrame:
    """Read an entry: first where its account's lines lie, then in all parts of its day."""
    try:
        day = date.fromisoformat(entry_id.partition(":")[0])
    except ValueError:
        raise NoPageError(f"{entry_id} is no entry") from None
    if shelf.closed is None:
        raise NoPageError("nothing is closed yet")
    near = _of_day(shelf, narrowed(shelf.closed, account), day, entry_id)
    if near.height and near["kind"][0] not in _IN_SEVERAL_PARTS:
        return near
    whole = _of_day(shelf, shelf.closed, day, entry_id)
    if not whole.height:
        raise NoPageError(f"there is no entry {entry_id}")
    return whole


def _of_day(shelf: Shelf, books: Books, day: date, entry_id: str) -> pl.DataFrame:
    is_it = pl.col("entry_id") == entry_id
    parts = [part for part in books.journal if part.day == day]
    found = shelf.records.read_where(parts, is_it)
    return pl.DataFrame() if found is None else found


def _trade_of(entry_id: str, account: str | None) -> str | None:
    """Return where the trade is shown that an entry is of: its id names it, where it is of one."""
    _, _, reversed_one = entry_id.partition(":R:")
    pieces = (reversed_one or entry_id).split(":", _PIECES_OF_TRADE - 1)
    try:
        day = date.fromisoformat(pieces[3])
    except (IndexError, ValueError):
        return None
    if len(pieces) != _PIECES_OF_TRADE:
        return None
    return to("trades", pieces[2], str(day), pieces[4], account=account)
