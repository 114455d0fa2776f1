"""Why a trade is not cleared: every code that applies, each a condition over one wide frame."""

from collections.abc import Callable, Mapping
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
        "SHORT_WITHOUT_LOCATE": _short_without_locate,
        "UNKNOWN_ACCOUNT": lambda: pl.col("account_kind").is_null(),
        "UNKNOWN_COUNTERPARTY": _counterparty_unknown,
        "UNKNOWN_INSTRUMENT": lambda: pl.col("asset_class").is_null(),
    }
)


def hold_codes(assessed: pl.DataFrame) -> pl.Series:
    """Find the codes that hold each trade.

    Parameters
    ----------
    assessed : pl.DataFrame
        Priced trades with the facts joined to them; a fact that is null says nothing. Two columns
        may stand beside them, codes joined by `;`: `imposed_codes`, found elsewhere
        (SANCTIONS_HIT), and `waived_codes`, let pass by decision, of which those of
        `NOT_WAIVABLE` hold all the same.

    Returns
    -------
    pl.Series
        `hold_codes`: a String a trade, codes sorted and joined by `;`, "" when none holds.
    """
    flags = {code: condition().fill_null(value=False) for code, condition in _HOLDS.items()}
    rows = assessed.select(**flags).with_row_index("index")
    by_code = [
        rows.filter(pl.col(code)).select("index", code=pl.lit(code, dtype=pl.String))
        for code in _HOLDS
    ]
    found = pl.concat([*by_code, _listed(assessed, "imposed_codes")]).unique()
    waived = _listed(assessed, "waived_codes").filter(~pl.col("code").is_in(NOT_WAIVABLE))
    held = found.join(waived, on=["index", "code"], how="anti").sort("index", "code")
    joined = held.group_by("index", maintain_order=True).agg("code")
    return (
        rows.select("index")
        .join(joined, on="index", how="left", maintain_order="left")
        .select(hold_codes=pl.col("code").list.join(";").fill_null(""))
        .to_series()
    )


def _listed(assessed: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return index and code of each code a column lists, if there is such a column."""
    if column not in assessed.columns:
        return pl.DataFrame(schema={"index": pl.UInt32, "code": pl.String})
    return (
        assessed.with_row_index("index")
        .filter(pl.col(column) != "")
        .select("index", code=pl.col(column).str.split(";"))
        .explode("code")
    )
