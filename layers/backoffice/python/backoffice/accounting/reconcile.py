"""What others say we hold against what the books say: every difference is a break."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart

BREAKS: Final = pl.Schema(
    {
        "kind": pl.String(),
        "subject": pl.String(),
        "unit": pl.String(),
        "ours": pl.Int128(),
        "theirs": pl.Int128(),
        "difference": pl.Int128(),
    }
)
"""Kind HOLDINGS (subject and unit the ISIN, figures at 10^8), CASH (the currency, minor units) or
SETTLEMENT (subject the obligation_id, unit the currency); difference = ours - theirs."""

HOLDINGS_STATEMENT: Final = pl.Schema(
    {
        "business_date": pl.Date(),
        "file": pl.String(),
        "row": pl.UInt32(),
        "isin": pl.String(),
        "quantity_e8": pl.Int128(),
        "location": pl.String(),
    }
)
"""What `holdings_breaks` reads of a statement."""

_NEWEST: Final = ("business_date", "file", "row")


def holdings_breaks(
    statement: pl.DataFrame, balances: pl.DataFrame, day: date, *, stated: bool
) -> pl.DataFrame:
    """Compare the custodian's statement of a day with what stands at the depository.

    Parameters
    ----------
    statement
        HOLDINGS_STATEMENT; rows of other days are left alone.
        Of several rows of an ISIN and location the last by file and row counts; locations add up.
    balances
        book, unit, amount at the close of the day.
    day
        The day compared.
    stated
        Whether there was a statement for the day, be it one without a row. An ISIN it does not
        name is one it holds nothing of.

    Returns
    -------
    pl.DataFrame
        BREAKS of kind HOLDINGS, sorted by subject; none without a statement.
    """
    rows = statement.filter(pl.col("business_date") == day)
    if not stated:
        return BREAKS.to_frame()
    theirs = _latest(rows, "isin", "location", "quantity_e8")
    ours = _under(balances, chart.DEPOSITORY)
    return _breaks("HOLDINGS", ours.join(theirs, on="unit", how="full", coalesce=True))


def cash_breaks(statement: pl.DataFrame, balances: pl.DataFrame, day: date) -> pl.DataFrame:
    """Compare the banks' statements of a day with the firm's cash, per currency they name.

    Parameters
    ----------
    statement
        business_date, file, row, currency, closing_balance_minor, nostro; rows of other days are
        left alone. Of several rows of a currency and nostro the last counts; nostros add up.
    balances
        book, unit, amount at the close of the day.
    day
        The day compared.

    Returns
    -------
    pl.DataFrame
        BREAKS of kind CASH, sorted by subject.
    """
    rows = statement.filter(pl.col("business_date") == day)
    theirs = _latest(rows, "currency", "nostro", "closing_balance_minor")
    ours = _under(balances, chart.CASH)
    return _breaks("CASH", theirs.join(ours, on="unit", how="left"))


def latest_by_place(rows: pl.DataFrame, unit: str, place: str, amount: str) -> pl.DataFrame:
    """Return unit, place, theirs: of several rows of a unit and place the last by file and row."""
    return (
        rows.sort(_NEWEST)
        .unique([unit, place], keep="last")
        .select(
            pl.col(unit).alias("unit"), pl.col(place).fill_null("").alias("place"), theirs=amount
        )
    )


def _latest(rows: pl.DataFrame, unit: str, place: str, amount: str) -> pl.DataFrame:
    by_place = latest_by_place(rows, unit, place, amount)
    return by_place.group_by("unit").agg(pl.col("theirs").sum())


def _under(balances: pl.DataFrame, book: str) -> pl.DataFrame:
    """Sum a book and its children by unit."""
    ours = balances.filter((pl.col("book") == book) | pl.col("book").str.starts_with(f"{book}:"))
    return ours.group_by("unit").agg(ours=pl.col("amount").sum())


def _breaks(kind: str, pairs: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(0, dtype=pl.Int128)
    figures = pairs.with_columns(pl.col("ours", "theirs").fill_null(nothing))
    return _differing(figures.with_columns(kind=pl.lit(kind), subject="unit"))


def _differing(figures: pl.DataFrame) -> pl.DataFrame:
    return (
        figures.with_columns(difference=pl.col("ours") - pl.col("theirs"))
        .filter(pl.col("difference") != 0)
        .select(BREAKS.names())
        .sort("subject", "unit")
    )
