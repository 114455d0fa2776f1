"""Interest of balances by day, kept exact: parts of a minor unit, summed before any is rounded."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from backoffice.accounting.interest.terms import CurrencyTerms
from backoffice.kernel.columns import half_up, int128
from backoffice.kernel.day_counts import YEARS, year_fraction
from backoffice.kernel.errors import OutOfRangeError

INTEREST_SCHEMA: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "account_id": pl.String,
        "currency": pl.String,
        "period": pl.Date,
        "debit_parts": pl.Int128,
        "credit_parts": pl.Int128,
        "debit_minor": pl.Int128,
        "credit_minor": pl.Int128,
        "until": pl.Date,
    }
)
"""A row an account, currency and month, named by its first day: interest owed to us (debit) and to
the client (credit). `_parts` are exact, `PARTS` to a minor unit; `_minor` is what was capitalised
of it; `until` is the last day in it."""

PARTS: Final = 100 * 10**6 * YEARS
"""Per cent a year at 10^6, and days of any day count, for one minor unit."""

LARGEST_BALANCE: Final = 10**24
"""In minor units; a month of it at the largest rate there is fits an Int128."""

_TIERS: Final = {
    "currency": pl.String, "side": pl.String, "account_type": pl.String, "first": pl.Date,
    "last": pl.Date, "floor_minor": pl.Int128, "cap_minor": pl.Int128, "rate_e6": pl.Int128,
    "day_count": pl.String,
}  # fmt: skip
_KEY: Final = ("account_id", "currency", "period")


def due(side: str) -> pl.Expr:
    """Return the interest of a row in minor units, half-up: `side` is debit or credit."""
    return half_up(pl.col(f"{side}_parts"), PARTS)


def tier_frame(terms: Sequence[CurrencyTerms]) -> pl.DataFrame:
    """Frame the tiers of all currencies."""
    rows = [{"currency": one.currency, **tier.model_dump()} for one in terms for tier in one.tiers]
    return pl.DataFrame(rows, schema=_TIERS)


def interest_of(balances: pl.DataFrame, types: pl.DataFrame, tiers: pl.DataFrame) -> pl.DataFrame:
    """Return the interest of days' balances by account, currency and month.

    Parameters
    ----------
    balances : pl.DataFrame
        account_id, currency, day, balance (minor units, debits positive).
    types : pl.DataFrame
        account_id, account_type.
    tiers : pl.DataFrame
        As `tier_frame` makes them.

    Returns
    -------
    pl.DataFrame
        account_id, currency, period, debit_parts, credit_parts, until.

    Raises
    ------
    OutOfRangeError
        When a balance is so large that its interest could wrap.
    """
    if balances.select((pl.col("balance").abs() >= LARGEST_BALANCE).any()).item():
        raise OutOfRangeError(f"a client's balance is not below {LARGEST_BALANCE} minor units")
    side = pl.when(pl.col("balance") > 0).then(pl.lit("DEBIT")).otherwise(pl.lit("CREDIT"))
    size = pl.col("balance").abs()
    slices = (
        balances.filter(pl.col("balance") != 0)
        .with_columns(side=side)
        .join(types, on="account_id")
        .join(tiers, on=["currency", "side", "account_type"])
        .filter(pl.col("day").is_between("first", "last"), size > pl.col("floor_minor"))
    )
    worth = pl.min_horizontal(size, pl.col("cap_minor")) - pl.col("floor_minor")
    parts = worth * pl.col("rate_e6") * pl.col("weight")
    return _by_month(
        slices.join(_weights(slices), on=["day_count", "day"]).with_columns(parts=parts)
    )


def _by_month(weighed: pl.DataFrame) -> pl.DataFrame:
    """Sum the parts of an account, currency and month by side."""
    by_side = {
        f"{name}_parts": pl.when(pl.col("side") == name.upper())
        .then("parts")
        .otherwise(int128(0))
        .sum()
        for name in ("debit", "credit")
    }
    months = weighed.with_columns(period=pl.col("day").dt.month_start())
    return months.group_by(_KEY).agg(**by_side, until=pl.col("day").max())


def _weights(slices: pl.DataFrame) -> pl.DataFrame:
    """Say how many parts of a year each day is, by its day count."""
    asked = slices.select("day_count", "day").unique()
    rows = [(count, day, _weight(count, day)) for count, day in asked.iter_rows()]
    schema = {"day_count": pl.String, "day": pl.Date, "weight": pl.Int128}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _weight(count: str, day: date) -> int:
    """Count the night before a day: that of the 31st is none where months have thirty days."""
    parts = year_fraction(count, day - timedelta(days=1), day) * YEARS
    return parts.numerator // parts.denominator


def add(state: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Add interest to what is kept of each account, currency and month.

    Parameters
    ----------
    state : pl.DataFrame
        `INTEREST_SCHEMA`.
    parts : pl.DataFrame
        As `interest_of` returns it.
    """
    nothing = int128(0)
    fresh = parts.with_columns(debit_minor=nothing, credit_minor=nothing)
    figures = [name for name in INTEREST_SCHEMA if name.endswith(("_parts", "_minor"))]
    return (
        pl.concat([state, fresh.select(list(INTEREST_SCHEMA))])
        .group_by(_KEY)
        .agg(*(pl.col(name).sum() for name in figures), pl.col("until").max())
        .select(list(INTEREST_SCHEMA))
        .sort(_KEY)
    )
