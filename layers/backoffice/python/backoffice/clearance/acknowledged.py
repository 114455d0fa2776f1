"""What two people have looked at: an event is over, a state is left alone for as long as it lasts.

A state is found anew by every look or nightly notice. That it was acknowledged is remembered until
it is no more, or is another: of a review by its date, of a margin call by the day it is due, or by
an amount that has grown. What is past its due date and stands is raised again, whoever acknowledged
it: a margin call that is not met, a document that has expired.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.accounting_causes import ACCOUNTING_CODES
from backoffice.clearance.action_faults import ACTION_CODES
from backoffice.clearance.affirmations import UNAFFIRMED
from backoffice.clearance.allocation_frames import CASE_CODES
from backoffice.clearance.borrow_frames import BORROW_CODES
from backoffice.clearance.break_codes import RECONCILED
from backoffice.clearance.cases import DUES_SCHEMA
from backoffice.clearance.customers import DOCUMENT_EXPIRES, KYC_EXPIRED, KYC_REVIEW_DUE
from backoffice.clearance.election_codes import ELECTION_CODES
from backoffice.clearance.fail_codes import FAIL_CODES
from backoffice.clearance.owned_parties import OWNERS_DISAGREE
from backoffice.clearance.standing import read_dues, take_out
from backoffice.clearance.trails import Decision
from backoffice.intake.day_documents import Cause
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.risk.margin_calls import MARGIN_CALL, MARGIN_NOT_ASSESSED

ACKNOWLEDGED: Final = "acknowledged_causes"
"""`DUES_SCHEMA`: the states that were acknowledged, and when their cases were due, if by a date."""

_STATES: Final = (
    *ACCOUNTING_CODES,
    *ACTION_CODES,
    *ELECTION_CODES,
    *BORROW_CODES,
    *CASE_CODES,
    DOCUMENT_EXPIRES,
    KYC_EXPIRED,
    KYC_REVIEW_DUE,
    MARGIN_CALL,
    MARGIN_NOT_ASSESSED,
    OWNERS_DISAGREE,
    *RECONCILED,
    UNAFFIRMED,
    *FAIL_CODES,
)
_CAUSE: Final = ("code", "subject")


def acknowledge(records: Records, books: Books, decided: Iterable[Decision], day: date) -> Books:
    """Take out the events that two people have dealt with, and remember the states."""
    done = {one.case_id for one in decided if one.outcome == "ACKNOWLEDGE"}
    cases = books.tables.get("cases")
    if not done or cases is None:
        return books
    # a case that closed meanwhile says nothing of what came after it
    about = pl.col("case_id").is_in(done) & (pl.col("status") == "OPEN")
    over = records.read(cases).filter(about).select(_CAUSE)
    dated = over.join(read_dues(records, books), on=_CAUSE, how="left")
    lasting = dated.filter(pl.col("code").is_in(_STATES), _in_time(day))
    books = take_out(records, books, over.join(lasting, on=_CAUSE, how="anti"), day)
    known = _known(records, books)
    both = pl.concat([known, lasting]).unique(_CAUSE, keep="last")
    return _replaced(records, books, known, both, day)


def found_otherwise(records: Records, books: Books, found: Sequence[Cause]) -> list[Cause]:
    """Return those of the causes found that were acknowledged by another due date than now."""
    known = {(code, subject): due for code, subject, due in _known(records, books).iter_rows()}
    return [one for one in found if known.get((one.code, one.subject), one.due) != one.due]


def without_grown(records: Records, books: Books, found: Iterable[Cause], day: date) -> Books:
    """Forget that those of the causes found were acknowledged that have grown since."""
    grown = {(one.code, one.subject) for one in found if one.grown}
    if not grown or ACKNOWLEDGED not in books.tables:
        return books
    known = _known(records, books)
    kept = [(code, subject) not in grown for code, subject in known.select(_CAUSE).iter_rows()]
    rest = known.filter(pl.Series(kept, dtype=pl.Boolean))
    return _replaced(records, books, known, rest, day)


def unacknowledged(
    records: Records, books: Books, causes: pl.DataFrame, day: date
) -> tuple[pl.DataFrame, Books]:
    """Leave out the states that were acknowledged, and forget those that are over or another.

    Parameters
    ----------
    causes : pl.DataFrame
        `CAUSE_SCHEMA`, all there are today.
    """
    known = _known(records, books)
    dated = causes.select(_CAUSE).unique().join(read_dues(records, books), on=_CAUSE, how="left")
    stand = known.join(dated, on=[*_CAUSE, "due"], how="semi", nulls_equal=True)
    stand = stand.filter(_in_time(day))
    books = _replaced(records, books, known, stand, day)
    return causes.join(stand, on=_CAUSE, how="anti", maintain_order="left"), books


def _in_time(day: date) -> pl.Expr:
    return pl.col("due").is_null() | (pl.col("due") >= day)


def _known(records: Records, books: Books) -> pl.DataFrame:
    part = books.tables.get(ACKNOWLEDGED)
    return records.read(part) if part else pl.DataFrame(schema=dict(DUES_SCHEMA))


def _replaced(
    records: Records, books: Books, known: pl.DataFrame, rows: pl.DataFrame, day: date
) -> Books:
    """Keep rows in the place of those known, if they are others."""
    table, before = rows.sort(_CAUSE), books.tables.get(ACKNOWLEDGED)
    if table.equals(known):
        return books
    if before is not None:
        books = books.with_written(before.key)  # the day may have written it already
    return books.with_tables(**{ACKNOWLEDGED: records.keep("clearance", day, table)})
