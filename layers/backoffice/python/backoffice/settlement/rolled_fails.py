"""A fail lives on where its obligation rolls: with its clocks, in what it was netted into."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.columns import half_up
from backoffice.kernel.frames import shaped
from backoffice.settlement.fail_frames import FAIL_EVENT_SCHEMA, FAIL_SCHEMA, OPEN, ROLLED
from backoffice.settlement.fails import Followed, late, open_money, open_quantity, tell
from backoffice.settlement.frames import empty
from backoffice.settlement.obligations import CONFIRMABLE

_MET: Final = ("into", "direction")
"""Fails that meet: of one way, in one obligation."""
_NOTHING: Final = pl.lit(0, dtype=pl.Int128)


def follow_rolls(
    fails: pl.DataFrame, rolls: pl.DataFrame, obligations: pl.DataFrame, day: date
) -> Followed:
    """Let fails whose obligation rolled today go on in what it was netted into.

    Of several that meet in one, going the same way, the oldest goes on with the shares of all; one
    of which nothing is left that way ends ROLLED.

    Parameters
    ----------
    fails : pl.DataFrame
        `FAIL_SCHEMA`, as the last close left them.
    rolls : pl.DataFrame
        `ROLL_SCHEMA`, the day's.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, after the day's statuses.
    day : date
        The business day.
    """
    left = rolls.select(
        "obligation_id", "into", left_e8=pl.col("quantity_e8").abs(), left_minor="money_minor"
    )
    moving = fails.filter(pl.col("status") == OPEN).join(left, on="obligation_id")
    if not moving.height:
        return Followed(fails, empty(FAIL_EVENT_SCHEMA))
    events = _told(moving, day)
    moving = moving.with_columns(open_quantity_e8="left_e8", open_money_minor="left_minor")
    beside = _beside_home(moving.sort("settlement_date", "fail_id"), obligations)
    first = pl.int_range(pl.len()).over(_MET) == 0
    lives = first & pl.col("goes_on")
    moved = _moved(beside, lives, day)
    others = fails.join(moving, on="fail_id", how="anti")
    return Followed(pl.concat([others, shaped(moved, FAIL_SCHEMA)]).sort("fail_id"), events)


def _moved(beside: pl.DataFrame, lives: pl.Expr, day: date) -> pl.DataFrame:
    """Let those that live go on in their home, the strictest clock of those that meet with them."""
    goes_on = {
        "obligation_id": pl.col("into"),
        "open_quantity_e8": pl.col("quantity_left"),
        "open_money_minor": pl.col("money_left"),
        "close_out_by": pl.col("close_out_by").min().over(_MET),
        "buy_in_on": pl.col("buy_in_on").min().over(_MET),
        "is_short": pl.col("is_short").any().over(_MET),
    }
    ends = {
        "open_quantity_e8": _NOTHING,
        "open_money_minor": _NOTHING,
        "status": pl.lit(ROLLED),
        "ended_on": pl.lit(day, dtype=pl.Date),
    }
    return beside.with_columns(
        pl.when(lives)
        .then(goes_on.get(name, pl.col(name)))
        .otherwise(ends.get(name, pl.col(name)))
        .alias(name)
        for name in {**goes_on, **ends}
    )


def roll_fails(
    fails: pl.DataFrame, rolls: pl.DataFrame, obligations: pl.DataFrame, day: date
) -> Followed:
    """Move the fails whose obligations rolled; they grow when what they joined is late."""
    moved = follow_rolls(fails, rolls, obligations, day)
    grown = grow_late(moved.fails, obligations, day)
    return Followed(grown.fails, pl.concat([moved.events, grown.events]))


def grow_late(fails: pl.DataFrame, obligations: pl.DataFrame, day: date) -> Followed:
    """Let fails that rolled grow by what they were netted with, once that is late itself.

    Parameters
    ----------
    fails, obligations, day
        As for `follow_rolls`.
    """
    now = late(obligations, day).select(
        "obligation_id",
        "settlement_date",
        quantity_now=open_quantity(),
        money_now=open_money(),
    )
    beside = fails.join(
        now, on="obligation_id", how="left", maintain_order="left", suffix="_now"
    ).with_columns(
        more_e8=pl.col("quantity_now") - pl.col("open_quantity_e8"),
        more_minor=pl.col("money_now") - pl.col("open_money_minor"),
    )
    grows = (pl.col("status") == OPEN) & (pl.col("more_e8") > 0)
    grown = beside.with_columns(
        open_quantity_e8=pl.when(grows).then("quantity_now").otherwise("open_quantity_e8"),
        open_money_minor=pl.when(grows).then("money_now").otherwise("open_money_minor"),
    )
    due = pl.format("due {}", "settlement_date_now")
    events = tell(beside.filter(grows), day, "FAILED", "more_e8", "more_minor", due)
    return Followed(shaped(grown, FAIL_SCHEMA), events)


def _told(moving: pl.DataFrame, day: date) -> pl.DataFrame:
    """Tell what settled before the rest rolled, and the rest."""
    settled = moving.with_columns(
        settled_e8=pl.col("open_quantity_e8") - pl.col("left_e8"),
        settled_minor=pl.col("open_money_minor") - pl.col("left_minor"),
    ).filter(pl.col("settled_e8") != 0)
    nothing = pl.lit(None, dtype=pl.String)
    into = pl.format("into {}", "into")
    return pl.concat(
        [
            tell(settled, day, "PART_SETTLED", "settled_e8", "settled_minor", nothing),
            tell(moving, day, ROLLED, "left_e8", "left_minor", into),
        ]
    )


def _beside_home(moving: pl.DataFrame, obligations: pl.DataFrame) -> pl.DataFrame:
    """Add goes_on, and what of its home is late already: quantity_left, money_left."""
    home = obligations.select(
        into="obligation_id",
        home_direction="direction",
        home_status="status",
        quantity_now=open_quantity(),
        money_now=open_money(),
    )
    beside = moving.join(home, on="into", how="left", maintain_order="left")
    alive = pl.col("home_status").is_in(CONFIRMABLE)
    rolled = pl.col("open_quantity_e8").sum().over("into", "direction")
    left = pl.min_horizontal(rolled, "quantity_now")
    return beside.with_columns(
        goes_on=alive & (pl.col("home_direction") == pl.col("direction")),
        quantity_left=left,
        money_left=half_up(
            pl.col("money_now") * left, pl.max_horizontal("quantity_now", pl.lit(1, pl.Int128))
        ),
    )
