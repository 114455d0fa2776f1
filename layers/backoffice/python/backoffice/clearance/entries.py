"""Entries by hand go with four eyes, and with four more where they count in a locked period."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.requests import (
    DECIDED,
    LOCKED_PERIOD,
    MANUAL_ENTRY,
    keep_requests,
    with_outcomes,
)
from backoffice.clearance.standing import no_causes
from backoffice.clearance.trails import Decision
from backoffice.intake.day_entries import ENTRIES, known_entries, known_recurrences
from backoffice.intake.day_periods import locked_until
from backoffice.kernel.books import Books
from backoffice.kernel.columns import one_line
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

_APPROVED, _REFUSED = "APPROVED", "REFUSED"
_OF_LOCK: Final = ("outcome", *DECIDED)


def decide_entries(
    records: Records,
    books: Books,
    decided: Iterable[Decision],
    cases: Mapping[str, Mapping[str, Any]],
) -> Books:
    """Take what two people decided about entries, and about their dates in locked periods.

    Parameters
    ----------
    cases
        The books' cases, by id.
    """
    if ENTRIES not in books.tables:
        return books
    known, decisions = known_entries(records, books), list(decided)
    changed = with_outcomes(known, _subject(), MANUAL_ENTRY, decisions, cases)
    aside = changed.rename({name: f"own_{name}" for name in _OF_LOCK})
    turned = aside.rename({f"lock_{name}": name for name in _OF_LOCK})
    turned = with_outcomes(turned, _locked_subject(), LOCKED_PERIOD, decisions, cases)
    back = turned.rename({name: f"lock_{name}" for name in _OF_LOCK})
    changed = back.rename({f"own_{name}": name for name in _OF_LOCK})
    return keep_requests(records, books, ENTRIES, known, changed.select(known.columns))


def entry_causes(records: Records, books: Books) -> pl.DataFrame:
    """Name the entries that nobody has decided, and those whose locked date nobody has."""
    if ENTRIES not in books.tables:
        return no_causes()
    waiting = entries_as_they_stand(records, books)
    undecided = waiting.filter(pl.col("status") == "REQUESTED", pl.col("outcome").is_null())
    locked = waiting.filter("locked")
    named = [
        undecided.with_columns(code=pl.lit(MANUAL_ENTRY), subject=_subject()),
        locked.with_columns(code=pl.lit(LOCKED_PERIOD), subject=_locked_subject()),
    ]
    return shaped(pl.concat(named), CAUSE_SCHEMA)


def entries_as_they_stand(records: Records, books: Books) -> pl.DataFrame:
    """Add `status` and `locked` to entries, as what these books' day records has them.

    Returns
    -------
    pl.DataFrame
        `ENTRY_SCHEMA`, and status: REQUESTED, LOCKED (agreed to, but for its date in a locked
        period), APPROVED (waits for its date), REFUSED, BOOKED or REVERSED, or, of what recurs,
        RECURRING (agreed to: its occurrences are booked) or ENDED; `locked`: whether people have
        to decide about its date.
    """
    known = known_entries(records, books).join(
        known_recurrences(records, books), on="entry_id", how="left", maintain_order="left"
    )
    until = pl.lit(locked_until(records, books), dtype=pl.Date)
    in_locked = (pl.col("effective_date") <= until).fill_null(value=False)
    refused = (pl.col("outcome") == _REFUSED) | (pl.col("lock_outcome") == _REFUSED)
    is_refused = refused.fill_null(value=False)
    over = pl.col("booked_on").is_not_null() | is_refused | pl.col("until").is_not_null()
    locked = in_locked & pl.col("lock_outcome").is_null() & ~over
    status = _status(books.day, is_refused=is_refused, locked=locked)
    return known.with_columns(locked=locked, status=status)


def _status(day: date, *, is_refused: pl.Expr, locked: pl.Expr) -> pl.Expr:
    return (
        pl.when(pl.col("reversed_on").is_not_null())
        .then(pl.lit("REVERSED"))
        .when(pl.col("booked_on").is_not_null())
        .then(pl.lit("BOOKED"))
        .when(is_refused)
        .then(pl.lit(_REFUSED))
        .when(pl.col("outcome").is_null())
        .then(pl.lit("REQUESTED"))
        .when(pl.col("until") < day)
        .then(pl.lit("ENDED"))
        .when(pl.col("until").is_not_null())
        .then(pl.lit("RECURRING"))
        .when(locked)
        .then(pl.lit("LOCKED"))
        .otherwise(pl.lit(_APPROVED))
    )


def _subject() -> pl.Expr:
    """Say an entry whole: whoever decides reads in the case what is decided."""
    return one_line(pl.format("{}: {}", "entry_id", "says"))


def _locked_subject() -> pl.Expr:
    return one_line(pl.format("{}: in a locked period: {}", "entry_id", "says"))
