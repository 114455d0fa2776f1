"""What the books tell of a month of some accounts, as rows of text figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.client_documents.cash_book import CashBook, cash_book
from backoffice.records.client_documents.cash_lines import Causes, causes
from backoffice.records.client_documents.contents import Row, by_account
from backoffice.records.client_documents.deals import shown, standing_deals
from backoffice.records.client_documents.holdings import (
    gains_as_text,
    holdings,
    instruments_of,
    positions_of,
    realised,
)
from backoffice.records.client_documents.settled_trades import settled_trades


@dataclass(frozen=True, slots=True)
class MonthsBooks:
    """What a month's statements tell of some accounts of one bucket: rows of text, by account."""

    as_of: str
    cash: CashBook
    causes: Causes
    deals: Mapping[str, list[Row]]
    held: Mapping[str, list[Row]]
    held_totals: Mapping[str, list[Row]]
    gains: Mapping[str, list[Row]]
    gain_totals: Mapping[str, list[Row]]
    charges: Mapping[str, list[Row]]


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
    deals = shown(standing_deals(records, books, bucket, accounts, earlier), instruments)
    trades = settled_trades(records, books, bucket, deals, cash.lines(), instruments)
    after, before = (positions_of(records, at, accounts, bucket) for at in (books, earlier))
    held, held_totals = holdings(records, books, after, instruments)
    gains, gain_totals = gains_as_text(realised(after, before, instruments))
    return MonthsBooks(
        as_of=str(books.day),
        cash=cash,
        causes=causes(records, books, accounts, trades, instruments),
        deals=by_account(deals),
        held=by_account(held),
        held_totals=by_account(held_totals),
        gains=by_account(gains),
        gain_totals=by_account(gain_totals),
        charges=by_account(cash.charges),
    )
