"""What changed of holds: what the depository is told, and what stays on hold under another id."""

from datetime import date

import polars as pl

from backoffice.settlement.held import BY_RULE
from backoffice.settlement.obligations import CANCELLED, INSTRUCTED, SETTLED


def held_by_people(holds: pl.DataFrame) -> pl.Series:
    """Return the obligations whose instruction two people hold."""
    return holds.filter(pl.col("released_on").is_null(), pl.col("held_by") != BY_RULE)[
        "obligation_id"
    ]


def carried(holds: pl.DataFrame, obligations: pl.DataFrame, day: date) -> pl.DataFrame:
    """Let what people hold stay on hold where it is instructed anew.

    Parameters
    ----------
    holds, obligations : pl.DataFrame
        `HOLD_SCHEMA`, and `OBLIGATION_SCHEMA` with what was cancelled and replaced.
    day : date
        The business day.
    """
    over = obligations.filter(
        pl.col("status") == CANCELLED,
        pl.col("replaced_by").is_not_null(),
        pl.col("obligation_id").is_in(held_by_people(holds).implode()),
    ).select("obligation_id", "replaced_by")
    alive = obligations.filter(pl.col("status") == INSTRUCTED)["obligation_id"]
    moved = holds.join(over, on="obligation_id").filter(
        pl.col("replaced_by").is_in(alive.implode())
    )
    nothing = pl.lit(0, dtype=pl.Int128)
    fresh = moved.with_columns(
        obligation_id="replaced_by", held_on=pl.lit(day, dtype=pl.Date), released_e8=nothing
    ).select(holds.columns)
    return pl.concat([holds, fresh.join(holds, on="obligation_id", how="anti")]).sort(
        "obligation_id"
    )


def hold_changes(
    before: pl.DataFrame, after: pl.DataFrame, obligations: pl.DataFrame
) -> pl.DataFrame:
    """Return what the depository is to be told: what is on hold now and was not, or less.

    Parameters
    ----------
    before, after : pl.DataFrame
        `HOLD_SCHEMA`: every hold, as known before a step and after it.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`.

    Returns
    -------
    pl.DataFrame
        The columns of the obligations, `hold`: true to hold, false to release, and `released_e8`:
        how much of it, null where it is all; sorted by obligation_id, a hold before what is let go
        of it. What is over is told of by nobody.
    """
    let_go, none = pl.col("released_on").is_not_null(), pl.lit(0, dtype=pl.Int128)
    known = before.select("obligation_id", was_released=let_go, were_e8="released_e8")
    settled = obligations.select("obligation_id", "settled_quantity_e8")
    beside = after.join(known, on="obligation_id", how="left").join(settled, on="obligation_id")
    # what has settled by now is let go by nobody
    base = pl.max_horizontal(pl.col("were_e8").fill_null(none), "settled_quantity_e8")
    some = pl.col("released_e8").fill_null(none) - base
    whole = beside.filter(pl.col("was_released").ne_missing(let_go))
    part = beside.with_columns(some=some).filter(~let_go, pl.col("some") > 0)
    asked = pl.concat(
        [
            whole.select("obligation_id", hold=~let_go, released_e8=pl.lit(None, pl.Int128)),
            part.select("obligation_id", hold=pl.lit(value=False), released_e8="some"),
        ]
    )
    # of one that settled in part all the same, what is left is still on hold at the depository
    live = obligations.filter(~pl.col("status").is_in((SETTLED, CANCELLED)))
    return live.join(asked, on="obligation_id").sort(
        "obligation_id", "hold", descending=[False, True]
    )
