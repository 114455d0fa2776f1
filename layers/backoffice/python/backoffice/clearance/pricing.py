"""What a trade comes to: gross, fees and net, in whole minor units of its currency."""

from functools import cache
from typing import Final

import polars as pl

from backoffice.clearance.fee_schedule import schedule_for
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.columns import half_up, int128, minor_units_expr, pow10_expr, round_up_expr

_SCALE: Final = 8  # decimals of a quantity, a price and a rate
_PERCENT: Final = 100  # a bond's price is per cent of its nominal


def price(trades: pl.DataFrame, fees: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Price trades and charge them.

    Parameters
    ----------
    trades : pl.DataFrame
        Captured trades with `asset_class` (EQUITY, ETF, BOND, FUND; null when not known: then
        nothing is computable).
    fees : pl.DataFrame
        The merged `fees` table.

    Returns
    -------
    priced : pl.DataFrame
        The trades in their order with gross_minor, fees_minor, net_minor (Int128 or null).
    lines : pl.DataFrame
        partner, trade_date, trade_id, fee_code, amount_minor: what the fees are made of, one row a
        trade and fee code, zero amounts left out.
    """
    grossed = trades.with_columns(digits=minor_units_expr()).with_columns(gross_minor=_gross())
    schedule = schedule_for(grossed, fees)
    charged = [_charge(grossed, terms) for terms in schedule.slots]
    nothing = pl.when(pl.col("gross_minor").is_not_null()).then(pl.lit(0, dtype=pl.Int128))
    total = grossed.select(fees_minor=nothing).to_series()
    for line in charged:
        total = total + line["amount_minor"].fill_null(0)
    priced = grossed.with_columns(fees_minor=total).with_columns(net_minor=_net())
    return priced.drop("digits"), _lines(grossed, charged, repeated=schedule.repeats_a_code)


@cache
def _gross() -> pl.Expr:
    """Quantity x price, half-up; a bond's price is per cent, its accrued interest comes on top."""
    is_bond = pl.col("asset_class") == "BOND"
    per_cent = pl.when(is_bond).then(int128(_PERCENT)).otherwise(int128(1))
    divisor = pow10_expr(2 * _SCALE - pl.col("digits")) * per_cent
    clean = half_up(pl.col("quantity_e8") * pl.col("price_e8"), divisor)
    accrued = pl.when(is_bond).then(pl.col("accrued_minor").fill_null(0)).otherwise(int128(0))
    return pl.when(pl.col("asset_class").is_not_null()).then(clean + accrued)


def _charge(trades: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """Return fee_code and amount_minor of one slot, null where it is empty or not computable."""
    rows = trades.select("gross_minor", "quantity_e8", "digits").hstack(terms)
    computable = pl.col("gross_minor").is_not_null() & pl.col("fee_code").is_not_null()
    return rows.select("fee_code", amount_minor=pl.when(computable).then(_fee()))


@cache
def _fee() -> pl.Expr:
    """Basis x rate, rounded, then clamped.

    The bounds are whole minor units, so that clamping first and rounding then comes to the same;
    this way round the bounds need no scaling that could leave Int128.
    """
    rate, basis = pl.col("rate_e8"), pl.col("basis")
    by_gross, by_shares = basis == "NOTIONAL", basis == "SHARES"
    numerator = (
        pl.when(by_gross)
        .then(pl.col("gross_minor") * rate)
        .when(by_shares)
        .then(pl.col("quantity_e8") * rate)
        .otherwise(rate)
    )
    exponent = (
        pl.when(by_gross)
        .then(int128(_SCALE))
        .when(by_shares)
        .then(2 * _SCALE - pl.col("digits"))
        .otherwise(_SCALE - pl.col("digits"))
    )
    divisor = pow10_expr(exponent)
    rounded = (
        pl.when(pl.col("rounding") == "UP")
        .then(round_up_expr(numerator, divisor))
        .otherwise(half_up(numerator, divisor))
    )
    # the horizontal extremes skip nulls: a bound that is absent does not bound
    return pl.min_horizontal(pl.max_horizontal(rounded, "minimum_minor"), "maximum_minor")


@cache
def _net() -> pl.Expr:
    """Add the charges to what a purchase costs, take them off what a sale brings."""
    charges = pl.col("commission_minor") + pl.col("fees_minor")
    bought = pl.col("side") == "BUY"
    signed = pl.when(bought).then(charges).otherwise(charges * -1)
    return pl.col("gross_minor") + signed


def _lines(trades: pl.DataFrame, charged: list[pl.DataFrame], *, repeated: bool) -> pl.DataFrame:
    """Lay the slots end to end; the same fee code on one trade is one line."""
    identity = trades.select(IDENTITY)
    none = identity.clear().with_columns(
        fee_code=pl.lit(None, dtype=pl.String), amount_minor=pl.lit(None, dtype=pl.Int128)
    )
    lines = pl.concat([none, *(identity.hstack(line) for line in charged)]).filter(
        pl.col("amount_minor") != 0
    )
    if not repeated:
        return lines
    return lines.group_by(*IDENTITY, "fee_code", maintain_order=True).agg(
        pl.col("amount_minor").sum()
    )
