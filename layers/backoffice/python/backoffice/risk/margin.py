"""Margin: what an account's equity is, what it needs, and what it could still buy.

Long market value less short market value, plus the client's money (less the debit), is the equity;
proceeds of short sales are in the money. Requirements are rounded up, buying power down.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.kernel.columns import int128
from backoffice.risk.margin_figures import with_figures
from backoffice.risk.margin_rates import MarginRates
from backoffice.risk.short_maintenance import short_maintenance
from backoffice.risk.valuation import MOST_MINOR, converted, with_rate, with_values


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
    own = [_held(known, positions, market, rates), _owed(known, cash)]
    rows = _converted(pl.concat(own, how="diagonal"), market.rates)
    missing = rows.filter(pl.col("missing").is_not_null()).select("account_id", "missing")
    missing = missing.unique().sort("account_id", "missing")
    sound = rows.join(missing, on="account_id", how="anti")
    sums = sound.group_by("account_id", currency="account_currency").agg(**_sums())
    held = sound.filter(pl.col("isin").is_not_null()).select(_HOLDINGS)
    return Assessed(with_figures(sums, rates), missing, held.sort("account_id", "isin"))


_HOLDINGS: Final = ("account_id", "isin", "account_currency", "quantity_e8", "value_minor")
_NOTHING: Final = int128(0)


def _held(
    accounts: pl.DataFrame, positions: pl.DataFrame, market: Market, rates: MarginRates
) -> pl.DataFrame:
    """Value what the accounts hold, and what each short of theirs asks for, at the closes."""
    held = (
        positions.join(accounts, on="account_id")
        .group_by("account_id", "account_currency", "isin")
        .agg(pl.col("quantity_e8").sum())
        .filter(pl.col("quantity_e8") != 0)
        .join(market.instruments.select("isin", "asset_class"), on="isin", how="left")
    )
    valued = with_values(held, market.closes)
    return valued.select(
        *_HOLDINGS,
        "value_currency",
        "missing",
        need_minor=pl.when(pl.col("quantity_e8") < 0).then(short_maintenance(rates)),
    )


def _owed(accounts: pl.DataFrame, cash: pl.DataFrame) -> pl.DataFrame:
    """Return the accounts' money, each part of it in its own currency: rows without an ISIN."""
    money = cash.filter(pl.col("cash_minor") != 0).join(accounts, on="account_id")
    return money.select(
        "account_id",
        "account_currency",
        value_currency="currency",
        value_minor="cash_minor",
        missing=pl.lit(None, dtype=pl.String),
    )


def _converted(rows: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """Turn values into the accounts' currencies; tell what cannot be added up for its size."""
    value, need = converted("value_minor"), converted("need_minor", up=True)
    fits = (value.abs() <= int128(MOST_MINOR)).fill_null(value=False)
    fits &= pl.col("need_minor").is_null() | need.is_not_null()
    too_large = pl.when(~fits).then(
        pl.format("OUT_OF_RANGE {}", pl.coalesce("isin", "value_currency"))
    )
    return with_rate(rows, rates).with_columns(
        value_minor=value,
        need_minor=need,
        missing=pl.coalesce("missing", too_large),
    )


def _sums() -> dict[str, pl.Expr]:
    """Add up what an account has: shares long and short, money, and what its shorts need."""
    value, is_cash = pl.col("value_minor"), pl.col("isin").is_null()
    is_short = (pl.col("quantity_e8") < 0).fill_null(value=False)
    return {
        "long_minor": _where(~is_cash & ~is_short, value),
        "short_minor": _where(is_short, value * -1),
        "cash_minor": _where(is_cash, value),
        "short_need_minor": pl.col("need_minor").sum(),
    }


def _where(holds: pl.Expr, amount: pl.Expr) -> pl.Expr:
    return pl.when(holds).then(amount).otherwise(_NOTHING).sum()
