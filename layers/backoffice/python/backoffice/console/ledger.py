"""The ledger, from a book's balance down to the entries of an account."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.as_of import balances_as_of, carried_parts
from backoffice.accounting.balances import by_book
from backoffice.accounting.recorded import lines_between
from backoffice.console.ledger_accounts import account_of, debit_and_credit, exactly, narrowed
from backoffice.console.pages import Asked, NoPageError, Page, Shelf, Viewer
from backoffice.console.paging import rows_of
from backoffice.console.tables import ROWS_A_PAGE, Column, Filter, Row, Table, to
from backoffice.kernel.books import Books

_DAYS_OF_ONE, _DAYS_OF_ALL = 31, 1
_BOOKS: Final = (
    Column("book", "code", lambda row: to("ledger", "books", str(row["book"]), unit=row["unit"])),
    Column("unit", "code"),
    Column("balance", "number"),
)


def to_account(row: Row) -> str:
    """Return where the journal of a row's account is."""
    return to("ledger", "accounts", str(row["account"]), unit=row["unit"])


def to_entry(row: Row) -> str:
    """Return where a row's entry is, as its account is looked at."""
    return to("ledger", "entries", str(row["entry_id"]), account=row["account"])


BALANCES: Final = (
    Column("account", "code", to_account),
    Column("unit", "code"),
    Column("balance", "number"),
)
_LINES: Final = (
    Column("date", "date"),
    Column("kind", "status"),
    Column("entry_id", "code", to_entry),
    Column("debit", "number"),
    Column("credit", "number"),
    Column("balance", "number"),
)


def show_books(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show every book and its balance; the stock record's instruments have a page of their own."""
    del viewer
    unit, start = asked.query.get("unit", "").strip().upper(), asked.start()
    found = shelf.kept("books", lambda: by_book(_money(shelf)))
    if unit:
        found = found.filter(pl.col("unit") == unit)
    shown = _text(found.slice(start, ROWS_A_PAGE), "book")
    filters, said = (Filter("unit"),), {"unit": unit}
    rows = rows_of(shown)
    table = Table("ledger", _BOOKS, rows, "ledger", start, found.height, filters, said)
    model = {"table": table, "note": "", "lead": "lead.ledger"}
    return Page("table.html.j2", "ledger", "ledger", model)


def _money(shelf: Shelf) -> pl.DataFrame:
    parts = carried_parts(shelf.closed) if shelf.closed else ()
    is_money = ~pl.col("book").str.starts_with(chart.SECURITIES)
    columns = {"book": pl.String, "ref": pl.String, "unit": pl.String, "amount": pl.Int128}
    found = shelf.records.read_where(parts, is_money)
    return pl.DataFrame(schema=columns) if found is None else found.select(list(columns))


def _text(rows: pl.DataFrame, *names: str) -> pl.DataFrame:
    balance = chart.amount_text().alias("balance")
    return rows.select(*names, "unit", balance).select(pl.all().cast(pl.String))


def show_accounts(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the accounts of a book, in one unit."""
    del viewer
    book, start = asked.path[0], asked.start()
    unit, wanted = asked.query.get("unit", ""), asked.query.get("text", "").strip()
    found = shelf.kept(f"book {book}", lambda: _of_book(shelf, book))
    found = found.filter(pl.col("unit") == unit) if unit else found
    found = found.filter(pl.col("account").str.contains(wanted, literal=True))
    rows = rows_of(_text(found.slice(start, ROWS_A_PAGE), "account"))
    filters, said = (Filter("unit"), Filter("text")), {"unit": unit, "text": wanted}
    place = to("ledger", "books", book)
    table = Table("accounts", BALANCES, rows, place, start, found.height, filters, said)
    model = {"table": table, "note": book, "lead": ""}
    return Page("table.html.j2", "accounts", "ledger", model)


def _of_book(shelf: Shelf, book: str) -> pl.DataFrame:
    parts = carried_parts(shelf.closed) if shelf.closed else ()
    of_book = pl.col("book") == book
    found = shelf.records.read_where(parts, of_book)
    if found is None:
        return pl.DataFrame(schema={"account": pl.String, "unit": pl.String, "amount": pl.Int128})
    return found.with_columns(account=chart.account_name()).sort("account", "unit")


def show_journal(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show an account's journal in one unit: balance, every line, balance; the newest first.

    Raises
    ------
    NoPageError
        Nothing is closed yet.
    """
    del viewer
    closed, account = shelf.closed, asked.path[0]
    if closed is None:
        raise NoPageError("nothing is closed yet")
    unit, start = asked.query.get("unit", ""), asked.start()
    since, until = _period(closed, account, asked)
    lines, opening, closing = _journal(
        shelf, narrowed(closed, account), account, unit, since, until
    )
    shown = lines.slice(start, ROWS_A_PAGE)
    filters = (Filter("unit"), Filter("since"), Filter("until"))
    said = {"unit": unit, "since": str(since), "until": str(until)}
    table = Table("account", _LINES, rows_of(shown), to("ledger", "accounts", account), start)
    table = replace(table, total=lines.height, filters=filters, asked=said)
    model: dict[str, Any] = {"table": table, "account": account, "unit": unit}
    ends = {"opening": opening, "closing": closing, "since": str(since), "until": str(until)}
    return Page("account.html.j2", "account", "ledger", model | ends)


def _period(closed: Books, account: str, asked: Asked) -> tuple[date, date]:
    """Return the days asked for; else the last of what can be read quickly."""
    until = asked.day("until", closed.day)
    days = _DAYS_OF_ONE if account_of(account) else _DAYS_OF_ALL
    return asked.day("since", until - timedelta(days=days - 1)), until


def _journal(
    shelf: Shelf, books: Books, account: str, unit: str, since: date, until: date
) -> tuple[pl.DataFrame, str, str]:
    """Return lines with the balance after each, the newest first, and both ends' balances."""
    wanted = exactly(account) & ((pl.col("unit") == unit) if unit else pl.lit(value=True))
    lines = shelf.kept(
        f"journal {account} {unit} {since} {until}",
        lambda: lines_between(shelf.records, books, since, until, wanted),
    )
    after = balances_as_of(shelf.records, books, until, wanted)
    closing = int(after["amount"].sum())
    opening = closing - int(lines["amount"].sum())
    ordered = lines.sort("effective_date", "recorded_on", "entry_id", "amount")
    told = ordered.with_columns(
        account=chart.account_name(),
        sum=pl.col("amount").cum_sum() + pl.lit(opening, dtype=pl.Int128),
        **debit_and_credit(),
    )
    figures = {"debit": "plus", "credit": "minus", "balance": "sum"}
    texts = {name: chart.amount_text(of) for name, of in figures.items()}
    columns = ["date", "kind", "entry_id", *figures, "account"]
    shown = told.with_columns(date=pl.col("effective_date"), **texts).select(columns)
    ends = pl.DataFrame(
        {"unit": [unit] * 2, "amount": pl.Series([opening, closing], dtype=pl.Int128)}
    )
    first, last = ends.select(chart.amount_text().alias("amount"))["amount"].to_list()
    return shown.reverse().select(pl.all().cast(pl.String)), str(first), str(last)
