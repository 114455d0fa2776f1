"""Codes found for all buckets together: of locates that do not cover, of who took a trade."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from backoffice.clearance.holds import SHORT_WITHOUT_LOCATE
from backoffice.clearance.verdicts import VERSION
from backoffice.intake.known_trades import TAKEN_OVER
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

UNKNOWN_ACCOUNT: Final = "UNKNOWN_ACCOUNT"


def with_locate_codes(trades: pl.DataFrame, unlocated: pl.DataFrame) -> pl.DataFrame:
    """Add SHORT_WITHOUT_LOCATE to the `imposed_codes` of the versions that are named."""
    return _with_code(trades, unlocated, VERSION, SHORT_WITHOUT_LOCATE)


def with_taker_codes(records: Records, books: Books, trades: pl.DataFrame) -> pl.DataFrame:
    """Add UNKNOWN_ACCOUNT to what the firm took over by an account that is its own no more.

    Nobody else gets it: two people refuse it, or name another account of the firm's own.

    Parameters
    ----------
    trades : pl.DataFrame
        partner, trade_date, trade_id, account_id, and `imposed_codes` where any are.
    """
    taken, accounts = books.tables.get(TAKEN_OVER), books.tables.get("accounts")
    if taken is None or accounts is None:
        return trades
    own = records.read(accounts).filter(pl.col("kind") == "HOUSE").select(account="account_id")
    strange = records.read(taken).join(own, on="account", how="anti")
    if not strange.height:
        return trades
    of_taker = strange.rename({"account": "account_id"})
    return _with_code(trades, of_taker, (*IDENTITY, "account_id"), UNKNOWN_ACCOUNT)


def _with_code(
    trades: pl.DataFrame, named: pl.DataFrame, columns: Sequence[str], code: str
) -> pl.DataFrame:
    imposed = ["imposed_codes"] if "imposed_codes" in trades.columns else []
    marks = named.select(*columns, marked=pl.lit(code))
    both = pl.concat_str(*imposed, "marked", separator=";", ignore_nulls=True)
    return (
        trades.join(marks, on=list(columns), how="left", maintain_order="left")
        .with_columns(imposed_codes=both.str.strip_chars(";"))
        .drop("marked")
    )
