"""Netting: many trades with a counterparty become one obligation, which is instructed."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.frames import (
    FIGURES,
    MEMBERSHIP_SCHEMA,
    NET_KEY,
)
from backoffice.settlement.nets import SUMS, add_nets
from backoffice.settlement.obligations import OPEN, instruct, opened, replace_rows, with_new_ids
from backoffice.settlement.venues import add_venues, counted_venues

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


def net(
    nets: pl.DataFrame, obligations: pl.DataFrame, day: date, *, after_cut_off: bool = False
) -> Netted:
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
    after_cut_off : bool
        Whether these were released since: what the cut-off opened keeps its name.
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
    created = _named(assigned.filter(pl.col("obligation_id").is_null()), day, after_cut_off)
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


def _named(nets: pl.DataFrame, day: date, after_cut_off: bool) -> pl.DataFrame:  # noqa: FBT001
    """Name the obligations of nets that join none."""
    alone = pl.col("trade_key").is_not_null()
    origin = pl.when(alone).then(pl.lit("TRADE")).otherwise(pl.lit("NET"))
    nets = nets.with_columns(origin=origin)
    if not after_cut_off:
        return with_new_ids(nets, day, "origin", *_OBLIGATION_KEY)
    later = nets.with_columns(turn=pl.lit("RELEASED"))
    return with_new_ids(later, day, "turn", "origin", *_OBLIGATION_KEY).drop("turn")


def grow(obligations: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Add figures and trades to obligations by obligation_id; those not named stay as they are."""
    by_id = added.select("obligation_id", *(pl.col(name).alias(f"{name}_added") for name in SUMS))
    venues = add_venues(obligations, added).rename({"venues": "venues_added"})
    wider = obligations.join(by_id, on="obligation_id", how="left").join(
        venues, on="obligation_id", how="left"
    )
    sums = [
        (pl.col(name).cast(pl.Int128) + pl.col(f"{name}_added").cast(pl.Int128).fill_null(0))
        .cast(obligations.schema[name])
        .alias(name)
        for name in SUMS
    ]
    return wider.with_columns(*sums, venues=pl.coalesce("venues_added", "venues")).select(
        obligations.columns
    )


def _memberships(homes: pl.DataFrame, day: date) -> pl.DataFrame:
    rows = homes.rename({"settlement_date": "due_date"}).with_columns(
        cleared_on=pl.lit(day, dtype=pl.Date)
    )
    return shaped(rows, MEMBERSHIP_SCHEMA).sort(NET_KEY)
