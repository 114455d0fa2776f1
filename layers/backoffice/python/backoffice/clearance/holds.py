"""Why a trade is not cleared: every code that applies, each a condition over one wide frame."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.risk.credit_limits import is_over_limit, is_rate_missing

NOT_WAIVABLE: Final = ("NO_RULE", "UNKNOWN_ACCOUNT", "UNKNOWN_INSTRUMENT")
"""Without its account's kind, its formula or its settlement date no decision completes a trade."""

_PERCENT: Final = 100


def _counterparty_unknown() -> pl.Expr:
    return pl.col("counterparties_known") & pl.col("counterparty_found").is_null()


def _price_out_of_band() -> pl.Expr:
    """Further from the latest close than the band, as numbers, whatever their currencies."""
    close = pl.col("close_e8")
    distance = (pl.col("price_e8") - close).abs()
    return distance * _PERCENT > close * pl.col("price_band_percent")


def _short_without_locate() -> pl.Expr:
    return (pl.col("side") == "SHORT") & pl.col("locate_id").is_null()


def _rule_missing() -> pl.Expr:
    return pl.col("settlement_date").is_null() | pl.col("earliest_due").is_null()


_HOLDS: Final[Mapping[str, Callable[[], pl.Expr]]] = MappingProxyType(
    {
        "CREDIT_LIMIT": is_over_limit,
        "CURRENCY_MISMATCH": lambda: pl.col("instrument_currency") != pl.col("currency"),
        "INSTRUMENT_NOT_ACTIVE": lambda: pl.col("instrument_status") != "ACTIVE",
        "KYC_NOT_APPROVED": lambda: pl.col("kyc_status") != "APPROVED",
        "NOT_A_SESSION": lambda: ~pl.col("is_session"),
        "NO_FX_RATE": is_rate_missing,
        "NO_RULE": _rule_missing,
        "PRICE_OUT_OF_BAND": _price_out_of_band,
        "RESTRICTED_LIST": lambda: pl.col("restricted"),
        "SHORT_WITHOUT_LOCATE": _short_without_locate,
        "UNKNOWN_ACCOUNT": lambda: pl.col("account_kind").is_null(),
        "UNKNOWN_COUNTERPARTY": _counterparty_unknown,
        "UNKNOWN_INSTRUMENT": lambda: pl.col("asset_class").is_null(),
    }
)

SANCTIONS_HIT: Final = "SANCTIONS_HIT"
SHORT_WITHOUT_LOCATE: Final = "SHORT_WITHOUT_LOCATE"
HOLD_CODES: Final = frozenset({*_HOLDS, SANCTIONS_HIT})
"""Every code that can hold a trade; SANCTIONS_HIT is imposed from outside these rules."""


def hold_codes(assessed: pl.DataFrame) -> pl.Series:
    """Find the codes that hold each trade.

    Parameters
    ----------
    assessed : pl.DataFrame
        Priced trades with the facts joined to them; a fact that is null says nothing. Two columns
        may stand beside them, codes joined by `;`: `imposed_codes`, found elsewhere
        (SANCTIONS_HIT, and SHORT_WITHOUT_LOCATE of a locate that does not cover), and
        `waived_codes`, let pass by decision, of which those of `NOT_WAIVABLE` hold all the same.

    Returns
    -------
    pl.Series
        `hold_codes`: a String a trade, codes sorted and joined by `;`, "" when none holds.
    """
    rows = assessed.select(**_flags()).with_row_index("index").lazy()
    found = _found(rows)
    if "imposed_codes" in assessed.columns:
        found = pl.concat([found, _listed(assessed, "imposed_codes")]).unique()
    if "waived_codes" in assessed.columns:
        waived = _listed(assessed, "waived_codes").filter(~pl.col("code").is_in(NOT_WAIVABLE))
        found = found.join(waived, on=["index", "code"], how="anti")
    joined = found.sort("index", "code").group_by("index").agg(pl.col("code").str.join(";"))
    told = rows.select("index").join(joined, on="index", how="left", maintain_order="left")
    return (
        told.select(hold_codes=pl.col("code").fill_null("")).collect(engine="in-memory").to_series()
    )


@cache
def _flags() -> Mapping[str, pl.Expr]:
    return {code: condition().fill_null(value=False) for code, condition in _HOLDS.items()}


def _found(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return index and code of each flag that is set; few rows have any."""
    some = rows.filter(pl.any_horizontal(list(_HOLDS)))
    return some.unpivot(index="index", variable_name="code").filter("value").drop("value")


def _listed(assessed: pl.DataFrame, column: str) -> pl.LazyFrame:
    """Return index and code of each code that a column lists."""
    rows = assessed.lazy().select(column).with_row_index("index").filter(pl.col(column) != "")
    return rows.select("index", code=pl.col(column).str.split(";")).explode("code")
