"""Where our own shares and cash are, as our standing settlement instructions say: null without one.

They name children of the depository's and the cash accounts; where none holds, the accounts
themselves are posted to.
"""

from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.clearance.instruction_changes import INSTRUCTIONS, known_instructions
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.settlement.standing_instructions import (
    ASKED,
    OWN,
    holding,
    of_obligations,
    own_nostros,
    read_asset_classes,
)

_PLACES: Final = ("place", "nostro")


def of_settlements(
    records: Records, books: Books, settlements: pl.DataFrame, obligations: pl.DataFrame
) -> pl.DataFrame:
    """Add `place` and `nostro` to settlements: what their obligation was instructed by.

    Parameters
    ----------
    settlements : pl.DataFrame
        `SETTLEMENT_SCHEMA`.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, at least those that settle.
    """
    if INSTRUCTIONS not in books.tables or not settlements.height:
        return nowhere(settlements)
    settling = obligations.join(settlements, on="obligation_id", how="semi")
    known, classes = known_instructions(records, books), read_asset_classes(records, books)
    sides = of_obligations(settling, known, classes, books.day)
    ours = sides.filter(pl.col("side") == OWN).rename({"place_of_settlement": "place"})
    return settlements.join(
        ours.select("obligation_id", *_PLACES),
        on="obligation_id",
        how="left",
        maintain_order="left",
    )


def of_movements(
    records: Records, books: Books, movements: pl.DataFrame, key: str = "movement_id"
) -> pl.DataFrame:
    """Add `place` and `nostro` to what moves: what holds on the day that books it.

    Parameters
    ----------
    movements : pl.DataFrame
        The key, currency (of cash, else null), isin (of shares, else null).
    key
        The column that names a row.
    """
    part = books.tables.get("instruments")
    if INSTRUCTIONS not in books.tables or not movements.height or part is None:
        return nowhere(movements)
    traded = records.read(part, ("isin", "venue", "asset_class", "currency")).rename(
        {"venue": "market", "currency": "traded_in"}
    )
    day = pl.lit(books.day, dtype=pl.Date)
    asked = (
        movements.select(key, "isin", "currency")
        .join(traded, on="isin", how="left", maintain_order="left")
        .with_columns(
            party=pl.lit(OWN), currency=pl.coalesce("currency", "traded_in"), on=day, known_on=day
        )
        .with_row_index("number")
    )
    found = holding(
        asked.select("number", *ASKED, "on", "known_on"), known_instructions(records, books)
    )
    places = asked.select("number", key).join(found, on="number")
    named = places.select(key, "nostro", place="place_of_settlement")
    return movements.join(named, on=key, how="left", maintain_order="left")


def of_payments(records: Records, books: Books, payments: pl.DataFrame) -> pl.DataFrame:
    """Add `nostro` to payments: the account that their order names."""
    asked = payments.select("currency", on="execution_date", known_on="ordered_on").unique()
    nostros = own_nostros(asked, known_instructions(records, books))
    named = nostros.rename({"on": "execution_date", "known_on": "ordered_on"})
    key = ["currency", "execution_date", "ordered_on"]
    return payments.join(named, on=key, how="left", maintain_order="left")


def of_lines(records: Records, books: Books, journal: pl.DataFrame) -> pl.DataFrame:
    """Post what moves at the depository and in cash where our own instructions say.

    Parameters
    ----------
    journal : pl.DataFrame
        Rows of `JOURNAL_SCHEMA` on the accounts themselves.
    """
    at_depository = pl.col("book") == chart.DEPOSITORY
    in_cash = pl.col("book") == chart.CASH
    lines = journal.with_row_index("line")
    moves = lines.filter(at_depository | in_cash).select(
        "line",
        isin=pl.when(at_depository).then("unit"),
        currency=pl.when(in_cash).then("unit"),
    )
    where = of_movements(records, books, moves, "line").select("line", *_PLACES)
    beside = lines.join(where, on="line", how="left", maintain_order="left").with_columns(
        currency="unit"
    )
    ref = (
        pl.when(at_depository)
        .then(chart.depository_account())
        .when(in_cash)
        .then(chart.cash_account())
        .otherwise("ref")
    )
    return beside.with_columns(ref=ref).select(journal.columns)


def nowhere(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `place` and `nostro` without a value."""
    return rows.with_columns(pl.lit(None, pl.String).alias(name) for name in _PLACES)
