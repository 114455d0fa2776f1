"""Netting: many trades with a counterparty become one obligation an instrument, currency and date.

In two levels: each bucket of accounts nets its own trades, and nets add up in any order.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.settlement.frames import (
    FIGURES,
    MEMBERSHIP_SCHEMA,
    NET_KEY,
    NETS_SCHEMA,
    empty,
    shaped,
)
from backoffice.settlement.obligations import OPEN, instruct, opened, replace_rows, with_new_ids
from backoffice.settlement.venues import add_venues, counted_venues

_NET: Final = tuple(NETS_SCHEMA)
_SUMS: Final = (*FIGURES, "trades")
_TOTALS: Final = tuple(pl.col(name).sum() for name in _SUMS)
_OF_VENUE: Final = (*NET_KEY, "venue")
_SHARED_KEY: Final = tuple(name for name in _OF_VENUE if name != "trade_key")
"""Of what is netted: a key that is null in every row is not grouped by."""
_OBLIGATION_KEY: Final = ("counterparty", "isin", "currency", "settlement_date", "trade_key")


@dataclass(frozen=True, slots=True)
class Netted:
    """What a cut-off's netting leaves.

    Attributes
    ----------
    obligations : pl.DataFrame
        Every obligation given, re-netted and instructed where it was OPEN, and the new ones,
        sorted by obligation_id.
    memberships : pl.DataFrame
        `MEMBERSHIP_SCHEMA`: in which obligation the day's trades of each key are.
    """

    obligations: pl.DataFrame
    memberships: pl.DataFrame


def partial_nets(cleared: pl.DataFrame, trade_netting: Collection[str]) -> pl.DataFrame:
    """Net some of a day's cleared trades.

    Parameters
    ----------
    cleared : pl.DataFrame
        Cleared register rows: partner, trade_date, trade_id, side, quantity_e8, gross_minor,
        counterparty, isin, currency, due_date, venue.
    trade_netting : Collection[str]
        LEIs of the counterparties that net nothing.

    Returns
    -------
    pl.DataFrame
        `NETS_SCHEMA`, one row a key and venue: the nets in the order in which their keys first
        appear, then the trades that are netted with nothing.
    """
    alone = pl.col("counterparty").is_in(list(trade_netting))
    one = pl.lit(1, dtype=pl.UInt32).alias("trades")
    netted = cleared.filter(~alone) if trade_netting else cleared
    rows = netted.select(*_SHARED_KEY, *signed_figures(), one)
    nets = rows.group_by(_SHARED_KEY, maintain_order=True).agg(_TOTALS)
    nets = shaped(nets.with_columns(trade_key=pl.lit(None, dtype=pl.String)), NETS_SCHEMA)
    if not trade_netting:
        return nets
    single = cleared.filter(alone).with_columns(trade_key().alias("trade_key"))
    return pl.concat([nets, shaped(single.with_columns(*signed_figures(), one), NETS_SCHEMA)])


def trade_key() -> pl.Expr:
    """Name a trade as one text: partner, trade date, trade_id."""
    return pl.concat_str("partner", "trade_date", "trade_id", separator="|")


def signed_figures() -> tuple[pl.Expr, ...]:
    """Return what a trade adds: its quantity (BUY +), and its gross on its own side."""
    bought, gross = pl.col("side") == "BUY", pl.col("gross_minor")
    quantity = pl.col("quantity_e8")
    nothing = pl.lit(0, dtype=pl.Int128)
    return (
        pl.when(bought).then(quantity).otherwise(quantity * -1).alias("quantity_e8"),
        pl.when(bought).then(gross).otherwise(nothing).alias("buy_gross_minor"),
        pl.when(bought).then(nothing).otherwise(gross).alias("sell_gross_minor"),
    )


def add_nets(nets: Iterable[pl.DataFrame], rows_at_once: int = 2**18) -> pl.DataFrame:
    """Add nets up; associative, and in any order.

    Memory grows with the keys, not with the nets.

    Parameters
    ----------
    nets : Iterable[pl.DataFrame]
        `NETS_SCHEMA` each.
    rows_at_once : int
        So many are held before they are summed; it changes nothing in what they come to.

    Returns
    -------
    pl.DataFrame
        `NETS_SCHEMA`, one row a key and venue, sorted by these.
    """
    pending, least = [empty(NETS_SCHEMA)], rows_at_once
    for each in nets:
        pending.append(each)
        if sum(rows.height for rows in pending) >= least:
            pending = [_summed(pending)]
            # sums that hardly shrink are not summed again before as many rows have come
            least = max(rows_at_once, 2 * pending[0].height)
    return shaped(_summed(pending), NETS_SCHEMA).sort(_OF_VENUE)


def _summed(nets: Iterable[pl.DataFrame]) -> pl.DataFrame:
    rows = pl.concat(nets).lazy()
    is_shared = pl.col("trade_key").is_null()
    shared = rows.filter(is_shared).group_by(_SHARED_KEY).agg(_TOTALS)
    no_key = pl.lit(None, dtype=pl.String).alias("trade_key")
    own = rows.filter(~is_shared).group_by(_OF_VENUE).agg(_TOTALS)
    summed = pl.concat([shared.with_columns(no_key).select(_NET), own.select(_NET)])
    # polars' other engine takes more time and three times the memory
    return summed.collect(engine="streaming")


def net(nets: pl.DataFrame, obligations: pl.DataFrame, day: date) -> Netted:
    """Turn a cut-off's nets into obligations and instruct all that are not FLAT.

    A net joins the OPEN obligation of its key (the earliest opened, if there are several); beside
    an instructed one another is opened.

    Parameters
    ----------
    nets : pl.DataFrame
        `NETS_SCHEMA`, what today's cut-off cleared, all of it.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`; at least every OPEN one.
    day : date
        The business day of the cut-off.
    """
    today = _of_all_venues(nets).rename({"due_date": "settlement_date"})
    is_open = obligations.filter(pl.col("status") == OPEN)
    first = is_open.sort("opened_on", "obligation_id").unique(_OBLIGATION_KEY, keep="first")
    assigned = today.join(
        first.select(*_OBLIGATION_KEY, "obligation_id"),
        on=_OBLIGATION_KEY,
        how="left",
        nulls_equal=True,
    )
    created = _named(assigned.filter(pl.col("obligation_id").is_null()), day)
    joined = assigned.filter(pl.col("obligation_id").is_not_null())
    live = pl.concat([grow(is_open, joined), opened(created, day)])
    homes = pl.concat([joined, created.select(joined.columns)])
    return Netted(
        obligations=replace_rows(obligations, instruct(live, day)),
        memberships=_memberships(homes, day),
    )


def _of_all_venues(nets: pl.DataFrame) -> pl.DataFrame:
    """Add nets up over their venues, which `venues` lists."""
    return (
        add_nets([nets])
        .group_by(NET_KEY, maintain_order=True)
        .agg(pl.col(*FIGURES).sum(), venues=counted_venues(), trades=pl.col("trades").sum())
    )


def _named(nets: pl.DataFrame, day: date) -> pl.DataFrame:
    """Name the obligations of nets that join none."""
    alone = pl.col("trade_key").is_not_null()
    origin = pl.when(alone).then(pl.lit("TRADE")).otherwise(pl.lit("NET"))
    return with_new_ids(nets.with_columns(origin=origin), day, "origin", *_OBLIGATION_KEY)


def grow(obligations: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Add figures and trades to obligations by obligation_id; those not named stay as they are."""
    by_id = added.select("obligation_id", *(pl.col(name).alias(f"{name}_added") for name in _SUMS))
    venues = add_venues(obligations, added).rename({"venues": "venues_added"})
    wider = obligations.join(by_id, on="obligation_id", how="left").join(
        venues, on="obligation_id", how="left"
    )
    sums = [
        (pl.col(name).cast(pl.Int128) + pl.col(f"{name}_added").cast(pl.Int128).fill_null(0))
        .cast(obligations.schema[name])
        .alias(name)
        for name in _SUMS
    ]
    return wider.with_columns(*sums, venues=pl.coalesce("venues_added", "venues")).select(
        obligations.columns
    )


def _memberships(homes: pl.DataFrame, day: date) -> pl.DataFrame:
    rows = homes.rename({"settlement_date": "due_date"}).with_columns(
        cleared_on=pl.lit(day, dtype=pl.Date)
    )
    return shaped(rows, MEMBERSHIP_SCHEMA).sort(NET_KEY)
