"""Realised gains of a year: what was sold, with the columns of form 1099-B, and by instrument."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_e8, format_money
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
from backoffice.records.lot_views import adjusted_disposals, term

_DISPOSED: Final = {
    "security": "text",
    "quantity": "quantity",
    "acquired": "day",
    "sold": "day",
    "proceeds": "money",
    "cost": "money",
    "disallowed": "money",
    "gain": "money",
}
_MONEY: Final = ("proceeds", "cost", "disallowed", "gain")
_REALISED: Final = {"security": "text", "isin": "short", "gain": "money"}


@dataclass(frozen=True, slots=True)
class YearsGains:
    """What some accounts realised over a year, as text by rows, and the sums by currency."""

    gains: list[dict[str, Any]]
    totals: list[dict[str, Any]]
    disposed: list[dict[str, Any]]
    disposed_totals: list[dict[str, Any]]


def years_gains(
    records: Records, books: Books, earlier: Books | None, accounts: Sequence[str], bucket: int
) -> YearsGains:
    """Read what some accounts of a bucket realised between two closes, and sold in that year."""
    instruments = instruments_of(records, books)
    after = positions_of(records, books, accounts, bucket)
    before = positions_of(records, earlier, accounts, bucket)
    own = pl.col("account_id").is_in(accounts) & (pl.col("closed_on").dt.year() == books.day.year)
    sold = adjusted_disposals(records, books).filter(own)
    gains = gains_as_text(realised(after, before, instruments))
    return YearsGains(*gains, *_disposed(sold, instruments))


def _disposed(
    sold: pl.DataFrame, instruments: pl.DataFrame
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Write disposals, and their sums by account, currency and term, as text."""
    cost = pl.col("cost_minor") + pl.col("extra_minor")
    gain = pl.col("proceeds_minor") - cost + pl.col("disallowed_minor")
    rows = sold.with_columns(term=term(), cost_minor=cost, gain_minor=gain)
    named = rows.join(instruments, on="isin", how="left").sort("closed_on", "isin", "held_since")
    key = ["account_id", "currency", "term"]
    sums = named.group_by(key).agg(pl.col(f"{name}_minor").sum() for name in _MONEY)
    money = [format_money(f"{name}_minor").alias(name) for name in _MONEY]
    texts = named.select(
        *key,
        *money,
        security=pl.coalesce("name", "isin"),
        quantity=format_e8("quantity_e8"),
        acquired=pl.col("held_since").cast(pl.String),
        sold=pl.col("closed_on").cast(pl.String),
    )
    return texts.to_dicts(), sums.select(*key, *money).to_dicts()


def gains_report(year: YearsGains, edition: Edition, account_id: str) -> Said | None:
    """Say what an account realised in a year; None where that is nothing."""
    blocks = [*_by_term(year, account_id), *_by_instrument(year, account_id)]
    if not blocks:
        return None
    return [("as_of", "long", str(edition.as_of))], [*blocks, *_notes(year, account_id)], None


def _notes(year: YearsGains, account_id: str) -> Iterator[Block]:
    if any(row["account_id"] == account_id for row in year.disposed):
        yield note("note.disposals")
    yield note("note.gains")


def _by_term(year: YearsGains, account_id: str) -> Iterator[Block]:
    own = [row for row in year.disposed if row["account_id"] == account_id]
    for kind in sorted({(row["currency"], row["term"]) for row in own}):
        rows = [row for row in own if (row["currency"], row["term"]) == kind]
        totals = [
            {**row, "security": ["phrase", ["total", []]]}
            for row in year.disposed_totals
            if (row["account_id"], row["currency"], row["term"]) == (account_id, *kind)
        ]
        yield heading(f"section.disposals_{kind[1].lower()}", ("currency", "text", kind[0]))
        yield table("disposals", _DISPOSED, rows, totals, kind[0])


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
