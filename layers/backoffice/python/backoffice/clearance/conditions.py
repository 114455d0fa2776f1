"""What is asked of instructions under way goes with four eyes: a case until two have decided."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.requests import INSTRUCTION_CHANGE, keep_requests, with_outcomes
from backoffice.clearance.trails import Decision
from backoffice.intake.day_conditions import CONDITIONS, known_conditions
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_e8, one_line
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

APPROVED, DONE, VOID = "APPROVED", "DONE", "VOID"
_REQUESTED: Final = "REQUESTED"


def decide_conditions(
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
    known = known_conditions(records, books)
    changed = with_outcomes(known, _subject(), INSTRUCTION_CHANGE, decided, cases)
    return keep_requests(records, books, CONDITIONS, known, changed)


def conditions_as_they_stand(known: pl.DataFrame) -> pl.DataFrame:
    """Add `status` to requests: REQUESTED, REFUSED, APPROVED, DONE or VOID (nothing to be done).

    Parameters
    ----------
    known : pl.DataFrame
        `CONDITION_SCHEMA`.
    """
    done = pl.col("done_on").is_not_null()
    return known.with_columns(
        status=pl.when(done & pl.col("note").is_null())
        .then(pl.lit(DONE))
        .when(done)
        .then(pl.lit(VOID))
        .otherwise(pl.col("outcome").fill_null(_REQUESTED))
    )


def condition_causes(records: Records, books: Books) -> pl.DataFrame:
    """Name the requests that nobody has decided, as `CAUSE_SCHEMA`."""
    waiting = known_conditions(records, books).filter(pl.col("outcome").is_null())
    rows = waiting.with_columns(code=pl.lit(INSTRUCTION_CHANGE), subject=_subject())
    return shaped(rows, CAUSE_SCHEMA)


def _subject() -> pl.Expr:
    """Say what is asked, whole: whoever decides reads in the case what is decided."""
    some = pl.when(pl.col("quantity_e8").is_not_null()).then(
        pl.format(" {} of it", format_e8("quantity_e8"))
    )
    why = pl.format(" ({})", "reason")
    asked = pl.format("{}: {} {}", "request_id", "action", "obligation_id")
    return one_line(pl.concat_str(asked, some.fill_null(""), why.fill_null("")))
