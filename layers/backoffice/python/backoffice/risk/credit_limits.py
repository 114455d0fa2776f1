"""Credit limits: what one purchase may come to, in the account's own currency."""

from typing import Final

import polars as pl

from backoffice.kernel.columns import minor_units_expr, pow10_expr
from backoffice.reference.lookup import latest_rates

_RATE_ONE: Final = 10**12
_PAIR: Final = ("currency", "account_currency", "trade_date")


def with_rates(trades: pl.DataFrame, fx: pl.DataFrame) -> pl.DataFrame:
    """Add the rate at which each trade counts against its account's limit.

    Parameters
    ----------
    trades : pl.DataFrame
        side, currency, trade_date, account_currency, credit_limit_minor (null: no limit).
    fx : pl.DataFrame
        currency, base, date, rate_e12.

    Returns
    -------
    pl.DataFrame
        The trades in their order with `limited` (a BUY of an account with a limit) and
        `limit_rate_e12` (10^-12 of the account's currency for one of the trade's; 1 where they
        are one, null where no direct rate is dated on or before the trade date).
    """
    limited = (pl.col("side") == "BUY") & pl.col("credit_limit_minor").is_not_null()
    foreign = pl.col("currency") != pl.col("account_currency")
    rows = trades.with_columns(limited=limited)
    asked = rows.filter("limited", foreign).select(
        "currency", "trade_date", base="account_currency"
    )
    rates = latest_rates(asked, fx).select(*_pair_columns(), limit_rate_e12="rate_e12")
    same = pl.when(~foreign).then(pl.lit(_RATE_ONE, dtype=pl.Int128))
    return rows.join(rates, on=_PAIR, how="left", maintain_order="left").with_columns(
        limit_rate_e12=pl.coalesce(same, "limit_rate_e12")
    )


def _pair_columns() -> tuple[pl.Expr, ...]:
    return (pl.col("currency"), pl.col("base").alias("account_currency"), pl.col("trade_date"))


def is_over_limit() -> pl.Expr:
    """Whether a purchase's net, unrounded in the account's currency, is above the limit.

    Reads limited, net_minor, currency, limit_rate_e12, credit_limit_minor, account_currency; null
    where the net or the rate is not known. net x rate / 10^12 x 10^theirs / 10^ours > limit is
    asked of whole numbers with the products on one side, so that nothing can wrap.
    """
    theirs = pow10_expr(minor_units_expr("account_currency"))
    ours = pow10_expr(minor_units_expr("currency"))
    allowed = (pl.col("credit_limit_minor") * ours * _RATE_ONE) // (
        pl.col("limit_rate_e12") * theirs
    )
    return pl.col("limited") & (pl.col("net_minor") > allowed)


def is_rate_missing() -> pl.Expr:
    """Whether a limit cannot be looked at because the direct rate is missing."""
    return pl.col("limited") & pl.col("limit_rate_e12").is_null()
