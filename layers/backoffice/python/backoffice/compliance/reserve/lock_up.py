"""What is to be in possession or control: fully paid securities, and excess margin securities."""

from typing import Final

import polars as pl

from backoffice.compliance.reserve.market import Dollars
from backoffice.kernel.columns import int128, round_up_expr

FULLY_PAID: Final = "FULLY_PAID"
EXCESS_MARGIN: Final = "EXCESS_MARGIN"
PERCENT_SCALE: Final = 4
_WHOLE: Final = 100 * 10**PERCENT_SCALE
_NOTHING: Final = int128(0)
_ROOM: Final = 10**37
_COLUMNS: Final = ("account_id", "isin", "kind", "quantity_e8", "missing")


def locked_up(
    accounts: pl.DataFrame,
    holdings: pl.DataFrame,
    cash: pl.DataFrame,
    percent: int,
    market: Dollars,
) -> pl.DataFrame:
    """Return account_id, isin, kind, quantity_e8 (at 10^8), missing: what is to be locked up.

    All that is long in a cash account, or in a margin account that owes nothing, is fully paid. Of
    one that owes, issues by ISIN serve as margin up to the percentage of the debit; the rest is
    excess. The credit of short sales counts only above what the short positions are worth.

    Parameters
    ----------
    accounts : pl.DataFrame
        account_id, account_type of customers.
    holdings : pl.DataFrame
        account_id, isin, quantity_e8 (signed, settled).
    cash : pl.DataFrame
        account_id, currency, value_minor (signed: negative where the account owes).
    percent
        At 10^4.
    """
    long = holdings.filter(pl.col("quantity_e8") > 0)
    margin = accounts.filter(pl.col("account_type") == "MARGIN")
    debits = _debits(
        holdings.join(margin, on="account_id", how="semi"),
        cash.join(margin, on="account_id", how="semi"),
        market,
    )
    paid = long.join(debits, on="account_id", how="anti")
    nothing = pl.lit(None, pl.String)
    fully = paid.with_columns(kind=pl.lit(FULLY_PAID), missing=nothing)
    owing = market.of_shares(long.join(debits, on="account_id", how="semi"))
    excess = _excess(owing.join(debits, on="account_id"), percent)
    both = pl.concat([fully.select(_COLUMNS), excess.select(_COLUMNS)])
    return both.sort("account_id", "isin")


def _debits(holdings: pl.DataFrame, cash: pl.DataFrame, market: Dollars) -> pl.DataFrame:
    """Return account_id, debit_minor, lacks of the accounts that owe, or whose debit is unknown."""
    short = market.of_shares(holdings.filter(pl.col("quantity_e8") < 0))
    parts = [
        one.select("account_id", "usd_minor", "missing") for one in (short, market.of_money(cash))
    ]
    net = (
        pl.concat(parts)
        .group_by("account_id")
        .agg(pl.col("usd_minor").sum(), lacks=pl.col("missing").drop_nulls().min())
    )
    owes = net.with_columns(debit_minor=pl.max_horizontal(pl.col("usd_minor") * -1, _NOTHING))
    found = owes.filter((pl.col("debit_minor") > 0) | pl.col("lacks").is_not_null())
    return found.select("account_id", "debit_minor", "lacks")


def _excess(owing: pl.DataFrame, percent: int) -> pl.DataFrame:
    worth, quantity = pl.col("usd_minor"), pl.col("quantity_e8")
    limit = round_up_expr(pl.col("debit_minor") * int128(percent), _WHOLE)
    before = worth.cum_sum().over("account_id") - worth
    sorted_rows = owing.sort("account_id", "isin").with_columns(
        used_minor=pl.min_horizontal(pl.max_horizontal(limit - before, _NOTHING), worth)
    )
    fits = quantity <= int128(_ROOM) // pl.max_horizontal(worth, int128(1))
    used = quantity * pl.col("used_minor") // pl.max_horizontal(worth, int128(1))
    large = pl.when(~fits).then(pl.format("OUT_OF_RANGE {}", "isin"))
    return sorted_rows.with_columns(
        kind=pl.lit(EXCESS_MARGIN),
        quantity_e8=pl.when(fits).then(quantity - used),
        missing=pl.coalesce("missing", "lacks", large),
    ).filter((pl.col("quantity_e8") > 0) | pl.col("missing").is_not_null())
