"""The firm's restricted and watch lists: which of their entries are about which trades.

An entry names an issue by its ISIN, or all issues of an issuer by its LEI, for an account kind, a
side and a time; SHORT counts as SELL. Trades share few combinations of what an entry asks for, so
entries are matched with those: however many of them overlap, no trade comes out twice.
"""

from typing import Final

import polars as pl

RESTRICTED: Final = "RESTRICTED"
WATCH: Final = "WATCH"
_ASKED: Final = ("isin", "trade_date", "account_kind", "side")
_TOLD: Final = ("trade_date", "subject", "isin", "account_id", "side")


def with_restricted(
    trades: pl.DataFrame, restrictions: pl.DataFrame, instruments: pl.DataFrame
) -> pl.DataFrame:
    """Add `restricted` to trades, in their order: whether the restricted list is about each.

    Parameters
    ----------
    trades, restrictions, instruments
        As `on_list` takes them.
    """
    marked = on_list(RESTRICTED, trades, restrictions, instruments).select(_ASKED).unique()
    if marked.is_empty():
        return trades.with_columns(restricted=pl.lit(value=False))
    found = marked.with_columns(restricted=pl.lit(value=True))
    rows = trades.join(found, on=_ASKED, how="left", nulls_equal=True, maintain_order="left")
    return rows.with_columns(pl.col("restricted").fill_null(value=False))


def watched(
    trades: pl.DataFrame, restrictions: pl.DataFrame, instruments: pl.DataFrame
) -> pl.DataFrame:
    """Add up the trades in watched issues by account and side.

    A trade that is watched by its ISIN and by its issuer stands under each subject, under either
    once.

    Parameters
    ----------
    trades, restrictions, instruments
        As `on_list` takes them; trades with account_id and quantity_e8 (Int128) too.

    Returns
    -------
    pl.DataFrame
        trade_date, subject, isin, account_id, side, quantity_e8, trades (count); sorted.
    """
    found = on_list(WATCH, trades, restrictions, instruments)
    return (
        trades.join(found, on=_ASKED, nulls_equal=True)
        .group_by(_TOLD)
        .agg(pl.col("quantity_e8").cast(pl.Int128).sum(), trades=pl.len())
        .sort(_TOLD)
    )


def on_list(
    code: str, trades: pl.DataFrame, restrictions: pl.DataFrame, instruments: pl.DataFrame
) -> pl.DataFrame:
    """Find what the entries of a list are about, of all that trades ask for.

    Parameters
    ----------
    code : str
        RESTRICTED or WATCH.
    trades : pl.DataFrame
        isin, trade_date, account_kind (null where the account is not known: then only entries
        about all accounts are), side.
    restrictions : pl.DataFrame
        The merged `restrictions` table.
    instruments : pl.DataFrame
        isin, issuer_lei.

    Returns
    -------
    pl.DataFrame
        isin, trade_date, account_kind, side, subject: one row a distinct combination and subject.
    """
    asked = trades.lazy().select(_ASKED)
    if restrictions.is_empty():
        return asked.clear().with_columns(subject=pl.lit(None, dtype=pl.String)).collect()
    issues = _issues(restrictions.lazy().filter(pl.col("list") == code), instruments.lazy())
    some = asked.join(issues, on="isin", how="semi").unique()
    found = some.join(issues, on="isin").filter(_is_about())
    return found.select(*_ASKED, "subject").unique().collect(engine="in-memory")


def _issues(entries: pl.LazyFrame, instruments: pl.LazyFrame) -> pl.LazyFrame:
    """Return the entries with the ISIN of every issue that each of them names."""
    terms = entries.select("subject", "accounts", "valid_from", "valid_to", listed_side="side")
    of_issuer = instruments.select("isin", subject="issuer_lei")
    return pl.concat(
        [
            terms.with_columns(isin="subject"),  # an LEI is no ISIN: it meets no trade
            terms.join(of_issuer, on="subject"),
        ]
    )


def _is_about() -> pl.Expr:
    """Whether an entry is about an account kind, a side and a trade date."""
    sold_as = pl.col("side").replace({"SHORT": "SELL"})
    on, until = pl.col("trade_date"), pl.col("valid_to")
    return (
        ((pl.col("accounts") == "ALL") | (pl.col("accounts") == pl.col("account_kind")))
        & ((pl.col("listed_side") == "BOTH") | (pl.col("listed_side") == sold_as))
        & (pl.col("valid_from") <= on)
        & (until.is_null() | (on <= until))
    )
