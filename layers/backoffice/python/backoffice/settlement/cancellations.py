"""The street's answers to our requests to cancel."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.settlement.corrections import less
from backoffice.settlement.frames import NextDay, shaped
from backoffice.settlement.netting import grow
from backoffice.settlement.obligations import (
    CANCELLED,
    CONFIRMABLE,
    PARTIAL,
    SETTLED,
    cash_against,
    direction,
    instruct,
    is_empty,
    money,
    opened,
    replace_rows,
    with_new_ids,
)

CANCEL_ACCEPTED: Final = "CANCEL_ACCEPTED"
CANCEL_REFUSED: Final = "CANCEL_REFUSED"

CANCELLATION_NOT_REQUESTED: Final = "CANCELLATION_NOT_REQUESTED"
CANCELLATION_REFUSED: Final = "CANCELLATION_REFUSED"
CANCELLATION_TOO_LATE: Final = "CANCELLATION_TOO_LATE"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the answers leave.

    Attributes
    ----------
    obligations : pl.DataFrame
        Every obligation given and the rests, sorted by obligation_id.
    withdrawals : pl.DataFrame
        What still waits.
    partly_settled : pl.DataFrame
        `WITHDRAWAL_SCHEMA`: what left obligations that had settled in part.
    rests : pl.DataFrame
        The new obligations, origin REST; FLAT ones are OPEN.
    exceptions : pl.DataFrame
        `CAUSE_SCHEMA`.
    """

    obligations: pl.DataFrame
    withdrawals: pl.DataFrame
    partly_settled: pl.DataFrame
    rests: pl.DataFrame
    exceptions: pl.DataFrame


def take_answers(
    obligations: pl.DataFrame,
    withdrawals: pl.DataFrame,
    answers: pl.DataFrame,
    day: date,
    next_day: NextDay,
) -> Answered:
    """Take acceptances, then refusals.

    Parameters
    ----------
    obligations, withdrawals : pl.DataFrame
        As they stand.
    answers : pl.DataFrame
        `STATUS_SCHEMA` rows with outcome CANCEL_ACCEPTED or CANCEL_REFUSED, of known obligations;
        of several for one obligation the first row stands for all.
    day : date
        The business day.
    next_day : NextDay
        Each venue's first settlement day after it.

    Raises
    ------
    NoRuleError
        When the calendar ends before the next settlement day.
    """
    accepted = _standing(answers, CANCEL_ACCEPTED, obligations)
    # the wish to cancel outlives a refusal: a street that comes round to it is taken at its word
    wanted = pl.col("obligation_id").is_in(withdrawals["obligation_id"].implode())
    ended = accepted.filter(wanted)
    rests, cancelled = _cancel(obligations, ended, withdrawals, day, next_day)
    left = replace_rows(obligations, pl.concat([cancelled, rests]))
    partial = ended.filter(pl.col("status") == PARTIAL)
    refused = _standing(answers, CANCEL_REFUSED, left)
    asked = refused.filter(
        pl.col("status").is_in(CONFIRMABLE), pl.col("cancel_requested_on").is_not_null()
    )
    exceptions = [
        causes_of(accepted.filter(pl.col("status") == SETTLED), CANCELLATION_TOO_LATE, day),
        causes_of(
            accepted.filter(~pl.col("status").is_in((SETTLED, CANCELLED)), ~wanted),
            CANCELLATION_NOT_REQUESTED,
            day,
        ),
        causes_of(asked, CANCELLATION_REFUSED, day),
        causes_of(refused.filter(pl.col("status") == CANCELLED), CANCELLATION_REFUSED, day),
    ]
    return Answered(
        obligations=_unrequested(left, asked),
        withdrawals=withdrawals.join(ended, on="obligation_id", how="anti"),
        partly_settled=withdrawals.join(partial, on="obligation_id", how="semi"),
        rests=rests,
        exceptions=pl.concat(exceptions),
    )


def causes_of(messages: pl.DataFrame, code: str, day: date) -> pl.DataFrame:
    """Return a cause a message, its subject the obligation_id, its evidence where it stood."""
    rows = messages.with_columns(
        code=pl.lit(code),
        subject=pl.col("obligation_id").fill_null(""),
        business_date=pl.lit(day, dtype=pl.Date),
        trade_date=pl.lit(None, dtype=pl.Date),
        trade_id=pl.lit(None, dtype=pl.String),
    )
    return shaped(rows, CAUSE_SCHEMA)


def _standing(answers: pl.DataFrame, outcome: str, obligations: pl.DataFrame) -> pl.DataFrame:
    """Return one answer an obligation, beside how the obligation stands."""
    state = obligations.select("obligation_id", "status", "cancel_requested_on")
    return (
        answers.filter(pl.col("outcome") == outcome)
        .unique("obligation_id", keep="first", maintain_order=True)
        .join(state, on="obligation_id", how="inner")
    )


def _cancel(
    obligations: pl.DataFrame,
    ended: pl.DataFrame,
    withdrawals: pl.DataFrame,
    day: date,
    next_day: NextDay,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rests, and the cancelled obligations that name them."""
    old = obligations.join(ended, on="obligation_id", how="semi")
    leaving = less(withdrawals.join(ended, on="obligation_id", how="semi"), next_day)
    rest = grow(_unsettled(old), leaving).join(
        leaving.select("obligation_id", "next_day"), on="obligation_id"
    )
    in_time = (pl.col("settlement_date") > day) | (direction() == "FLAT")
    moved = rest.filter(~is_empty()).with_columns(
        replaces="obligation_id",
        origin=pl.lit("REST"),
        settlement_date=pl.when(in_time).then("settlement_date").otherwise("next_day"),
    )
    named = with_new_ids(moved, day, "origin", "replaces")
    successors = named.select(pl.col("replaces").alias("obligation_id"), successor="obligation_id")
    cancelled = old.join(successors, on="obligation_id", how="left").with_columns(
        status=pl.lit(CANCELLED), replaced_by="successor"
    )
    return instruct(opened(named, day), day), cancelled.select(obligations.columns)


def _unsettled(old: pl.DataFrame) -> pl.DataFrame:
    """Take off what settled in parts; the first part paired the smaller Street side off."""
    is_partial = pl.col("status") == PARTIAL
    open_money = money() - pl.col("settled_money_minor")
    nothing = pl.lit(0, dtype=pl.Int128)
    pays = cash_against() == "PAYABLE"
    settled = pl.col("settled_quantity_e8") * pl.col("quantity_e8").sign()
    return old.with_columns(
        (pl.col("quantity_e8") - settled).alias("quantity_e8"),
        pl.when(~is_partial)
        .then("buy_gross_minor")
        .when(pays)
        .then(open_money * -1)
        .otherwise(nothing)
        .alias("buy_gross_minor"),
        pl.when(~is_partial)
        .then("sell_gross_minor")
        .when(pays)
        .then(nothing)
        .otherwise(open_money)
        .alias("sell_gross_minor"),
    )


def _unrequested(obligations: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """Forget refused requests, so that a later correction asks anew."""
    is_refused = pl.col("obligation_id").is_in(refused["obligation_id"].implode())
    return obligations.with_columns(
        cancel_requested_on=pl.when(~is_refused).then("cancel_requested_on")
    )
