"""The street's answers to our requests to cancel: noted when they come, carried out at the close.

Until then a confirmation still counts: what has settled cannot be cancelled.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.settlement.corrections import less
from backoffice.settlement.exceptions import (
    CANCELLATION_NOT_REQUESTED,
    CANCELLATION_REFUSED,
    CANCELLATION_TOO_LATE,
    causes_of,
)
from backoffice.settlement.frames import NextDay
from backoffice.settlement.netting import grow
from backoffice.settlement.obligations import (
    CANCELLABLE,
    CANCELLED,
    PARTIAL,
    SETTLED,
    instruct,
    is_empty,
    opened,
    replace_rows,
    with_new_ids,
)
from backoffice.settlement.venues import keep_venues, next_day_of_all

CANCEL_ACCEPTED: Final = "CANCEL_ACCEPTED"
CANCEL_REFUSED: Final = "CANCEL_REFUSED"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the answers leave.

    Attributes
    ----------
    obligations : pl.DataFrame
        Every obligation given; a refused request is one no more.
    pending : pl.DataFrame
        `WITHDRAWAL_SCHEMA`, the accepted ones marked.
    causes : pl.DataFrame
        `CAUSE_SCHEMA`.
    """

    obligations: pl.DataFrame
    pending: pl.DataFrame
    causes: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What carrying out accepted cancellations leaves.

    Attributes
    ----------
    obligations : pl.DataFrame
        Every obligation given and the rests, sorted by obligation_id.
    pending : pl.DataFrame
        What still waits.
    rests : pl.DataFrame
        The new obligations, origin REST: INSTRUCTED, the FLAT ones OPEN.
    """

    obligations: pl.DataFrame
    pending: pl.DataFrame
    rests: pl.DataFrame


def take_answers(
    obligations: pl.DataFrame, pending: pl.DataFrame, answers: pl.DataFrame, day: date
) -> Answered:
    """Note acceptances and refusals; where the street says both, it refuses.

    Parameters
    ----------
    obligations, pending : pl.DataFrame
        As they stand.
    answers : pl.DataFrame
        `STATUS_SCHEMA` rows of known obligations; only those with outcome CANCEL_ACCEPTED or
        CANCEL_REFUSED are read, and of several alike for one obligation the first.
    day : date
        The business day.
    """
    accepted = _beside_state(answers, CANCEL_ACCEPTED, obligations)
    refused = _beside_state(answers, CANCEL_REFUSED, obligations)
    status = pl.col("status")
    # the wish to cancel outlives a refusal: a street that comes round to it is taken at its word
    wanted = pl.col("obligation_id").is_in(pending["obligation_id"].implode())
    asked = status.is_in(CANCELLABLE) & pl.col("cancel_requested_on").is_not_null()
    has_rolled = pl.col("replaced_by").is_not_null()
    denied = refused.filter(asked | (status == CANCELLED) | has_rolled)
    too_late = accepted.filter(status.is_in((PARTIAL, SETTLED)), ~has_rolled)
    causes = [
        causes_of(too_late, CANCELLATION_TOO_LATE, day),
        causes_of(
            accepted.filter(~status.is_in((PARTIAL, SETTLED, CANCELLED)), ~wanted),
            CANCELLATION_NOT_REQUESTED,
            day,
        ),
        causes_of(denied, CANCELLATION_REFUSED, day),
    ]
    return Answered(
        obligations=_unrequested(obligations, refused),
        pending=_marked(pending, accepted.filter(status.is_in(CANCELLABLE)), refused, day),
        causes=pl.concat(causes),
    )


def carry_out(
    obligations: pl.DataFrame, pending: pl.DataFrame, day: date, next_day: NextDay
) -> Cancelled:
    """Cancel what the street let go, and instruct what is left of it under a new id.

    All that is pending leaves an obligation of which any was accepted. The rest is due on the old
    date if that is still to come, else on the next settlement day.

    Parameters
    ----------
    obligations, pending : pl.DataFrame
        As they stand after the day's confirmations.
    day : date
        The business day of the close.
    next_day : NextDay
        Each venue's first settlement day after it.

    Raises
    ------
    NoRuleError
        When the calendar ends before the next settlement day.
    """
    accepted = pending.filter(pl.col("accepted_on").is_not_null())
    leaving = pending.join(accepted, on="obligation_id", how="semi")
    old = obligations.join(leaving, on="obligation_id", how="semi")
    rests, cancelled = _replaced(old, less(leaving), day, next_day)
    return Cancelled(
        obligations=replace_rows(obligations, pl.concat([cancelled, rests])),
        pending=pending.join(accepted, on="obligation_id", how="anti"),
        rests=rests,
    )


def _beside_state(answers: pl.DataFrame, outcome: str, obligations: pl.DataFrame) -> pl.DataFrame:
    """Return one answer an obligation, beside how the obligation stands."""
    state = obligations.select("obligation_id", "status", "cancel_requested_on", "replaced_by")
    return (
        answers.filter(pl.col("outcome") == outcome)
        .unique("obligation_id", keep="first", maintain_order=True)
        .join(state, on="obligation_id", how="inner")
    )


def _unrequested(obligations: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """Forget refused requests, so that a later correction asks anew."""
    is_refused = pl.col("obligation_id").is_in(refused["obligation_id"].implode())
    return obligations.with_columns(
        cancel_requested_on=pl.when(~is_refused).then("cancel_requested_on")
    )


def _marked(
    pending: pl.DataFrame, accepted: pl.DataFrame, refused: pl.DataFrame, day: date
) -> pl.DataFrame:
    name = pl.col("obligation_id")
    now = (
        pl.when(name.is_in(refused["obligation_id"].implode()))
        .then(pl.lit(None, dtype=pl.Date))
        .when(name.is_in(accepted["obligation_id"].implode()))
        .then(pl.lit(day, dtype=pl.Date))
        .otherwise("accepted_on")
    )
    return pending.with_columns(accepted_on=now)


def _replaced(
    old: pl.DataFrame, leaving: pl.DataFrame, day: date, next_day: NextDay
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rests, and the cancelled obligations that name them."""
    left = keep_venues(grow(old, leaving).filter(~is_empty()), old)
    in_time = pl.col("settlement_date") > day
    rest = left.with_columns(
        replaces="obligation_id",
        origin=pl.lit("REST"),
        settlement_date=pl.when(in_time)
        .then("settlement_date")
        .otherwise(next_day_of_all(left, next_day)),
    )
    named = with_new_ids(rest, day, "origin", "replaces")
    successors = named.select(successor="obligation_id", obligation_id="replaces")
    cancelled = old.join(successors, on="obligation_id", how="left").with_columns(
        status=pl.lit(CANCELLED), replaced_by="successor"
    )
    return instruct(opened(named, day), day), cancelled.select(old.columns)
