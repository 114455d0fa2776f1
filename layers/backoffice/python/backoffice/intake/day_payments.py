"""Resolve a day's requests for payments: an id is taken once."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from backoffice.intake.taken_once import OnceKind
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

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

PAYEE: Final = ("beneficiary", "beneficiary_account", "reference")
"""What of a WITHDRAWAL may tell who is paid: it is kept sealed."""

_CONTENT: Final = (
    "kind", "account_id", "fee_code", "counterparty", "currency", "amount_minor", "value_date",
    "beneficiary", "beneficiary_account", "beneficiary_agent", "reference",
)  # fmt: skip
ASKED_ONCE: Final = OnceKind(
    kind=PAYMENTS,
    table=PAYMENTS,
    key="payment_id",
    content=_CONTENT,
    schema=PAYMENT_SCHEMA,
    noun="payment",
)


def known_payments(records: Records, books: Books) -> pl.DataFrame:
    """Return `PAYMENT_SCHEMA`: every payment ever asked for."""
    part = books.tables.get(PAYMENTS)
    return records.read(part) if part else pl.DataFrame(schema=dict(PAYMENT_SCHEMA))
