"""What one issue secures too much of: note E(1), by which debits of margin accounts are reduced."""

from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.compliance.reserve.frames import ROW, USD
from backoffice.compliance.reserve.market import Dollars
from backoffice.kernel.columns import int128
from backoffice.kernel.frames import shaped

PERCENT_SCALE: Final = 4
_WHOLE: Final = 100 * 10**PERCENT_SCALE
_NOTHING: Final = int128(0)


def concentrated_rows(
    debits: pl.DataFrame,
    holdings: pl.DataFrame,
    dollars: Dollars,
    collateral_percent: int,
    share_percent: int,
) -> pl.DataFrame:
    """Return by issue what of line 10 is not counted for its concentration, as negative rows of it.

    An issue is collateral of an account up to a percentage of its debit. What it comes to in all
    accounts above a percentage of all collateral is taken off, as far as the debits it secures go.

    Parameters
    ----------
    debits : pl.DataFrame
        account_id, owed_minor: what margin accounts owe and securities secure, in cents.
    holdings : pl.DataFrame
        account_id, isin, quantity_e8: settled positions.
    collateral_percent, share_percent
        At 10^4.
    """
    held = holdings.join(debits, on="account_id", how="semi").filter(pl.col("quantity_e8") > 0)
    valued = dollars.of_shares(held).filter(pl.col("missing").is_null())
    most = pl.col("owed_minor") * int128(collateral_percent) // int128(_WHOLE)
    secured = valued.join(debits, on="account_id").with_columns(
        collateral_minor=pl.min_horizontal("usd_minor", most),
        secures_minor=pl.min_horizontal("usd_minor", "owed_minor"),
    )
    sums = secured.group_by("isin").agg(
        pl.col("collateral_minor", "secures_minor").sum(),
        account=pl.format("{}:{}", pl.lit(chart.SECURITIES_CLIENT), "account_id")
        .sort()
        .str.join(";"),
    )
    part = pl.col("collateral_minor").sum() * int128(share_percent) // int128(_WHOLE)
    over = sums.with_columns(
        over_minor=pl.min_horizontal(pl.col("collateral_minor") - part, "secures_minor")
    ).filter(pl.col("over_minor") > _NOTHING)
    return shaped(_within(over, debits).filter(pl.col("usd_minor") < _NOTHING), ROW)


def _within(over: pl.DataFrame, debits: pl.DataFrame) -> pl.DataFrame:
    """Name the rows, the largest first, and take no more off than is owed in all."""
    ordered = over.sort("over_minor", "isin", descending=[True, False])
    owed = int(debits["owed_minor"].sum() or 0)
    before = pl.col("over_minor").cum_sum() - pl.col("over_minor")
    room = pl.max_horizontal(int128(owed) - before, _NOTHING)
    taken = pl.min_horizontal("over_minor", room) * -1
    return ordered.select(
        line=pl.lit("10"),
        kind=pl.lit("CONCENTRATION"),
        subject="isin",
        account="account",
        currency=pl.lit(USD),
        value_minor=taken,
        usd_minor=taken,
        rate=pl.lit("1"),
    )
