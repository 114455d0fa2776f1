"""Which movements a close books, and in which currency a transfer's lots stand."""

from datetime import date

import polars as pl

from backoffice.intake.register import of_bucket
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records


def due_movements(records: Records, books: Books, day: date, bucket: int) -> pl.DataFrame:
    """Return the bucket's movements to book today; one of an unknown account waits.

    Returns
    -------
    pl.DataFrame
        The movements table's columns and `account_kind`. `lot_currency` is the cost's, without one
        the instrument's like every trade's, without that the account's: what goes out beyond the
        lots is short in it, whatever later becomes of the instrument.
    """
    table = books.tables["movements"]
    rows = records.read(table).filter(pl.col("booked_on").is_null(), pl.col("value_date") <= day)
    rows = of_bucket(rows, bucket, books.buckets)
    accounts = books.tables.get("accounts")
    if accounts is None:
        return rows.clear().with_columns(account_kind=pl.lit(None, pl.String))
    kinds = records.read(accounts, ("account_id", "kind", "currency")).rename(
        {"kind": "account_kind", "currency": "account_currency"}
    )
    return (
        rows.join(kinds, on="account_id", how="inner")
        .join(_traded_in(records, books), on="isin", how="left")
        .with_columns(lot_currency=pl.coalesce("cost_currency", "traded_in", "account_currency"))
        .drop("traded_in", "account_currency")
        .sort("movement_id")
    )


def _traded_in(records: Records, books: Books) -> pl.DataFrame:
    part = books.tables.get("instruments")
    if part is None:
        return pl.DataFrame(schema=dict.fromkeys(("isin", "traded_in"), pl.String))
    return records.read(part, ("isin", "currency")).rename({"currency": "traded_in"})
