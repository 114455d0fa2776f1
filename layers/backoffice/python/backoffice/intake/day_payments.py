"""Resolve a day's requests for payments: an id is taken once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.intake.documents import FileEntry
from backoffice.intake.taken_once import Kind, TakenOnce, take_once
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work

PAYMENTS: Final = "payments"

ASKED: Final[Mapping[str, Any]] = {
    "partner": pl.String,
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
    "payment_id": pl.String,
    "kind": pl.String,
    "account_id": pl.String,
    "fee_code": pl.String,
    "counterparty": pl.String,
    "currency": pl.String,
    "amount_minor": pl.Int128,
    "value_date": pl.Date,
    "beneficiary": pl.String,
    "beneficiary_account": pl.String,
    "beneficiary_agent": pl.String,
    "reference": pl.String,
    "unknown": pl.String,
}
"""What a request says, and where it came from."""

PAYMENT_SCHEMA: Final[Mapping[str, Any]] = {
    **ASKED,
    "taken_on": pl.Date,
    "outcome": pl.String,
    "case_id": pl.String,
    "proposed_by": pl.String,
    "approved_by": pl.String,
    "decided_at": pl.String,
    "ordered_on": pl.Date,
    "execution_date": pl.Date,
}
"""`outcome` is APPROVED or REFUSED, null until two people have decided; `ordered_on` the business
day that sent the order, `execution_date` the one on which the bank pays."""

_CONTENT: Final = (
    "kind", "account_id", "fee_code", "counterparty", "currency", "amount_minor", "value_date",
    "beneficiary", "beneficiary_account", "beneficiary_agent", "reference",
)  # fmt: skip
_KIND: Final = Kind(PAYMENTS, "payment", "payment_id", _CONTENT)


def known_payments(records: Records, books: Books) -> pl.DataFrame:
    """Return `PAYMENT_SCHEMA`: every payment ever asked for."""
    part = books.tables.get(PAYMENTS)
    return records.read(part) if part else pl.DataFrame(schema=dict(PAYMENT_SCHEMA))


def resolve_payments(
    records: Records,
    work: Work,
    books: Books,
    entries: Sequence[tuple[int, FileEntry]],
    day: date,
) -> TakenOnce | None:
    """Take each new payment id; the table is every payment ever asked for; None without a file."""
    if not entries:
        return None
    return take_once(_KIND, known_payments(records, books), work, entries, day)
