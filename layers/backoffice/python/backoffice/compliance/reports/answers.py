"""How a report stands by what its recipient said of it."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from backoffice.compliance.reports.documents import Report, ReportFile
from backoffice.intake.event_kinds import ANSWER_EVENTS
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

MADE: Final = "MADE"
SUBMITTED: Final = "SUBMITTED"
ACKNOWLEDGED: Final = "ACKNOWLEDGED"
PARTLY_REJECTED: Final = "PARTLY_REJECTED"
REJECTED: Final = "REJECTED"
CORRECTED: Final = "CORRECTED"
OVERDUE: Final = "OVERDUE"

ACCEPTS: Final = ("ACPT", "WARN")
PARTLY: Final = ("PART",)
REFUSES: Final = ("RJCT", "CRPT", "INCF")
REFUSES_RECORD: Final = ("RJCT", "RJPD")
"""Of a message, or of one record in it; everything else says that an answer is still to come."""


def answers_until(records: Records, books: Books, after: date | None = None) -> pl.DataFrame:
    """Return the answers that the books hold, of those taken after a day, in their order."""
    part = books.tables.get(ANSWER_EVENTS.table)
    if part is None:
        return pl.DataFrame(schema=ANSWER_EVENTS.schema)
    rows = records.read(part)
    return rows.filter(pl.col("taken_on") > (after or date.min))


def said_of(answers: pl.DataFrame, report: Report) -> tuple[str, int]:
    """Return how a submitted report stands by all answers, and how many of its rows were refused.

    Only its recipient's answers count. Of several about one file the last that decides stands.
    """
    names = [file.message_id for file in report.files]
    ours = answers.filter(
        pl.col("message_id").is_in(names), pl.col("partner") == (report.recipient or "")
    )
    files = [_of_file(ours.filter(pl.col("message_id") == f.message_id), f) for f in report.files]
    refused = sum(count for _, count in files)
    states = {state for state, _ in files}
    if None in states:
        return (PARTLY_REJECTED if refused else SUBMITTED), refused
    if states == {REJECTED}:
        return REJECTED, refused
    return (PARTLY_REJECTED if refused else ACKNOWLEDGED), refused


def _of_file(answers: pl.DataFrame, file: ReportFile) -> tuple[str | None, int]:
    """Return what was decided of one file, None while nothing is, and how many rows it refused."""
    records = answers.filter(pl.col("record_id").is_not_null())
    refused = records.filter(pl.col("status").is_in(REFUSES_RECORD))["record_id"].n_unique()
    decided = _last(answers.filter(pl.col("record_id").is_null())["status"])
    if decided in REFUSES:
        return REJECTED, file.rows
    if decided is None:
        return (REJECTED if refused else None), refused
    return (PARTLY_REJECTED if refused else ACKNOWLEDGED), refused


def _last(statuses: Iterable[str]) -> str | None:
    decides = [one for one in statuses if one in (*ACCEPTS, *PARTLY, *REFUSES)]
    return decides[-1] if decides else None


def record_states(answers: pl.DataFrame, recipients: pl.DataFrame) -> pl.DataFrame:
    """Return message_id, record_id, state of what was decided; of all else of a file no record_id.

    Parameters
    ----------
    answers
        `ANSWER_EVENTS` rows, in their order.
    recipients
        message_id, partner: who is to answer each file.
    """
    ours = answers.join(recipients, on=["message_id", "partner"], how="semi", maintain_order="left")
    record = pl.col("record_id").is_not_null()
    refused = (record & pl.col("status").is_in(REFUSES_RECORD)) | (
        ~record & pl.col("status").is_in(REFUSES)
    )
    accepted = ~record & pl.col("status").is_in((*ACCEPTS, *PARTLY))
    state = pl.when(refused).then(pl.lit(REJECTED)).when(accepted).then(pl.lit(ACKNOWLEDGED))
    told = ours.select("message_id", "record_id", state=state).drop_nulls("state")
    return told.unique(["message_id", "record_id"], keep="last", maintain_order=True)


def refused_records(answers: pl.DataFrame) -> pl.DataFrame:
    """Return message_id, record_id, reason of what was refused; of a whole file no record_id."""
    record = pl.col("record_id").is_not_null()
    of_record = record & pl.col("status").is_in(REFUSES_RECORD)
    whole = ~record & pl.col("status").is_in(REFUSES)
    return answers.filter(of_record | whole).select("message_id", "record_id", "reason", "partner")
