"""Groups whose instruments corporate actions join, and the actions that each group meets."""

from typing import Final

import polars as pl

from backoffice.accounting.lots.actions import Actions, families, family_of
from backoffice.accounting.lots.frames import (
    DISPOSALS,
    GROUP,
    LAST,
    LOTS,
    MOMENT,
    REALISED,
    LotBook,
)
from backoffice.accounting.lots.sequence import action_rows
from backoffice.accounting.wash_sales.frames import Washes, no_washes

FAMILY: Final = ("account_id", "family")


def groups_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the groups (account_id, family) that rows are of."""
    return rows.select(FAMILY).unique()


def in_family(rows: pl.DataFrame, named: dict[str, str]) -> pl.DataFrame:
    """Add the name of each row's family."""
    return rows.with_columns(family=family_of(pl.col("isin"), named))


def instruments(stale: pl.DataFrame, named: dict[str, str]) -> pl.DataFrame:
    """Name every instrument of the stale families."""
    members = pl.DataFrame(
        {"isin": list(named), "family": list(named.values())},
        schema={"isin": pl.String, "family": pl.String},
    )
    joined = stale.join(members, on="family", how="left")
    return joined.select("account_id", pl.coalesce("isin", "family").alias("isin")).sort(GROUP)


def relabelled(
    last: pl.DataFrame, actions: Actions, named: dict[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Call the groups by their families of now; return those that cannot be carried on, too."""
    gone = actions.gone
    if not gone.height and not actions.fresh.height:
        return last, pl.DataFrame(schema=dict.fromkeys(FAMILY, pl.String))
    old = families(actions.before)
    touched = {old[isin] for isin in gone["isin"]}
    apart = [isin for isin, family in old.items() if family in touched]
    lost = last.filter(pl.col("isin").is_in(touched)).select("account_id")
    parts = lost.join(pl.DataFrame({"isin": apart}, schema={"isin": pl.String}), how="cross")
    both = in_family(last, named)
    several = both.group_by(FAMILY).len().filter(pl.col("len") > 1)
    unlike = pl.concat([groups_of(in_family(parts, named)), several.select(FAMILY)])
    # of joined groups any stands for all: they are replayed
    once = both.unique(FAMILY, keep="first", maintain_order=True)
    return once.select(
        pl.col("family").alias(name) if name == "isin" else name for name in LAST.names()
    ), unlike


def actions_met(table: pl.DataFrame, last: pl.DataFrame, actions: Actions) -> pl.DataFrame:
    """Return rows of what happens to the groups there are, and of all that did to new ones.

    Parameters
    ----------
    table
        The new events' rows.
    last
        LAST as it stood.
    actions
        The actions before and now.
    """
    named, old = families(actions.now), families(actions.before)
    there = groups_of(in_family(last, named))
    new = groups_of(table).join(there, on=FAMILY, how="anti")
    rows = later_than_firsts(table, action_rows(new, actions.now, named))
    if not actions.fresh.height and not actions.gone.height:
        return rows
    met = action_rows(last.select("account_id", family="isin"), actions.before, old)
    every = action_rows(there, actions.now, named)
    once = every.join(met, on=["account_id", "isin", "trade_id"], how="anti")
    return pl.concat([rows, once])


def with_transfers_first(table: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """Let transfers stand on the date of an action that they are to stand before."""
    span = ("isin", "effective_on", "transfers_until")
    spans = legs.drop_nulls("transfers_until").select(*span, of="account_id")
    if not spans.height:
        return table
    rows = table.with_row_index("place_in_table")
    met = (
        rows.filter(~pl.col("is_trade"))
        .join(spans.unique(), on="isin", how="inner")
        .filter(
            pl.col("of").is_null() | (pl.col("of") == pl.col("account_id")),
            pl.col("trade_date").is_between("effective_on", "transfers_until"),
        )
        .group_by("place_in_table")
        .agg(pl.col("effective_on").min())
    )
    stands = pl.coalesce("effective_on", "trade_date").alias("trade_date")
    both = rows.join(met, on="place_in_table", how="left", maintain_order="left")
    return both.with_columns(stands).select(table.columns)


def later_than_firsts(table: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out the actions that come before a group's first event."""
    firsts = table.group_by(FAMILY).agg(since=pl.col("trade_date").min())
    met = rows.join(firsts, on=FAMILY, how="inner")
    later = pl.col("trade_date") > pl.col("since")
    # some stand after the transfers of their date
    same = pl.col("is_trade").is_not_null() & (pl.col("trade_date") == pl.col("since"))
    return met.filter(later | same).select(rows.columns)


def without(rows: pl.DataFrame, *groups: pl.DataFrame) -> pl.DataFrame:
    """Leave out the rows of some groups."""
    for some in groups:
        rows = rows.join(some, on=FAMILY, how="anti", maintain_order="left")
    return rows


def with_methods(rows: pl.DataFrame, last: pl.DataFrame, *, asked: bool) -> pl.DataFrame:
    """Add by which `method` a row's group was taken last, or none when nobody asks.

    An action is taken by the method of the event before it; any other row names its own.
    """
    if not asked:
        return rows.with_columns(method=pl.lit(None, dtype=pl.String))
    methods = last.select("account_id", "method", family="isin")
    return rows.join(methods, on=FAMILY, how="left", maintain_order="left")


def methods_filled(carried: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """Fill in the methods of LAST rows of groups that met nothing but actions."""
    if not carried["method"].null_count():
        return carried
    before = last.select(*GROUP, before="method")
    met = carried.join(before, on=GROUP, how="left", maintain_order="left")
    return met.with_columns(method=pl.coalesce("method", "before")).select(LAST.names())


def without_groups(
    table: pl.DataFrame, sequence: pl.DataFrame, stale: pl.DataFrame
) -> pl.DataFrame:
    """Leave the rows of some groups out of a table's sequence."""
    if stale.is_empty():
        return sequence
    rows = table.select(*FAMILY, at=pl.int_range(pl.len(), dtype=pl.UInt32))
    return sequence.join(
        rows.join(stale, on=FAMILY, how="semi"), on="at", how="anti", maintain_order="left"
    )


def washes_without(washes: Washes, named: dict[str, str], *groups: pl.DataFrame) -> Washes:
    """Return what wash sales left in all other groups; what they told is not told again."""
    replacing, losses = (
        without(in_family(rows, named), *groups).drop("family")
        for rows in (washes.replacing, washes.losses)
    )
    return no_washes()._replace(replacing=replacing, losses=losses)


def backdated(firsts: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """Return the groups whose first new event does not stand after the last one taken."""
    pairs = firsts.join(last, on=GROUP, how="inner", suffix="_last")
    later = pl.lit(value=False)
    for name in reversed(MOMENT):
        mine, theirs = pl.col(name), pl.col(f"{name}_last")
        after = (mine > theirs).fill_null(mine.is_not_null() & theirs.is_null())
        later = after | (mine.eq_missing(theirs) & later)
    return pairs.filter(~later).select("account_id", "family")


def untouched(
    before: LotBook, named: dict[str, str], touched: pl.DataFrame, stale: pl.DataFrame
) -> LotBook:
    """Return what of a book goes on as it is: what nothing happened to."""
    return LotBook(
        lots=without(in_family(before.lots, named), touched, stale).select(LOTS.names()),
        realised=without(in_family(before.realised, named), stale).select(REALISED.names()),
        last=without(in_family(before.last, {}), touched, stale).select(LAST.names()),
        disposals=DISPOSALS.to_frame(),
        washes=washes_without(before.washes, named, touched, stale),
        faults=before.faults.clear(),
    )
