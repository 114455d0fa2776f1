"""What is asked of the records: legal holds and their end, erasures, disposals."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from backoffice.intake.taken_once import PLACED, OnceKind
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

RECORD_REQUESTS: Final = "record_requests"
HOLD, LIFT, ERASE, DISPOSE = "HOLD", "LIFT", "ERASE", "DISPOSE"

RECORD_REQUEST_SCHEMA: Final[Mapping[str, Any]] = {
    **PLACED,
    "request_id": pl.String,
    "kind": pl.String,
    "account_id": pl.String,
    "hold_id": pl.String,
    "since": pl.Date,
    "until": pl.Date,
    "reason": pl.String,
    "unknown": pl.String,
    "taken_on": pl.Date,
    "outcome": pl.String,
    "case_id": pl.String,
    "proposed_by": pl.String,
    "approved_by": pl.String,
    "decided_at": pl.String,
}
"""`outcome` is APPROVED or REFUSED, null until two people have decided."""

RECORD_REQUESTS_ONCE: Final = OnceKind(
    kind="recordrequests",
    table=RECORD_REQUESTS,
    key="request_id",
    content=("kind", "account_id", "hold_id", "since", "until", "reason"),
    schema=RECORD_REQUEST_SCHEMA,
    noun="request",
)


def known_record_requests(records: Records, books: Books) -> pl.DataFrame:
    """Return `RECORD_REQUEST_SCHEMA`: everything that was ever asked for."""
    part = books.tables.get(RECORD_REQUESTS)
    return records.read(part) if part else pl.DataFrame(schema=dict(RECORD_REQUEST_SCHEMA))
