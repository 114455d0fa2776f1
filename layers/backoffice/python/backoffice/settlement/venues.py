"""The venues of an obligation's trades: what goes out late falls due by their calendars."""

import polars as pl

from backoffice.settlement.frames import VENUES, NextDay


def counted_venues() -> pl.Expr:
    """List the venues of a group of rows venue, trades; each venue stands in one row."""
    return pl.struct("venue", pl.col("trades").cast(pl.Int64))


def add_venues(obligations: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Add up the venues of obligations and of what comes to them, or leaves where negative.

    Parameters
    ----------
    obligations, added : pl.DataFrame
        obligation_id, venues.

    Returns
    -------
    pl.DataFrame
        obligation_id, venues of the obligations that something was added to; by venue, those of
        which no trade is left not named.
    """
    touched = obligations.join(added, on="obligation_id", how="semi")
    columns = ("obligation_id", "venues")
    rows = pl.concat([touched.select(columns), added.select(columns)])
    counts = (
        rows.explode("venues", empty_as_null=True)
        .unnest("venues")
        .group_by("obligation_id", "venue")
        .agg(pl.col("trades").sum())
        .filter(pl.col("trades") > 0)
        .sort("obligation_id", "venue")
        .group_by("obligation_id", maintain_order=True)
        .agg(venues=counted_venues())
    )
    none_left = pl.lit([], dtype=VENUES)
    return (
        touched.select("obligation_id")
        .join(counts, on="obligation_id", how="left", maintain_order="left")
        .with_columns(pl.col("venues").fill_null(none_left))
    )


def keep_venues(left: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """Let what is left without a trade, of an obligation bought in in part, keep its venues.

    Parameters
    ----------
    left, old : pl.DataFrame
        obligation_id, venues; of `left` any other columns too.
    """
    were = old.select("obligation_id", were="venues")
    beside = left.join(were, on="obligation_id", how="left", maintain_order="left")
    none = pl.col("venues").list.len() == 0
    return beside.with_columns(venues=pl.when(none).then("were").otherwise("venues")).drop("were")


def next_day_of_all(obligations: pl.DataFrame, next_day: NextDay) -> pl.Series:
    """Return the first day to come by which every venue of an obligation's trades settles.

    Raises
    ------
    NoRuleError
        When a calendar ends before it.
    """
    rows = obligations.select("venues", "currency").iter_rows()
    listed = [[(each["venue"], currency) for each in venues] for venues, currency in rows]
    days = {key: next_day(*key) for key in {key for keys in listed for key in keys}}
    due = [max((days[key] for key in keys), default=None) for keys in listed]
    return pl.Series("next_day", due, dtype=pl.Date)
