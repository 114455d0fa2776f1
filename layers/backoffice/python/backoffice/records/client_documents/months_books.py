"""What the books tell of a month of some accounts, as rows of text figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_money
from backoffice.kernel.parts import Records
from backoffice.records.client_documents.cash_book import CashBook, cash_book
from backoffice.records.client_documents.deals import shown, standing_deals
from backoffice.records.client_documents.holdings import (
    gains_as_text,
    holdings,
    instruments_of,
    positions_of,
    realised,
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MonthsBooks:
    """What a month's statements tell, of some accounts of one bucket, as text by rows."""

    as_of: str
    cash: CashBook
    deals: list[Row]
    by_entry: Mapping[str, Row]
    held: list[Row]
    held_totals: list[Row]
    gains: list[Row]
    gain_totals: list[Row]
    charges: list[Row]


def months_books(
    records: Records,
    books: Books,
    earlier: Books | None,
    accounts: Sequence[str],
    bucket: int,
) -> MonthsBooks:
    """Read a month of some accounts."""
    instruments = instruments_of(records, books)
    cash = cash_book(records, books, earlier, accounts, bucket)
    since = earlier.day if earlier else None
    deals = shown(standing_deals(records, books, bucket, accounts, since), instruments)
    after = positions_of(records, books, accounts, bucket)
    before = positions_of(records, earlier, accounts, bucket)
    held, held_totals = holdings(records, books, after, instruments)
    gains, gain_totals = gains_as_text(realised(after, before, instruments))
    return MonthsBooks(
        as_of=str(books.day),
        cash=cash,
        deals=deals,
        by_entry={_identity(row): row for row in deals},
        held=held,
        held_totals=held_totals,
        gains=gains,
        gain_totals=gain_totals,
        charges=cash.charges.with_columns(amount=format_money("amount_minor")).to_dicts(),
    )


def _identity(row: Row) -> str:
    return f"{row['partner']}:{row['trade_date']}:{row['trade_id']}"
