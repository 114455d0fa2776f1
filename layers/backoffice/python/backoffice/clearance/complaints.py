"""The register of complaints (SEC rule 17a-3(a)(18), FINRA rule 4513): each a case until it closes.

A row of a file says one thing of a complaint: that it was received, acknowledged, answered, closed.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA, DUES_SCHEMA
from backoffice.clearance.report_codes import COMPLAINT
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.known import known_table

COMPLAINTS: Final = "complaints"
RECEIVED, ACKNOWLEDGED, ANSWERED, CLOSED = "RECEIVED", "ACKNOWLEDGED", "ANSWERED", "CLOSED"
STEPS: Final = (RECEIVED, ACKNOWLEDGED, ANSWERED, CLOSED)
_WEEKEND: Final = 5
_Frame = pl.DataFrame

COMPLAINT_SCHEMA: Final[Mapping[str, Any]] = {
    "complaint_id": pl.String,
    "account_id": pl.String,
    "received_on": pl.Date,
    "channel": pl.String,
    "product": pl.String,
    "problem": pl.String,
    "person": pl.String,
    "summary": pl.String,
    "acknowledged_on": pl.Date,
    "answered_on": pl.Date,
    "closed_on": pl.Date,
    "status": pl.String,
    "acknowledge_by": pl.Date,
    "answer_by": pl.Date,
    "due": pl.Date,
}
"""`person` is the id of who is complained about, `summary` of the document that says what it is of:
no name and no text of anybody is in the register. `due` is null once it is closed."""


def complaints_as_they_stand(records: Records, books: Books, rulebook: Rulebook) -> pl.DataFrame:
    """Return `COMPLAINT_SCHEMA`, a row a complaint that was received, by its id."""
    told = known_table(records, books, COMPLAINTS)
    rows = told.filter(pl.col("kind") == RECEIVED).rename({"on_date": "received_on"})
    for step in STEPS[1:]:
        dated = told.filter(pl.col("kind") == step)
        on = dated.select("complaint_id", pl.col("on_date").alias(f"{step.lower()}_on"))
        rows = rows.join(on, on="complaint_id", how="left", maintain_order="left")
    acknowledge_by = [_acknowledge_by(rulebook, one) for one in rows["received_on"]]
    answer_by = [
        one + timedelta(days=rulebook.days("complaint_days.answer", one))
        for one in rows["received_on"]
    ]
    dated = rows.with_columns(
        pl.Series("acknowledge_by", acknowledge_by, dtype=pl.Date),
        pl.Series("answer_by", answer_by, dtype=pl.Date),
    ).with_columns(status=_status())
    return shaped(dated.with_columns(due=_due()), COMPLAINT_SCHEMA).sort("complaint_id")


def _acknowledge_by(rulebook: Rulebook, received: date) -> date:
    """Count weekdays, as the days of a case are counted."""
    day = received
    for _ in range(rulebook.days("complaint_days.acknowledge", received)):
        day += timedelta(days=1)
        while day.weekday() >= _WEEKEND:
            day += timedelta(days=1)
    return day


def _status() -> pl.Expr:
    """Say the last step that was told of; who was answered needs no acknowledgement."""
    return (
        pl.when(pl.col("closed_on").is_not_null())
        .then(pl.lit(CLOSED))
        .when(pl.col("answered_on").is_not_null())
        .then(pl.lit(ANSWERED))
        .when(pl.col("acknowledged_on").is_not_null())
        .then(pl.lit(ACKNOWLEDGED))
        .otherwise(pl.lit(RECEIVED))
    )


def _due() -> pl.Expr:
    """Say by when the next step is due: what is answered is closed by the day of the answer."""
    waits = pl.when(pl.col("status") == RECEIVED).then("acknowledge_by")
    return waits.when(pl.col("status") != CLOSED).then("answer_by")


def complaint_causes(
    records: Records, books: Books, rulebook: Rulebook
) -> tuple[pl.DataFrame, ...]:
    """Name the complaints that are not closed: `CAUSE_SCHEMA` and `DUES_SCHEMA`."""
    if COMPLAINTS not in books.tables:
        return pl.DataFrame(schema=dict(CAUSE_SCHEMA)), pl.DataFrame(schema=dict(DUES_SCHEMA))
    rows = complaints_as_they_stand(records, books, rulebook).filter(pl.col("status") != CLOSED)
    named = rows.with_columns(code=pl.lit(COMPLAINT), subject="complaint_id")
    return shaped(named, CAUSE_SCHEMA), shaped(named, DUES_SCHEMA)


def without_receipt(records: Records, books: Books) -> list[str]:
    """Name the complaints of which something is told and not that they were received."""
    told = known_table(records, books, COMPLAINTS)
    received = told.filter(pl.col("kind") == RECEIVED)
    rest = told.join(received, on="complaint_id", how="anti")
    return rest["complaint_id"].unique().sort().to_list()
