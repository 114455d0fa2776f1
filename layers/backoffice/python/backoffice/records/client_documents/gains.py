"""Realised gains of a year, by instrument and in all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.client_documents.confirmations import Said
from backoffice.records.client_documents.contents import Block, heading, note, table
from backoffice.records.client_documents.editions import Edition
from backoffice.records.client_documents.holdings import (
    gains_as_text,
    instruments_of,
    positions_of,
    realised,
)

_REALISED: Final = {"security": "text", "isin": "short", "gain": "money"}


@dataclass(frozen=True, slots=True)
class YearsGains:
    """What some accounts realised over a year, as text by rows, and the sums by currency."""

    gains: list[dict[str, Any]]
    totals: list[dict[str, Any]]


def years_gains(
    records: Records, books: Books, earlier: Books | None, accounts: Sequence[str], bucket: int
) -> YearsGains:
    """Read what some accounts of a bucket realised between two closes."""
    instruments = instruments_of(records, books)
    after = positions_of(records, books, accounts, bucket)
    before = positions_of(records, earlier, accounts, bucket)
    return YearsGains(*gains_as_text(realised(after, before, instruments)))


def gains_report(year: YearsGains, edition: Edition, account_id: str) -> Said | None:
    """Say what an account realised in a year; None where that is nothing."""
    blocks = list(_by_instrument(year, account_id))
    if not blocks:
        return None
    return [("as_of", "long", str(edition.as_of))], [*blocks, note("note.gains")], None


def _by_instrument(year: YearsGains, account_id: str) -> Iterator[Block]:
    own = [row for row in year.gains if row["account_id"] == account_id]
    for currency in sorted({row["currency"] for row in own}):
        rows = [row for row in own if row["currency"] == currency]
        totals = [
            {**row, "security": ["phrase", ["total", []]]}
            for row in year.totals
            if (row["account_id"], row["currency"]) == (account_id, currency)
        ]
        yield heading("section.gains", ("currency", "text", currency))
        yield table("realised", _REALISED, rows, totals, currency)
