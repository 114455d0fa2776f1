"""What the depository has waiting against what we have instructed: a picture of one day."""

from datetime import date

import polars as pl

from backoffice.accounting.reconciliation.frames import (
    ITEM_SCHEMA,
    OURS,
    TRANSACTION,
    empty,
)
from backoffice.accounting.reconciliation.items import transactions
from backoffice.accounting.reconciliation.left_over import breaks_of
from backoffice.accounting.reconciliation.matching import match
from backoffice.accounting.reconciliation.tolerances import Tolerances
from backoffice.kernel.frames import shaped
from backoffice.settlement.obligations import CONFIRMABLE


def pending_breaks(
    rows: pl.DataFrame,
    obligations: pl.DataFrame,
    settled_left: pl.DataFrame,
    within: Tolerances,
    day: date,
) -> pl.DataFrame:
    """Compare a day's pending and cancelled transactions with the obligations still to settle.

    Parameters
    ----------
    rows : pl.DataFrame
        Rows of `transactions` files for the day; without a PENDING one they tell of settled ones
        alone, and only what they say is cancelled is looked at.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`. What went out today need not be there yet.
    settled_left : pl.DataFrame
        `ITEM_SCHEMA`: what is a break already as a settled transaction is none here too.

    Returns
    -------
    pl.DataFrame
        `FOUND_SCHEMA`.
    """
    theirs = transactions(rows, "PENDING")
    ours = _waiting(obligations)
    if not theirs.height:
        named = rows.filter(pl.col("status") == "CANCELLED").select(item="our_reference")
        ours = ours.join(named, on="item", how="semi")
    left = match(pl.concat([ours, theirs]), within).left
    fresh = obligations.filter(pl.col("instructed_on") == day).select(item="obligation_id")
    told = theirs.select("subject").unique()
    silent = left.join(fresh, on="item", how="semi").join(told, on="subject", how="anti")
    rest = left.join(silent, on="item", how="anti").join(settled_left, on="subject", how="anti")
    return breaks_of(rest)


def _waiting(obligations: pl.DataFrame) -> pl.DataFrame:
    """Return what is left to settle of what is at the street, as items of our side."""
    live = obligations.filter(
        pl.col("status").is_in(CONFIRMABLE), pl.col("direction").is_in(("RECEIVE", "DELIVER"))
    )
    if not live.height:
        return empty(ITEM_SCHEMA)
    quantity = pl.col("quantity_e8")
    items = live.with_columns(
        kind=pl.lit(TRANSACTION),
        side=pl.lit(OURS),
        item="obligation_id",
        reference="obligation_id",
        subject="obligation_id",
        batch="counterparty",
        unit="isin",
        place=pl.lit(""),
        amount=quantity - quantity.sign() * pl.col("settled_quantity_e8"),
        dated="settlement_date",
    )
    return shaped(items.drop("currency"), ITEM_SCHEMA)
