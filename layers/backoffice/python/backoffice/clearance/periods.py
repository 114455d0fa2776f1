"""Periods are locked and unlocked with four eyes: what is asked for is a case until then."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.requests import PERIOD_CHANGE, keep_requests, with_outcomes
from backoffice.clearance.trails import Decision
from backoffice.intake.day_periods import LOCK, PERIODS, bounds, known_periods
from backoffice.kernel.books import Books
from backoffice.kernel.columns import one_line
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

_REQUESTED, _VOID = "REQUESTED", "VOID"
_APPROVED: Final = "APPROVED"


def decide_periods(
    records: Records,
    books: Books,
    decided: Iterable[Decision],
    cases: Mapping[str, Mapping[str, Any]],
) -> Books:
    """Take what two people decided about locks: it binds what is recorded after this day.

    Parameters
    ----------
    cases
        The books' cases, by id.
    """
    if PERIODS not in books.tables:
        return books
    known = known_periods(records, books)
    changed = with_outcomes(known, _subject(), PERIOD_CHANGE, decided, cases)
    fresh = pl.col("outcome").is_not_null() & pl.col("decided_on").is_null()
    today = pl.when(fresh).then(pl.lit(books.day)).otherwise("decided_on")
    return keep_requests(records, books, PERIODS, known, changed.with_columns(decided_on=today))


def periods_as_they_stand(known: pl.DataFrame) -> pl.DataFrame:
    """Add `status` to requests: REQUESTED, APPROVED, REFUSED, or VOID: the period was not over.

    Parameters
    ----------
    known : pl.DataFrame
        `PERIOD_SCHEMA`.
    """
    ends = [bounds(period)[1] for period in known["period"]]
    early = pl.Series("early", ends, dtype=pl.Date) > known["decided_on"]
    void = (pl.col("action") == LOCK) & (pl.col("outcome") == _APPROVED) & early
    status = pl.when(void).then(pl.lit(_VOID)).otherwise(pl.col("outcome").fill_null(_REQUESTED))
    return known.with_columns(status=status)


def period_causes(records: Records, books: Books) -> pl.DataFrame:
    """Name the requests that nobody has decided, as `CAUSE_SCHEMA`."""
    waiting = known_periods(records, books).filter(pl.col("outcome").is_null())
    rows = waiting.with_columns(code=pl.lit(PERIOD_CHANGE), subject=_subject())
    return shaped(rows, CAUSE_SCHEMA)


def _subject() -> pl.Expr:
    why = pl.format(" ({})", "reason").fill_null("")
    asked = pl.format("{}: {} {}", "request_id", "action", "period")
    return one_line(pl.concat_str(asked, why))
