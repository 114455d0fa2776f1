"""FINRA rule 4210(c)(2) to (4): what an account needs to stay short of a stock or a bond.

The amounts a share are dollars: they bind where the close is in dollars. Elsewhere the percentage
alone does, for there is no dollar price to be above or below the bound.
"""

from typing import Final

import polars as pl

from backoffice.kernel.columns import int128, round_up_expr
from backoffice.kernel.scaled import E8
from backoffice.risk.margin_rates import PERCENT_UNIT, MarginRates

_DOLLAR: Final = "USD"


def short_maintenance(rates: MarginRates) -> pl.Expr:
    """Return what a short position needs, in minor units of value_currency, rounded up.

    Reads asset_class, value_currency, value_unit, close_e8, value_minor, quantity_e8; of no use for
    a long position, null without a value.
    """
    is_bond = pl.col("asset_class") == "BOND"
    in_dollars = pl.col("value_currency") == _DOLLAR
    is_low = in_dollars & (pl.col("close_e8") < int128(rates.low_below_e8))
    by_value = _share(rates.at_least_house(rates.short))
    bond = pl.max_horizontal(by_value, _of_principal(rates.bond_principal))
    low = pl.max_horizontal(
        _share(rates.at_least_house(rates.low)), _by_share(rates.low_a_share_cents)
    )
    dollars = pl.max_horizontal(by_value, _by_share(rates.short_a_share_cents))
    needed = (
        pl.when(is_bond)
        .then(bond)
        .when(is_low)
        .then(low)
        .when(in_dollars)
        .then(dollars)
        .otherwise(by_value)
    )
    return pl.when(pl.col("value_minor").is_not_null()).then(needed)


def _share(percent: int) -> pl.Expr:
    return round_up_expr(pl.col("value_minor").abs() * int128(percent), PERCENT_UNIT)


def _by_share(cents: int) -> pl.Expr:
    return round_up_expr(pl.col("quantity_e8").abs() * int128(cents), 10**E8)


def _of_principal(percent: int) -> pl.Expr:
    """Take a share of a bond's nominal; like its value, it is money of its currency."""
    nominal = pl.col("quantity_e8").abs() * pl.col("value_unit")
    return round_up_expr(nominal * int128(percent), 10**E8 * PERCENT_UNIT)
