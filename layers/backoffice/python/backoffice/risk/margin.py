"""Margin: what an account's equity is, what it needs, and what it could still buy.

Long market value less short market value, plus the client's money (less the debit), is the equity;
proceeds of short sales are in the money. Requirements are rounded up, buying power down.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.kernel.columns import int128, round_up_expr
from backoffice.risk.margin_rates import PERCENT_UNIT, MarginRates
from backoffice.risk.short_maintenance import short_maintenance
from backoffice.risk.valuation import MOST_MINOR, converted, with_rate, with_values

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
_SUMS: Final = ("long_minor", "short_minor", "cash_minor", "short_need_minor")


@dataclass(frozen=True, slots=True)
class Assessed:
    """Margin accounts as they stand.

    Attributes
    ----------
    margin : pl.DataFrame
        account_id, currency and FIGURES, sorted by account_id.
    missing : pl.DataFrame
        account_id, missing (a code and what it is about): what keeps an account from being
        assessed. Such an account is in `margin` not at all.
    holdings : pl.DataFrame
        account_id, isin, account_currency, quantity_e8, value_minor (signed, of the account's
        currency), of the accounts that are in `margin`.
    """

    margin: pl.DataFrame
    missing: pl.DataFrame
    holdings: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Market:
    """What things cost: the latest of each key.

    Attributes
    ----------
    closes : pl.DataFrame
        isin, currency, close_e8.
    rates : pl.DataFrame
        currency, base, rate_e18.
    instruments : pl.DataFrame
        isin, asset_class.
    """

    closes: pl.DataFrame
    rates: pl.DataFrame
    instruments: pl.DataFrame


def assess(
    accounts: pl.DataFrame,
    positions: pl.DataFrame,
    cash: pl.DataFrame,
    market: Market,
    rates: MarginRates,
) -> Assessed:
    """Assess margin accounts at the latest closes.

    Parameters
    ----------
    accounts : pl.DataFrame
        account_id, currency of the margin accounts; others' positions and money are left out.
    positions : pl.DataFrame
        account_id, isin, quantity_e8 (trade date, signed); of one ISIN they add up, whatever
        currency they were bought in.
    cash : pl.DataFrame
        account_id, currency, cash_minor (trade date; negative: the client owes).
    market
        Closes and rates.
    rates
        What is asked for.

    Returns
    -------
    Assessed
        The accounts that hold or owe anything.
    """
    known = accounts.select("account_id", account_currency="currency")
    held = _held(known, positions, market, rates)
    owed = _owed(known, cash, market)
    both = pl.concat([held.select(_ROWS), owed.select(_ROWS)])
    missing = both.filter(pl.col("missing").is_not_null()).select("account_id", "missing")
    missing = missing.unique().sort("account_id", "missing")
    sums = both.join(missing, on="account_id", how="anti").group_by(
        "account_id", currency="account_currency"
    )
    margin = _required(sums.agg(pl.col(_SUMS).sum()), rates)
    holdings = held.join(missing, on="account_id", how="anti").select(
        "account_id", "isin", "account_currency", "quantity_e8", value_minor="signed_minor"
    )
    return Assessed(margin, missing, holdings.sort("account_id", "isin"))


_ROWS: Final = ("account_id", "account_currency", "missing", *_SUMS)
_NOTHING: Final = int128(0)


def _held(
    accounts: pl.DataFrame, positions: pl.DataFrame, market: Market, rates: MarginRates
) -> pl.DataFrame:
    """Value what the accounts hold, and what each short of theirs asks for."""
    held = (
        positions.join(accounts, on="account_id")
        .group_by("account_id", "account_currency", "isin")
        .agg(pl.col("quantity_e8").sum())
        .filter(pl.col("quantity_e8") != 0)
        .join(market.instruments.select("isin", "asset_class"), on="isin", how="left")
    )
    valued = with_rate(with_values(held, market.closes), market.rates)
    needed = valued.with_columns(need_own_minor=short_maintenance(rates))
    rows = needed.with_columns(
        signed_minor=converted("value_minor"), need_minor=converted("need_own_minor", up=True)
    )
    signed = pl.col("signed_minor")
    is_short = pl.col("quantity_e8") < 0
    return _bounded(rows, "signed_minor", "isin").with_columns(
        long_minor=pl.when(is_short).then(_NOTHING).otherwise(signed),
        short_minor=pl.when(is_short).then(signed * -1).otherwise(_NOTHING),
        cash_minor=_NOTHING,
        short_need_minor=pl.when(is_short).then("need_minor").otherwise(_NOTHING),
    )


def _owed(accounts: pl.DataFrame, cash: pl.DataFrame, market: Market) -> pl.DataFrame:
    """Turn the accounts' money into their currencies."""
    money = (
        cash.filter(pl.col("cash_minor") != 0)
        .join(accounts, on="account_id")
        .rename({"currency": "value_currency"})
        .with_columns(missing=pl.lit(None, dtype=pl.String))
    )
    rated = with_rate(money, market.rates).with_columns(cash_minor=converted("cash_minor"))
    nothing = dict.fromkeys(("long_minor", "short_minor", "short_need_minor"), _NOTHING)
    return _bounded(rated, "cash_minor", "value_currency").with_columns(**nothing)


def _bounded(rows: pl.DataFrame, column: str, subject: str) -> pl.DataFrame:
    """Tell what cannot be added up for its size."""
    fits = (pl.col(column).abs() <= int128(MOST_MINOR)).fill_null(value=False)
    too_large = pl.when(~fits).then(pl.format("OUT_OF_RANGE {}", subject))
    return rows.with_columns(missing=pl.coalesce("missing", too_large))


def _required(sums: pl.DataFrame, rates: MarginRates) -> pl.DataFrame:
    """Add FIGURES to the sums of the accounts."""
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
