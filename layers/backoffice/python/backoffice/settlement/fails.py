"""The register of fails: one an obligation from the first close after its settlement date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.fail_frames import BOUGHT_IN, FAIL_EVENT_SCHEMA, FAIL_SCHEMA, OPEN
from backoffice.settlement.frames import empty
from backoffice.settlement.obligations import CANCELLED, FAILED, PARTIAL, SETTLED, money

_ENDED: Final = (SETTLED, CANCELLED)

Opened = Callable[[pl.DataFrame], pl.DataFrame]
"""Adds venue, is_short, close_out_by and buy_in_on to new fails."""

Ages = Callable[[pl.DataFrame], pl.Series]
"""Counts the settlement days since the settlement date, of venue and settlement_date."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The register after a close, `FAIL_SCHEMA`, and the day's rows of `FAIL_EVENT_SCHEMA`."""

    fails: pl.DataFrame
    events: pl.DataFrame


def late(obligations: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the obligations past their date and not done, of which a part may have settled."""
    is_late = pl.col("settlement_date") < day
    return obligations.filter(pl.col("status").is_in((FAILED, PARTIAL)), is_late)


def open_fails(
    fails: pl.DataFrame, obligations: pl.DataFrame, rolled: pl.DataFrame, day: date, opened: Opened
) -> Followed:
    """Open a fail for every late obligation that has none, and for what rolled before it had one.

    Parameters
    ----------
    fails : pl.DataFrame
        `FAIL_SCHEMA`, as the last close left them.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, after the day's statuses.
    rolled : pl.DataFrame
        `ROLL_SCHEMA`, the day's.
    day : date
        The business day of the close.
    opened : Opened
        What is found out once, when a fail opens.
    """
    new = _late_or_rolled(obligations, rolled, day).join(fails, on="obligation_id", how="anti")
    if not new.height:
        return Followed(fails, empty(FAIL_EVENT_SCHEMA))
    rows = new.with_columns(
        fail_id=pl.format("FAIL-{}", "obligation_id"),
        failed_on=pl.lit(day, dtype=pl.Date),
        reason=pl.lit(None, dtype=pl.String),
        age_days=pl.lit(0, dtype=pl.Int32),
        penalties_minor=pl.lit(0, dtype=pl.Int128),
        status=pl.lit(OPEN),
        ended_on=pl.lit(None, dtype=pl.Date),
    )
    complete = shaped(opened(rows), FAIL_SCHEMA)
    due = pl.format("due {}", "settlement_date")
    events = tell(complete, day, "FAILED", "open_quantity_e8", "open_money_minor", due)
    return Followed(pl.concat([fails, complete]).sort("fail_id"), events)


def _late_or_rolled(obligations: pl.DataFrame, rolled: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return what is late, and what left its obligation late, with what of it is open."""
    left = rolled.filter("late").select(
        "obligation_id",
        open_quantity_e8=pl.col("quantity_e8").abs(),
        open_money_minor="money_minor",
    )
    now = {"open_quantity_e8": open_quantity(), "open_money_minor": open_money()}
    both = [late(obligations, day).with_columns(**now), obligations.join(left, on="obligation_id")]
    return pl.concat(both)


def follow(
    fails: pl.DataFrame,
    obligations: pl.DataFrame,
    bought: pl.DataFrame,
    day: date,
    ages: Ages,
) -> Followed:
    """Bring the open fails up to date with their obligations, and end those that are done.

    Parameters
    ----------
    fails : pl.DataFrame
        `FAIL_SCHEMA`, with those opened today.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, after the day's statuses and buy-ins.
    bought : pl.DataFrame
        `BOUGHT_SCHEMA`, the day's.
    day : date
        The business day of the close.
    ages : Ages
        How old each is.
    """
    beside = _beside(fails.filter(pl.col("status") == OPEN), obligations, bought, day)
    ends = pl.col("status_now").is_in(_ENDED)
    nothing = pl.lit(0, dtype=pl.Int128)
    ended = pl.when(pl.col("bought_e8") > 0).then(pl.lit(BOUGHT_IN)).otherwise("status_now")
    events = _moved(beside, day)
    followed = beside.with_columns(
        ages(beside).alias("age_days"),
        status=pl.when(ends).then(ended).otherwise("status"),
        ended_on=pl.when(ends).then(pl.lit(day, dtype=pl.Date)),
        open_quantity_e8=pl.when(ends).then(nothing).otherwise("quantity_now"),
        open_money_minor=pl.when(ends).then(nothing).otherwise("money_now"),
    )
    rest = fails.filter(pl.col("status") != OPEN)
    return Followed(pl.concat([rest, shaped(followed, FAIL_SCHEMA)]).sort("fail_id"), events)


def _beside(
    fails: pl.DataFrame, obligations: pl.DataFrame, bought: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Put fails beside their obligations as they are now, and what of them was bought in today."""
    now = obligations.select(
        "obligation_id",
        "replaced_by",
        status_now="status",
        due_now="settlement_date",
        quantity_left=open_quantity(),
        money_left=open_money(),
    )
    taken = bought.group_by("obligation_id").agg(
        bought_e8=pl.col("quantity_e8").sum(), bought_minor=pl.col("agreed_minor").sum()
    )
    joined = fails.join(now, on="obligation_id", how="left", maintain_order="left").join(
        taken, on="obligation_id", how="left", maintain_order="left"
    )
    # of one that rolled only so much is late until the day it was netted for has passed
    ahead = (pl.col("due_now") >= day) & (pl.col("quantity_left") >= pl.col("open_quantity_e8"))
    return joined.with_columns(
        pl.col("bought_e8", "bought_minor").fill_null(pl.lit(0, dtype=pl.Int128)),
        quantity_now=pl.when(ahead).then("open_quantity_e8").otherwise("quantity_left"),
        money_now=pl.when(ahead).then("open_money_minor").otherwise("money_left"),
    )


def _moved(beside: pl.DataFrame, day: date) -> pl.DataFrame:
    """Tell what settled of the fails, or was cancelled."""
    status = pl.col("status_now")
    cancelled = status == CANCELLED
    left_e8 = pl.col("quantity_now")
    left_minor = pl.col("money_now")
    # what a cancelled obligation was about is gone, though its figures stand
    moved = beside.with_columns(
        quantity_moved=pl.col("open_quantity_e8") - pl.col("bought_e8") - left_e8,
        money_moved=pl.col("open_money_minor") - pl.col("bought_minor") - left_minor,
    )
    settled = moved.filter(status == SETTLED, pl.col("bought_e8") == 0)
    did_move = (pl.col("quantity_moved") != 0) | (pl.col("money_moved") != 0)
    ends_bought = (status == SETTLED) & (pl.col("bought_e8") > 0)
    parts = moved.filter(did_move & ((status == PARTIAL) | ends_bought))
    gone = beside.filter(cancelled & (pl.col("bought_e8") == 0))
    nothing = pl.lit(None, dtype=pl.String)
    replaced = pl.format("replaced by {}", "replaced_by")
    return pl.concat(
        [
            tell(settled, day, SETTLED, "quantity_moved", "money_moved", nothing),
            tell(parts, day, "PART_SETTLED", "quantity_moved", "money_moved", nothing),
            tell(gone, day, CANCELLED, "open_quantity_e8", "open_money_minor", replaced),
        ]
    )


def tell(
    rows: pl.DataFrame, day: date, event: str, quantity: str, minor: str, note: pl.Expr
) -> pl.DataFrame:
    """Return `FAIL_EVENT_SCHEMA`: one event a row of fail_id, currency and the figures named."""
    events = rows.select(
        "fail_id",
        "currency",
        day=pl.lit(day, dtype=pl.Date),
        event=pl.lit(event),
        quantity_e8=pl.col(quantity),
        money_minor=pl.col(minor),
        note=note,
    )
    return shaped(events, FAIL_EVENT_SCHEMA)


def open_quantity() -> pl.Expr:
    """Return the unsigned shares of an obligation that have not settled."""
    return pl.col("quantity_e8").abs() - pl.col("settled_quantity_e8")


def open_money() -> pl.Expr:
    """Return the money of an obligation that has not moved, + when we receive it."""
    return money() - pl.col("settled_money_minor")
