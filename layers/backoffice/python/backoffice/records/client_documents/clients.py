"""Whom documents are for: the clients' accounts, each with the language it is written to in."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

_ICELAND: Final = "IS"
_DEFAULT: Final = "EN"
_ACCOUNT: Final = ("account_id", "name", "account_type", "currency", "country", "lot_method")
_FIRM: Final = ("name", "address", "registration", "website")


def clients(records: Records, books: Books) -> pl.DataFrame:
    """Return the clients' accounts: account_id, name, account_type …, and `language`.

    Where an account says none its country decides: IS is written to in Icelandic, any other, and
    none, in English.
    """
    part = books.tables.get("accounts")
    if part is None:
        return pl.DataFrame(schema=dict.fromkeys((*_ACCOUNT, "language"), pl.String))
    rows = records.read(part).filter(pl.col("kind") == "CLIENT")
    by_country = (
        pl.when(pl.col("country") == _ICELAND).then(pl.lit(_ICELAND)).otherwise(pl.lit(_DEFAULT))
    )
    said = pl.col("language") if "language" in rows.columns else pl.lit(None, pl.String)
    return rows.select(*_ACCOUNT, language=pl.coalesce(said, by_country)).sort("account_id")


def accounts_of(rows: pl.DataFrame, wanted: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return some accounts by their id; what of an account is not known is what it is called by."""
    found = rows.filter(pl.col("account_id").is_in(list(wanted))).to_dicts()
    return {row["account_id"]: {**row, "name": row["name"] or row["account_id"]} for row in found}


def firm(rulebook: Rulebook, day: date) -> dict[str, str]:
    """Return what the firm is called and known by on a day."""
    said = {name: str(rulebook.value(f"firm_{name}", day)) for name in _FIRM}
    return {**said, "lei": str(rulebook.value("firm_lei", day))}
