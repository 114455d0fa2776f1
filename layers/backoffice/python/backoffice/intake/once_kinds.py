"""What a day takes once: movements, buy-ins, payments, requests, entries by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.intake.day_conditions import CONDITIONS_ONCE
from backoffice.intake.day_deals import DEALT_ONCE
from backoffice.intake.day_entries import ENTRIES
from backoffice.intake.day_payments import ASKED_ONCE
from backoffice.intake.day_periods import PERIODS_ONCE
from backoffice.intake.day_record_requests import RECORD_REQUESTS_ONCE
from backoffice.intake.day_sars import SAR_FILINGS_ONCE, SARS_ONCE
from backoffice.intake.documents import FileEntry
from backoffice.intake.take_entries import take_entries
from backoffice.intake.taken_once import PLACED, TAKEN, OnceKind, take_once
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work

MOVEMENT_SCHEMA: Final[Mapping[str, Any]] = {
    **PLACED,
    "movement_id": pl.String,
    "account_id": pl.String,
    "kind": pl.String,
    "currency": pl.String,
    "amount_minor": pl.Int128,
    "isin": pl.String,
    "quantity_e8": pl.Int128,
    "cost_minor": pl.Int128,
    "cost_currency": pl.String,
    "value_date": pl.Date,
    **TAKEN,
    "lot_currency": pl.String,
}
"""`lot_currency` is that of the lots a transfer makes, settled for good when it is booked."""

BUY_IN_SCHEMA: Final[Mapping[str, Any]] = {
    **PLACED,
    "buy_in_id": pl.String,
    "obligation_id": pl.String,
    "counterparty": pl.String,
    "quantity_e8": pl.Int128,
    "price_e8": pl.Int128,
    "currency": pl.String,
    "money_minor": pl.Int128,
    "trade_date": pl.Date,
    "settlement_date": pl.Date,
    **TAKEN,
    "claimed_of": pl.String,
    "claim_minor": pl.Int128,
}
"""`counterparty` is who sold; booked, `claimed_of` is who failed and `claim_minor` what the buy-in
cost more than was agreed with them (negative: less)."""

CLAIM_PAYMENT_SCHEMA: Final[Mapping[str, Any]] = {
    **PLACED,
    "payment_id": pl.String,
    "buy_in_id": pl.String,
    "currency": pl.String,
    "amount_minor": pl.Int128,
    "value_date": pl.Date,
    **TAKEN,
}

_KINDS: Final = (
    OnceKind(
        kind="movements",
        table="movements",
        key="movement_id",
        content=(
            "account_id", "kind", "currency", "amount_minor", "isin", "quantity_e8", "cost_minor",
            "cost_currency", "value_date",
        ),
        schema=MOVEMENT_SCHEMA,
        noun="movement",
    ),
    OnceKind(
        kind="buyins",
        table="buy_ins",
        key="buy_in_id",
        content=(
            "obligation_id", "counterparty", "quantity_e8", "price_e8", "currency", "money_minor",
            "trade_date", "settlement_date",
        ),
        schema=BUY_IN_SCHEMA,
        noun="buy-in",
    ),
    OnceKind(
        kind="claims",
        table="claim_payments",
        key="payment_id",
        content=("buy_in_id", "currency", "amount_minor", "value_date"),
        schema=CLAIM_PAYMENT_SCHEMA,
        noun="payment",
    ),
    ASKED_ONCE,
    CONDITIONS_ONCE,
    PERIODS_ONCE,
    RECORD_REQUESTS_ONCE,
    DEALT_ONCE,
    SARS_ONCE,
    SAR_FILINGS_ONCE,
)  # fmt: skip
_ALWAYS: Final = "movements"


@dataclass(frozen=True, slots=True)
class TakenOnce:
    """The books with what was taken, the refused rows, (duplicates, rejected) by file."""

    books: Books
    rejects: tuple[pl.DataFrame, ...]
    counts: Mapping[int, tuple[int, int]]


def take_once_all(
    records: Records, work: Work, books: Books, committed: Sequence[tuple[int, FileEntry]]
) -> TakenOnce:
    """Take a day's rows of every kind; of a kind that no file came of, the table stays."""
    rejects, counts = [], dict[int, tuple[int, int]]()
    for kind in _KINDS:
        entries = [one for one in committed if one[1].drop.kind == kind.kind]
        if not entries and kind.table != _ALWAYS:
            continue
        taken = take_once(records, work, books, entries, kind)
        books = books.with_tables(**{kind.table: records.keep("intake", books.day, taken.table)})
        rejects.append(taken.rejects)
        counts |= taken.counts
    if by_hand := [one for one in committed if one[1].drop.kind == ENTRIES]:
        written = take_entries(records, work, books, by_hand)
        books, counts = written.books, {**counts, **written.counts}
        rejects.append(written.rejects)
    return TakenOnce(books, tuple(rejects), counts)
