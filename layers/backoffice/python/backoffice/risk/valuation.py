"""What holdings and money come to at the latest closes, in another currency where asked.

A value is the quantity times the close, rounded half-up to the minor units of the close's currency
as a trade's gross is; then, at the direct rate, to those of the currency it is asked in. Nothing is
guessed: without a close, a rate or an asset class a value is null, and `missing` says why.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.columns import half_up, int128, minor_units_expr, pow10_expr, round_up_expr
from backoffice.kernel.scaled import E8

_RATE_ONE: Final = 10**18
_PERCENT: Final = 100
_ROOM: Final = 10**37
MOST_MINOR: Final = 10**24
"""Values beyond are told as missing: a million of them, times a percentage, still fit Int128."""


POSITIONS: Final = {"account_id": pl.String, "isin": pl.String, "quantity_e8": pl.Int128}
"""What accounts hold by trade date, signed; rows of one ISIN add up."""


def latest_on(dated: pl.DataFrame, day: date, key: Sequence[str]) -> pl.DataFrame:
    """Keep the latest row dated on or before a day of each key.

    Parameters
    ----------
    dated : pl.DataFrame
        The key's columns, date, and any others: closes by isin, rates by currency and base.
    """
    known = dated.filter(pl.col("date") <= day).sort("date", maintain_order=True)
    return known.unique(list(key), keep="last", maintain_order=True)


def with_values(holdings: pl.DataFrame, closes: pl.DataFrame) -> pl.DataFrame:
    """Value holdings in the currency of their closes.

    Parameters
    ----------
    holdings : pl.DataFrame
        isin, quantity_e8 (signed), asset_class (null: not known), among other columns.
    closes : pl.DataFrame
        isin, currency, close_e8 (a bond's per cent of its nominal), one row an ISIN.

    Returns
    -------
    pl.DataFrame
        The holdings in their order with close_e8, value_currency, value_unit (its minor units in
        one of it), value_minor (signed, null where there is none) and missing (null, or the code
        and the ISIN).
    """
    units = pow10_expr(minor_units_expr("currency"))
    # what a currency says is asked of the closes, which are few beside the holdings
    known = closes.select("isin", "close_e8", value_currency="currency", value_unit=units)
    priced = holdings.join(known, on="isin", how="left", maintain_order="left")
    fits = pl.col("quantity_e8").abs() <= int128(_ROOM) // pl.max_horizontal("close_e8", int128(1))
    valued = priced.with_columns(value_minor=pl.when(fits & _is_known()).then(_value()))
    value = pl.col("value_minor")
    bounded = pl.when(value.abs() <= int128(MOST_MINOR)).then(value)
    return valued.with_columns(value_minor=bounded, missing=_why_no_value(bounded))


def _is_known() -> pl.Expr:
    return pl.col("asset_class").is_not_null() & pl.col("value_unit").is_not_null()


def _value() -> pl.Expr:
    """Quantity x close, half-up; a bond's close is per cent."""
    is_bond = pl.col("asset_class") == "BOND"
    per_cent = pl.when(is_bond).then(int128(_PERCENT)).otherwise(int128(1))
    divisor = int128(10 ** (2 * E8)) // pl.col("value_unit") * per_cent
    return half_up(pl.col("quantity_e8") * pl.col("close_e8"), divisor)


def _why_no_value(value: pl.Expr) -> pl.Expr:
    code = (
        pl.when(pl.col("asset_class").is_null())
        .then(pl.lit("UNKNOWN_INSTRUMENT"))
        .when(pl.col("close_e8").is_null())
        .then(pl.lit("NO_PRICE"))
        .otherwise(pl.lit("OUT_OF_RANGE"))
    )
    return pl.when(value.is_null()).then(pl.format("{} {}", code, "isin"))


def with_rate(rows: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """Find the direct rate of each row: no inverse, no cross.

    Parameters
    ----------
    rows : pl.DataFrame
        value_currency, account_currency, missing, among other columns.
    rates : pl.DataFrame
        currency, base, rate_e18, one row a pair.

    Returns
    -------
    pl.DataFrame
        The rows in their order with rate_times and rate_by: minor units of the value's currency
        times the one, divided by the other, are those of the account's (1 and 1 where they are
        one currency). Null where there is no rate, or none that fits; where there is none
        `missing` says so, unless it says something already.
    """
    pairs = rates.filter(pl.col("currency") != pl.col("base")).select(
        *_factors(), value_currency="currency", account_currency="base", is_there=pl.lit(value=True)
    )
    rated = rows.join(
        pairs, on=["value_currency", "account_currency"], how="left", maintain_order="left"
    )
    # what is in its own currency already needs no room for a rate
    same = pl.col("value_currency") == pl.col("account_currency")
    lacks = pl.format("NO_FX_RATE {}/{}", "value_currency", "account_currency")
    no_rate = pl.when(~same & pl.col("is_there").is_null()).then(lacks)
    one = pl.when(same).then(int128(1))
    return rated.with_columns(
        rate_times=pl.coalesce(one, "rate_times"),
        rate_by=pl.coalesce(one, "rate_by"),
        missing=pl.coalesce("missing", no_rate),
    ).drop("is_there")


def _factors() -> tuple[pl.Expr, pl.Expr]:
    """Turn rates between whole currencies into factors between their minor units."""
    theirs, ours = minor_units_expr("currency"), minor_units_expr("base")
    finer = pow10_expr(pl.max_horizontal(ours - theirs, int128(0)))
    coarser = pow10_expr(pl.max_horizontal(theirs - ours, int128(0)))
    fits = pl.col("rate_e18") <= int128(_ROOM) // finer
    times = pl.when(fits).then(pl.col("rate_e18") * finer)
    return times.alias("rate_times"), (int128(_RATE_ONE) * coarser).alias("rate_by")


def converted(column: str, *, up: bool = False) -> pl.Expr:
    """Turn minor units of value_currency into those of account_currency, as `with_rate` found.

    Rounded half-up, or away from zero when `up`; null where the rate or the amount is, and where
    the outcome does not fit.
    """
    fits = pl.col(column).abs() <= int128(_ROOM) // pl.max_horizontal("rate_times", int128(1))
    divide = round_up_expr if up else half_up
    amount = divide(pl.col(column) * pl.col("rate_times"), pl.col("rate_by"))
    return pl.when(fits).then(amount)
