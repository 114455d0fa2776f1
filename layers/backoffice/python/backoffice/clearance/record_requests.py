"""What is asked of the records goes with four eyes: a case until two people have decided."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.requests import RECORD_REQUEST, keep_requests, with_outcomes
from backoffice.clearance.trails import Decision
from backoffice.intake.day_record_requests import (
    HOLD,
    LIFT,
    RECORD_REQUESTS,
    known_record_requests,
)
from backoffice.kernel.books import Books
from backoffice.kernel.columns import one_line
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

APPROVED, REFUSED = "APPROVED", "REFUSED"
_REQUESTED, _STANDING, _LIFTED = "REQUESTED", "STANDING", "LIFTED"
_SCOPE: Final = (
    ("account_id", " of {}"),
    ("hold_id", " {}"),
    ("since", " since {}"),
    ("until", " until {}"),
)


def decide_record_requests(
    records: Records,
    books: Books,
    decided: Iterable[Decision],
    cases: Mapping[str, Mapping[str, Any]],
) -> Books:
    """Take what two people decided about requests.

    Parameters
    ----------
    cases
        The books' cases, by id.
    """
    if RECORD_REQUESTS not in books.tables:
        return books
    known = known_record_requests(records, books)
    changed = with_outcomes(known, _subject(), RECORD_REQUEST, decided, cases)
    return keep_requests(records, books, RECORD_REQUESTS, known, changed)


def record_request_causes(records: Records, books: Books) -> pl.DataFrame:
    """Name the requests that nobody has decided, as `CAUSE_SCHEMA`."""
    waiting = known_record_requests(records, books).filter(pl.col("outcome").is_null())
    rows = waiting.with_columns(code=pl.lit(RECORD_REQUEST), subject=_subject())
    return shaped(rows, CAUSE_SCHEMA)


def requests_as_they_stand(known: pl.DataFrame) -> pl.DataFrame:
    """Add `status` to requests, as the books alone tell it.

    A HOLD stands from when it is taken, before anybody has decided, until two people refuse or
    lift it; then it is LIFTED. Anything else is REQUESTED, APPROVED or REFUSED.

    Parameters
    ----------
    known : pl.DataFrame
        `RECORD_REQUEST_SCHEMA`.
    """
    agreed = known.filter(pl.col("kind") == LIFT, pl.col("outcome") == APPROVED)
    lifts = agreed.group_by(request_id="hold_id").agg(lifted_on=pl.max("taken_on"))
    # who lets go of a hold knows it: what was agreed to before lifts none of that name
    lifted = (pl.col("lifted_on") >= pl.col("taken_on")).fill_null(value=False)
    is_hold = pl.col("kind") == HOLD
    status = (
        pl.when(is_hold & (pl.col("outcome").fill_null("") != REFUSED))
        .then(pl.when(lifted).then(pl.lit(_LIFTED)).otherwise(pl.lit(_STANDING)))
        .otherwise(pl.col("outcome").fill_null(_REQUESTED))
    )
    joined = known.join(lifts, on="request_id", how="left", maintain_order="left")
    return joined.with_columns(status=status).drop("lifted_on")


def standing_holds(records: Records, books: Books) -> pl.DataFrame:
    """Return the legal holds that stand: `RECORD_REQUEST_SCHEMA` and status."""
    known = requests_as_they_stand(known_record_requests(records, books))
    return known.filter(pl.col("status") == _STANDING)


def _subject() -> pl.Expr:
    """Say what is asked, whole: whoever decides reads in the case what is decided."""
    asked = pl.format("{}: {}", "request_id", "kind")
    scope = [pl.format(said, pl.col(name)).fill_null("") for name, said in _SCOPE]
    return one_line(pl.concat_str(asked, *scope, pl.format(" ({})", "reason")))
