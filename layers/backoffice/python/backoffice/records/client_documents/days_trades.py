"""What a day confirms, corrects and cancels.

A trade that is cleared is confirmed. One that was confirmed and is cancelled, or comes to be held,
refused or another account's, has its confirmation cancelled; one that is amended is confirmed
anew, as corrected. Both name the document that they take the place of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books
from backoffice.kernel.columns import bucket_of, format_money
from backoffice.kernel.parts import Records, concerning
from backoffice.records.client_documents.contents import by_account
from backoffice.records.client_documents.deals import (
    allotted,
    changed_again,
    changed_on,
    shown,
    standing_before,
    taken_back,
)
from backoffice.records.client_documents.editions import Edition


@dataclass(frozen=True, slots=True)
class DaysTrades:
    """What a day confirms and cancels, by account: rows as `deals.shown` writes them.

    Attributes
    ----------
    confirmed
        Each with `original_on`: the day of the confirmation that it corrects, or None.
    cancelled
        Each with `original_on`: the day of the confirmation that is cancelled.
    fees
        By the entry that booked the trade, what each fee code charged, as text.
    """

    confirmed: Mapping[str, list[dict[str, Any]]]
    cancelled: Mapping[str, list[dict[str, Any]]]
    fees: dict[str, list[tuple[str, str]]]


def accounts_with_trades(records: Records, books: Books, edition: Edition) -> set[str]:
    """Name the accounts that a day's confirmations may be for."""
    day = edition.as_of
    changed = changed_on(records, books, day)
    fresh = allotted(records, books).filter(pl.col("cleared_on") == day)
    names = [*changed["account_id"], *fresh["account_id"]]
    names += taken_back(records, books, day)["account_id"].to_list()
    again = changed_again(records, books, day)
    for bucket in range(books.buckets if again.height else 0):
        names += standing_before(records, books, again, day, bucket)["account_id"].to_list()
    return set(names)


def days_trades(
    records: Records, books: Books, edition: Edition, bucket: int, instruments: pl.DataFrame
) -> DaysTrades:
    """Read what a day confirmed and cancelled of one bucket's accounts."""
    day = edition.as_of
    changed = changed_on(records, books, day, bucket)
    again = changed_again(records, books, day)
    before = _of(books, standing_before(records, books, again, day, bucket), bucket)
    before = pl.concat([before, _of(books, taken_back(records, books, day), bucket)])
    cleared = pl.concat([changed, allotted(records, books)]).filter(
        pl.col("status") == "CLEARED", pl.col("cleared_on") == day
    )
    cleared = _of(books, cleared, bucket)
    same = [*IDENTITY, "account_id"]
    originals = before.select(*same, original_on="cleared_on")
    gone = before.join(cleared, on=same, how="anti")
    return DaysTrades(
        confirmed=by_account(_with_originals(shown(cleared, instruments), originals)),
        cancelled=by_account(_with_originals(shown(gone, instruments), originals)),
        fees=_fees(records, books, edition, bucket),
    )


def _of(books: Books, rows: pl.DataFrame, bucket: int) -> pl.DataFrame:
    if not rows.height:
        return rows
    return rows.filter(bucket_of(rows["account_id"], books.buckets) == bucket)


def _with_originals(
    rows: Iterable[dict[str, Any]], originals: pl.DataFrame
) -> list[dict[str, Any]]:
    known = {tuple(row[:-1]): row[-1] for row in originals.iter_rows()}
    return [{**row, "original_on": known.get((*_identity(row), row["account_id"]))} for row in rows]


def _identity(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in IDENTITY)


def entry_of(row: dict[str, Any]) -> str:
    """Name the entry that booked a trade when it was cleared."""
    return f"{row['cleared_on']}:T:" + ":".join(map(str, _identity(row)))


def _fees(
    records: Records, books: Books, edition: Edition, bucket: int
) -> dict[str, list[tuple[str, str]]]:
    """Read from the journal what each of the day's trades was charged, by fee code."""
    found: dict[str, list[tuple[str, str]]] = {}
    day = edition.as_of
    for part in concerning(books.journal, bucket, books.buckets):
        if part.day != day:
            continue
        rows = records.read(part).filter(
            pl.col("book") == "Liabilities:Fees", pl.col("kind") == "TRADE"
        )
        owed = rows.with_columns(owed=pl.col("amount") * -1)
        texts = owed.select("entry_id", "ref", amount=format_money("owed", "unit"))
        for entry_id, code, amount in texts.sort("entry_id", "ref").iter_rows():
            found.setdefault(entry_id, []).append((code, amount))
    return found
