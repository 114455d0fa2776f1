"""What people are asked to let happen, beside trades: each a case that two of them decide."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import polars as pl

from backoffice.clearance.trails import Decision
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

SSI_CHANGE: Final = "SSI_CHANGE"
"""A row of standing settlement instructions is to hold; the subject is the row."""

PAYMENT: Final = "PAYMENT"
"""Money is to be paid out; the subject is the payment."""

INSTRUCTION_CHANGE: Final = "INSTRUCTION_CHANGE"
"""An instruction under way is to be held, let go or cancelled; the subject is the request."""

MANUAL_ENTRY: Final = "MANUAL_ENTRY"
"""An entry by hand is to be booked; the subject is all of it."""

LOCKED_PERIOD: Final = "LOCKED_PERIOD"
"""An entry by hand is to count in a locked period all the same; the subject is the entry."""

PERIOD_CHANGE: Final = "PERIOD_CHANGE"
"""A period is to be locked, or unlocked; the subject is the request."""

RECORD_REQUEST: Final = "RECORD_REQUEST"
"""Records are to be held, let go, erased or disposed of; the subject is the request."""

SAR_DECISION: Final = "SAR_DECISION"
"""Suspicious activity is to be reported, or not to be; the subject is all of it but who it is."""

REQUESTS: Final = frozenset(
    {
        SSI_CHANGE,
        PAYMENT,
        INSTRUCTION_CHANGE,
        MANUAL_ENTRY,
        LOCKED_PERIOD,
        PERIOD_CHANGE,
        RECORD_REQUEST,
        SAR_DECISION,
    }
)
"""Released, what is asked for happens; refused, it never does."""

_OUTCOMES: Final = {"RELEASE": "APPROVED", "REFUSE": "REFUSED"}

DECIDED: Final = ("case_id", "proposed_by", "approved_by", "decided_at")
"""What a request remembers of its decision."""


def decided_requests(
    code: str, decided: Iterable[Decision], cases: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield what two people decided about open cases of a code, in the order of approval.

    Parameters
    ----------
    cases
        The books' cases, by id.

    Yields
    ------
    tuple
        The case's subject, the outcome (RELEASE or REFUSE), and `DECIDED` by name.
    """
    for one in sorted(decided, key=lambda each: (each.approval.at, each.case_id)):
        case = cases.get(one.case_id, {})
        # a case that closed meanwhile says nothing of what came after it
        if case.get("code") == code and case.get("status") == "OPEN":
            who = (one.proposal.actor, one.approval.actor)
            said = dict(zip(DECIDED, (one.case_id, *who, one.approval.at), strict=True))
            yield case["subject"], one.outcome, said


def with_outcomes(
    known: pl.DataFrame,
    subject: pl.Expr,
    code: str,
    decided: Iterable[Decision],
    cases: Mapping[str, Mapping[str, Any]],
) -> pl.DataFrame:
    """Fill in what two people decided about requests that nobody had decided.

    Parameters
    ----------
    known : pl.DataFrame
        Requests with `outcome` (APPROVED, REFUSED or null) and `DECIDED`.
    subject : pl.Expr
        What names a row's case.
    code
        The cases' code.
    decided
        The day's decisions.
    cases
        The books' cases, by id.
    """
    for named, outcome, said in decided_requests(code, decided, cases):
        about = pl.col("outcome").is_null() & (subject == named)
        told = {**said, "outcome": _OUTCOMES.get(outcome)}
        known = known.with_columns(
            pl.when(about).then(pl.lit(value, pl.String)).otherwise(name).alias(name)
            for name, value in told.items()
        )
    return known


def keep_requests(
    records: Records, books: Books, table: str, known: pl.DataFrame, rows: pl.DataFrame
) -> Books:
    """Keep a table of requests, if it is another than before.

    Parameters
    ----------
    table
        Its name in the books.
    known, rows : pl.DataFrame
        As it was, and as it is now; the columns are those of `known`.
    """
    if rows.equals(known):
        return books
    before = books.tables.get(table)
    if before is not None:
        books = books.with_written(before.key)  # the day may have written it already
    kept = records.keep("clearance", books.day, rows.select(known.columns))
    return books.with_tables(**{table: kept})
