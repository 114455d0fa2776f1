"""Credit limits: what one purchase may come to, in the account's own currency."""

from typing import Final

import polars as pl

from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.reference.lookup import latest_rates

_RATE_ONE: Final = 10**18
_LIMIT: Final = ("currency", "account_currency", "credit_limit_minor", "limit_rate_e18")
_NO_BOUND: Final = 10**37
"""Above every net there can be."""
_PAIR: Final = ("currency", "account_currency", "trade_date")


def with_rates(trades: pl.DataFrame, fx: pl.DataFrame) -> pl.DataFrame:
    """Add the rate at which each trade counts against its account's limit.

    Parameters
    ----------
    trades : pl.DataFrame
        side, currency, trade_date, account_currency, credit_limit_minor (null: no limit).
    fx : pl.DataFrame
        currency, base, date, rate_e18.

    Returns
    -------
    pl.DataFrame
        The trades in their order with `limited` (a BUY of an account with a limit),
        `limit_rate_e18` (10^-18 of the account's currency for one of the trade's; 1 where they
        are one, null where no direct rate is dated on or before the trade date) and
        `most_minor`: what a purchase may come to in its own currency, null without a rate.
    """
    limited = (pl.col("side") == "BUY") & pl.col("credit_limit_minor").is_not_null()
    foreign = pl.col("currency") != pl.col("account_currency")
    rows = trades.lazy().with_columns(limited=limited)
    asked = rows.filter("limited", foreign).select(
        "currency", "trade_date", base="account_currency"
    )
    rates = latest_rates(asked, fx).select(*_pair_columns(), limit_rate_e18="rate_e18")
    same = pl.when(~foreign).then(pl.lit(_RATE_ONE, dtype=pl.Int128))
    rated = rows.join(rates, on=_PAIR, how="left", maintain_order="left").with_columns(
        limit_rate_e18=pl.coalesce(same, "limit_rate_e18")
    )
    known = rated.collect(engine="in-memory")
    return known.join(_most(known.lazy()), on=_LIMIT, how="left", maintain_order="left")


def _most(rated: pl.LazyFrame) -> pl.DataFrame:
    """Turn each limit into the trades' currency, rounded down, in whole numbers of any size.

    net x rate / 10^18 x 10^theirs / 10^ours > limit is the same question as net > the largest
    whole net that keeps within it. Limits, currencies and rates are few beside the trades.
    """
    known = rated.filter("limited", pl.col("limit_rate_e18").is_not_null())
    pairs = known.select(_LIMIT).unique(maintain_order=True).collect(engine="in-memory")
    most = [
        min(
            limit * 10 ** MINOR_UNITS[ours] * _RATE_ONE // (rate * 10 ** MINOR_UNITS[theirs]),
            _NO_BOUND,
        )
        for ours, theirs, limit, rate in pairs.iter_rows()
    ]
    return pairs.with_columns(pl.Series("most_minor", most, dtype=pl.Int128))


def _pair_columns() -> tuple[pl.Expr, ...]:
    return (pl.col("currency"), pl.col("base").alias("account_currency"), pl.col("trade_date"))


def is_over_limit() -> pl.Expr:
    """Whether a purchase's net, unrounded in the account's currency, is above the limit.

    Reads limited, net_minor, most_minor; null where the net or the rate is not known.
    """
    return pl.col("limited") & (pl.col("net_minor") > pl.col("most_minor"))


def is_rate_missing() -> pl.Expr:
    """Whether a limit cannot be looked at because the direct rate is missing."""
    return pl.col("limited") & pl.col("limit_rate_e18").is_null()
