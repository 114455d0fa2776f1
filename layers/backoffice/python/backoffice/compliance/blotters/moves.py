"""The blotters of what came and went: securities at the depository, money at the banks."""

from typing import Final

import polars as pl

from backoffice.accounting import chart

SECURITIES: Final = (
    *("entry_id", "kind", "source", "direction", "isin", "quantity", "place", "against"),
    *("effective_date", "reverses"),
)
CASH: Final = (
    *("entry_id", "kind", "source", "direction", "currency", "amount", "nostro", "against"),
    *("effective_date", "reverses"),
)
"""Quantities and amounts are unsigned; `direction` says RECEIPT, or DELIVERY or DISBURSEMENT."""
_NAMES: Final = {"isin": "unit", "currency": "unit", "place": "ref", "nostro": "ref"}


def moved(journal: pl.DataFrame, book: str) -> pl.DataFrame:
    """Return the postings of a book, each with the accounts of its entry it stands `against`.

    Parameters
    ----------
    journal : pl.DataFrame
        `JOURNAL_SCHEMA`.
    book
        The depository's, or the cash's.
    """
    rows = journal.filter(pl.col("book") == book)
    rest = journal.join(rows.select("entry_id").unique(), on="entry_id", how="semi")
    others = (
        rest.filter(pl.col("book") != book)
        .select("entry_id", "unit", against=chart.account_name())
        .group_by("entry_id", "unit")
        .agg(pl.col("against").unique().sort().str.join(";"))
    )
    return rows.join(others, on=["entry_id", "unit"], how="left", maintain_order="left")


def shown(rows: pl.DataFrame, columns: tuple[str, ...], given: str) -> pl.DataFrame:
    """Return a blotter as text, by entry; `given` is what going out is called."""
    came = pl.col("amount") > 0
    size = rows.with_columns(
        direction=pl.when(came).then(pl.lit("RECEIPT")).otherwise(pl.lit(given)),
        amount=pl.col("amount").abs(),
    )
    texts = {name: chart.amount_text() for name in ("quantity", "amount")}
    named = [
        texts.get(name, pl.col(_NAMES.get(name, name))).cast(pl.String).alias(name)
        for name in columns
    ]
    return size.sort("entry_id", "unit", "ref").select(named)
