"""The figures of a margin account: what it has against what it needs, and what it could still buy.

Requirements are rounded up, buying power down.
"""

from typing import Final

import polars as pl

from backoffice.kernel.columns import int128, round_up_expr
from backoffice.risk.margin_rates import PERCENT_UNIT, MarginRates

FIGURES: Final = (
    "long_market_value_minor",
    "short_market_value_minor",
    "debit_minor",
    "credit_minor",
    "equity_minor",
    "initial_requirement_minor",
    "maintenance_requirement_minor",
    "excess_minor",
    "buying_power_minor",
    "call_minor",
)
"""Minor units of the account's currency. Short market value, debit and credit are unsigned; excess
is equity less the initial requirement; call is what equity lacks of the maintenance requirement."""

_KEY: Final = ("account_id", "currency")
_NOTHING: Final = int128(0)


def with_figures(sums: pl.DataFrame, rates: MarginRates) -> pl.DataFrame:
    """Say how accounts stand by what they have.

    Parameters
    ----------
    sums : pl.DataFrame
        account_id, currency, long_minor, short_minor and short_need_minor (what the shorts need),
        unsigned, and cash_minor (negative: the client owes); minor units of the currency.
    rates
        What is asked for.

    Returns
    -------
    pl.DataFrame
        account_id, currency and FIGURES, sorted by account_id.
    """
    long, short, cash = pl.col("long_minor"), pl.col("short_minor"), pl.col("cash_minor")
    long_need = share_up(long, rates.at_least_house(rates.long))
    equity, initial = pl.col("equity_minor"), pl.col("initial_requirement_minor")
    excess = pl.col("excess_minor")
    return (
        sums.with_columns(
            long_market_value_minor=long,
            short_market_value_minor=short,
            debit_minor=_positive(cash * -1),
            credit_minor=_positive(cash),
            equity_minor=cash + long - short,
            initial_requirement_minor=share_up(long + short, rates.initial),
            maintenance_requirement_minor=long_need + pl.col("short_need_minor"),
        )
        .with_columns(
            excess_minor=equity - initial,
            call_minor=_positive(pl.col("maintenance_requirement_minor") - equity),
        )
        .with_columns(
            buying_power_minor=_positive(excess) * int128(PERCENT_UNIT) // int128(rates.initial)
        )
        .select(*_KEY, *FIGURES)
        .sort("account_id")
    )


def share_up(amount: pl.Expr, percent: int) -> pl.Expr:
    """Take a percentage at 10^4 of an amount, rounded up."""
    return round_up_expr(amount * int128(percent), PERCENT_UNIT)


def _positive(amount: pl.Expr) -> pl.Expr:
    return pl.max_horizontal(amount, _NOTHING)
