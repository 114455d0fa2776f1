"""What accounts hold, and who holds an instrument."""

from typing import Final

import polars as pl

from backoffice.accounting.as_of import carried_parts
from backoffice.console.pages import Asked, Page, Shelf, Viewer
from backoffice.console.paging import bucket_holding, page_of_parts, rows_of
from backoffice.console.tables import ROWS_A_PAGE, Column, Filter, Row, Table, to
from backoffice.kernel.parts import concerning
from backoffice.records.views import positions, stock_record

_POSITIONS: Final = (
    Column("account_id", "code", lambda row: to("accounts", str(row["account_id"]))),
    Column("isin", "code", lambda row: to("stock-record", isin=row["isin"])),
    Column("traded_quantity", "number"),
    Column("settled_quantity", "number"),
    Column("cost_basis", "number"),
    Column("realised_pnl", "number"),
    Column("currency", "code"),
)


def _journal(row: Row) -> str:
    return to("ledger", "accounts", str(row["account"]), unit=row["isin"])


_STOCK: Final = (
    Column("isin", "code"),
    Column("account", "code", _journal),
    Column("quantity", "number"),
)


def show_positions(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show positions: of an account those of its bucket, else a page of all."""
    del viewer
    account = asked.query.get("account_id", "").strip()
    parts = shelf.closed.bucketed.get("positions", ()) if shelf.closed else ()
    start, total = asked.start(), sum(part.rows for part in parts)
    if account and parts:
        buckets = parts[0].buckets
        near = concerning(parts, bucket_holding(account, buckets), buckets)
        own = pl.concat(shelf.read(part) for part in near)
        own = own.filter(pl.col("account_id") == account).sort("isin")
        found, total = own.slice(start, ROWS_A_PAGE), own.height
    else:
        found = page_of_parts(shelf, parts, start)
    filters = (Filter("account_id"),)
    rows = rows_of(positions(found))
    said = {"account_id": account}
    table = Table("positions", _POSITIONS, rows, "positions", start, total, filters, said)
    model = {"table": table, "note": "", "lead": "lead.positions"}
    return Page("table.html.j2", "positions", "positions", model)


def show_stock(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show who holds an instrument and where it lies; without one named, nothing."""
    del viewer
    isin, start = asked.query.get("isin", "").strip().upper(), asked.start()
    found = shelf.kept(f"stock {isin}", lambda: _stock_of(shelf, isin)) if isin else pl.DataFrame()
    rows = rows_of(stock_record(found).slice(start, ROWS_A_PAGE))
    total = stock_record(found).height
    filters, said = (Filter("isin"),), {"isin": isin}
    table = Table("stock-record", _STOCK, rows, "stock-record", start, total, filters, said)
    model = {"table": table, "note": "", "lead": "lead.stock-record"}
    return Page("table.html.j2", "stock-record", "stock-record", model)


def _stock_of(shelf: Shelf, isin: str) -> pl.DataFrame:
    """Read the balances of one instrument, part by part: memory holds one part."""
    parts = carried_parts(shelf.closed) if shelf.closed else ()
    found = shelf.records.read_where(parts, pl.col("unit") == isin)
    return pl.DataFrame() if found is None else found
