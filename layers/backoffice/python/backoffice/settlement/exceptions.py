"""What the street says that a person has to look at: causes of cases, and breaks."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.case_outcomes import INSTRUCTION_HELD
from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.kernel.frames import shaped
from backoffice.settlement.obligations import CANCELLED, CONFIRMABLE, SETTLED

SETTLEMENT: Final = "SETTLEMENT"
"""The kind of every break found here."""

CANCELLATION_NOT_REQUESTED: Final = "CANCELLATION_NOT_REQUESTED"
CANCELLATION_REFUSED: Final = "CANCELLATION_REFUSED"
CANCELLATION_TOO_LATE: Final = "CANCELLATION_TOO_LATE"
CHANGE_REFUSED: Final = "CHANGE_REFUSED"
INSTRUCTION_CHANGE_REFUSED: Final = "INSTRUCTION_CHANGE_REFUSED"
"""The street does not hold an instruction, or let it go, as it was asked."""
INSTRUCTION_REJECTED: Final = "INSTRUCTION_REJECTED"
INSTRUCTION_UNMATCHED: Final = "INSTRUCTION_UNMATCHED"

_OVER_AT_THE_END: Final = (
    CANCELLATION_REFUSED,
    INSTRUCTION_CHANGE_REFUSED,
    INSTRUCTION_HELD,
    INSTRUCTION_REJECTED,
    INSTRUCTION_UNMATCHED,
)


def causes_of(messages: pl.DataFrame, code: str, day: date) -> pl.DataFrame:
    """Return a cause a message, its subject the obligation_id, its evidence where it stood."""
    rows = messages.with_columns(code=pl.lit(code), subject=pl.col("obligation_id").fill_null(""))
    return _causes(rows, day)


def problem_causes(problems: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return a cause a problem: what was not applied is somebody's to settle."""
    return _causes(problems, day)


def _causes(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    complete = rows.with_columns(
        business_date=pl.lit(day, dtype=pl.Date),
        trade_date=pl.lit(None, dtype=pl.Date),
        trade_id=pl.lit(None, dtype=pl.String),
    )
    return shaped(complete, CAUSE_SCHEMA)


def advice_causes(messages: pl.DataFrame, obligations: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the causes of instructions rejected, unmatched or not held as asked, if still alive.

    Parameters
    ----------
    messages : pl.DataFrame
        `STATUS_SCHEMA`. One that says MATCHED overrules those that say UNMATCHED.
    obligations : pl.DataFrame
        obligation_id, status.
    day : date
        The business day.
    """
    live = obligations.filter(pl.col("status").is_in(CONFIRMABLE))
    advice = messages.join(live, on="obligation_id", how="semi")
    outcome = pl.col("outcome")
    matched = advice.filter(outcome == "MATCHED")
    unmatched = advice.filter(outcome == "UNMATCHED").join(matched, on="obligation_id", how="anti")
    return pl.concat(
        [
            causes_of(advice.filter(outcome == "REJECTED"), INSTRUCTION_REJECTED, day),
            causes_of(unmatched, INSTRUCTION_UNMATCHED, day),
            causes_of(advice.filter(outcome == CHANGE_REFUSED), INSTRUCTION_CHANGE_REFUSED, day),
        ]
    )


def still_standing(
    causes: pl.DataFrame, obligations: pl.DataFrame, matched: pl.Series
) -> pl.DataFrame:
    """Drop causes about how an instruction fares once its obligation is settled or cancelled.

    What has a match by now is unmatched no more.

    Parameters
    ----------
    causes : pl.DataFrame
        `CAUSE_SCHEMA`, of any room.
    obligations : pl.DataFrame
        obligation_id, status, replaced_by.
    matched : pl.Series
        The obligations whose instruction has a match.
    """
    over = obligations.filter(pl.col("status").is_in((SETTLED, CANCELLED)))
    # both may settle where the street keeps what was instructed anew: a person has to see to it
    replaced = over.filter(pl.col("replaced_by").is_not_null())["obligation_id"]
    refused = pl.col("code") == CANCELLATION_REFUSED
    stays = refused & pl.col("subject").is_in(replaced.implode())
    is_cured = pl.col("code").is_in(_OVER_AT_THE_END) & pl.col("subject").is_in(
        over["obligation_id"].implode()
    )
    is_cured = is_cured & ~stays
    has_match = (pl.col("code") == INSTRUCTION_UNMATCHED) & pl.col("subject").is_in(
        matched.implode()
    )
    return causes.filter(~is_cured, ~has_match)
