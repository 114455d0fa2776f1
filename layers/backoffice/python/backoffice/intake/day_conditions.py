"""What people ask of instructions under way: to hold them, to let them go, to cancel them."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from backoffice.intake.taken_once import PLACED, OnceKind
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

CONDITIONS: Final = "conditions"
HOLD, RELEASE, CANCEL = "HOLD", "RELEASE", "CANCEL"

CONDITION_SCHEMA: Final[Mapping[str, Any]] = {
    **PLACED,
    "request_id": pl.String,
    "obligation_id": pl.String,
    "action": pl.String,
    "quantity_e8": pl.Int128,
    "reason": pl.String,
    "unknown": pl.String,
    "taken_on": pl.Date,
    "outcome": pl.String,
    "case_id": pl.String,
    "proposed_by": pl.String,
    "approved_by": pl.String,
    "decided_at": pl.String,
    "done_on": pl.Date,
    "note": pl.String,
}
"""`quantity_e8` is what a RELEASE lets go; null: all of it. `outcome` is APPROVED or REFUSED, null
until two people have decided; `done_on` the business day that told the depository, or found that
there is nothing to tell any more, which `note` says."""

CONDITIONS_ONCE: Final = OnceKind(
    kind=CONDITIONS,
    table=CONDITIONS,
    key="request_id",
    content=("obligation_id", "action", "quantity_e8", "reason"),
    schema=CONDITION_SCHEMA,
    noun="request",
)


def known_conditions(records: Records, books: Books) -> pl.DataFrame:
    """Return `CONDITION_SCHEMA`: everything that was ever asked for."""
    part = books.tables.get(CONDITIONS)
    return records.read(part) if part else pl.DataFrame(schema=dict(CONDITION_SCHEMA))
