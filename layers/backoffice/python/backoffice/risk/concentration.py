"""Concentration: an issue's share of the long market value of an account, and of all of them."""

from typing import Final

import polars as pl

from backoffice.kernel.columns import int128
from backoffice.risk.margin_rates import PERCENT_UNIT
from backoffice.risk.valuation import converted, with_rate

SHARE_SCALE: Final = 2
"""Shares are per cent at 10^2, rounded down: what is below a threshold never reaches it."""

_SHARE_UNIT: Final = 100 * 10**SHARE_SCALE


def by_account(holdings: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Find the issues that are a large share of an account.

    Parameters
    ----------
    holdings : pl.DataFrame
        account_id, isin, account_currency, value_minor (signed): shorts count nowhere.
    threshold : int
        Per cent at 10^4; from here on a share is large.

    Returns
    -------
    pl.DataFrame
        account_id, isin, currency, value_minor, share_e2 (per cent at 10^2); sorted.
    """
    long = holdings.filter(pl.col("value_minor") > 0)
    whole = pl.col("value_minor").sum().over("account_id")
    return (
        _large(long.with_columns(whole_minor=whole), threshold)
        .select("account_id", "isin", "value_minor", "share_e2", currency="account_currency")
        .sort("account_id", "isin")
    )


def by_firm(
    holdings: pl.DataFrame, rates: pl.DataFrame, currency: str, threshold: int
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Find the issues that are a large share of what all the accounts hold.

    Parameters
    ----------
    holdings, threshold
        As for `by_account`.
    rates : pl.DataFrame
        currency, base, rate_e18: the latest direct rates.
    currency : str
        What the accounts' values are added up in.

    Returns
    -------
    large : pl.DataFrame
        isin, currency, value_minor, share_e2; sorted. Without rows when a rate is missing: a share
        of a part would be a guess.
    missing : tuple of str
        The rates there are none of.
    """
    long = holdings.filter(pl.col("value_minor") > 0).select(
        "isin",
        "value_minor",
        value_currency="account_currency",
        account_currency=pl.lit(currency),
        missing=pl.lit(None, dtype=pl.String),
    )
    rated = with_rate(long, rates).with_columns(value_minor=converted("value_minor"))
    missing = tuple(sorted(rated["missing"].drop_nulls().unique()))
    issues = rated.group_by("isin", currency="account_currency").agg(pl.col("value_minor").sum())
    whole = issues.with_columns(whole_minor=pl.col("value_minor").sum())
    large = _large(whole.clear() if missing else whole, threshold)
    return large.select("isin", "currency", "value_minor", "share_e2").sort("isin"), missing


def _large(rows: pl.DataFrame, threshold: int) -> pl.DataFrame:
    value, whole = pl.col("value_minor"), pl.col("whole_minor")
    is_large = value * int128(PERCENT_UNIT) >= whole * int128(threshold)
    return rows.filter(is_large).with_columns(share_e2=value * int128(_SHARE_UNIT) // whole)
