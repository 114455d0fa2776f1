"""Small frames for tests of margin: one account, a few instruments, whole numbers in."""

from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.scaled import parse_scaled
from backoffice.risk.margin import Market
from backoffice.risk.margin_rates import MarginRates

DAY: Final = date(2026, 10, 7)
SHARE, PENNY, EURO, BOND = "US0000000001", "US0000000002", "DE0000000003", "US0000000004"
_NO_PRICE: Final = "US9999999999"
RATES: Final = MarginRates(
    initial=50_0000,
    long=25_0000,
    short=30_0000,
    short_a_share_cents=500,
    low_below_e8=5 * 10**8,
    low=100_0000,
    low_a_share_cents=250,
    bond_principal=5_0000,
)


def house(percent: int) -> MarginRates:
    """Give the rates of a house that asks for this much."""
    return replace(RATES, house=percent * 10**4)


def accounts(currency: str = "USD") -> pl.DataFrame:
    """Give one margin account."""
    return pl.DataFrame({"account_id": ["M-1"], "currency": [currency]})


def positions(isin: str, shares: int) -> pl.DataFrame:
    """Give one position."""
    quantity = pl.Series("quantity_e8", [shares * 10**8], dtype=pl.Int128)
    return pl.DataFrame({"account_id": ["M-1"], "isin": [isin], "quantity_e8": quantity})


def cash(minor: int, currency: str = "USD") -> pl.DataFrame:
    """Give the account's money of one currency."""
    amount = pl.Series("cash_minor", [minor], dtype=pl.Int128)
    return pl.DataFrame({"account_id": ["M-1"], "currency": [currency], "cash_minor": amount})


def market(share: int | str = 100, penny: str = "1", bond: str = "100") -> Market:
    """Give closes; EUR and USD have a rate into ISK, nothing has another."""
    closes = {SHARE: str(share), PENNY: penny, EURO: "20", BOND: bond}
    return Market(
        closes=pl.DataFrame(
            {
                "isin": list(closes),
                "currency": ["USD", "USD", "EUR", "USD"],
                "close_e8": pl.Series(
                    [parse_scaled(p, 8) for p in closes.values()], dtype=pl.Int128
                ),
            }
        ),
        rates=pl.DataFrame(
            {
                "currency": ["EUR", "USD"],
                "base": ["ISK", "ISK"],
                "rate_e18": pl.Series([150 * 10**18, 130 * 10**18], dtype=pl.Int128),
            }
        ),
        instruments=pl.DataFrame(
            {
                "isin": [*closes, _NO_PRICE],
                "asset_class": ["EQUITY", "EQUITY", "EQUITY", "BOND", "EQUITY"],
            }
        ),
    )
