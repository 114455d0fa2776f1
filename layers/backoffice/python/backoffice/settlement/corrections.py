"""Trades that no longer stand leave their obligations, as far as these have gone.

| the obligation is | the trade |
|---|---|
| OPEN | leaves at once, the rest is netted anew |
| INSTRUCTED, FAILED | leaves when the street accepts the cancellation that is requested |
| PARTIAL, SETTLED | is undone by an obligation of its own, and a case tells someone |
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.contributions import LostContributionError
from backoffice.settlement.frames import (
    FIGURES,
    WITHDRAWAL_SCHEMA,
    NextDay,
)
from backoffice.settlement.netting import grow
from backoffice.settlement.obligations import (
    CANCELLABLE,
    CANCELLED,
    OPEN,
    PARTIAL,
    SETTLED,
    direction,
    instruct,
    replace_rows,
)
from backoffice.settlement.opposites import corrected_causes, opposites
from backoffice.settlement.venues import counted_venues, next_day_of_all

_TURNED_BACK: Final = (PARTIAL, SETTLED, CANCELLED)
"""What is cancelled and still holds a trade was bought in: the trade is undone as a settled one."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a cut-off's corrections leave.

    Attributes
    ----------
    obligations : pl.DataFrame
        Every obligation given, and the OPPOSITE ones, sorted by obligation_id. Re-netted ones wait
        OPEN for `net`, but for those whose date has come.
    pending : pl.DataFrame
        `WITHDRAWAL_SCHEMA`: what waits for an accepted cancellation, the new ones with the old.
    requests : pl.DataFrame
        The obligations whose cancellation is to be requested now, each once.
    opposites : pl.DataFrame
        The OPPOSITE obligations, INSTRUCTED.
    causes : tuple
        Rows of `CAUSE_SCHEMA`: a case for every settled trade.
    """

    obligations: pl.DataFrame
    pending: pl.DataFrame
    requests: pl.DataFrame
    opposites: pl.DataFrame
    causes: tuple[dict[str, Any], ...]


def correct(
    obligations: pl.DataFrame,
    corrections: pl.DataFrame,
    pending: pl.DataFrame,
    day: date,
    next_day: NextDay,
) -> Corrected:
    """Take corrected trades out of their obligations, before the day's nets come in.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, at least those the corrections are in.
    corrections : pl.DataFrame
        `WITHDRAWAL_SCHEMA` as `locate` gives it: the old versions of today's cancelled and amended
        trades.
    pending : pl.DataFrame
        `WITHDRAWAL_SCHEMA`: what waits for an accepted cancellation already.
    day : date
        The business day of the cut-off.
    next_day : NextDay
        Each venue's first settlement day after it.

    Raises
    ------
    LostContributionError
        When a correction is in no obligation given.
    NoRuleError
        When the calendar ends before the next settlement day.
    """
    placed = corrections.join(
        obligations.select("obligation_id", "status"), on="obligation_id", how="inner"
    )
    if placed.height != corrections.height:
        raise LostContributionError("a corrected trade is in no obligation")
    leaving = _in_status(placed, OPEN)
    waiting = _in_status(placed, *CANCELLABLE)
    undone = _in_status(placed, *_TURNED_BACK)
    turned = opposites(undone, day, next_day)
    requests = _requests(obligations, waiting, day)
    changed = pl.concat([_renetted(obligations, leaving, day, next_day), requests, turned])
    return Corrected(
        obligations=replace_rows(obligations, changed),
        pending=pl.concat([pending, waiting]),
        requests=requests,
        opposites=turned,
        causes=tuple(corrected_causes(undone, day).to_dicts()),
    )


def _in_status(placed: pl.DataFrame, *statuses: str) -> pl.DataFrame:
    return shaped(placed.filter(pl.col("status").is_in(statuses)), WITHDRAWAL_SCHEMA)


def _requests(obligations: pl.DataFrame, waiting: pl.DataFrame, day: date) -> pl.DataFrame:
    """Ask once for each obligation; a request without an answer is not repeated."""
    return (
        obligations.join(waiting, on="obligation_id", how="semi")
        .filter(pl.col("cancel_requested_on").is_null())
        .with_columns(cancel_requested_on=pl.lit(day, dtype=pl.Date))
    )


def _renetted(
    obligations: pl.DataFrame, leaving: pl.DataFrame, day: date, next_day: NextDay
) -> pl.DataFrame:
    """Net OPEN obligations without the trades that leave.

    What is no longer FLAT on its date or after it cannot wait for more trades: none is due then.
    It goes out for the next settlement day.
    """
    sums = less(leaving)
    rest = grow(obligations.join(sums, on="obligation_id", how="semi"), sums)
    goes = direction() != "FLAT"
    alone = rest.filter(goes)
    alone = alone.with_columns(next_day_of_all(alone, next_day).alias("earliest"))
    is_late = pl.col("settlement_date") < pl.col("earliest")
    moved = alone.filter(is_late).with_columns(settlement_date="earliest").drop("earliest")
    stays = [alone.filter(~is_late).drop("earliest"), rest.filter(~goes)]
    waiting = pl.concat(stays).with_columns(direction=direction())
    return pl.concat([instruct(moved, day), waiting])


def less(leaving: pl.DataFrame) -> pl.DataFrame:
    """Sum what leaves each obligation, signed to be added to it.

    Returns
    -------
    pl.DataFrame
        obligation_id, figures, trades (Int64), venues.
    """
    return (
        leaving.group_by("obligation_id", "venue")
        .agg(pl.col(*FIGURES).sum() * -1, trades=pl.col("trade_id").count().cast(pl.Int64) * -1)
        .sort("obligation_id", "venue")
        .group_by("obligation_id", maintain_order=True)
        .agg(pl.col(*FIGURES).sum(), venues=counted_venues(), trades=pl.col("trades").sum())
    )
