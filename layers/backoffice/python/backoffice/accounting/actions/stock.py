"""The stock record of the issues that actions are about, line by line since their ex dates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting.actions.holdings import LINES, stock_lines
from backoffice.accounting.actions.own_dates import as_dated, own_dates
from backoffice.accounting.bucket_moves import bucket_moves
from backoffice.accounting.chart import SECURITIES
from backoffice.accounting.journal import JOURNAL_SCHEMA
from backoffice.clearance.corporate_actions import CorporateAction
from backoffice.kernel.books import Books
from backoffice.kernel.parts import BucketPart, Part, Records

WATCHED: Final = "action_watch"
"""The issues whose lines are kept, each with the day since which they are."""
KEPT: Final = "action_lines"
_WATCH: Final[Mapping[str, Any]] = {"isin": pl.String, "since": pl.Date}
_READ: Final = tuple(name for name in JOURNAL_SCHEMA if name != "source")
_TOTAL: Final = ("isin", "book", "ref", "amount")


@dataclass(slots=True)
class Stock:
    """The issues' stock record with all that was recorded, and its lines since their ex dates.

    Attributes
    ----------
    total : pl.DataFrame
        isin, book, ref, amount.
    lines : pl.DataFrame
        `LINES`.
    watch
        Since when each issue's lines are kept.
    """

    total: pl.DataFrame
    lines: pl.DataFrame
    watch: Mapping[str, date]

    def add(self, journal: pl.DataFrame) -> None:
        """Add entries: those of actions that stand before others."""
        fresh = stock_lines(journal, self.watch)
        self.lines = pl.concat([self.lines, fresh])
        self.total = pl.concat([self.total, fresh.select(_TOTAL)])

    def keep(self, records: Records, books: Books) -> Books:
        """Keep the lines for the closes to come."""
        day = books.day
        rows = pl.DataFrame(sorted(self.watch.items()), schema=dict(_WATCH), orient="row")
        lines = self.lines.sort(pl.all())
        return books.with_tables(
            **{
                WATCHED: records.keep("accounting", day, rows),
                KEPT: records.keep("accounting", day, lines),
            }
        )


def watched(actions: Iterable[CorporateAction]) -> dict[str, date]:
    """Return the issues that actions are of and bring, each with the first of their ex dates."""
    since: dict[str, date] = {}
    for one in actions:
        for isin in {one.isin, one.into}:
            since[isin] = min(one.ex_date, since.get(isin, date.max))
    return since


def stock_at_close(
    records: Records,
    books: Books,
    withdrawn: Part,
    street: pl.DataFrame,
    watch: Mapping[str, date],
) -> Stock:
    """Return the stock record of some issues as the close has it so far.

    Parameters
    ----------
    records, books
        The record store and the books of the close.
    withdrawn
        The register rows of the trades that were cancelled or amended today.
    street : pl.DataFrame
        `JOURNAL_SCHEMA`, what the street's side posts today, by its own dates.
    watch
        The issues, each with the day since which its lines are needed.
    """
    before = _balances(records, books, watch)
    stock = Stock(before, _known(records, books, watch), watch)
    today = [part for part in books.pending_journal if part.day == books.day]
    for part in today:
        stock.add(records.read(part, _READ))
    for bucket in range(books.buckets):
        stock.add(bucket_moves(records, books, withdrawn, bucket).entries)
    stock.add(street)
    return stock


def _balances(records: Records, books: Books, isins: Iterable[str]) -> pl.DataFrame:
    """Return what stood at the last close."""
    street = books.tables.get("balances")
    parts: Sequence[Part] = [*([street] if street else []), *books.bucketed.get("balances", ())]
    named = list(isins)
    frames = [
        rows.filter(pl.col("unit").is_in(named), pl.col("book").str.starts_with(SECURITIES))
        for rows in (records.read(part) for part in parts)
    ]
    types = {"book": pl.String, "ref": pl.String, "unit": pl.String, "amount": pl.Int128}
    found = pl.concat([pl.DataFrame(schema=types), *(f.select(list(types)) for f in frames)])
    return found.rename({"unit": "isin"}).select(_TOTAL)


def _known(records: Records, books: Books, watch: Mapping[str, date]) -> pl.DataFrame:
    """Return the lines of the days before; those from before an issue's are kept are read again."""
    part = books.tables.get(WATCHED)
    kept = dict(records.read(part).iter_rows()) if part else {}
    known = {isin: kept[isin] for isin in watch if isin in kept}
    frames = [pl.DataFrame(schema=dict(LINES))]
    if known:
        frames.append(_dated(records.read(books.tables[KEPT]), known))
    earlier = {isin: since for isin, since in watch.items() if since < known.get(isin, date.max)}
    again = _since(books, min(earlier.values(), default=date.max))
    own = own_dates(records, books) if again else None
    for each in again:
        told = as_dated(records.read(each, _READ), own)
        frames.append(_dated(stock_lines(told, earlier), earlier, known))
    return pl.concat(frames)


def _since(books: Books, since: date) -> list[BucketPart]:
    return [part for part in books.journal if part.day >= since]


def _dated(
    lines: pl.DataFrame, since: Mapping[str, date], until: Mapping[str, date] | None = None
) -> pl.DataFrame:
    """Keep what was recorded from a day of its issue on, and before another where there is one."""

    def of_issue(days: Mapping[str, date], default: date | None) -> pl.Expr:
        return pl.col("isin").replace_strict(dict(days), default=default, return_dtype=pl.Date)

    recorded = pl.col("recorded_on")
    return lines.filter(
        recorded >= of_issue(since, None), recorded < of_issue(until or {}, date.max)
    )


def unwatched(records: Records, books: Books) -> Books:
    """Return the books without lines: where nothing is looked at, those to come would lack."""
    if WATCHED not in books.tables:
        return books
    lines = pl.DataFrame(schema=dict(LINES))
    return Stock(lines.select(_TOTAL), lines, {}).keep(records, books)
