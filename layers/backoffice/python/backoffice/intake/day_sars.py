"""What the firm decides of a suspicion, and what became of a report of one."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from backoffice.intake.taken_once import PLACED, OnceKind
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

SARS: Final = "sars"
SAR_FILINGS: Final = "sar_filings"
FILE, NO_FILE = "FILE", "NO_FILE"

SAR_SCHEMA: Final[Mapping[str, Any]] = {
    **PLACED,
    "sar_id": pl.String,
    "account_id": pl.String,
    "detected_on": pl.Date,
    "case_id": pl.String,
    "has_suspect": pl.String,
    "activity": pl.String,
    "amount_minor": pl.Int128,
    "currency": pl.String,
    "active_from": pl.Date,
    "active_to": pl.Date,
    "kind": pl.String,
    "reason": pl.String,
    "continues": pl.String,
    "unknown": pl.String,
    "taken_on": pl.Date,
    "outcome": pl.String,
    "decided_case": pl.String,
    "proposed_by": pl.String,
    "approved_by": pl.String,
    "decided_at": pl.String,
}
"""`kind` is the decision, FILE or NO_FILE; `case_id` is the surveillance case it came of; `outcome`
is APPROVED or REFUSED, null until two people have decided."""

SAR_FILING_SCHEMA: Final[Mapping[str, Any]] = {
    **PLACED,
    "sar_id": pl.String,
    "bsa_id": pl.String,
    "filed_on": pl.Date,
    "unknown": pl.String,
    "taken_on": pl.Date,
}

SARS_ONCE: Final = OnceKind(
    kind="sars",
    table=SARS,
    key="sar_id",
    content=(
        *("account_id", "detected_on", "case_id", "has_suspect", "activity", "amount_minor"),
        *("currency", "active_from", "active_to", "kind", "reason", "continues"),
    ),
    schema=SAR_SCHEMA,
    noun="decision",
)
SAR_FILINGS_ONCE: Final = OnceKind(
    kind="sarfilings",
    table=SAR_FILINGS,
    key="sar_id",
    content=("bsa_id", "filed_on"),
    schema=SAR_FILING_SCHEMA,
    noun="filing",
)


def known_sars(records: Records, books: Books) -> pl.DataFrame:
    """Return `SAR_SCHEMA`: everything that was ever to be decided."""
    part = books.tables.get(SARS)
    return records.read(part) if part else pl.DataFrame(schema=dict(SAR_SCHEMA))


def known_filings(records: Records, books: Books) -> pl.DataFrame:
    """Return `SAR_FILING_SCHEMA`: what was filed."""
    part = books.tables.get(SAR_FILINGS)
    return records.read(part) if part else pl.DataFrame(schema=dict(SAR_FILING_SCHEMA))
