"""What locates give and what short sales take of them.

Regulation SHO, rule 203(b)(1): who sells short has first borrowed the shares, arranged to, or has
reasonable grounds to believe that they can be borrowed. A locate is that: so many shares of one
issue from a lender, for one trade date. What it gives is used up by the shorts that name it.
"""

from typing import Final

import polars as pl

from backoffice.kernel.columns import sum_i128

LOCATE: Final = ("trade_date", "locate_id", "isin")
IN_TURN: Final = ("traded_at", "partner", "trade_id")
"""The order in which shorts take what their locate has; within a trade date it leaves no ties."""


def beyond_locates(
    standing: pl.DataFrame, asked: pl.DataFrame, locates: pl.DataFrame
) -> pl.DataFrame:
    """Find the shorts that their locate does not cover.

    Parameters
    ----------
    standing : pl.DataFrame
        `CLAIM_SCHEMA`: shorts whose claims come first, whatever their times.
    asked : pl.DataFrame
        `CLAIM_SCHEMA`: shorts that take what is left, in the order `IN_TURN`. What goes beyond has
        its place in that order all the same: an execution reserves its shares.
    locates : pl.DataFrame
        trade_date, locate_id, isin, quantity_e8: one row a locate, as known.

    Returns
    -------
    pl.DataFrame
        Rows of `asked` whose locate is not on record for their issue and trade date, or has less
        than they and all before them come to.
    """
    if not asked.height:
        return asked
    first = standing.group_by(LOCATE).agg(first=sum_i128("quantity_e8"))
    given = locates.select(*LOCATE, located_e8="quantity_e8")
    rows = asked.join(first, on=LOCATE, how="left").join(given, on=LOCATE, how="left")
    # quantities are below 10^26: so many that their sum came near 2^127 are in no day
    taken = pl.col("quantity_e8").cum_sum().over(LOCATE) + pl.col("first").fill_null(0)
    located = pl.col("located_e8")
    return rows.sort(IN_TURN).filter(located.is_null() | (taken > located)).select(asked.columns)


def locates_used(
    trades: pl.DataFrame, cleared: pl.DataFrame, locates: pl.DataFrame
) -> pl.DataFrame:
    """Add up what a day's short sales took of each locate, and what is left of it.

    Parameters
    ----------
    trades : pl.DataFrame
        What the day cleared: side, locate_id, trade_date, isin, quantity_e8.
    cleared : pl.DataFrame
        Every cleared short of those trade dates, of whatever day: trade_date, locate_id, isin,
        quantity_e8.
    locates : pl.DataFrame
        trade_date, locate_id, isin, quantity_e8: one row a locate, as known.

    Returns
    -------
    pl.DataFrame
        trade_date, locate_id, isin, quantity_e8, trades (count), located_e8, left_e8 (what is
        located less all that is cleared, negative where a decision let more pass; both null where
        the locate is not on record); sorted.
    """
    short = trades.filter(pl.col("side") == "SHORT", pl.col("locate_id").is_not_null())
    used = short.group_by(LOCATE).agg(sum_i128("quantity_e8"), trades=pl.len())
    total = cleared.group_by(LOCATE).agg(total_e8=sum_i128("quantity_e8"))
    given = locates.select(*LOCATE, located_e8="quantity_e8")
    rows = used.join(given, on=LOCATE, how="left").join(total, on=LOCATE, how="left")
    left = pl.col("located_e8") - pl.col("total_e8").fill_null(0)
    return rows.with_columns(left_e8=left).drop("total_e8").sort(LOCATE)
