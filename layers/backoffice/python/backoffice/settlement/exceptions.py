"""What the street says that a person has to look at: causes of cases, and breaks."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.kernel.calendar import FIRST_DAY, LAST_DAY
from backoffice.settlement.frames import PROBLEM_SCHEMA, shaped
from backoffice.settlement.obligations import CANCELLED, CONFIRMABLE, SETTLED

SETTLEMENT: Final = "SETTLEMENT"
"""The kind of every break found here."""

CANCELLATION_NOT_REQUESTED: Final = "CANCELLATION_NOT_REQUESTED"
CANCELLATION_REFUSED: Final = "CANCELLATION_REFUSED"
CANCELLATION_TOO_LATE: Final = "CANCELLATION_TOO_LATE"
INSTRUCTION_REJECTED: Final = "INSTRUCTION_REJECTED"
INSTRUCTION_UNMATCHED: Final = "INSTRUCTION_UNMATCHED"
UNKNOWN_OBLIGATION: Final = "UNKNOWN_OBLIGATION"
WRONG_DATE: Final = "WRONG_DATE"
WRONG_DIRECTION: Final = "WRONG_DIRECTION"
WRONG_INSTRUMENT: Final = "WRONG_INSTRUMENT"

_OVER_AT_THE_END: Final = (CANCELLATION_REFUSED, INSTRUCTION_REJECTED, INSTRUCTION_UNMATCHED)


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
    """Return the causes of instructions rejected or unmatched that are still at the street.

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
        ]
    )


def stranger_problems(confirmations: pl.DataFrame) -> pl.DataFrame:
    """Return the break of each confirmation of an obligation that nobody knows.

    Parameters
    ----------
    confirmations : pl.DataFrame
        `STATUS_SCHEMA`.
    """
    theirs = pl.col("money_minor").fill_null(pl.lit(0, dtype=pl.Int128))
    rows = confirmations.with_columns(
        kind=pl.lit(SETTLEMENT),
        code=pl.lit(UNKNOWN_OBLIGATION),
        subject=pl.col("obligation_id").fill_null(""),
        unit=pl.col("currency").fill_null(""),
        ours=pl.lit(0, dtype=pl.Int128),
        theirs=theirs,
        difference=theirs * -1,
    )
    return shaped(rows, PROBLEM_SCHEMA)


def misaddressed(messages: pl.DataFrame, obligations: pl.DataFrame) -> pl.DataFrame:
    """Return messages of another instrument or direction than their obligation, or of no date.

    Parameters
    ----------
    messages : pl.DataFrame
        `STATUS_SCHEMA`. What a message does not repeat is not compared.
    obligations : pl.DataFrame
        obligation_id, isin, direction, quantity_e8.

    Returns
    -------
    pl.DataFrame
        `STATUS_SCHEMA` and `code`, `our_isin`, `our_quantity_e8`.
    """
    ours = obligations.select(
        "obligation_id",
        our_isin="isin",
        our_direction="direction",
        our_quantity_e8="quantity_e8",
    )
    other_instrument = pl.col("isin") != pl.col("our_isin")
    other_way = (pl.col("direction") != pl.col("our_direction")) & (pl.col("our_quantity_e8") != 0)
    code = (
        pl.when(other_instrument)
        .then(pl.lit(WRONG_INSTRUMENT))
        .when(other_way)
        .then(pl.lit(WRONG_DIRECTION))
        .when(~pl.col("effective_date").is_between(FIRST_DAY, LAST_DAY))
        .then(pl.lit(WRONG_DATE))
    )
    beside = messages.join(ours, on="obligation_id", maintain_order="left").with_columns(code=code)
    return beside.filter(pl.col("code").is_not_null()).drop("our_direction")


def misaddressed_problems(confirmations: pl.DataFrame) -> pl.DataFrame:
    """Return the break of each misaddressed confirmation: in shares, of the ISIN it names.

    Parameters
    ----------
    confirmations : pl.DataFrame
        As `misaddressed` returns them.
    """
    nothing = pl.lit(0, dtype=pl.Int128)
    said = pl.col("quantity_e8").fill_null(nothing)
    theirs = pl.when(pl.col("direction") == "DELIVER").then(said * -1).otherwise(said)
    same = pl.col("code") == WRONG_DIRECTION
    rows = confirmations.with_columns(
        kind=pl.lit(SETTLEMENT),
        subject="obligation_id",
        unit=pl.coalesce("isin", "our_isin"),
        ours=pl.when(same).then("our_quantity_e8").otherwise(nothing),
        theirs=theirs,
    ).with_columns(difference=pl.col("ours") - pl.col("theirs"))
    return shaped(rows, PROBLEM_SCHEMA)


def still_standing(causes: pl.DataFrame, obligations: pl.DataFrame) -> pl.DataFrame:
    """Drop causes about how an instruction fares once its obligation is settled or cancelled.

    Parameters
    ----------
    causes : pl.DataFrame
        `CAUSE_SCHEMA`, of any room.
    obligations : pl.DataFrame
        obligation_id, status.
    """
    over = obligations.filter(pl.col("status").is_in((SETTLED, CANCELLED)))
    is_cured = pl.col("code").is_in(_OVER_AT_THE_END) & pl.col("subject").is_in(
        over["obligation_id"].implode()
    )
    return causes.filter(~is_cured)
