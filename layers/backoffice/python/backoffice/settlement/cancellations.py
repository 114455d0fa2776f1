"""Cancellations that the street accepted, carried out at a close: what is left goes out anew."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from backoffice.settlement.corrections import less
from backoffice.settlement.frames import NextDay
from backoffice.settlement.netting import grow
from backoffice.settlement.obligations import (
    CANCELLED,
    instruct,
    is_empty,
    opened,
    replace_rows,
    with_new_ids,
)
from backoffice.settlement.venues import keep_venues, next_day_of_all


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


def _replaced(
    old: pl.DataFrame, leaving: pl.DataFrame, day: date, next_day: NextDay
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rests, and the cancelled obligations that name them."""
    left = keep_venues(grow(old, leaving).filter(~is_empty()), old)
    rest = left.with_columns(
        replaces="obligation_id",
        origin=pl.lit("REST"),
        settlement_date=pl.max_horizontal("settlement_date", next_day_of_all(left, next_day)),
    )
    named = with_new_ids(rest, day, "origin", "replaces")
    successors = named.select(successor="obligation_id", obligation_id="replaces")
    cancelled = old.join(successors, on="obligation_id", how="left").with_columns(
        status=pl.lit(CANCELLED), replaced_by="successor"
    )
    return instruct(opened(named, day), day), cancelled.select(old.columns)
