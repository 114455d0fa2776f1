"""Trades as they stand, and one trade with the partner's own row."""

from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting.chart import CLIENT_CASH, INVENTORY
from backoffice.console.documents import documents_of, naming
from backoffice.console.pages import Asked, NoPageError, Page, Shelf, Viewer
from backoffice.console.paging import bucket_holding, page_of_parts, rows_of
from backoffice.console.source_rows import source_of
from backoffice.console.tables import ROWS_A_PAGE, Column, Filter, Row, Table, to
from backoffice.intake.register import standing, superseded
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.parts import concerning
from backoffice.records.search.find import Query
from backoffice.records.view_columns import COLUMNS
from backoffice.records.views import trades

_FILTERS: Final = (Filter("trade_id"), Filter("account_id"), Filter("trade_date"))


def _to_trade(row: Row) -> str:
    names = ("partner", "trade_date", "trade_id")
    return to("trades", *(str(row[name]) for name in names), account=row["account_id"])


_SHOWN: Final = (
    Column("trade_id", "code", _to_trade),
    Column("status", "status"),
    Column("trade_date", "date"),
    Column("account_id", "code", lambda row: to("accounts", str(row["account_id"]))),
    Column("side", "status"),
    Column("isin", "code", lambda row: to("stock-record", isin=row["isin"])),
    Column("quantity", "number"),
    Column("price", "number"),
    Column("net", "number"),
    Column("currency", "code"),
    Column("settlement_date", "date"),
    Column("hold_codes"),
)


def show_list(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show trades: a page of all, or those that are named."""
    del viewer
    said = {each.name: asked.query.get(each.name, "").strip() for each in _FILTERS}
    start, total, books = asked.start(), None, shelf.books
    newest = tuple(reversed(books.trades)) if books else ()
    if books and any(said.values()):
        found = _named(shelf, books, said)
        found, total = found.slice(start, ROWS_A_PAGE), found.height
    else:
        found = page_of_parts(shelf, newest, start)
        found = (
            standing(found, superseded(shelf.records, books)) if books and found.width else found
        )
    more = total is None and start + ROWS_A_PAGE < sum(part.rows for part in newest)
    rows = rows_of(trades(found))
    table = Table("trades", _SHOWN, rows, "trades", start, total, _FILTERS, said, more)
    return Page(
        "table.html.j2", "trades", "trades", {"table": table, "note": "", "lead": "lead.trades"}
    )


def _named(shelf: Shelf, books: Books, said: dict[str, str]) -> pl.DataFrame:
    parts = _parts(books, said["account_id"], said["trade_date"])
    if said["trade_id"] and not said["account_id"]:
        parts = _by_id(shelf, parts, said["trade_id"])
    found = _standing(shelf, books, parts, {name: text for name, text in said.items() if text})
    return found.sort("trade_id", "partner") if found.width else found


def _parts(books: Books, account: str, day: str) -> list[TradePart]:
    """Return the parts that can hold an account's trades of a day, either of them unless named."""
    parts = list(books.trades)
    if account and parts:
        buckets = max(part.buckets for part in parts)
        near = set(concerning(parts, bucket_holding(account, buckets), buckets))
        parts = [part for part in parts if part in near]
    return [part for part in parts if not day or day in map(str, part.trade_dates)]


def _by_id(shelf: Shelf, parts: list[TradePart], trade_id: str) -> list[TradePart]:
    """Return the parts that can hold trades of an id: by the index, and what is not in it yet.

    Without a trade of the id in the index all parts are left.
    """
    found = shelf.finder.find(Query(id=trade_id, kind="trade", limit=ROWS_A_PAGE)).rows
    accounts = {str(row["account"]) for row in found}
    if not parts or not accounts:
        return parts
    buckets = max(part.buckets for part in parts)
    held = {bucket_holding(account, buckets) for account in accounts}
    indexed = shelf.finder.indexed_until()
    return [
        part
        for part in parts
        if indexed is None
        or part.day > indexed
        or any(part.concerns(bucket, buckets) for bucket in held)
    ]


def _standing(
    shelf: Shelf, books: Books, parts: list[TradePart], said: dict[str, str]
) -> pl.DataFrame:
    wanted = [pl.col(name).cast(pl.String) == text for name, text in said.items()]
    found = shelf.records.read_where(parts, pl.all_horizontal(wanted))
    return pl.DataFrame() if found is None else standing(found, superseded(shelf.records, books))


def show_one(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show a trade, and the row of the file that it came by.

    Raises
    ------
    NoPageError
        There is no such trade.
    """
    partner, day, trade_id = asked.path
    account = asked.query.get("account", "")
    row = _row_of(shelf, partner, day, trade_id, account)
    view = trades(row).row(0, named=True)
    first = row.row(0, named=True)
    money = INVENTORY if first["account_kind"] == "HOUSE" else CLIENT_CASH
    facts = [(name, view[name]) for name in COLUMNS["trades"] if view[name]]
    model: dict[str, Any] = {
        "trade": view,
        "facts": facts,
        "rests_on": (
            documents_of(shelf, view["account_id"]),
            naming(shelf, viewer, trade_id),
        ),
        "source": source_of(shelf, first),
        "proof": to("trades", partner, day, trade_id, "proof", account=view["account_id"]),
        "journal": to("ledger", "accounts", f"{money}:{view['account_id']}", unit=view["currency"]),
        "numbers": ("quantity", "price", "gross", "commission", "fees", "net"),
        "dates": ("trade_date", "settlement_date"),
    }
    return Page("trade.html.j2", "trade", "trades", model)


def _row_of(shelf: Shelf, partner: str, day: str, trade_id: str, account: str) -> pl.DataFrame:
    books = shelf.books
    if books is None:
        raise NoPageError("there are no trades yet")
    parts = _parts(books, account, day)
    said = {"partner": partner, "trade_date": day, "trade_id": trade_id}
    found = _standing(shelf, books, parts, said)
    if not found.height:
        raise NoPageError(f"there is no trade {trade_id}")
    return found.tail(1)


def file_of(shelf: Shelf, asked: Asked) -> tuple[str, date, str]:
    """Return who sent the file that a trade came by, the date it was for, and its name.

    Raises
    ------
    NoPageError
        There is no such trade.
    """
    partner, day, trade_id = asked.path
    row = _row_of(shelf, partner, day, trade_id, asked.query.get("account", "")).row(0, named=True)
    return row["partner"], row["business_date"], row["file"]
