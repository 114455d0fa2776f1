"""A statement of what there is, by unit and place, against what the books have there."""

from typing import Final, Literal

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.reconcile import latest_by_place
from backoffice.accounting.reconciliation.frames import (
    CASH,
    FOUND_SCHEMA,
    HOLDINGS,
)
from backoffice.kernel.frames import shaped

COLUMNS: Final = {
    HOLDINGS: ("isin", "location", "quantity_e8"),
    CASH: ("currency", "nostro", "closing_balance_minor"),
}
"""Of each kind's statement: the unit, the place and the amount."""

_BOOKS: Final = {HOLDINGS: chart.DEPOSITORY, CASH: chart.CASH}
_KEY: Final = ("unit", "place")
_PLACE_OF_LOCATION: Final = pl.col("place").str.replace(r"/.*$", "")
"""A custodian's message names the place and, after a stroke, the account; the books the place."""


def compare(kind: str, rows: pl.DataFrame, balances: pl.DataFrame) -> pl.DataFrame:
    """Compare a date's statements with the books' balances at that date's close.

    A unit whose account has children in the books is compared place by place, any other over all
    places. Holdings state everything there is; balances only the currencies, or nostros, they name.

    Parameters
    ----------
    kind : str
        HOLDINGS or CASH.
    rows : pl.DataFrame
        Rows of that date's statements, all partners'. Of several of a unit and place the last by
        file and row counts.
    balances : pl.DataFrame
        book (with its place), unit, amount.

    Returns
    -------
    pl.DataFrame
        `FOUND_SCHEMA`: the differences, sorted.
    """
    unit, place, amount = COLUMNS[kind]
    ours = _ours(balances, _BOOKS[kind])
    placed = ours.filter(pl.col("place") != "")["unit"].unique().implode()
    theirs = latest_by_place(rows, unit, place, amount)
    if kind == HOLDINGS:
        theirs = theirs.with_columns(place=_PLACE_OF_LOCATION)
    where = pl.when(pl.col("unit").is_in(placed)).then("place").otherwise(pl.lit(""))
    said, known = (
        side.with_columns(place=where).group_by(_KEY).agg(pl.col(name).sum())
        for side, name in ((theirs, "theirs"), (ours, "ours"))
    )
    how: Literal["full", "left"] = "full" if kind == HOLDINGS else "left"
    both = said.join(known, on=_KEY, how=how, coalesce=True)
    figures = both.with_columns(pl.col("ours", "theirs").fill_null(pl.lit(0, dtype=pl.Int128)))
    differing = figures.with_columns(
        kind=pl.lit(kind), subject="unit", difference=pl.col("ours") - pl.col("theirs")
    ).filter(pl.col("difference") != 0)
    return shaped(differing, FOUND_SCHEMA).sort("subject", "unit", "place")


def judged(kind: str, rows: pl.DataFrame, balances: pl.DataFrame) -> pl.DataFrame | None:
    """Return the units and places that a date's statements speak of; None when of all there are."""
    if kind == HOLDINGS:
        return None
    unit, place, amount = COLUMNS[kind]
    theirs = latest_by_place(rows, unit, place, amount)
    ours = _ours(balances, _BOOKS[kind]).filter(pl.col("place") != "")
    placed = pl.col("unit").is_in(ours["unit"].unique().implode())
    spoken = theirs.select("unit", place=pl.when(placed).then("place").otherwise(pl.lit("")))
    return spoken.unique()


def _ours(balances: pl.DataFrame, book: str) -> pl.DataFrame:
    """Return unit, place, ours of a book and its children; a currency is no place."""
    under = (pl.col("book") == book) | pl.col("book").str.starts_with(f"{book}:")
    rest = pl.col("book").str.strip_prefix(book).str.strip_prefix(":")
    unit = pl.col("unit")
    place = rest.str.strip_prefix(unit + ":").str.strip_suffix(":" + unit)
    return (
        balances.filter(under)
        .select(
            "unit", place=pl.when(rest == unit).then(pl.lit("")).otherwise(place), ours="amount"
        )
        .group_by(_KEY)
        .agg(pl.col("ours").sum())
    )
