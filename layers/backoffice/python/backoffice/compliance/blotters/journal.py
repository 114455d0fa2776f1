"""The journal of the days that a report covers, and what balances they made of the ones before."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.as_of import carried_parts
from backoffice.accounting.balances import balances
from backoffice.accounting.journal import empty_journal
from backoffice.compliance.reports.kinds import Look
from backoffice.kernel.books import load, state_key

_SHOWN: Final = 5
KEY: Final = ["book", "ref", "unit"]


def days_covered(look: Look) -> list[date]:
    """Return the days whose closes recorded something that a report covers."""
    return sorted({part.day for part in look.books.journal if look.covers(part.day)})


def postings(look: Look, day: date) -> Iterator[pl.DataFrame]:
    """Yield `JOURNAL_SCHEMA` of what a day's close recorded, a part at a time.

    No entry of a trade or of a movement stands in two parts: an account's is in its bucket's.
    """
    for part in look.books.journal:
        if part.day == day and part.rows:
            yield look.records.read(part)


def changes_of(look: Look, book: str) -> pl.DataFrame:
    """Return book, ref, unit, amount: what the balances of a book changed by, as they are carried.

    The balances are those that the close carries on: they know nothing of the rows of a blotter.
    """
    now = _carried(look, book)
    if look.since is None:
        return balances(now)
    before = load(look.records, state_key(look.since, "closed"))
    earlier = _of_book(look.records.read_all(carried_parts(before)), book)
    return balances(pl.concat([now, earlier.with_columns(pl.col("amount") * -1)]))


def _carried(look: Look, book: str) -> pl.DataFrame:
    return _of_book(look.records.read_all(carried_parts(look.books)), book)


def _of_book(rows: pl.DataFrame | None, book: str) -> pl.DataFrame:
    known = empty_journal() if rows is None else rows
    return known.filter(pl.col("book") == book).select(*KEY, "amount")


def apart(name: str, rows: pl.DataFrame, changes: pl.DataFrame) -> Iterable[str]:
    """Say where the sums of a blotter's postings are not what the balances changed by."""
    both = pl.concat([rows.select(*KEY, "amount"), changes.with_columns(pl.col("amount") * -1)])
    off = balances(both).sort(KEY)
    if off.height:
        told = off.head(_SHOWN).select(account=chart.account_name(), unit="unit", by=_text())
        said = ", ".join(f"{account} {unit} by {by}" for account, unit, by in told.iter_rows())
        yield f"{name} differ from the balances: {said}"


def _text() -> pl.Expr:
    return chart.amount_text()
