"""Buy-ins: what a counterparty does not deliver is bought from another, at its cost.

The failed obligation falls by what was bought, by agreement; the purchase is an obligation of its
own; what it cost more than was agreed is claimed of who failed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.settlement.buy_in_targets import now, targets
from backoffice.settlement.buy_in_terms import fits, reduced, terms
from backoffice.settlement.fail_frames import BOUGHT_SCHEMA
from backoffice.settlement.frames import OBLIGATION_SCHEMA, NextDay
from backoffice.settlement.obligations import (
    CANCELLED,
    instruct,
    opened,
    replace_rows,
    with_new_ids,
)

BUY_IN: Final = "BUY_IN"
_ORDER: Final = ("trade_date", "buy_in_id")

Venue = Callable[[str], str]
"""Where a fail's instrument is listed, by obligation_id."""


@dataclass(frozen=True, slots=True)
class BoughtIn:
    """What a day's buy-ins leave.

    Attributes
    ----------
    obligations : pl.DataFrame
        Every obligation given, those bought in reduced, and the purchases, INSTRUCTED.
    bought : pl.DataFrame
        `BOUGHT_SCHEMA`: what fits.
    table : pl.DataFrame
        `BUY_IN_SCHEMA`: every buy-in ever taken; those that fit are booked.
    misfits : pl.DataFrame
        buy_in_id of what has come to its day and fits no fail: it waits.
    requests : pl.DataFrame
        The obligations that are off altogether: the street is asked to cancel them.
    """

    obligations: pl.DataFrame
    bought: pl.DataFrame
    table: pl.DataFrame
    misfits: pl.DataFrame
    requests: pl.DataFrame


def buy_in(
    obligations: pl.DataFrame,
    table: pl.DataFrame,
    day: date,
    next_day: NextDay,
    venue: Venue,
    spoken_for: pl.Series,
    fails: pl.DataFrame,
) -> BoughtIn:
    """Take the buy-ins whose day has come, by trade date and id, each as the one before left it.

    One fits a late obligation to receive in its currency, of which as much is still open, and
    whose cancellation nobody has asked for.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, after the day's statuses.
    table : pl.DataFrame
        `BUY_IN_SCHEMA`.
    day : date
        The business day of the close.
    next_day : NextDay
        When a purchase is due whose own date has passed.
    venue : Venue
        By whose calendar that is.
    spoken_for : pl.Series
        Obligations that trades are to leave once the street lets them, be it that it refused so
        far: what is bought in cannot be cancelled any more.
    fails : pl.DataFrame
        `FAIL_SCHEMA`, the open ones: what rolled is bought in as far as it is late, by the id of
        any obligation that it was in.

    Raises
    ------
    NoRuleError
        When the calendar ends before the next settlement day.
    """
    waiting = table.filter(pl.col("booked_on").is_null(), pl.col("trade_date") <= day)
    free = obligations.filter(~pl.col("obligation_id").is_in(spoken_for.implode()))
    standing = targets(free, fails, day)
    bought, misfits = _one_by_one(now(waiting, obligations, standing).sort(_ORDER), standing)
    names = bought["obligation_id"].unique().sort()
    changed = _rows([standing[name] for name in names], OBLIGATION_SCHEMA)
    ended = pl.col("status") == CANCELLED
    changed = changed.with_columns(cancel_requested_on=pl.when(ended).then(pl.lit(day)))
    purchases = _purchases(waiting, bought, day, next_day, venue)
    return BoughtIn(
        obligations=replace_rows(obligations, pl.concat([changed, purchases])),
        bought=bought,
        table=_booked(table, bought, day),
        misfits=misfits,
        requests=changed.filter(ended),
    )


def _one_by_one(
    waiting: pl.DataFrame, standing: dict[str, dict[str, Any]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Take buy-ins in their order, each reducing its obligation; return these and the misfits."""
    bought, misfits = list[dict[str, Any]](), list[str]()
    for row in waiting.iter_rows(named=True):
        target = standing.get(row["obligation_id"])
        if target is None or not fits(row, target):
            misfits.append(row["buy_in_id"])
            continue
        bought.append(terms(row, target))
        standing[row["obligation_id"]] = reduced(target, bought[-1])
    left = pl.DataFrame({"buy_in_id": misfits}, schema={"buy_in_id": pl.String})
    return _rows(bought, BOUGHT_SCHEMA), left


def _purchases(
    waiting: pl.DataFrame, bought: pl.DataFrame, day: date, next_day: NextDay, venue: Venue
) -> pl.DataFrame:
    """Open and instruct the obligations to receive what was bought."""
    dates = waiting.select("buy_in_id", "settlement_date")
    rows = bought.join(dates, on="buy_in_id", how="left", maintain_order="left")
    venues = [venue(name) for name in rows["obligation_id"]]
    due = [
        max(given, next_day(mic, currency))
        for given, mic, currency in zip(
            rows["settlement_date"], venues, rows["currency"], strict=True
        )
    ]
    nothing = pl.lit(0, dtype=pl.Int128)
    complete = rows.with_columns(
        pl.Series("settlement_date", due, dtype=pl.Date),
        pl.Series("venue", venues, dtype=pl.String),
        buy_gross_minor="money_minor",
        sell_gross_minor=nothing,
        trades=pl.lit(1, dtype=pl.UInt32),
        origin=pl.lit(BUY_IN),
        trade_key=pl.lit(None, dtype=pl.String),
    ).with_columns(venues=pl.concat_list(pl.struct("venue", trades=pl.lit(1, dtype=pl.Int64))))
    return instruct(opened(with_new_ids(complete, day, "origin", "buy_in_id"), day), day)


def _booked(table: pl.DataFrame, bought: pl.DataFrame, day: date) -> pl.DataFrame:
    marks = bought.select(
        "buy_in_id", "failing", claim="claim_minor", today=pl.lit(day, dtype=pl.Date)
    )
    joined = table.join(marks, on="buy_in_id", how="left", maintain_order="left")
    return joined.with_columns(
        booked_on=pl.coalesce("booked_on", "today"),
        claimed_of=pl.coalesce("claimed_of", "failing"),
        claim_minor=pl.coalesce("claim_minor", "claim"),
    ).select(table.columns)


def _rows(rows: list[dict[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    values = [tuple(row[name] for name in schema) for row in rows]
    return pl.DataFrame(values, schema=dict(schema), orient="row")
