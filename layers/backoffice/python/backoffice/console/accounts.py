"""An account: what it has in the ledger, its journal, and the documents that were made of it."""

from datetime import timedelta
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.as_of import carried_parts
from backoffice.accounting.recorded import lines_between
from backoffice.console.documents import documents_of
from backoffice.console.ledger import BALANCES, to_account, to_entry
from backoffice.console.ledger_accounts import OF_ACCOUNTS, debit_and_credit, narrowed_to
from backoffice.console.pages import Asked, NoPageError, Page, Shelf, Viewer
from backoffice.console.paging import rows_of
from backoffice.console.tables import ROWS_A_PAGE, Column, Filter, Row, Table, to
from backoffice.kernel.books import Books

_DAYS: Final = 31


_LINES: Final = (
    Column("date", "date"),
    Column("kind", "status"),
    Column("entry_id", "code", to_entry),
    Column("account", "code", to_account),
    Column("unit", "code"),
    Column("debit", "number"),
    Column("credit", "number"),
)
_FILTERS: Final = (Filter("since"), Filter("until"))


def show(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show an account.

    Raises
    ------
    NoPageError
        Nothing is closed yet.
    """
    del viewer
    closed, account_id = shelf.closed, asked.path[0]
    if closed is None:
        raise NoPageError("nothing is closed yet")
    books = narrowed_to(closed, account_id)
    model = {
        "account_id": account_id,
        "balances": _balances(shelf, books, account_id),
        "journal": _journal(shelf, books, account_id, asked),
        "documents": documents_of(shelf, account_id),
    }
    return Page("holder.html.j2", "account", "positions", model)


def _own(account_id: str) -> pl.Expr:
    return (pl.col("ref") == account_id) & pl.col("book").is_in(OF_ACCOUNTS)


def _balances(shelf: Shelf, books: Books, account_id: str) -> Table:
    frames = [shelf.read(part).filter(_own(account_id)) for part in carried_parts(books)]
    rows: list[Row] = []
    if frames:
        found = pl.concat(frames).sort("book", "unit")
        named = found.select(chart.account_name().alias("account"), "unit", _text("balance"))
        rows = rows_of(named.select(pl.all().cast(pl.String)))
    return Table("holder", BALANCES, rows, total=len(rows))


def _text(name: str, of: str = "amount") -> pl.Expr:
    return chart.amount_text(of).alias(name)


def _journal(shelf: Shelf, books: Books, account_id: str, asked: Asked) -> Table:
    until = asked.day("until", books.day)
    since = asked.day("since", until - timedelta(days=_DAYS - 1))
    lines = lines_between(shelf.records, books, since, until, _own(account_id))
    order = ("effective_date", "recorded_on", "entry_id", "book", "unit")
    start = asked.start()
    page = lines.sort(order, descending=True).slice(start, ROWS_A_PAGE)
    told = page.with_columns(
        account=chart.account_name(),
        date=pl.col("effective_date"),
        **debit_and_credit(),
    )
    shown = told.with_columns(_text("debit", "plus"), _text("credit", "minus"))
    rows = rows_of(shown.select(each.name for each in _LINES).select(pl.all().cast(pl.String)))
    said = {"since": str(since), "until": str(until)}
    place = to("accounts", account_id)
    return Table("account", _LINES, rows, place, start, lines.height, _FILTERS, said)
