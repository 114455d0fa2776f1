"""The street's answers to our requests to cancel, noted as they come.

Until they are carried out a confirmation still counts: what has settled cannot be cancelled.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.settlement.exceptions import (
    CANCELLATION_NOT_REQUESTED,
    CANCELLATION_REFUSED,
    CANCELLATION_TOO_LATE,
    causes_of,
)
from backoffice.settlement.obligations import CANCELLABLE, CANCELLED, PARTIAL, SETTLED

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
    return Answered(
        obligations=_unrequested(obligations, refused),
        pending=_marked(
            pending, accepted.filter(pl.col("status").is_in(CANCELLABLE)), refused, day
        ),
        causes=_causes(accepted, refused, pending, day),
    )


def _causes(
    accepted: pl.DataFrame, refused: pl.DataFrame, pending: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Name the answers that a person has to look at."""
    status = pl.col("status")
    # the wish to cancel outlives a refusal: a street that comes round to it is taken at its word
    wanted = pl.col("obligation_id").is_in(pending["obligation_id"].implode())
    asked = status.is_in(CANCELLABLE) & pl.col("cancel_requested_on").is_not_null()
    has_rolled = pl.col("replaced_by").is_not_null()
    denied = refused.filter(asked | (status == CANCELLED) | has_rolled)
    too_late = accepted.filter(status.is_in((PARTIAL, SETTLED)), ~has_rolled)
    unasked = accepted.filter(~status.is_in((PARTIAL, SETTLED, CANCELLED)), ~wanted)
    return pl.concat(
        [
            causes_of(too_late, CANCELLATION_TOO_LATE, day),
            causes_of(unasked, CANCELLATION_NOT_REQUESTED, day),
            causes_of(denied, CANCELLATION_REFUSED, day),
        ]
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
    """Mark what was accepted; what we asked for without a trade to leave ends with a refusal."""
    name = pl.col("obligation_id")
    kept = pending.filter(
        pl.col("trade_id").is_not_null() | ~name.is_in(refused["obligation_id"].implode())
    )
    now = (
        pl.when(name.is_in(refused["obligation_id"].implode()))
        .then(pl.lit(None, dtype=pl.Date))
        .when(name.is_in(accepted["obligation_id"].implode()))
        .then(pl.lit(day, dtype=pl.Date))
        .otherwise("accepted_on")
    )
    return kept.with_columns(accepted_on=now)
